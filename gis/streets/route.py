"""The line of the fastest way, for the map."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely
from shapely.ops import substring

from gis.streets.modes import Roads
from gis.streets.search import Search

Floats = npt.NDArray[np.float64]


def trace(search: Search, from_xy: Floats, to_xy: Floats) -> Floats:
    """Return the line of the way that a finished search found for its first place, metres, shape (k, 2).

    Empty where there is no way.
    """
    if not np.isfinite(search.seconds[0]):
        return np.empty((0, 2))
    parts = _straight(search) if search.column[0] < 0 else _over_nodes(search)
    line = np.concatenate([from_xy.reshape(1, 2), *parts, to_xy.reshape(1, 2)])
    steps = np.hypot(*np.diff(line, axis=0).T)
    return np.asarray(line[np.append(True, steps > 1e-3)])  # noqa: PLR2004


def _straight(search: Search) -> list[Floats]:
    layer = int(search.layer[0])
    start, target = search.starts[layer], search.target[layer]
    return [_part(search.roads, int(start.segment[0]), float(start.along_m[0]), float(target.along_m[0]))]


def _over_nodes(search: Search) -> list[Floats]:
    """Return the rest of the first segment, the segments between nodes, and the part of the last."""
    roads, graph = search.roads, search.graph
    column = int(search.column[0])
    start = search.starts[column // 2]
    segment = int(start.segment[0])
    stop = float(roads.length_m[segment]) if column % 2 else 0.0
    parts = [_part(roads, segment, float(start.along_m[0]), stop)]
    node = int(search.exits.node[0, column])
    while (following := int(search.after[node])) != graph.size:
        if node % graph.nodes != following % graph.nodes:  # else the vehicle is left here
            parts.append(_hop(search, node, following))
        node = following
    entry = min((each for each in search.entries if each.node == node), key=lambda each: each.seconds)
    return [*parts, _part(roads, entry.segment, entry.begin_m, entry.end_m)]


def _part(roads: Roads, segment: int, start_m: float, end_m: float) -> Floats:
    return np.asarray(shapely.get_coordinates(substring(roads.lines[segment], start_m, end_m)))


def _hop(search: Search, node: int, following: int) -> Floats:
    """Return the line of the fastest segment from one node to the next."""
    roads, nodes = search.roads, search.graph.nodes
    layer = search.graph.layers[node // nodes]
    here, there = node % nodes, following % nodes
    forth = np.flatnonzero((roads.start == here) & (roads.end == there))
    back = np.flatnonzero((roads.start == there) & (roads.end == here))
    choices = [(layer.along[each] * roads.length_m[each], int(each), True) for each in forth]
    choices += [(layer.against[each] * roads.length_m[each], int(each), False) for each in back]
    _, segment, forward = min(choices)
    coordinates = np.asarray(shapely.get_coordinates(roads.lines[segment]))
    return coordinates if forward else coordinates[::-1]
