"""One community's places and streets in memory, made of what is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
import shapely

from gis.addresses import address
from gis.cases.categories import category
from gis.cases.office import OfficeCalendar
from gis.categories import Category
from gis.crs import MetricCrs, metric_crs
from gis.flows.starts import Starts
from gis.flows.weighing import weight
from gis.snap import Areas, Named, PlaceArrays, PlaceIndex
from gis.store.place_reading import CommunityHead, StoredNetwork, StoredPlaces
from gis.streets import NetworkArrays, StreetNetwork
from gis.words import Level


@dataclass(frozen=True, slots=True)
class CommunityGround:
    """What takes long to make of a published version, and is the same for everybody until the next."""

    places: PlaceIndex
    network: StreetNetwork
    building_rows: dict[UUID, int]
    segment_rows: dict[UUID, int]
    cells_of_grid: dict[str, frozenset[str]]
    bytes: int = 0
    """About how much memory it takes."""


@dataclass(frozen=True, slots=True)
class CommunityAtlas:
    """One community's published version in memory."""

    community_id: str
    name: str
    name_en: str
    area_version: int
    network_version: int
    metric: MetricCrs
    calendar: OfficeCalendar
    places: PlaceIndex
    network: StreetNetwork
    starts: Starts = field(repr=False)
    building_rows: dict[UUID, int] = field(repr=False)
    segment_rows: dict[UUID, int] = field(repr=False)
    cells_of_grid: dict[str, frozenset[str]] = field(repr=False)
    rule_version: int = 0
    kinds: Mapping[str, Category] = field(default_factory=dict, repr=False)
    """Categories for which the community has rules of its own."""
    unused: frozenset[str] = frozenset()
    """Categories under which nothing new is reported."""
    bytes: int = 0
    """About how much memory it takes."""

    def kind(self, code: str) -> Category:
        """Return a category as the community has it; raises ``category_unknown``."""
        return self.kinds.get(code) or category(code)

    def target(self, lon: float, lat: float, building_id: UUID | None = None) -> npt.NDArray[np.float64]:
        """Return where a responder to a case goes, metres: the nearest door of its building, else the case itself."""
        building = None if building_id is None else self.building_rows.get(building_id)
        return self.places.target_xy(building, *self.metric.project(lon, lat))


def build_ground(
    metric_srid: int, places: StoredPlaces, network: StoredNetwork, *, weighed: int = 0
) -> CommunityGround:
    """Return index and network from rows: work for a thread. To weigh what was weighed before would be a fourth of it."""
    metric = metric_crs(metric_srid)
    arrays = _place_arrays(places, network)
    built = CommunityGround(
        places=PlaceIndex(arrays, metric),
        network=StreetNetwork(_network_arrays(network, metric)),
        building_rows={each: row for row, each in enumerate(arrays.buildings.id)},
        segment_rows={each: row for row, each in enumerate(arrays.streets.id)},
        cells_of_grid=_cells_of_grid(arrays.micro_grids),
    )
    return replace(built, bytes=weighed or weight(built))


def atlas_of(
    community_id: str, head: CommunityHead, calendar: OfficeCalendar, ground: CommunityGround
) -> CommunityAtlas:
    """Return a community on its ground, without rules of its own for categories."""
    metric = ground.places.metric
    return CommunityAtlas(
        community_id=community_id,
        name=head.name,
        name_en=head.name_en,
        area_version=head.area_version,
        network_version=head.network_version,
        metric=metric,
        calendar=calendar,
        starts=Starts(metric, ground.network),
        **{one.name: getattr(ground, one.name) for one in fields(CommunityGround)},
    )


def _cells_of_grid(micro_grids: Areas) -> dict[str, frozenset[str]]:
    """Return the codes of each grid's micro-grids."""
    found: dict[str, set[str]] = {}
    for code, grid in zip(micro_grids.code, micro_grids.parent_code, strict=True):
        found.setdefault(grid or "", set()).add(code)
    return {grid: frozenset(codes) for grid, codes in found.items()}


def _shapes(rows: Sequence[Any]) -> npt.NDArray[np.object_]:
    blobs = np.array([bytes(row.geom) for row in rows], dtype=object)
    return np.asarray(shapely.from_wkb(blobs), dtype=object).reshape(-1)


def _place_arrays(places: StoredPlaces, network: StoredNetwork) -> PlaceArrays:
    by_level = {level: [row for row in places.areas if row.level == level] for level in Level}
    row_of = {row.building_id: number for number, row in enumerate(places.buildings)}
    doors = [row for row in places.stairwells if row.building_id in row_of]
    return PlaceArrays(
        community=_areas(by_level[Level.COMMUNITY]),
        grids=_areas(by_level[Level.GRID]),
        micro_grids=_areas(by_level[Level.MICRO_GRID]),
        courtyards=_areas(by_level[Level.COURTYARD]),
        buildings=Named(
            id=[row.building_id for row in places.buildings],
            code=[row.source_ref for row in places.buildings],
            name=[row.name or address(row.street, row.housenumber) for row in places.buildings],
            geometry=_shapes(places.buildings),
        ),
        streets=Named(
            id=[row.segment_id for row in network.segments],
            code=[f"{row.from_node}-{row.to_node}" for row in network.segments],
            name=[row.name for row in network.segments],
            geometry=_shapes(network.segments),
        ),
        street_kind=[row.kind for row in network.segments],
        stairwells=_shapes(doors),
        stairwell_building=np.array([row_of[row.building_id] for row in doors], dtype=np.int64),
    )


def _areas(rows: Sequence[Any]) -> Areas:
    return Areas(
        id=[row.area_id for row in rows],
        code=[row.code for row in rows],
        name=[row.name for row in rows],
        parent_code=[row.parent_code for row in rows],
        geometry=_shapes(rows),
    )


def _network_arrays(network: StoredNetwork, metric: MetricCrs) -> NetworkArrays:
    segments, gates = network.segments, network.gates

    def column(rows: Sequence[Any], name: str, kind: type) -> npt.NDArray[Any]:
        return np.array([getattr(row, name) for row in rows], dtype=kind)

    return NetworkArrays(
        lines=metric.project_geometries(_shapes(segments)),
        from_node=column(segments, "from_node", np.int64),
        to_node=column(segments, "to_node", np.int64),
        kind=[row.kind for row in segments],
        walk=column(segments, "walk", np.int8),
        e_bike=column(segments, "e_bike", np.int8),
        car=column(segments, "car", np.int8),
        gate_node=column(gates, "node_id", np.int64),
        gate_walk=column(gates, "walk", np.bool_),
        gate_e_bike=column(gates, "e_bike", np.bool_),
        gate_car=column(gates, "car", np.bool_),
        walls=metric.project_geometries(_shapes(network.walls)),
    )
