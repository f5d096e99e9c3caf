"""Where a simulation takes place: the demo community, or a drawn city of compounds, with a share of the gates shut."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.crs import metric_crs
from gis.streets import NetworkArrays, StreetNetwork, read_osm
from scripts.bench.dispatch_world import DEMO, LARGE, SRID, demo_arrays, draw_city

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

BLOCKS = 5
SHUT = 0.45
"""Share of gates that are locked."""
PATHS = frozenset({"footway", "path", "steps", "service"})
"""Kinds inside compounds and parks; the others are streets."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Streets, doors where people live and most cases are, and points along streets; metres."""

    net: StreetNetwork
    doors: Floats
    streets: Floats


@cache
def draw_ground(kind: str, seed: int) -> Ground:
    """Return a place with other gates shut for every seed.

    Parameters
    ----------
    kind
        ``demo`` or ``city``.
    seed
        Of the gates, and of the city.
    """
    rng = np.random.default_rng([seed, 7])
    if kind == "demo":
        arrays = shut_gates(demo_arrays(), SHUT, rng)
        doors = metric_crs(SRID).project_geometries(read_osm(DEMO).stairwells.geometry)
        return Ground(StreetNetwork(arrays), shapely.get_coordinates(doors), _along_streets(arrays))
    city = draw_city(BLOCKS, seed=seed, shut=SHUT, each=LARGE)
    return Ground(StreetNetwork(city.arrays), city.nodes[city.doors.ravel()], _along_streets(city.arrays))


def shut_gates(arrays: NetworkArrays, share: float, rng: np.random.Generator) -> NetworkArrays:
    """Return streets with some gates locked, none of which is the last way in to any place.

    Parameters
    ----------
    arrays
        Streets and gates.
    share
        Of all gates; those that must stay open for somebody do.
    rng
        Chance.
    """
    open_ = arrays.gate_walk.copy()
    wanted = int(np.count_nonzero(open_) - (1.0 - share) * len(open_))
    whole = _reached(arrays, open_)
    for gate in rng.permutation(np.flatnonzero(open_)).tolist():
        if wanted <= 0:
            break
        open_[gate] = False
        if _reached(arrays, open_) + 1 < whole:  # somebody would be locked in
            open_[gate] = True
            continue
        whole -= 1
        wanted -= 1
    return replace(
        arrays, gate_walk=open_, gate_e_bike=arrays.gate_e_bike & open_, gate_car=arrays.gate_car & open_
    )


def _reached(arrays: NetworkArrays, open_: npt.NDArray[np.bool_]) -> int:
    """Return how many corners hang together on foot."""
    ids, flat = np.unique(np.concatenate([arrays.from_node, arrays.to_node]), return_inverse=True)
    start, end = flat[: len(arrays.lines)], flat[len(arrays.lines) :]
    closed = np.isin(ids, arrays.gate_node[~open_])
    free = (arrays.walk > 0) & ~closed[start] & ~closed[end]
    links = coo_array((np.ones(free.sum()), (start[free], end[free])), shape=(len(ids), len(ids)))
    _, piece = connected_components(links, directed=False)
    return int(np.bincount(piece).max())


def _along_streets(arrays: NetworkArrays) -> Floats:
    """Return a point every ten metres or so of the streets."""
    lines = arrays.lines[np.array([kind not in PATHS for kind in arrays.kind])]
    return np.asarray(shapely.get_coordinates(shapely.segmentize(lines, 10.0)), dtype=np.float64)
