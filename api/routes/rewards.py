"""Rewards, redemptions, gifts, hours and statements, for programs."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from pydantic import BaseModel, Field

from api.answers import Answer
from api.deps import PartsDep, ReadDep, ReaderDep, WorkDep
from api.forms import body_of, parse
from api.models.service import CodeBody, CorrectBody, GiftBody, ReasonBody, RedeemBody
from api.periods import period_of
from api.rooms import interface
from api.routes.me import EntryOut, entry_out
from api.spec import body, errors
from gis.flows.service.donating import donate, give, neighbour
from gis.flows.service.handing_out import CodeLook, hand_out, look_at_code
from gis.flows.service.hours import correct_hours
from gis.flows.service.redeeming import cancel_redemption, found, redeem, refund
from gis.flows.today import today_in
from gis.service.redemptions import written_code
from gis.store import redemptions, rewards
from gis.store.redemptions import Redemption
from gis.store.statements import statement

router = interface("service")
JSON = "application/json"


class RewardOut(Answer):
    """A reward that may be redeemed today."""

    id: UUID
    name: str
    name_en: str
    about: str
    points: int
    stock: int
    limit_each: int | None
    limit_period: str = Field(description="month, year or ever")
    shop: str = Field(description="where it is handed out; empty: at the desk")
    last_day: date | None


class RewardsOut(BaseModel):
    """What may be redeemed today."""

    items: list[RewardOut]


class RedemptionOut(Answer):
    """A redeemed reward; its code is for its owner alone."""

    id: UUID
    reward: UUID
    name: str
    points: int
    status: str = Field(description="open, handed_out, cancelled, expired or refunded")
    code: str | None
    created_at: datetime
    expires_at: datetime
    handed_out_at: datetime | None
    ended_at: datetime | None
    reason: str


class RedemptionsOut(BaseModel):
    """One's redemptions: what waits first, then the latest."""

    items: list[RedemptionOut]


class LookOut(Answer):
    """All that a counter learns of a code."""

    name: str
    person: str = Field(description="the first letter of whose it is")
    status: str
    expires_at: datetime
    handed_out_at: datetime | None
    over: bool


class StatementOut(Answer):
    """One's points of a period."""

    opening: int
    closing: int
    hours: float
    entries: list[EntryOut]


class PeriodQuery(BaseModel):
    """The days of a statement; by default this month's."""

    since: str = Field("", alias="from", max_length=10)
    until: str = Field("", alias="to", max_length=10)


def redemption_out(one: Redemption, *, own: bool) -> RedemptionOut:
    """Return a redemption as it is shown."""
    return RedemptionOut(
        id=one.redemption_id,
        reward=one.reward_id,
        name=one.reward,
        points=one.points,
        status=one.status,
        code=written_code(one.code) if own else None,
        created_at=one.created_at,
        expires_at=one.expires_at,
        handed_out_at=one.handed_out_at,
        ended_at=one.ended_at,
        reason=one.reason,
    )


def look_out(look: CodeLook) -> LookOut:
    """Return what a counter learns."""
    return LookOut(name=look.reward, **{key: value for key, value in asdict(look).items() if key in _LOOK})


_LOOK = frozenset({"person", "status", "expires_at", "handed_out_at", "over"})


@router.get("/rewards", responses=errors(401))
async def get_rewards(parts: PartsDep, reader: ReaderDep, session: ReadDep) -> RewardsOut:
    """List what may be redeemed today, the cheapest first."""
    key = reader.actor.community_id
    rows = await rewards.rewards(session, key, on=await today_in(session, parts.clock, key))
    items = [
        RewardOut(
            id=one.reward.reward_id,
            name=one.reward.name,
            name_en=one.reward.name_en,
            about=one.reward.about,
            points=one.reward.points,
            stock=one.stock,
            limit_each=one.reward.limit_each,
            limit_period=one.reward.limit_period,
            shop=one.shop_name,
            last_day=one.reward.last_day,
        )
        for one in rows
    ]
    return RewardsOut(items=items)


@router.get("/redemptions", responses=errors(401))
async def get_redemptions(reader: ReaderDep, session: ReadDep) -> RedemptionsOut:
    """One's own redemptions with their codes."""
    rows = await redemptions.of_person(session, reader.actor.community_id, reader.actor.person_id)
    return RedemptionsOut(items=[redemption_out(one, own=True) for one in rows])


