"""Split a connected set of atoms by cutting random spanning trees: every side of a cut is connected by construction."""

from __future__ import annotations

import math
from heapq import heappop, heappush
from random import Random

from gis.areas.delineation.block import Block, bits


def cut_tree(block: Block, atoms: int, random: Random) -> list[tuple[int, float, int]]:
    """All cuts of one random spanning tree, as (set of atoms, its households, inhabited atoms in it).

    Trees prefer links inside a compound to those over a lane, so that cuts fall on lanes and walls.
    """
    inside = list(bits(atoms))
    parent: dict[int, int] = {}
    order: list[int] = []
    frontier: list[tuple[float, int, int]] = [(0.0, inside[random.randrange(len(inside))], -1)]
    while frontier:
        _, atom, source = heappop(frontier)
        if atom in parent:
            continue
        parent[atom] = source
        order.append(atom)
        for other, _, weight in block.links[atom]:
            if atoms >> other & 1 and other not in parent:
                heappush(frontier, (random.random() / weight, other, atom))
    below = {atom: (1 << atom) for atom in order}
    amount = {atom: block.households[atom] for atom in order}
    lived = {atom: int(block.households[atom] > 0) for atom in order}
    cuts = []
    for atom in reversed(order[1:]):
        source = parent[atom]
        cuts.append((below[atom], amount[atom], lived[atom]))
        below[source] |= below[atom]
        amount[source] += amount[atom]
        lived[source] += lived[atom]
    return cuts


def split(block: Block, atoms: int, cells: int, random: Random, tries: int = 8) -> list[int] | None:
    """Split a set into cells as equal as the best of some random trees allows; ``None`` if none of them can be cut."""
    if cells == 1:
        return [atoms]
    total = block.amount(atoms)
    lived_in = sum(1 for atom in bits(atoms) if block.households[atom] > 0)
    best: tuple[float, int, int] | None = None
    for _ in range(tries):
        for side, amount, lived in cut_tree(block, atoms, random):
            share = min(max(1, round(amount * cells / total)), cells - 1)
            if lived < share or lived_in - lived < cells - share:
                continue
            error = abs(amount / share - (total - amount) / (cells - share)) + abs(share - cells / 2) * 1e-3
            if best is None or error < best[0]:
                best = (error, side, share)
    if best is None:
        return None
    _, side, share = best
    first = split(block, side, share, random, tries)
    second = split(block, atoms & ~side, cells - share, random, tries)
    return None if first is None or second is None else first + second


def best_halves(block: Block, atoms: int, random: Random) -> tuple[float, int, int]:
    """Find the cheapest two cells among the most even cuts of one random tree."""
    total = block.amount(atoms)
    cuts = sorted(cut_tree(block, atoms, random), key=lambda cut: abs(2 * cut[1] - total))[:4]
    best = (math.inf, 0, 0)
    for side, _, _ in cuts:
        other = atoms & ~side
        cost = block.cost(side) + block.cost(other)
        if cost < best[0]:
            best = (cost, side, other)
    return best
