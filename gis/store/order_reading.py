"""Reading orders: lists within a scope, their seats with how each stands, and the order behind a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, LiteralString
from uuid import UUID

from gis.store.session import ReadSession
from gis.words import COUNTED_TO, Scope


@dataclass(frozen=True, slots=True)
class OrderFilters:
    """What a list of orders is narrowed down to; None means no restriction."""

    status: str | None = None
    since: date | None = None
    until: date | None = None
    mine: UUID | None = None
    order_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order as stored, with who has one of its cases in hand."""

    order_id: UUID
    category: str
    summary: str
    lon: float
    lat: float
    place: Mapping[str, Any]
    place_text: str
    grid_code: str | None
    building_id: UUID | None
    floor: str
    flat: str
    note: str
    for_name: str
    consent_by: str
    consent_at: datetime | None
    consent_version: str | None
    seats: int
    lead_s: int
    repeat: str
    weekdays: Sequence[int]
    first_day: date
    last_day: date
    last_end_at: datetime
    created_by: UUID
    created_by_name: str
    created_at: datetime
    cancelled_at: datetime | None
    reason: str
    takers: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class SeatRow:
    """A seat of a day and how its case stands."""

    order_id: UUID
    day: date
    seat: int
    starts_at: datetime
    ends_at: datetime
    state: str
    reason: str
    case_id: UUID | None
    case_status: str | None
    taker_id: UUID | None
    taker_name: str | None


# Only while it is theirs: when the work is checked and closed, what was private is theirs to know no longer.
_TAKERS: LiteralString = """
    array(SELECT c.assignee_id FROM order_seat s
          JOIN "case" c ON c.community_id = s.community_id AND c.case_id = s.case_id
          WHERE s.community_id = o.community_id AND s.order_id = o.order_id AND c.assignee_id IS NOT NULL
            AND c.status IN ('accepted', 'on_site', 'done'))
"""
_COLUMNS: LiteralString = f"""
    o.order_id, o.category, o.summary, st_x(o.geom) AS lon, st_y(o.geom) AS lat, o.place, o.place_text, o.grid_code,
    o.building_id, o.floor, o.flat, o.note, o.for_name, o.consent_by, o.consent_at, o.consent_version, o.seats, o.lead_s,
    o.repeat, o.weekdays, o.first_day, o.last_day, o.last_end_at, o.created_by, p.name AS created_by_name, o.created_at,
    o.cancelled_at, o.reason, {_TAKERS} AS takers
"""
_WHERE: LiteralString = f"""
    o.community_id = %(community)s
    AND (%(everything)s OR o.created_by = %(person)s OR o.grid_code = ANY(%(grids)s::text[])
         OR %(person)s = ANY({_TAKERS}))
    AND (%(mine)s::uuid IS NULL OR o.created_by = %(mine)s)
    AND (%(order)s::uuid IS NULL OR o.order_id = %(order)s)
    AND (%(since)s::date IS NULL OR o.last_day >= %(since)s) AND (%(until)s::date IS NULL OR o.first_day <= %(until)s)
    AND (%(status)s::text IS NULL OR %(status)s = CASE WHEN o.cancelled_at IS NOT NULL THEN 'cancelled'
                                                       WHEN o.last_end_at <= %(now)s THEN 'over' ELSE 'active' END)
"""


def _parameters(scope: Scope, filters: OrderFilters, now: datetime) -> dict[str, Any]:
    return {
        "community": scope.community_id,
        "everything": scope.everything,
        "person": scope.person_id,
        "grids": sorted(scope.grid_codes),
        "mine": filters.mine,
        "order": filters.order_id,
        "since": filters.since,
        "until": filters.until,
        "status": filters.status,
        "now": now,
    }


