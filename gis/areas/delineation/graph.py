"""The neighbourhood of plots: who may share a cell with whom, and how gladly."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from gis.areas.delineation.coverage import borders, common_border
from gis.areas.delineation.parts import Parts
from gis.areas.delineation.request import DelineationRequest, Floats, Geometries, Integers
from gis.areas.delineation.tessellation import MIN_BORDER_M, Plots

SAME_COMPOUND = 1.0
OVER_LANE = 0.35
OVER_MAIN = 0.02
INSIDE_SHARE = 0.6
"""A plot belongs to a courtyard that covers this share of it."""


@dataclass(frozen=True, slots=True)
class Graph:
    """Atoms with their households, areas and outlines, and the borders between them.

    ``block`` says where the main streets put an atom; atoms of different blocks never share a cell. ``compound`` is
    -1 outside courtyards.
    """

    households: Floats
    area: Floats
    perimeter: Floats
    block: Integers
    compound: Integers
    left: Integers
    right: Integers
    length: Floats
    weight: Floats

    @property
    def size(self) -> int:
        """Number of atoms."""
        return len(self.households)


def graph_of_plots(request: DelineationRequest, parts: Parts, plots: Plots) -> tuple[Graph, int]:
    """Graph of the plots, and the number of plots without households that had to join another block."""
    # a part without a plot of its own counts where it stands, so that nobody is lost
    households = totals(plots.plot_of(parts.polygons), parts.households, len(plots.part))
    compound = _compounds(request.courtyards, parts, plots)
    left, right, length = _long_ones(*borders(plots.polygons), len(plots.part))
    block, joined = settle_blocks(plots.block, households, left, right, length)
    over_lane = (compound[left] != compound[right]) | _along_lane(request, plots.polygons, left, right)
    same = (compound[left] == compound[right]) & (compound[left] >= 0)
    weight = np.where(same, SAME_COMPOUND, np.where(over_lane, OVER_LANE, SAME_COMPOUND))
    weight = np.where(block[left] != block[right], OVER_MAIN, weight)
    graph = Graph(
        households=households,
        area=np.asarray(shapely.area(plots.polygons)),
        perimeter=np.asarray(shapely.length(plots.polygons)),
        block=block,
        compound=compound,
        left=left,
        right=right,
        length=length,
        weight=weight,
    )
    return graph, joined


def graph_of_cells(graph: Graph, cell: Integers, block: Integers) -> Graph:
    """Graph in which every cell of a finer division is one atom; ``block`` is the block of each cell."""
    cells = len(block)
    pairs = np.sort(np.column_stack([cell[graph.left], cell[graph.right]]), axis=1)
    between = pairs[:, 0] != pairs[:, 1]
    keys, inverse = np.unique(pairs[between] @ np.array([cells, 1]), return_inverse=True)
    length = totals(inverse, graph.length[between], len(keys))
    weighted = np.bincount(inverse, weights=(graph.length * graph.weight)[between], minlength=len(keys))
    inner = totals(cell[graph.left][~between], graph.length[~between], cells)
    compound = np.full(cells, -1, dtype=np.int64)
    for index in range(cells):
        lived = graph.compound[(cell == index) & (graph.households > 0)]
        if len(lived) and np.all(lived == lived[0]):
            compound[index] = lived[0]
    return Graph(
        households=totals(cell, graph.households, cells),
        area=totals(cell, graph.area, cells),
        perimeter=totals(cell, graph.perimeter, cells) - 2 * inner,
        block=block,
        compound=compound,
        left=keys // cells,
        right=keys % cells,
        length=length,
        weight=weighted / np.maximum(length, 1e-9),
    )


def graph_of_outlines(cells: Graph, outlines: Geometries) -> Graph:
    """Graph of cells with the borders that they have as drawn; blocks that these leave in parts are several."""
    left, right, length = borders(outlines)
    left, right, length = _long_ones(left, right, length, cells.size)
    known = dict(zip(zip(cells.left.tolist(), cells.right.tolist(), strict=True), cells.weight, strict=True))
    pairs = zip(left.tolist(), right.tolist(), strict=True)
    return replace(
        cells,
        area=np.asarray(shapely.area(outlines)),
        perimeter=np.asarray(shapely.length(outlines)),
        block=settle_blocks(cells.block, cells.households, left, right, length)[0],
        left=left,
        right=right,
        length=length,
        weight=np.array([known.get(pair, OVER_MAIN) for pair in pairs], dtype=np.float64),
    )


def _long_ones(
    left: Integers, right: Integers, length: Floats, size: int
) -> tuple[Integers, Integers, Floats]:
    """Keep the borders that make two neighbours; a sliver at the edge may have no border but a short one."""
    long = length >= MIN_BORDER_M
    lonely = np.bincount(np.concatenate([left[long], right[long]]), minlength=size) == 0
    long |= lonely[left] | lonely[right]
    return left[long], right[long], length[long]


def totals(group: Integers, values: Floats, groups: int = 0) -> Floats:
    """Sum values by group (0, 1, 2, ...)."""
    return np.asarray(np.bincount(group, weights=values, minlength=groups), dtype=np.float64)


def settle_blocks(
    block: Integers, households: Floats, left: Integers, right: Integers, length: Floats
) -> tuple[Integers, int]:
    """Make every block connected and lived in.

    The connected parts of a block become blocks of their own. Those without households join, plot by plot, the
    block with which they share the longest border. Returns the block of each atom, numbered from 0, and the number
    of atoms that joined another.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    inside = block[left] == block[right]
    size = len(block)
    matrix = coo_array((np.ones(int(inside.sum())), (left[inside], right[inside])), shape=(size, size))
    component = connected_components(matrix, directed=False)[1].astype(np.int64)
    lived = np.bincount(component, weights=households) > 0
    settled = lived[component]
    joined = int((~settled).sum())
    while not settled.all():
        reach = settled[left] != settled[right]
        if not reach.any():
            break
        outer = np.where(settled[left[reach]], right[reach], left[reach])
        inner = left[reach] + right[reach] - outer
        order = np.lexsort((inner, outer, -length[reach]))
        first = order[0]
        row = outer[first]
        mine = outer == row
        blocks, inverse = np.unique(component[inner[mine]], return_inverse=True)
        component[row] = blocks[int(np.argmax(np.bincount(inverse, weights=length[reach][mine])))]
        settled[row] = True
    return np.unique(component, return_inverse=True)[1].astype(np.int64), joined


