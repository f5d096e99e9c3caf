"""The kitchen itself, its menus and its prices."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Query, Request
from pydantic import BaseModel

from api.answers.meals import KitchenOut, MenuOut, PriceOut
from api.deps import PartsDep, ReadDep, ReaderDep, WorkDep
from api.forms import body_of, parse
from api.models.fields import WrittenDay
from api.models.meals import KitchenBody, MenuBody, PriceBody
from api.rooms import interface
from api.spec import body, errors
from gis.errors import InvalidInputError
from gis.flows.meals.kitchen import (
    KitchenDraft,
    add_price,
    copy_menu,
    end_price,
    set_kitchen,
    set_menu,
    the_kitchen,
)
from gis.flows.today import today_in
from gis.flows.work import Work
from gis.meals.menus import ALLERGENS
from gis.meals.prices import checked_rule
from gis.people.permissions import require
from gis.store.session import ReadSession
from gis.views.meals import kitchen_facts, prices, week_menu
from gis.words import Actor
from gis.words.meals import Dish, PriceRule

router = interface("meals")
JSON = "application/json"
WeekDay = Annotated[WrittenDay | None, Query(description="any day of the week")]


class PriceList(BaseModel):
    """Price rules."""

    items: list[PriceOut]


async def kitchen_out(session: ReadSession, community_id: str, now: datetime) -> KitchenOut:
    """Return the kitchen as it is shown."""
    found = await the_kitchen(session, community_id)
    days = found.days
    return KitchenOut(
        name=found.name,
        building=found.building_id,
        lon=found.lon,
        lat=found.lat,
        cut_off=days.cut_off,
        cut_off_days=days.cut_off_days,
        serves_from=days.serves_from,
        serves_to=days.serves_to,
        weekdays=sorted(days.weekdays),
        closed_days=sorted(days.closed_days),
        most_stops=found.most_stops,
        most_servings=found.most_servings,
        urgent_age=found.urgent_age,
        first_open=days.first_open(now),
    )


async def price_list(session: ReadSession, community_id: str, today: date) -> list[PriceOut]:
    """Return the price rules that hold or will, and those that held."""
    return [
        PriceOut.model_validate(one).model_copy(update={"in_force": one.holds_on(today)})
        for one in await prices(session, community_id)
    ]


async def menu_out(session: ReadSession, actor: Actor, day: date) -> MenuOut:
    """Return the menu of a day's week as its reader sees it."""
    kitchen = await kitchen_facts(session, actor.community_id)
    return MenuOut.model_validate(await week_menu(session, actor, kitchen, day))


async def keep_kitchen(work: Work, actor: Actor, fields: dict[str, Any]) -> None:
    """Say where the kitchen is and when it serves."""
    given = parse(KitchenBody, fields)
    draft = KitchenDraft(
        given.name,
        given.building,
        given.cut_off.replace(tzinfo=None),
        given.cut_off_days,
        given.serves_from.replace(tzinfo=None),
        given.serves_to.replace(tzinfo=None),
        frozenset(given.weekdays),
        frozenset(given.closed_days),
        given.most_stops,
        given.most_servings,
        given.urgent_age,
    )
    await set_kitchen(work, actor, draft)


async def keep_price(work: Work, actor: Actor, given: PriceBody) -> UUID:
    """Add a price rule."""
    rule = PriceRule(
        given.id or uuid4(),
        given.name,
        given.name_en,
        given.from_age,
        given.price_fen,
        given.first_day,
        given.last_day,
        given.window_from.replace(tzinfo=None) if given.window_from else None,
        given.window_to.replace(tzinfo=None) if given.window_to else None,
    )
    await add_price(work, actor, checked_rule(rule))
    return rule.rule_id


