"""The keeper of an order: makes its seats some days ahead, and opens the case of each when its lead time begins.

All of it under the order's lock, and each step only where it has not been done: a keeper that comes late, twice, or at the
same time as another finds nothing left to do.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from gis.flows.notify import notify
from gis.flows.submit import ReportDraft, submit
from gis.flows.sweeping import each
from gis.flows.work import OpenWork, Work
from gis.orders.rules import PLANNED_DAYS
from gis.orders.windows import TimeWindow, release_at
from gis.recurrence import DAY, local_day
from gis.store import orders
from gis.store.jobs import Task
from gis.store.orders import Order, Seat
from gis.words import Notice, Position, PositionSource

EVERY_MINUTE = ("sweep_orders",)
SWEPT_AT_ONCE = 200


async def keep_order(work: Work, community_id: str, order_id: UUID) -> None:
    """Make the seats of the coming days, and open what is due.

    Parameters
    ----------
    work, community_id, order_id
        Which order; a cancelled one, or one that is looked at too early, is left alone.
    """
    order = await orders.lock(work.session, community_id, order_id)
    now = work.clock.now()
    if order is None or order.cancelled_at is not None or order.next_at is None or order.next_at > now:
        return
    horizon = min(order.recurrence.last, local_day(now, ZoneInfo(order.timezone)) + PLANNED_DAYS * DAY)
    await _plan(work, community_id, order, horizon)
    later: list[datetime] = []
    for seat in await orders.seats_of(work.session, community_id, order_id, state="planned"):
        at = release_at(TimeWindow(seat.starts_at, seat.ends_at), order.lead_s)
        if at > now:
            later.append(at)
        elif seat.ends_at <= now:
            await _miss(work, community_id, order, seat)
        else:
            await _open(work, community_id, order, seat)
    if horizon < order.recurrence.last:
        later.append(now + timedelta(days=1))
    await orders.set_next(work.session, community_id, order_id, horizon, min(later, default=None))


async def _plan(work: Work, community_id: str, order: Order, horizon: date) -> None:
    zone, until = ZoneInfo(order.timezone), order.planned_until
    windows = [
        order.hours.on(day, zone)
        for day in order.recurrence.days()
        if day <= horizon and (until is None or day > until)
    ]
    if windows:
        await orders.plan(work.session, community_id, order.order_id, windows, order.seats)


async def _open(work: Work, community_id: str, order: Order, seat: Seat) -> None:
    """File the case of a seat in the orderer's name; who has another seat of the day isn't asked."""
    taken: frozenset[UUID] = frozenset()
    if order.seats > 1:
        taken = await orders.takers(work.session, community_id, order.order_id, seat.day)
    draft = ReportDraft(
        id=uuid5(order.order_id, f"{seat.day.isoformat()}/{seat.seat}"),
        category=order.category,
        description=order.summary,
        position=Position(order.lon, order.lat, source=PositionSource(order.position_source)),
        source="order",
        separate=True,
        window=TimeWindow(seat.starts_at, seat.ends_at),
        not_to=taken,
    )
    actor = await orders.orderer(work.session, community_id, order.created_by)
    filed = await submit(work, actor, draft)
    await orders.set_seat(work.session, community_id, order.order_id, seat, "opened", case_id=filed.case_id)


async def _miss(work: Work, community_id: str, order: Order, seat: Seat) -> None:
    """Say that a seat's window went by while nobody kept the order: the service was off."""
    await orders.set_seat(work.session, community_id, order.order_id, seat, "missed")
    data = {"order_id": str(order.order_id), "title": order.summary}
    key = f"{order.order_id}:{seat.day}"
    await notify(work, community_id, Notice("order_missed", [order.created_by], data=data, key=key))


def bind_orders(open_work: OpenWork) -> dict[str, Task]:
    """Return the tasks for ``gis.store.jobs.JobRunner``.

    Parameters
    ----------
    open_work
        Opens a unit of work that is committed when its block ends without an error.
    """

    async def sweep() -> None:
        async with open_work() as work:
            waiting = await orders.due(work.session, work.clock.now(), limit=SWEPT_AT_ONCE)
        await each(open_work, waiting, keep_order)

    return {"sweep_orders": sweep}
