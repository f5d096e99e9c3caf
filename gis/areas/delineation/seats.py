"""How many cells each block between main streets gets."""

from __future__ import annotations

import numpy as np

from gis.areas.delineation.graph import Graph
from gis.areas.delineation.request import Floats, Integers

TOLERANCE = 0.2
OUT_OF_RANGE_COST = 20.0
"""Price of a cell whose mean is out of ±20%, against 1 for a squared deviation of 100%."""


def apportion(households: Floats, atoms: Integers, cells: int) -> Integers:
    """Number of cells of each block: at least one, at most its inhabited atoms, ``cells`` in all.

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


def join_blocks(graph: Graph, cells: int) -> tuple[Integers, int]:
    """Join blocks until there are no more than cells: the smallest to the neighbour with the longest border.

    Returns the block of each atom, numbered from 0, and how many were joined.
    """
    block = graph.block.copy()
    joined = 0
    while True:
        names, rows = np.unique(block, return_inverse=True)
        if len(names) <= cells:
            return rows.astype(np.int64), joined
        amounts = np.bincount(rows, weights=graph.households)
        for smallest in np.argsort(amounts, kind="stable"):
            mine, other = rows[graph.left] == smallest, rows[graph.right] == smallest
            facing = np.where(mine, rows[graph.right], rows[graph.left])[mine != other]
            if len(facing):
                border = np.bincount(facing, weights=graph.length[mine != other])
                block[rows == smallest] = names[int(np.argmax(border))]
                joined += 1
                break
        else:
            return rows.astype(np.int64), joined
