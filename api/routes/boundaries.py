"""Versions of boundaries: listed, compared, rolled back; files checked; open cases given their new areas."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import Path, Query, Request
from starlette.responses import Response

from api.boundaries import changes_json, checked_json, person_json, version_cells_json, version_json
from api.deps import PartsDep, ReadDep, ReaderDep, WorkDep
from api.drafting import roll_back_to
from api.forms import body_of, parse
from api.layer_cache import pack
from api.models import CheckBody, ReassignBody, RollBackBody
from api.rooms import interface
from api.routes.places import GEOJSON, GEOJSON_ANSWERS
from api.spec import body, errors
from api.uploads import sent_files
from gis.errors import InvalidInputError
from gis.flows.boundaries import (
    Reassigned,
    assignable_people,
    building_parts,
    check_upload,
    compare_versions,
    list_versions,
    preview_reassign,
    read_files,
    read_version,
    reassign_cases,
)
from gis.people.permissions import require, scope_of
from gis.views.layers import layer_tag, versions

router = interface("boundaries")
JSON = "application/json"
FORM = "multipart/form-data"
Version = Annotated[int, Query(ge=1, le=2**31 - 1)]
VersionInPath = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("/boundaries/versions", responses=errors(401, 403))
async def get_versions(reader: ReaderDep, session: ReadDep) -> dict[str, Any]:
    """List published versions, the latest first."""
    found = await list_versions(session, reader.actor)
    return {"items": [version_json(one) for one in found], "next": None, "total": len(found)}


@router.get("/boundaries/versions/{version}", responses=errors(401, 403, 404))
async def get_version(reader: ReaderDep, session: ReadDep, version: VersionInPath) -> dict[str, Any]:
    """Read the cells of a version, with the people who are responsible for them now."""
    return version_cells_json(*await read_version(session, reader.actor, version))


@router.get("/boundaries/compare", responses=errors(400, 401, 403, 404))
async def get_comparison(
    reader: ReaderDep, session: ReadDep, before: Version, after: Version
) -> dict[str, Any]:
    """Compare two versions: what was added, removed and changed, with the shapes gained and lost."""
    return changes_json(await compare_versions(session, reader.actor, before, after))


@router.post(
    "/boundaries/versions/{version}/rollback",
    responses=errors(400, 401, 403, 404, 409),
    openapi_extra=body(RollBackBody, JSON),
)
async def post_roll_back(
    request: Request, parts: PartsDep, reader: ReaderDep, version: VersionInPath
) -> dict[str, Any]:
    """Publish an older version anew, as a new version."""
    require(reader.actor, "publish_boundaries")
    given = parse(RollBackBody, await body_of(request))
    published = await roll_back_to(
        parts, reader.actor, version, expected_version=given.expected_version, reason=given.reason
    )
    return {"version": published.version}


@router.post(
    "/boundaries/check", responses=errors(400, 401, 403, 413, 415), openapi_extra=body(CheckBody, FORM)
)
async def post_check(request: Request, reader: ReaderDep, session: ReadDep) -> dict[str, Any]:
    """Check files of areas and propose a repair; nothing is stored.

    A file is sent under the name of its level (micro_grid, grid, community, courtyard); levels that are not sent are
    those in force.
    """
    require(reader.actor, "edit_boundaries")
    given = parse(CheckBody, await body_of(request))
    async with sent_files(request) as files:
        if not files:
            raise InvalidInputError("a file is needed", code="file_needed", field="file")
        areas = await asyncio.to_thread(read_files, files, given.datum)
    return checked_json(await check_upload(session, reader.actor, areas, tolerance_m=given.tolerance_m))


@router.get("/boundaries/reassign", responses=errors(401, 403))
async def get_reassign(
    parts: PartsDep,
    reader: ReaderDep,
    session: ReadDep,
    grid: Annotated[str | None, Query(max_length=64)] = None,
) -> dict[str, Any]:
    """Which open cases of older versions would get which cells of the version in force; nothing is changed."""
    require(reader.actor, "reassign_cases")
    atlas = await parts.atlas.get(session, reader.actor.community_id)
    found = await preview_reassign(session, reader.actor, atlas, parts.settings.snap, grid=grid)
    return _reassigned(found) | {"version": atlas.area_version}


@router.post(
    "/boundaries/reassign", responses=errors(400, 401, 403, 409), openapi_extra=body(ReassignBody, JSON)
)
async def post_reassign(request: Request, reader: ReaderDep, work: WorkDep) -> dict[str, Any]:
    """Give open cases that were snapped on older versions their place in the version in force."""
    given = parse(ReassignBody, await body_of(request))
    done = await reassign_cases(
        work,
        reader.actor,
        reason=given.reason,
        case_ids=given.case_ids,
        grid=given.grid,
        every=given.every,
        expected_version=given.expected_version,
    )
    return _reassigned(done)


def _reassigned(found: list[Reassigned]) -> dict[str, Any]:
    items = [
        {
            "case_id": one.case_id,
            "number": one.number,
            "from": {"grid": one.from_grid, "micro_grid": one.from_micro_grid},
            "to": {"grid": one.grid, "micro_grid": one.micro_grid},
            "moved": one.moved,
        }
        for one in found
    ]
    return {"items": items, "next": None, "total": len(items)}


@router.get("/boundaries/people", responses=errors(401, 403))
async def get_people(reader: ReaderDep, session: ReadDep) -> dict[str, Any]:
    """Watchers and grid workers, to be assigned to cells."""
    found = await assignable_people(session, reader.actor)
    return {"items": [person_json(one) for one in found], "next": None, "total": len(found)}


@router.get("/boundaries/parts", responses={**GEOJSON_ANSWERS, **errors(401, 403)})
async def get_parts(request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep) -> Response:
    """Parts of buildings, one a stairwell, with their households: a GeoJSON FeatureCollection, EPSG:4326."""
    require(reader.actor, "read_boundaries")
    tag = layer_tag("parts", await versions(session, reader.actor.community_id), scope_of(reader.actor))
    headers = {
        "ETag": f'W/"{tag}"',
        "Cache-Control": "private, no-cache",
        "Vary": "Accept-Encoding, Cookie, Authorization",
    }
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    layer = parts.layers.find(tag)
    if layer is None:
        layer = await asyncio.to_thread(pack, await building_parts(session, reader.actor))
        parts.layers.keep(tag, layer)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(layer.compressed, media_type=GEOJSON, headers={**headers, "Content-Encoding": "gzip"})
    return Response(layer.plain, media_type=GEOJSON, headers=headers)
