"""Counting what indicators are made of: a task once a minute, and before somebody looks."""

from __future__ import annotations

from gis.flows.work import OpenWork, Work
from gis.indicators.times import LAST_BUCKET
from gis.store import indicators
from gis.store.jobs import Task

EVERY_MINUTE = ("count_indicators",)
AT_ONCE = 100_000
BEFORE_A_LOOK = 4_000
"""So many events are counted while somebody waits; what is more is left to the task."""
MOST_ROUNDS = 50


async def count_indicators(work: Work, community_id: str, *, most: int = AT_ONCE) -> bool:
    """Count what has happened since the last time, in the caller's transaction.

    Parameters
    ----------
    work, community_id
        Where.
    most
        Events taken at once.

    Returns
    -------
    bool
        Whether there is more to be counted; False too where somebody else is counting.
    """
    found = await indicators.catch_up(
        work.session, community_id, now=work.clock.now(), most=most, last_bucket=LAST_BUCKET
    )
    return found is not None and found.behind


def bind_indicators(open_work: OpenWork) -> dict[str, Task]:
    """Return the tasks for ``gis.store.jobs.JobRunner``.

    Parameters
    ----------
    open_work
        Opens a unit of work that is committed when its block ends without an error.
    """

    async def count() -> None:
        async with open_work() as work:
            known = await indicators.communities(work.session)
        for community_id in known:
            for _ in range(MOST_ROUNDS):
                async with open_work() as work:
                    if not await count_indicators(work, community_id):
                        break

    return {"count_indicators": count}
