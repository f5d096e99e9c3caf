"""Parts for the events of the months to come are made by a task that each minute sees whether they are there."""

from __future__ import annotations

import structlog

from gis.flows.work import OpenWork
from gis.store.jobs import Task
from gis.store.months import make_months

EVERY_MINUTE = ("make_months",)

log = structlog.get_logger(__name__)


def bind_months(open_work: OpenWork) -> dict[str, Task]:
    """Return the tasks for ``gis.store.jobs.JobRunner``.

    Parameters
    ----------
    open_work
        Opens a unit of work that is committed when its block ends without an error.
    """

    async def make() -> None:
        async with open_work() as work:
            made = await make_months(work.session, work.clock.now())
        if made:
            log.info("months_made", parts=made)

    return {"make_months": make}
