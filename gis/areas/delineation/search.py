"""Improve a division of a block: move and swap atoms, redraw neighbouring cells, cooling down as it goes."""

from __future__ import annotations

import math
from random import Random

from gis.areas.delineation.block import Block, bits
from gis.areas.delineation.trees import best_halves

HOT = 3.0
COLD = 0.02


class Search:
    """Simulated annealing over divisions of one block into connected cells.

    Every step keeps all cells connected and lived in. The best division that was met is kept in ``best``.
    """

    def __init__(self, block: Block, cells: list[int], random: Random) -> None:
        self.block = block
        self.random = random
        self.cells = list(cells)
        self.of = [0] * block.size
        for index, cell in enumerate(self.cells):
            self._claim(index, cell)
        self.total = sum(block.cost(cell) for cell in self.cells)
        self.best = list(self.cells)
        self.best_total = self.total

    def run(self, steps: int) -> list[int]:
        """Take some steps and return the best cells."""
        edges, random = self.block.edges, self.random
        if len(self.cells) > 1 and edges:
            cooling = math.log(COLD / HOT)
            for step in range(steps):
                atom, other, _ = edges[random.randrange(len(edges))]
                if self.of[atom] == self.of[other]:
                    continue
                if random.random() < 0.5:  # noqa: PLR2004
                    atom, other = other, atom
                self._step(atom, other, HOT * math.exp(cooling * step / steps))
        return self.best

    def _step(self, atom: int, other: int, heat: float) -> None:
        kind = self.random.random()
        mine, theirs = self.of[atom], self.of[other]
        if kind < 0.45:  # noqa: PLR2004
            self._try([mine, theirs], [self.cells[mine] & ~(1 << atom), self.cells[theirs] | 1 << atom], heat)
        elif kind < 0.85:  # noqa: PLR2004
            self._swap(atom, mine, theirs, heat)
        else:
            _, first, second = best_halves(self.block, self.cells[mine] | self.cells[theirs], self.random)
            if first:
                self._try([mine, theirs], [first, second], heat)

    def _swap(self, atom: int, mine: int, theirs: int, heat: float) -> None:
        rest = self.cells[mine] & ~(1 << atom)
        if not rest:
            return
        gives = list(bits(self.block.beside(rest) & self.cells[theirs]))
        if not gives:
            return
        back = 1 << gives[self.random.randrange(len(gives))]
        self._try([mine, theirs], [rest | back, self.cells[theirs] & ~back | 1 << atom], heat)

    def _try(self, places: list[int], cells: list[int], heat: float) -> None:
        """Replace some cells if that is cheaper, or by chance if it is dearer."""
        cost = self.block.cost
        before = sum(cost(self.cells[place]) for place in places)
        after = 0.0
        for cell in cells:
            after += cost(cell) if cell else math.inf
            if after == math.inf:
                return
        if after > before and self.random.random() >= math.exp((before - after) / heat):
            return
        for place, cell in zip(places, cells, strict=True):
            if cell != self.cells[place]:
                self.cells[place] = cell
                self._claim(place, cell)
        self.total += after - before
        if self.total < self.best_total - 1e-9:
            self.best_total = self.total
            self.best = list(self.cells)

    def _claim(self, place: int, cell: int) -> None:
        for atom in bits(cell):
            self.of[atom] = place
