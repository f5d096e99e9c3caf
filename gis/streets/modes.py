"""The street network as graphs, one for each way of moving.

A responder on foot walks. A rider rides where e-bikes may pass and pushes the e-bike at walking speed along level ways
where they may not (footways, pedestrian streets, against a one-way street); on steps, and at gates that a bicycle can't
pass, it stays behind: from there on they walk. A driver drives, then parks once and walks the rest. So each of the two
has two layers of nodes, one with the vehicle and one without, and steps from the first to the second everywhere. Either
may also set out on foot.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from gis.streets.arrays import Rows, Streets
from gis.streets.extract import AGAINST, ALONG, BOTH, ON_FOOT_ONLY, Flags, Geometries, Integers, Passable
from gis.words import Mode

Floats = npt.NDArray[np.float64]

WALK_M_S = 1.3
E_BIKE_M_S = 4.5
CAR_M_S = 6.0
PARK_S = 5.0
"""Leaving a vehicle behind; it also keeps a rider from parking without need."""
RIDE_UP_TO_M = 15.0
"""A vehicle goes all the way to the case only where its street is hardly farther from it than the nearest footpath is:
else it would be left on the far side of a yard, and the straight line across would count as a way."""


@dataclass(frozen=True, slots=True)
class NetworkArrays:
    """What a network is built from; geometry in the community's metric coordinates."""

    lines: Geometries  # LineString, from `from_node` to `to_node`
    from_node: Integers
    to_node: Integers
    kind: list[str]
    walk: Passable
    e_bike: Passable
    car: Passable
    gate_node: Integers
    gate_walk: Flags
    gate_e_bike: Flags
    gate_car: Flags
    walls: Geometries  # lines that nobody walks through on the last stretch to a street


@dataclass(frozen=True, slots=True)
class Roads:
    """Segments with their nodes numbered from 0."""

    lines: Geometries
    start: Integers
    end: Integers
    length_m: Floats
    node_ids: Integers

    @classmethod
    def of(cls, arrays: NetworkArrays) -> Roads:
        """Return the segments measured, their nodes numbered."""
        ids, flat = np.unique(np.concatenate([arrays.from_node, arrays.to_node]), return_inverse=True)
        count = len(arrays.lines)
        length_m = np.asarray(shapely.length(arrays.lines), dtype=np.float64)
        return cls(arrays.lines, flat[:count].astype(np.int64), flat[count:].astype(np.int64), length_m, ids)


@dataclass(frozen=True, slots=True)
class Layer:
    """Seconds a metre along and against each segment, inf where closed; and the nodes that are closed."""

    along: Floats
    against: Floats
    closed: Flags

    def joined(self, roads: Roads) -> Flags:
        """Return the segments by which the network of this layer can be entered.

        Pieces that would be cut off from the rest even with all gates open are left out when they are shorter than a
        tenth of the longest: they are faults of the data, and whoever entered by one would get nowhere.
        """
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        passable = np.asarray(np.isfinite(self.along) | np.isfinite(self.against))
        start, end, length_m = roads.start[passable], roads.end[passable], roads.length_m[passable]
        size = len(roads.node_ids)
        links = coo_array((np.ones(len(start)), (start, end)), shape=(size, size)).tocsr()
        _, piece = connected_components(links, directed=False)
        total_m = np.bincount(piece[start], weights=length_m, minlength=1)
        passable[passable] = total_m[piece[start]] * 10.0 >= total_m.max()
        return passable


@dataclass(frozen=True, slots=True)
class _Edges:
    seconds: Floats
    metres: Floats
    here: Integers
    there: Integers


