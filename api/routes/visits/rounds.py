"""Rounds of visits: planned along the streets, ticked off on the way."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Path, Request
from pydantic import BaseModel, Field

from api.answers.base import Answer, PersonRef
from api.deps import ReaderDep, WorkDep
from api.forms import body_of, parse
from api.models.fields import Body, Number, Sentence, Word
from api.rooms import interface
from api.spec import body, errors
from gis.crs import parse_position
from gis.flows.tour_line import tour_line
from gis.flows.visits.rounds import RoundDraft, TickDraft, my_rounds, plan_round, stops_of, tick_stop
from gis.flows.work import Work
from gis.store.rounds import RoundRow, StopRow
from gis.words import Actor, Mode, PositionSource

router = interface("visits")
Stop = Annotated[int, Path(ge=1, le=10_000)]


class RoundBody(Body):
    """What round is wanted. A repeat of the same `id` changes nothing."""

    id: UUID | None = None
    days: int = Field(30, description="doors where nobody was met for so many days")
    most: int = Field(15, description="how many stops")
    lon: Number = Field(None, description="where it begins; none: at the first door; kept with the round")
    lat: Number = None
    datum: Word = "wgs84"
    name: Word = ""
    campaign: UUID | None = None
    person: Word = Field("", description="for whom, by id, username or name; none: for oneself")


class TickBody(Body):
    """What became of a stop; `visit` is the id of the entry that is written for it."""

    state: Word
    visit: UUID | None = None
    words: Sentence = ""


class StopOut(Answer):
    """A stop of a round."""

    n: int
    building: UUID | None
    household: UUID | None
    flat: str
    label: str
    reason: str = Field(description="days since somebody was met there, or `never`")
    lon: float
    lat: float
    arrive_s: float
    state: str
    visit_id: UUID | None
    at: datetime | None


class RoundOut(Answer):
    """A round that is one's own, or that one planned for somebody."""

    id: UUID
    person: PersonRef
    planned_by: PersonRef
    day: date
    name: str
    travel_s: float
    stops: int
    done: int
    todo: int


class RoundDetailOut(BaseModel):
    """A round with its stops and the way on foot, longitude and latitude."""

    round: RoundOut
    stops: list[StopOut]
    line: list[tuple[float, float]]


class RoundsOut(BaseModel):
    """Rounds of late, one's own and those that one planned."""

    items: list[RoundOut]


@router.get("/rounds", responses=errors(401, 403))
async def get_rounds(reader: ReaderDep, work: WorkDep) -> RoundsOut:
    """List the rounds of the last month, one's own and those that one planned for others."""
    _, rows = await my_rounds(work, reader.actor)
    return RoundsOut(items=[round_out(one) for one in rows])


@router.post(
    "/rounds",
    status_code=201,
    responses=errors(400, 401, 403, 409),
    openapi_extra=body(RoundBody, "application/json"),
)
async def post_round(request: Request, reader: ReaderDep, work: WorkDep) -> RoundDetailOut:
    """Plan a round over doors where nobody was met for long, ordered along the streets."""
    round_id = await plan_round(work, reader.actor, round_draft(parse(RoundBody, await body_of(request))))
    return await detail_of(work, reader.actor, round_id)


@router.get("/rounds/{round_id}", responses=errors(401, 403, 404))
async def get_round(round_id: UUID, reader: ReaderDep, work: WorkDep) -> RoundDetailOut:
    """Tell of a round, one's own or planned by oneself, with the way over what is left of it."""
    return await detail_of(work, reader.actor, round_id)


@router.post(
    "/rounds/{round_id}/stops/{n}",
    responses=errors(400, 401, 403, 404, 409),
    openapi_extra=body(TickBody, "application/json"),
)
async def post_stop(round_id: UUID, n: Stop, request: Request, reader: ReaderDep, work: WorkDep) -> StopOut:
    """Tick a stop off: done, not_home, skipped; or todo, to go there once more."""
    return stop_out(await tick_from(work, reader.actor, round_id, n, parse(TickBody, await body_of(request))))


async def tick_from(work: Work, actor: Actor, round_id: UUID, n: int, given: TickBody) -> StopRow:
    """Tick a stop off as a body says."""
    return await tick_stop(
        work, actor, round_id, n, TickDraft(given.state, given.visit or uuid4(), given.words)
    )


async def detail_of(work: Work, actor: Actor, round_id: UUID) -> RoundDetailOut:
    """Return a round with its stops, and the way over those that are left."""
    row, stops = await stops_of(work, actor, round_id)
    atlas = await work.atlas.get(work.session, actor.community_id)
    left = [(one.lon, one.lat) for one in stops if one.state == "todo"]
    line = await asyncio.to_thread(tour_line, atlas, Mode.WALK, [(row.start_lon, row.start_lat), *left])
    return RoundDetailOut(round=round_out(row), stops=[stop_out(one) for one in stops], line=line)


def round_draft(given: RoundBody) -> RoundDraft:
    """Return what a body says."""
    start = None
    if given.lon is not None or given.lat is not None:
        start = parse_position(given.lon, given.lat, given.datum, source=PositionSource.PIN)
    return RoundDraft(
        given.id or uuid4(), given.days, given.most, start, given.name, given.campaign, given.person
    )


def round_out(row: RoundRow) -> RoundOut:
    """Return a round as it is shown."""
    return RoundOut(
        id=row.round_id,
        person=PersonRef(id=row.person_id, name=row.person_name),
        planned_by=PersonRef(id=row.created_by, name=row.created_by_name),
        day=row.day,
        name=row.name,
        travel_s=row.travel_s,
        stops=row.stops,
        done=row.done,
        todo=row.todo,
    )


def stop_out(row: StopRow) -> StopOut:
    """Return a stop as it is shown."""
    return StopOut(
        n=row.n,
        building=row.building_id,
        household=row.household_id,
        flat=row.flat,
        label=row.label,
        reason=row.reason,
        lon=row.lon,
        lat=row.lat,
        arrive_s=row.arrive_s,
        state=row.state,
        visit_id=row.visit_id,
        at=row.at,
    )
