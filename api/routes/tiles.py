"""Vector tiles of the community's own layers, and what a client needs to know of each (TileJSON 3.0)."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.deps import PartsDep, ReadDep, ReaderDep, only_known_parameters
from api.layer_answer import answer_layer, has_it, layer_headers, versions_of
from api.parts import Parts
from api.spec import errors
from gis.flows.hotspots.rows import hot_tag, hot_tile, reader_streets
from gis.store.session import ReadSession
from gis.views.boards import community_facts
from gis.views.tiles import (
    FIELDS,
    HIGHEST,
    HOTSPOTS,
    LIVE,
    TileAddress,
    check_layer,
    content_tag,
    parse_address,
    read_tile,
    tile_tag,
)
from gis.words import Actor

router = APIRouter(prefix="/tiles", tags=["tiles"], dependencies=[Depends(only_known_parameters)])
MVT = "application/vnd.mapbox-vector-tile"
_TILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "a Mapbox Vector Tile",
        "content": {MVT: {"schema": {"type": "string", "format": "binary"}}},
    },
    204: {"description": "nothing is in this tile"},
    304: {"description": "unchanged since the ETag that was sent"},
}


@router.get("/{layer}.json", responses=errors(400, 401, 404))
async def get_tilejson(
    layer: str, request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep
) -> dict[str, Any]:
    """Describe a layer of tiles: addresses, zooms, bounds and fields."""
    check_layer(layer)
    facts = await community_facts(session, reader.actor.community_id)
    base = (parts.settings.public_url or str(request.base_url)).rstrip("/")
    described: dict[str, Any] = {
        "tilejson": "3.0.0",
        "name": layer,
        "scheme": "xyz",
        "tiles": [f"{base}/tiles/{layer}/{{z}}/{{x}}/{{y}}.mvt"],
        "minzoom": 0,
        "maxzoom": HIGHEST,
        "vector_layers": [{"id": layer, "fields": dict(FIELDS[layer])}],
    }
    if facts is not None:
        described["bounds"] = [facts.west, facts.south, facts.east, facts.north]
        described["center"] = [(facts.west + facts.east) / 2, (facts.south + facts.north) / 2, 16]
    return described


@router.get("/{layer}/{z}/{x}/{y}.mvt", responses={**_TILE, **errors(400, 401, 404)}, response_class=Response)
async def get_tile(  # noqa: PLR0917 - the parts of its address
    layer: str, z: str, x: str, y: str, request: Request, parts: PartsDep, reader: ReaderDep
) -> Response:
    """Return one tile: areas and cases are those of the reader's own role and areas."""
    check_layer(layer)
    at = parse_address(z, x, y)
    actor = reader.actor

    async def make(session: ReadSession) -> bytes:
        return await read_tile(session, actor, layer, at)

    if layer == HOTSPOTS:
        return await _answer_streets(request, parts, actor, at)
    if layer not in LIVE:
        tag = tile_tag(layer, at, await versions_of(parts, actor.community_id), actor)
        return await answer_layer(request, parts, tag, make, MVT)
    async with parts.database.read() as session:
        content = await make(session)
    tag = content_tag(actor, content)
    headers = layer_headers(tag)
    if has_it(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(content, 200 if content else 204, headers, MVT)


async def _answer_streets(request: Request, parts: Parts, actor: Actor, at: TileAddress) -> Response:
    """Answer a tile of ranked streets, kept until the ranking is made anew."""
    async with parts.database.read() as session:
        found, seen = await reader_streets(session, actor, parts.streets, parts.clock.now())

    async def make(session: ReadSession) -> bytes:
        return await hot_tile(session, found, seen, at)

    return await answer_layer(request, parts, hot_tag(found, seen, at), make, MVT)
