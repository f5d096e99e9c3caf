"""Ordered files are written in the background, with progress; files past their time are removed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from gis.errors import WeiwangError
from gis.exports.files import Format
from gis.exports.frames import OutputDatum
from gis.flows.exports import layers
from gis.flows.exports.layers import Layer, Selection, Source
from gis.flows.exports.orders import path_of
from gis.flows.exports.writing import Draft, Say, folder_at, write
from gis.flows.work import OpenWork
from gis.store import exports, sessions
from gis.store.jobs import Task

EVERY_MINUTE = ("sweep_exports",)
SWEPT_AT_ONCE = 100
LOST_S = 120.0


class CancelledExport(Exception):  # noqa: N818 - not an error: somebody has changed their mind
    """Nobody waits for the file any more."""


def bind_exports(open_work: OpenWork, source: Source, say: Say) -> dict[str, Task]:
    """Return the tasks for ``gis.store.jobs.JobRunner``.

    Parameters
    ----------
    open_work, source
        Opens a unit of work; where rows come from.
    say
        Words for sheets.
    """

    async def write_one(community_id: str, export_id: str) -> None:
        await write_export(open_work, source, say, community_id, UUID(export_id))

    async def sweep() -> None:
        await sweep_exports(open_work)

    return {"write_export": write_one, "sweep_exports": sweep}


async def write_export(
    open_work: OpenWork, source: Source, say: Say, community_id: str, export_id: UUID
) -> None:
    """Write an ordered file with the rights that who ordered it has now; again from the start after a crash.

    Parameters
    ----------
    open_work, source, say
        As for ``bind_exports``.
    community_id, export_id
        Which.
    """
    async with open_work() as work:
        found = await exports.find(work.session, community_id, export_id)
        if found is None or found.state not in exports.OPEN:
            return
        actor = await sessions.actor_of(work.session, community_id, found.ordered_by)
        settings, now = work.settings, work.clock.now()
        if actor is None:
            await exports.fail(work.session, community_id, export_id, "not_allowed", now)
            return
        order = Selection(found.filters).order(Layer(found.layer), now)
        total = await layers.count_rows(work.session, actor, order, source.streets)
        await exports.begin(work.session, community_id, export_id, total=total, now=now)
    target = path_of(settings, found)
    part = folder_at(target.parent) / f"{export_id}.part"
    draft = Draft(order, Format(found.format), OutputDatum(found.datum), found.language)

    async def advance(rows: int) -> None:
        async with open_work() as work:
            if not await exports.advance(work.session, community_id, export_id, rows):
                raise CancelledExport

    try:
        rows = await write(source, actor, draft, say, part, advance=advance)
        size = part.stat().st_size
        await asyncio.to_thread(_keep, part, target)
        async with open_work() as work:
            now = work.clock.now()
            until = now + timedelta(hours=settings.exports.keep_h)
            finished = await exports.finish(
                work.session, community_id, export_id, rows=rows, size=size, now=now, until=until
            )
        if not finished:
            target.unlink(missing_ok=True)
    except CancelledExport:
        pass
    except WeiwangError as error:
        async with open_work() as work:
            await exports.fail(work.session, community_id, export_id, error.code, work.clock.now())
    finally:
        part.unlink(missing_ok=True)


def _keep(part: Path, target: Path) -> None:
    """Put a whole file under its name for good."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(target)


async def sweep_exports(open_work: OpenWork) -> None:
    """Remove files past their time and files of nobody, and take up orders whose job was lost.

    Parameters
    ----------
    open_work
        As for ``bind_exports``.
    """
    async with open_work() as work:
        now, settings = work.clock.now(), work.settings
        gone = await exports.expire(work.session, now, limit=SWEPT_AT_ONCE)
        for community_id, export_id in await exports.lost(
            work.session, now - timedelta(seconds=LOST_S), limit=SWEPT_AT_ONCE
        ):
            await work.jobs.defer(
                work.session, "write_export", community_id=community_id, export_id=str(export_id)
            )
    for one in gone:
        path_of(settings, one).unlink(missing_ok=True)
    await asyncio.to_thread(_sweep_folder, settings.export_folder, settings.exports.keep_h)


def _sweep_folder(folder: Path, keep_h: float) -> None:
    """Remove what a crash left behind: anything older than files are kept."""
    oldest = time.time() - (keep_h + 1) * 3600
    for path in folder.glob("**/*.*"):
        with contextlib.suppress(FileNotFoundError):
            if path.is_file() and path.stat().st_mtime < oldest:
                path.unlink()
