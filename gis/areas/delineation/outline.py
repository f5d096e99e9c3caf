"""From atoms to the polygons of cells: straight borders, buildings whole, one part each, no gap and no overlap."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from gis.areas.delineation.coverage import GRID_M, borders, cleaned, united
from gis.areas.delineation.parts import Parts
from gis.areas.delineation.request import Geometries, Integers

CUT_M2 = 0.05
"""A border that takes more than this from a building's part is moved."""


def outline_cells(
    plots: Geometries, cell: Integers, parts: Parts, part_cell: Integers, simplify_m: float
) -> Geometries:
    """Polygons of the cells, a valid coverage; every building part lies in its own cell."""
    polygons = united(plots, cell)
    if simplify_m > 0:
        polygons = shapely.coverage_simplify(polygons, simplify_m, simplify_boundary=False)
    polygons = _with_whole_parts(polygons, parts.polygons, part_cell)
    return _in_one_part(cleaned(shapely.set_precision(polygons, GRID_M, mode="pointwise")))


def foreign_pieces(cells: Geometries, parts: Geometries, part_cell: Integers) -> list[tuple[int, int, float]]:
    """Find building parts that reach into a cell which isn't theirs, as (part, cell, area)."""
    rows, others = shapely.STRtree(cells).query(parts, predicate="intersects")
    foreign = part_cell[rows] != others
    rows, others = rows[foreign], others[foreign]
    areas = shapely.area(shapely.intersection(parts[rows], cells[others]))
    return [
        (int(row), int(other), float(area))
        for row, other, area in zip(rows, others, areas, strict=True)
        if area > 0
    ]


def _with_whole_parts(cells: Geometries, parts: Geometries, part_cell: Integers) -> Geometries:
    """Move borders that cut a building's part around it."""
    result = shapely.set_precision(cells, GRID_M, mode="pointwise")
    for part, other, area in foreign_pieces(cells, parts, part_cell):
        if area <= CUT_M2:
            continue
        own = int(part_cell[part])
        footprint = shapely.set_precision(parts[part], GRID_M)
        result[own] = shapely.union(result[own], footprint, grid_size=GRID_M)
        result[other] = shapely.difference(result[other], footprint, grid_size=GRID_M)
    return result


def _in_one_part(cells: Geometries) -> Geometries:
    """Give what is cut off from a cell's largest part to the neighbour with the longest border."""
    pieces, owner = shapely.get_parts(cells, return_index=True)
    if len(pieces) == len(cells):
        return cells
    area = shapely.area(pieces)
    order = np.lexsort((-area, owner))
    main = order[np.unique(owner[order], return_index=True)[1]]
    settled = np.zeros(len(pieces), dtype=np.bool_)
    settled[main] = True
    left, right, length = borders(pieces)
    group = owner.astype(np.int64)
    while not settled.all():
        reach = np.flatnonzero(settled[left] != settled[right])
        if not len(reach):
            break
        edge = reach[int(np.argmax(length[reach]))]
        stray, target = (right[edge], left[edge]) if settled[left[edge]] else (left[edge], right[edge])
        group[stray] = group[target]
        settled[stray] = True
    return united(pieces, group)


def reading_order(polygons: Geometries) -> Integers:
    """Rows from the north, each from the west: the order in which people number areas on a map."""
    centres = shapely.centroid(polygons)
    x, y = shapely.get_x(centres), shapely.get_y(centres)
    height = float(np.sqrt(shapely.area(polygons).mean()))
    return np.lexsort((x, np.floor((y.max() - y) / height))).astype(np.int64)


def polsby_popper(polygons: Geometries) -> Any:
    """4 pi area / perimeter²: 1 for a circle, 0.79 for a square."""
    return 4 * np.pi * shapely.area(polygons) / shapely.length(polygons) ** 2
