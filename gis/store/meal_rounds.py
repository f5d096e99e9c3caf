"""Rounds of deliverers: planned, given to a case, read by who brings them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class NewRound:
    """A round that is planned: its stops in their order."""

    round_id: UUID
    day: date
    number: int
    stops: Sequence[UUID]
    servings: int
    travel_s: float
    distance_m: float


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round and how its case stands; ``answered`` stops are brought, not at home, or cancelled."""

    round_id: UUID
    day: date
    number: int
    case_id: UUID | None
    stops: int
    servings: int
    travel_s: float
    distance_m: float
    created_by: UUID
    status: str | None
    assignee_id: UUID | None
    assignee_name: str | None
    answered: int
    not_home: int


@dataclass(frozen=True, slots=True)
class StopRow:
    """One stop; who it is for lies sealed in ``contact``."""

    subscription_id: UUID
    stop: int
    box: int
    servings: int
    special: bool
    state: str
    at: datetime | None
    contact: bytes | None
    birth_year: int | None
    resident_id: UUID | None
    frail: bool
    """Their record says that they live alone, walk badly or forget."""
    street: str
    housenumber: str
    building: str
    lon: float | None
    lat: float | None
    case_id: UUID | None
    keeper_id: UUID | None
    """Who has that case in hand."""


async def next_number(session: WriteSession, community_id: str, day: date) -> int:
    """Return the number of the next round of a day; the caller holds the kitchen."""
    rows = await session.direct(
        "SELECT coalesce(max(number), 0) + 1 AS n FROM meal_round WHERE community_id = %(community)s AND day = %(day)s",
        {"community": community_id, "day": day},
    )
    return int(rows[0].n)


async def add_round(
    session: WriteSession, community_id: str, new: NewRound, *, by: UUID, at: datetime
) -> None:
    """Store a round and give each of its servings its place in it."""
    values = {
        "community": community_id,
        "round": new.round_id,
        "day": new.day,
        "number": new.number,
        "stops": len(new.stops),
        "servings": new.servings,
        "travel_s": new.travel_s,
        "distance_m": new.distance_m,
        "by": by,
        "at": at,
        "ids": list(new.stops),
    }
    await session.direct(
        "INSERT INTO meal_round (community_id, round_id, day, number, stops, servings, travel_s, distance_m, created_by,"
        " created_at) VALUES (%(community)s, %(round)s, %(day)s, %(number)s, %(stops)s, %(servings)s, %(travel_s)s,"
        " %(distance_m)s, %(by)s, %(at)s)",
        values,
    )
    await session.direct(
        """
        UPDATE meal_serving v SET round_id = %(round)s, stop = i.stop
        FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY AS i(subscription_id, stop)
        WHERE v.community_id = %(community)s AND v.day = %(day)s AND v.subscription_id = i.subscription_id
        """,
        values,
    )


async def set_case(session: WriteSession, community_id: str, round_id: UUID, case_id: UUID) -> None:
    """Remember the case by which somebody is found for a round."""
    await session.direct(
        "UPDATE meal_round SET case_id = %(case)s WHERE community_id = %(community)s AND round_id = %(round)s",
        {"community": community_id, "round": round_id, "case": case_id},
    )


_ROUND: LiteralString = """
    SELECT r.round_id, r.day, r.number, r.case_id, r.stops, r.servings, r.travel_s, r.distance_m, r.created_by, c.status,
           c.assignee_id, p.name AS assignee_name, v.answered, v.not_home
    FROM meal_round r
    LEFT JOIN "case" c ON c.community_id = r.community_id AND c.case_id = r.case_id
    LEFT JOIN person p ON p.community_id = c.community_id AND p.person_id = c.assignee_id
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE state <> 'ordered')::int AS answered,
               count(*) FILTER (WHERE state = 'not_home')::int AS not_home
        FROM meal_serving v WHERE v.community_id = r.community_id AND v.round_id = r.round_id) v
    WHERE r.community_id = %(community)s
"""


async def rounds_on(session: ReadSession, community_id: str, day: date) -> list[RoundRow]:
    """Return the rounds of a day, by their numbers."""
    rows = await session.direct(
        f"{_ROUND} AND r.day = %(day)s ORDER BY r.number", {"community": community_id, "day": day}
    )
    return [RoundRow(*row) for row in rows]


async def find_round(session: ReadSession, community_id: str, round_id: UUID) -> RoundRow | None:
    """Return a round, or None."""
    rows = await session.direct(
        f"{_ROUND} AND r.round_id = %(round)s", {"community": community_id, "round": round_id}
    )
    return RoundRow(*rows[0]) if rows else None


async def rounds_in_hand(session: ReadSession, community_id: str, person_id: UUID) -> list[RoundRow]:
    """Return the rounds that somebody has in hand now."""
    rows = await session.direct(
        f"{_ROUND} AND c.assignee_id = %(person)s AND c.status IN ('accepted', 'on_site') ORDER BY r.day, r.number",
        {"community": community_id, "person": person_id},
    )
    return [RoundRow(*row) for row in rows]


_STOP: LiteralString = """
    SELECT v.subscription_id, coalesce(v.stop, 0) AS stop, v.box, v.servings, v.special, v.state, v.at,
           CASE WHEN s.erased_at IS NULL THEN s.contact END AS contact, s.birth_year, s.resident_id,
           coalesce(n.flags && '{lives_alone,mobility,dementia}', false) AS frail,
           coalesce(b.street, '') AS street, coalesce(b.housenumber, '') AS housenumber, coalesce(b.name, '') AS building,
           st_x(s.geom) AS lon, st_y(s.geom) AS lat,
           v.case_id, CASE WHEN c.status IN ('accepted', 'on_site') THEN c.assignee_id END AS keeper_id
    FROM meal_serving v
    JOIN meal_subscription s ON s.community_id = v.community_id AND s.subscription_id = v.subscription_id
    LEFT JOIN "case" c ON c.community_id = v.community_id AND c.case_id = v.case_id
    LEFT JOIN resident n ON n.community_id = s.community_id AND n.resident_id = s.resident_id
    LEFT JOIN building b ON b.community_id = s.community_id AND b.building_id = s.building_id
    WHERE v.community_id = %(community)s
"""


async def stops_of(session: ReadSession, community_id: str, round_id: UUID) -> list[StopRow]:
    """Return the stops of a round in their order."""
    rows = await session.direct(
        f"{_STOP} AND v.round_id = %(round)s ORDER BY v.stop", {"community": community_id, "round": round_id}
    )
    return [StopRow(*row) for row in rows]


async def stop_of_case(session: ReadSession, community_id: str, case_id: UUID) -> StopRow | None:
    """Return the stop where nobody opened, of the case by which somebody looks after them."""
    rows = await session.direct(
        f"{_STOP} AND v.case_id = %(case)s", {"community": community_id, "case": case_id}
    )
    return StopRow(*rows[0]) if rows else None


async def paths_of(session: ReadSession, community_id: str, case_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return where the kitchen says more of cases: of a round its stops, of a look after somebody who that is."""
    if not case_ids:
        return {}
    rows = await session.direct(
        """
        SELECT case_id, '/meals/rounds/' || round_id AS path FROM meal_round
        WHERE community_id = %(community)s AND case_id = ANY(%(cases)s::uuid[])
        UNION ALL
        SELECT case_id, '/meals/checks/' || case_id FROM meal_serving
        WHERE community_id = %(community)s AND case_id = ANY(%(cases)s::uuid[])
        """,
        {"community": community_id, "cases": list(case_ids)},
    )
    return {row.case_id: row.path for row in rows}