@router.post(
    "/redemptions",
    status_code=201,
    responses=errors(400, 401, 404, 409),
    openapi_extra=body(RedeemBody, JSON),
)
async def post_redemption(request: Request, reader: ReaderDep, work: WorkDep) -> RedemptionOut:
    """Redeem a reward; the same `id` again changes nothing."""
    given = parse(RedeemBody, await body_of(request))
    done = await redeem(work, reader.actor, given.id, given.reward, given.points)
    return redemption_out(done, own=True)


@router.get("/redemptions/{redemption_id}", responses=errors(401, 404))
async def get_redemption(redemption_id: UUID, reader: ReaderDep, work: WorkDep) -> RedemptionOut:
    """One redemption, for its owner and the office."""
    one = await found(work, reader.actor, redemption_id)
    return redemption_out(one, own=one.person_id == reader.actor.person_id)


@router.post(
    "/redemptions/{redemption_id}/cancel",
    responses=errors(400, 401, 404, 409),
    openapi_extra=body(ReasonBody, JSON, required=False),
)
async def post_cancel(
    redemption_id: UUID, request: Request, reader: ReaderDep, work: WorkDep
) -> RedemptionOut:
    """Give a reward back that was not handed out yet; the office says why."""
    given = parse(ReasonBody, await body_of(request))
    done = await cancel_redemption(work, reader.actor, redemption_id, given.reason)
    return redemption_out(done, own=done.person_id == reader.actor.person_id)


@router.post(
    "/redemptions/{redemption_id}/refund",
    responses=errors(400, 401, 403, 404, 409),
    openapi_extra=body(ReasonBody, JSON),
)
async def post_refund(
    redemption_id: UUID, request: Request, reader: ReaderDep, work: WorkDep
) -> RedemptionOut:
    """Take a reward back that was handed out, for its points."""
    given = parse(ReasonBody, await body_of(request))
    done = await refund(work, reader.actor, redemption_id, given.reason, restock=given.restock)
    return redemption_out(done, own=False)


@router.get("/counter", responses=errors(400, 401, 403, 404, 429))
async def get_counter(
    code: Annotated[str, Query(max_length=300)], reader: ReaderDep, work: WorkDep
) -> LookOut:
    """Tell what a code stands for, at the desk and for who is appointed to its shop; the look is recorded."""
    return look_out(await look_at_code(work, reader.actor, code))


@router.post("/counter", responses=errors(400, 401, 403, 404, 409, 429), openapi_extra=body(CodeBody, JSON))
async def post_counter(request: Request, reader: ReaderDep, work: WorkDep) -> LookOut:
    """Hand out what a code stands for; of several counters that try, one does."""
    given = parse(CodeBody, await body_of(request))
    return look_out(await hand_out(work, reader.actor, given.code))


@router.post(
    "/gifts", status_code=204, responses=errors(400, 401, 404, 409, 429), openapi_extra=body(GiftBody, JSON)
)
async def post_gift(request: Request, reader: ReaderDep, work: WorkDep) -> None:
    """Give points to a neighbour, by their code or whole name, or to a cause; the same `id` again changes nothing."""
    given = parse(GiftBody, await body_of(request))
    if given.cause is not None:
        await donate(work, reader.actor, given.id, given.cause, given.points, given.words)
        return
    to = await neighbour(work, reader.actor, given.to)
    await give(work, reader.actor, given.id, to.person_id, given.points, given.words)


@router.get("/me/statement", responses=errors(400, 401))
async def get_statement(
    parts: PartsDep, reader: ReaderDep, session: ReadDep, query: Annotated[PeriodQuery, Query()]
) -> StatementOut:
    """One's points of a period, each entry in the order of time."""
    given: dict[str, Any] = {"from": query.since, "to": query.until}
    period = await period_of(session, parts.clock, reader.actor, given)
    shown = await statement(
        session,
        reader.actor.community_id,
        reader.actor.person_id,
        since=period.since,
        until=period.until,
        days=(period.first, period.last),
    )
    return StatementOut(
        opening=shown.opening,
        closing=shown.closing,
        hours=shown.hours,
        entries=[entry_out(one) for one in shown.entries],
    )


@router.post(
    "/hours/{service_id}/correct",
    status_code=204,
    responses=errors(400, 401, 403, 404, 409),
    openapi_extra=body(CorrectBody, JSON),
)
async def post_correct(service_id: UUID, request: Request, reader: ReaderDep, work: WorkDep) -> None:
    """Correct hours that were booked; the same `id` again changes nothing."""
    given = parse(CorrectBody, await body_of(request))
    await correct_hours(work, reader.actor, service_id, given.id, given.hours, given.reason)
