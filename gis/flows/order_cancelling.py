"""Cancelling an order: one day of it, or all that is still to come, with a reason."""

from __future__ import annotations

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from gis.errors import ConflictError, NotFoundError
from gis.flows.cancel import cancel
from gis.flows.notify import notify
from gis.flows.texts import required
from gis.flows.work import Work
from gis.people.permissions import may_cancel_order
from gis.store import cases, orders
from gis.store.orders import Order, Seat
from gis.words import Actor, Notice, Status

STOPPABLE = frozenset({Status.OPEN, Status.OFFERED, Status.ACCEPTED, Status.REFERRED})
OVER = frozenset({Status.DONE, Status.CLOSED, Status.REJECTED, Status.CANCELLED})


async def cancel_order(
    work: Work, actor: Actor, order_id: UUID, reason: str, day: date | None = None
) -> None:
    """Cancel one day of an order, or all of it; who has accepted is told. Said again it changes nothing.

    Parameters
    ----------
    work, actor, order_id, reason
        Who cancels which order, and why.
    day
        Only this day; None: everything that is still to come. What somebody is already there for, or has done, goes on.

    Raises
    ------
    NotFoundError
        ``order_not_found``; ``order_day_unknown``: it doesn't come on that day.
    ConflictError
        ``order_under_way``: somebody is there already on that day.
    """
    said = required(reason, "reason", limit=500)
    order = await orders.lock(work.session, actor.community_id, order_id)
    if order is None or not may_cancel_order(actor, order.created_by):
        raise NotFoundError("no such order, or not one of yours", code="order_not_found")
    if day is None:
        if order.cancelled_at is not None:
            return
        await orders.end(
            work.session, actor.community_id, order_id, by=actor.person_id, reason=said, now=work.clock.now()
        )
    else:
        await _day_planned(work, actor.community_id, order, day)
    stopped = 0
    for seat in await orders.seats_of(work.session, actor.community_id, order_id, day=day):
        stopped += await _stop(work, actor, order, seat, said, alone=day is not None)
    if (day is None or stopped) and actor.person_id != order.created_by:
        data = {"order_id": str(order_id), "title": order.summary, "reason": said}
        notice = Notice("order_cancelled", [order.created_by], data=data, key=f"{order_id}:{day}")
        await notify(work, actor.community_id, notice)


async def _day_planned(work: Work, community_id: str, order: Order, day: date) -> None:
    """Make the seats of a day that is farther ahead than the keeper looks, so that they can be cancelled."""
    if not order.recurrence.comes_on(day):
        raise NotFoundError("it doesn't come on that day", code="order_day_unknown")
    window = order.hours.on(day, ZoneInfo(order.timezone))
    await orders.plan(work.session, community_id, order.order_id, [window], order.seats)


async def _stop(work: Work, actor: Actor, order: Order, seat: Seat, reason: str, *, alone: bool) -> bool:
    """Cancel one seat, and its case where it has one; tell whether there was anything to cancel."""
    if seat.state not in {"planned", "opened"}:
        return False
    if seat.case_id is not None:
        case = await cases.lock(work.session, actor.community_id, seat.case_id)
        if case is None or case.facts.status in OVER:
            return False
        if case.facts.status not in STOPPABLE:
            if alone:
                raise ConflictError("somebody is there already", code="order_under_way")
            return False
        await cancel(work, actor, seat.case_id, reason)
    await orders.set_seat(work.session, actor.community_id, order.order_id, seat, "cancelled", reason=reason)
    return True
