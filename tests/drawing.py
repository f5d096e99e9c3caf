"""Geometry drawn as little pictures: every letter is a corner, every row and column 10 m."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

import numpy as np
import shapely

from gis.crs import MetricCrs, metric_crs
from gis.snap import Areas, Named, PlaceArrays, PlaceIndex
from gis.streets import NetworkArrays, StreetNetwork

STEP_M = 10.0
SRID = 4550
ORIGIN = 534_500.0, 4_628_280.0  # metres in EPSG:4550, near 123.415 E 41.789 N
NAMESPACE = UUID(int=7)


def metric() -> MetricCrs:
    return metric_crs(SRID)


def corners(picture: str) -> dict[str, tuple[float, float]]:
    """Return where each letter stands, metres; the last row is the southernmost."""
    lines = [line for line in picture.splitlines() if line.strip()]
    indent = min(len(line) - len(line.lstrip()) for line in lines)
    placed = {}
    for row, line in enumerate(reversed(lines)):
        for column, letter in enumerate(line[indent:]):
            if letter not in " .-|+":
                placed[letter] = (ORIGIN[0] + column * STEP_M, ORIGIN[1] + row * STEP_M)
    return placed


def polygon(at: dict[str, tuple[float, float]], letters: str) -> shapely.Polygon:
    return shapely.Polygon([at[letter] for letter in letters])


def degrees(shapes) -> np.ndarray:
    """Return shapes in metres as EPSG:4326."""
    array = np.empty(len(shapes), dtype=object)
    array[:] = list(shapes)
    return metric().unproject_geometries(array)


def lonlat(x: float, y: float) -> tuple[float, float]:
    return metric().unproject(x, y)


def ids(kind: str, codes: list[str]) -> list[UUID]:
    return [uuid5(NAMESPACE, f"{kind}/{code}") for code in codes]


def areas(kind: str, shapes: Mapping[str, Any], parents: dict[str, str] | None = None) -> Areas:
    codes = sorted(shapes)
    return Areas(
        id=ids(kind, codes),
        code=codes,
        name=[f"{kind} {code}" for code in codes],
        parent_code=[(parents or {}).get(code) for code in codes],
        geometry=degrees([shapes[code] for code in codes]),
    )


def named(kind: str, shapes: Mapping[str, Any], names: dict[str, str] | None = None) -> Named:
    codes = list(shapes)
    return Named(
        id=ids(kind, codes),
        code=codes,
        name=[(names or {}).get(code, "") for code in codes],
        geometry=degrees(list(shapes.values())),
    )


def place_index(
    cells: dict[str, shapely.Polygon],
    *,
    buildings: dict[str, shapely.Polygon] | None = None,
    streets: dict[str, tuple[str, shapely.LineString]] | None = None,
    courtyards: dict[str, shapely.Polygon] | None = None,
    doors: dict[str, list[tuple[float, float]]] | None = None,
) -> PlaceIndex:
    """Return an index of micro-grids named like ``01-02``, whose grids are what is before the dash."""
    grids = sorted({code.split("-")[0] for code in cells})
    by_grid: dict[str, Any] = {
        grid: shapely.union_all([shape for code, shape in cells.items() if code.startswith(grid)])
        for grid in grids
    }
    houses = buildings or {}
    roads = streets or {}
    door_rows = [(list(houses).index(code), at) for code, ats in (doors or {}).items() for at in ats]
    return PlaceIndex(
        PlaceArrays(
            community=areas("community", {"test": shapely.union_all(list(cells.values()))}),
            grids=areas("grid", by_grid),
            micro_grids=areas("micro_grid", cells, {code: code.split("-")[0] for code in cells}),
            courtyards=areas("courtyard", courtyards or {}),
            buildings=named("building", houses),
            streets=named(
                "street",
                {code: line for code, (_, line) in roads.items()},
                {code: code if not code.startswith("?") else "" for code in roads},
            ),
            street_kind=[kind for kind, _ in roads.values()],
            stairwells=degrees([shapely.Point(at) for _, at in door_rows]),
            stairwell_building=np.array([row for row, _ in door_rows], dtype=np.int64),
        ),
        metric(),
    )


def network(
    at: dict[str, tuple[float, float]],
    ways: dict[str, str],
    *,
    walk: dict[str, int] | None = None,
    e_bike: dict[str, int] | None = None,
    car: dict[str, int] | None = None,
    gates: dict[str, str] | None = None,
    walls: list[str] | None = None,
) -> StreetNetwork:
    """Return a network of straight segments between letters.

    Parameters
    ----------
    ways
        Segments such as ``"ab"`` with their kind.
    walk, e_bike, car
        Who may pass, by segment, where not both ways.
    gates
        Letters with who passes: any of ``w``, ``e``, ``c``.
    walls
        Lines between letters.
    """
    node = {letter: number + 1 for number, letter in enumerate(sorted(at))}
    barrier = gates or {}

    def passable(mode: dict[str, int] | None) -> np.ndarray:
        return np.array([(mode or {}).get(way, 3) for way in ways], dtype=np.int8)

    def opened(letter: str) -> np.ndarray:
        return np.array([letter in modes for modes in barrier.values()], dtype=np.bool_)

    lines = np.empty(len(ways), dtype=object)
    lines[:] = [shapely.LineString([at[letter] for letter in way]) for way in ways]
    stone = np.empty(len(walls or []), dtype=object)
    stone[:] = [shapely.LineString([at[letter] for letter in wall]) for wall in walls or []]
    return StreetNetwork(
        NetworkArrays(
            lines=lines,
            from_node=np.array([node[way[0]] for way in ways], dtype=np.int64),
            to_node=np.array([node[way[-1]] for way in ways], dtype=np.int64),
            kind=list(ways.values()),
            walk=passable(walk),
            e_bike=passable(e_bike),
            car=passable(car),
            gate_node=np.array([node[letter] for letter in barrier], dtype=np.int64),
            gate_walk=opened("w"),
            gate_e_bike=opened("e"),
            gate_car=opened("c"),
            walls=stone,
        )
    )


def lattice(size, rng):
    """Return a lattice of streets with uneven crossings, some closed to bikes or one-way, and some gates."""
    at = {
        chr(200 + row * size + column): (column * 50.0 + rng.uniform(-9, 9), row * 50.0 + rng.uniform(-9, 9))
        for row in range(size)
        for column in range(size)
    }
    letters = sorted(at)
    ways = {}
    for number, letter in enumerate(letters):
        if number % size < size - 1:
            ways[letter + letters[number + 1]] = "residential"
        if number < size * (size - 1):
            ways[letter + letters[number + size]] = str(
                rng.choice(["residential", "footway", "steps"], p=[0.6, 0.3, 0.1])
            )
    ridden = {
        way: 0 if kind != "residential" else int(rng.choice([3, 1, 2], p=[0.7, 0.15, 0.15]))
        for way, kind in ways.items()
    }
    gates = {letter: str(rng.choice(["w", "we", ""])) for letter in letters if rng.random() < 0.1}
    return at, ways, ridden, gates
