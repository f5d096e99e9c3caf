"""Reading what an address book is made of: everything of a community that has a name, a number or a code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text

from gis.store.places import GONE
from gis.store.session import ReadSession

Rows = Sequence[Row[Any]]


@dataclass(frozen=True, slots=True)
class StoredAddresses:
    """Places with a point inside each (EPSG:4326), all ordered by their keys."""

    areas: Rows  # level, area_id, code, name, name_en, lon, lat
    buildings: Rows  # building_id, source_ref, name, name_en, street, housenumber, lon, lat
    stairwells: Rows  # stairwell_id, building_id, unit, lon, lat
    streets: Rows  # segment_id, name, name_en, lon, lat: of each name the longest segment
    stations: Rows  # code, name, name_en, lon, lat


_AREAS = text(
    "select a.level, a.area_id, a.code, a.name, a.name_en, st_x(p.at) as lon, st_y(p.at) as lat from area a, "
    "lateral (select st_pointonsurface(a.geom) as at) p "
    "where a.community_id = :id and a.version = :version and a.level <> 'community' order by a.level, a.code"
)
_BUILDINGS = text(
    "select b.building_id, b.source_ref, b.name, b.name_en, b.street, b.housenumber, st_x(p.at) as lon, "
    "st_y(p.at) as lat from building b, lateral (select st_pointonsurface(b.geom) as at) p "
    "where b.community_id = :id and b.kind <> :gone and (b.name <> '' or b.name_en <> '' or b.housenumber <> '') "
    "order by b.building_id"
)
_STAIRWELLS = text(
    "select stairwell_id, building_id, unit, st_x(geom) as lon, st_y(geom) as lat from stairwell "
    "where community_id = :id and unit <> '' order by stairwell_id"
)
_STREETS = text(
    "select distinct on (name, name_en) segment_id, name, name_en, st_x(p.at) as lon, st_y(p.at) as lat "
    "from street_segment s, lateral (select st_lineinterpolatepoint(s.geom, 0.5) as at) p "
    "where s.community_id = :id and s.kind <> :gone and s.name <> '' "
    "order by name, name_en, length_m desc, segment_id"
)
_STATIONS = text(
    "select code, name, name_en, st_x(geom) as lon, st_y(geom) as lat from station where community_id = :id order by code"
)


async def load_addresses(session: ReadSession, community_id: str, area_version: int) -> StoredAddresses:
    """Return the named places of a community in a version of its areas."""
    key = {"id": community_id}
    there = {**key, "gone": GONE}
    return StoredAddresses(
        areas=await session.rows(_AREAS, {**key, "version": area_version}),
        buildings=await session.rows(_BUILDINGS, there),
        stairwells=await session.rows(_STAIRWELLS, key),
        streets=await session.rows(_STREETS, there),
        stations=await session.rows(_STATIONS, key),
    )
