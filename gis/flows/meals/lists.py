"""What the kitchen needs on a day: how much of each dish, which boxes are cooked otherwise; and the list of the counter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from gis.errors import InvalidInputError, NotAllowedError
from gis.flows.meals.closing import close_due
from gis.flows.meals.delivering import said_already
from gis.flows.meals.sealed import open_contact, open_diet
from gis.flows.work import Work
from gis.meals.diets import Diet, Group, grouped, portions_of_dish
from gis.people.permissions import may, require
from gis.store import kitchens, meal_crew, meals, servings
from gis.store.access_log import log_access
from gis.store.servings import Serving
from gis.words import Actor
from gis.words.meals import Dish


@dataclass(frozen=True, slots=True)
class DishCount:
    """A dish, for how many servings it is cooked, and for how many something else goes in its place."""

    dish: Dish
    portions: int
    instead: int


@dataclass(frozen=True, slots=True)
class KitchenList:
    """A day as the kitchen sees it: boxes by number, nobody by name."""

    day: date
    serves: bool
    closed: bool
    cut_off_at: datetime
    dishes: Sequence[DishCount]
    groups: Sequence[Group]
    servings: int
    collect: int
    deliver: int


@dataclass(frozen=True, slots=True)
class CounterLine:
    """Somebody who fetches: name and what it costs, nothing of health."""

    subscription_id: UUID
    box: int
    name: str
    servings: int
    fen: int
    state: str


async def may_see_kitchen(work: Work, actor: Actor, day: date) -> bool:
    """Tell whether somebody sees a day's list: the office, and who works in the kitchen on that day."""
    if may(actor, "run_kitchen"):
        return True
    job = await meal_crew.job_on(work.session, actor.community_id, actor.person_id, day)
    return job is not None


async def kitchen_list(work: Work, actor: Actor, day: date) -> KitchenList:
    """Return what is cooked on a day; the look at what people may not eat is recorded.

    Parameters
    ----------
    work, actor, day
        Who looks at which day. Before the cut-off it is what it would be now.

    Raises
    ------
    NotAllowedError
        ``not_allowed``: neither of the office nor of that day's crew.
    ConflictError
        ``kitchen_missing``.
    """
    if not await may_see_kitchen(work, actor, day):
        raise NotAllowedError("not of the crew", verb="kitchen")
    kitchen = await close_due(work, actor.community_id)
    closed = day <= kitchen.days.last_closed(work.clock.now())
    found = await _servings(work, actor.community_id, day, closed=closed, serves=kitchen.days.serves_on(day))
    groups = grouped(await _portions(work, actor.community_id, found))
    dishes = await kitchens.dishes_on(work.session, actor.community_id, day)
    if any(one.special for one in found):
        await _looked(work, actor, "meal_diets", day)
    return KitchenList(
        day,
        kitchen.days.serves_on(day),
        closed,
        kitchen.days.cut_off_at(day),
        [DishCount(one, *portions_of_dish(groups, one.allergens)) for one in dishes],
        groups,
        sum(one.servings for one in found),
        sum(one.servings for one in found if one.way == "collect"),
        sum(one.servings for one in found if one.way == "deliver"),
    )


async def _servings(work: Work, community_id: str, day: date, *, closed: bool, serves: bool) -> list[Serving]:
    if closed:
        found = await servings.servings_on(work.session, community_id, day)
        return [one for one in found if one.state != "cancelled"]
    return await servings.expected_on(work.session, community_id, day) if serves else []


async def _portions(work: Work, community_id: str, found: Sequence[Serving]) -> list[tuple[int, int, Diet]]:
    special = [one.subscription_id for one in found if one.special]
    sealed = await meals.sealed_of(work.session, community_id, special) if special else {}
    return [
        (
            one.box,
            one.servings,
            open_diet(work.settings, community_id, one.subscription_id, sealed[one.subscription_id][1])
            if one.subscription_id in sealed
            else Diet(),
        )
        for one in found
    ]


async def counter_list(work: Work, actor: Actor, day: date) -> list[CounterLine]:
    """Return who fetches on a closed day, for the office and who serves at the counter; the look is recorded.

    Parameters
    ----------
    work, actor, day
        Who looks at which day.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    """
    await _at_counter(work, actor, day)
    found = [
        one
        for one in await servings.servings_on(work.session, actor.community_id, day)
        if one.way == "collect"
    ]
    ids = [one.subscription_id for one in found]
    sealed = await meals.sealed_of(work.session, actor.community_id, ids) if ids else {}
    if found:
        await _looked(work, actor, "meal_counter", day)
    return [
        CounterLine(
            one.subscription_id,
            one.box,
            open_contact(
                work.settings, actor.community_id, one.subscription_id, sealed[one.subscription_id][0]
            ).name
            if one.subscription_id in sealed
            else "",
            one.servings,
            one.servings * one.price_fen,
            one.state,
        )
        for one in found
    ]


async def hand_out(work: Work, actor: Actor, day: date, subscription_id: UUID, state: str) -> None:
    """Say that a box was fetched, or, by the office, that it isn't wanted: then it costs nothing. Again: no change.

    Parameters
    ----------
    work, actor, day, subscription_id
        Who says it of which.
    state
        ``collected`` or ``cancelled``.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    InvalidInputError
        ``meal_outcome``.
    ConflictError
        ``meal_answered``.
    """
    if state not in ("collected", "cancelled"):
        raise InvalidInputError("collected or cancelled", code="meal_outcome", field="state")
    if state == "cancelled":
        require(actor, "run_kitchen")
    await _at_counter(work, actor, day)
    before = ("ordered", "not_home") if state == "cancelled" else ("ordered",)
    changed = await servings.answer(
        work.session,
        actor.community_id,
        day,
        subscription_id,
        state,
        before=before,
        by=actor.person_id,
        at=work.clock.now(),
    )
    if not changed:
        await said_already(work, actor.community_id, day, subscription_id, state)


async def hand_out_all(work: Work, actor: Actor, day: date) -> int:
    """Say that everything that is fetched at the counter was fetched, and return how much that was.

    Parameters
    ----------
    work, actor, day
        Who says it of which day.
    """
    await _at_counter(work, actor, day)
    return await servings.collect_all(
        work.session, actor.community_id, day, actor.person_id, work.clock.now()
    )


async def _at_counter(work: Work, actor: Actor, day: date) -> None:
    if may(actor, "run_kitchen"):
        return
    if await meal_crew.job_on(work.session, actor.community_id, actor.person_id, day) != "serve":
        raise NotAllowedError("not at the counter", verb="kitchen")


async def _looked(work: Work, actor: Actor, kind: str, day: date) -> None:
    await log_access(
        work.session,
        actor.community_id,
        at=work.clock.now(),
        person_id=actor.person_id,
        kind=kind,
        subject_id=day.isoformat(),
    )
