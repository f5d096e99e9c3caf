"""Orders as people read them: what is private only for who ordered it, who has it in hand, and the desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from gis.errors import NotFoundError
from gis.people.permissions import may_cancel_order, order_scope, sees_order_privately
from gis.store.order_reading import (
    BehindCase,
    OrderFilters,
    OrderRow,
    SeatRow,
    behind,
    last_place,
    order_count,
    order_rows,
    seat_rows,
)
from gis.store.session import ReadSession
from gis.views.paging import Page, decode_cursor, encode_cursor
from gis.words import Actor

__all__ = [
    "BehindCase",
    "OrderFilters",
    "OrderItem",
    "OrderRow",
    "SeatRow",
    "behind_cases",
    "last_place",
    "order_detail",
    "order_list",
]

MOST_SEATS_SHOWN = 1000


@dataclass(frozen=True, slots=True)
class OrderItem:
    """An order with its seats; without ``private`` the row's private fields are empty."""

    row: OrderRow
    seats: Sequence[SeatRow]
    status: str
    private: bool
    mine: bool
    may_cancel: bool


async def order_list(
    session: ReadSession,
    actor: Actor,
    filters: OrderFilters,
    *,
    now: datetime,
    today: date,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[OrderItem]:
    """Return orders that the reader sees, the newest first, with their seats from today on."""
    scope, after = replace(order_scope(actor), person_id=actor.person_id), decode_cursor(cursor)
    rows = await order_rows(session, scope, filters, now=now, after=after, limit=limit + 1)
    total = await order_count(session, scope, filters, now) if after or len(rows) > limit else len(rows)
    shown = rows[:limit]
    more = encode_cursor(shown[-1].created_at, shown[-1].order_id) if len(rows) > limit else None
    ids = [one.order_id for one in shown]
    seats = await seat_rows(session, actor.community_id, ids, since=today) if ids else []
    return Page([_item(actor, row, seats, now) for row in shown], more, total)


async def order_detail(session: ReadSession, actor: Actor, order_id: UUID, now: datetime) -> OrderItem:
    """Return one order with all its seats.

    Raises
    ------
    NotFoundError
        ``order_not_found``: none, or outside what the reader sees.
    """
    scope = replace(order_scope(actor), person_id=actor.person_id)
    rows = await order_rows(session, scope, OrderFilters(order_id=order_id), now=now)
    if not rows:
        raise NotFoundError("no such order, or not one of yours", code="order_not_found")
    seats = await seat_rows(session, actor.community_id, [order_id], each=MOST_SEATS_SHOWN)
    return _item(actor, rows[0], seats, now)


def _item(actor: Actor, row: OrderRow, seats: Sequence[SeatRow], now: datetime) -> OrderItem:
    private = sees_order_privately(actor, row.created_by, row.takers)
    manages = may_cancel_order(actor, row.created_by)
    if not private:
        row = replace(
            row, floor="", flat="", note="", for_name="", consent_by="", consent_at=None, consent_version=None
        )
    status = "cancelled" if row.cancelled_at else "over" if row.last_end_at <= now else "active"
    own = [one for one in seats if one.order_id == row.order_id]
    if not manages and actor.person_id in row.takers:  # who does one seat needn't know of the other days
        own = [one for one in own if one.taker_id == actor.person_id]
    return OrderItem(
        row, own, status, private, row.created_by == actor.person_id, manages and status == "active"
    )


async def behind_cases(
    session: ReadSession, actor: Actor, case_ids: Sequence[UUID]
) -> dict[UUID, BehindCase]:
    """Return what is private of ordered cases, for those whose reader may see it: taker, orderer, desk."""
    if not case_ids:
        return {}
    return {
        one.case_id: one
        for one in await behind(session, actor.community_id, case_ids)
        if sees_order_privately(actor, one.created_by, [one.taker_id] if one.taker_id else [])
    }
