"""Vector tiles: which there are, who sees what in them, and what an answer may be kept under."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from gis.errors import InvalidInputError, NotFoundError
from gis.people.permissions import scope_of
from gis.store.case_tiles import case_tile
from gis.store.session import ReadSession
from gis.store.tiles import AREAS, HIGHEST, PLACES, TileAddress, area_tile, place_tile
from gis.views.layers import area_filter
from gis.words import Actor, Role

__all__ = ["FIELDS", "HIGHEST", "TileAddress", "check_layer", "parse_address", "read_tile", "tile_tag"]

CASES, HOTSPOTS = "cases", "hotspots"
LIVE = frozenset({CASES, "stations"})
"""Layers that change at any time, whatever the versions of the map."""
PUBLIC = frozenset({Role.RESIDENT, Role.RIDER})
"""Who is told of others' cases by numbers in wide cells only."""
_AREA_FIELDS = {
    "id": "String",
    "code": "String",
    "name": "String",
    "name_en": "String",
    "parent_code": "String",
    "households": "Number",
}
FIELDS: Mapping[str, Mapping[str, str]] = {
    **dict.fromkeys(AREAS, _AREA_FIELDS),
    "buildings": {
        **dict.fromkeys(("id", "name", "name_en", "street", "housenumber", "kind"), "String"),
        **dict.fromkeys(("levels", "flats"), "Number"),
    },
    "streets": dict.fromkeys(("id", "name", "name_en", "kind"), "String"),
    "base": dict.fromkeys(("id", "kind", "name"), "String"),
    "gates": {
        **dict.fromkeys(("kind", "name"), "String"),
        **dict.fromkeys(("walk", "e_bike", "car"), "Boolean"),
    },
    "stations": dict.fromkeys(("code", "name", "name_en", "amenities", "opening_hours"), "String"),
    HOTSPOTS: {
        **dict.fromkeys(("id", "name", "name_en", "trend"), "String"),
        **dict.fromkeys(("rank", "length_m", "cases", "cases_per_100m"), "Number"),
        **dict.fromkeys(("rate", "rate_low", "rate_high"), "Number"),
        **dict.fromkeys(("enough_data", "hot"), "Boolean"),
    },
    CASES: {
        **dict.fromkeys(("id", "number", "category", "status", "grid_code", "micro_grid_code"), "String"),
        **dict.fromkeys(("resolve_due", "cases"), "Number"),
        "urgent": "Boolean",
    },
}
"""Layers with their fields, as TileJSON names their types."""


def check_layer(layer: str) -> None:
    """Refuse a layer that there isn't.

    Raises
    ------
    NotFoundError
        ``tile_layer_unknown``.
    """
    if layer not in FIELDS:
        raise NotFoundError(f"no layer {layer[:40]!r}", code="tile_layer_unknown", layer=layer[:40])


def parse_address(z: str, x: str, y: str) -> TileAddress:
    """Return the address of a tile.

    Raises
    ------
    InvalidInputError
        ``tile_invalid``: not whole numbers, or none of the tiles of that zoom.
    """
    digits = all(part.isascii() and part.isdigit() and len(part) < 9 for part in (z, x, y))  # noqa: PLR2004
    at = TileAddress(int(z), int(x), int(y)) if digits else None
    if at is None or at.z > HIGHEST or max(at.x, at.y) >= 2**at.z:
        raise InvalidInputError("no such tile", code="tile_invalid", highest=HIGHEST)
    return at


def tile_tag(layer: str, at: TileAddress, current: tuple[int, int], actor: Actor) -> str:
    """Return a key that changes when the content of a tile of places may have changed for this reader."""
    level = AREAS.get(layer)
    wanted = area_filter(scope_of(actor), level) if level else ""
    text = f"tile {actor.community_id} {layer} {at} {current} {wanted}"
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def content_tag(actor: Actor, content: bytes) -> str:
    """Return a key of a tile's very content, for layers that change at any time."""
    return hashlib.blake2b(content, digest_size=12, key=actor.community_id.encode()[:64]).hexdigest()


async def read_tile(session: ReadSession, actor: Actor, layer: str, at: TileAddress) -> bytes:
    """Return a tile as its bytes; none at all where nothing is in it.

    Parameters
    ----------
    session, actor
        Who reads: areas and cases are those of their own role and areas.
    layer, at
        Which tile.
    """
    scope = scope_of(actor)
    if layer == CASES:
        return await case_tile(session, scope, at, public=actor.role in PUBLIC)
    if layer in PLACES:
        return await place_tile(session, scope.community_id, layer, at)
    return await area_tile(session, scope.community_id, layer, at, area_filter(scope, AREAS[layer]))
