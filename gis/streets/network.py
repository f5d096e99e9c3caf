"""Travel times over the street network, with its gates and walls. `gis.streets.modes` says who passes where."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gis.streets.attach import Attacher
from gis.streets.modes import NetworkArrays, Roads, build_modes
from gis.streets.route import trace
from gis.streets.search import WHOLE_BELOW_NODES, Search
from gis.streets.trees import Trees
from gis.words import Mode

Floats = npt.NDArray[np.float64]


class StreetNetwork:
    """The streets of one community, for travel times and routes.

    A question changes nothing but what is remembered of it, so that threads may share a network.

    Parameters
    ----------
    arrays
        Segments, gates and walls, in metres.
    """

    def __init__(self, arrays: NetworkArrays) -> None:
        self.roads = Roads.of(arrays)
        self.modes = build_modes(arrays, self.roads)
        self.trees = {
            mode: Trees(graph) for mode, graph in self.modes.items() if graph.size <= WHOLE_BELOW_NODES
        }
        by_layer: dict[int, Attacher] = {}  # walking is a layer of every mode
        for graph in self.modes.values():
            for layer in graph.layers:
                if id(layer) not in by_layer:
                    by_layer[id(layer)] = Attacher(
                        arrays.lines, layer.joined(self.roads), self.roads.length_m, arrays.walls
                    )
        self.attachers = {
            mode: [by_layer[id(layer)] for layer in graph.layers] for mode, graph in self.modes.items()
        }

    def travel(
        self, mode: Mode, from_xy: Floats, to_xy: Floats, *, nearest: int | None = None
    ) -> tuple[Floats, Floats]:
        """Return how long and how far it is from each of many places to one.

        Parameters
        ----------
        mode
            How they travel.
        from_xy
            Where they are, metres, shape (n, 2).
        to_xy
            Where they are wanted, metres, shape (2,).
        nearest
            Stop once so many are found; those not certain by then get inf. None: all.

        Returns
        -------
        seconds, metres
            Along the fastest way, including the stretches between places and streets, on foot; inf where there is none.
        """
        starts = np.asarray(from_xy, dtype=np.float64).reshape(-1, 2)
        if len(starts) == 0 or len(self.roads.lines) == 0:
            return np.full(len(starts), np.inf), np.full(len(starts), np.inf)
        target = np.asarray(to_xy, dtype=np.float64).reshape(1, 2)
        search = self._search(mode, starts, target)
        trees = self.trees.get(mode)
        if trees is None or nearest is not None:
            search.run(np.hypot(*(starts - target).T), nearest)
        else:
            search.run_remembered(trees)
        return search.seconds, search.metres

    def route(self, mode: Mode, from_xy: Floats, to_xy: Floats) -> Floats:
        """Return the line of the fastest way between two places, metres, shape (k, 2); empty where there is none."""
        here = np.asarray(from_xy, dtype=np.float64).reshape(1, 2)
        there = np.asarray(to_xy, dtype=np.float64).reshape(1, 2)
        if len(self.roads.lines) == 0:
            return np.empty((0, 2))
        search = self._search(mode, here, there)
        search.run(np.hypot(*(here - there).T))
        return trace(search, here, there)

    def _search(self, mode: Mode, starts: Floats, target: Floats) -> Search:
        both = np.concatenate([starts, target])
        attached = [attacher.attach(both) for attacher in self.attachers[mode]]
        return Search(
            self.roads,
            self.modes[mode],
            [each.rows(slice(None, -1)) for each in attached],
            [each.rows(slice(-1, None)) for each in attached],
        )
