"""Facades: the outer edges of buildings, each belonging to a building and a micro-grid.

A long building is shared by two micro-grids: their border runs along the wall between two stairwells. Its footprint is
cut there, so that each part, with its own doors, counts for its own micro-grid. Walls between the parts, and walls that
two houses share, are no facades.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Geometries = npt.NDArray[np.object_]

SMALLEST_SHARE = 0.05
"""A micro-grid that holds less of a building than this has no part of it: borders are drawn a little beside walls."""
PARTY_WALL_M = 0.5


@dataclass(frozen=True, slots=True)
class Facades:
    """Parts of buildings and their outer edges; metres."""

    parts: Geometries
    tree: shapely.STRtree
    building: Integers  # of each part
    cell: Integers  # of each part; -1: in no micro-grid
    first: Integers  # edges of part p are first[p]:first[p + 1]
    x: Floats  # where an edge begins
    y: Floats
    along_x: Floats  # unit vector along it; outside is to its right
    along_y: Floats
    length_m: Floats
    outlines: Geometries  # of each part
    area_m2: Floats
    facade_m: Floats  # all edges of a part together


def cut_facades(buildings: Geometries, cells: Geometries, cell_tree: shapely.STRtree) -> Facades:
    """Return the parts of buildings by micro-grid, with their facades."""
    building, cell, parts = _parts(buildings, cells, cell_tree)
    parts = np.asarray(shapely.orient_polygons(parts), dtype=object).reshape(-1)
    start, end, owner = _edges(parts)
    step = end - start
    length_m = np.hypot(step[:, 0], step[:, 1])
    keep = length_m > 1e-6  # noqa: PLR2004
    start, step, length_m, owner = start[keep], step[keep], length_m[keep], owner[keep]
    along = step / length_m[:, None]
    middle = start + step / 2.0 + PARTY_WALL_M * np.column_stack([along[:, 1], -along[:, 0]])
    free = ~_covered(middle, owner, building, buildings)
    start, along, length_m, owner = start[free], along[free], length_m[free], owner[free]
    first = np.searchsorted(owner, np.arange(len(parts) + 1)).astype(np.int64)
    return Facades(
        parts=parts,
        tree=shapely.STRtree(parts),
        building=building,
        cell=cell,
        first=first,
        x=start[:, 0].copy(),
        y=start[:, 1].copy(),
        along_x=along[:, 0].copy(),
        along_y=along[:, 1].copy(),
        length_m=length_m,
        outlines=np.asarray(shapely.boundary(parts), dtype=object).reshape(-1),
        area_m2=np.maximum(shapely.area(parts), 1.0),
        facade_m=np.bincount(owner, weights=length_m, minlength=len(parts)).astype(np.float64, copy=False),
    )


def _parts(
    buildings: Geometries, cells: Geometries, cell_tree: shapely.STRtree
) -> tuple[Integers, Integers, Geometries]:
    """Return building, micro-grid and polygon of every part."""
    everything = np.arange(len(buildings))
    if len(buildings) == 0 or len(cells) == 0:
        return everything, np.full(len(buildings), -1), buildings
    building, cell = cell_tree.query(buildings, predicate="intersects")
    alone = np.bincount(building, minlength=len(buildings))[building] == 1
    share = np.ones(len(building))
    shared = np.flatnonzero(~alone)
    cut = np.asarray(shapely.intersection(buildings[building[shared]], cells[cell[shared]]), dtype=object)
    share[shared] = shapely.area(cut) / shapely.area(buildings[building[shared]])
    largest = np.zeros(len(buildings))
    np.maximum.at(largest, building, share)
    keep = (share >= SMALLEST_SHARE) | (share >= largest[building])
    whole = share >= 1.0 - SMALLEST_SHARE
    polygons = buildings[building]
    polygons[shared] = np.where(whole[shared], polygons[shared], cut)
    outside = np.setdiff1d(everything, building)
    near = np.asarray(cell_tree.nearest(buildings[outside]), dtype=np.int64).reshape(-1)
    owner = np.concatenate([building[keep], outside])
    place = np.concatenate([cell[keep], near])
    shapes = np.concatenate([polygons[keep], buildings[outside]])
    order = np.lexsort((place, owner))
    return owner[order], place[order], shapes[order]


def _edges(parts: Geometries) -> tuple[Floats, Floats, Integers]:
    """Return beginnings and ends of all edges of all rings, and the part of each, in the order of the parts."""
    rings, owner = shapely.get_rings(_polygons(parts)[0], return_index=True)
    owner = _polygons(parts)[1][owner]
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    inside = ring[1:] == ring[:-1]
    return coordinates[:-1][inside], coordinates[1:][inside], np.asarray(owner[ring[:-1][inside]])


def _polygons(parts: Geometries) -> tuple[Geometries, Integers]:
    singles, owner = shapely.get_parts(parts, return_index=True)
    polygonal = shapely.get_type_id(singles) == shapely.GeometryType.POLYGON
    return singles[polygonal], owner[polygonal]


def _covered(
    points: Floats, part: Integers, building: Integers, buildings: Geometries
) -> npt.NDArray[np.bool_]:
    """Tell which points beside edges lie inside a building: only edges of cut or touching buildings need a look."""
    covered = np.zeros(len(points), dtype=np.bool_)
    if len(points) == 0:
        return covered
    tree = shapely.STRtree(buildings)
    one, other = tree.query(buildings, predicate="dwithin", distance=PARTY_WALL_M)
    touching = np.zeros(len(buildings), dtype=np.bool_)
    touching[one[one != other]] = True
    touching |= np.bincount(building, minlength=len(buildings)) > 1
    look = np.flatnonzero(touching[building[part]])
    hits, _ = tree.query(np.asarray(shapely.points(points[look])), predicate="within")
    covered[look[hits]] = True
    return covered
