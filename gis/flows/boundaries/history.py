"""Looking at versions and drafts."""

from __future__ import annotations

import asyncio

from gis.areas.compare import CellChange, compare_areas
from gis.crs import metric_crs
from gis.flows.boundaries.loading import head_of, version_areas
from gis.people.permissions import require
from gis.store import boundaries, drafts
from gis.store.boundaries import VersionFacts
from gis.store.drafts import DraftFacts
from gis.store.session import ReadSession
from gis.words import Actor


async def list_versions(session: ReadSession, actor: Actor) -> list[VersionFacts]:
    """Return the published versions, the latest first.

    Parameters
    ----------
    session, actor
        Whose community.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    """
    require(actor, "edit_boundaries")
    return await boundaries.versions(session, actor.community_id)


async def list_drafts(session: ReadSession, actor: Actor) -> list[DraftFacts]:
    """Return the drafts that can still be edited, the latest first.

    Parameters
    ----------
    session, actor
        Whose community.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    """
    require(actor, "edit_boundaries")
    return await drafts.open_drafts(session, actor.community_id)


async def compare_versions(
    session: ReadSession, actor: Actor, before: int, after: int
) -> tuple[CellChange, ...]:
    """Return which cells two versions add, remove and change, with their areas.

    Parameters
    ----------
    session, actor
        Whose community.
    before, after
        Versions.

    Raises
    ------
    NotFoundError
        ``area_version_unknown``.
    NotAllowedError
        ``not_allowed``.
    """
    require(actor, "edit_boundaries")
    head = await head_of(session, actor.community_id)
    old = await version_areas(session, actor.community_id, before)
    new = await version_areas(session, actor.community_id, after)
    return await asyncio.to_thread(compare_areas, old, new, metric_crs(head.metric_srid))
