"""A responder's own duty, position, offers and points."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.answers import Answer, CaseOut, case_out
from api.answers.places import CasePlace, case_place
from api.deps import PartsDep, ReadDep, ReaderDep, WorkDep
from api.forms import body_of, parse
from api.models import DutyBody, PatrolBody, PositionBody
from api.parts import Parts
from api.rooms import interface
from api.routes.session import duty_dict
from api.spec import body, errors
from api.ways import way_to
from gis.crs import parse_position
from gis.flows.claim import claimable
from gis.flows.duty import set_duty, set_position
from gis.flows.off_duty import go_off_duty
from gis.flows.record_patrol import PatrolDraft, record_patrol
from gis.flows.work import Work
from gis.service.ledger import movement
from gis.store.session import ReadSession
from gis.store.statements import Entry, Points
from gis.views.boards import duty_of, live_offers, points_of
from gis.views.cases import cases_by_id, cases_in_short
from gis.words import Actor

router = interface("me")
JSON = "application/json"


class MyOfferOut(BaseModel):
    """An offer that awaits an answer; ``route`` leads there, longitude and latitude."""

    offer_id: UUID
    case: CaseOut
    travel_s: float
    distance_m: float
    expires_at: datetime
    route: list[tuple[float, float]]


class MyOffersOut(BaseModel):
    """Offers that await an answer, the most urgent to answer first."""

    items: list[MyOfferOut]


class EntryOut(Answer):
    """One line of points."""

    at: datetime
    points: int
    kind: str = Field(
        description="earned, taken_back, paid, redeemed, returned, given, donated or expired; below zero: taken"
    )
    memo: str = Field(description="the category, the occasion, the reason, or words to a gift")
    other: str = Field(description="the reward, the cause, or who gave or got it")


class PointsOut(Answer):
    """Points: balance, of it what came today and this month, verified hours, latest entries."""

    balance: int
    today: int
    month: int
    hours: float
    debt: int = Field(
        description="points that were taken back after they had been spent: paid from what comes next"
    )
    entries: list[EntryOut]


class PatrolOut(BaseModel):
    """A patrol as recorded."""

    id: UUID


class ClaimableOut(BaseModel):
    """An open case that one may claim: what and where, not who and why."""

    id: UUID
    number: str
    category: str
    urgent: bool
    place: CasePlace
    lon: float
    lat: float
    opened_at: datetime
    travel_s: float
    distance_m: float


class ClaimablesOut(BaseModel):
    """Open cases that one may claim, the shortest way first; where there can be none, why."""

    items: list[ClaimableOut]
    why: str | None = Field(description="off_duty, no_fresh_position, full or not_a_responder")


@router.put("/me/duty", responses=errors(400, 401, 403, 409), openapi_extra=body(DutyBody, JSON))
async def put_duty(request: Request, reader: ReaderDep, work: WorkDep) -> dict[str, Any] | None:
    """Go on duty or off; off duty the last position is forgotten.

    With tasks in hand, 409 `tasks_in_hand` names them, and `tasks` says what becomes of them: `keep`, `release`, or
    `hand_over` to the colleague named in `to`.
    """
    given = parse(DutyBody, await body_of(request))
    await change_duty(work, reader.actor, given)
    return duty_dict(await duty_of(work.session, reader.actor.community_id, reader.actor.person_id))


@router.put(
    "/me/position",
    status_code=204,
    responses=errors(400, 401, 403, 409),
    openapi_extra=body(PositionBody, JSON),
)
async def put_position(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Say where one is; only the last position is kept, and only on duty."""
    given = parse(PositionBody, await body_of(request))
    await set_position(work, reader.actor, position_of(given))
    return Response(status_code=204)


@router.get("/me/offers", responses=errors(401))
async def get_offers(parts: PartsDep, reader: ReaderDep, session: ReadDep) -> MyOffersOut:
    """Offers that await one's answer, each with its case and the way there."""
    return MyOffersOut(items=await my_offers(parts, session, reader.actor))


