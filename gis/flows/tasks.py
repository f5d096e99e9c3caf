"""What background jobs do: each name with its flow, in a unit of work of its own.

The service gives ``open_work``; ``sweep`` is run once a minute and finds what a lost job would have left behind.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from uuid import UUID

from gis.flows.climb import look_after
from gis.flows.expire_offer import expire_offer
from gis.flows.offer_case import offer_case
from gis.flows.work import Work
from gis.store import offers
from gis.store.jobs import Task

OpenWork = Callable[[], AbstractAsyncContextManager[Work]]
EVERY_MINUTE = ("sweep",)
SWEPT_AT_ONCE = 200


def bind(open_work: OpenWork) -> dict[str, Task]:
    """Return the tasks for ``gis.store.jobs.JobRunner``.

    Parameters
    ----------
    open_work
        Opens a unit of work that is committed when its block ends without an error.
    """

    async def offer(community_id: str, case_id: str) -> None:
        async with open_work() as work:
            await offer_case(work, community_id, UUID(case_id))

    async def expire(community_id: str, offer_id: str) -> None:
        async with open_work() as work:
            await expire_offer(work, community_id, UUID(offer_id))

    async def sweep_all() -> None:
        await sweep(open_work)

    return {"offer_case": offer, "expire_offer": expire, "sweep": sweep_all}


async def sweep(open_work: OpenWork) -> None:
    """End offers past their time and look after open cases, each in a transaction of its own.

    Parameters
    ----------
    open_work
        As for ``bind``.
    """
    async with open_work() as work:
        past = await offers.overdue(work.session, work.clock.now(), limit=SWEPT_AT_ONCE)
        waiting = await offers.waiting(work.session, limit=SWEPT_AT_ONCE)
    for community_id, offer_id in past:
        async with open_work() as work:
            await expire_offer(work, community_id, offer_id)
    for community_id, case_id in waiting:
        async with open_work() as work:
            await look_after(work, community_id, case_id)
