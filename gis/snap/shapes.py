"""Polygons and lines as flat arrays: edges in blocks, and a raster that says which shapes are near."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Geometries = npt.NDArray[np.object_]

BLOCK = 16
"""So many edges share a box, so that of a ring with 50,000 corners only a few edges are looked at."""
SLOT_M = (12.0, 200.0)
"""Bounds of a slot's width."""
MOST_SLOTS = 4_000_000


class Shapes(NamedTuple):
    """Polygons or lines; metres. Boxes are west, south, east, north."""

    edges: Floats  # (n, 4): x and y of both ends; in the order of the shapes
    blocks: Floats  # (n, 4): boxes of runs of edges
    block_edge: Integers  # edges of block b are block_edge[b]:block_edge[b + 1]
    first: Integers  # blocks of shape s are first[s]:first[s + 1]
    boxes: Floats  # (n, 4) of the shapes
    corner_row: Integers  # row of the raster in which the box of a shape begins
    slot_first: Integers  # shapes of slot (row, column) are those from here on, row by row
    slot_shape: Integers
    slot_begins: Flags  # whether the box of that shape begins in this column
    west: float
    south: float
    slot_m: float
    columns: int
    rows: int
    closed: bool  # polygons


def edges_of(geometries: Geometries, *, closed: bool) -> tuple[Floats, Integers]:
    """Return the edges of all rings or lines, (n, 4), and the shape of each, in the order of the shapes."""
    kind = shapely.get_type_id(geometries)
    plain = shapely.GeometryType.POLYGON if closed else shapely.GeometryType.LINESTRING
    if len(geometries) and (kind == plain).all() and not shapely.get_num_interior_rings(geometries).any():
        corners, line = shapely.get_coordinates(geometries, return_index=True)
        shape = np.arange(len(geometries))
    else:
        singles, shape = shapely.get_parts(geometries, return_index=True)
        right = shapely.get_type_id(singles) == plain
        singles, shape = singles[right], shape[right]
        if closed:
            singles, single = shapely.get_rings(singles, return_index=True)
            shape = shape[single]
        corners, line = shapely.get_coordinates(singles, return_index=True)
    joined = line[1:] == line[:-1]
    edges = np.column_stack([corners[:-1][joined], corners[1:][joined]])
    return edges, shape[line[:-1][joined]].astype(np.int64, copy=False)


def shapes_of(geometries: Geometries, *, closed: bool) -> Shapes:
    """Return polygons or lines as arrays."""
    return pack(*edges_of(geometries, closed=closed), len(geometries), closed=closed)


def pack(edges: Floats, shape: Integers, count: int, *, closed: bool) -> Shapes:
    """Return edges in blocks, with the raster of their shapes.

    Parameters
    ----------
    edges, shape
        As `edges_of` returns them.
    count
        How many shapes there are; one may have no edges.
    """
    each = np.bincount(shape, minlength=count)
    begin = np.concatenate([[0], np.cumsum(each)])
    blocks_each = -(-each // BLOCK)
    first = np.concatenate([[0], np.cumsum(blocks_each)]).astype(np.int64)
    owner = np.arange(count).repeat(blocks_each)
    block_edge = begin[owner] + BLOCK * (np.arange(len(owner)) - first[owner])
    low = np.minimum(edges[:, :2], edges[:, 2:])
    high = np.maximum(edges[:, :2], edges[:, 2:])
    blocks = _boxes(low, high, block_edge)
    boxes = np.full((count, 4), np.nan)
    some = each > 0
    boxes[some] = _boxes(blocks[:, :2], blocks[:, 2:], first[:-1][some])
    raster = _raster(boxes, some)
    return Shapes(
        edges,
        blocks,
        np.append(block_edge, len(edges)).astype(np.int64),
        first,
        boxes,
        *raster,
        closed,
    )


def _boxes(low: Floats, high: Floats, start: Integers) -> Floats:
    """Return the boxes of runs of rows that begin at these."""
    if len(start) == 0:
        return np.empty((0, 4))
    return np.column_stack([np.minimum.reduceat(low, start), np.maximum.reduceat(high, start)])


def _raster(
    boxes: Floats, some: Flags
) -> tuple[Integers, Integers, Integers, Flags, float, float, float, int, int]:
    """Return the row in which each box begins, shapes by slot, and where the raster lies."""
    corner_row = np.zeros(len(boxes), dtype=np.int64)
    if not some.any():
        nothing = np.empty(0, dtype=np.int64)
        return corner_row, np.zeros(2, dtype=np.int64), nothing, nothing > 0, 0.0, 0.0, 1.0, 1, 1
    known = boxes[some]
    west, south = (float(each) for each in known[:, :2].min(axis=0))
    wide, high = (float(each) for each in known[:, 2:].max(axis=0) - (west, south))
    usual = float(np.median(np.maximum(known[:, 2] - known[:, 0], known[:, 3] - known[:, 1])))
    slot_m = max(
        min(max(usual, SLOT_M[0]), SLOT_M[1]), (wide * high / MOST_SLOTS) ** 0.5, wide / 1e6, high / 1e6
    )
    columns, rows = int(wide / slot_m) + 1, int(high / slot_m) + 1
    least = ((known[:, :2] - (west, south)) / slot_m).astype(np.int64)
    spread = ((known[:, 2:] - (west, south)) / slot_m).astype(np.int64) - least + 1
    corner_row[some] = least[:, 1]
    slots_each = spread[:, 0] * spread[:, 1]
    entry = np.arange(len(known)).repeat(slots_each)
    nth = np.arange(len(entry)) - (np.cumsum(slots_each) - slots_each)[entry]
    beside = nth % spread[entry, 0]
    column = least[entry, 0] + beside
    row = least[entry, 1] + nth // spread[entry, 0]
    slot = row * columns + column
    order = np.argsort(slot, kind="stable")
    slot_first = np.concatenate([[0], np.cumsum(np.bincount(slot, minlength=columns * rows))])
    slot_shape = np.flatnonzero(some)[entry[order]]
    begins = beside[order] == 0
    return corner_row, slot_first.astype(np.int64), slot_shape, begins, west, south, slot_m, columns, rows
