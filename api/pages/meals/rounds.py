"""Rounds: made and closed by the office; brought stop by stop by who has one in hand."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReaderDep, WorkDep
from api.forms import parse
from api.language import language_of
from api.models.meals import StopBody
from api.pages.frame import Failure
from api.pages.meals.frame import acted, day_of, day_or, show_meals, typed
from api.rooms import pages
from api.routes.meals.rounds import make_rounds, round_out, rounds_of_day, say_stop, stop_out
from gis.flows.meals.delivering import open_check, open_round, verify_rounds, way_of_round
from gis.flows.work import Work
from gis.people.permissions import may, require
from gis.recurrence import DAY
from gis.store.meal_rounds import find_round

router = pages()


@router.get("/meals/rounds")
async def get_rounds(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show a day's rounds and how they stand."""
    require(reader.actor, "run_kitchen")
    return await _show_day(request, work, reader, await day_of(request, work, reader))


async def _show_day(
    request: Request, work: Work, reader: Reader, day: date, failure: Failure | None = None
) -> Response:
    rounds = await rounds_of_day(work, reader.actor, day)
    return await show_meals(
        request,
        work,
        reader,
        "rounds",
        "meals_rounds.html",
        failure,
        the_day=day,
        iso_day=day.isoformat(),
        before=day - DAY,
        after=day + DAY,
        rounds=[one.shown() for one in rounds],
    )


@router.post("/meals/rounds")
async def post_rounds(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Make a day's rounds, or close those that are brought."""
    require(reader.actor, "run_kitchen")
    fields = await typed(request)
    day = day_or(str(fields.get("day", "")), parts.clock.now().date())
    language = language_of(request, reader.actor.language)

    async def act(work: Work) -> str:
        if fields.get("act") == "verify":
            await verify_rounds(work, reader.actor, day)
            return "rounds_verified"
        made = await make_rounds(work, reader.actor, day, language)
        return "rounds_made" if made else "rounds_none"

    async def again(work: Work, error: Failure) -> Response:
        return await _show_day(request, work, reader, day, error)

    return await acted(parts, act, f"/meals/rounds?day={day}", again)


@router.get("/meals/rounds/{round_id}")
async def get_round(round_id: UUID, request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show a round with its stops, for who has it in hand and the office; the look is recorded."""
    return await _show_round(request, work, reader, round_id)


async def _show_round(
    request: Request, work: Work, reader: Reader, round_id: UUID, failure: Failure | None = None
) -> Response:
    found = await open_round(work, reader.actor, round_id)
    office = may(reader.actor, "run_kitchen")
    one = round_out(found.row, list(found.stops)).shown()
    return await show_meals(
        request,
        work,
        reader,
        "rounds" if office else "menu",
        "meals_round.html",
        failure,
        one=one,
        mine=found.mine,
        line=await way_of_round(work, reader.actor, found),
        points=[
            {"n": stop["stop"], "lon": stop["lon"], "lat": stop["lat"], "done": stop["state"] != "ordered"}
            for stop in one["items"]
            if stop["lon"] is not None
        ],
    )


@router.post("/meals/rounds/{round_id}/stops/{subscription_id}")
async def post_stop(
    round_id: UUID, subscription_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep
) -> Response:
    """Say what became of a stop; after the last one the way leads back to one's tasks."""
    fields = await typed(request)
    language = language_of(request, reader.actor.language)
    left: list[int] = []

    async def act(work: Work) -> str:
        given = parse(StopBody, {"outcome": fields.get("outcome", "")})
        await say_stop(
            work, reader.actor, round_id, subscription_id, outcome=given.outcome, language=language
        )
        row = await find_round(work.session, reader.actor.community_id, round_id)
        left.append(row.stops - row.answered if row else 0)
        return "serving_said"

    async def again(work: Work, error: Failure) -> Response:
        return await _show_round(request, work, reader, round_id, error)

    answered = await acted(parts, act, f"/meals/rounds/{round_id}", again)
    if left == [0] and not may(reader.actor, "run_kitchen"):
        answered.headers["location"] = "/meals?notice=serving_said"
    return answered


@router.get("/meals/checks/{case_id}")
async def get_check(case_id: UUID, request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show who didn't open, for who looks after them now and the office; the look is recorded."""
    found = stop_out(await open_check(work, reader.actor, case_id))
    return await show_meals(
        request, work, reader, "menu", "meals_check.html", one=found.shown(), case_id=case_id
    )
