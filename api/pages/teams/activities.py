"""The page of activities: what is to come, what is past, and the form of a new one."""

from __future__ import annotations

from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.answers.activities import activity_out
from api.auth import Reader
from api.deps import PartsDep, ReadDep, ReaderDep
from api.filters import parse_moment
from api.forms import body_of
from api.pages.frame import Failure, redirect
from api.pages.service.frame import open_page, show_page
from api.parts import Parts
from api.rooms import pages
from api.routes.activities import announced
from gis.categories import SKILLS
from gis.errors import InvalidInputError, WeiwangError
from gis.store.people import timezone_of
from gis.store.session import ReadSession
from gis.teams.certificates import KINDS
from gis.views.teams import announcing, past_activities, upcoming_activities

router = pages()
KEY = "activities"
NEW = {"kind": "activity", "places": "20", "hours": "2"}


@router.get("/activities")
async def get_activities(request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep) -> Response:
    """Show activities, and to who may announce one the form."""
    await open_page(session, reader, KEY)
    return await _show(request, parts, session, reader, {"id": str(uuid4()), **NEW})


async def _show(  # noqa: PLR0917 - whose page, with which form, and what was wrong with it
    request: Request,
    parts: Parts,
    session: ReadSession,
    reader: Reader,
    form: dict[str, Any],
    failure: Failure | None = None,
) -> Response:
    actor = reader.actor
    may_announce, teams = await announcing(session, actor)
    page = await past_activities(session, actor, parts.clock, cursor=request.query_params.get("cursor"))
    return await show_page(
        request,
        session,
        reader,
        KEY,
        failure=failure,
        activities=[
            activity_out(one).model_dump() for one in await upcoming_activities(session, actor, parts.clock)
        ],
        past=[activity_out(one).model_dump() for one in page.items],
        next_url=f"/activities?cursor={page.next}" if page.next else None,
        may_announce=may_announce,
        teams=[(str(team_id), name) for team_id, name in teams],
        skills=SKILLS,
        certificates=list(KINDS),
        form=form,
    )


@router.post("/activities")
async def post_activity(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Announce an activity; a second press of the button changes nothing."""
    fields = await body_of(request)
    try:
        async with parts.work() as work:
            zone = ZoneInfo(await timezone_of(work.session, reader.actor.community_id))
            one = await announced(work, reader.actor, timed(fields, zone))
    except (WeiwangError, RequestValidationError) as error:
        async with parts.database.read() as session:
            return await _show(request, parts, session, reader, {"id": str(uuid4()), **fields}, error)
    return redirect(f"/activities/{one}", "activity_announced")


def timed(fields: dict[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    """Return the form's fields with moments instead of times by the community's wall clock."""
    found = dict(fields)
    for name in ("starts_at", "ends_at"):
        moment = parse_moment(str(fields.get(name, "")), name, zone)
        if moment is None:
            raise InvalidInputError("when?", code="field_missing", field=name)
        found[name] = moment.isoformat()
    return found
