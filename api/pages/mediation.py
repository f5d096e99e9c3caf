"""The pages of mediation: the list, which names nobody, and one mediation with everything, for the two who see it."""

from __future__ import annotations

from typing import Any, get_args
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import HTMLResponse, Response

from api.answers.mediation import WaitingOut, list_out, opened_out
from api.auth import Reader
from api.deps import PartsDep, ReadDep, ReaderDep
from api.filters import parse_moment
from api.forms import body_of, form_of
from api.language import language_of
from api.pages.frame import Failure, redirect
from api.pages.paper import paper_document
from api.pages.service.frame import open_page, show_page
from api.parts import Parts
from api.rooms import pages
from api.routes.mediations import Act, begun, scans, written
from api.sheet_answer import sheet_answer
from gis.errors import ConflictError, InvalidInputError, NotFoundError, WeiwangError
from gis.flows.mediation.reading import able_mediators, mediation_list, opened, waiting_list
from gis.flows.today import today_in
from gis.mediation.rules import KEPT, OUTCOMES
from gis.people.permissions import may
from gis.store.people import timezone_of
from gis.store.session import ReadSession
from web.team_sheets import mediation_sheet

router = pages()
KEY = "mediation"


@router.get("/mediation")
async def get_mediations(request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep) -> Response:
    """Show mediations, and to the office the disputes that nobody mediates yet."""
    await open_page(session, reader, KEY)
    return await _show_all(request, parts, session, reader)


async def _show_all(
    request: Request, parts: Parts, session: ReadSession, reader: Reader, failure: Failure | None = None
) -> Response:
    actor = reader.actor
    may_open = may(actor, "open_mediation")
    found = await waiting_list(session, actor) if may_open else []
    return await show_page(
        request,
        session,
        reader,
        KEY,
        failure=failure,
        mediations=[
            list_out(one, actor).model_dump()
            for one in await mediation_list(session, actor, parts.clock.now())
        ],
        waiting=[WaitingOut.model_validate(one).model_dump() for one in found],
        may_open=may_open,
    )


@router.get("/mediation.xlsx")
async def get_register(request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep) -> Response:
    """Give the register of mediations as a workbook; nobody who quarrels is in it."""
    await open_page(session, reader, KEY)
    found = await mediation_list(session, reader.actor, parts.clock.now())
    zone = ZoneInfo(await timezone_of(session, reader.actor.community_id))
    sheet = mediation_sheet(language_of(request, reader.actor.language), found, zone)
    return await sheet_answer(sheet, "mediations")


@router.post("/mediation")
async def post_mediation(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Open the mediation of a case; said again it leads to the same page."""
    try:
        async with parts.work() as work:
            case_id = await begun(work, reader.actor, await body_of(request))
    except (WeiwangError, RequestValidationError) as error:
        async with parts.database.read() as session:
            return await _show_all(request, parts, session, reader, error)
    return redirect(f"/mediation/{case_id}", "mediation_opened")


@router.get("/mediation/{case_id}")
async def get_mediation(case_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Show one mediation; the look is written down."""
    return await _show_one(request, parts, reader, case_id)


async def _show_one(  # noqa: PLR0917 - whose page, of which case, and what was wrong with a form
    request: Request,
    parts: Parts,
    reader: Reader,
    case_id: UUID,
    failure: Failure | None = None,
    form: dict[str, Any] | None = None,
    act: str = "",
) -> Response:
    async with parts.work() as work:
        found = await opened(work, reader.actor, case_id)
        session, now = work.session, parts.clock.now()
        shown = await opened_out(session, reader.actor, found)
        keeps = shown.keeper.id == reader.actor.person_id
        able = await able_mediators(session, reader.actor, case_id, now) if keeps else []
        zone = ZoneInfo(await timezone_of(session, reader.actor.community_id))
        told = shown.model_dump()
        for one in told["held"]:
            one["local"] = one["starts_at"].astimezone(zone).strftime("%Y-%m-%dT%H:%M")
        return await show_page(
            request,
            session,
            reader,
            KEY,
            template="service_mediation_case.html",
            failure=failure,
            within=f"{act}-" if act else "",
            mediation=told,
            keeps=keeps,
            mediators=[(str(one.person_id), one.name) for one in able],
            outcomes=list(OUTCOMES),
            kept=KEPT,
            today=await today_in(session, parts.clock, reader.actor.community_id),
            ids={name: str(uuid4()) for name in ("party", "session", "follow_up")},
            act=act,
            form=form or {},
        )


@router.get("/mediation/{case_id}/agreement")
async def get_agreement(case_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Give the agreement to be printed and signed; the look is written down. It is never written to a disk as a file."""
    async with parts.work() as work:
        found = await opened(work, reader.actor, case_id)
        if not found.agreement:
            raise ConflictError("nothing to print yet", code="agreement_missing")
        shown = await opened_out(work.session, reader.actor, found)
        language = language_of(request, reader.actor.language)
        document = await paper_document(
            request,
            parts,
            work.session,
            reader,
            "service_agreement_paper.html",
            language,
            mediation=shown.model_dump(),
        )
    return HTMLResponse(document, headers={"Cache-Control": "no-store"})


@router.post("/mediation/{case_id}/{act}")
async def post_act(case_id: UUID, act: str, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Write in a mediation by form; where that fails nothing typed is lost."""
    if act not in get_args(Act):
        raise NotFoundError("no such act", code="route_unknown")
    fields = await body_of(request)
    ticked = [str(one) for one in (await form_of(request)).getlist("present")]
    typed = {**fields, "present": ticked} if act == "sessions" else fields
    try:
        photos = await scans(request, parts, act)
        async with parts.work() as work:
            zone = ZoneInfo(await timezone_of(work.session, reader.actor.community_id))
            given = _timed(typed, zone) if act == "sessions" else _ticked(typed)
            await written(work, reader.actor, case_id, act, given, photos=photos)
    except NotFoundError:
        raise
    except (WeiwangError, RequestValidationError) as error:
        return await _show_one(request, parts, reader, case_id, error, typed, act)
    return redirect("/mediation" if act == "keeper" else f"/mediation/{case_id}", "mediation_written")


def _ticked(fields: dict[str, Any]) -> dict[str, Any]:
    return {**fields, "offer": fields["offer"] == "yes"} if "offer" in fields else fields


def _timed(fields: dict[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    """Return the form's fields with a moment instead of a time by the community's wall clock."""
    moment = parse_moment(str(fields.get("starts_at", "")), "starts_at", zone)
    if moment is None:
        raise InvalidInputError("when?", code="field_missing", field="starts_at")
    return {**fields, "starts_at": moment.isoformat()}