async def order_rows(
    session: ReadSession,
    scope: Scope,
    filters: OrderFilters,
    *,
    now: datetime,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[OrderRow]:
    """Return orders inside a scope, and those whose work the reader does, the newest first.

    Parameters
    ----------
    session, scope, filters, now
        Which.
    after
        When the last one already seen was placed, and which it was.
    limit
        How many at most.
    """
    rows = await session.direct(
        f"""
        SELECT {_COLUMNS} FROM service_order o
        JOIN person p ON p.community_id = o.community_id AND p.person_id = o.created_by
        WHERE {_WHERE}
          AND (%(at)s::timestamptz IS NULL OR (o.created_at, o.order_id) < (%(at)s::timestamptz, %(last)s::uuid))
        ORDER BY o.created_at DESC, o.order_id DESC LIMIT %(limit)s
        """,  # noqa: S608 - only constants are joined
        _parameters(scope, filters, now)
        | {"at": after[0] if after else None, "last": after[1] if after else None, "limit": limit},
    )
    return [OrderRow(*row) for row in rows]


async def order_count(session: ReadSession, scope: Scope, filters: OrderFilters, now: datetime) -> int:
    """Return how many orders pass, ``COUNTED_TO`` at most."""
    rows = await session.direct(
        f"SELECT count(*) AS n FROM (SELECT 1 FROM service_order o WHERE {_WHERE} LIMIT %(most)s) AS first",  # noqa: S608 - only constants are joined
        _parameters(scope, filters, now) | {"most": COUNTED_TO},
    )
    return int(rows[0].n)


async def seat_rows(
    session: ReadSession,
    community_id: str,
    order_ids: Sequence[UUID],
    *,
    since: date | None = None,
    each: int = 40,
) -> list[SeatRow]:
    """Return seats of orders in the order of their days.

    Parameters
    ----------
    session, community_id, order_ids
        Of which orders.
    since
        From this day on.
    each
        At most so many of each order.
    """
    rows = await session.direct(
        """
        SELECT order_id, day, seat, starts_at, ends_at, state, reason, case_id, case_status, taker_id, taker_name FROM (
            SELECT s.*, c.status AS case_status, c.assignee_id AS taker_id, p.name AS taker_name,
                   row_number() OVER (PARTITION BY s.order_id ORDER BY s.day, s.seat) AS nth
            FROM order_seat s
            LEFT JOIN "case" c ON c.community_id = s.community_id AND c.case_id = s.case_id
            LEFT JOIN person p ON p.community_id = c.community_id AND p.person_id = c.assignee_id
            WHERE s.community_id = %(community)s AND s.order_id = ANY(%(orders)s::uuid[])
              AND (%(since)s::date IS NULL OR s.day >= %(since)s)) s
        WHERE nth <= %(each)s ORDER BY order_id, day, seat
        """,
        {"community": community_id, "orders": list(order_ids), "since": since, "each": each},
    )
    return [SeatRow(*row) for row in rows]


async def orderer_of(session: ReadSession, community_id: str, order_id: UUID) -> UUID | None:
    """Return who placed an order, or None when there is no such order."""
    rows = await session.direct(
        "SELECT created_by FROM service_order WHERE community_id = %(community)s AND order_id = %(order)s",
        {"community": community_id, "order": order_id},
    )
    return rows[0].created_by if rows else None


@dataclass(frozen=True, slots=True)
class BehindCase:
    """What a case was ordered with; for whoever may see it."""

    case_id: UUID
    order_id: UUID
    created_by: UUID
    taker_id: UUID | None
    """Who has the case in hand."""
    floor: str
    flat: str
    note: str
    for_name: str
    seats: int


async def behind(session: ReadSession, community_id: str, case_ids: Sequence[UUID]) -> list[BehindCase]:
    """Return what cases were ordered with; nothing for those that were not."""
    rows = await session.direct(
        """
        SELECT s.case_id, o.order_id, o.created_by,
               CASE WHEN c.status IN ('accepted', 'on_site', 'done') THEN c.assignee_id END AS taker_id,
               o.floor, o.flat, o.note, o.for_name, o.seats
        FROM order_seat s
        JOIN service_order o ON o.community_id = s.community_id AND o.order_id = s.order_id
        JOIN "case" c ON c.community_id = s.community_id AND c.case_id = s.case_id
        WHERE s.community_id = %(community)s AND s.case_id = ANY(%(cases)s::uuid[])
        """,
        {"community": community_id, "cases": list(case_ids)},
    )
    return [BehindCase(*row) for row in rows]


async def last_place(
    session: ReadSession, community_id: str, person_id: UUID
) -> tuple[UUID | None, str, str] | None:
    """Return building, floor and flat that somebody last ordered something to for themselves."""
    rows = await session.direct(
        "SELECT building_id, floor, flat FROM service_order WHERE community_id = %(community)s"
        " AND created_by = %(person)s AND for_name = '' ORDER BY created_at DESC LIMIT 1",
        {"community": community_id, "person": person_id},
    )
    return (rows[0].building_id, rows[0].floor, rows[0].flat) if rows else None
