"""Running the kitchen: where it is and when it serves, the week's menu, what servings cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from gis.errors import ConflictError, InvalidInputError, NotFoundError
from gis.flows.office.record import differences, record
from gis.flows.texts import plain, required
from gis.flows.work import Work
from gis.meals.days import checked_days, monday_of, week_of
from gis.meals.prices import checked_rule
from gis.people.permissions import require
from gis.recurrence import DAY
from gis.store import community_facts, kitchens
from gis.store.kitchens import Kitchen, MenuWeek
from gis.store.session import ReadSession
from gis.words import Actor
from gis.words.meals import Dish, KitchenDays, PriceRule

LONGEST_NAME = 40
WEEKS_AHEAD = 8


@dataclass(frozen=True, slots=True)
class KitchenDraft:
    """A kitchen as the office states it; times by the community's clock."""

    name: str
    building_id: UUID
    cut_off: time
    cut_off_days: int
    serves_from: time
    serves_to: time
    weekdays: frozenset[int]
    closed_days: frozenset[date] = frozenset()
    most_stops: int = 12
    most_servings: int = 30
    urgent_age: int = 80


async def set_kitchen(work: Work, actor: Actor, draft: KitchenDraft) -> None:
    """Say where the kitchen is and when it serves; what was closed stays closed.

    Parameters
    ----------
    work, actor, draft
        Who states what.

    Raises
    ------
    InvalidInputError
        As ``gis.meals.days.checked_days``; ``building_unknown``, ``text_needed``, ``meal_age``.
    NotAllowedError
        ``not_allowed``.
    """
    require(actor, "run_kitchen")
    now, zone = work.clock.now(), await zone_of(work.session, actor.community_id)
    before = await kitchens.lock_kitchen(work.session, actor.community_id)
    days = KitchenDays(
        draft.cut_off,
        draft.cut_off_days,
        draft.serves_from,
        draft.serves_to,
        draft.weekdays,
        draft.closed_days,
        zone,
    )
    checked_days(days, draft.most_stops, draft.most_servings)
    if not 0 <= draft.urgent_age <= 130:  # noqa: PLR2004 - years
        raise InvalidInputError("0 to 130", code="meal_age", field="urgent_age", limit=130)
    until = before.closed_until if before else None
    new = Kitchen(
        required(draft.name, "name", limit=LONGEST_NAME),
        draft.building_id,
        0.0,
        0.0,
        days,
        draft.most_stops,
        draft.most_servings,
        draft.urgent_age,
        until or days.last_closed(now),
    )
    if not await kitchens.put_kitchen(work.session, actor.community_id, new):
        raise InvalidInputError("no such building", code="building_unknown", field="building")
    changed = differences(_told(before) if before else {}, _told(new))
    if changed:
        await record(work, actor, "kitchen", actor.community_id, "changed", name=new.name, data=changed)


def _told(kitchen: Kitchen) -> dict[str, str]:
    days = kitchen.days
    return {
        "name": kitchen.name,
        "building": str(kitchen.building_id),
        "cut_off": f"-{days.cut_off_days} {days.cut_off:%H:%M}",
        "serves": f"{days.serves_from:%H:%M}-{days.serves_to:%H:%M}",
        "weekdays": " ".join(map(str, sorted(days.weekdays))),
        "closed_days": " ".join(one.isoformat() for one in sorted(days.closed_days)),
        "round": f"{kitchen.most_stops} {kitchen.most_servings}",
        "urgent_age": str(kitchen.urgent_age),
    }


async def zone_of(session: ReadSession, community_id: str) -> ZoneInfo:
    """Return a community's own time."""
    found = await community_facts.community_facts(session, community_id)
    if found is None:
        raise NotFoundError("no such community", code="community_not_found")
    return ZoneInfo(found.timezone)


async def the_kitchen(session: ReadSession, community_id: str) -> Kitchen:
    """Return the kitchen of a community.

    Raises
    ------
    ConflictError
        ``kitchen_missing``: the office hasn't said yet where and when it cooks.
    """
    found = await kitchens.kitchen_of(session, community_id)
    if found is None:
        raise ConflictError("nobody cooks here yet", code="kitchen_missing")
    return found


