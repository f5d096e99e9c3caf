"""Hours of events as the office enters them, and the books of a month, for programs."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Query, Request
from pydantic import BaseModel, Field

from api.answers.base import Answer, PersonRef
from api.deps import PartsDep, ReadDep, ReaderDep, WorkDep
from api.forms import body_of, parse
from api.models.fields import Body, Sentence, Word
from api.periods import month_asked
from api.rooms import interface
from api.spec import body, errors
from gis.flows.naming import person_called
from gis.flows.service.hours import MOST_PEOPLE, Hours, enter_hours
from gis.people.permissions import require
from gis.service.books import Flow, books
from gis.store import books as store
from gis.store import served
from gis.words import AccountKind

router = interface("service")


class WhoseHours(Body):
    """Somebody's hours at an event."""

    person: Word = Field(description="id, username or name")
    hours: float = Field(gt=0, le=100, allow_inf_nan=False)


class EventBody(Body):
    """An event, its day, and whose hours it was. The same `id` again changes nothing."""

    id: UUID = Field(default_factory=uuid4)
    occasion: Sentence
    day: date
    people: list[WhoseHours] = Field(max_length=MOST_PEOPLE)


class BookedOut(BaseModel):
    """How many people's hours were new."""

    booked: int


class HoursOut(Answer):
    """Hours that stand: of a case, a patrol or an event."""

    id: UUID
    person: PersonRef
    hours: float
    points: int
    day: date
    case_id: UUID | None
    memo: str = Field(description="what for: the occasion, or a category's code")
    at: datetime


class HoursList(BaseModel):
    """The latest hours that stand."""

    items: list[HoursOut]


class MonthQuery(BaseModel):
    """Which month; none: the one before this."""

    month: str | None = Field(None, max_length=7, examples=["2026-06"])


class AccountOut(Answer):
    """One kind of account in a month."""

    kind: str = Field(description="person, issuer, reward, reversal, cause or expiry")
    opening: int
    came: int
    went: int
    closing: int


class MovementOut(Answer):
    """One kind of movement in a month."""

    kind: str
    entries: int
    points: int


class RewardMonthOut(Answer):
    """What became of a reward in a month."""

    name: str
    name_en: str
    shop: str
    shop_en: str
    redeemed: int
    points: int
    handed_out: int
    refunded: int
    cancelled: int
    expired: int
    waiting: int
    put_in: int
    stock: int


class FindingOut(Answer):
    """Something that isn't as it must be: what is kept, and what the entries say."""

    kind: str
    subject: str
    kept: int
    counted: int


class BooksOut(BaseModel):
    """The books of a month; `opening` and `closing` are the sums over all accounts: zero. No finding: everything is equal."""

    month: str
    opening: int
    closing: int
    accounts: list[AccountOut]
    movements: list[MovementOut]
    rewards: list[RewardMonthOut]
    findings: list[FindingOut]


@router.post(
    "/hours",
    status_code=201,
    responses=errors(400, 401, 403),
    openapi_extra=body(EventBody, "application/json"),
)
async def post_hours(request: Request, reader: ReaderDep, work: WorkDep) -> BookedOut:
    """Book the hours of an event for one or many; whoever enters them enters none of their own."""
    given = parse(EventBody, await body_of(request))
    require(reader.actor, "enter_hours")
    people = [
        Hours(
            (await person_called(work, reader.actor.community_id, one.person, "people")).person_id, one.hours
        )
        for one in given.people
    ]
    return BookedOut(
        booked=await enter_hours(work, reader.actor, given.id, given.occasion, given.day, people)
    )


@router.get("/hours", responses=errors(401, 403))
async def get_hours(reader: ReaderDep, session: ReadDep) -> HoursList:
    """List the latest hours that stand, for the office."""
    require(reader.actor, "enter_hours")
    rows = await served.standing_hours(session, reader.actor.community_id)
    return HoursList(
        items=[
            HoursOut(
                id=one.service_id,
                person=PersonRef(id=one.person_id, name=one.name),
                hours=one.hours,
                points=one.points,
                day=one.served_on,
                case_id=one.case_id,
                memo=one.memo,
                at=one.at,
            )
            for one in rows
        ]
    )


@router.get("/books", responses=errors(400, 401, 403))
async def get_books(
    parts: PartsDep, reader: ReaderDep, session: ReadDep, query: Annotated[MonthQuery, Query()]
) -> BooksOut:
    """Tell how a month's points moved, and everything in the books that doesn't balance: nothing."""
    require(reader.actor, "read_books")
    key = reader.actor.community_id
    month = await month_asked(session, parts.clock, reader.actor, query.month)
    rows = await store.flows(session, key, month.since, month.until)
    found = books(
        [Flow(AccountKind(r.source), AccountKind(r.target), r.before, r.points, r.entries) for r in rows]
    )
    return BooksOut(
        month=f"{month.first:%Y-%m}",
        opening=found.opening,
        closing=found.closing,
        accounts=[
            AccountOut(
                kind=one.kind.value, opening=one.opening, came=one.came, went=one.went, closing=one.closing
            )
            for one in found.lines
        ],
        movements=[
            MovementOut(kind=kind.value, entries=entries, points=points)
            for kind, (entries, points) in found.movements.items()
        ],
        rewards=[
            RewardMonthOut(**asdict(one))
            for one in await store.reward_months(session, key, month.since, month.until)
        ],
        findings=[FindingOut(**asdict(one)) for one in await store.findings(session, key)],
    )
