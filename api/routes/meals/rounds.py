"""Rounds: planned by the office, brought by who takes them, stop by stop."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import Request

from api.answers.base import PersonRef
from api.answers.meals import RoundList, RoundOut, StopOut
from api.deps import ReaderDep, WorkDep
from api.forms import body_of, parse
from api.language import language_of
from api.models.fields import WrittenDay
from api.models.meals import StopBody
from api.rooms import interface
from api.spec import body, errors
from gis.flows.meals.delivering import Stop, answer_stop, open_check, open_round, verify_rounds
from gis.flows.meals.rounds import plan_rounds
from gis.flows.work import Work
from gis.people.permissions import require
from gis.store.meal_rounds import RoundRow, rounds_in_hand, rounds_on
from gis.words import Actor
from web.meal_words import check_sentence, round_sentence

router = interface("meals")
JSON = "application/json"


def round_out(row: RoundRow, stops: list[Stop] | None = None) -> RoundOut:
    """Return a round as it is shown."""
    assignee = PersonRef(id=row.assignee_id, name=row.assignee_name or "") if row.assignee_id else None
    return RoundOut(
        id=row.round_id,
        day=row.day,
        number=row.number,
        case_id=row.case_id,
        status=row.status,
        assignee=assignee,
        stops=row.stops,
        servings=row.servings,
        answered=row.answered,
        not_home=row.not_home,
        travel_s=row.travel_s,
        distance_m=row.distance_m,
        items=None if stops is None else [stop_out(one) for one in stops],
    )


def stop_out(one: Stop) -> StopOut:
    """Return a stop as its deliverer is shown it."""
    row, contact = one.row, one.contact
    return StopOut(
        id=row.subscription_id,
        stop=row.stop,
        box=row.box,
        servings=row.servings,
        state=row.state,
        name=contact.name,
        phone=contact.phone,
        place=one.building,
        unit=contact.unit,
        floor=contact.floor,
        flat=contact.flat,
        door=contact.door,
        lon=row.lon,
        lat=row.lat,
        case_id=row.case_id,
    )


async def rounds_of_day(work: Work, actor: Actor, day: date) -> list[RoundOut]:
    """Return a day's rounds for the office."""
    require(actor, "run_kitchen")
    return [round_out(one) for one in await rounds_on(work.session, actor.community_id, day)]


async def make_rounds(work: Work, actor: Actor, day: date, language: str) -> int:
    """Make the rounds of a day, and have somebody found for each."""

    def say(number: int, stops: int, servings: int) -> str:
        return round_sentence(language, number, stops, servings)

    return await plan_rounds(work, actor, day, say)


async def say_stop(
    work: Work, actor: Actor, round_id: UUID, subscription_id: UUID, *, outcome: str, language: str
) -> None:
    """Say what became of a stop."""
    await answer_stop(work, actor, round_id, subscription_id, outcome=outcome, say=check_sentence(language))


@router.get("/meals/days/{day}/rounds", responses=errors(400, 401, 403))
async def get_rounds(day: WrittenDay, reader: ReaderDep, work: WorkDep) -> RoundList:
    """Show the rounds of a day and how they stand."""
    return RoundList(items=await rounds_of_day(work, reader.actor, day))


@router.post("/meals/days/{day}/rounds", status_code=201, responses=errors(400, 401, 403, 409))
async def post_rounds(day: WrittenDay, request: Request, reader: ReaderDep, work: WorkDep) -> RoundList:
    """Make rounds of what is still to be brought, ordered along the streets, each offered as one case."""
    made = await make_rounds(work, reader.actor, day, language_of(request, reader.actor.language))
    return RoundList(items=await rounds_of_day(work, reader.actor, day), made=made)


@router.post("/meals/days/{day}/rounds/verify", responses=errors(400, 401, 403, 409))
async def post_verify(day: WrittenDay, reader: ReaderDep, work: WorkDep) -> RoundList:
    """Close the rounds that are brought; the hours of who brought them are booked."""
    await verify_rounds(work, reader.actor, day)
    return RoundList(items=await rounds_of_day(work, reader.actor, day))


@router.get("/meals/rounds", responses=errors(401))
async def get_my_rounds(reader: ReaderDep, work: WorkDep) -> RoundList:
    """List the rounds that one has in hand."""
    actor = reader.actor
    rows = await rounds_in_hand(work.session, actor.community_id, actor.person_id)
    return RoundList(items=[round_out(one) for one in rows])


@router.get("/meals/rounds/{round_id}", responses=errors(401, 404))
async def get_round(round_id: UUID, reader: ReaderDep, work: WorkDep) -> RoundOut:
    """Show a round with its stops, for who has it in hand and the office; the look is recorded."""
    found = await open_round(work, reader.actor, round_id)
    return round_out(found.row, list(found.stops))


@router.post(
    "/meals/rounds/{round_id}/stops/{subscription_id}",
    status_code=204,
    responses=errors(400, 401, 404, 409),
    openapi_extra=body(StopBody, JSON),
)
async def post_stop(
    round_id: UUID, subscription_id: UUID, request: Request, reader: ReaderDep, work: WorkDep
) -> None:
    """Say that a box was handed over, or that nobody opened: then somebody looks after them at once."""
    given = parse(StopBody, await body_of(request))
    language = language_of(request, reader.actor.language)
    await say_stop(work, reader.actor, round_id, subscription_id, outcome=given.outcome, language=language)


@router.get("/meals/checks/{case_id}", responses=errors(401, 404))
async def get_check(case_id: UUID, reader: ReaderDep, work: WorkDep) -> StopOut:
    """Who didn't open, for who looks after them now and the office; the look is recorded."""
    return stop_out(await open_check(work, reader.actor, case_id))
