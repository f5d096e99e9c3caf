"""Musters: calling people and vehicles to a place, answering, arriving, standing down."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Query, Request
from pydantic import BaseModel, Field

from api.answers import Answer
from api.deps import ReadDep, ReaderDep, WorkDep
from api.forms import body_of, parse
from api.models import MOST_ITEMS, Body, Number, Word
from api.rooms import interface
from api.spec import body, errors
from gis.crs import parse_position
from gis.errors import InvalidInputError
from gis.flows.muster_answers import answer_muster, arrive_at_muster, stand_down
from gis.flows.musters import MOST_TITLE, MusterDraft, call_muster
from gis.flows.work import Work
from gis.views.boards import addresses
from gis.views.musters import CallFacts, MusterDetail, MusterRow, muster_detail, muster_list
from gis.words import Actor, Position, PositionSource

router = interface("musters")
JSON = "application/json"


class MusterBody(Body):
    """Whom to call where: `lon`, `lat`, or a building, or a case. A repeat of the same `id` changes nothing."""

    id: UUID | None = None
    title: str = Field("", max_length=MOST_TITLE, examples=["六纬路积水，转移老人"])
    people: int = Field(0, ge=0, le=200, examples=[20])
    vehicles: int = Field(0, ge=0, le=200, examples=[10])
    skills: list[Word] = Field(
        default_factory=list, max_length=20, description="any of these; none: everybody"
    )
    off_duty: bool = Field(False, description="watchers at home are called too")
    lon: Number = None
    lat: Number = None
    datum: Word = "wgs84"
    building: UUID | None = None
    case_id: UUID | None = None
    team: UUID | None = Field(None, description="only its members are called; none: everybody")


class AnswerBody(Body):
    """Whether one is coming."""

    coming: bool


class Crowd(Answer):
    """How many people, how many vehicles."""

    people: int
    vehicles: int


class CallOut(Answer):
    """One who was called."""

    person_id: UUID
    name: str
    seat: str
    mode: str
    wave: int
    status: str
    travel_s: float
    distance_m: float
    called_at: datetime
    answered_at: datetime | None
    arrived_at: datetime | None


class MusterOut(BaseModel):
    """A muster with its counts; `calls` only for the office, `mine` is one's own call."""

    id: UUID
    title: str
    status: str
    wanted: Crowd
    coming: Crowd
    arrived: Crowd
    called: int
    declined: int
    wave: int
    next_wave_at: datetime | None
    skills: list[str]
    off_duty: bool
    lon: float
    lat: float
    place: str
    grid: str | None
    case_id: UUID | None
    created_at: datetime
    created_by: str
    stood_down_at: datetime | None
    mine: CallOut | None = None
    calls: list[CallOut] = Field(default_factory=list)


class MusterPage(BaseModel):
    """Part of a list of musters."""

    items: list[MusterOut]
    next: str | None
    total: int


class MusterQuery(BaseModel):
    """Which part of the list."""

    limit: int = Field(50, ge=1, le=MOST_ITEMS)
    cursor: str | None = Field(None, max_length=200)


def muster_out(
    row: MusterRow, mine: CallFacts | None = None, calls: list[CallFacts] | None = None
) -> MusterOut:
    """Return a muster as it is shown."""
    return MusterOut(
        id=row.muster_id,
        title=row.title,
        status=row.status,
        wanted=Crowd(people=row.people, vehicles=row.vehicles),
        coming=Crowd(people=row.people_coming, vehicles=row.vehicles_coming),
        arrived=Crowd(people=row.people_arrived, vehicles=row.vehicles_arrived),
        called=row.called,
        declined=row.declined,
        wave=row.wave,
        next_wave_at=row.next_wave_at,
        skills=list(row.skills),
        off_duty=row.off_duty,
        lon=row.lon,
        lat=row.lat,
        place=row.place_text,
        grid=row.grid_code,
        case_id=row.case_id,
        created_at=row.created_at,
        created_by=row.created_by,
        stood_down_at=row.stood_down_at,
        mine=CallOut.model_validate(mine) if mine else None,
        calls=[CallOut.model_validate(one) for one in calls or []],
    )


