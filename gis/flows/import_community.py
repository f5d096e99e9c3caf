"""Load a community from its files: read and checked first, then stored in one transaction or not at all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.clock import Clock, SystemClock
from gis.crs import MetricCrs, choose_metric_srid, metric_crs
from gis.errors import ConflictError
from gis.flows.import_areas import ImportedAreas, complete_areas, drawn_boundary, read_areas
from gis.flows.import_datums import FileDatum, check_datums
from gis.flows.import_households import count_households
from gis.flows.import_places import read_buildings, read_stations
from gis.flows.import_request import ImportRequest
from gis.flows.import_rows import PlaceRows, multipolygon_wkb, rows_of_areas, rows_of_places
from gis.store.people import SUB_DISTRICT_OFFICE, add_agencies
from gis.store.places import (
    CommunityRow,
    Versions,
    lock_community,
    store_areas,
    store_buildings,
    store_community,
    store_streets,
    store_surroundings,
)
from gis.store.residents import place_households
from gis.store.session import Database, WriteSession
from gis.streets import Buildings, OsmExtract, Stairwells, read_osm

Report = Callable[[str, float], None]
"""Called with the step under way (``areas, streets, checks, rows, store, done``) and how much is done, 0-1; from a thread."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything read and checked, before anything is stored."""

    areas: ImportedAreas
    places: PlaceRows
    metric: MetricCrs
    notes: tuple[str, ...]
    datums: tuple[FileDatum, ...]


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What was loaded."""

    community_id: str
    name: str
    replaced: bool
    metric_srid: int
    area_version: int
    network_version: int
    grids: int
    micro_grids: int
    courtyards: int
    buildings: int
    stairwells: int
    households: int | None
    segments: int
    street_km: float
    gates: int
    features: int
    stations: int
    seconds: float
    notes: tuple[str, ...]  # ``no_buildings``, ``one_micro_grid``, ``datum_doubtful``
    datums: tuple[FileDatum, ...]  # how well each file fits in each datum; in China only


def _silent(_step: str, _done: float) -> None:
    """Report nothing."""


async def import_community(
    database: Database,
    request: ImportRequest,
    *,
    report: Report = _silent,
    clock: Clock | None = None,
) -> ImportSummary:
    """Load a community from its files.

    Files are read and checked before the database is touched; everything is then stored in one transaction. A community
    that exists is only replaced when asked: its areas become a new version, its network version is raised, and ids stay
    the same for whatever is still in the files. People, cases and what they refer to are kept.

    Raises
    ------
    InvalidInputError
        One clear line for what is wrong with the files.
    ConflictError
        ``community_exists``.
    """
    begun = time.monotonic()
    if not request.replace:
        async with database.write() as session:
            await _claim(session, request)
    prepared = await asyncio.to_thread(prepare_import, request, report)
    report("store", 0.7)
    async with database.write() as session:
        previous = await _claim(session, request)
        versions = await store_import(
            session, request, prepared, previous=previous, clock=clock or SystemClock()
        )
    report("done", 1.0)
    return _summary(
        request, prepared, versions, replaced=previous is not None, seconds=time.monotonic() - begun
    )


def prepare_import(request: ImportRequest, report: Report = _silent) -> Prepared:
    """Read and check all files: work for a thread. Stores nothing."""
    report("areas", 0.0)
    drawn = read_areas(request)
    boundary = drawn_boundary(drawn, request)
    report("streets", 0.1)
    datums = check_datums(request, drawn)
    extract = read_osm(request.osm, boundary)
    whole = boundary if boundary is not None else shapely.box(*extract.bounds)
    if request.buildings is not None:
        extract = _with_buildings(extract, read_buildings(request.buildings, whole))
    report("checks", 0.5)
    metric = metric_crs(request.metric_srid or _srid(whole))
    areas = complete_areas(request, drawn, whole, metric)
    areas = count_households(areas, extract.buildings, extract.stairwells)
    report("rows", 0.6)
    stations = read_stations(request.stations) if request.stations else []
    places = rows_of_places(request.community_id, extract, metric, stations)
    notes = tuple(note for note in extract.notes if note != "no_buildings")
    notes += () if places.buildings else ("no_buildings",)
    notes += ("one_micro_grid",) if len(areas.micro_grids) == 1 else ()
    notes += ("datum_doubtful",) if any(one.doubtful for one in datums) else ()
    return Prepared(areas, places, metric, notes, datums)


async def store_import(
    session: WriteSession,
    request: ImportRequest,
    prepared: Prepared,
    *,
    previous: Versions | None,
    clock: Clock,
) -> Versions:
    """Store a prepared import in the session's transaction; the community must be locked."""
    now, key, places = clock.now(), request.community_id, prepared.places
    whole = prepared.areas.community.geometry[0]
    row = CommunityRow(
        community_id=key,
        name=request.name,
        name_en=request.name_en,
        metric_srid=prepared.metric.srid,
        timezone=request.timezone,
        demo=request.demo,
        geom=multipolygon_wkb(whole),
    )
    versions = await store_community(session, row, now=now, previous=previous)
    await add_agencies(session, row.community_id, [SUB_DISTRICT_OFFICE])
    rows = rows_of_areas(key, versions.area_version, prepared.areas.levels())
    await store_areas(session, key, versions.area_version, rows, now=now, note=request.note or "import")
    await store_buildings(session, key, places.buildings, places.stairwells)
    await store_streets(session, key, places.segments, places.gates)
    await store_surroundings(session, key, places.features, places.stations)
    await place_households(session, key)
    return versions


