"""Meals as people read them: menus, prices, subscriptions with what is sealed opened for those who may read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from gis.meals.days import monday_of, week_of
from gis.meals.prices import rule_for
from gis.people.permissions import may
from gis.recurrence import DAY
from gis.store import kitchens, meals
from gis.store.kitchens import Kitchen
from gis.store.meal_rounds import paths_of
from gis.store.meals import Pause, Subscription
from gis.store.session import ReadSession
from gis.words import Actor
from gis.words.meals import Dish, PriceRule

LOOK_AHEAD = 14


@dataclass(frozen=True, slots=True)
class MenuDay:
    """One day of a menu."""

    day: date
    serves: bool
    dishes: Sequence[Dish]


@dataclass(frozen=True, slots=True)
class Menu:
    """A week as its reader sees it: without dishes until it is published, but for the office."""

    monday: date
    revision: int
    published_at: datetime | None
    days: Sequence[MenuDay]


async def kitchen_facts(session: ReadSession, community_id: str) -> Kitchen | None:
    """Return a community's kitchen, or None where nobody cooks."""
    return await kitchens.kitchen_of(session, community_id)


async def week_menu(session: ReadSession, actor: Actor, kitchen: Kitchen | None, day: date) -> Menu:
    """Return the menu of a day's week.

    Parameters
    ----------
    session, actor, kitchen, day
        Whose look, and which week.
    """
    monday = monday_of(day)
    found = await kitchens.menu_week(session, actor.community_id, monday)
    shown = found is not None and (found.published_at is not None or may(actor, "run_kitchen"))
    days = [
        MenuDay(
            one,
            kitchen is not None and kitchen.days.serves_on(one),
            found.dishes.get(one, ()) if found is not None and shown else (),
        )
        for one in week_of(monday)
    ]
    if found is None:
        return Menu(monday, 0, None, days)
    return Menu(monday, found.revision, found.published_at, days)


async def prices(session: ReadSession, community_id: str) -> list[PriceRule]:
    """Return all price rules, by age, the newest first."""
    return await kitchens.all_rules(session, community_id)


async def pauses(
    session: ReadSession, community_id: str, ids: Sequence[UUID], since: date
) -> Mapping[UUID, Sequence[Pause]]:
    """Return what is called off of subscriptions from a day on."""
    found: dict[UUID, list[Pause]] = {}
    for one in await meals.pauses_of(session, community_id, ids, since=since):
        found.setdefault(one.subscription_id, []).append(one)
    return found


def next_price(
    rules: Sequence[PriceRule], kitchen: Kitchen, subscription: Subscription, now: datetime
) -> int | None:
    """Return what one serving costs on the next day that somebody has one, None where none is near.

    Parameters
    ----------
    rules, kitchen, subscription, now
        Whose, and from when on.
    """
    day = max(kitchen.days.first_open(now), subscription.first_day)
    for _ in range(LOOK_AHEAD):
        if subscription.last_day is not None and day > subscription.last_day:
            return None
        if kitchen.days.serves_on(day) and day.isoweekday() in subscription.weekdays:
            rule = rule_for(rules, day, subscription.birth_year)
            return rule.price_fen if rule else 0
        day += DAY
    return None


__all__ = [
    "Menu",
    "MenuDay",
    "kitchen_facts",
    "next_price",
    "paths_of",
    "pauses",
    "prices",
    "week_menu",
]
