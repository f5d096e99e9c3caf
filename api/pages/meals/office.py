"""The kitchen's own page: where it is, when it serves, what servings cost."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from fastapi import Request
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReaderDep, WorkDep
from api.forms import parse
from api.models.meals import PriceBody
from api.pages.frame import Failure
from api.pages.meals.frame import acted, show_meals, typed
from api.rooms import pages
from api.routes.meals.menu import keep_kitchen, keep_price, price_list
from api.routes.places import dict_of
from gis.errors import InvalidInputError
from gis.flows.meals.kitchen import end_price
from gis.flows.today import today_in
from gis.flows.work import Work
from gis.meals.prices import fen_of
from gis.people.permissions import require
from gis.store.kitchens import Kitchen
from gis.views.boards import addresses
from gis.views.meals import kitchen_facts

router = pages()
FRESH = {
    "cut_off": "16:00",
    "cut_off_days": "1",
    "serves_from": "11:00",
    "serves_to": "12:30",
    "weekdays": ["1", "2", "3", "4", "5"],
    "most_stops": "12",
    "most_servings": "30",
    "urgent_age": "80",
}
"""What stands in the form of a kitchen that isn't there yet."""


@router.get("/meals/office")
async def get_office(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show where the kitchen is, when it serves, and what servings cost."""
    return await _show(request, work, reader)


async def _show(
    request: Request,
    work: Work,
    reader: Reader,
    form: dict[str, Any] | None = None,
    failure: Failure | None = None,
) -> Response:
    require(reader.actor, "run_kitchen")
    community_id = reader.actor.community_id
    kitchen = await kitchen_facts(work.session, community_id)
    today = await today_in(work.session, work.clock, community_id)
    first_open = kitchen.days.first_open(work.clock.now()) if kitchen else today
    price = {"price_id": str(uuid4()), "first_day": first_open.isoformat()}
    stored = _fields(kitchen) if kitchen else FRESH
    return await show_meals(
        request,
        work,
        reader,
        "office",
        "meals_office.html",
        failure,
        kitchen=kitchen,
        prices=[one.shown() for one in await price_list(work.session, community_id, today)],
        today=today,
        addresses=[dict_of(one) for one in await addresses(work.session, community_id)],
        form={**stored, **price, **(form or {})},
    )


def _fields(kitchen: Kitchen) -> dict[str, Any]:
    days = kitchen.days
    return {
        "name": kitchen.name,
        "building": str(kitchen.building_id),
        "cut_off": f"{days.cut_off:%H:%M}",
        "cut_off_days": str(days.cut_off_days),
        "serves_from": f"{days.serves_from:%H:%M}",
        "serves_to": f"{days.serves_to:%H:%M}",
        "weekdays": [str(one) for one in sorted(days.weekdays)],
        "closed_days": " ".join(one.isoformat() for one in sorted(days.closed_days)),
        "most_stops": str(kitchen.most_stops),
        "most_servings": str(kitchen.most_servings),
        "urgent_age": str(kitchen.urgent_age),
    }


@router.post("/meals/office")
async def post_office(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Say where the kitchen is and when it serves."""
    fields = await typed(request)

    async def act(work: Work) -> str:
        given = {**fields, "weekdays": fields.get("weekdays", []), "closed_days": _days(fields)}
        await keep_kitchen(work, reader.actor, given)
        return "kitchen_kept"

    return await _acted(request, parts, reader, fields, act)


def _days(fields: dict[str, Any]) -> list[str]:
    words = [one for one in re.split(r"[\s,，、;；]+", str(fields.get("closed_days", ""))) if one]
    for one in words:
        try:
            date.fromisoformat(one)
        except ValueError:
            raise InvalidInputError(
                "no day", code="kitchen_closed_unreadable", field="closed_days", said=one[:20]
            ) from None
    return words


@router.post("/meals/prices")
async def post_price(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Add a price rule; money is typed in yuan."""
    fields = await typed(request)

    async def act(work: Work) -> str:
        names = ("from_age", "first_day", "last_day", "window_from", "window_to")
        given = {name: fields.get(name, "") for name in names}
        words = {"id": fields.get("price_id", ""), "name": fields.get("price_name", "")}
        fen = fen_of(str(fields.get("price", "")))
        english = {"name_en": fields.get("price_name_en", "")}
        await keep_price(
            work, reader.actor, parse(PriceBody, {**given, **words, **english, "price_fen": fen})
        )
        return "price_kept"

    return await _acted(request, parts, reader, fields, act)


@router.post("/meals/prices/{rule_id}/end")
async def post_end(rule_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Let a price rule end."""

    async def act(work: Work) -> str:
        await end_price(work, reader.actor, rule_id)
        return "price_ended"

    return await _acted(request, parts, reader, {}, act)


async def _acted(
    request: Request, parts: PartsDep, reader: Reader, fields: dict[str, Any], act: Any
) -> Response:
    require(reader.actor, "run_kitchen")

    async def again(work: Work, error: Failure) -> Response:
        return await _show(request, work, reader, fields, error)

    return await acted(parts, act, "/meals/office", again)
