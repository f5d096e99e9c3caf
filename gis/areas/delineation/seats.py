"""How many cells each block between main streets gets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gis.areas.delineation.graph import Graph, totals
from gis.areas.delineation.request import Floats, Integers

TOLERANCE = 0.2
OUT_OF_RANGE_COST = 20.0
"""Price of a cell whose mean is out of ±20%, against 1 for a squared deviation of 100%."""
ROUNDING = 1e-9
"""Shares of households are sums of fractions."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """Households of each block, and of its pieces that hold more than a cell may: each is a cell of its own."""

    households: Floats
    atoms: Integers
    """Inhabited atoms."""
    big: Integers
    """Atoms that hold more than a cell may."""
    big_households: Floats
    big_cost: Floats

    @classmethod
    def of(cls, graph: Graph, block: Integers, mean: float) -> Amounts:
        """Return those of blocks numbered from 0."""
        held = graph.households
        big = held > (1 + TOLERANCE + ROUNDING) * mean
        price = np.where(big, _price(held / mean - 1), 0.0)
        return cls(
            totals(block, held),
            np.bincount(block, weights=held > 0).astype(np.int64),
            np.bincount(block, weights=big).astype(np.int64),
            totals(block, np.where(big, held, 0.0)),
            totals(block, price),
        )


def apportion(amounts: Amounts, cells: int) -> Integers:
    """Find the number of cells of each block: at least one, at most its inhabited atoms, ``cells`` in all.

    Of all divisions the one in which the cells' mean households deviate least from the mean of all: squared
    deviations (as Huntington and Hill do for seats), and cells out of ±20% priced on top. Atoms that hold more than a
    cell may stand apart with a cell each; the mean is that of the rest.
    """
    mean = float(amounts.households.sum()) / cells
    return _cheapest([_cost(amounts, row, cells, mean) for row in range(len(amounts.atoms))], cells)


def least_outside(amounts: Amounts, cells: int) -> int:
    """Count the cells out of ±20% that no division avoids, if none has atoms of two blocks.

    Each atom that holds more than a cell may is given a cell of its own. The rest of a block can be in range only if
    its mean is; else the fewest cells are counted that can take what is too much or too little.
    """
    mean = float(amounts.households.sum()) / cells
    tables = [_outside(amounts, row, cells, mean) for row in range(len(amounts.atoms))]
    seats = _cheapest(tables, cells)
    return int(sum(table[count - 1] for table, count in zip(tables, seats, strict=True)))


def unavoidable(amounts: Amounts, seats: Integers, cells: int) -> list[int]:
    """Count of each block with its number of cells those out of ±20% that no division avoids, as ``least_outside``."""
    mean = float(amounts.households.sum()) / cells
    return [int(_outside(amounts, row, cells, mean)[count - 1]) for row, count in enumerate(seats.tolist())]


def _price(deviation: Floats) -> Floats:
    excess = np.maximum(0.0, np.abs(deviation) - TOLERANCE)
    return np.asarray(deviation**2 + OUT_OF_RANGE_COST * (excess > 0) * (0.05 + excess))


def _cost(amounts: Amounts, row: int, cells: int, mean: float) -> Floats:
    """Return what each number of cells costs a block, from one cell up."""
    seats = np.arange(1, min(int(amounts.atoms[row]), cells) + 1)
    big = int(amounts.big[row])
    rest = amounts.households[row] - amounts.big_households[row]
    others = seats - big
    usual = others * _price(rest / np.maximum(others, 1) / mean - 1)
    crowded = OUT_OF_RANGE_COST * (rest / mean - others)
    return np.asarray(amounts.big_cost[row] + np.where(others > 0, usual, crowded))


def _outside(amounts: Amounts, row: int, cells: int, mean: float) -> Floats:
    """Return how many cells of a block are out of ±20% at least, for each number of cells from one up."""
    seats = np.arange(1, min(int(amounts.atoms[row]), cells) + 1)
    big = int(amounts.big[row])
    rest = float(amounts.households[row] - amounts.big_households[row]) / mean
    others = np.maximum(seats - big, 0)
    enough = np.floor(rest / (1 - TOLERANCE) + ROUNDING)  # so many cells can be in range at most
    inside = np.minimum(others, enough)
    if big == 0:
        # without a cell that is out of range anyway, one has to take what is too much
        inside -= (inside == others) & (rest > (1 + TOLERANCE + ROUNDING) * others)
    return np.asarray(seats - inside, dtype=np.float64)


def _cheapest(costs: list[Floats], cells: int) -> Integers:
    """Find the number of cells of each block with the least sum of costs; ``cells`` in all."""
    best = np.array([0.0])
    choices: list[Integers] = []
    for cost in costs:
        seats = np.arange(1, len(cost) + 1)
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
    result = np.zeros(len(costs), dtype=np.int64)
    left = cells
    for index in range(len(costs) - 1, -1, -1):
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
