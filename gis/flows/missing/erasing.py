"""What was told of a missing person is erased so many days after the search, with a proof that holds nothing of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from gis.flows.missing.calling import SUBJECT
from gis.flows.work import OpenWork, Work
from gis.settings import Settings
from gis.store import erasures, missing, missing_erasing, subject_photos
from gis.store.jobs import Task
from gis.store.missing import Due
from gis.store.session import ReadSession

EVERY_MINUTE = ("sweep_missing",)
ERASED_AT_ONCE = 20


async def due_searches(
    session: ReadSession,
    settings: Settings,
    now: datetime,
    *,
    community_id: str | None = None,
    limit: int = 100,
) -> list[Due]:
    """Return the searches whose data would be erased by rule now; nothing is changed.

    Parameters
    ----------
    session, settings, now
        By which rule, when.
    community_id, limit
        Of one community only, and how many at most.
    """
    before = now - timedelta(days=settings.residents.missing_days)
    return await missing.due(session, before, community_id=community_id, limit=limit)


async def erase_searches(work: Work) -> int:
    """Erase some searches whose time is over, each with a proof; return how many.

    Parameters
    ----------
    work
        Of all communities.
    """
    now = work.clock.now()
    found = await due_searches(work.session, work.settings, now, limit=ERASED_AT_ONCE)
    for one in found:
        await erase_search(work, one, now)
    return len(found)


async def erase_search(work: Work, one: Due, now: datetime) -> None:
    """Erase what was told in a search, and where somebody was last seen, with a proof.

    Parameters
    ----------
    work, one, now
        Which, and when.
    """
    photos = await subject_photos.erase(work.session, one.community_id, SUBJECT, [one.missing_id])
    if await missing_erasing.erase(work.session, one.community_id, one.missing_id, now):
        await erasures.prove(
            work.session,
            one.community_id,
            SUBJECT,
            one.missing_id,
            at=now,
            actor_id=None,
            reason=f"ended {one.ended_at:%Y-%m-%d}",
            erased={"told": 1, "photos": photos},
            kept={"calls": {"n": 1, "why": "accountability"}},
        )


def bind_missing(open_work: OpenWork) -> dict[str, Task]:
    """Return the tasks for ``gis.store.jobs.JobRunner``.

    Parameters
    ----------
    open_work
        Opens a unit of work that is committed when its block ends without an error.
    """

    async def sweep() -> None:
        async with open_work() as work:
            await erase_searches(work)

    return {"sweep_missing": sweep}
