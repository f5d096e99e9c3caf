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

    areas: Rows  # level, area_id, code, name, name_en, aliases, lon, lat
    buildings: Rows  # building_id, source_ref, name, name_en, street, housenumber, lon, lat
    stairwells: Rows  # stairwell_id, building_id, unit, lon, lat
    streets: Rows  # segment_id, name, name_en, aliases, lon, lat: of each name the longest segment
    stations: Rows  # code, name, name_en, lon, lat


_AREAS = text(
    "select a.level, a.area_id, a.code, a.name, a.name_en, array(select a.attributes->>tag "
    "from unnest(array['alt_name', 'old_name', 'loc_name', 'short_name', 'official_name', '别名', '曾用名']) tag "
    "where a.attributes->>tag <> '') as aliases, st_x(p.at) as lon, st_y(p.at) as lat from area a, "
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
    "with there as (select * from street_segment where community_id = :id and kind <> :gone and name <> ''), "
    "other as (select name, array_agg(distinct alias) as aliases from there, unnest(there.aliases) alias group by name) "
    "select distinct on (s.name, s.name_en) s.segment_id, s.name, s.name_en, coalesce(o.aliases, '{}') as aliases, "
    "st_x(p.at) as lon, st_y(p.at) as lat from there s left join other o on o.name = s.name, "
    "lateral (select st_lineinterpolatepoint(s.geom, 0.5) as at) p "
    "order by s.name, s.name_en, s.length_m desc, s.segment_id"
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
