"""The demo community: loaded when the database holds none, cleared and loaded again where that was cut off."""

from __future__ import annotations

import asyncio
import shutil

from api.cli.community import reporter, shown_progress
from api.cli.frame import DEMO, desk, words
from api.cli.simulating import simulation_parts
from gis.errors import SetupError
from gis.flows.compiling import begin_beside, wait_until_done
from gis.flows.import_community import import_community
from gis.flows.import_request import ImportRequest
from gis.flows.residents.demo import seed_residents
from gis.flows.seed_people import PASSWORD as DEMO_PASSWORD
from gis.flows.seed_people import seed_people
from gis.flows.simulate import simulate
from gis.settings import Settings
from gis.store.demo import any_community, count_through, erase, mark_complete, unfinished_demo

__all__ = ["DEMO_PASSWORD", "ensure_demo"]


async def ensure_demo(settings: Settings, url: str, *, days: int = 365) -> bool:
    """See that there is a community: the demo, wholly loaded, where there is none.

    The mark of completion is set last. A start that finds a demo without it clears what there is of it and begins
    again, so that a kill in between leaves no half of a community.

    Parameters
    ----------
    settings, url
        Where photos and rows go.
    days
        How long a history is lived.

    Returns
    -------
    bool
        Whether it was loaded; False where some community was there.
    """
    async with desk(settings, url) as at:
        async with at.database.read() as session:
            unfinished = await unfinished_demo(session)
        if unfinished is not None:
            async with at.database.write() as write:
                await erase(write, unfinished)
            shutil.rmtree(settings.photo_folder / unfinished, ignore_errors=True)
        async with at.database.read() as session:
            if await any_community(session):
                return False
        if not DEMO.is_file():
            raise SetupError(
                f"the demo community's files are not at {DEMO.parent}", code="demo_files_missing"
            )
        compiling = begin_beside()
        request = ImportRequest.from_manifest(DEMO)
        with shown_progress() as progress:
            task = progress.add_task(words("载入示范社区"), total=1.0)
            await import_community(at.database, request, report=reporter(progress, task))
            async with at.work() as work:
                await seed_people(work, request.community_id)
                await seed_residents(work, request.community_id)
            async with at.database.write() as write:
                await count_through(write)
            await asyncio.to_thread(wait_until_done, compiling)
            await simulate(
                simulation_parts(at), request.community_id, days=days, report=reporter(progress, task)
            )
        async with at.database.write() as write:
            await mark_complete(write, request.community_id)
        return True