class ModeGraph:
    """The graph of one mode, turned around: an edge leads from a node to where one may have come from.

    Parameters
    ----------
    roads
        The segments.
    layers
        With the vehicle and without; only the second for walkers.
    """

    def __init__(self, roads: Roads, layers: list[Layer]) -> None:
        self.layers = layers
        self.nodes = len(roads.node_ids)
        self.size = self.nodes * len(layers)
        along = np.stack([layer.along for layer in layers])
        against = np.stack([layer.against for layer in layers])
        free = np.concatenate([along, against], axis=None)
        self.fastest_m_s = 1.0 / float(np.min(free, initial=1.0 / WALK_M_S))
        self.streets = Streets(
            *self._edges(roads),
            start=roads.start,
            end=roads.end,
            length_m=roads.length_m,
            along=along,
            against=against,
            closed=np.stack([layer.closed for layer in layers]),
            nodes=self.nodes,
            on_foot=1.0 / WALK_M_S,
            ride_up_to_m=RIDE_UP_TO_M,
        )

    def _edges(self, roads: Roads) -> tuple[Integers, Rows, Floats, Floats]:
        """Return where the edges of each node begin, and where they lead, by their nodes; of parallel ones the fastest."""
        parts = [
            self._driven(roads, layer, level, along=along)
            for level, layer in enumerate(self.layers)
            for along in (True, False)
        ]
        if len(self.layers) > 1:
            parts.append(self._parking())
        seconds = np.concatenate([each.seconds for each in parts])
        metres = np.concatenate([each.metres for each in parts])
        here = np.concatenate([each.here for each in parts])
        there = np.concatenate([each.there for each in parts])
        pair = there * self.size + here
        order = np.lexsort((seconds, pair))
        _, first = np.unique(pair[order], return_index=True)
        chosen = order[first]
        begin = np.searchsorted(there[chosen], np.arange(self.size + 1)).astype(np.int64)
        return begin, here[chosen].astype(np.int32), seconds[chosen], metres[chosen]

    def _driven(self, roads: Roads, layer: Layer, level: int, *, along: bool) -> _Edges:
        pace = layer.along if along else layer.against
        here, there = (roads.start, roads.end) if along else (roads.end, roads.start)
        free = np.isfinite(pace) & ~layer.closed[here] & ~layer.closed[there]
        shift = level * self.nodes
        metres = roads.length_m[free]
        return _Edges(pace[free] * metres, metres, here[free] + shift, there[free] + shift)

    def _parking(self) -> _Edges:
        nodes = np.flatnonzero(~self.layers[0].closed & ~self.layers[1].closed)
        count = len(nodes)
        return _Edges(np.full(count, PARK_S), np.zeros(count), nodes, nodes + self.nodes)


def build_modes(arrays: NetworkArrays, roads: Roads) -> dict[Mode, ModeGraph]:
    """Return the graph of each mode."""
    walking = _layer(roads, arrays.walk, WALK_M_S, arrays.gate_node[~arrays.gate_walk])
    driving = _layer(roads, arrays.car, CAR_M_S, arrays.gate_node[~arrays.gate_car])
    return {
        Mode.WALK: ModeGraph(roads, [walking]),
        Mode.E_BIKE: ModeGraph(roads, [_riding(arrays, roads), walking]),
        Mode.CAR: ModeGraph(roads, [driving, walking]),
    }


def _layer(roads: Roads, passable: Passable, speed_m_s: float, closed: Integers) -> Layer:
    pace = 1.0 / speed_m_s
    return Layer(
        along=np.where((passable == ALONG) | (passable == BOTH), pace, np.inf),
        against=np.where((passable == AGAINST) | (passable == BOTH), pace, np.inf),
        closed=np.isin(roads.node_ids, closed),
    )


def _riding(arrays: NetworkArrays, roads: Roads) -> Layer:
    """Return the layer with the e-bike: ridden where it may be, else pushed where one may walk and there are no steps."""
    closed = arrays.gate_node[~arrays.gate_e_bike]
    level = np.array([kind not in ON_FOOT_ONLY for kind in arrays.kind], dtype=np.bool_)
    ridden = _layer(roads, arrays.e_bike, E_BIKE_M_S, closed)
    pushed = _layer(roads, np.where(level, arrays.walk, 0).astype(np.int8), WALK_M_S, closed)
    along, against = np.minimum(ridden.along, pushed.along), np.minimum(ridden.against, pushed.against)
    return Layer(along, against, ridden.closed)
