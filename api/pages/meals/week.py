"""The week's menu for everybody, one's own subscription, and, for the office, writing the menu."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from fastapi import Request
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReaderDep, WorkDep
from api.pages.frame import Failure
from api.pages.meals.frame import acted, day_of, day_or, show_meals, typed
from api.pages.meals.subscriptions import form_context, form_fields
from api.rooms import pages
from api.routes.meals.menu import menu_out, price_list
from api.routes.meals.rounds import round_out
from api.routes.meals.statements import own_month_out
from api.routes.meals.subscriptions import shown, subscription_from
from gis.errors import ConflictError
from gis.flows.meals.kitchen import copy_menu, set_menu
from gis.flows.meals.reading import own_subscriptions
from gis.flows.today import today_in
from gis.flows.work import Work
from gis.meals.days import monday_of, week_of
from gis.meals.menus import dishes_of, text_of
from gis.people.permissions import require
from gis.recurrence import DAY
from gis.store.meal_rounds import rounds_in_hand
from gis.views.meals import kitchen_facts, week_menu
from web.i18n import translate_names
from web.meal_words import ALLERGEN_NAMES, allergen_words

router = pages()
WEEK = 7 * DAY


@router.get("/meals")
async def get_week(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show a week's menu, what a serving costs, and one's own subscription."""
    return await _show_week(request, work, reader, {"id": str(uuid4())})


async def _show_week(
    request: Request, work: Work, reader: Reader, form: dict[str, Any], failure: Failure | None = None
) -> Response:
    actor = reader.actor
    day = await day_of(request, work, reader, "week")
    today = await today_in(work.session, work.clock, actor.community_id)
    own = await shown(work, actor, await own_subscriptions(work, actor, today))
    rounds = await rounds_in_hand(work.session, actor.community_id, actor.person_id)
    return await show_meals(
        request,
        work,
        reader,
        "menu",
        "meals_week.html",
        failure,
        form=form,
        menu=(await menu_out(work.session, actor, day)).shown(),
        today=today,
        before=monday_of(day) - WEEK,
        after=monday_of(day) + WEEK,
        prices=[
            one.shown() for one in await price_list(work.session, actor.community_id, today) if one.in_force
        ],
        mine=[one.shown() for one in own],
        month=(await own_month_out(work, actor, f"{today:%Y-%m}")).model_dump() if own else None,
        rounds=[round_out(one).shown() for one in rounds],
        **await form_context(work, reader),
    )


@router.post("/meals/mine")
async def post_mine(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Subscribe for oneself; a second press of the button changes nothing."""
    fields = await typed(request)

    async def act(work: Work) -> str:
        await subscription_from(work, reader.actor, form_fields(fields) | {"own": True})
        return "meal_kept"

    async def again(work: Work, error: Failure) -> Response:
        return await _show_week(request, work, reader, {"id": str(uuid4()), **fields}, error)

    return await acted(parts, act, "/meals", again)


@router.get("/meals/menu")
async def get_menu(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show a week's menu for writing."""
    require(reader.actor, "run_kitchen")
    return await _show_menu(request, work, reader, await day_of(request, work, reader, "week"))


async def _show_menu(  # noqa: PLR0917 - whose page, of which week, and what was wrong with the form
    request: Request,
    work: Work,
    reader: Reader,
    day: date,
    form: dict[str, Any] | None = None,
    failure: Failure | None = None,
) -> Response:
    actor = reader.actor
    kitchen = await kitchen_facts(work.session, actor.community_id)
    menu = await week_menu(work.session, actor, kitchen, day)
    names = translate_names("zh", {"allergen": ALLERGEN_NAMES})["allergen"]
    stored = {f"day_{number}": text_of(one.dishes, names) for number, one in enumerate(menu.days)}
    today = await today_in(work.session, work.clock, actor.community_id)
    return await show_meals(
        request,
        work,
        reader,
        "menu",
        "meals_menu.html",
        failure,
        menu=menu,
        form={"base": str(menu.revision), **stored, **(form or {})},
        before=menu.monday - WEEK,
        after=menu.monday + WEEK,
        today=today,
    )


@router.post("/meals/menu")
async def post_menu(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Keep a week's menu, or publish it."""
    require(reader.actor, "run_kitchen")
    fields = await typed(request)
    monday = monday_of(day_or(fields.get("monday", ""), parts.clock.now().date()))
    publish = fields.get("publish") == "yes"

    async def act(work: Work) -> str:
        words = allergen_words()
        dishes = {
            day: dishes_of(str(fields.get(f"day_{number}", "")), words, f"day_{number}")
            for number, day in enumerate(week_of(monday))
        }
        base = str(fields.get("base", ""))
        if not (base.isascii() and base.isdigit() and len(base) < 9):  # noqa: PLR2004 - far more than anybody saves
            raise ConflictError("no such revision", code="menu_changed")
        await set_menu(work, reader.actor, monday, dishes, base=int(base), publish=publish)
        return "menu_published" if publish else "menu_kept"

    async def again(work: Work, error: Failure) -> Response:
        return await _show_menu(request, work, reader, monday, fields, error)

    return await acted(parts, act, f"/meals/menu?week={monday}", again)


@router.post("/meals/menu/copy")
async def post_copy(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Begin a week's menu with that of the week before."""
    fields = await typed(request)
    monday = monday_of(day_or(fields.get("monday", ""), parts.clock.now().date()))

    async def act(work: Work) -> str:
        await copy_menu(work, reader.actor, monday)
        return "menu_copied"

    async def again(work: Work, error: Failure) -> Response:
        return await _show_menu(request, work, reader, monday, None, error)

    return await acted(parts, act, f"/meals/menu?week={monday}", again)
