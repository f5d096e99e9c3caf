"""The page of one activity: signing up, being there; for who organises it its guests and the screen with the code."""

from __future__ import annotations

from typing import Any, get_args
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReadDep, ReaderDep, WorkDep
from api.forms import body_of
from api.language import language_of
from api.pages.frame import Failure, redirect
from api.pages.service.frame import open_page, show_page
from api.pages.teams.activities import timed
from api.parts import Parts
from api.plates import is_loopback, public_base
from api.rooms import pages
from api.routes.activities import Act, acted, detail_out
from api.sheet_answer import sheet_answer
from gis.errors import NotAllowedError, NotFoundError, WeiwangError
from gis.flows.teams.attendance import code_on_screen, tick
from gis.store.people import timezone_of
from gis.store.session import ReadSession
from gis.views.teams import activity_detail
from web.attendance import code_picture
from web.team_sheets import guest_sheet

router = pages()
KEY = "activities"
NOTICES = {
    "sign_up": "signed_up",
    "leave": "place_left",
    "attend": "attended",
    "cancel": "activity_cancelled",
    "change": "activity_kept",
}


@router.get("/activities/{activity_id}")
async def get_activity(
    activity_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep
) -> Response:
    """Show one activity; ``code=`` is what the phone has read off the organiser's screen."""
    await open_page(session, reader, KEY)
    return await _show(
        request, parts, session, reader, activity_id, form={"code": request.query_params.get("code", "")[:20]}
    )


async def _show(  # noqa: PLR0917 - whose page, of which activity, and what was wrong with a form
    request: Request,
    parts: Parts,
    session: ReadSession,
    reader: Reader,
    activity_id: UUID,
    form: dict[str, Any],
    failure: Failure | None = None,
) -> Response:
    found = await detail_out(session, reader.actor, activity_id, parts.clock.now())
    shown = found.model_dump()
    zone = ZoneInfo(await timezone_of(session, reader.actor.community_id))
    known = {name: shown[name] for name in ("title", "about", "places", "place")}
    known |= {
        name: shown[name].astimezone(zone).strftime("%Y-%m-%dT%H:%M") for name in ("starts_at", "ends_at")
    }
    return await show_page(
        request,
        session,
        reader,
        KEY,
        template="service_activity.html",
        failure=failure,
        activity=shown,
        form={"code": "", **known, **form},
    )


@router.get("/activities/{activity_id}/screen")
async def get_screen(activity_id: UUID, request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show the code of now, large; the page loads itself anew."""
    code = await code_on_screen(work, reader.actor, activity_id)
    found = await detail_out(work.session, reader.actor, activity_id, work.clock.now())
    base = public_base(request)
    return await show_page(
        request,
        work.session,
        reader,
        KEY,
        template="service_activity_screen.html",
        activity=found.model_dump(),
        code=f"{code[:4]}-{code[4:]}",
        picture=code_picture(f"{base}/activities/{activity_id}?code={code}"),
        only_here=is_loopback(base),
    )


@router.get("/activities/{activity_id}/guests.xlsx")
async def get_guests(
    activity_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep
) -> Response:
    """Give who organises it the list of guests as a workbook."""
    item, guests = await activity_detail(session, reader.actor, activity_id, parts.clock.now())
    if not item.keeps:
        raise NotAllowedError("for who organises it", verb="keep_activity")
    zone = ZoneInfo(await timezone_of(session, reader.actor.community_id))
    sheet = guest_sheet(language_of(request, reader.actor.language), guests, zone)
    return await sheet_answer(sheet, "guests")


@router.post("/activities/{activity_id}/guests/{person_id}")
async def post_guest(
    activity_id: UUID, person_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep
) -> Response:
    """Say whether somebody was there."""
    fields = await body_of(request)
    try:
        async with parts.work() as work:
            await tick(work, reader.actor, activity_id, person_id, there=fields.get("there") == "yes")
    except NotFoundError:
        raise
    except WeiwangError as error:
        async with parts.database.read() as session:
            return await _show(request, parts, session, reader, activity_id, {}, error)
    return redirect(f"/activities/{activity_id}", "attendance_kept")


@router.post("/activities/{activity_id}/{act}")
async def post_act(
    activity_id: UUID, act: str, request: Request, parts: PartsDep, reader: ReaderDep
) -> Response:
    """Sign up, leave, be there, cancel or change by form."""
    if act not in get_args(Act):
        raise NotFoundError("no such act", code="route_unknown")
    fields = await body_of(request)
    try:
        async with parts.work() as work:
            zone = ZoneInfo(await timezone_of(work.session, reader.actor.community_id))
            sent = timed(fields, zone) if act == "change" and fields.get("starts_at") else fields
            await acted(work, reader.actor, activity_id, act, sent)
    except NotFoundError:
        raise
    except (WeiwangError, RequestValidationError) as error:
        async with parts.database.read() as session:
            return await _show(request, parts, session, reader, activity_id, fields, error)
    return redirect(f"/activities/{activity_id}", NOTICES[act])
