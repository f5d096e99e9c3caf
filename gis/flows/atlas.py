"""The places and streets of communities in memory, loaded when asked for and again when a new version is in force."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
import shapely

from gis.cases.categories import category
from gis.cases.holidays import DayKind
from gis.cases.office import OfficeCalendar, OfficeDay, office_calendar
from gis.categories import Category, Counting
from gis.crs import MetricCrs, metric_crs
from gis.errors import NotFoundError
from gis.flows.starts import Starts
from gis.flows.weighing import weight
from gis.settings import OfficeSettings
from gis.snap import Areas, Named, PlaceArrays, PlaceIndex
from gis.store.calendars import load_days, load_hours
from gis.store.category_rules import CategoryRule, category_rules
from gis.store.place_reading import (
    CommunityHead,
    StoredNetwork,
    StoredPlaces,
    load_head,
    load_network,
    load_places,
)
from gis.store.session import ReadSession
from gis.streets import NetworkArrays, StreetNetwork
from gis.words import Level

MOST_BYTES = 200_000_000
"""So much memory the communities that are kept may take, about."""
TRIES = 5


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


class Atlas:
    """A small store of communities, shared by all requests of a process.

    Parameters
    ----------
    most_bytes
        How much memory those kept may take, about; the one not asked for longest goes first.
    office
        Hours of offices that have set none.
    """

    def __init__(self, most_bytes: int = MOST_BYTES, office: OfficeSettings | None = None) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._office = office or OfficeSettings()
        self._kept: OrderedDict[str, CommunityAtlas] = OrderedDict()
        self._locks: dict[str, asyncio.Lock] = {}
        self._doubted: set[str] = set()
        self._believed = True

    def peek(self, community_id: str) -> CommunityAtlas | None:
        """Return what is kept of a community, perhaps an older version, without asking the database."""
        if not self._believed or community_id in self._doubted:
            return None
        return self._kept.get(community_id)

    def doubt(self, community_id: str) -> None:
        """Have what is kept of a community compared with the database before it is used again: it has changed elsewhere."""
        self._doubted.add(community_id)

    def believe(self, hears: bool) -> None:
        """Compare always, while changes made elsewhere aren't heard of; afterwards, each community once."""
        self._believed = hears
        self._doubted.update(self._kept)

    async def kind(self, session: ReadSession, community_id: str, code: str) -> Category:
        """Return a category as a community has it, as it was when the community was last looked at.

        Raises
        ------
        NotFoundError, InvalidInputError
            ``community_unknown``, ``category_unknown``.
        """
        kept = self.peek(community_id) or await self.get(session, community_id)
        return kept.kind(code)

    async def get(self, session: ReadSession, community_id: str) -> CommunityAtlas:
        """Return a community in the versions in force as the session sees them.

        Raises
        ------
        NotFoundError
            ``community_unknown``.
        """
        self._doubted.discard(community_id)  # before it is read: what is told meanwhile is doubted anew
        head = await self._head(session, community_id)
        kept = self._fresh(community_id, head)
        if kept is not None and _rules_fresh(kept, head):
            return kept
        async with self._locks.setdefault(community_id, asyncio.Lock()):
            for _ in range(TRIES):
                kept = self._fresh(community_id, head)
                if kept is not None:
                    return await self._with_rules(session, kept, head)
                places = await load_places(session, community_id, head.area_version)
                network = await load_network(session, community_id)
                calendar = await self._calendar(session, community_id, head)
                built = await asyncio.to_thread(build_atlas, community_id, head, calendar, places, network)
                built = replace(built, **await self._rules(session, community_id, head))
                before, head = head, await self._head(session, community_id)
                if before == head:  # else a version was published in between
                    self._keep(built)
            return built

    @staticmethod
    async def _head(session: ReadSession, community_id: str) -> CommunityHead:
        head = await load_head(session, community_id)
        if head is None:
            raise NotFoundError(
                f"no community {community_id}", code="community_unknown", community=community_id
            )
        return head

    async def _calendar(self, session: ReadSession, community_id: str, head: CommunityHead) -> OfficeCalendar:
        days = await load_days(session, community_id)
        return office_calendar(
            head.timezone,
            self._office,
            version=head.calendar_version,
            weekdays=await load_hours(session, community_id),
            days={one.day: OfficeDay(DayKind(one.kind), one.name, one.hours) for one in days},
        )

    @staticmethod
    async def _rules(session: ReadSession, community_id: str, head: CommunityHead) -> dict[str, Any]:
        rules = await category_rules(session, community_id)
        own = {one.code: _own_kind(one) for one in rules}
        unused = frozenset(one.code for one in rules if not one.active)
        return {"rule_version": head.rule_version, "kinds": own, "unused": unused}

    async def _with_rules(
        self, session: ReadSession, kept: CommunityAtlas, head: CommunityHead
    ) -> CommunityAtlas:
        """Return what is kept with calendar and rules in force: the places need not be read again for them."""
        if _rules_fresh(kept, head):
            return kept
        calendar = await self._calendar(session, kept.community_id, head)
        changed = replace(kept, calendar=calendar, **await self._rules(session, kept.community_id, head))
        self._keep(changed)
        return changed

    def _fresh(self, community_id: str, head: CommunityHead) -> CommunityAtlas | None:
        kept = self._kept.get(community_id)
        wanted = (head.area_version, head.network_version, head.metric_srid, head.name, head.name_en)
        if kept is None or wanted != (
            kept.area_version,
            kept.network_version,
            kept.metric.srid,
            kept.name,
            kept.name_en,
        ):
            return None
        self._kept.move_to_end(community_id)
        return kept

    def _keep(self, built: CommunityAtlas) -> None:
        before = self._kept.pop(built.community_id, None)
        self._kept[built.community_id] = built
        self._bytes += built.bytes - (before.bytes if before else 0)
        while self._bytes > self._most_bytes and len(self._kept) > 1:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= dropped.bytes

    @property
    def has_room(self) -> bool:
        """Whether another community of the size of those kept would be kept beside them."""
        return self._bytes * (len(self._kept) + 1) <= self._most_bytes * max(1, len(self._kept))