async def my_offers(parts: Parts, session: ReadSession, actor: Actor) -> list[MyOfferOut]:
    """Return live offers with cases and ways."""
    offers = await live_offers(session, actor.community_id, actor.person_id, parts.clock.now())
    items = await cases_by_id(session, actor, [offer.case_id for offer in offers], now=parts.clock.now())
    duty = await duty_of(session, actor.community_id, actor.person_id) if offers else None
    atlas = await parts.atlas.get(session, actor.community_id) if offers else None
    return [
        MyOfferOut(
            offer_id=offer.offer_id,
            case=case_out(items[offer.case_id]),
            travel_s=offer.travel_s,
            distance_m=offer.distance_m,
            expires_at=offer.expires_at,
            route=way_to(atlas, duty, items[offer.case_id].row) if atlas and duty else [],
        )
        for offer in offers
        if offer.case_id in items
    ]


@router.get("/me/nearby-cases", responses=errors(401))
async def get_nearby_cases(parts: PartsDep, reader: ReaderDep, session: ReadDep) -> ClaimablesOut:
    """Open cases that a responder on duty may claim: of a watcher's micro-grids, near a rider, or reported by them."""
    return await nearby_cases(parts, session, reader.actor)


async def nearby_cases(parts: Parts, session: ReadSession, actor: Actor) -> ClaimablesOut:
    """Return what somebody may claim now."""
    atlas = await parts.atlas.get(session, actor.community_id)
    found = await claimable(session, atlas, parts.settings.dispatch, parts.clock, actor)
    shown = await cases_in_short(session, actor.community_id, [one.case_id for one in found.items])
    items = [
        ClaimableOut(
            id=row.case_id,
            number=row.number,
            category=row.category,
            urgent=row.urgent,
            place=case_place(row.place),
            lon=row.lon,
            lat=row.lat,
            opened_at=row.opened_at,
            travel_s=one.travel_s,
            distance_m=one.distance_m,
        )
        for one in found.items
        if (row := shown.get(one.case_id)) is not None
    ]
    return ClaimablesOut(items=items, why=found.why)


@router.get("/me/points", responses=errors(401))
async def get_points(parts: PartsDep, reader: ReaderDep, session: ReadDep) -> PointsOut:
    """One's balance, verified hours and latest entries."""
    actor = reader.actor
    found = await points_of(session, actor.community_id, actor.person_id, now=parts.clock.now())
    return points_out(found)


def points_out(found: Points) -> PointsOut:
    """Return points as they are shown."""
    return PointsOut(
        balance=found.balance,
        today=found.today,
        month=found.month,
        hours=found.hours,
        debt=found.debt,
        entries=[entry_out(one) for one in found.entries],
    )


def entry_out(one: Entry) -> EntryOut:
    """Return one line of points as it is shown."""
    return EntryOut(
        at=one.at,
        points=one.points,
        kind=movement(one.from_kind, one.to_kind).value,
        memo=one.memo,
        other=one.other,
    )


@router.post(
    "/patrols", status_code=201, responses=errors(400, 401, 403, 409), openapi_extra=body(PatrolBody, JSON)
)
async def post_patrol(request: Request, reader: ReaderDep, work: WorkDep) -> PatrolOut:
    """Record a patrol: when, and which streets, ticked or matched from positions that are then forgotten; not a track."""
    given = parse(PatrolBody, await body_of(request))
    draft = PatrolDraft(
        id=given.id or uuid4(),
        started_at=given.started_at,
        ended_at=given.ended_at,
        segment_ids=tuple(given.segment_ids),
        note=given.note,
        positions=tuple(
            parse_position(lon, lat, given.datum, accuracy_m=accuracy_m)
            for lon, lat, accuracy_m in given.positions
        ),
    )
    found = await record_patrol(work, reader.actor, draft)
    return PatrolOut(id=found.patrol_id)


async def change_duty(work: Work, actor: Actor, given: DutyBody) -> None:
    """Go on duty, or off with what is said of tasks in hand."""
    if given.on:
        await set_duty(work, actor, on=True)
    else:
        await go_off_duty(work, actor, given.tasks, given.to)


def position_of(given: PositionBody) -> Any:
    """Return the position of a body, checked by the one door."""
    return parse_position(
        given.lon,
        given.lat,
        given.datum,
        accuracy_m=given.accuracy_m,
        heading_deg=given.heading_deg,
        source=given.source,
    )
