"""Divide a graph of atoms into an exact number of cells, block by block."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import numpy as np

from gis.areas.delineation.block import Block, bits
from gis.areas.delineation.graph import Graph, totals
from gis.areas.delineation.request import Integers
from gis.areas.delineation.search import Search
from gis.areas.delineation.seats import apportion, join_blocks
from gis.areas.delineation.trees import split
from gis.errors import InvalidInputError

STEPS_PER_ATOM = 300
MIN_STEPS = 60_000
MAX_STEPS = 500_000
"""Of one block: bounds the time for very large communities."""


@dataclass(frozen=True, slots=True)
class Division:
    """The cell of every atom, the block of every cell, and the blocks that had to be joined."""

    cell: Integers
    block: Integers
    blocks: int
    blocks_joined: int
    block_is_fair: list[bool]
    """Whether the block's own mean is within ±20% of the mean of all."""


def divide(graph: Graph, cells: int, seed: int, *, least: float = 0.0) -> Division:
    """Divide all atoms into connected cells with households alike; none has atoms of two blocks.

    Blocks are joined if there are more of them than cells, or if one holds less than ``least`` of a cell.
    """
    blocks = len(np.unique(graph.block))
    block, joined = join_blocks(graph, cells, least)
    amounts = totals(block, graph.households)
    inhabited = np.bincount(block, weights=graph.households > 0).astype(np.int64)
    if len(amounts) > cells or np.any(inhabited == 0):
        raise InvalidInputError(
            "parts of the community touch the rest nowhere",
            code="delineation_not_connected",
            parts=len(amounts),
        )
    mean = float(graph.households.sum()) / cells
    seats = apportion(amounts, inhabited, cells)
    cell = np.full(graph.size, -1, dtype=np.int64)
    cell_block: list[int] = []
    for index, count in enumerate(seats.tolist()):
        rows = np.flatnonzero(block == index)
        for group in divide_block(Block(graph, rows, mean), count, _random(seed, index)):
            cell[rows[list(bits(group))]] = len(cell_block)
            cell_block.append(index)
    fair = (np.abs(amounts / seats / mean - 1) <= 0.2).tolist()  # noqa: PLR2004
    return Division(cell, np.array(cell_block, dtype=np.int64), blocks, joined, fair)


def divide_block(block: Block, cells: int, random: Random) -> list[int]:
    """Divide one block: start from random trees, then search."""
    everything = (1 << block.size) - 1
    if cells == 1:
        return [everything]
    start = split(block, everything, cells, random) or grow(block, cells, random)
    steps = min(max(STEPS_PER_ATOM * block.size, MIN_STEPS), MAX_STEPS)
    return Search(block, start, random).run(steps)


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
