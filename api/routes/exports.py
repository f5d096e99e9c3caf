"""Files that people take out: small ones at once, large ones ordered and fetched when they are done."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Query, Request
from pydantic import BaseModel
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from api.deps import PartsDep, ReadDep, ReaderDep, WorkDep
from api.exporting import (
    SAY,
    ExportBody,
    ExportOut,
    ExportQuery,
    draft_of,
    export_out,
    language_given,
    parse_name,
)
from api.forms import body_of, parse
from api.language import language_of
from api.rooms import interface
from api.spec import body, errors
from gis.exports.files import MEDIA_TYPES, Format
from gis.flows.exports import orders
from gis.flows.exports.layers import Source
from gis.flows.exports.writing import at_once
from gis.store.access_log import log_access

router = interface("exports")
JSON = "application/json"
HEADERS = {"Cache-Control": "private, no-store"}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "the file",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class ExportPage(BaseModel):
    """One's own latest orders, the newest first."""

    items: list[ExportOut]
    next: str | None = None
    total: int


@router.get("/exports", responses=errors(401))
async def get_exports(reader: ReaderDep, session: ReadDep) -> ExportPage:
    """List the files that one has ordered."""
    found = await orders.my_exports(session, reader.actor)
    return ExportPage(items=[export_out(one) for one in found], total=len(found))


@router.post(
    "/exports",
    status_code=202,
    responses=errors(400, 401, 403, 409, 429),
    openapi_extra=body(ExportBody, JSON),
)
async def post_export(request: Request, parts: PartsDep, reader: ReaderDep, work: WorkDep) -> ExportOut:
    """Order a file of cases, areas, hotspot streets, stations or buildings; it is written in the background."""
    given = parse(ExportBody, await body_of(request))
    actor = reader.actor
    language = language_given(given.language, language_of(request, actor.language))
    draft = await draft_of(
        work.session, actor, given, parts.clock.now(), layer=given.layer, kind=given.format, language=language
    )
    return export_out(await orders.order_export(work, actor, given.id or uuid4(), draft))


@router.get(
    "/exports/{layer}.{ending}",
    response_class=Response,
    responses={**_FILE, **errors(400, 401, 403, 404, 413)},
)
async def get_small(
    *,
    layer: str,
    ending: str,
    request: Request,
    parts: PartsDep,
    reader: ReaderDep,
    query: Annotated[ExportQuery, Query()],
) -> Response:
    """Write a small file at once: `cases.xlsx`, `areas.geojson` and the like, filtered as the lists are."""
    what, kind = parse_name(f"{layer}.{ending}")
    actor = reader.actor
    async with parts.database.read() as session:
        language = language_of(request, actor.language)
        draft = await draft_of(
            session, actor, query, parts.clock.now(), layer=what, kind=kind, language=language
        )
    path = await at_once(Source(parts.recent, parts.streets), parts.settings, actor, draft, SAY)
    now = parts.clock.now()
    async with parts.work() as work:
        await log_access(
            work.session,
            actor.community_id,
            at=now,
            person_id=actor.person_id,
            kind="export_file",
            subject_id=f"{what}.{kind}",
        )
    return FileResponse(
        path,
        media_type=MEDIA_TYPES[kind],
        filename=orders.file_name(what, kind, query.datum, now),
        headers=HEADERS,
        background=BackgroundTask(asyncio.to_thread, path.unlink, missing_ok=True),
    )


@router.get("/exports/{export_id}", responses=errors(400, 401, 404))
async def get_export(export_id: UUID, reader: ReaderDep, session: ReadDep) -> ExportOut:
    """Tell how far an ordered file is."""
    return export_out(await orders.find_export(session, reader.actor, export_id))


@router.get(
    "/exports/{export_id}/file",
    response_class=Response,
    responses={**_FILE, **errors(400, 401, 404, 409)},
)
async def get_file(export_id: UUID, reader: ReaderDep, work: WorkDep) -> Response:
    """Return an ordered file, to who ordered it; that is recorded."""
    found, path = await orders.take_export(work, reader.actor, export_id)
    kind = Format(found.format)
    name = orders.file_name(found.layer, kind, found.datum, found.ordered_at)
    return FileResponse(path, media_type=MEDIA_TYPES[kind], filename=name, headers=HEADERS)


@router.post("/exports/{export_id}/cancel", responses=errors(400, 401, 404))
async def post_cancel(export_id: UUID, reader: ReaderDep, work: WorkDep) -> ExportOut:
    """Call an order off; one that has ended stays as it is."""
    return export_out(await orders.cancel_export(work, reader.actor, export_id))
