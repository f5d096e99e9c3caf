"""The line of the fastest way, for the map."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.ops import substring

from gis.streets.arrays import Attached, Floats
from gis.streets.modes import ModeGraph, Roads
from gis.streets.search import Traced


def line_of(roads: Roads, graph: ModeGraph, traced: Traced, here: Attached, case: Attached) -> list[Floats]:
    """Return the parts of the way that a search found from one place to a case, metres."""
    if traced.exit < 0:
        layer = -1 - traced.exit
        segment = int(here.segment[0, layer])
        return [_part(roads, segment, float(here.along_m[0, layer]), float(case.along_m[0, layer]))]
    layer, end = divmod(traced.exit, 2)
    segment = int(here.segment[0, layer])
    stop_m = float(roads.length_m[segment]) if end else 0.0
    parts = [_part(roads, segment, float(here.along_m[0, layer]), stop_m)]
    parts += [
        _hop(roads, graph, node, following)
        for node, following in zip(traced.nodes, traced.nodes[1:], strict=False)
        if node % graph.nodes != following % graph.nodes  # else the vehicle is left here
    ]
    return [*parts, _last(roads, graph, traced, case)]


def _last(roads: Roads, graph: ModeGraph, traced: Traced, case: Attached) -> Floats:
    """Return the part of the segment where the case is."""
    layer, node = divmod(traced.nodes[-1], graph.nodes)
    segment, along_m = int(case.segment[0, layer]), float(case.along_m[0, layer])
    streets, length_m = graph.streets, float(roads.length_m[segment])
    ways = [
        (float(metres * pace), begin_m)
        for corner, pace, begin_m, metres in (
            (roads.start[segment], streets.along[layer, segment], 0.0, along_m),
            (roads.end[segment], streets.against[layer, segment], length_m, length_m - along_m),
        )
        if corner == node and np.isfinite(pace)
    ]
    return _part(roads, segment, min(ways)[1], along_m)


def _part(roads: Roads, segment: int, start_m: float, end_m: float) -> Floats:
    return np.asarray(shapely.get_coordinates(substring(roads.lines[segment], start_m, end_m)))


def _hop(roads: Roads, graph: ModeGraph, node: int, following: int) -> Floats:
    """Return the line of the fastest segment from one node to the next."""
    level = node // graph.nodes
    here, there = node % graph.nodes, following % graph.nodes
    along, against = graph.streets.along[level], graph.streets.against[level]
    forth = np.flatnonzero((roads.start == here) & (roads.end == there))
    back = np.flatnonzero((roads.start == there) & (roads.end == here))
    choices = [(along[each] * roads.length_m[each], int(each), True) for each in forth]
    choices += [(against[each] * roads.length_m[each], int(each), False) for each in back]
    _, segment, forward = min(choices)
    coordinates = np.asarray(shapely.get_coordinates(roads.lines[segment]))
    return coordinates if forward else coordinates[::-1]
