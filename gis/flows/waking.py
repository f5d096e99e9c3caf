"""Having waiting cases looked at again, whenever somebody becomes free or a case can't be offered at once."""

from __future__ import annotations

from datetime import datetime

from gis.flows.work import Work
from gis.store import matching


async def wake(
    work: Work, community_id: str, *, at: datetime | None = None, waits: bool | None = None
) -> None:
    """Have all waiting cases of a community and all free responders solved together, if any case waits.

    The job is of this transaction: it sees what was changed. Jobs that pile up are carried out as one.

    Parameters
    ----------
    work, community_id
        Where something has changed.
    at
        Not before this moment; None: at once.
    waits
        Whether a case waits, where that has just been read; None: to be read.
    """
    work.rosters.forget(community_id)
    if waits is None:
        waits = await matching.any_waiting(work.session, community_id)
    if waits:
        await work.jobs.defer(work.session, "match_waiting", at=at, community_id=community_id)
