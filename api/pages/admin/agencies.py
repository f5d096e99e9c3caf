"""Agencies: added, renamed, left out."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReadDep, ReaderDep
from api.forms import parse
from api.models.fields import Body, Line
from api.pages.admin.frame import open_section, show_section, typed
from api.pages.frame import Failure, redirect
from api.rooms import pages
from gis.errors import NotFoundError, WeiwangError
from gis.flows.office.agencies import add_agency, change_agency
from gis.store.session import ReadSession
from gis.views.office import agency_rows
from gis.words import SUB_DISTRICT

router = pages()


class AgencyBody(Body):
    """The fields of an agency."""

    code: Line = ""
    name: Line
    name_en: Line = ""
    active: Line = ""


@router.get("/admin/agencies")
async def get_agencies(request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """List agencies."""
    open_section(reader, "agencies")
    return await _show(request, session, reader)


@router.post("/admin/agencies")
async def post_new(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Add an agency."""
    open_section(reader, "agencies")
    fields = await typed(request)
    try:
        given = parse(AgencyBody, fields)
        async with parts.work() as work:
            await add_agency(work, reader.actor, given.code.lower(), given.name, given.name_en)
    except (WeiwangError, RequestValidationError) as error:
        async with parts.database.read() as session:
            return await _show(request, session, reader, fields, error)
    return redirect("/admin/agencies", "agency_added")


@router.post("/admin/agencies/{code}")
async def post_agency(code: str, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Change an agency."""
    open_section(reader, "agencies")
    fields = await typed(request)
    try:
        given = parse(AgencyBody, fields)
        async with parts.work() as work:
            await change_agency(
                work, reader.actor, code, given.name, given.name_en, active=given.active == "yes"
            )
    except NotFoundError:
        raise
    except (WeiwangError, RequestValidationError) as error:
        async with parts.database.read() as session:
            return await _show(request, session, reader, fields | {"code": code}, error)
    return redirect("/admin/agencies", "agency_kept")


async def _show(
    request: Request,
    session: ReadSession,
    reader: Reader,
    form: dict[str, Any] | None = None,
    failure: Failure | None = None,
) -> Response:
    return await show_section(
        request,
        session,
        reader,
        "agencies",
        failure=failure,
        form=form or {},
        rows=await agency_rows(session, reader.actor.community_id),
        always=SUB_DISTRICT,
    )
