"""What is taken from OpenStreetMap, as columns: the shape in which it travels to the store and back."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Geometries = npt.NDArray[np.object_]
Integers = npt.NDArray[np.int64]
Passable = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]

ALONG, AGAINST, BOTH = 1, 2, 3
"""Which way a segment may be passed; 0 is nobody."""

ON_FOOT_ONLY = frozenset({"steps"})
"""Kinds on which no bicycle can be pushed."""


@dataclass(frozen=True, slots=True)
class Segments:
    """Street segments between two nodes of the network; EPSG:4326."""

    geometry: Geometries  # LineString, from `from_node` to `to_node`
    ref: list[str]  # stable while the nodes are the same
    from_node: Integers
    to_node: Integers
    name: list[str]
    name_en: list[str]
    kind: list[str]  # OSM's highway value
    walk: Passable
    e_bike: Passable
    car: Passable
    underground: Flags  # in a tunnel or inside a building: divides nothing on the surface
    aliases: list[list[str]]  # other names that people use: alt_name, old_name ...

    def __len__(self) -> int:
        return len(self.geometry)


@dataclass(frozen=True, slots=True)
class Gates:
    """Barriers that stand on nodes of the network, with who passes."""

    node_id: Integers
    geometry: Geometries  # Point
    kind: list[str]
    name: list[str]
    walk: Flags
    e_bike: Flags
    car: Flags

    def __len__(self) -> int:
        return len(self.geometry)


@dataclass(frozen=True, slots=True)
class Buildings:
    """Footprints with their addresses."""

    geometry: Geometries  # Polygon
    ref: list[str]
    name: list[str]
    name_en: list[str]
    street: list[str]
    housenumber: list[str]
    kind: list[str]
    levels: list[int | None]
    flats: list[int | None]

    def __len__(self) -> int:
        return len(self.geometry)


@dataclass(frozen=True, slots=True)
class Stairwells:
    """Doors of buildings."""

    geometry: Geometries  # Point
    ref: list[str]
    building: Integers  # row of the building
    unit: list[str]
    flats: list[int | None]

    def __len__(self) -> int:
        return len(self.geometry)


@dataclass(frozen=True, slots=True)
class Features:
    """What a map draws besides streets and buildings: greens, water, walls, pitches."""

    geometry: Geometries
    ref: list[str]
    kind: list[str]
    name: list[str]

    def __len__(self) -> int:
        return len(self.geometry)


@dataclass(frozen=True, slots=True)
class OsmExtract:
    """Everything taken from one OpenStreetMap file."""

    segments: Segments
    gates: Gates
    buildings: Buildings
    stairwells: Stairwells
    features: Features
    bounds: tuple[float, float, float, float]  # of the streets and buildings read: west, south, east, north
    notes: tuple[str, ...] = field(default=())  # codes of what was odd, for the summary


def geometries(items: list[object]) -> Geometries:
    """Return an array of objects, of one dimension whatever the objects are."""
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array
