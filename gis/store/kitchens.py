"""The kitchen of a community: where it is and when it serves, its menus, and what servings cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, LiteralString
from uuid import UUID
from zoneinfo import ZoneInfo

from gis.store.session import ReadSession, WriteSession
from gis.words.meals import Dish, KitchenDays, PriceRule


@dataclass(frozen=True, slots=True)
class Kitchen:
    """A kitchen as stored; its place in degrees (EPSG:4326)."""

    name: str
    building_id: UUID
    lon: float
    lat: float
    days: KitchenDays
    most_stops: int
    most_servings: int
    urgent_age: int
    closed_until: date | None


@dataclass(frozen=True, slots=True)
class MenuWeek:
    """The menu of one week; ``published_at`` is None while only the kitchen sees it."""

    monday: date
    revision: int
    published_at: datetime | None
    dishes: Mapping[date, Sequence[Dish]]


async def kitchen_of(session: ReadSession, community_id: str) -> Kitchen | None:
    """Return a community's kitchen, or None where nobody cooks."""
    rows = await session.direct(
        """
        SELECT k.name, k.building_id, st_x(k.geom) AS lon, st_y(k.geom) AS lat, k.cut_off, k.cut_off_days, k.serves_from,
               k.serves_to, k.weekdays, k.closed_days, k.most_stops, k.most_servings, k.urgent_age, k.closed_until,
               m.timezone
        FROM kitchen k JOIN community m ON m.community_id = k.community_id WHERE k.community_id = %(community)s
        """,
        {"community": community_id},
    )
    return _kitchen(rows[0]) if rows else None


def _kitchen(r: Any) -> Kitchen:
    days = KitchenDays(
        r.cut_off,
        r.cut_off_days,
        r.serves_from,
        r.serves_to,
        frozenset(r.weekdays),
        frozenset(r.closed_days),
        ZoneInfo(r.timezone),
    )
    return Kitchen(
        r.name, r.building_id, r.lon, r.lat, days, r.most_stops, r.most_servings, r.urgent_age, r.closed_until
    )


async def lock_kitchen(session: WriteSession, community_id: str) -> Kitchen | None:
    """Return the kitchen as it is now and keep others from closing its days until the transaction ends."""
    await session.direct(
        "SELECT FROM kitchen WHERE community_id = %(community)s FOR NO KEY UPDATE",
        {"community": community_id},
    )
    return await kitchen_of(session, community_id)


async def put_kitchen(session: WriteSession, community_id: str, new: Kitchen) -> bool:
    """Store the kitchen; False when the building is not there."""
    days = new.days
    rows = await session.direct(
        """
        INSERT INTO kitchen (community_id, name, building_id, geom, cut_off, cut_off_days, serves_from, serves_to, weekdays,
            closed_days, most_stops, most_servings, urgent_age, closed_until)
        SELECT b.community_id, %(name)s, b.building_id, st_pointonsurface(b.geom), %(cut_off)s, %(cut_off_days)s,
               %(from)s, %(to)s, %(weekdays)s, %(closed)s, %(stops)s, %(servings)s, %(urgent)s, %(until)s
        FROM building b WHERE b.community_id = %(community)s AND b.building_id = %(building)s
        ON CONFLICT (community_id) DO UPDATE SET name = excluded.name, building_id = excluded.building_id,
            geom = excluded.geom, cut_off = excluded.cut_off, cut_off_days = excluded.cut_off_days,
            serves_from = excluded.serves_from, serves_to = excluded.serves_to, weekdays = excluded.weekdays,
            closed_days = excluded.closed_days, most_stops = excluded.most_stops,
            most_servings = excluded.most_servings, urgent_age = excluded.urgent_age
        RETURNING community_id
        """,
        {
            "community": community_id,
            "name": new.name,
            "building": new.building_id,
            "cut_off": days.cut_off,
            "cut_off_days": days.cut_off_days,
            "from": days.serves_from,
            "to": days.serves_to,
            "weekdays": sorted(days.weekdays),
            "closed": sorted(days.closed_days),
            "stops": new.most_stops,
            "servings": new.most_servings,
            "urgent": new.urgent_age,
            "until": new.closed_until,
        },
    )
    return bool(rows)


async def menu_week(session: ReadSession, community_id: str, monday: date) -> MenuWeek | None:
    """Return the menu of a week, or None where there is none."""
    rows = await session.direct(
        """
        SELECT w.revision, w.published_at, d.day, d.name, d.name_en, d.allergens
        FROM menu_week w LEFT JOIN menu_dish d ON d.community_id = w.community_id AND d.monday = w.monday
        WHERE w.community_id = %(community)s AND w.monday = %(monday)s ORDER BY d.day, d.place
        """,
        {"community": community_id, "monday": monday},
    )
    if not rows:
        return None
    dishes: dict[date, list[Dish]] = {}
    for row in rows:
        if row.day is not None:
            dishes.setdefault(row.day, []).append(Dish(row.name, row.name_en, tuple(row.allergens)))
    return MenuWeek(monday, rows[0].revision, rows[0].published_at, dishes)


