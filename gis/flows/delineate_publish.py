"""What a delineation becomes: a draft to be edited, or at once the version in force."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from uuid import UUID

import numpy as np
import shapely

from gis.areas.columns import AreaRows
from gis.areas.editing import Key, draft_of
from gis.crs import MetricCrs, metric_crs
from gis.flows.boundaries.draft_state import DraftState
from gis.flows.boundaries.drafts import reassigned, start_draft
from gis.flows.boundaries.loading import head_of, version_areas
from gis.flows.boundaries.publish import Published, publish
from gis.flows.delineate import Drawn, community_of
from gis.flows.work import Work
from gis.store import boundaries
from gis.words import Actor, Level

PEOPLED = (Level.GRID, Level.MICRO_GRID)


async def draft_from_drawn(work: Work, actor: Actor, name: str, drawn: Drawn) -> DraftState:
    """Begin a draft from a delineation; people follow the place that they were responsible for.

    Parameters
    ----------
    work, actor, name
        Whose draft, and what it is called.
    drawn
        From ``gis.flows.delineate.draw``, of the same community.

    Raises
    ------
    InvalidInputError, NotAllowedError
        As ``start_draft``.
    """
    areas, people = await _complete(work, actor, drawn)
    return await start_draft(
        work, actor, name, areas, source="delineation", people=people, report=drawn.report_json()
    )


async def publish_drawn(work: Work, actor: Actor, drawn: Drawn, *, note: str) -> Published:
    """Put a delineation in force as the next version; people follow the place that they were responsible for.

    Parameters
    ----------
    work, actor
        Who.
    drawn
        From ``gis.flows.delineate.draw``, of the same community.
    note
        For the list of versions.

    Raises
    ------
    InvalidInputError, ConflictError, NotAllowedError
        As ``publish``.
    """
    areas, people = await _complete(work, actor, drawn)
    head = await head_of(work.session, actor.community_id)
    published = await publish(work, actor, areas, expected_version=head.area_version, note=note)
    stored = await boundaries.people_of_cells(work.session, actor.community_id)
    changed = reassigned(stored, draft_of(areas, people), stored)
    await boundaries.assign_people(work.session, actor.community_id, changed)
    return published


async def _complete(
    work: Work, actor: Actor, drawn: Drawn
) -> tuple[list[AreaRows], dict[Key, tuple[UUID, ...]]]:
    """Return all levels with the drawn ones in place of those in force, and who is responsible for which cell."""
    session, community_id = work.session, actor.community_id
    head = await head_of(session, community_id)
    old = await version_areas(session, community_id, head.area_version)
    stored = await boundaries.people_of_cells(session, community_id)
    people = await asyncio.to_thread(follow_places, old, drawn.areas, stored, metric_crs(head.metric_srid))
    whole = community_of(drawn.areas, community_id, head.name, head.name_en)
    yards = [rows for rows in old if rows.level is Level.COURTYARD]
    return [whole, *drawn.areas, *yards], people


def follow_places(
    old: Sequence[AreaRows],
    new: Sequence[AreaRows],
    people: Mapping[Key, tuple[UUID, ...]],
    metric: MetricCrs,
) -> dict[Key, tuple[UUID, ...]]:
    """Return who is responsible for new cells: everybody goes to the cell that covers most of the one they had.

    Parameters
    ----------
    old, new
        One element a level; EPSG:4326.
    people
        Of the old cells.
    metric
        In which areas are measured.
    """
    found: dict[Key, list[UUID]] = {}
    for level in PEOPLED:
        before = next((rows for rows in old if rows.level is level), None)
        after = next((rows for rows in new if rows.level is level), None)
        if before is None or after is None:
            continue
        was = metric.project_geometries(before.geometry)
        now = metric.project_geometries(after.geometry)
        left, right = shapely.STRtree(now).query(was, predicate="intersects")
        shared = shapely.area(shapely.intersection(was[left], now[right]))
        order = np.lexsort((right, -shared, left))
        first = order[np.unique(left[order], return_index=True)[1]]
        for row, cell in zip(left[first].tolist(), right[first].tolist(), strict=True):
            for person in people.get((level, before.code[row]), ()):
                found.setdefault((level, after.code[cell]), []).append(person)
    return {key: tuple(sorted(set(those))) for key, those in found.items()}
