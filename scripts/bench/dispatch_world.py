"""Streets to travel on: the demo, and drawn cities of walled compounds of any size."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely

from gis.crs import metric_crs
from gis.streets import NetworkArrays, OsmExtract, read_osm

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "data" / "boundaries" / "heping-demo.osm"
SRID = 4550
WALLS = frozenset({"wall", "fence", "city_wall", "retaining_wall"})
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Block:
    """What a city is made of: a compound between streets.

    Parameters
    ----------
    side_m
        From crossing to crossing.
    yard_m
        Along the compound's wall.
    lanes
        Corners of lanes along each side of the compound; an odd number.
    """

    side_m: float = 130.0
    yard_m: float = 96.0
    lanes: int = 3

    @property
    def nodes(self) -> int:
        """Return how many: a crossing, the middles of two streets, four gates, the corners of the lanes."""
        return 3 + 4 + self.lanes * self.lanes


SMALL = Block()
LARGE = Block(side_m=260.0, yard_m=216.0, lanes=5)
BOTH = 3
ONE_WAY = 0.1
"""Share of streets."""


def demo_arrays(extract: OsmExtract | None = None) -> NetworkArrays:
    """Return the streets of the demo community, straight from its file or from what was read of it."""
    extract, metric = extract or read_osm(DEMO), metric_crs(SRID)
    segments, gates, features = extract.segments, extract.gates, extract.features
    walls = np.array([kind in WALLS for kind in features.kind], dtype=np.bool_)
    return NetworkArrays(
        lines=metric.project_geometries(segments.geometry),
        from_node=segments.from_node,
        to_node=segments.to_node,
        kind=segments.kind,
        walk=segments.walk,
        e_bike=segments.e_bike,
        car=segments.car,
        gate_node=gates.node_id,
        gate_walk=gates.walk,
        gate_e_bike=gates.e_bike,
        gate_car=gates.car,
        walls=metric.project_geometries(features.geometry[walls]),
    )


@dataclass(frozen=True, slots=True)
class City:
    """A drawn city.

    Parameters
    ----------
    arrays
        Its streets, gates and walls.
    nodes
        Where its corners are, metres; row i is node i.
    doors
        Corners of lanes in compounds, where people live: rows of `nodes`, (compounds, corners).
    side_m
        Its length and width.
    """

    arrays: NetworkArrays
    nodes: Floats
    doors: Integers
    side_m: float


def draw_city(
    blocks: int, *, seed: int, shut: float = 0.45, narrow: float = 0.3, each: Block = SMALL
) -> City:
    """Return a city of square blocks between streets; in each a compound behind a wall with four gates.

    Parameters
    ----------
    blocks
        Along each side; 25 make 10,000 nodes, 112 make 200,704.
    seed
        Of all that is uneven: crossings, which gates are shut, which streets are one-way.
    shut
        Share of gates that are locked to everybody; of each compound one stays open.
    narrow
        Share of the open gates that only walkers pass.
    each
        What a block is like.
    """
    rng = np.random.default_rng(seed)
    row, column = (each.ravel() for each in np.indices((blocks, blocks)))
    block = np.arange(blocks * blocks)
    corner = np.asarray(np.stack([column, row], axis=1) * each.side_m, dtype=np.float64)
    nodes = np.asarray((corner[:, None] + _offsets(each)).reshape(-1, 2), dtype=np.float64)
    nodes += rng.uniform(-4.0, 4.0, nodes.shape)
    east, north = (column + 1) % blocks + row * blocks, ((row + 1) % blocks) * blocks + column
    inner_x, inner_y = column < blocks - 1, row < blocks - 1  # the last blocks have no street beyond them
    ends, kinds = _ways(each, (block, east, north), inner_x, inner_y)
    start, end = (np.concatenate([pair[side] for pair in ends]) for side in (0, 1))
    kind = np.concatenate([np.full(len(pair[0]), name) for pair, name in zip(ends, kinds, strict=True)])
    street = kind == "residential"
    one_way = np.where(
        street & (rng.random(len(kind)) < ONE_WAY), rng.choice([1, 2], len(kind)), BOTH
    ).astype(np.int8)
    gate = (block[:, None] * each.nodes + np.arange(3, 7)).ravel()
    walk, ride = _gates(rng, len(block), shut, narrow)
    return City(
        NetworkArrays(
            lines=np.asarray(shapely.linestrings(np.stack([nodes[start], nodes[end]], axis=1)), dtype=object),
            from_node=start,
            to_node=end,
            kind=kind.tolist(),
            walk=np.full(len(kind), BOTH, dtype=np.int8),
            e_bike=one_way,
            car=one_way,
            gate_node=gate,
            gate_walk=walk,
            gate_e_bike=ride,
            gate_car=ride,
            walls=_walls(each, corner, nodes[gate].reshape(-1, 4, 2)),
        ),
        nodes,
        block[:, None] * each.nodes + np.arange(7, each.nodes),
        blocks * each.side_m,
    )


def _offsets(each: Block) -> Floats:
    """Return where a block's nodes are, from its south-western crossing."""
    middle, low, high = each.side_m / 2, (each.side_m - each.yard_m) / 2, (each.side_m + each.yard_m) / 2
    streets = [(0.0, 0.0), (middle, 0.0), (0.0, middle)]
    gates = [(middle, low), (low, middle), (high, middle), (middle, high)]
    at = np.linspace(low + 14.0, high - 14.0, each.lanes)
    return np.array([*streets, *gates, *((x, y) for y in at for x in at)])


