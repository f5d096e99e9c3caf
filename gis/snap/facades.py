"""Facades: the outer edges of buildings, each belonging to a building and a micro-grid.

A long building is shared by two micro-grids: their border runs along the wall between two stairwells. Its footprint is
cut there, so that each part, with its own doors, counts for its own micro-grid. Walls between the parts, and walls that
two houses share, are no facades.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gis.snap.shapes import Flags, Floats, Geometries, Integers, Shapes, edges_of, pack

SMALLEST_SHARE = 0.05
"""A micro-grid that holds less of a building than this has no part of it: borders are drawn a little beside walls."""
PARTY_WALL_M = 0.5


@dataclass(frozen=True, slots=True)
class Facades:
    """Parts of buildings and their outer edges; metres."""

    building: Integers  # of each part
    cell: Integers  # of each part; -1: there are no micro-grids
    shapes: Shapes
    edges: Floats  # (n, 4) of each edge: unit vector along it, outside is to its right; length; 0 where it is no facade
    area_m2: Floats  # of each part
    facade_m: Floats  # all facades of a part together


def cut_facades(buildings: Geometries, cells: Geometries, cell_tree: shapely.STRtree) -> Facades:
    """Return the parts of buildings by micro-grid, with their facades."""
    building, cell, parts = _parts(buildings, cells, cell_tree)
    parts = np.asarray(shapely.orient_polygons(parts), dtype=object).reshape(-1)
    edges, owner = edges_of(parts, closed=True)
    step = edges[:, 2:] - edges[:, :2]
    length_m = np.hypot(step[:, 0], step[:, 1])
    along = step / np.maximum(length_m, 1e-9)[:, None]
    look = np.flatnonzero(_touching(buildings, building)[building[owner]])
    middle = edges[look, :2] + step[look] / 2.0
    beside = middle + PARTY_WALL_M * np.column_stack([along[look, 1], -along[look, 0]])
    free = np.ones(len(edges))
    free[look[_covered(beside, buildings)]] = 0.0
    facade_m = np.bincount(owner, weights=length_m * free, minlength=len(parts))
    return Facades(
        building=building,
        cell=cell,
        shapes=pack(edges, owner, len(parts), closed=True),
        edges=np.column_stack([along, length_m, free]),
        area_m2=np.maximum(shapely.area(parts), 1.0),
        facade_m=facade_m.astype(np.float64, copy=False),
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
    lost = np.ones(len(buildings), dtype=np.bool_)
    lost[building] = False
    outside = np.flatnonzero(lost)
    near = np.asarray(cell_tree.nearest(buildings[outside]), dtype=np.int64).reshape(-1)
    owner = np.concatenate([building[keep], outside])
    place = np.concatenate([cell[keep], near])
    shapes = np.concatenate([polygons[keep], buildings[outside]])
    order = np.lexsort((place, owner))
    return owner[order], place[order], shapes[order]


def _touching(buildings: Geometries, building: Integers) -> Flags:
    """Tell which buildings are cut or stand wall to wall: only their edges may be no facades."""
    touching = np.bincount(building, minlength=len(buildings)) > 1
    one, other = shapely.STRtree(buildings).query(buildings, predicate="dwithin", distance=PARTY_WALL_M)
    touching[one[one != other]] = True
    return touching


def _covered(points: Floats, buildings: Geometries) -> Flags:
    """Tell which points lie inside a building."""
    covered = np.zeros(len(points), dtype=np.bool_)
    if len(points):
        hits, _ = shapely.STRtree(buildings).query(np.asarray(shapely.points(points)), predicate="within")
        covered[hits] = True
    return covered
