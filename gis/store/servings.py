"""Servings of a day: made from the subscriptions when the day is closed, answered one by one, added up by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, LiteralString
from uuid import UUID

from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class Serving:
    """What one subscription gets on one day; what is known of who it is for stays sealed."""

    subscription_id: UUID
    box: int
    servings: int
    way: str
    special: bool
    price_fen: int
    rule_id: UUID | None
    state: str
    at: datetime | None
    round_id: UUID | None
    stop: int | None
    case_id: UUID | None
    building_id: UUID | None
    lon: float | None
    lat: float | None
    micro_grid_code: str | None


@dataclass(frozen=True, slots=True)
class Count:
    """Servings of one kind of a month: of a rule, a way and a state."""

    rule_id: UUID | None
    way: str
    state: str
    servings: int
    fen: int
    people: int


@dataclass(frozen=True, slots=True)
class Account:
    """What one subscription owes for a month."""

    subscription_id: UUID
    contact: bytes | None
    servings: int
    fen: int
    cancelled: int
    rules: Sequence[UUID]


# Who eats on which of ``%(days)s``: the rule of gis.meals.days.eats_on, for all at once; its price by
# gis.meals.prices.rule_for.
_EATING: LiteralString = """
    SELECT d.day, s.community_id, s.subscription_id, s.servings, s.way, s.diet IS NOT NULL AS special,
           coalesce(r.price_fen, 0) AS price_fen, r.rule_id, s.building_id, s.geom, s.micro_grid_code
    FROM unnest(%(days)s::date[]) AS d(day)
    JOIN meal_subscription s ON s.community_id = %(community)s AND s.erased_at IS NULL AND s.first_day <= d.day
        AND (s.last_day IS NULL OR s.last_day >= d.day) AND extract(isodow FROM d.day)::smallint = ANY(s.weekdays)
    LEFT JOIN LATERAL (
        SELECT r.rule_id, r.price_fen FROM meal_rule r
        WHERE r.community_id = s.community_id AND r.first_day <= d.day AND (r.last_day IS NULL OR r.last_day >= d.day)
          AND r.from_age <= coalesce(greatest(extract(year FROM d.day)::int - s.birth_year, 0), 0)
        ORDER BY r.from_age DESC, r.first_day DESC, r.rule_id DESC LIMIT 1
    ) r ON true
    WHERE NOT EXISTS (SELECT FROM meal_pause p WHERE p.community_id = s.community_id
                      AND p.subscription_id = s.subscription_id AND d.day BETWEEN p.first_day AND p.last_day)
"""
# Boxes that are brought come first, door beside door, so that a round has numbers that follow one another.
_BOX: LiteralString = """
    row_number() OVER (PARTITION BY e.day
                       ORDER BY e.way DESC, e.micro_grid_code COLLATE "C", e.building_id, e.subscription_id) AS box
"""


async def close_days(session: WriteSession, community_id: str, days: Sequence[date]) -> int:
    """Make the servings of days; those that are there already stay as they are. Returns how many were made."""
    rows = await session.direct(
        f"""
        INSERT INTO meal_serving (community_id, day, subscription_id, box, servings, way, special, price_fen, rule_id)
        SELECT e.community_id, e.day, e.subscription_id, {_BOX}, e.servings, e.way, e.special, e.price_fen, e.rule_id
        FROM ({_EATING}) e
        ON CONFLICT (community_id, day, subscription_id) DO NOTHING RETURNING box
        """,  # noqa: S608 - only constants are joined
        {"community": community_id, "days": list(days)},
    )
    return len(rows)


async def set_closed(session: WriteSession, community_id: str, day: date) -> None:
    """Remember up to which day servings are made; the caller holds the kitchen."""
    await session.direct(
        "UPDATE kitchen SET closed_until = %(day)s WHERE community_id = %(community)s AND closed_until < %(day)s",
        {"community": community_id, "day": day},
    )


async def kitchens_open(session: ReadSession) -> list[str]:
    """Return the communities that cook."""
    rows = await session.direct("SELECT community_id FROM kitchen ORDER BY community_id", {})
    return [row.community_id for row in rows]


_COLUMNS: LiteralString = """
    v.subscription_id, v.box, v.servings, v.way, v.special, v.price_fen, v.rule_id, v.state, v.at, v.round_id, v.stop,
    v.case_id, s.building_id, st_x(s.geom) AS lon, st_y(s.geom) AS lat, s.micro_grid_code
    FROM meal_serving v JOIN meal_subscription s ON s.community_id = v.community_id
        AND s.subscription_id = v.subscription_id
    WHERE v.community_id = %(community)s
