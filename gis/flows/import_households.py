"""Households of micro-grids, counted from flats where an office hasn't counted them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely

from gis.areas import AreaRows
from gis.flows.import_areas import ImportedAreas
from gis.streets import Buildings, Stairwells


def count_households(areas: ImportedAreas, buildings: Buildings, doors: Stairwells) -> ImportedAreas:
    """Return areas with households: as their files say; else flats by stairwell, else by building; else unknown."""
    if any(count is not None for count in areas.micro_grids.households):
        return areas
    shapes, flats = _flats(buildings, doors)
    if not flats:
        return areas
    cells = areas.micro_grids
    point, cell = shapely.STRtree(cells.geometry).query(shapes, predicate="intersects")
    _, first = np.unique(point, return_index=True)
    counts = np.bincount(cell[first], weights=np.array(flats)[point[first]], minlength=len(cells))
    micro_grids = replace(cells, households=[int(count) for count in counts])
    return replace(
        areas,
        micro_grids=micro_grids,
        grids=replace(areas.grids, households=[_of_grid(micro_grids, code) for code in areas.grids.code]),
        community=replace(areas.community, households=[int(counts.sum())]),
    )


def _flats(buildings: Buildings, doors: Stairwells) -> tuple[np.ndarray, list[int]]:
    """Return points with numbers of flats: doors, and buildings whose doors say nothing."""
    counted = {int(doors.building[row]) for row, flats in enumerate(doors.flats) if flats}
    points = [doors.geometry[row] for row, flats in enumerate(doors.flats) if flats]
    numbers = [flats for flats in doors.flats if flats]
    for row, flats in enumerate(buildings.flats):
        if flats and row not in counted:
            points.append(shapely.point_on_surface(buildings.geometry[row]))
            numbers.append(flats)
    return np.array(points, dtype=object), numbers


def _of_grid(cells: AreaRows, code: str) -> int:
    pairs = zip(cells.parent_code, cells.households, strict=True)
    return sum(count or 0 for parent, count in pairs if parent == code)
