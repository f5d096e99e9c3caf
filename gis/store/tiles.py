"""Vector tiles, put together by PostGIS: one statement a tile, nothing sent that is too small to be seen.

Geometry is stored in EPSG:4326 and turned into a tile's own 4096 steps here. All neighbours are turned by the same grid, so
borders that are one line in the table are one line in the tile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import text

from gis.store.map_layers import AreaFilter
from gis.store.places import GONE
from gis.store.session import ReadSession
from gis.words import Level

EXTENT: Final = 4096
MARGIN: Final = 64
"""Steps beyond a tile's edge that are sent as well, so that lines go on."""
HIGHEST: Final = 22
AREAS: Final[Mapping[str, Level]] = {
    "community": Level.COMMUNITY,
    "grids": Level.GRID,
    "micro_grids": Level.MICRO_GRID,
    "courtyards": Level.COURTYARD,
}
"""Layers of areas, each of one level."""

_TILE = """
with tile as materialized (
    select st_tileenvelope(:z, :x, :y) as box, st_transform(st_tileenvelope(:z, :x, :y, margin => :beyond), 4326) as around,
           40075016.7 / (2.0 ^ :z) / 256 as pixel_m
)
select st_asmvt(found, :layer, :extent, 'geom') from (
    select st_asmvtgeom({shape}, tile.box, :extent, :margin, true) as geom, {properties}
    from {source}, tile
    where t.community_id = :id and t.geom && tile.around and {where}
) found where found.geom is not null
"""
_SIZE = {"extent": EXTENT, "margin": MARGIN, "beyond": MARGIN / EXTENT}
_WHOLE = "st_transform(t.geom, 3857)"
_LINE = "st_simplify(st_transform(t.geom, 3857), tile.pixel_m / 2, true)"
_AREA_SOURCE = "area t join community c on c.community_id = t.community_id and c.area_version = t.version"
_AREA_WHERE = (
    "t.level = :level and (:everything or t.code = any(:codes) or t.parent_code = any(:parents) "
    "or t.code in (select m.parent_code from area m where m.community_id = t.community_id "
    "and m.version = t.version and m.level = 'micro_grid' and m.code = any(:children)))"
)
_KINDS_FROM = """(:z >= 15 or :z >= case regexp_replace(t.kind, '_link$', '')
    when 'motorway' then 0 when 'trunk' then 0 when 'primary' then 0 when 'secondary' then 9 when 'tertiary' then 11
    when 'unclassified' then 13 when 'residential' then 13 when 'living_street' then 14 when 'pedestrian' then 14
    when 'service' then 15 else 16 end)"""
_SEEN = "(:z >= 15 or st_area(t.geom::geography) > 4 * tile.pixel_m ^ 2)"
_STATION: Final = (
    "t.code, t.name, t.name_en, array_to_string(coalesce(k.amenities, t.amenities), ';') as amenities,"
    " coalesce(k.opening_hours, t.opening_hours) as opening_hours"
)
_PLACES: Final[Mapping[str, tuple[str, str, str, str]]] = {  # shape, properties, source, condition
    "areas": (
        _WHOLE,
        "t.area_id::text as id, t.code, t.name, t.name_en, t.parent_code, t.households",
        _AREA_SOURCE,
        _AREA_WHERE,
    ),
    "buildings": (
        _WHOLE,
        "t.building_id::text as id, t.name, t.name_en, t.street, t.housenumber, t.levels, t.flats, t.kind",
        "building t",
        f"t.kind <> :gone and :z >= 12 and {_SEEN}",
    ),
    "streets": (
        _LINE,
        "t.segment_id::text as id, t.name, t.name_en, t.kind",
        "street_segment t",
        f"t.kind <> :gone and {_KINDS_FROM}",
    ),
    "base": (
        _WHOLE,
        "t.feature_id::text as id, t.kind, t.name",
        "feature t",
        f"(st_dimension(t.geom) < 2 and :z >= 14 or st_dimension(t.geom) = 2 and {_SEEN})",
    ),
    "gates": (_WHOLE, "t.kind, t.name, t.walk, t.e_bike, t.car", "gate t", ":z >= 15"),
    "stations": (
        _WHOLE,
        _STATION,
        "station t left join station_care k on k.community_id = t.community_id and k.code = t.code",
        ":z >= 13",
    ),
}
PLACES: Final = tuple(name for name in _PLACES if name != "areas")
"""Layers that are the same for every reader."""
_STATEMENTS = {
    name: text(_TILE.format(shape=shape, properties=properties, source=source, where=where))
    for name, (shape, properties, source, where) in _PLACES.items()
}


@dataclass(frozen=True, slots=True)
class TileAddress:
    """Which tile: zoom, column from the west, row from the north."""

    z: int
    x: int
    y: int


async def area_tile(
    session: ReadSession, community_id: str, layer: str, at: TileAddress, wanted: AreaFilter
) -> bytes:
    """Return the areas of one of ``AREAS`` in the version in force; nothing at all where none is in the tile."""
    more = {
        "level": AREAS[layer].value,
        "everything": wanted.everything,
        "codes": list(wanted.codes),
        "parents": list(wanted.parents),
        "children": list(wanted.children),
    }
    return await _tile(session, "areas", community_id, at, {**more, "layer": layer})


async def place_tile(session: ReadSession, community_id: str, layer: str, at: TileAddress) -> bytes:
    """Return a tile of a layer that is the same for every reader: buildings, streets, base, gates or stations."""
    gone = {"gone": GONE} if layer in {"buildings", "streets"} else {}
    return await _tile(session, layer, community_id, at, {"layer": layer, **gone})


async def _tile(
    session: ReadSession, name: str, community_id: str, at: TileAddress, more: Mapping[str, Any]
) -> bytes:
    key = {"id": community_id, "z": at.z, "x": at.x, "y": at.y}
    return bytes(await session.value(_STATEMENTS[name], {**_SIZE, **key, **more}) or b"")
