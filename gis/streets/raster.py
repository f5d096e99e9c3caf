"""Lines as flat arrays of straight edges, with a raster that says which are near: what the compiled loops read."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from gis.streets.extract import Geometries, Integers

Floats = npt.NDArray[np.float64]

SLOT_M = (10.0, 250.0)
"""Bounds of a slot's width."""
MOST_SLOTS = 1_000_000


class Raster(NamedTuple):
    """Straight edges of lines, metres, and the squares of the ground that their boxes touch."""

    edges: Floats  # (n, 4): x and y of both ends
    line: Integers  # that an edge is part of; edges of a line follow one another
    begin_m: Floats  # from the line's first corner to the edge
    slot_first: Integers  # edges of slot (row, column) are those from here on, row by row
    slot_edge: Integers
    west: float
    south: float
    slot_m: float
    columns: int
    rows: int


def raster_of(lines: Geometries) -> Raster:
    """Return lines as edges with their raster; of polygons their rings."""
    parts = _as_lines(lines)
    owner = np.arange(len(parts))
    if (shapely.get_type_id(parts) >= shapely.GeometryType.MULTIPOINT).any():  # else spare copying each line
        parts, owner = shapely.get_parts(parts, return_index=True)
    corners, part = shapely.get_coordinates(parts, return_index=True)
    joined = part[1:] == part[:-1]
    edges = np.column_stack([corners[:-1][joined], corners[1:][joined]]).reshape(-1, 4)
    line = owner[part[:-1][joined]].astype(np.int64)
    long_m = np.hypot(edges[:, 2] - edges[:, 0], edges[:, 3] - edges[:, 1])
    after_m = np.cumsum(long_m)
    before_m = after_m - long_m
    first = np.searchsorted(line, line)  # of the edge's line
    return Raster(edges, line, before_m - before_m[first], *_slots(edges))


def _as_lines(geometries: Geometries) -> Geometries:
    lines = np.asarray(geometries, dtype=object).copy()
    closed = shapely.get_dimensions(lines) == shapely.GeometryType.LINEARRING
    lines[closed] = shapely.boundary(lines[closed])
    return lines


def _slots(edges: Floats) -> tuple[Integers, Integers, float, float, float, int, int]:
    """Return where the edges of each slot begin, edges by slot, and where the raster lies."""
    if len(edges) == 0:
        return np.zeros(2, dtype=np.int64), np.empty(0, dtype=np.int64), 0.0, 0.0, 1.0, 1, 1
    low, high = np.minimum(edges[:, :2], edges[:, 2:]), np.maximum(edges[:, :2], edges[:, 2:])
    west, south = (float(each) for each in low.min(axis=0))
    wide, tall = (float(each) for each in high.max(axis=0) - (west, south))
    usual = (wide * tall / len(edges)) ** 0.5  # about one edge a slot, and those that pass through
    slot_m = max(
        min(max(usual, SLOT_M[0]), SLOT_M[1]), (wide * tall / MOST_SLOTS) ** 0.5, wide / 1e5, tall / 1e5
    )
    columns, rows = int(wide / slot_m) + 1, int(tall / slot_m) + 1
    least = ((low - (west, south)) / slot_m).astype(np.int64)
    spread = ((high - (west, south)) / slot_m).astype(np.int64) - least + 1
    each = spread[:, 0] * spread[:, 1]
    edge = np.arange(len(edges)).repeat(each)
    nth = np.arange(len(edge)) - (np.cumsum(each) - each)[edge]
    slot = (least[edge, 1] + nth // spread[edge, 0]) * columns + least[edge, 0] + nth % spread[edge, 0]
    order = np.argsort(slot, kind="stable")
    first = np.concatenate([[0], np.cumsum(np.bincount(slot, minlength=columns * rows))]).astype(np.int64)
    return first, edge[order].astype(np.int64), west, south, slot_m, columns, rows