def _dishes(given: MenuBody) -> dict[date, list[Dish]]:
    for dishes in given.days.values():
        for one in dishes:
            unknown = [word for word in one.allergens if word not in ALLERGENS]
            if unknown or not one.name.strip():
                code = "allergen_unknown" if unknown else "dish_unreadable"
                word = unknown[0][:20] if unknown else ""
                raise InvalidInputError("no dish", code=code, field="days", word=word, line=one.name[:40])
    return {
        day: [Dish(one.name.strip(), one.name_en.strip(), tuple(one.allergens)) for one in dishes]
        for day, dishes in given.days.items()
    }


@router.get("/meals/kitchen", responses=errors(401, 403, 409))
async def get_kitchen(reader: ReaderDep, session: ReadDep, parts: PartsDep) -> KitchenOut:
    """Where the kitchen is, when it serves, and until when a day may be changed."""
    require(reader.actor, "meals")
    return await kitchen_out(session, reader.actor.community_id, parts.clock.now())


@router.put("/meals/kitchen", responses=errors(400, 401, 403), openapi_extra=body(KitchenBody, JSON))
async def put_kitchen(request: Request, reader: ReaderDep, work: WorkDep) -> KitchenOut:
    """Say where the kitchen is and when it serves; days that are closed stay as they are."""
    await keep_kitchen(work, reader.actor, await body_of(request))
    return await kitchen_out(work.session, reader.actor.community_id, work.clock.now())


@router.get("/meals/menu", responses=errors(400, 401, 403))
async def get_menu(reader: ReaderDep, session: ReadDep, parts: PartsDep, week: WeekDay = None) -> MenuOut:
    """Show the menu of this week, or of a day's; not yet published ones for the office."""
    require(reader.actor, "meals")
    day = week or await today_in(session, parts.clock, reader.actor.community_id)
    return await menu_out(session, reader.actor, day)


@router.put("/meals/menu/{monday}", responses=errors(400, 401, 403, 409), openapi_extra=body(MenuBody, JSON))
async def put_menu(monday: WrittenDay, request: Request, reader: ReaderDep, work: WorkDep) -> MenuOut:
    """Write a week's menu; what has been published stays published."""
    given = parse(MenuBody, await body_of(request))
    await set_menu(work, reader.actor, monday, _dishes(given), base=given.base, publish=given.publish)
    return await menu_out(work.session, reader.actor, monday)


@router.post("/meals/menu/{monday}/copy", status_code=201, responses=errors(400, 401, 403, 404, 409))
async def post_copy(monday: WrittenDay, reader: ReaderDep, work: WorkDep) -> MenuOut:
    """Begin a week's menu with that of the week before."""
    await copy_menu(work, reader.actor, monday)
    return await menu_out(work.session, reader.actor, monday)


@router.get("/meals/prices", responses=errors(401, 403))
async def get_prices(reader: ReaderDep, session: ReadDep, parts: PartsDep) -> PriceList:
    """Show what a serving costs, by age."""
    require(reader.actor, "meals")
    community_id = reader.actor.community_id
    today = await today_in(session, parts.clock, community_id)
    return PriceList(items=await price_list(session, community_id, today))


@router.post(
    "/meals/prices",
    status_code=201,
    responses=errors(400, 401, 403, 409),
    openapi_extra=body(PriceBody, JSON),
)
async def post_price(request: Request, reader: ReaderDep, work: WorkDep) -> PriceList:
    """Add a price rule, from a day on that is still open."""
    await keep_price(work, reader.actor, parse(PriceBody, await body_of(request)))
    community_id = reader.actor.community_id
    return PriceList(
        items=await price_list(
            work.session, community_id, await today_in(work.session, work.clock, community_id)
        )
    )


@router.post("/meals/prices/{rule_id}/end", status_code=204, responses=errors(401, 403, 404, 409))
async def post_end_price(rule_id: UUID, reader: ReaderDep, work: WorkDep) -> None:
    """Let a price rule end with the days that are closed."""
    await end_price(work, reader.actor, rule_id)