def detail_out(detail: MusterDetail) -> MusterOut:
    """Return a muster with its calls."""
    return muster_out(detail.row, detail.mine, detail.calls)


@router.get("/musters", responses=errors(400, 401))
async def get_musters(
    reader: ReaderDep, session: ReadDep, query: Annotated[MusterQuery, Query()]
) -> MusterPage:
    """List musters, the newest first: all for the office, else those one was called to."""
    page = await muster_list(session, reader.actor, limit=query.limit, cursor=query.cursor)
    return MusterPage(items=[muster_out(one) for one in page.items], next=page.next, total=page.total)


@router.get("/musters/{muster_id}", responses=errors(401, 404))
async def get_muster(muster_id: UUID, reader: ReaderDep, session: ReadDep) -> MusterOut:
    """One muster: how many are coming and there, and for the office who."""
    return detail_out(await muster_detail(session, reader.actor, muster_id))


@router.post(
    "/musters",
    status_code=201,
    responses=errors(400, 401, 403, 404),
    openapi_extra=body(MusterBody, JSON),
)
async def post_muster(request: Request, reader: ReaderDep, work: WorkDep) -> MusterOut:
    """Call people and vehicles to a place, in waves by travel time until enough are coming."""
    muster_id = await begin_muster(work, reader.actor, await body_of(request))
    return detail_out(await muster_detail(work.session, reader.actor, muster_id))


async def begin_muster(work: Work, actor: Actor, fields: dict[str, Any]) -> UUID:
    """Call a muster from the fields of a body or a form."""
    given = parse(MusterBody, fields)
    draft = MusterDraft(
        given.id or uuid4(),
        given.title,
        given.people,
        given.vehicles,
        await _position(work, actor, given),
        given.case_id,
        tuple(given.skills),
        given.off_duty,
        given.team,
    )
    return await call_muster(work, actor, draft)


async def _position(work: Work, actor: Actor, given: MusterBody) -> Position | None:
    if given.lon is not None or given.lat is not None:
        return parse_position(given.lon, given.lat, given.datum, source=PositionSource.PIN)
    if given.building is None:
        return None
    found = await addresses(work.session, actor.community_id, given.building)
    if not found:
        raise InvalidInputError("no such building", code="building_unknown", field="building")
    return Position(found[0].lon, found[0].lat, source=PositionSource.PLATE)


@router.post(
    "/musters/{muster_id}/answer",
    responses=errors(400, 401, 403, 404, 409),
    openapi_extra=body(AnswerBody, JSON),
)
async def post_answer(muster_id: UUID, request: Request, reader: ReaderDep, work: WorkDep) -> MusterOut:
    """Say that one is coming, or can't: free of any consequence."""
    given = parse(AnswerBody, await body_of(request))
    await answer_muster(work, reader.actor, muster_id, coming=given.coming)
    return detail_out(await muster_detail(work.session, reader.actor, muster_id))


@router.post("/musters/{muster_id}/arrive", responses=errors(401, 403, 404, 409))
async def post_arrive(muster_id: UUID, reader: ReaderDep, work: WorkDep) -> MusterOut:
    """Say that one is there."""
    await arrive_at_muster(work, reader.actor, muster_id)
    return detail_out(await muster_detail(work.session, reader.actor, muster_id))


@router.post("/musters/{muster_id}/stand_down", responses=errors(401, 403, 404))
async def post_stand_down(muster_id: UUID, reader: ReaderDep, work: WorkDep) -> MusterOut:
    """End a muster; everybody who was called, is coming or is there is told."""
    await stand_down(work, reader.actor, muster_id)
    return detail_out(await muster_detail(work.session, reader.actor, muster_id))
