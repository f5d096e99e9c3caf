"""How many cells each block between main streets gets."""

from __future__ import annotations

import numpy as np

from gis.areas.delineation.graph import Graph, totals
from gis.areas.delineation.request import Floats, Integers

TOLERANCE = 0.2
OUT_OF_RANGE_COST = 20.0
"""Price of a cell whose mean is out of ±20%, against 1 for a squared deviation of 100%."""


def apportion(households: Floats, atoms: Integers, cells: int) -> Integers:
    """Find the number of cells of each block: at least one, at most its inhabited atoms, ``cells`` in all.

    Of all divisions the one in which the cells' mean households deviate least from the mean of all: squared
    deviations (as Huntington and Hill do for seats), and cells out of ±20% priced on top.
    """
    mean = households.sum() / cells
    best = np.array([0.0])
    choices: list[Integers] = []
    for amount, most in zip(households, atoms, strict=True):
        seats = np.arange(1, min(int(most), cells) + 1)
        deviation = amount / seats / mean - 1
        excess = np.maximum(0.0, np.abs(deviation) - TOLERANCE)
        cost = seats * (deviation**2 + OUT_OF_RANGE_COST * (excess > 0) * (0.05 + excess))
        total = np.full(cells + 1, np.inf)
        choice = np.zeros(cells + 1, dtype=np.int64)
        for taken, paid in enumerate(best):
            if not np.isfinite(paid):
                continue
            fitting = seats[seats + taken <= cells]
            sums = paid + cost[: len(fitting)]
            better = sums < total[fitting + taken]
            total[fitting[better] + taken] = sums[better]
            choice[fitting[better] + taken] = fitting[better]
        best = total
        choices.append(choice)
    result = np.zeros(len(households), dtype=np.int64)
    left = cells
    for index in range(len(households) - 1, -1, -1):
        result[index] = choices[index][left]
        left -= int(result[index])
    return result


def join_blocks(graph: Graph, cells: int, least: float = 0.0) -> tuple[Integers, int]:
    """Join blocks until there are no more than cells, and none with fewer households than ``least`` cells' mean.

    The smallest joins the neighbour with the longest border. Returns the block of each atom, numbered from 0, and
    how many were joined.
    """
    block = graph.block.copy()
    enough = least * graph.households.sum() / cells
    joined = 0
    while True:
        names, rows = np.unique(block, return_inverse=True)
        amounts = totals(rows, graph.households)
        too_many = len(names) > cells
        target = _smallest_with_neighbour(graph, rows, amounts, np.inf if too_many else enough)
        if target is None:
            return rows.astype(np.int64), joined
        block[rows == target[0]] = names[target[1]]
        joined += 1


def _smallest_with_neighbour(
    graph: Graph, rows: Integers, amounts: Floats, below: float
) -> tuple[int, int] | None:
    """Find the smallest block under a number of households that touches another, and the one it touches most."""
    for smallest in np.argsort(amounts, kind="stable"):
        if amounts[smallest] >= below:
            return None
        left, right = rows[graph.left], rows[graph.right]
        outer = (left == smallest) != (right == smallest)
        if outer.any():
            facing = np.where(left == smallest, right, left)[outer]
            return int(smallest), int(np.argmax(np.bincount(facing, weights=graph.length[outer])))
    return None