def _compounds(courtyards: Geometries, parts: Parts, plots: Plots) -> Integers:
    """Courtyard of each plot: the one in which its building stands, else the one that covers most of it."""
    compound = np.full(len(plots.part), -1, dtype=np.int64)
    if not len(courtyards):
        return compound
    shapes = plots.polygons.copy()
    built = plots.part >= 0
    shapes[built] = parts.polygons[plots.part[built]]
    rows, yards = shapely.STRtree(courtyards).query(shapes, predicate="intersects")
    share = shapely.area(shapely.intersection(shapes[rows], courtyards[yards])) / shapely.area(shapes[rows])
    for row, yard, part in sorted(zip(rows, yards, share, strict=True), key=lambda each: each[2]):
        if part >= INSIDE_SHARE:
            compound[row] = yard
    return compound


def _along_lane(request: DelineationRequest, polygons: Geometries, left: Integers, right: Integers) -> Any:
    """Whether the border of a pair runs along a lane or a wall for most of its length."""
    lines = np.concatenate([request.streets[~request.street_is_main], request.walls])
    if not len(lines):
        return np.zeros(len(left), dtype=np.bool_)
    shared = common_border(polygons, left, right)
    # each border with the lanes near it: one with all of them together takes ten times as long
    bands = shapely.buffer(lines, 0.5, quad_segs=2)
    rows, near = shapely.STRtree(bands).query(shared, predicate="intersects")
    along = shapely.length(shapely.intersection(shared[rows], bands[near]))
    return totals(rows.astype(np.int64), along, len(left)) > 0.5 * shapely.length(shared)
