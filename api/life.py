"""What the application lives on from its start to its end: connections, what it remembers, its jobs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

from fastapi import FastAPI

from api.chores import job_runner
from api.events import EventHub
from api.hearing import hearing_of
from api.metrics import Metrics
from api.parts import Parts
from api.warming import load_communities, prepare_photos
from gis.clock import Clock
from gis.flows.atlas import Atlas
from gis.flows.built_forms import BuiltForms
from gis.flows.rosters import Rosters
from gis.settings import Settings
from gis.store.jobs import ProcrastinateJobs
from gis.store.kept_files import KeptFiles
from gis.store.photo_bucket import photos_of
from gis.store.replica import replica_of
from gis.store.session import Database
from web.render import renderer

STOP_S = 12.0


def lifespan(
    settings: Settings, clock: Clock, metrics: Metrics, url: str, database: Database | None = None
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Return what opens the application's parts at its start and closes them at its end.

    Parameters
    ----------
    settings, clock, metrics
        What it is made with.
    url
        A migrated database.
    database
        A pool on it that is lent: open already, and still open afterwards. By default the application has its own.
    """

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        parts = parts_of(settings, clock, metrics, url, database)
        parts.rates = getattr(app.state, "rates", parts.rates)  # of all processes, where there are several
        app.state.parts = parts
        async with alive(parts, url, load_communities, lent=database is not None):
            photos_ready = asyncio.create_task(prepare_photos(parts), name="weiwang-photos")
            try:
                yield
            finally:
                photos_ready.cancel()

    return life


@asynccontextmanager
async def alive(
    parts: Parts, url: str, *begin: Callable[[Parts], Awaitable[None]], lent: bool = False
) -> AsyncIterator[None]:
    """Let parts hear of what other processes do and carry out jobs, where they are to; close them at the end.

    Parameters
    ----------
    parts, url
        As they come from ``parts_of``.
    *begin
        Done before the first job.
    lent
        Whether their pool is somebody else's.
    """
    hearing = hearing_of(parts, url)
    hearing.start()
    for do in begin:
        await do(parts)
    if parts.settings.run_jobs:
        parts.runner = job_runner(parts, url)
        parts.job_task = asyncio.create_task(parts.runner.run(), name="weiwang-jobs")
    try:
        yield
    finally:
        await hearing.stop()
        await _stop(parts, lent=lent)


def parts_of(
    settings: Settings, clock: Clock, metrics: Metrics, url: str, database: Database | None = None
) -> Parts:
    """Return the parts that carry effects; nothing is asked of the database yet.

    Parameters
    ----------
    settings, clock, metrics, url, database
        As for ``lifespan``.
    """
    database = database or Database(url, pool_size=settings.pool_size)
    return Parts(
        settings=settings,
        clock=clock,
        database=database,
        jobs=ProcrastinateJobs(),
        runner=None,
        atlas=Atlas(settings.memory.communities_mb * 1_000_000, settings.office, _forms_of(settings)),
        photos=photos_of(settings),
        renderer=renderer(),
        hub=EventHub(database),
        metrics=metrics,
        rosters=Rosters(settings.dispatch.roster_s),
        replica=replica_of(settings, database),
    )


def _forms_of(settings: Settings) -> BuiltForms | None:
    files = KeptFiles(settings.community_folder, settings.memory.built_mb * 1_000_000)
    return BuiltForms(files) if settings.memory.built_mb else None


async def _stop(parts: Parts, *, lent: bool) -> None:
    """End what the app began: streams, jobs under way, connections; a database that is gone holds nothing up.

    One that is lent is whoever lends it to look after.
    """
    if not lent:
        await parts.without_a_lost_database()
    await parts.hub.close()
    if parts.runner is not None and parts.job_task is not None:
        parts.runner.stop()
        with suppress(asyncio.CancelledError, Exception):
            await asyncio.wait_for(parts.job_task, timeout=STOP_S)
    if parts.replica is not None:
        await parts.replica.close()
    if not lent:
        await parts.database.close()
