"""Writing orders: made once, their seats made ahead and opened one by one, cancelled; all under the order's lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, LiteralString
from uuid import UUID

from psycopg.types.json import Jsonb

from gis.recurrence import Hours, Recurrence, Repeat, Window
from gis.store.session import ReadSession, WriteSession
from gis.words import Actor, Role


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order that is placed."""

    order_id: UUID
    category: str
    summary: str
    lon: float
    lat: float
    position_source: str
    building_id: UUID | None
    place: Mapping[str, Any]
    place_text: str
    grid_code: str | None
    floor: str
    flat: str
    note: str
    for_name: str
    consent_by: str
    consent_version: str | None
    seats: int
    lead_s: int
    recurrence: Recurrence
    hours: Hours
    last_end_at: datetime
    created_by: UUID
    now: datetime


@dataclass(frozen=True, slots=True)
class Order:
    """An order as its keeper needs it, held until the transaction ends."""

    order_id: UUID
    category: str
    summary: str
    lon: float
    lat: float
    position_source: str
    grid_code: str | None
    seats: int
    lead_s: int
    recurrence: Recurrence
    hours: Hours
    timezone: str
    created_by: UUID
    planned_until: date | None
    next_at: datetime | None
    cancelled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Seat:
    """One seat of one day."""

    day: date
    seat: int
    starts_at: datetime
    ends_at: datetime
    state: str
    case_id: UUID | None


# Who has, or is offered, another seat of the same order on the same day: nobody gets two of them.
COMPANIONS: LiteralString = """
SELECT s.case_id, coalesce(e.assignee_id, o.responder_id) AS person_id
FROM order_seat s
JOIN order_seat b ON b.community_id = s.community_id AND b.order_id = s.order_id AND b.day = s.day AND b.seat <> s.seat
JOIN "case" e ON e.community_id = b.community_id AND e.case_id = b.case_id
LEFT JOIN offer o ON o.community_id = e.community_id AND o.case_id = e.case_id AND o.status = 'live'
WHERE s.community_id = %(community)s AND s.case_id = ANY(%(cases)s::uuid[])
  AND coalesce(e.assignee_id, o.responder_id) IS NOT NULL
"""


async def companions(session: ReadSession, community_id: str, case_id: UUID) -> set[UUID]:
    """Return who has, or is offered, another seat of a case's order on its day."""
    rows = await session.direct(COMPANIONS, {"community": community_id, "cases": [case_id]})
    return {row.person_id for row in rows}


async def add(session: WriteSession, community_id: str, new: NewOrder) -> bool:
    """Store an order; False when its id is there already."""
    rows = await session.direct(
        """
        INSERT INTO service_order (community_id, order_id, category, summary, geom, position_source, building_id, place,
            place_text, grid_code, floor, flat, note, for_name, consent_by, consent_version, consent_at, seats, lead_s,
            repeat, weekdays, first_day, last_day, starts, ends, later_days, last_end_at, created_by, created_at, next_at)
        VALUES (%(community)s, %(order)s, %(category)s, %(summary)s, st_setsrid(st_makepoint(%(lon)s, %(lat)s), 4326),
            %(source)s, %(building)s, %(place)s, %(place_text)s, %(grid)s, %(floor)s, %(flat)s, %(note)s, %(for_name)s,
            %(consent_by)s, %(version)s, CASE WHEN %(version)s::text IS NULL THEN NULL ELSE %(now)s::timestamptz END,
            %(seats)s, %(lead_s)s, %(repeat)s, %(weekdays)s, %(first)s, %(last)s, %(starts)s, %(ends)s, %(later)s,
            %(last_end)s, %(by)s, %(now)s, %(now)s)
        ON CONFLICT (community_id, order_id) DO NOTHING RETURNING order_id
        """,
        {
            "community": community_id,
            "order": new.order_id,
            "category": new.category,
            "summary": new.summary,
            "lon": new.lon,
            "lat": new.lat,
            "source": new.position_source,
            "building": new.building_id,
            "place": Jsonb(dict(new.place)),
            "place_text": new.place_text,
            "grid": new.grid_code,
            "floor": new.floor,
            "flat": new.flat,
            "note": new.note,
            "for_name": new.for_name,
            "consent_by": new.consent_by,
            "version": new.consent_version,
            "seats": new.seats,
            "lead_s": new.lead_s,
            "repeat": new.recurrence.repeat.value,
            "weekdays": sorted(new.recurrence.weekdays),
            "first": new.recurrence.first,
            "last": new.recurrence.last,
            "starts": new.hours.starts,
            "ends": new.hours.ends,
            "later": new.hours.later_days,
            "last_end": new.last_end_at,
            "by": new.created_by,
            "now": new.now,
        },
    )
    return bool(rows)