async def _claim(session: WriteSession, request: ImportRequest) -> Versions | None:
    """Lock the community for this import; refuse when it exists and is not to be replaced."""
    previous = await lock_community(session, request.community_id)
    if previous is not None and not request.replace:
        raise ConflictError(
            f"the community {request.community_id} exists; say --replace to load it anew",
            code="community_exists",
            community=request.community_id,
        )
    return previous


def _with_buildings(extract: OsmExtract, buildings: Buildings) -> OsmExtract:
    """Return an extract with an office's buildings instead; doors go with the footprint that they stand on."""
    doors = extract.stairwells
    row = np.full(len(doors), -1, dtype=np.int64)
    if len(doors):
        found, distance = shapely.STRtree(buildings.geometry).query_nearest(
            doors.geometry, max_distance=2e-5, return_distance=True, all_matches=False
        )
        row[found[0]] = found[1]
        del distance
    kept = np.flatnonzero(row >= 0)
    stairwells = Stairwells(
        geometry=doors.geometry[kept],
        ref=[doors.ref[each] for each in kept],
        building=row[kept],
        unit=[doors.unit[each] for each in kept],
        flats=[doors.flats[each] for each in kept],
    )
    return replace(extract, buildings=buildings, stairwells=stairwells)


def _srid(whole: BaseGeometry) -> int:
    centre = whole.centroid
    return choose_metric_srid(float(centre.x), float(centre.y))


def _summary(
    request: ImportRequest, prepared: Prepared, versions: Versions, *, replaced: bool, seconds: float
) -> ImportSummary:
    areas, places = prepared.areas, prepared.places
    return ImportSummary(
        community_id=request.community_id,
        name=request.name,
        replaced=replaced,
        metric_srid=prepared.metric.srid,
        area_version=versions.area_version,
        network_version=versions.network_version,
        grids=len(areas.grids),
        micro_grids=len(areas.micro_grids),
        courtyards=len(areas.courtyards) if areas.courtyards else 0,
        buildings=len(places.buildings),
        stairwells=len(places.stairwells),
        households=areas.community.households[0],
        segments=len(places.segments),
        street_km=round(sum(row["length_m"] for row in places.segments) / 1000.0, 2),
        gates=len(places.gates),
        features=len(places.features),
        stations=len(places.stations),
        seconds=round(seconds, 2),
        notes=prepared.notes,
        datums=prepared.datums,
    )