def _rules_fresh(kept: CommunityAtlas, head: CommunityHead) -> bool:
    known = (kept.calendar.timezone, kept.calendar.version, kept.rule_version)
    return known == (head.timezone, head.calendar_version, head.rule_version)


def _own_kind(rule: CategoryRule) -> Category:
    """Return a category with what a community has set itself."""
    names = (
        "name",
        "name_en",
        "urgent",
        "answer_s",
        "on_site_s",
        "resolve_s",
        "agency_code",
        "skill_required",
    )
    own: dict[str, Any] = {name: value for name in names if (value := getattr(rule, name)) is not None}
    if rule.counting is not None:
        own["counting"] = Counting(rule.counting)
    if rule.skills is not None:
        own["skills"] = tuple(rule.skills)
    return replace(category(rule.code), **own)


def build_atlas(
    community_id: str,
    head: CommunityHead,
    calendar: OfficeCalendar,
    places: StoredPlaces,
    network: StoredNetwork,
) -> CommunityAtlas:
    """Return index and network from rows: work for a thread."""
    metric = metric_crs(head.metric_srid)
    arrays = _place_arrays(places, network)
    streets = StreetNetwork(_network_arrays(network, metric))
    built = CommunityAtlas(
        community_id=community_id,
        name=head.name,
        name_en=head.name_en,
        area_version=head.area_version,
        network_version=head.network_version,
        metric=metric,
        calendar=calendar,
        places=PlaceIndex(arrays, metric),
        network=streets,
        starts=Starts(metric, streets),
        building_rows={each: row for row, each in enumerate(arrays.buildings.id)},
        segment_rows={each: row for row, each in enumerate(arrays.streets.id)},
        cells_of_grid=_cells_of_grid(arrays.micro_grids),
    )
    return replace(built, bytes=weight(built))


def _cells_of_grid(micro_grids: Areas) -> dict[str, frozenset[str]]:
    """Return the codes of each grid's micro-grids."""
    found: dict[str, set[str]] = {}
    for code, grid in zip(micro_grids.code, micro_grids.parent_code, strict=True):
        found.setdefault(grid or "", set()).add(code)
    return {grid: frozenset(codes) for grid, codes in found.items()}


def address(street: str, housenumber: str) -> str:
    """Return an address as it is said: 八经街46号, or 12 Rue Grimaldi; empty without a number."""
    if not street or not housenumber:
        return ""
    if street.isascii() or not any("\u4e00" <= letter <= "\u9fff" for letter in street):
        return f"{housenumber} {street}"
    return f"{street}{housenumber}{'号' if housenumber[-1].isdigit() else ''}"


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
