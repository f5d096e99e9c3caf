"""Looking at versions and drafts."""

from __future__ import annotations

import asyncio
from uuid import UUID

from gis.areas.compare import CellChange, compare_areas
from gis.areas.editing import Draft, draft_of
from gis.crs import metric_crs
from gis.flows.boundaries.draft_state import facts_of
from gis.flows.boundaries.loading import draft_at, head_of, version_areas
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
    require(actor, "read_boundaries")
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
    require(actor, "read_boundaries")
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
    require(actor, "read_boundaries")
    head = await head_of(session, actor.community_id)
    old = await version_areas(session, actor.community_id, before)
    new = await version_areas(session, actor.community_id, after)
    return await asyncio.to_thread(compare_areas, old, new, metric_crs(head.metric_srid))


async def compare_draft(session: ReadSession, actor: Actor, draft_id: UUID) -> tuple[CellChange, ...]:
    """Return what publishing a draft would add, remove and change in the version in force.

    Parameters
    ----------
    session, actor, draft_id
        Which draft of the actor's community.

    Raises
    ------
    NotFoundError
        ``draft_not_found``.
    NotAllowedError
        ``not_allowed``.
    """
    require(actor, "read_boundaries")
    facts = await facts_of(session, actor, draft_id)
    head = await head_of(session, actor.community_id)
    old = await version_areas(session, actor.community_id, head.area_version)
    new = (await draft_at(session, actor.community_id, facts)).areas
    return await asyncio.to_thread(compare_areas, old, new, metric_crs(head.metric_srid))


async def read_version(session: ReadSession, actor: Actor, version: int | None = None) -> tuple[int, Draft]:
    """Return a version's number and its cells with the people who are responsible now.

    Parameters
    ----------
    session, actor
        Whose community.
    version
        None: the one in force.

    Raises
    ------
    NotFoundError
        ``area_version_unknown``.
    NotAllowedError
        ``not_allowed``.
    """
    require(actor, "read_boundaries")
    wanted = version or (await head_of(session, actor.community_id)).area_version
    areas = await version_areas(session, actor.community_id, wanted)
    return wanted, draft_of(areas, await boundaries.people_of_cells(session, actor.community_id))
