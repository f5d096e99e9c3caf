"""What can be reached within a short way from every piece of street: a bounded shortest-path search, compiled.

SciPy's search answers a dense row for every source, which for a city's hundred thousand pieces is a hundred times the
memory and time of the few dozen pieces that lie within reach.
"""

from __future__ import annotations

import numpy as np

from gis.compiled import compiled
from gis.hotspots.arrays import Flags, Floats, Integers

ROOM = 64
"""Pieces within reach of one, to begin with; the room grows where it is short."""


def reach(
    start: Integers, to: Integers, far_m: Floats, pieces: int, limit_m: float
) -> tuple[Integers, Integers, Floats]:
    """Return source, target and metres of all pairs of pieces within a limit.

    Parameters
    ----------
    start, to, far_m
        The steps of node ``i`` are rows ``start[i]`` to ``start[i + 1]``; pieces come before crossings.
    pieces
        How many of the nodes are pieces: sources, and what is answered.
    limit_m
        The farthest.
    """
    nodes = len(start) - 1
    best, queued = np.full(nodes, np.inf), np.zeros(nodes, dtype=np.bool_)
    queue, touched = np.empty(nodes + 1, dtype=np.int64), np.empty(nodes, dtype=np.int64)
    room = max(ROOM * pieces, 1)
    while True:
        source, target = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int64)
        metres = np.empty(room)
        found = _reach(
            start, to, far_m, pieces, limit_m, best, queued, queue, touched, source, target, metres
        )
        if found >= 0:
            return source[:found], target[:found], metres[:found]
        best[:], queued[:] = np.inf, False
        room *= 2


@compiled
def _reach(  # noqa: PLR0917 - numbers and arrays, for the compiler
    start: Integers,
    to: Integers,
    far_m: Floats,
    pieces: int,
    limit_m: float,
    best: Floats,
    queued: Flags,
    queue: Integers,
    touched: Integers,
    source: Integers,
    target: Integers,
    metres: Floats,
) -> int:
    """Fill in the pairs and return how many, or -1 where there is no room; ``best`` is left as it came."""
    room, size, found = len(source), len(queue), 0
    for root in range(pieces):
        best[root], touched[0], queue[0] = 0.0, root, root
        known, head, waiting = 1, 0, 1
        while waiting:
            node = queue[head]
            head = (head + 1) % size
            waiting -= 1
            queued[node] = False
            for step in range(start[node], start[node + 1]):
                other, way_m = to[step], best[node] + far_m[step]
                if way_m > limit_m or way_m >= best[other]:
                    continue
                if best[other] == np.inf:
                    touched[known] = other
                    known += 1
                best[other] = way_m
                if not queued[other]:
                    queued[other] = True
                    queue[(head + waiting) % size] = other
                    waiting += 1
        for row in range(known):
            node = touched[row]
            if node < pieces:
                if found == room:
                    return -1
                source[found], target[found], metres[found] = root, node, best[node]
                found += 1
            best[node] = np.inf
    return found
