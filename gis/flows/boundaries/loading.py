"""From rows of the store to what the rooms work on: areas of a version, buildings, drafts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from gis.areas.checks import BuildingFacts
from gis.areas.columns import AreaRows
from gis.areas.editing import Cell, Draft, HousedBuildings
from gis.areas.nesting import with_parents
from gis.errors import NotFoundError
from gis.store import boundaries, drafts
from gis.store.drafts import DraftFacts
from gis.store.place_reading import CommunityHead, load_head
from gis.store.session import ReadSession
from gis.words import Level

LEVELS = (Level.COMMUNITY, Level.GRID, Level.MICRO_GRID, Level.COURTYARD)


async def head_of(session: ReadSession, community_id: str) -> CommunityHead:
    """Return a community's versions in force; raises ``community_unknown``."""
    head = await load_head(session, community_id)
    if head is None:
        raise NotFoundError(f"no community {community_id}", code="community_unknown", community=community_id)
    return head


async def version_areas(session: ReadSession, community_id: str, version: int) -> list[AreaRows]:
    """Return the areas of a version, one element a level; raises ``area_version_unknown``."""
    rows = await boundaries.areas_of_version(session, community_id, version)
    if not rows:
        raise NotFoundError(f"no version {version}", code="area_version_unknown", version=version)
    return [
        _columns(level, [row for row in rows if row.level == level.value])
        for level in LEVELS
        if any(row.level == level.value for row in rows)
    ]


async def with_levels_in_force(
    session: ReadSession, community_id: str, version: int, areas: Sequence[AreaRows]
) -> list[AreaRows]:
    """Return areas with the levels that aren't given as they are in force, each cell under its parent.

    Parameters
    ----------
    session, community_id, version
        The version in force.
    areas
        One element a level; EPSG:4326.
    """
    levels = {rows.level: rows for rows in await version_areas(session, community_id, version)}
    levels |= {rows.level: rows for rows in areas if len(rows)}
    whole, grids = levels[Level.COMMUNITY], levels[Level.GRID]
    if len(whole) == 1:
        levels[Level.COMMUNITY] = replace(whole, code=[community_id], parent_code=[None])
    levels[Level.GRID] = replace(grids, parent_code=[community_id] * len(grids))
    levels[Level.MICRO_GRID] = with_parents(levels[Level.MICRO_GRID], grids)
    return [levels[level] for level in LEVELS if level in levels]


def _columns(level: Level, rows: Sequence[Any]) -> AreaRows:
    return AreaRows(
        level=level,
        code=[row.code for row in rows],
        name=[row.name for row in rows],
        name_en=[row.name_en for row in rows],
        parent_code=[row.parent_code for row in rows],
        households=[row.households for row in rows],
        attributes=[row.attributes for row in rows],
        geometry=simple(_shapes(rows)),
    )


async def draft_at(session: ReadSession, community_id: str, draft: DraftFacts) -> Draft:
    """Return a draft's cells after the edit in force."""
    return await _draft(session, community_id, draft, draft.position)


async def draft_as_begun(session: ReadSession, community_id: str, draft: DraftFacts) -> Draft:
    """Return a draft's cells as it was begun."""
    return await _draft(session, community_id, draft, 0)


async def _draft(session: ReadSession, community_id: str, draft: DraftFacts, position: int) -> Draft:
    rows = await drafts.draft_cells(session, community_id, draft.draft_id, position)
    return Draft(
        Cell(
            Level(row.level),
            row.code,
            row.name,
            shape,
            row.name_en,
            row.parent_code,
            row.households,
            tuple(row.people),
            row.attributes,
        )
        for row, shape in zip(rows, simple(_shapes(rows)), strict=True)
    )


async def housed_buildings(session: ReadSession, community_id: str) -> HousedBuildings:
    """Return the buildings of a community with their stairwells and flats."""
    stored = await boundaries.buildings_to_check(session, community_id)
    row_of = {row.building_id: place for place, row in enumerate(stored.buildings)}
    doors = [row for row in stored.stairwells if row.building_id in row_of]
    facts = BuildingFacts(
        id=[str(row.building_id) for row in stored.buildings],
        geometry=_shapes(stored.buildings),
        stairwells=_shapes(doors),
        stairwell_building=np.array([row_of[row.building_id] for row in doors], dtype=np.int64),
    )
    return HousedBuildings(
        facts=facts,
        kind=[row.kind for row in stored.buildings],
        levels=_numbers(row.levels for row in stored.buildings),
        flats=_numbers(row.flats for row in stored.buildings),
        unit=[row.unit for row in doors],
        unit_flats=_numbers(row.flats for row in doors),
    )


def simple(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Return multipolygons of one part as polygons: areas are stored as multipolygons."""
    single = (shapely.get_type_id(shapes) == shapely.GeometryType.MULTIPOLYGON) & (
        shapely.get_num_geometries(shapes) == 1
    )
    return np.where(single, shapely.get_geometry(shapes, 0), shapes)


def _shapes(rows: Sequence[Any]) -> npt.NDArray[np.object_]:
    blobs = np.array([bytes(row.geom) for row in rows], dtype=object)
    return np.asarray(shapely.from_wkb(blobs), dtype=object).reshape(-1)


def _numbers(values: Any) -> npt.NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
