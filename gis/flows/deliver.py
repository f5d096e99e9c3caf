"""Telling group robots: an outbox that is filled with what happens, and emptied by jobs, each message at most once.

Three steps, two transactions: the delivery is taken and that is committed; it is sent; what became of it is stored. A
worker that dies in between leaves a delivery that was perhaps sent, and such a one is never sent again. What was
certainly not taken (no connection, a refusal) is tried again, ever more seldom, and given up after six attempts.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

from gis.errors import InvalidInputError
from gis.flows.work import OpenWork, Work
from gis.notices import quiet, robots
from gis.notices.message import COUNTS, Message, Say
from gis.store import deliveries, notices
from gis.store.jobs import Task
from gis.words import Notice

EVERY_MINUTE = ("sweep_notices",)
AGAIN_S = (30, 120, 600, 1800, 3600)
"""How long after each attempt that failed the next one is made."""
LOST_S = 90
"""A delivery that is this late, or this long under way, has lost its job or its worker."""
NEWS_S = 86_400
SWEPT_AT_ONCE = 200


def bind_notices(open_work: OpenWork, say: Say) -> dict[str, Task]:
    """Return the tasks for ``gis.store.jobs.JobRunner``.

    Parameters
    ----------
    open_work
        Opens a unit of work that is committed when its block ends without an error.
    say
        Makes the sentence of a message.
    """

    async def deliver_one(community_id: str, delivery_id: str) -> None:
        await deliver(open_work, say, community_id, UUID(delivery_id))

    async def sweep() -> None:
        await sweep_notices(open_work, say)

    return {"deliver": deliver_one, "sweep_notices": sweep}


async def enqueue(work: Work, community_id: str, notice: Notice, dedup: str, around: notices.Around) -> None:
    """Store what robots are to be told of a notice, in the caller's transaction, with a job for each.

    Parameters
    ----------
    work, community_id, notice, dedup
        What is told.
    around
        Which robots hear of it, and the quiet hours.
    """
    now = work.clock.now()
    until = quiet.quiet_until(quiet.stored(around.quiet), now, around.timezone)
    due_at = now if until is None or notice.urgent else until
    counts = {name: value for name, value in notice.data.items() if name in COUNTS and isinstance(value, int)}
    new = await deliveries.enqueue(
        work.session,
        community_id,
        notice,
        around.robots,
        dedup=dedup,
        counts=counts,
        now=now,
        due_at=due_at,
    )
    for delivery_id in new:
        await _defer(work, community_id, delivery_id, due_at)


async def _defer(work: Work, community_id: str, delivery_id: UUID, at: datetime) -> None:
    await work.jobs.defer(
        work.session, "deliver", at=at, community_id=community_id, delivery_id=str(delivery_id)
    )


async def deliver(open_work: OpenWork, say: Say, community_id: str, delivery_id: UUID) -> None:
    """Send one message that is due; late, early, twice or by several workers at once it is sent once at most.

    Parameters
    ----------
    open_work, say
        As for ``bind_notices``.
    community_id, delivery_id
        Which.
    """
    async with open_work() as work:
        begun = await deliveries.begin(work.session, community_id, delivery_id, work.clock.now())
        settings = work.settings
    if begun is None:
        return
    text = say(message_of(begun, settings.public_url))
    try:
        target = robots.target(begun.robot_kind, begun.address, settings.robots.origins)
    except InvalidInputError as error:  # an origin that was allowed once
        outcome = robots.Outcome("refused", error.code)
    else:
        outcome = await asyncio.to_thread(robots.send, target, text)
    async with open_work() as work:
        await _settle(work, community_id, begun, outcome)


def message_of(begun: deliveries.Sending, public_url: str) -> Message:
    """Return what a chat group may know of a notice.

    Parameters
    ----------
    begun
        The delivery.
    public_url
        Address under which people reach the service; without one there is no link.
    """
    link = f"{public_url.rstrip('/')}/cases/{begun.case_id}" if public_url and begun.case_id else public_url
    return Message(
        begun.kind,
        begun.language,
        number=begun.number,
        category=begun.category,
        category_en=begun.category_en,
        grid_code=begun.grid_code,
        url=link,
        urgent=begun.urgent,
        counts=begun.counts,
    )


async def _settle(work: Work, community_id: str, begun: deliveries.Sending, outcome: robots.Outcome) -> None:
    now = work.clock.now()
    certain = outcome.state in {"refused", "unreached"}
    again = certain and begun.attempts <= len(AGAIN_S)
    due_at = None
    if again:
        due_at = now + timedelta(seconds=AGAIN_S[begun.attempts - 1])
        around = await notices.around(work.session, community_id, begun.kind)
        until = quiet.quiet_until(quiet.stored(around.quiet), due_at, around.timezone)
        due_at = due_at if until is None or begun.urgent else until
    state = "waiting" if again else "failed" if certain else outcome.state
    stored = await deliveries.settle(
        work.session, community_id, begun.delivery_id, state, now=now, error=outcome.detail, due_at=due_at
    )
    if stored and due_at is not None:
        await _defer(work, community_id, begun.delivery_id, due_at)


async def sweep_notices(open_work: OpenWork, say: Say) -> None:
    """Take up deliveries whose job was lost, give up those whose worker died.

    Parameters
    ----------
    open_work, say
        As for ``bind_notices``.
    """
    async with open_work() as work:
        now = work.clock.now()
        lost = now - timedelta(seconds=LOST_S)
        await deliveries.give_up(
            work.session, begun_before=lost, made_before=now - timedelta(seconds=NEWS_S), now=now
        )
        late = await deliveries.late(work.session, lost, SWEPT_AT_ONCE)
    for community_id, delivery_id in late:
        await deliver(open_work, say, community_id, delivery_id)