"""


async def servings_on(session: ReadSession, community_id: str, day: date) -> list[Serving]:
    """Return the servings of a closed day, by their boxes."""
    rows = await session.direct(
        f"SELECT {_COLUMNS} AND v.day = %(day)s ORDER BY v.box", {"community": community_id, "day": day}
    )
    return [Serving(*row) for row in rows]


async def expected_on(session: ReadSession, community_id: str, day: date) -> list[Serving]:
    """Return what the servings of a day would be if it were closed now."""
    rows = await session.direct(
        f"""
        SELECT e.subscription_id, {_BOX}, e.servings, e.way, e.special, e.price_fen, e.rule_id, 'ordered' AS state,
               NULL::timestamptz AS at, NULL::uuid AS round_id, NULL::smallint AS stop, NULL::uuid AS case_id,
               e.building_id, st_x(e.geom) AS lon, st_y(e.geom) AS lat, e.micro_grid_code
        FROM ({_EATING}) e ORDER BY box
        """,  # noqa: S608 - only constants are joined
        {"community": community_id, "days": [day]},
    )
    return [Serving(*row) for row in rows]


async def servings_of(
    session: ReadSession, community_id: str, ids: Sequence[UUID], since: date, until: date
) -> list[Any]:
    """Return days, servings, price of one and state of subscriptions, by day."""
    return await session.direct(
        """
        SELECT subscription_id, day, servings, price_fen, rule_id, way, state FROM meal_serving
        WHERE community_id = %(community)s AND subscription_id = ANY(%(ids)s::uuid[]) AND day BETWEEN %(since)s AND %(until)s
        ORDER BY day, subscription_id
        """,
        {"community": community_id, "ids": list(ids), "since": since, "until": until},
    )


async def answer(
    session: WriteSession,
    community_id: str,
    day: date,
    subscription_id: UUID,
    state: str,
    *,
    before: Sequence[str],
    by: UUID,
    at: datetime,
) -> bool:
    """Say what became of a serving, if it is still as expected; False otherwise.

    Parameters
    ----------
    session, community_id, day, subscription_id, state
        What became of which.
    before
        States from which that may be said.
    by, at
        Who says it, and when.
    """
    rows = await session.direct(
        "UPDATE meal_serving SET state = %(state)s, at = %(at)s, by = %(by)s"
        " WHERE community_id = %(community)s AND day = %(day)s AND subscription_id = %(id)s"
        " AND state = ANY(%(before)s::text[]) RETURNING box",
        {
            "community": community_id,
            "day": day,
            "id": subscription_id,
            "state": state,
            "before": list(before),
            "by": by,
            "at": at,
        },
    )
    return bool(rows)


async def set_case(
    session: WriteSession, community_id: str, day: date, subscription_id: UUID, case_id: UUID
) -> None:
    """Remember the case by which somebody looks after who did not open."""
    await session.direct(
        "UPDATE meal_serving SET case_id = %(case)s WHERE community_id = %(community)s AND day = %(day)s"
        " AND subscription_id = %(id)s",
        {"community": community_id, "day": day, "id": subscription_id, "case": case_id},
    )


async def collect_all(session: WriteSession, community_id: str, day: date, by: UUID, at: datetime) -> int:
    """Say that everything of a day that is fetched at the counter was fetched; returns how much that was."""
    rows = await session.direct(
        "UPDATE meal_serving SET state = 'collected', at = %(at)s, by = %(by)s WHERE community_id = %(community)s"
        " AND day = %(day)s AND way = 'collect' AND state = 'ordered' RETURNING box",
        {"community": community_id, "day": day, "by": by, "at": at},
    )
    return len(rows)


async def all_eaten(session: WriteSession, community_id: str, before: date, by: UUID, at: datetime) -> int:
    """Say that everything before a day was fetched or brought, whichever was wanted; returns how much that was."""
    rows = await session.direct(
        "UPDATE meal_serving SET state = CASE way WHEN 'deliver' THEN 'delivered' ELSE 'collected' END, at = %(at)s,"
        " by = %(by)s WHERE community_id = %(community)s AND day < %(before)s AND state = 'ordered' AND round_id IS NULL"
        " RETURNING box",
        {"community": community_id, "before": before, "by": by, "at": at},
    )
    return len(rows)


async def month_counts(session: ReadSession, community_id: str, since: date, until: date) -> list[Count]:
    """Return the servings of some days by rule, way and state; what was cancelled costs nothing."""
    rows = await session.direct(
        """
        SELECT rule_id, way, state, sum(servings)::int AS servings,
               sum(CASE WHEN state = 'cancelled' THEN 0 ELSE servings * price_fen END)::bigint AS fen,
               count(DISTINCT subscription_id)::int AS people
        FROM meal_serving WHERE community_id = %(community)s AND day BETWEEN %(since)s AND %(until)s
        GROUP BY rule_id, way, state ORDER BY rule_id, way, state
        """,
        {"community": community_id, "since": since, "until": until},
    )
    return [Count(*row) for row in rows]


async def month_accounts(session: ReadSession, community_id: str, since: date, until: date) -> list[Account]:
    """Return what each subscription owes for some days, in the order in which they were made."""
    rows = await session.direct(
        """
        SELECT v.subscription_id, CASE WHEN s.erased_at IS NULL THEN s.contact END AS contact, v.servings, v.fen,
               v.cancelled, v.rules
        FROM (SELECT community_id, subscription_id,
                     coalesce(sum(servings) FILTER (WHERE state <> 'cancelled'), 0)::int AS servings,
                     coalesce(sum(servings * price_fen) FILTER (WHERE state <> 'cancelled'), 0)::bigint AS fen,
                     coalesce(sum(servings) FILTER (WHERE state = 'cancelled'), 0)::int AS cancelled,
                     array_agg(DISTINCT rule_id) FILTER (WHERE rule_id IS NOT NULL) AS rules
              FROM meal_serving WHERE community_id = %(community)s AND day BETWEEN %(since)s AND %(until)s
              GROUP BY community_id, subscription_id) v
        JOIN meal_subscription s ON s.community_id = v.community_id AND s.subscription_id = v.subscription_id
        ORDER BY s.created_at, v.subscription_id
        """,
        {"community": community_id, "since": since, "until": until},
    )
    return [
        Account(
            row.subscription_id,
            None if row.contact is None else bytes(row.contact),
            row.servings,
            int(row.fen),
            row.cancelled,
            tuple(row.rules or ()),
        )
        for row in rows
    ]


async def served(session: ReadSession, community_id: str, since: date, until: date) -> int:
    """Return how many servings were cooked on some days, for the indicators."""
    rows = await session.direct(
        "SELECT coalesce(sum(servings), 0)::int AS n FROM meal_serving WHERE community_id = %(community)s"
        " AND day BETWEEN %(since)s AND %(until)s AND state <> 'cancelled'",
        {"community": community_id, "since": since, "until": until},
    )
    return int(rows[0].n)
