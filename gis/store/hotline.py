"""Orders of the 12345 hotline: written once by number, changed when the hotline changes them, rid of numbers to call back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class NewOrder:
    """A call as it is stored."""

    order_id: UUID
    order_number: str
    words: str
    address: str
    callback: str
    received_at: datetime
    due_at: datetime | None
    taken_by: UUID
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """An order that is there already, with its case."""

    order_id: UUID
    order_number: str
    words: str
    due_at: datetime | None
    case_id: UUID
    case_status: str


async def add(session: WriteSession, community_id: str, new: NewOrder) -> bool:
    """Store a call beside the report of the same id; False when its id or its number is there already."""
    rows = await session.direct(
        "INSERT INTO hotline_order (community_id, order_id, order_number, report_id, words, address, callback,"
        " received_at, due_at, taken_by, taken_at) VALUES (%(community)s, %(id)s, %(number)s, %(id)s, %(words)s,"
        " %(address)s, %(callback)s, %(received)s, %(due)s, %(by)s, %(at)s) ON CONFLICT DO NOTHING RETURNING order_id",
        {
            "community": community_id,
            "id": new.order_id,
            "number": new.order_number,
            "words": new.words,
            "address": new.address,
            "callback": new.callback,
            "received": new.received_at,
            "due": new.due_at,
            "by": new.taken_by,
            "at": new.taken_at,
        },
    )
    return bool(rows)


_KEPT: LiteralString = """
SELECT o.order_id, o.order_number, o.words, o.due_at, r.case_id, c.status
FROM hotline_order o
JOIN report r ON r.community_id = o.community_id AND r.report_id = o.report_id
JOIN "case" c ON c.community_id = r.community_id AND c.case_id = r.case_id
"""


async def by_numbers(session: ReadSession, community_id: str, numbers: Sequence[str]) -> dict[str, Kept]:
    """Return the orders of these numbers that are there."""
    wanted = [number for number in numbers if number]
    if not wanted:
        return {}
    rows = await session.direct(
        _KEPT + " WHERE o.community_id = %(community)s AND o.order_number = ANY(%(numbers)s)",
        {"community": community_id, "numbers": wanted},
    )
    return {row.order_number: Kept(*row) for row in rows}


async def by_ids(session: ReadSession, community_id: str, ids: Sequence[UUID]) -> dict[UUID, Kept]:
    """Return the orders of these ids that are there."""
    if not ids:
        return {}
    rows = await session.direct(
        _KEPT + " WHERE o.community_id = %(community)s AND o.order_id = ANY(%(ids)s)",
        {"community": community_id, "ids": list(ids)},
    )
    return {row.order_id: Kept(*row) for row in rows}


async def change(  # noqa: PLR0917 - what was changed, and when
    session: WriteSession,
    community_id: str,
    order_id: UUID,
    words: str,
    due_at: datetime | None,
    now: datetime,
) -> bool:
    """Store what the hotline has changed; False when it stands so already."""
    rows = await session.direct(
        "UPDATE hotline_order SET words = %(words)s, due_at = %(due)s, changed_at = %(now)s"
        " WHERE community_id = %(community)s AND order_id = %(id)s"
        " AND (words <> %(words)s OR due_at IS DISTINCT FROM %(due)s::timestamptz) RETURNING order_id",
        {"community": community_id, "id": order_id, "words": words, "due": due_at, "now": now},
    )
    return bool(rows)


async def callback(session: ReadSession, community_id: str, order_id: UUID) -> tuple[str, bool] | None:
    """Return an order's number to call back, and whether it was erased; None when there is no such order."""
    rows = await session.direct(
        "SELECT callback, callback_erased_at IS NOT NULL AS erased FROM hotline_order"
        " WHERE community_id = %(community)s AND order_id = %(id)s",
        {"community": community_id, "id": order_id},
    )
    return (rows[0].callback, rows[0].erased) if rows else None


async def erase_callbacks(session: WriteSession, before: datetime, now: datetime, *, limit: int) -> int:
    """Erase numbers of orders whose case ended before a moment, of all communities that have no period of their own."""
    rows = await session.direct(
        """
        WITH over AS (
            SELECT o.community_id, o.order_id FROM hotline_order o
            JOIN report r ON r.community_id = o.community_id AND r.report_id = o.report_id
            JOIN "case" c ON c.community_id = r.community_id AND c.case_id = r.case_id
            WHERE o.callback <> '' AND o.taken_at < %(before)s AND c.status IN ('closed', 'rejected', 'cancelled')
            AND coalesce(c.closed_at, o.taken_at) < %(before)s AND NOT EXISTS (SELECT FROM retention_rule k
                WHERE k.community_id = o.community_id AND k.purpose = 'callbacks')
            ORDER BY o.taken_at LIMIT %(limit)s
        )
        UPDATE hotline_order o SET callback = '', callback_erased_at = %(now)s FROM over
        WHERE o.community_id = over.community_id AND o.order_id = over.order_id RETURNING o.order_id
        """,
        {"before": before, "now": now, "limit": limit},
    )
    return len(rows)
