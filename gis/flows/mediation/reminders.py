"""Reminding of sessions the day before, and of follow-ups on their day; a notice names the case and nobody else."""

from __future__ import annotations

import structlog

from gis.errors import WeiwangError
from gis.flows.notify import notify
from gis.flows.work import OpenWork, Work
from gis.mediation.rules import REMINDED_BEFORE
from gis.store import mediation
from gis.store.jobs import Task
from gis.store.mediation import Due
from gis.words import Notice

log = structlog.get_logger()
EVERY_MINUTE = ("sweep_mediation",)
SWEPT_AT_ONCE = 100


async def remind(work: Work, one: Due) -> None:
    """Remind who keeps and who mediates of a session or follow-up, once.

    Parameters
    ----------
    work, one
        Of what.
    """
    if await mediation.told(work.session, one, work.clock.now()):
        await notify(work, one.community_id, Notice(one.kind, one.people, one.case_id, key=str(one.entry_id)))


def bind_mediation(open_work: OpenWork) -> dict[str, Task]:
    """Return the tasks for ``gis.store.jobs.JobRunner``.

    Parameters
    ----------
    open_work
        Opens a unit of work that is committed when its block ends without an error.
    """

    async def sweep() -> None:
        async with open_work() as work:
            now = work.clock.now()
            near = await mediation.due(
                work.session, until=now + REMINDED_BEFORE, day=now.date(), limit=SWEPT_AT_ONCE
            )
        for one in near:
            try:
                async with open_work() as work:
                    await remind(work, one)
            except WeiwangError as error:  # the others are reminded all the same, this one again in a minute
                log.warning("mediation_not_reminded", case_id=str(one.case_id), code=error.code)

    return {"sweep_mediation": sweep}