async def lock(session: WriteSession, community_id: str, order_id: UUID) -> Order | None:
    """Return an order as it is now and keep others from keeping or cancelling it until the transaction ends."""
    await session.direct(  # first the lock alone: what is read below is then read as it is after waiting for it
        "SELECT FROM service_order WHERE community_id = %(community)s AND order_id = %(order)s FOR NO KEY UPDATE",
        {"community": community_id, "order": order_id},
    )
    rows = await session.direct(
        """
        SELECT o.order_id, o.category, o.summary, st_x(o.geom) AS lon, st_y(o.geom) AS lat, o.position_source, o.grid_code,
               o.seats, o.lead_s, o.repeat, o.weekdays, o.first_day, o.last_day, o.starts, o.ends, o.later_days,
               m.timezone, o.created_by, o.planned_until, o.next_at, o.cancelled_at
        FROM service_order o JOIN community m ON m.community_id = o.community_id
        WHERE o.community_id = %(community)s AND o.order_id = %(order)s
        """,
        {"community": community_id, "order": order_id},
    )
    return _order(rows[0]) if rows else None


def _order(r: Any) -> Order:
    return Order(
        r.order_id,
        r.category,
        r.summary,
        r.lon,
        r.lat,
        r.position_source,
        r.grid_code,
        r.seats,
        r.lead_s,
        recurrence_of(r.repeat, r.first_day, r.last_day, r.weekdays),
        hours_of(r.starts, r.ends, r.later_days),
        r.timezone,
        r.created_by,
        r.planned_until,
        r.next_at,
        r.cancelled_at,
    )


def recurrence_of(repeat: str, first: date, last: date, weekdays: Sequence[int]) -> Recurrence:
    """Return a recurrence as stored."""
    return Recurrence(Repeat(repeat), first, last, frozenset(weekdays))


def hours_of(starts: time, ends: time, later_days: int) -> Hours:
    """Return hours as stored."""
    return Hours(starts, ends, later_days)


async def plan(
    session: WriteSession, community_id: str, order_id: UUID, windows: Sequence[Window], seats: int
) -> None:
    """Make the seats of days; those that are there already stay as they are."""
    await session.direct(
        """
        INSERT INTO order_seat (community_id, order_id, day, seat, starts_at, ends_at)
        SELECT %(community)s, %(order)s, w.day, s.seat, w.starts_at, w.ends_at
        FROM unnest(%(days)s::date[], %(starts)s::timestamptz[], %(ends)s::timestamptz[]) AS w(day, starts_at, ends_at)
        CROSS JOIN generate_series(1, %(seats)s::smallint) AS s(seat)
        ON CONFLICT (community_id, order_id, day, seat) DO NOTHING
        """,
        {
            "community": community_id,
            "order": order_id,
            "seats": seats,
            "days": [one.day for one in windows],
            "starts": [one.starts_at for one in windows],
            "ends": [one.ends_at for one in windows],
        },
    )


async def seats_of(
    session: ReadSession,
    community_id: str,
    order_id: UUID,
    *,
    day: date | None = None,
    state: str | None = None,
) -> list[Seat]:
    """Return an order's seats in the order of their days, of one day or one state where stated."""
    rows = await session.direct(
        """
        SELECT day, seat, starts_at, ends_at, state, case_id FROM order_seat
        WHERE community_id = %(community)s AND order_id = %(order)s AND (%(day)s::date IS NULL OR day = %(day)s)
          AND (%(state)s::text IS NULL OR state = %(state)s) ORDER BY day, seat
        """,
        {"community": community_id, "order": order_id, "day": day, "state": state},
    )
    return [Seat(*row) for row in rows]


