"""One block between main streets as a search sees it: sets of atoms are integers, one bit an atom."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from gis.areas.delineation.graph import Graph
from gis.areas.delineation.request import Integers

AIM = 0.199
"""Deviation from the mean from which a cell counts as unbalanced: a hair under ±20%."""
GOOD_SHAPE = 0.9
POOR_SHAPE = 0.35
SQUARED_DEVIATION_COST = 4.0
UNBALANCED_COST = 4.0
EXCESS_COST = 25.0
SHAPE_COST = 12.0
POOR_SHAPE_COST = 30.0
COURTYARD_COST = 1.5
CUT_COST = 0.25


class Block:
    """Atoms of one block and what a cell made of some of them costs.

    Parameters
    ----------
    graph
        All atoms.
    rows
        Those of the block.
    mean
        Households that a cell should have.
    """

    def __init__(self, graph: Graph, rows: Integers, mean: float) -> None:
        self.rows = rows
        self.size = len(rows)
        self.mean = mean
        self.households: list[float] = graph.households[rows].tolist()
        self._area: list[float] = graph.area[rows].tolist()
        self._perimeter: list[float] = graph.perimeter[rows].tolist()
        self._compound: list[int] = graph.compound[rows].tolist()
        self.links: list[list[tuple[int, float, float]]] = [[] for _ in range(self.size)]
        self.near: list[int] = [0] * self.size
        self.edges: list[tuple[int, int, float]] = []
        local = np.full(graph.size, -1, dtype=np.int64)
        local[rows] = np.arange(self.size)
        both = (local[graph.left] >= 0) & (local[graph.right] >= 0)
        for left, right, length, weight in zip(
            local[graph.left[both]].tolist(),
            local[graph.right[both]].tolist(),
            graph.length[both].tolist(),
            graph.weight[both].tolist(),
            strict=True,
        ):
            self.links[left].append((right, length, weight))
            self.links[right].append((left, length, weight))
            self.near[left] |= 1 << right
            self.near[right] |= 1 << left
            self.edges.append((left, right, weight))
        self._cut_unit = CUT_COST / (4 * math.sqrt(sum(self._area) / max(1.0, sum(self.households) / mean)))
        self._costs: dict[int, float] = {}

    def cost(self, cell: int) -> float:
        """Price a cell: infinite if it is not connected or nobody lives there."""
        known = self._costs.get(cell)
        if known is None:
            known = self._costs[cell] = self._measure(cell)
        return known

    def _measure(self, cell: int) -> float:
        if not self.connected(cell):
            return math.inf
        households = area = perimeter = cut = 0.0
        compounds = set()
        for atom in bits(cell):
            amount = self.households[atom]
            households += amount
            area += self._area[atom]
            perimeter += self._perimeter[atom]
            if amount and self._compound[atom] >= 0:
                compounds.add(self._compound[atom])
            for other, length, weight in self.links[atom]:
                if cell >> other & 1:
                    perimeter -= length
                else:
                    cut += length * weight
        if not households:
            return math.inf
        deviation = households / self.mean - 1
        excess = abs(deviation) - AIM
        shape = 4 * math.pi * area / perimeter**2
        cost = SQUARED_DEVIATION_COST * deviation**2 + self._cut_unit * cut
        cost += SHAPE_COST * max(0.0, GOOD_SHAPE - shape) ** 2 + POOR_SHAPE_COST * max(
            0.0, POOR_SHAPE - shape
        )
        if excess > 0:
            cost += UNBALANCED_COST + EXCESS_COST * excess
        if len(compounds) > 1:
            cost += COURTYARD_COST * (len(compounds) - 1)
        return cost

    def connected(self, cell: int) -> bool:
        """Whether the atoms of a cell hang together."""
        fresh = reached = cell & -cell
        while fresh:
            grown = 0
            for atom in bits(fresh):
                grown |= self.near[atom]
            fresh = grown & cell & ~reached
            reached |= fresh
        return reached == cell and cell != 0

    def amount(self, cell: int) -> float:
        """Households of a cell."""
        return sum(self.households[atom] for atom in bits(cell))

    def is_outside(self, cell: int) -> bool:
        """Whether a cell's households are out of range."""
        return abs(self.amount(cell) / self.mean - 1) > AIM

    def beside(self, cell: int) -> int:
        """Atoms that touch a cell from outside."""
        around = 0
        for atom in bits(cell):
            around |= self.near[atom]
        return around & ~cell


def bits(cell: int) -> Iterator[int]:
    """Atoms of a cell in ascending order."""
    while cell:
        lowest = cell & -cell
        yield lowest.bit_length() - 1
        cell ^= lowest
