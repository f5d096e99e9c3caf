"""Map layers: GeoJSON made by the database, with what an answer may be cached under."""

from __future__ import annotations

import hashlib

from gis.store.community_facts import versions, versions_at_once
from gis.store.map_layers import area_filter, areas_text, layer_text
from gis.store.session import ReadSession
from gis.store.stations import care_mark
from gis.words import Level, Scope

__all__ = [
    "area_filter",
    "areas_geojson",
    "layer_geojson",
    "layer_mark",
    "layer_tag",
    "versions",
    "versions_at_once",
]


async def areas_geojson(session: ReadSession, scope: Scope, level: Level) -> str:
    """Return a FeatureCollection of the areas of a level inside a scope (EPSG:4326)."""
    return await areas_text(session, scope.community_id, level, area_filter(scope, level))


async def layer_geojson(session: ReadSession, community_id: str, layer: str) -> str:
    """Return a FeatureCollection of buildings, streets, base, gates or stations (EPSG:4326)."""
    return await layer_text(session, community_id, layer)


async def layer_mark(session: ReadSession, community_id: str, layer: str) -> str:
    """Return what a layer depends on besides the versions of the map: of stations what the office says of them."""
    return await care_mark(session, community_id) if layer == "stations" else ""


def layer_tag(
    layer: str, current: tuple[int, int], scope: Scope, level: Level | None = None, mark: str = ""
) -> str:
    """Return a key that changes when, and only when, the layer's content for this reader may have changed."""
    wanted = area_filter(scope, level) if level else ""
    text = f"{scope.community_id} {layer} {level} {current} {wanted}{mark}"
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
