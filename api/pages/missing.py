"""Pages of searches for missing people: begun in one act, seen by those who were called; they work without scripts."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReaderDep, WorkDep
from api.forms import body_of, parse, photos_of
from api.missing import begun
from api.models.missing import EndBody, TickBody
from api.pages.frame import Failure, redirect
from api.pages.service.frame import open_page, show_page
from api.rooms import pages
from api.routes.missing import missing_out, opened
from api.routes.musters import detail_out
from api.routes.places import dict_of
from gis.errors import NotFoundError, WeiwangError
from gis.flows.missing.reading import list_searches, number_to_call, streets_of
from gis.flows.missing.searching import end_search, tick_street
from gis.flows.residents.opening import open_record
from gis.flows.work import Work
from gis.intake import prepare_photo
from gis.people.permissions import may, require
from gis.views.boards import addresses
from gis.views.musters import muster_detail
from gis.words import Role

router = pages()
KEY = "missing"
PEOPLE = "20"


@router.get("/missing")
async def get_searches(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show the searches that somebody may see."""
    await open_page(work.session, reader, KEY)
    found = await list_searches(work, reader.actor)
    return await show_page(
        request,
        work.session,
        reader,
        KEY,
        template="missing.html",
        searches=[missing_out(one).model_dump() for one in found],
        may_begin=_may_begin(reader),
    )


def _may_begin(reader: Reader) -> bool:
    return may(reader.actor, "seek_missing") and reader.actor.role is not Role.WATCHER


@router.get("/missing/new")
async def get_new(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show the form; `resident=` takes the name and the door from a record."""
    form = {"id": str(uuid4()), "people": PEOPLE}
    if resident := request.query_params.get("resident"):
        form["resident"] = resident
    return await _form(request, work, reader, form)


@router.post("/missing")
async def post_search(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Begin a search by form; a second press of the button changes nothing."""
    fields = await body_of(request)
    try:
        photos = [await prepare_photo(one, parts.settings.photo) for one in await photos_of(request)]
        async with parts.work() as work:
            missing_id = await begun(work, reader.actor, fields, photos)
    except NotFoundError:
        raise
    except (WeiwangError, RequestValidationError) as error:
        async with parts.work() as work:
            return await _form(request, work, reader, {"id": str(uuid4()), **fields}, error)
    return redirect(f"/missing/{missing_id}", "search_begun")


@router.get("/missing/{missing_id}")
async def get_search(missing_id: UUID, request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show who is missing, and the streets to be searched."""
    return await _search(request, work, reader, missing_id)


@router.post("/missing/{missing_id}/streets/{segment_id}")
async def post_tick(
    missing_id: UUID, segment_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep
) -> Response:
    """Tick a street off by form, or take that back."""
    given = parse(TickBody, await body_of(request))
    async with parts.work() as work:
        await tick_street(work, reader.actor, missing_id, segment_id, searched=given.searched)
    return redirect(f"/missing/{missing_id}", "street_searched" if given.searched else "street_open")


@router.post("/missing/{missing_id}/call")
async def post_call(missing_id: UUID, request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show the family's number; the call is written down."""
    number = await number_to_call(work, reader.actor, missing_id)
    return await _search(request, work, reader, missing_id, called=number)


@router.post("/missing/{missing_id}/end")
async def post_end(missing_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """End a search by form; where that fails, it is shown with the reason."""
    fields = await body_of(request)
    try:
        given = parse(EndBody, fields)
        async with parts.work() as work:
            await end_search(work, reader.actor, missing_id, given.outcome, given.words)
    except NotFoundError:
        raise
    except (WeiwangError, RequestValidationError) as error:
        async with parts.work() as work:
            return await _search(request, work, reader, missing_id, form=fields, failure=error)
    return redirect(f"/missing/{missing_id}", "search_ended")


async def _form(
    request: Request, work: Work, reader: Reader, form: dict[str, Any], failure: Failure | None = None
) -> Response:
    await open_page(work.session, reader, KEY)
    require(reader.actor, "seek_missing")
    record = None
    try:
        resident = UUID(str(form.get("resident", "")))
        record = await open_record(work, reader.actor, resident)
    except ValueError:
        form.pop("resident", None)
    known = await addresses(work.session, reader.actor.community_id)
    return await show_page(
        request,
        work.session,
        reader,
        KEY,
        template="missing_new.html",
        failure=failure,
        form=form,
        record=record.card if record else None,
        building=str(record.building_id) if record else "",
        addresses=[dict_of(one) for one in known],
    )


async def _search(
    request: Request,
    work: Work,
    reader: Reader,
    missing_id: UUID,
    *,
    failure: Failure | None = None,
    **context: Any,
) -> Response:
    shown = await opened(work, reader.actor, missing_id)
    streets = await streets_of(work, reader.actor, missing_id)
    try:
        muster = detail_out(await muster_detail(work.session, reader.actor, shown.muster)).model_dump()
    except NotFoundError:  # who leads it may be nobody who was called
        muster = None
    values: dict[str, Any] = {"called": "", "form": {}, **context}
    return await show_page(
        request,
        work.session,
        reader,
        KEY,
        template="missing_one.html",
        failure=failure,
        search=shown.model_dump(),
        streets=streets,
        muster=muster,
        **values,
    )