async def set_seat(
    session: WriteSession,
    community_id: str,
    order_id: UUID,
    seat: Seat,
    state: str,
    *,
    case_id: UUID | None = None,
    reason: str = "",
) -> None:
    """Say what became of a seat; the order is held by the caller."""
    await session.direct(
        "UPDATE order_seat SET state = %(state)s, case_id = coalesce(%(case)s::uuid, case_id), reason = %(reason)s"
        " WHERE community_id = %(community)s AND order_id = %(order)s AND day = %(day)s AND seat = %(seat)s",
        {
            "community": community_id,
            "order": order_id,
            "day": seat.day,
            "seat": seat.seat,
            "state": state,
            "case": case_id,
            "reason": reason,
        },
    )


async def set_next(
    session: WriteSession,
    community_id: str,
    order_id: UUID,
    planned_until: date | None,
    next_at: datetime | None,
) -> None:
    """Remember up to which day seats are made, and when the keeper looks next."""
    await session.direct(
        "UPDATE service_order SET planned_until = %(until)s, next_at = %(next)s"
        " WHERE community_id = %(community)s AND order_id = %(order)s",
        {"community": community_id, "order": order_id, "until": planned_until, "next": next_at},
    )


async def end(
    session: WriteSession, community_id: str, order_id: UUID, *, by: UUID, reason: str, now: datetime
) -> None:
    """Cancel an order as a whole."""
    await session.direct(
        "UPDATE service_order SET cancelled_at = %(now)s, cancelled_by = %(by)s, reason = %(reason)s, next_at = NULL"
        " WHERE community_id = %(community)s AND order_id = %(order)s",
        {"community": community_id, "order": order_id, "by": by, "reason": reason, "now": now},
    )


async def due(session: ReadSession, now: datetime, *, limit: int) -> list[tuple[str, UUID]]:
    """Return orders whose keeper should look now, of all communities, who has waited longest first."""
    rows = await session.direct(
        "SELECT community_id, order_id FROM service_order WHERE next_at <= %(now)s ORDER BY next_at LIMIT %(limit)s",
        {"now": now, "limit": limit},
    )
    return [(row.community_id, row.order_id) for row in rows]


async def orderer(session: ReadSession, community_id: str, person_id: UUID) -> Actor:
    """Return who placed an order, for filing its cases in their name."""
    rows = await session.direct(
        "SELECT username, name, role, language FROM person"
        " WHERE community_id = %(community)s AND person_id = %(person)s",
        {"community": community_id, "person": person_id},
    )
    (r,) = rows
    return Actor(community_id, person_id, r.username, r.name, Role(r.role), r.language)


async def responders(session: ReadSession, community_id: str, but: UUID) -> int:
    """Return how many active people take offers, without one of them."""
    rows = await session.direct(
        "SELECT count(*) AS n FROM responder r JOIN person p ON p.community_id = r.community_id"
        " AND p.person_id = r.person_id WHERE r.community_id = %(community)s AND p.active AND r.person_id <> %(but)s",
        {"community": community_id, "but": but},
    )
    return int(rows[0].n)


async def takers(session: ReadSession, community_id: str, order_id: UUID, day: date) -> frozenset[UUID]:
    """Return who has, or is offered, a seat of an order on a day."""
    rows = await session.direct(
        """
        SELECT coalesce(c.assignee_id, o.responder_id) AS person_id FROM order_seat s
        JOIN "case" c ON c.community_id = s.community_id AND c.case_id = s.case_id
        LEFT JOIN offer o ON o.community_id = c.community_id AND o.case_id = c.case_id AND o.status = 'live'
        WHERE s.community_id = %(community)s AND s.order_id = %(order)s AND s.day = %(day)s
          AND coalesce(c.assignee_id, o.responder_id) IS NOT NULL
        """,
        {"community": community_id, "order": order_id, "day": day},
    )
    return frozenset(row.person_id for row in rows)
