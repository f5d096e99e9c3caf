"""A day of the kitchen: what is cooked, who fetches, who works; to be printed."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReaderDep, WorkDep
from api.forms import parse
from api.models.meals import CrewBody, HoursBody, ServingBody
from api.pages.frame import Failure
from api.pages.meals.frame import acted, day_of, day_or, show_meals, typed
from api.parts import Parts
from api.rooms import pages
from api.routes.meals.days import crew_out, list_out
from gis.errors import NotAllowedError, NotFoundError
from gis.flows.meals.crew import JOBS, book_hours, crew_of, roster, unroster
from gis.flows.meals.lists import counter_list, hand_out, hand_out_all, kitchen_list
from gis.flows.work import Work
from gis.people.permissions import may
from gis.recurrence import DAY
from gis.store.meal_crew import job_on
from gis.views.meals import kitchen_facts

router = pages()


@router.get("/meals/day")
async def get_day(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show what is cooked on a day; the look at what people may not eat is recorded."""
    return await _show(request, work, reader, await day_of(request, work, reader))


async def _show(  # noqa: PLR0917 - whose page, of which day, and what was wrong with the form
    request: Request,
    work: Work,
    reader: Reader,
    day: date,
    form: dict[str, Any] | None = None,
    failure: Failure | None = None,
) -> Response:
    actor = reader.actor
    office = may(actor, "run_kitchen")
    job = await job_on(work.session, actor.community_id, actor.person_id, day)
    if not office and job is None:
        raise NotAllowedError("not of the crew of that day", code="page_not_allowed")
    kitchen = await kitchen_facts(work.session, actor.community_id)
    found = list_out(await kitchen_list(work, actor, day)).shown() if kitchen else None
    counter = await counter_list(work, actor, day) if kitchen and (office or job == "serve") else []
    crew = crew_out(await crew_of(work, actor, day)).model_dump() if kitchen and office else None
    return await show_meals(
        request,
        work,
        reader,
        "day",
        "meals_day.html",
        failure,
        the_day=day,
        iso_day=day.isoformat(),
        before=day - DAY,
        after=day + DAY,
        found=found,
        counter=counter,
        crew=crew,
        jobs=JOBS,
        form=form or {},
    )


@router.post("/meals/day/{act}")
async def post_day(act: str, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Hand a box out, all of them, call one off; put somebody on the crew, take them off, book their hours."""
    if act not in _ACTS:
        raise NotFoundError("no such act", code="route_unknown")
    fields = await typed(request)
    return await _acted(request, parts, reader, act, fields)


async def _acted(
    request: Request, parts: Parts, reader: Reader, act: str, fields: dict[str, Any]
) -> Response:
    day = day_or(str(fields.get("day", "")), parts.clock.now().date())

    async def perform(work: Work) -> str:
        found: str = await _ACTS[act](work, reader, day, fields)
        return found

    async def again(work: Work, error: Failure) -> Response:
        return await _show(request, work, reader, day, fields, error)

    return await acted(parts, perform, f"/meals/day?day={day}", again)


def _id(fields: dict[str, Any], name: str) -> UUID:
    try:
        return UUID(str(fields.get(name, "")))
    except ValueError:
        raise NotFoundError("no such id", code="meal_not_found") from None


async def _serve(work: Work, reader: Reader, day: date, fields: dict[str, Any]) -> str:
    given = parse(ServingBody, {"state": fields.get("state", "")})
    await hand_out(work, reader.actor, day, _id(fields, "id"), given.state)
    return "serving_said"


async def _serve_all(work: Work, reader: Reader, day: date, _fields: dict[str, Any]) -> str:
    await hand_out_all(work, reader.actor, day)
    return "serving_said"


async def _roster(work: Work, reader: Reader, day: date, fields: dict[str, Any]) -> str:
    given = parse(CrewBody, {"job": fields.get("job", "")})
    soon = await roster(work, reader.actor, day, _id(fields, "person"), given.job)
    return "crew_ends_soon" if soon else "crew_kept"


async def _unroster(work: Work, reader: Reader, day: date, fields: dict[str, Any]) -> str:
    await unroster(work, reader.actor, day, _id(fields, "person"))
    return "crew_kept"


async def _hours(work: Work, reader: Reader, day: date, fields: dict[str, Any]) -> str:
    given = parse(HoursBody, {"hours": fields.get("hours", "")})
    await book_hours(work, reader.actor, day, _id(fields, "person"), given.hours)
    return "hours_booked"


_ACTS: dict[str, Any] = {
    "serving": _serve,
    "collected": _serve_all,
    "crew": _roster,
    "uncrew": _unroster,
    "hours": _hours,
}
