"""What a delineation stands on: buildings, doors, streets, walls and courtyards of a community or of a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.areas.checks import BuildingFacts
from gis.areas.editing import HousedBuildings
from gis.crs import choose_metric_srid, metric_crs
from gis.errors import InvalidInputError
from gis.flows.boundaries.loading import head_of, housed_buildings, version_areas
from gis.store.place_reading import load_network, load_places
from gis.store.session import ReadSession
from gis.streets import read_osm
from gis.words import Level

WALLS = frozenset({"wall", "fence", "city_wall", "retaining_wall"})
AROUND_M = 15.0
"""A community that nobody has drawn reaches this far around its buildings."""
Geometries = Any


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A community before it is divided; EPSG:4326.

    Parameters
    ----------
    community, srid
        Its area, and where it measures.
    housed
        Its buildings.
    known_as
        What an office's table may call each building.
    streets, street_kind
        Centre lines with their OpenStreetMap kinds, without those underground: a tunnel divides nobody.
    walls, courtyards
        Lines and compounds.
    """

    community: BaseGeometry
    srid: int
    housed: HousedBuildings
    known_as: list[tuple[str, ...]]
    streets: Geometries
    street_kind: list[str]
    walls: Geometries
    courtyards: Geometries


async def stored_surroundings(session: ReadSession, community_id: str) -> Surroundings:
    """Return a community as it was imported, in its area in force; raises ``community_unknown``."""
    head = await head_of(session, community_id)
    areas = {rows.level: rows for rows in await version_areas(session, community_id, head.area_version)}
    housed = await housed_buildings(session, community_id)
    places = await load_places(session, community_id, head.area_version)
    network = await load_network(session, community_id)
    names = {
        str(row.building_id): (str(row.building_id), row.source_ref, row.street + row.housenumber, row.name)
        for row in places.buildings
    }
    yards = areas.get(Level.COURTYARD)
    open_air = [row for row in network.segments if not row.underground]
    return Surroundings(
        community=areas[Level.COMMUNITY].geometry[0],
        srid=head.metric_srid,
        housed=housed,
        known_as=[names.get(each, (each,)) for each in housed.facts.id],
        streets=_shapes(open_air),
        street_kind=[row.kind for row in open_air],
        walls=_shapes(network.walls),
        courtyards=_empty() if yards is None else yards.geometry,
    )


def file_surroundings(osm: str | Path, community: BaseGeometry | None) -> Surroundings:
    """Return what an OpenStreetMap file holds of a community; without one it is drawn around the buildings.

    Raises
    ------
    InvalidInputError
        As ``gis.streets.read_osm``; ``delineation_no_buildings``.
    """
    extract = read_osm(osm, community)
    these, doors = extract.buildings, extract.stairwells
    open_air = np.flatnonzero(~extract.segments.underground)
    if not len(these):
        raise InvalidInputError("there are no buildings", code="delineation_no_buildings")
    middle = shapely.centroid(shapely.box(*shapely.total_bounds(these.geometry)))
    srid = choose_metric_srid(float(middle.x), float(middle.y))
    facts = BuildingFacts(list(these.ref), these.geometry, doors.geometry, doors.building)
    return Surroundings(
        community=_around(these.geometry, srid) if community is None else community,
        srid=srid,
        housed=HousedBuildings(
            facts=facts,
            kind=list(these.kind),
            levels=numbers(these.levels),
            flats=numbers(these.flats),
            unit=list(doors.unit),
            unit_flats=numbers(doors.flats),
        ),
        known_as=[
            (ref, street + number, name)
            for ref, street, number, name in zip(
                these.ref, these.street, these.housenumber, these.name, strict=True
            )
        ],
        streets=extract.segments.geometry[open_air],
        street_kind=[extract.segments.kind[row] for row in open_air],
        walls=extract.features.geometry[[kind in WALLS for kind in extract.features.kind]],
        courtyards=_empty(),
    )


def numbers(values: Any) -> np.ndarray:
    """Return numbers with NaN for those that are unknown."""
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _around(buildings: Geometries, srid: int) -> BaseGeometry:
    metric = metric_crs(srid)
    hull = shapely.convex_hull(shapely.union_all(metric.project_geometries(buildings))).buffer(AROUND_M)
    drawn: BaseGeometry = metric.unproject_geometries(np.array([hull], dtype=object))[0]
    return drawn


def _shapes(rows: Any) -> Geometries:
    blobs = np.array([bytes(row.geom) for row in rows], dtype=object)
    return np.asarray(shapely.from_wkb(blobs), dtype=object).reshape(-1)


def _empty() -> Geometries:
    return np.empty(0, dtype=object)