async def set_menu(
    work: Work,
    actor: Actor,
    monday: date,
    dishes: Mapping[date, Sequence[Dish]],
    *,
    base: int,
    publish: bool,
) -> None:
    """Store the menu of a week; what has been published stays so, as it is then.

    Parameters
    ----------
    work, actor
        Who.
    monday, dishes
        Which week, and its dishes by day.
    base
        The revision that the editor saw, 0 for a new one.
    publish
        Whether everybody sees it from now on.

    Raises
    ------
    InvalidInputError
        ``menu_week``, ``menu_empty``.
    ConflictError
        ``menu_changed``: somebody else has changed it meanwhile.
    """
    require(actor, "run_kitchen")
    now = work.clock.now()
    await _week(work, actor, monday)
    kept = {day: list(dishes[day]) for day in week_of(monday) if dishes.get(day)}
    if publish and not kept:
        raise InvalidInputError("no dish", code="menu_empty", field="monday")
    menu = MenuWeek(monday, 0, now if publish else None, kept)
    stored = await kitchens.put_menu(
        work.session, actor.community_id, menu, base=base, by=actor.person_id, at=now
    )
    if not stored:
        raise ConflictError("somebody else has changed it", code="menu_changed")


async def copy_menu(work: Work, actor: Actor, monday: date) -> None:
    """Begin a week's menu with that of the week before; it isn't published by that.

    Parameters
    ----------
    work, actor, monday
        Who copies to which week.

    Raises
    ------
    NotFoundError
        ``menu_missing``: there was none in the week before.
    ConflictError
        ``menu_changed``: the week has a menu already.
    """
    require(actor, "run_kitchen")
    await _week(work, actor, monday)
    before = await kitchens.menu_week(work.session, actor.community_id, monday - 7 * DAY)
    if before is None or not before.dishes:
        raise NotFoundError("no menu to copy", code="menu_missing")
    menu = replace(
        before,
        monday=monday,
        published_at=None,
        dishes={day + 7 * DAY: dishes for day, dishes in before.dishes.items()},
    )
    now = work.clock.now()
    if not await kitchens.put_menu(
        work.session, actor.community_id, menu, base=0, by=actor.person_id, at=now
    ):
        raise ConflictError("it has a menu already", code="menu_changed")


async def _week(work: Work, actor: Actor, monday: date) -> None:
    """Refuse what is no Monday, and weeks that lie far away."""
    this = monday_of(_today(work.clock.now(), await zone_of(work.session, actor.community_id)))
    if monday.isoweekday() != 1 or not this - 7 * DAY <= monday <= this + 7 * WEEKS_AHEAD * DAY:
        raise InvalidInputError("which week?", code="menu_week", field="monday", limit=WEEKS_AHEAD)


def _today(now: datetime, zone: ZoneInfo) -> date:
    return now.astimezone(zone).date()


async def add_price(work: Work, actor: Actor, rule: PriceRule) -> None:
    """Add a price rule; it prices days that are still to be closed. A repeat of its id changes nothing.

    Parameters
    ----------
    work, actor, rule
        Who adds what.

    Raises
    ------
    InvalidInputError
        As ``gis.meals.prices.checked_rule``; ``meal_too_late``: it begins on a day that is closed.
    """
    require(actor, "run_kitchen")
    named = replace(
        rule,
        name=required(rule.name, "name", limit=LONGEST_NAME),
        name_en=plain(rule.name_en, "name_en", limit=LONGEST_NAME),
    )
    now = work.clock.now()
    kitchen = await the_kitchen(work.session, actor.community_id)
    if checked_rule(named).first_day < kitchen.days.first_open(now):
        first = kitchen.days.first_open(now)
        raise InvalidInputError("closed already", code="meal_too_late", field="first_day", day=str(first))
    if await kitchens.add_rule(work.session, actor.community_id, named, by=actor.person_id, at=now):
        told = {"from_age": [None, named.from_age], "price_fen": [None, named.price_fen]}
        await record(work, actor, "meal_price", str(named.rule_id), "added", name=named.name, data=told)


async def end_price(work: Work, actor: Actor, rule_id: UUID) -> None:
    """Let a price rule hold no longer than for the days that are closed.

    Parameters
    ----------
    work, actor, rule_id
        Who ends which.

    Raises
    ------
    NotFoundError
        ``meal_price_missing``.
    """
    require(actor, "run_kitchen")
    kitchen = await the_kitchen(work.session, actor.community_id)
    last = kitchen.days.last_closed(work.clock.now())
    if not await kitchens.end_rule(work.session, actor.community_id, rule_id, last):
        raise NotFoundError("no such rule, or ended already", code="meal_price_missing")
    await record(work, actor, "meal_price", str(rule_id), "removed")