async def put_menu(
    session: WriteSession,
    community_id: str,
    menu: MenuWeek,
    *,
    base: int,
    by: UUID | None,
    at: datetime,
) -> bool:
    """Store a week's menu over the revision that its editor saw; False when somebody was faster.

    Parameters
    ----------
    session, community_id, menu
        What, where; the menu's own revision counts for nothing.
    base
        0: there was none.
    by, at
        Who, when.
    """
    parameters = {
        "community": community_id,
        "monday": menu.monday,
        "base": base,
        "published": menu.published_at,
        "by": by,
        "at": at,
    }
    if base == 0:
        rows = await session.direct(
            "INSERT INTO menu_week (community_id, monday, published_at, changed_by, changed_at)"
            " VALUES (%(community)s, %(monday)s, %(published)s, %(by)s, %(at)s) ON CONFLICT DO NOTHING RETURNING revision",
            parameters,
        )
    else:
        rows = await session.direct(
            "UPDATE menu_week SET revision = revision + 1, published_at = coalesce(published_at, %(published)s),"
            " changed_by = %(by)s, changed_at = %(at)s WHERE community_id = %(community)s AND monday = %(monday)s"
            " AND revision = %(base)s RETURNING revision",
            parameters,
        )
    if rows:
        await _put_dishes(session, community_id, menu)
    return bool(rows)


async def _put_dishes(session: WriteSession, community_id: str, menu: MenuWeek) -> None:
    rows = [
        (day, place, one.name, one.name_en, ",".join(one.allergens))
        for day, dishes in menu.dishes.items()
        for place, one in enumerate(dishes)
    ]
    key = {"community": community_id, "monday": menu.monday}
    await session.direct(
        "DELETE FROM menu_dish WHERE community_id = %(community)s AND monday = %(monday)s", key
    )
    await session.direct(
        """
        INSERT INTO menu_dish (community_id, day, place, monday, name, name_en, allergens)
        SELECT %(community)s, d.day, d.place, %(monday)s, d.name, d.name_en, string_to_array(d.holds, ',')
        FROM unnest(%(days)s::date[], %(places)s::smallint[], %(names)s::text[], %(names_en)s::text[], %(holds)s::text[])
             AS d(day, place, name, name_en, holds)
        """,
        key
        | {
            "days": [row[0] for row in rows],
            "places": [row[1] for row in rows],
            "names": [row[2] for row in rows],
            "names_en": [row[3] for row in rows],
            "holds": [row[4] for row in rows],
        },
    )


async def dishes_on(session: ReadSession, community_id: str, day: date) -> list[Dish]:
    """Return what is cooked on a day, published or not."""
    rows = await session.direct(
        "SELECT name, name_en, allergens FROM menu_dish WHERE community_id = %(community)s AND day = %(day)s ORDER BY place",
        {"community": community_id, "day": day},
    )
    return [Dish(row.name, row.name_en, tuple(row.allergens)) for row in rows]


_RULE: LiteralString = (
    "rule_id, name, name_en, from_age, price_fen, first_day, last_day, window_from, window_to"
)


async def all_rules(session: ReadSession, community_id: str) -> list[PriceRule]:
    """Return all rules that ever held, or will, by age, the newest first."""
    rows = await session.direct(
        f"SELECT {_RULE} FROM meal_rule WHERE community_id = %(community)s"  # noqa: S608 - only constants are joined
        " AND (last_day IS NULL OR last_day >= first_day) ORDER BY from_age, first_day DESC, rule_id",
        {"community": community_id},
    )
    return [PriceRule(*row) for row in rows]


async def add_rule(
    session: WriteSession, community_id: str, rule: PriceRule, *, by: UUID | None, at: datetime
) -> bool:
    """Store a rule; False when its id is there already."""
    rows = await session.direct(
        f"""
        INSERT INTO meal_rule (community_id, {_RULE}, created_by, created_at)
        VALUES (%(community)s, %(rule)s, %(name)s, %(name_en)s, %(age)s, %(fen)s, %(first)s, %(last)s, %(from)s, %(to)s,
                %(by)s, %(at)s)
        ON CONFLICT (community_id, rule_id) DO NOTHING RETURNING rule_id
        """,  # noqa: S608 - only constants are joined
        {
            "community": community_id,
            "rule": rule.rule_id,
            "name": rule.name,
            "name_en": rule.name_en,
            "age": rule.from_age,
            "fen": rule.price_fen,
            "first": rule.first_day,
            "last": rule.last_day,
            "from": rule.window_from,
            "to": rule.window_to,
            "by": by,
            "at": at,
        },
    )
    return bool(rows)


async def end_rule(session: WriteSession, community_id: str, rule_id: UUID, last_day: date) -> bool:
    """End a rule; one that has not begun by then never holds. False when there is none that could be ended so."""
    rows = await session.direct(
        "UPDATE meal_rule SET last_day = greatest(%(last)s, first_day - 1) WHERE community_id = %(community)s"
        " AND rule_id = %(rule)s AND (last_day IS NULL OR last_day > %(last)s) RETURNING rule_id",
        {"community": community_id, "rule": rule_id, "last": last_day},
    )
    return bool(rows)
