"""Ways to a node from everywhere, remembered: on the streets of one community the same corners are asked for again."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.sparse.csgraph import dijkstra

from gis.streets.extract import Integers
from gis.streets.modes import ModeGraph

Floats = npt.NDArray[np.float64]
Shorts = npt.NDArray[np.float32]

KEPT_MB = 32.0
"""Memory that the trees of one mode may take; then all are forgotten."""


class Trees:
    """Seconds and metres from every node of one mode's graph to a node, one search each.

    Parameters
    ----------
    graph
        Small enough that a whole search takes less than a millisecond or so.
    """

    def __init__(self, graph: ModeGraph) -> None:
        self.graph = graph
        pairs = np.fromiter(graph.metres.keys(), np.int64, len(graph.metres))
        order = np.argsort(pairs)
        self._pairs = pairs[order]
        self._pair_m = np.fromiter(graph.metres.values(), np.float64, len(graph.metres))[order]
        self._known: dict[int, tuple[Shorts, Shorts]] = {}
        self._most = int(KEPT_MB * 1e6 / max(graph.size * 8, 1))

    def to(self, node: int) -> tuple[Shorts, Shorts]:
        """Return seconds and metres from every node to one; inf seconds where there is no way."""
        known = self._known.get(node)
        if known is None:
            known = self._grow(node)
            if len(self._known) >= self._most:
                self._known = {}
            self._known[node] = known
        return known

    def _grow(self, node: int) -> tuple[Shorts, Shorts]:
        seconds, before = dijkstra(self.graph.graph, indices=[node], return_predecessors=True)
        metres = self._along(before[0].astype(np.int64), node)
        return seconds[0].astype(np.float32), metres.astype(np.float32)

    def _along(self, following: Integers, root: int) -> Floats:
        """Return metres along the tree, doubling the stretch that each node knows until all reach the root."""
        here = np.arange(len(following))
        lost = following < 0
        following = np.where(lost, root, following)
        place = np.searchsorted(self._pairs, following * self.graph.size + here)
        metres = np.where(lost, 0.0, self._pair_m[np.minimum(place, len(self._pair_m) - 1)])
        while np.any(following != root):
            metres = metres + metres[following]
            following = following[following]
        return metres