def _ways(
    each: Block, blocks: tuple[Integers, Integers, Integers], inner_x: Flags, inner_y: Flags
) -> tuple[list[tuple[Integers, Integers]], list[str]]:
    """Return both ends of all ways, a pair of columns for each kind of place; `blocks`: each, its eastern, its northern."""
    at, to_east, to_north = (rows * each.nodes for rows in blocks)
    streets = [
        (at, at + 1),
        (at, at + 2),
        ((at + 1)[inner_x], to_east[inner_x]),
        ((at + 2)[inner_y], to_north[inner_y]),
    ]
    drives = [
        (at + 1, at + 3),
        (at + 2, at + 4),
        ((at + 5)[inner_x], (to_east + 2)[inner_x]),
        ((at + 6)[inner_y], (to_north + 1)[inner_y]),
    ]
    first, lanes, half = 7, each.lanes, each.lanes // 2
    sides = [(3, half), (4, half * lanes), (5, half * lanes + lanes - 1), (6, lanes * (lanes - 1) + half)]
    inside = [(at + gate, at + first + corner) for gate, corner in sides]
    for number in range(lanes * lanes):
        if number % lanes < lanes - 1:
            inside.append((at + first + number, at + first + number + 1))
        if number < lanes * (lanes - 1):
            inside.append((at + first + number, at + first + number + lanes))
    kinds = ["residential"] * len(streets) + ["service"] * (len(drives) + len(inside))
    return [*streets, *drives, *inside], kinds


def _gates(rng: np.random.Generator, compounds: int, shut: float, narrow: float) -> tuple[Flags, Flags]:
    """Return who passes the gates: on foot, and with a vehicle."""
    walk = rng.random((compounds, 4)) >= shut
    walk[np.arange(compounds), rng.integers(0, 2, compounds)] = (
        True  # the southern and western ones all lead somewhere
    )
    ride = walk & (rng.random(walk.shape) >= narrow)
    return walk.ravel(), ride.ravel()


def _walls(each: Block, corner: Floats, gate: Floats) -> npt.NDArray[np.object_]:
    """Return the wall around each compound, through its gates."""
    low, high = (each.side_m - each.yard_m) / 2, (each.side_m + each.yard_m) / 2
    south_west, south_east, north_east, north_west = (
        corner + offset for offset in ((low, low), (high, low), (high, high), (low, high))
    )
    south, west, east, north = (gate[:, side] for side in range(4))
    ring = [south_west, south, south_east, east, north_east, north, north_west, west, south_west]
    return np.asarray(shapely.linestrings(np.stack(ring, axis=1)), dtype=object)
