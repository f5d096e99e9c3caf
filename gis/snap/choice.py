"""A place that a person names: what they say holds, what was estimated is kept beside it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import numpy as np
import shapely

from gis.errors import InvalidInputError
from gis.settings import SnapSettings
from gis.snap.index import Areas, Named, PlaceIndex
from gis.snap.shapes import Geometries
from gis.words import Candidate, Place, PlaceRef, Position


def choose(
    index: PlaceIndex, position: Position, found: Place, wanted: str, settings: SnapSettings | None = None
) -> Place:
    """Return the place that a person says it is, instead of the one that was estimated from the position.

    Parameters
    ----------
    index
        The community's places.
    position
        As stated with it; it stays what it is.
    found
        What ``locate`` answered for the position.
    wanted
        Id of a building, or id or code of a micro-grid: one of the candidates, or within ``settings.choice_m``.
    settings
        The defaults where None.

    Returns
    -------
    Place
        Certain, for a person has said it: ``chosen`` names what they chose, and ``candidates`` what was estimated.

    Raises
    ------
    InvalidInputError
        ``choice_unknown``: no such building or micro-grid; ``choice_too_far``.
    """
    arrays = index.arrays
    cell = _row(arrays.micro_grids, wanted, by_code=True)
    by_cell = cell >= 0
    building, cell = _with_building(index, found, cell) if by_cell else _with_cell(index, found, wanted)
    x, y = index.metric.project(position.lon, position.lat)
    point = shapely.Point(float(x), float(y))
    cell_m = _away_m(point, index.cells, cell)
    building_m = _away_m(point, index.buildings, building)
    micro_grid = _stated(arrays.micro_grids, cell, cell_m)
    house = _stated(arrays.buildings, building, building_m)
    named, away_m = (micro_grid, cell_m) if by_cell else (house, building_m)
    assert named is not None  # noqa: S101 - its row was found
    limit_m = (settings or SnapSettings()).choice_m
    if away_m > limit_m and not any(named.id in _ids(one) for one in found.candidates):
        raise InvalidInputError(
            "the place that was chosen is far away",
            code="choice_too_far",
            field="chosen_place",
            distance_m=round(away_m),
            limit_m=round(limit_m),
        )
    grid = int(index.cell_grid[cell]) if cell >= 0 and len(index.cell_grid) else -1
    yard = int(index.building_courtyard[building]) if building >= 0 else -1
    return replace(
        found,
        community=found.community or _stated(arrays.community, 0, 0.0),
        grid=_stated(arrays.grids, grid, cell_m),
        micro_grid=micro_grid,
        courtyard=_stated(arrays.courtyards, yard, 0.0),
        building=house,
        ambiguous=False,
        candidates=found.candidates or _estimated(found),
        suggestion=None,
        chosen=named.id,
    )


def _with_building(index: PlaceIndex, found: Place, cell: int) -> tuple[int, int]:
    """Return the building that was shown with a micro-grid, -1 where none was."""
    code = index.arrays.micro_grids.code[cell]
    shown = next((one.building for one in found.candidates if one.micro_grid.code == code), None)
    return (-1 if shown is None else _row(index.arrays.buildings, str(shown.id))), cell


def _with_cell(index: PlaceIndex, found: Place, wanted: str) -> tuple[int, int]:
    """Return a building with its micro-grid: the likeliest of the candidates, else the one that holds most of it."""
    building = _row(index.arrays.buildings, wanted)
    if building < 0:
        raise InvalidInputError("no such building or micro-grid", code="choice_unknown", field="chosen_place")
    sure = index.arrays.buildings.id[building]
    shown = next((one for one in found.candidates if one.building and one.building.id == sure), None)
    if shown is not None:
        return building, _row(index.arrays.micro_grids, shown.micro_grid.code, by_code=True)
    parts = np.flatnonzero(index.facades.building == building)
    return building, int(index.facades.cell[parts[np.argmax(index.facades.area_m2[parts])]])


def _row(columns: Areas | Named, wanted: str, *, by_code: bool = False) -> int:
    """Return the row of an id, or of a code, -1 where there is none."""
    try:
        return columns.id.index(UUID(wanted))
    except ValueError:
        return columns.code.index(wanted) if by_code and wanted in columns.code else -1


def _away_m(point: shapely.Point, shapes: Geometries, row: int) -> float:
    return float(shapely.distance(point, shapes[row])) if row >= 0 else 0.0


def _ids(one: Candidate) -> tuple[UUID, ...]:
    return (one.micro_grid.id,) if one.building is None else (one.micro_grid.id, one.building.id)


def _estimated(found: Place) -> tuple[Candidate, ...]:
    """Return what was estimated where it was not in doubt."""
    return () if found.micro_grid is None else (Candidate(found.micro_grid, found.building),)


def _stated(columns: Areas | Named, row: int, distance_m: float) -> PlaceRef | None:
    if row < 0:
        return None
    return PlaceRef(
        columns.id[row], columns.code[row], columns.name[row], round(distance_m, 1), probability=1.0
    )
