"""Faces and plates are blurred a minute after a photo has come, where the operator wants it; originals stay as they are."""

from __future__ import annotations

import asyncio

from gis.errors import NotFoundError
from gis.flows.work import OpenWork, Work
from gis.intake.blurring import blur
from gis.store import blurring
from gis.store.jobs import Task

EVERY_MINUTE = ("blur_photos",)
AT_ONCE = 20


async def blur_some(work: Work, *, limit: int = AT_ONCE) -> int:
    """Blur faces and plates in some photos in which nobody has looked yet; return in how many it was looked.

    Parameters
    ----------
    work, limit
        Of all communities, and how many at most.
    """
    found = await blurring.to_blur(work.session, limit=limit)
    for one in found:
        try:
            view = await work.photos.read(one.community_id, one.sha256, "view")
        except NotFoundError:
            continue  # erased meanwhile
        done = await asyncio.to_thread(blur, view, work.settings.photo)
        if done.places:
            await work.photos.replace_renditions(one.community_id, one.sha256, done.view, done.thumb)
    await blurring.blurred(work.session, found, work.clock.now())
    return len(found)


def bind_blurring(open_work: OpenWork) -> dict[str, Task]:
    """Return the tasks for ``gis.store.jobs.JobRunner``.

    Parameters
    ----------
    open_work
        Opens a unit of work that is committed when its block ends without an error.
    """

    async def blur() -> None:
        while True:
            async with open_work() as work:
                if not work.settings.photo.blurs or await blur_some(work) < AT_ONCE:
                    return

    return {"blur_photos": blur}
