"""What the administrator minds of records: flags of the office's own, who looked, what was erased and will be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReaderDep, WorkDep
from api.forms import body_of, parse
from api.models.residents import FlagBody
from api.pages.frame import Failure, redirect
from api.pages.residents.frame import KEY, next_page, show_part
from api.pages.service.frame import open_page
from api.rooms import pages
from gis.errors import WeiwangError
from gis.flows.residents.access import present
from gis.flows.residents.erasing import DAYS_OF_YEAR
from gis.flows.residents.flags import keep_flag
from gis.flows.residents.keeping import sealed_of
from gis.flows.residents.looks import all_looks
from gis.flows.retention.rules import days_in
from gis.flows.work import Work
from gis.people.permissions import require
from gis.store.access_log import Look
from gis.store.care_flags import flags
from gis.store.erasures import due, erasures
from gis.store.resident_reading import recorded
from gis.views.paging import decode_cursor, encode_cursor

router = pages()
SHOWN = 30


@router.get("/residents/flags")
async def get_flags(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show the office's own flags."""
    return await _flags(request, work, reader)


@router.post("/residents/flags")
async def post_flag(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Add a flag, or change one."""
    fields = await body_of(request)
    try:
        async with parts.work() as work:
            await keep_flag(work, reader.actor, parse(FlagBody, fields).draft())
    except (WeiwangError, RequestValidationError) as error:
        async with parts.work() as work:
            return await _flags(request, work, reader, fields, error)
    return redirect("/residents/flags", "flag_kept")


async def _flags(
    request: Request,
    work: Work,
    reader: Reader,
    form: dict[str, Any] | None = None,
    failure: Failure | None = None,
) -> Response:
    await _open(work, reader)
    own = await flags(work.session, reader.actor.community_id)
    return await show_part(
        request,
        work,
        reader,
        "flags",
        "residents_flags.html",
        failure=failure,
        own_flags=own,
        form=form or {},
    )


@router.get("/residents/looks")
async def get_looks(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show who looked at records."""
    await _open(work, reader)
    text = request.query_params.get("before", "")
    before = int(text) if text.isdecimal() and len(text) < 18 else None  # noqa: PLR2004 - fits into a bigint
    found, more = await all_looks(work, reader.actor, before=before)
    names = await _names(work, reader, found)
    shown = [
        {
            "at": one.at,
            "name": one.name,
            "role": one.role,
            "kind": one.kind,
            "why": one.why,
            "resident": one.subject_id if one.subject_id in names else None,
            "who": names.get(one.subject_id, ""),
        }
        for one in found
    ]
    return await show_part(
        request,
        work,
        reader,
        "looks",
        "residents_looks.html",
        looks=shown,
        next_url=next_page("/residents/looks", {}, before=more) if more else None,
    )


async def _names(work: Work, reader: Reader, found: Any) -> dict[str, str]:
    """Return the names of those who were looked at and are recorded still."""
    sealed = sealed_of(work, reader.actor.community_id)
    subjects = list({UUID(one.subject_id) for one in found if isinstance(one, Look)})
    rows = await recorded(work.session, reader.actor.community_id, subjects)
    return {str(one.resident_id): sealed.name(one) for one in rows}


@router.get("/residents/erasures")
async def get_erasures(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show what was erased, and what would be by rule now."""
    await _open(work, reader)
    community_id = reader.actor.community_id
    before = decode_cursor(request.query_params.get("cursor"))
    rows = await erasures(work.session, community_id, before=before, limit=SHOWN + 1)
    shown = rows[:SHOWN]
    more = encode_cursor(shown[-1].at, shown[-1].erasure_id) if len(rows) > SHOWN else None
    days = (await days_in(work.session, work.settings, community_id))["residents"]
    border = (work.clock.now() - timedelta(days=days)).date()
    return await show_part(
        request,
        work,
        reader,
        "erasures",
        "residents_erasures.html",
        proofs=shown,
        due=await due(work.session, border, community_id=community_id),
        keep_years=f"{days / DAYS_OF_YEAR:.2g}",
        next_url=next_page("/residents/erasures", {}, cursor=more) if more else None,
    )


async def _open(work: Work, reader: Reader) -> None:
    await open_page(work.session, reader, KEY)
    require(await present(work.session, reader.actor), "mind_residents")
