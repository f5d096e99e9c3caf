"""Rounds of visits on the phone: planned by one tap, shown on the map, ticked off at the door."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReaderDep, WorkDep
from api.forms import body_of, parse
from api.pages.frame import Failure, redirect
from api.pages.service.frame import open_page, show_page
from api.pages.service.visits import KEY
from api.rooms import pages
from api.routes.visits.rounds import RoundBody, Stop, TickBody, detail_of, round_draft, round_out, tick_from
from gis.errors import NotFoundError, WeiwangError
from gis.flows.visits.rounds import my_rounds, plan_round, round_people
from gis.flows.work import Work

router = pages()
PATH = "/visits/rounds"
DAYS = (7, 14, 30, 60, 90)
STOPS = (8, 15, 25, 40)


@router.get(PATH)
async def get_rounds(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show the form for a new round, and one's own of late."""
    return await _show_list(request, work, reader, {"id": str(uuid4())})


async def _show_list(
    request: Request, work: Work, reader: Reader, form: dict[str, Any], failure: Failure | None = None
) -> Response:
    await open_page(work.session, reader, KEY)
    today, rows = await my_rounds(work, reader.actor)
    return await show_page(
        request,
        work.session,
        reader,
        KEY,
        template="visits_rounds.html",
        failure=failure,
        form=form,
        rounds=[round_out(one).model_dump() for one in rows],
        today=today,
        days=DAYS,
        stops=STOPS,
        people=await round_people(work.session, reader.actor),
    )


@router.post(PATH)
async def post_round(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Plan a round."""
    fields = await body_of(request)
    try:
        given = parse(RoundBody, fields)
        async with parts.work() as work:
            round_id = await plan_round(work, reader.actor, round_draft(given))
    except (WeiwangError, RequestValidationError) as error:
        async with parts.work() as work:
            return await _show_list(request, work, reader, {"id": str(uuid4()), **fields}, error)
    return redirect(f"{PATH}/{round_id}")


@router.get(PATH + "/{round_id}")
async def get_round(round_id: UUID, request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show a round: the map with the way, and the stops to be ticked off."""
    return await _show(request, work, reader, round_id)


async def _show(
    request: Request,
    work: Work,
    reader: Reader,
    round_id: UUID,
    failure: Failure | None = None,
    **context: Any,
) -> Response:
    await open_page(work.session, reader, KEY)
    found = await detail_of(work, reader.actor, round_id)
    return await show_page(
        request,
        work.session,
        reader,
        KEY,
        template="visits_round.html",
        failure=failure,
        round=found.round.model_dump(),
        mine=found.round.person.id == reader.actor.person_id,
        stops=[one.model_dump() | {"tick": str(uuid4())} for one in found.stops],
        line=found.line,
        points=[
            {"n": one.n, "lon": one.lon, "lat": one.lat, "done": one.state != "todo"} for one in found.stops
        ],
        **context,
    )


@router.post(PATH + "/{round_id}/stops/{n}")
async def post_stop(
    round_id: UUID, n: Stop, request: Request, parts: PartsDep, reader: ReaderDep
) -> Response:
    """Tick a stop off."""
    fields = await body_of(request)
    try:
        given = parse(TickBody, fields)
        async with parts.work() as work:
            await tick_from(work, reader.actor, round_id, n, given)
    except NotFoundError:
        raise
    except (WeiwangError, RequestValidationError) as error:
        async with parts.work() as work:
            return await _show(request, work, reader, round_id, error, form={**fields, "n": str(n)})
    return redirect(f"{PATH}/{round_id}#stop-{n}", None)
