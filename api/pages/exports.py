"""The page of exports: order a file, see how far it is, fetch it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.deps import PartsDep, ReadDep, ReaderDep, WorkDep
from api.exporting import ExportBody, draft_of, export_out
from api.forms import body_of, parse
from api.language import language_of
from api.pages.frame import Failure, check_page, redirect, show
from api.parts import Parts
from api.rooms import pages
from gis.errors import WeiwangError
from gis.flows.exports.orders import cancel_export, my_exports, order_export
from gis.store.session import ReadSession
from gis.views.boards import grids
from gis.words import Actor, Status
from web.error_messages import ERROR_MESSAGES
from web.exports import export_names
from web.i18n import translate

router = pages()
FIELDS = ("layer", "format", "datum", "level", "status", "category", "grid", "from", "to")


@router.get("/exports")
async def get_exports_page(request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """Show what can be taken out, and one's own files."""
    check_page(reader, "exports")
    form = {name: request.query_params.get(name, "") for name in FIELDS}
    return await _page(request, session, reader, form)


@router.post("/exports")
async def post_exports(request: Request, parts: PartsDep, reader: ReaderDep, work: WorkDep) -> Response:
    """Order a file."""
    check_page(reader, "exports")
    fields = await body_of(request)
    form = {name: str(fields.get(name, "")) for name in FIELDS}
    try:
        await _ordered(request, parts, work, reader.actor, {n: v for n, v in fields.items() if v})
    except (WeiwangError, RequestValidationError) as error:
        return await _page(request, work.session, reader, form, failure=error)
    return redirect("/exports", "export_ordered")


@router.post("/exports/{export_id}/cancel")
async def post_cancel(export_id: UUID, reader: ReaderDep, work: WorkDep) -> Response:
    """Call an order off."""
    await cancel_export(work, reader.actor, export_id)
    return redirect("/exports", "export_cancelled")


async def _ordered(request: Request, parts: Parts, work: Any, actor: Actor, fields: dict[str, Any]) -> None:
    given = parse(ExportBody, fields)
    language = language_of(request, actor.language)
    draft = await draft_of(
        work.session, actor, given, parts.clock.now(), layer=given.layer, kind=given.format, language=language
    )
    await order_export(work, actor, given.id or uuid4(), draft)


async def _page(
    request: Request,
    session: ReadSession,
    reader: Any,
    form: dict[str, str],
    *,
    failure: Failure | None = None,
) -> Response:
    actor = reader.actor
    language = language_of(request, actor.language)
    found = [export_out(one) for one in await my_exports(session, actor)]
    return await show(
        request,
        session,
        reader,
        "exports.html",
        failure=failure,
        form=form,
        new_id=str(uuid4()),
        words=export_names(language),
        grids=[
            {"code": one.code, "name": one.name, "name_en": one.name_en}
            for one in await grids(session, actor.community_id)
        ],
        statuses=[status.value for status in Status],
        exports=[
            one.model_dump()
            | {
                "why": translate(language, ERROR_MESSAGES[one.error])
                if one.error and one.error in ERROR_MESSAGES
                else ""
            }
            for one in found
        ],
        open=any(one.state in ("waiting", "running") for one in found),
    )
