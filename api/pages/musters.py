"""Pages of musters: calling one, and watching it fill; they work without scripts."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID, uuid4

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReadDep, ReaderDep
from api.forms import body_of, form_of, parse
from api.pages.frame import Failure, back_to, redirect, show
from api.rooms import pages
from api.routes.musters import AnswerBody, begin_muster, detail_out, muster_out
from api.routes.places import dict_of
from gis.categories import SKILLS
from gis.errors import InvalidInputError, NotFoundError, WeiwangError
from gis.flows.muster_answers import answer_muster, arrive_at_muster, stand_down
from gis.flows.work import Work
from gis.people.permissions import may
from gis.store.missing import of_muster
from gis.store.session import ReadSession
from gis.views.boards import addresses
from gis.views.cases import cases_by_id
from gis.views.musters import muster_detail, muster_list
from gis.views.teams import team_list

router = pages()
LISTED = 20


@router.get("/musters")
async def get_musters(request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """Show musters, and for the desk the form to call one; ``case=`` fills in its place."""
    form = {"id": str(uuid4()), "people": "20", "vehicles": "0"}
    if case := request.query_params.get("case"):
        form["case_id"] = case
    return await _show_list(request, session, reader, form)


async def _show_list(
    request: Request,
    session: ReadSession,
    reader: Reader,
    form: dict[str, Any],
    failure: Failure | None = None,
) -> Response:
    page = await muster_list(session, reader.actor, limit=LISTED, cursor=request.query_params.get("cursor"))
    calls = may(reader.actor, "muster")
    known = await addresses(session, reader.actor.community_id) if calls else []
    case = None
    try:
        case_id = UUID(str(form.get("case_id", "")))
        found = await cases_by_id(session, reader.actor, [case_id])
        case = {"id": case_id, "number": found[case_id].row.number} if case_id in found else None
    except ValueError:
        pass
    return await show(
        request,
        session,
        reader,
        "musters.html",
        failure=failure,
        musters=[muster_out(one).model_dump() for one in page.items],
        next_url=f"/musters?cursor={page.next}" if page.next else None,
        may_call=calls,
        form={"id": str(uuid4()), **form},  # a form that was sent without its hidden field gets a new one
        case=case,
        skills=SKILLS,
        teams=[(str(one.team_id), one.name) for one in await team_list(session, reader.actor) if one.active],
        addresses=[dict_of(one) for one in known],
    )


@router.post("/musters")
async def post_muster(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Call a muster by form; a second press of the button changes nothing."""
    fields = await body_of(request)
    skills = [str(one) for one in (await form_of(request)).getlist("skills")]
    try:
        async with parts.work() as work:
            muster_id = await begin_muster(work, reader.actor, fields | {"skills": skills})
    except (InvalidInputError, RequestValidationError) as error:
        async with parts.database.read() as session:
            return await _show_list(request, session, reader, fields | {"skills": skills}, error)
    return redirect(f"/musters/{muster_id}", "mustered")


@router.get("/musters/{muster_id}")
async def get_muster(muster_id: UUID, request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """Show one muster with its live count."""
    return await _show_one(request, session, reader, muster_id)


async def _show_one(
    request: Request, session: ReadSession, reader: Reader, muster_id: UUID, failure: Failure | None = None
) -> Response:
    detail = await muster_detail(session, reader.actor, muster_id)
    return await show(
        request,
        session,
        reader,
        "muster.html",
        failure=failure,
        muster=detail_out(detail).model_dump(),
        may_call=may(reader.actor, "muster"),
        missing_id=await of_muster(session, reader.actor.community_id, muster_id),
    )


@router.post("/musters/{muster_id}/{act}")
async def post_act(
    muster_id: UUID,
    act: Literal["answer", "arrive", "stand_down"],
    request: Request,
    parts: PartsDep,
    reader: ReaderDep,
) -> Response:
    """Answer, arrive or stand down by form; where that fails, the muster is shown with the reason."""
    fields = await body_of(request)
    back = back_to(str(fields.pop("back", "")), f"/musters/{muster_id}")
    try:
        async with parts.work() as work:
            note = await _carry_out(work, reader, muster_id, act, fields)
    except NotFoundError:
        raise
    except (WeiwangError, RequestValidationError) as error:
        async with parts.database.read() as session:
            return await _show_one(request, session, reader, muster_id, error)
    return redirect(back, note)


async def _carry_out(work: Work, reader: Reader, muster_id: UUID, act: str, fields: dict[str, Any]) -> str:
    """Do what was pressed and return the note to show."""
    if act == "arrive":
        await arrive_at_muster(work, reader.actor, muster_id)
        return "arrived"
    if act == "stand_down":
        await stand_down(work, reader.actor, muster_id)
        return "stood_down"
    given = parse(AnswerBody, fields)
    await answer_muster(work, reader.actor, muster_id, coming=given.coming)
    return "muster_coming" if given.coming else "muster_declined"
