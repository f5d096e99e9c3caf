"""The nearest street of a million places: pieces of street in cells of a grid, looked through from the middle outwards; compiled."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely

from gis.compiled import compiled
from gis.hotspots.arrays import Floats, Geometries, Integers

CELL_M = 20.0
SAME_M = 1e-9
MOST_CELLS = 40_000_000
"""Of a grid; where streets are strewn over more ground, its cells are wider."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """Straight pieces of streets in cells: those of cell ``i`` are rows ``order[start[i]:start[i + 1]]``."""

    street: Integers
    along_m: Floats
    ends: Floats
    order: Integers
    start: Integers
    west: float
    south: float
    columns: int
    rows: int
    cell_m: float


def pieces_of(lines: Geometries, usable: Integers) -> Pieces:
    """Return streets ready to be looked for.

    Parameters
    ----------
    lines
        Of all streets, metres.
    usable
        Rows of those that may be found.
    """
    west, south, east, north = shapely.total_bounds(lines[usable])
    cell_m = max(CELL_M, math.sqrt((east - west + CELL_M) * (north - south + CELL_M) / MOST_CELLS))
    xy, line = shapely.get_coordinates(shapely.segmentize(lines[usable], cell_m), return_index=True)
    same = line[1:] == line[:-1]
    ends = np.column_stack([xy[:-1], xy[1:]])[same]
    length_m = np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1])
    of = line[:-1][same]
    total = np.cumsum(length_m) - length_m
    along_m = total - total[np.searchsorted(of, np.arange(len(usable)))][of]
    columns, rows = int((east - west) // cell_m) + 1, int((north - south) // cell_m) + 1
    cell, piece = _cells(ends, (west, south), cell_m, columns, rows)
    order = np.argsort(cell, kind="stable")
    start = np.searchsorted(cell[order], np.arange(columns * rows + 1))
    return Pieces(
        usable[of].astype(np.int64),
        along_m,
        np.ascontiguousarray(ends),
        piece[order].astype(np.int64),
        start.astype(np.int64),
        float(west),
        float(south),
        columns,
        rows,
        cell_m,
    )


def _cells(
    ends: Floats, corner: tuple[float, float], cell_m: float, columns: int, rows: int
) -> tuple[Integers, Integers]:
    """Return every cell that a piece's box touches, with the piece: two each way at most, for pieces are short."""
    low = np.minimum(ends[:, :2], ends[:, 2:])
    high = np.maximum(ends[:, :2], ends[:, 2:])
    first = np.floor((low - corner) / cell_m).astype(np.int64)
    last = np.floor((high - corner) / cell_m).astype(np.int64)
    most = np.array([columns - 1, rows - 1])
    found = []
    for east in (0, 1):
        for north in (0, 1):
            at = first + np.array([east, north])
            inside = np.flatnonzero((at <= last).all(axis=1))
            place = np.clip(at[inside], 0, most)
            found.append(np.column_stack([place[:, 1] * columns + place[:, 0], inside]))
    both = np.concatenate(found)
    return both[:, 0], both[:, 1]


def nearest(pieces: Pieces, x: Floats, y: Floats, reach_m: float) -> tuple[Integers, Floats]:
    """Return the nearest street of each place, the first of several, or -1; and how far along it.

    Parameters
    ----------
    pieces
        Of the streets.
    x, y
        Metres.
    reach_m
        Farther away there is none.
    """
    street, along_m = np.full(len(x), -1, dtype=np.int64), np.zeros(len(x))
    _nearest(
        np.ascontiguousarray(x),
        np.ascontiguousarray(y),
        reach_m,
        pieces.street,
        pieces.along_m,
        pieces.ends,
        pieces.order,
        pieces.start,
        pieces.west,
        pieces.south,
        pieces.columns,
        pieces.rows,
        pieces.cell_m,
        street,
        along_m,
    )
    return street, along_m


@compiled
def _nearest(  # noqa: C901, PLR0917 - numbers and arrays, for the compiler
    x: Floats,
    y: Floats,
    reach_m: float,
    piece_street: Integers,
    piece_along_m: Floats,
    ends: Floats,
    order: Integers,
    start: Integers,
    west: float,
    south: float,
    columns: int,
    rows: int,
    cell_m: float,
    street: Integers,
    along_m: Floats,
) -> None:
    """Fill in street and distance along: rings of cells around each place, until nothing nearer can follow."""
    rings = math.ceil(reach_m / cell_m)
    for place in range(len(x)):
        px, py = x[place], y[place]
        if not (math.isfinite(px) and math.isfinite(py)):
            continue
        if (
            px < west - reach_m
            or py < south - reach_m
            or px > west + columns * cell_m + reach_m
            or py > south + rows * cell_m + reach_m
        ):
            continue
        column, row = math.floor((px - west) / cell_m), math.floor((py - south) / cell_m)
        best = reach_m * reach_m
        for ring in range(rings + 1):
            if ring > 0 and best <= ((ring - 1) * cell_m) ** 2:
                break
            for j in range(max(row - ring, 0), min(row + ring, rows - 1) + 1):
                edge = j == row - ring or j == row + ring
                i = max(column - ring, 0)
                last = min(column + ring, columns - 1)
                while i <= last:
                    if not edge and column - ring < i < column + ring:
                        i = min(column + ring, columns)  # the inside was looked through before
                        continue
                    cell = j * columns + i
                    i += 1
                    for at in range(start[cell], start[cell + 1]):
                        piece = order[at]
                        ax, ay = ends[piece, 0], ends[piece, 1]
                        dx, dy = ends[piece, 2] - ax, ends[piece, 3] - ay
                        square = dx * dx + dy * dy
                        part = 0.0
                        if square > 0.0:
                            part = min(max(((px - ax) * dx + (py - ay) * dy) / square, 0.0), 1.0)
                        far = (px - ax - part * dx) ** 2 + (py - ay - part * dy) ** 2
                        nearer = far < best - SAME_M
                        if nearer or (
                            far <= best + SAME_M
                            and (street[place] < 0 or piece_street[piece] < street[place])
                        ):
                            best = min(best, far)
                            street[place] = piece_street[piece]
                            along_m[place] = piece_along_m[piece] + part * math.sqrt(square)
