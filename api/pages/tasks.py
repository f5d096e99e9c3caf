"""A responder's tasks: what colleagues ask, offers, what is in hand, and what is open near by."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from api.answers import case_out
from api.answers.referrals import hand_over_out
from api.auth import Reader
from api.deps import PartsDep, ReadDep, ReaderDep
from api.pages.boards import my_cases, my_points, my_reports
from api.pages.colleagues import task_colleagues
from api.pages.frame import Failure, check_page, show
from api.parts import Parts
from api.rooms import pages
from api.routes.me import my_offers, nearby_cases
from api.routes.musters import detail_out as muster_detail_out
from api.routes.session import duty_dict
from api.routes.stations import stations_near
from api.routes.ways import ways_to
from gis.store.session import ReadSession
from gis.views.boards import duty_of
from gis.views.meals import paths_of
from gis.views.musters import my_musters
from gis.views.orders import behind_cases
from gis.views.referrals import asked_of_me
from gis.words import Leave

router = pages()
STATIONS = 3


@router.get("/tasks")
async def get_tasks(request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep) -> Response:
    """Show a responder's offers and tasks; ``leaving=1`` asks what becomes of them when one goes off duty."""
    check_page(reader, "tasks")
    leaving = request.query_params.get("leaving") == "1"
    return await show_tasks(request, parts, session, reader, leaving=leaving)


async def show_tasks(
    request: Request,
    parts: Parts,
    session: ReadSession,
    reader: Reader,
    failure: Failure | None = None,
    *,
    leaving: bool = False,
    form: dict[str, str] | None = None,
) -> Response:
    """Answer with the page of tasks.

    Parameters
    ----------
    request, parts, session, reader
        Whose page.
    failure
        Of the form that was just sent.
    leaving
        Whether to ask what becomes of the tasks.
    form
        What was typed.
    """
    actor, now = reader.actor, parts.clock.now()
    tasks = await my_cases(session, actor, "task", now, 20)
    nearby = await nearby_cases(parts, session, actor)
    stations = await stations_near(parts, session, actor, None, STATIONS)
    ways = await ways_to(parts, session, actor, [one["id"] for one in tasks])
    ordered = await behind_cases(session, actor, [one["id"] for one in tasks])
    return await show(
        request,
        session,
        reader,
        "tasks.html",
        failure=failure,
        offers=[one.model_dump(by_alias=True) for one in await my_offers(parts, session, actor)],
        asked=[
            {**hand_over_out(row).shown(), "case": case_out(item).shown()}
            for row, item in await asked_of_me(session, actor)
        ],
        tasks=tasks,
        ways={case_id: way.model_dump() for case_id, way in ways.items()},
        ordered=ordered,
        meal_paths=await paths_of(session, actor.community_id, [one["id"] for one in tasks]),
        colleagues=await task_colleagues(session, actor, tasks),
        nearby=nearby.model_dump(),
        stations=stations.model_dump()["items"],
        musters=[muster_detail_out(one).model_dump() for one in await my_musters(session, actor)],
        leaving=[one.value for one in Leave] if leaving and tasks else [],
        form=form or {},
        done=await my_cases(session, actor, "done", now, 10),
        duty=duty_dict(await duty_of(session, actor.community_id, actor.person_id)),
        points=await my_points(session, actor, now),
        reports=await my_reports(session, actor, 10),
    )
