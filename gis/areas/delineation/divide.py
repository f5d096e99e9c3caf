"""Divide a graph of atoms into an exact number of cells, block by block."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import numpy as np

from gis.areas.delineation.block import Block, bits
from gis.areas.delineation.graph import Graph
from gis.areas.delineation.request import Integers
from gis.areas.delineation.search import Search
from gis.areas.delineation.seats import Amounts, apportion, join_blocks, least_outside, unavoidable
from gis.areas.delineation.trees import split
from gis.errors import InvalidInputError

STEPS_PER_ATOM = 300
MIN_STEPS = 60_000
MAX_STEPS = 500_000
"""Of one block: the second bounds the time for very large communities."""
ATTEMPTS = 3
"""Of a block so small that it takes the fewest steps."""


@dataclass(frozen=True, slots=True)
class Division:
    """The cell of every atom, the block of every cell, and the blocks that had to be joined."""

    cell: Integers
    block: Integers
    blocks: int
    blocks_joined: int
    block_is_fair: list[bool]
    """Whether the block's own mean is within ±20% of the mean of all, atoms too big for a cell apart."""
    least_outside: int
    """Cells out of ±20% that no division avoids."""


def divide(graph: Graph, cells: int, seed: int, *, least: float = 0.0) -> Division:
    """Divide all atoms into connected cells with households alike; none has atoms of two blocks.

    Blocks are joined if there are more of them than cells, or if one holds less than ``least`` of a cell.
    """
    blocks = len(np.unique(graph.block))
    block, joined = join_blocks(graph, cells, least)
    mean = float(graph.households.sum()) / cells
    amounts = Amounts.of(graph, block, mean)
    if len(amounts.atoms) > cells or np.any(amounts.atoms == 0):
        raise InvalidInputError(
            "parts of the community touch the rest nowhere",
            code="delineation_not_connected",
            parts=len(amounts.atoms),
        )
    seats = apportion(amounts, cells)
    cell = np.full(graph.size, -1, dtype=np.int64)
    cell_block: list[int] = []
    fewest = unavoidable(amounts, seats, cells)
    for index, count in enumerate(seats.tolist()):
        rows = np.flatnonzero(block == index)
        for group in divide_block(Block(graph, rows, mean), count, _random(seed, index), fewest[index]):
            cell[rows[list(bits(group))]] = len(cell_block)
            cell_block.append(index)
    return Division(
        cell,
        np.array(cell_block, dtype=np.int64),
        blocks,
        joined,
        [few <= big for few, big in zip(fewest, amounts.big.tolist(), strict=True)],
        least_outside(amounts, cells),
    )


def divide_block(block: Block, cells: int, random: Random, least: int = 0) -> list[int]:
    """Divide one block: start from random trees, then search; small blocks again while too many are out of range.

    Parameters
    ----------
    block, cells, random
        What to divide, into how many.
    least
        Cells out of ±20% that no division avoids.
    """
    everything = (1 << block.size) - 1
    if cells == 1:
        return [everything]
    steps = min(max(STEPS_PER_ATOM * block.size, MIN_STEPS), MAX_STEPS)
    tried: list[tuple[float, list[int]]] = []
    for _ in range(ATTEMPTS if steps == MIN_STEPS else 1):
        start = split(block, everything, cells, random) or grow(block, cells, random)
        search = Search(block, start, random)
        found = search.run(steps)
        tried.append((search.best_total, found))
        if sum(block.is_outside(cell) for cell in found) <= least:
            break
    return min(tried)[1]


def grow(block: Block, cells: int, random: Random) -> list[int]:
    """Cells grown from random inhabited atoms: always possible in a connected block with enough of them."""
    inhabited = [atom for atom in range(block.size) if block.households[atom] > 0]
    grown = [1 << atom for atom in random.sample(inhabited, cells)]
    free = (1 << block.size) - 1
    for cell in grown:
        free &= ~cell
    while free:
        for index in sorted(range(cells), key=lambda each: block.amount(grown[each])):
            reach = block.beside(grown[index]) & free
            if reach:
                taken = reach & -reach
                grown[index] |= taken
                free &= ~taken
                break
        else:
            raise InvalidInputError("a block is not connected", code="delineation_not_connected", parts=2)
    return grown


def _random(seed: int, index: int) -> Random:
    """Make a generator that depends on nothing but the request's seed and the block's number."""
    return Random(seed * 1_000_003 + index)  # noqa: S311
