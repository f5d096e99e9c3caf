"""The place of a plate, exactly: nothing is estimated where the place itself was scanned."""

from __future__ import annotations

from uuid import UUID

import numpy as np

from gis.flows.community_atlas import CommunityAtlas
from gis.flows.plates import PlatePlace
from gis.plates import PlateKind
from gis.settings import SnapSettings
from gis.snap import locate
from gis.words import Place, PlaceRef


def locate_plate(atlas: CommunityAtlas, at: PlatePlace, settings: SnapSettings | None = None) -> Place:
    """Return exactly the place that a plate names, with the street nearest to it.

    Parameters
    ----------
    atlas
        The community.
    at
        From ``read_plate``.
    settings
        Thresholds; the defaults where None.

    Returns
    -------
    Place
        Building and micro-grid with probability 1 and distance 0. A door outside all micro-grids lies where its
        position does.
    """
    found = locate(atlas.places, at.position(), settings)
    cell = _cell_row(atlas, at)
    if cell < 0:
        return found
    index, arrays = atlas.places, atlas.places.arrays
    building = -1 if at.building_id is None else atlas.building_rows.get(at.building_id, -1)
    grid = int(index.cell_grid[cell]) if len(index.cell_grid) else -1
    yard = int(index.building_courtyard[building]) if building >= 0 else -1
    community = arrays.community
    return Place(
        community=_exactly(community.id, community.code, community.name, 0),
        grid=_exactly(arrays.grids.id, arrays.grids.code, arrays.grids.name, grid),
        micro_grid=_exactly(arrays.micro_grids.id, arrays.micro_grids.code, arrays.micro_grids.name, cell),
        courtyard=_exactly(arrays.courtyards.id, arrays.courtyards.code, arrays.courtyards.name, yard)
        or found.courtyard,
        building=_exactly(arrays.buildings.id, arrays.buildings.code, arrays.buildings.name, building),
        street=found.street,
    )


def _cell_row(atlas: CommunityAtlas, at: PlatePlace) -> int:
    """Return the row of the plate's micro-grid, -1 where it has none."""
    if at.plate.kind is PlateKind.MICRO_GRID:
        codes = atlas.places.arrays.micro_grids.code
        return codes.index(at.plate.place_id) if at.plate.place_id in codes else -1
    x, y = atlas.metric.project(np.array([at.lon]), np.array([at.lat]))
    return int(atlas.places.containing(x, y)[0])


def _exactly(ids: list[UUID], codes: list[str], names: list[str], row: int) -> PlaceRef | None:
    return None if row < 0 else PlaceRef(ids[row], codes[row], names[row], distance_m=0.0, probability=1.0)
