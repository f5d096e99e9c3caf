"""What is made ready before the first request comes, so that nobody waits for it."""

from __future__ import annotations

import gc

import structlog

from api.parts import Parts
from gis.errors import WeiwangError
from gis.intake import start_decoding
from gis.store.community_facts import communities

SELDOM = (5000, 20, 20)

log = structlog.get_logger(__name__)


async def load_communities(parts: Parts) -> None:
    """Hold the places and streets of the communities in memory, as many as are kept there.

    A database that doesn't answer yet is no reason not to start: they are loaded when they are first asked for.
    """
    try:
        async with parts.database.read() as session:
            for community in await communities(session):
                if not parts.atlas.has_room:
                    break
                await parts.atlas.get(session, community.id)
    except WeiwangError as error:
        log.warning("communities_not_loaded", code=error.code)


async def prepare_photos(parts: Parts) -> None:
    """Begin the decoders, and clear away what an interrupted upload left."""
    try:
        await start_decoding()
        await parts.photos.sweep()
    except WeiwangError as error:
        log.warning("photos_not_prepared", code=error.code)


def leave_in_peace() -> None:
    """Look for rubbish now, and then seldom: what was loaded stays, and what a request leaves is mostly gone by itself."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)
