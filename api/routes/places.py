"""Areas, buildings, streets and the rest of the map; where a position lies."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import Response

from api.deps import PartsDep, ReadDep, ReaderDep
from api.layer_answer import answer_layer, versions_of
from api.located import LocatedOut, located_out
from api.rooms import interface
from api.spec import errors
from gis.crs import parse_position
from gis.flows.locate import locate
from gis.flows.locate_plate import locate_plate
from gis.flows.plates import read_plate
from gis.people.permissions import scope_of
from gis.plates import LONGEST_CODE
from gis.store.session import ReadSession
from gis.views import boards
from gis.views.layers import areas_geojson, layer_geojson, layer_mark, layer_tag
from gis.words import Level

router = interface("places")
GEOJSON = "application/geo+json"
GEOJSON_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "a GeoJSON FeatureCollection, EPSG:4326",
        "content": {GEOJSON: {"schema": {"type": "object"}}},
    },
    304: {"description": "unchanged since the ETag that was sent"},
}


@router.get("/areas", responses={**GEOJSON_ANSWERS, **errors(400, 401)})
async def get_areas(
    request: Request, parts: PartsDep, reader: ReaderDep, level: Level = Level.MICRO_GRID
) -> Response:
    """Areas of one level: grid workers and watchers see their own grids and micro-grids, others all outlines."""
    scope = scope_of(reader.actor)
    current = await versions_of(parts, scope.community_id)

    async def make(session: ReadSession) -> str:
        return await areas_geojson(session, scope, level)

    return await answer_layer(request, parts, layer_tag("areas", current, scope, level), make, GEOJSON)


def _add_layer(path: str, name: str, summary: str) -> None:
    async def get_layer(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
        scope = scope_of(reader.actor)
        current = await versions_of(parts, scope.community_id)

        async def make(session: ReadSession) -> str:
            return await layer_geojson(session, scope.community_id, name)

        async with parts.database.brief() as session:
            mark = await layer_mark(session, scope.community_id, name)
        tag = layer_tag(name, current, scope, mark=mark)
        return await answer_layer(request, parts, tag, make, GEOJSON)

    get_layer.__name__ = f"get_{name}"
    get_layer.__doc__ = summary
    router.get(path, responses={**GEOJSON_ANSWERS, **errors(401)})(get_layer)


_add_layer("/buildings", "buildings", "Buildings with their addresses, levels and flats.")
_add_layer("/streets", "streets", "Street segments with their names and kinds.")
_add_layer(
    "/base", "base", "Greens, water, walls, pitches: what the base map draws besides streets and buildings."
)
_add_layer("/gates", "gates", "Gates and who may pass them.")
_add_layer("/stations", "stations", "Stations (暖心驿站) with their amenities and hours.")


@router.get("/categories", responses=errors(401))
async def get_categories(reader: ReaderDep, session: ReadDep) -> dict[str, list[dict[str, Any]]]:
    """Categories of cases, in the order in which they are offered."""
    _ = reader
    return {"items": [dict_of(one) for one in await boards.categories(session, reader.actor.community_id)]}


@router.get("/agencies", responses=errors(401))
async def get_agencies(reader: ReaderDep, session: ReadDep) -> dict[str, list[dict[str, Any]]]:
    """Agencies that cases are referred to."""
    found = await boards.agencies(session, reader.actor.community_id)
    return {"items": [dict_of(one) for one in found]}


@router.get("/locate", responses=errors(400, 401))
async def get_locate(
    *,
    parts: PartsDep,
    reader: ReaderDep,
    session: ReadDep,
    lon: Annotated[str | None, Query(max_length=64, examples=["123.4152"])] = None,
    lat: Annotated[str | None, Query(max_length=64, examples=["41.7891"])] = None,
    datum: Annotated[str, Query(max_length=16)] = "wgs84",
    accuracy_m: Annotated[str | None, Query(max_length=64)] = None,
    heading_deg: Annotated[str | None, Query(max_length=64)] = None,
    source: Annotated[str, Query(max_length=16, description="gnss, pin, exif or plate")] = "gnss",
    plate: Annotated[
        str | None,
        Query(max_length=LONGEST_CODE, description="code of a scanned plate, instead of a position"),
    ] = None,
    chosen_place: Annotated[
        str | None,
        Query(max_length=64, description="what the reporter says it is: as in a report"),
    ] = None,
) -> LocatedOut:
    """Where a position lies: micro-grid, grid, building and street, each with distance and probability."""
    if plate:
        at = await read_plate(session, reader.actor.community_id, plate)
        atlas = await parts.atlas.get(session, reader.actor.community_id)
        return located_out(atlas, locate_plate(atlas, at, parts.settings.snap), at.lon, at.lat)
    position = parse_position(lon, lat, datum, accuracy_m=accuracy_m, heading_deg=heading_deg, source=source)
    atlas = await parts.atlas.get(session, reader.actor.community_id)
    found = locate(atlas, position, parts.settings.snap, chosen_place=chosen_place)
    return located_out(atlas, found, position.lon, position.lat)


def dict_of(thing: Any) -> dict[str, Any]:
    """Return a small dataclass as a dict."""
    return {name: getattr(thing, name) for name in thing.__slots__}
