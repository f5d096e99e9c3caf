"""Snapped columns as the words of the domain: what ``locate`` answers and a case stores."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import shapely

from gis.crs import from_wgs84, to_wgs84
from gis.settings import SnapSettings
from gis.snap.index import Areas, Named, PlaceIndex
from gis.snap.snapped import Snapped
from gis.snap.snapping import snap
from gis.words import Candidate, Datum, Place, PlaceRef, Position, PositionSource


def locate(index: PlaceIndex, position: Position, settings: SnapSettings | None = None) -> Place:
    """Return where a position lies.

    A pin or a plate marks the thing itself, a phone's fix the person who reports it.
    """
    return locate_all(index, [position], settings)[0]


def locate_all(
    index: PlaceIndex, positions: Sequence[Position], settings: SnapSettings | None = None
) -> list[Place]:
    """Return where positions lie, all of them snapped at once."""
    snapped = snap(
        index,
        [at.lon for at in positions],
        [at.lat for at in positions],
        np.array([at.accuracy_m for at in positions], dtype=np.float64),  # NaN for None
        np.array([at.heading_deg for at in positions], dtype=np.float64),
        pinned=[at.source in _PINNED for at in positions],
        settings=settings,
    )
    return [place_at(index, snapped, row, stated=at.stated_datum) for row, at in enumerate(positions)]


_PINNED = frozenset({PositionSource.PIN, PositionSource.PLATE})


def place_at(index: PlaceIndex, snapped: Snapped, row: int, *, stated: Datum = Datum.WGS84) -> Place:
    """Return one row as a place.

    Too far outside there is no place but perhaps a suggestion: the datum under which the position would be inside.

    Parameters
    ----------
    stated
        The datum in which the position was stated.
    """
    arrays = index.arrays
    if snapped.micro_grid[row] < 0:
        return Place(community=None, suggestion=_suggestion(index, snapped, row, stated))
    return Place(
        community=_ref(arrays.community, 0, snapped.outside_m[row], 1.0),
        grid=_ref(
            arrays.grids,
            snapped.grid[row],
            _grid_distance_m(index, snapped, row),
            snapped.grid_probability[row],
        ),
        micro_grid=_ref(
            arrays.micro_grids,
            snapped.micro_grid[row],
            snapped.micro_grid_m[row],
            snapped.micro_grid_probability[row],
        ),
        courtyard=_ref(arrays.courtyards, snapped.courtyard[row], snapped.courtyard_m[row], 1.0),
        building=_ref(
            arrays.buildings,
            snapped.building[row],
            snapped.building_m[row],
            snapped.building_probability[row],
        ),
        street=_ref(arrays.streets, snapped.street[row], snapped.street_m[row], 1.0),
        ambiguous=bool(snapped.ambiguous[row]),
        candidates=_candidates(index, snapped, row),
    )


def _ref(columns: Areas | Named, row: int, distance_m: float, probability: float) -> PlaceRef | None:
    if row < 0:
        return None
    return PlaceRef(
        id=columns.id[row],
        code=columns.code[row],
        name=columns.name[row],
        distance_m=round(0.0 if math.isnan(distance_m) else float(distance_m), 1),
        probability=round(min(float(probability), 1.0), 3),
    )


def _grid_distance_m(index: PlaceIndex, snapped: Snapped, row: int) -> float:
    """Return 0 where the point is in the grid answered, else metres to the micro-grid answered: not farther than that."""
    containing = snapped.containing[row]
    if containing >= 0 and index.cell_grid[containing] == snapped.grid[row]:
        return 0.0
    return float(snapped.micro_grid_m[row])


def _candidates(index: PlaceIndex, snapped: Snapped, row: int) -> tuple[Candidate, ...]:
    """Return the likely micro-grids with the likely building in each, when no single one is likely enough."""
    if not snapped.ambiguous[row]:
        return ()
    point = shapely.Point(snapped.x[row], snapped.y[row])
    found = []
    for column, cell in enumerate(snapped.candidate[row].tolist()):
        if cell < 0:
            continue
        building = int(snapped.candidate_building[row, column])
        away_m = float(shapely.distance(point, index.cells[cell]))
        micro_grid = _ref(index.arrays.micro_grids, cell, away_m, snapped.candidate_probability[row, column])
        assert micro_grid is not None  # noqa: S101 - cell is a row
        building_m = float(shapely.distance(point, index.buildings[building])) if building >= 0 else 0.0
        chance = snapped.candidate_building_probability[row, column]
        found.append(Candidate(micro_grid, _ref(index.arrays.buildings, building, building_m, chance)))
    return tuple(found)


def _suggestion(index: PlaceIndex, snapped: Snapped, row: int, stated: Datum) -> Datum | None:
    """Return the datum under which the stated degrees lie inside the community, None when none does."""
    lon, lat = float(snapped.lon[row]), float(snapped.lat[row])
    stated_lon, stated_lat = from_wgs84(lon, lat, stated)
    for datum in (Datum.GCJ02, Datum.WGS84, Datum.BD09):
        if datum is stated or (datum is Datum.WGS84 and stated is Datum.CGCS2000):
            continue
        x, y = index.metric.project(*to_wgs84(stated_lon, stated_lat, datum))
        if index.containing(np.array([x]), np.array([y]))[0] >= 0:
            return datum
    return None
