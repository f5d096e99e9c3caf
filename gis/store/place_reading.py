"""Reading the places of a community whole, for the index and the network in memory. Geometry is WKB, EPSG:4326."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from gis.store.places import GONE
from gis.store.session import ReadSession

Rows = Sequence[Row[Any]]


@dataclass(frozen=True, slots=True)
class CommunityHead:
    """What says whether something loaded earlier is still true."""

    name: str
    name_en: str
    metric_srid: int
    area_version: int
    network_version: int
    timezone: str
    calendar_version: int
    rule_version: int
    published_at: datetime | None
    """When the areas in force were published: two histories of a database, as after going back to a backup, may have the
    same numbers."""


@dataclass(frozen=True, slots=True)
class StoredPlaces:
    """Areas of the version in force, buildings and their doors."""

    areas: Rows  # level, code, area_id, name, parent_code, geom; by code
    buildings: Rows  # building_id, source_ref, name, street, housenumber, geom
    stairwells: Rows  # building_id, geom


@dataclass(frozen=True, slots=True)
class StoredNetwork:
    """Streets, gates and the walls around compounds."""

    segments: Rows  # segment_id, name, kind, from_node, to_node, walk, e_bike, car, underground, geom
    gates: Rows  # node_id, walk, e_bike, car
    walls: Rows  # geom


_HEAD = text(
    "select k.name, k.name_en, k.metric_srid, k.area_version, k.network_version, k.timezone, k.calendar_version, "
    "k.rule_version, v.published_at from community k "
    "left join area_version v on v.community_id = k.community_id and v.version = k.area_version "
    "where k.community_id = :id"
)
_AREAS = text(
    "select level, code, area_id, name, parent_code, st_asbinary(geom) as geom from area "
    'where community_id = :id and version = :version order by level, code collate "C"'
)
_BUILDINGS = text(
    "select building_id, source_ref, name, street, housenumber, st_asbinary(geom) as geom from building "
    "where community_id = :id and kind <> :gone order by building_id"
)
_STAIRWELLS = text(
    "select building_id, st_asbinary(geom) as geom from stairwell where community_id = :id order by stairwell_id"
)
_SEGMENTS = text(
    "select segment_id, name, kind, from_node, to_node, walk, e_bike, car, underground, st_asbinary(geom) as geom "
    "from street_segment where community_id = :id and kind <> :gone order by segment_id"
)
_GATES = text("select node_id, walk, e_bike, car from gate where community_id = :id order by node_id")
_WALLS = text(
    "select st_asbinary(geom) as geom from feature where community_id = :id "
    "and kind in ('wall', 'fence', 'city_wall', 'retaining_wall') order by feature_id"
)


async def load_head(session: ReadSession, community_id: str) -> CommunityHead | None:
    """Return the community's names and versions in force, None where there is no such community."""
    row = await session.row(_HEAD, {"id": community_id})
    return None if row is None else CommunityHead(*row)


async def load_places(session: ReadSession, community_id: str, version: int) -> StoredPlaces:
    """Return areas of a version, buildings and stairwells."""
    key = {"id": community_id}
    return StoredPlaces(
        areas=await session.rows(_AREAS, {**key, "version": version}),
        buildings=await session.rows(_BUILDINGS, {**key, "gone": GONE}),
        stairwells=await session.rows(_STAIRWELLS, key),
    )


async def load_network(session: ReadSession, community_id: str) -> StoredNetwork:
    """Return street segments, gates and walls."""
    key = {"id": community_id}
    return StoredNetwork(
        segments=await session.rows(_SEGMENTS, {**key, "gone": GONE}),
        gates=await session.rows(_GATES, key),
        walls=await session.rows(_WALLS, key),
    )
