"""One search backwards from the case to everybody: bounded, and widened until enough are found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from gis.streets.attach import Attached
from gis.streets.extract import Integers
from gis.streets.modes import WALK_M_S, ModeGraph, Roads
from gis.streets.trees import Trees

Floats = npt.NDArray[np.float64]

WHOLE_BELOW_NODES = 4000
"""Smaller graphs are searched whole at once: that costs less than a second try."""
FIRST_BOUND = 2.0
"""The first bound, as a multiple of the walking time as the crow flies."""
WIDEST_S = 4 * 3600.0
RIDE_UP_TO_M = 15.0
"""A vehicle goes all the way to the case only where its street is hardly farther from it than the nearest footpath is:
else it would be left on the far side of a yard, and the straight line across would count as a way."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A way onto the segment where the case is: by one of its two nodes, in one layer."""

    node: int
    seconds: float
    metres: float
    segment: int
    begin_m: float
    end_m: float


@dataclass(frozen=True, slots=True)
class Exits:
    """Ways from each start to a node: one column for each layer and end of the segment."""

    node: Integers
    seconds: Floats  # inf where closed
    metres: Floats


class Search:
    """The ways from many places to one, in one mode.

    Parameters
    ----------
    roads, graph
        The segments and the mode's graph over them.
    starts, target
        Where the places and the case meet the network, by layer.
    """

    def __init__(
        self, roads: Roads, graph: ModeGraph, starts: list[Attached], target: list[Attached]
    ) -> None:
        self.roads, self.graph = roads, graph
        self.starts = starts
        self.target = [self._within_reach(each, target[-1]) for each in target]
        self.entries = self._entries()
        self.exits = self._exits()
        self.seconds, self.metres, self.layer = self._straight()
        self.column = np.full(
            len(self.seconds), -1, dtype=np.int64
        )  # the exit taken; -1: straight along one segment
        self.after: npt.NDArray[np.signedinteger] = np.empty(0, dtype=np.int32)
        self._last = {each.node: each.metres for each in sorted(self.entries, key=lambda each: -each.seconds)}
        self._known: dict[int, float] = {}

    def run(self, crow_m: Floats, nearest: int | None = None) -> None:
        """Find the fastest ways; `crow_m` are the distances as the crow flies.

        With `nearest`, the search ends once so many are certain; those not certain by then are left as unreachable.
        """
        if not self.entries:
            return
        source = self._with_case()
        wanted = len(crow_m) if nearest is None else min(nearest, len(crow_m))
        limit = np.inf
        if self.graph.size > WHOLE_BELOW_NODES and wanted:
            crow = float(np.partition(crow_m, wanted - 1)[wanted - 1])
            limit = crow / WALK_M_S * FIRST_BOUND + 60.0
        while True:
            reached, self.after = _reach(source, self.graph.size, limit)
            over = reached[self.exits.node] + self.exits.seconds
            column = over.argmin(axis=1)
            best = np.minimum(over[np.arange(len(over)), column], self.seconds)
            if np.isinf(limit) or np.count_nonzero(best <= limit) >= wanted:
                break
            limit = limit * 2.0 if limit < WIDEST_S else np.inf
        self.column = np.where(best < self.seconds, column, -1)
        self.seconds = np.where(best <= limit, best, np.inf)
        self._measure()

    def run_remembered(self, trees: Trees) -> None:
        """Find the fastest ways by what is remembered of the nodes by which the case is reached."""
        rows = np.arange(len(self.seconds))
        for entry in self.entries:
            seconds, metres = trees.to(entry.node)
            over = seconds[self.exits.node] + self.exits.seconds
            column = over.argmin(axis=1)
            best = over[rows, column] + entry.seconds
            node = self.exits.node[rows, column]
            better = best < self.seconds
            self.seconds = np.where(better, best, self.seconds)
            way_m = metres[node] + self.exits.metres[rows, column] + entry.metres
            self.metres = np.where(better, way_m, self.metres)
        self.metres[np.isinf(self.seconds)] = np.inf

    def _measure(self) -> None:
        """Add up the metres of the ways found."""
        self.metres[np.isinf(self.seconds)] = np.inf
        rows = np.flatnonzero((self.column >= 0) & np.isfinite(self.seconds))
        nodes = self.exits.node[rows, self.column[rows]].tolist()
        first = self.exits.metres[rows, self.column[rows]]
        self.metres[rows] = first + np.array([self._metres(node) for node in nodes])

    def _metres(self, node: int) -> float:
        """Return metres from a node to the case along the fastest way; what was walked before is remembered."""
        path = []
        while node not in self._known:
            following = int(self.after[node])
            if following == self.graph.size:
                self._known[node] = self._last[node]
                break
            path.append(node)
            node = following
        total = self._known[node]
        for each in reversed(path):
            total += self.graph.metres[node * self.graph.size + each]
            self._known[each] = total
            node = each
        return total

    @staticmethod
    def _within_reach(target: Attached, on_foot: Attached) -> Attached:
        """Return where the case meets a layer, on no segment where that is too far from it."""
        if target.stretch_m[0] <= on_foot.stretch_m[0] + RIDE_UP_TO_M:
            return target
        return Attached(np.array([-1]), target.along_m, target.stretch_m)

    def _entries(self) -> list[Entry]:
        found = []
        for level, (layer, target) in enumerate(zip(self.graph.layers, self.target, strict=True)):
            segment = int(target.segment[0])
            if segment < 0:
                continue
            along, stretch = float(target.along_m[0]), float(target.stretch_m[0])
            length = float(self.roads.length_m[segment])
            for pace, begin, node in (
                (float(layer.along[segment]), 0.0, int(self.roads.start[segment])),
                (float(layer.against[segment]), length, int(self.roads.end[segment])),
            ):
                if np.isfinite(pace) and not layer.closed[node]:
                    metres = abs(along - begin)
                    seconds = metres * pace + stretch / WALK_M_S
                    shifted = node + level * self.graph.nodes
                    found.append(Entry(shifted, seconds, metres + stretch, segment, begin, along))
        return found

    def _exits(self) -> Exits:
        parts = [self._exits_of(level, layer_starts) for level, layer_starts in enumerate(self.starts)]
        return Exits(*(np.concatenate(columns, axis=1) for columns in zip(*parts, strict=True)))

    def _exits_of(self, level: int, starts: Attached) -> tuple[Integers, Floats, Floats]:
        layer, segment = self.graph.layers[level], starts.segment
        node = np.stack([self.roads.start[segment], self.roads.end[segment]], axis=1)
        metres = np.stack([starts.along_m, self.roads.length_m[segment] - starts.along_m], axis=1)
        pace = np.stack([layer.against[segment], layer.along[segment]], axis=1)
        free = np.isfinite(pace) & ~layer.closed[node] & (segment >= 0)[:, None]
        seconds = np.where(free, metres * np.where(free, pace, 0.0), np.inf)
        stretch = starts.stretch_m[:, None]
        return node + level * self.graph.nodes, seconds + stretch / WALK_M_S, metres + stretch

    def _straight(self) -> tuple[Floats, Floats, Integers]:
        """Return seconds, metres and layer straight along the segment where both are; inf where they are on two."""
        options = []
        for layer, starts, target in zip(self.graph.layers, self.starts, self.target, strict=True):
            segment = int(target.segment[0])
            step = target.along_m[0] - starts.along_m
            pace = np.where(step >= 0.0, layer.along[segment], layer.against[segment])
            same = (starts.segment == segment) & (segment >= 0) & np.isfinite(pace)
            stretch = starts.stretch_m + target.stretch_m[0]
            seconds = np.abs(step) * np.where(same, pace, 0.0) + stretch / WALK_M_S
            options.append((np.where(same, seconds, np.inf), np.abs(step) + stretch))
        seconds_by_layer = np.stack([each[0] for each in options])
        layer_taken = seconds_by_layer.argmin(axis=0)
        rows = np.arange(seconds_by_layer.shape[1])
        metres_by_layer = np.stack([each[1] for each in options])
        return seconds_by_layer[layer_taken, rows], metres_by_layer[layer_taken, rows], layer_taken

    def _with_case(self) -> csr_array:
        """Return the graph with one more node, the case, and the edges out of it."""
        best: dict[int, float] = {}
        for entry in self.entries:
            best[entry.node] = min(entry.seconds, best.get(entry.node, np.inf))
        graph = self.graph.graph
        indices = np.append(graph.indices, np.array(list(best), dtype=graph.indices.dtype))
        data = np.append(graph.data, np.maximum(list(best.values()), 1e-9))
        indptr = np.append(graph.indptr, np.array([len(data)], dtype=graph.indptr.dtype))
        return csr_array((data, indices, indptr), shape=(self.graph.size + 1, self.graph.size + 1))


def _reach(source: csr_array, case: int, limit: float) -> tuple[Floats, npt.NDArray[np.signedinteger]]:
    """Return seconds from every node to the case, and the node that follows each on the way."""
    seconds, after = dijkstra(source, indices=[case], limit=float(limit), return_predecessors=True)
    return seconds[0], after[0]
