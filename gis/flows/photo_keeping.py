"""Photos whose transaction never committed are taken away, and what a write that was cut off has left: once an hour."""

from __future__ import annotations

from gis.flows.attach_photo import remove_left_over_photos
from gis.flows.work import OpenWork
from gis.store.community_facts import communities
from gis.store.jobs import Task

HOURLY = ("keep_photos",)


def bind_photos(open_work: OpenWork) -> dict[str, Task]:
    """Return the task for ``gis.store.jobs.JobRunner``.

    Parameters
    ----------
    open_work
        Opens a unit of work that is committed when its block ends without an error.
    """

    async def keep() -> None:
        await keep_photos_tidy(open_work)

    return {"keep_photos": keep}


async def keep_photos_tidy(open_work: OpenWork) -> int:
    """Remove what no row names and what is half written; return how many photos.

    Parameters
    ----------
    open_work
        As for ``bind_photos``.
    """
    async with open_work() as work:
        await work.photos.sweep()
        known = await communities(work.session)
    count = 0
    for community in known:
        async with open_work() as work:
            count += await remove_left_over_photos(work, community.id)
    return count
