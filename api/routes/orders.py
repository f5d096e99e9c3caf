"""Orders of services: placing, reading, cancelling one day or all."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from fastapi import Query, Request
from pydantic import AwareDatetime, BaseModel, Field

from api.answers import Answer, PersonRef
from api.deps import PartsDep, ReadDep, ReaderDep, WorkDep
from api.forms import body_of, parse
from api.models import MOST_ITEMS, Body, Number, Sentence, Word
from api.rooms import interface
from api.spec import body, errors
from gis.crs import parse_position
from gis.errors import InvalidInputError
from gis.flows.order_cancelling import cancel_order
from gis.flows.orders import OrderDraft, place_order
from gis.flows.work import Work
from gis.orders.rules import CONSENT_VERSION
from gis.recurrence import local_day
from gis.store.session import ReadSession
from gis.views.boards import addresses, community_facts
from gis.views.orders import OrderFilters, OrderItem, SeatRow, order_detail, order_list
from gis.words import Actor, Position, PositionSource

router = interface("orders")
JSON = "application/json"


class OrderBody(Body):
    """What is ordered, where (`lon`, `lat`, or a building) and when. A repeat of the same `id` changes nothing."""

    id: UUID | None = None
    category: Word = Field(examples=["meal_delivery"])
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    lon: Number = None
    lat: Number = None
    datum: Word = "wgs84"
    building: UUID | None = None
    seats: int = Field(1, description="how many people; each is a case of its own")
    repeat: Word = Field("once", description="once, daily or weekly, at the same hours")
    until: date | None = Field(None, description="the last day; a recurring order has one")
    weekdays: list[int] = Field(default_factory=list, max_length=7, description="1 is Monday; for weekly")
    summary: Sentence = Field("", description="for everybody who sees the cases", examples=["午饭一份"])
    floor: Word = Field("", description="from here on only for who takes it, who ordered it, and the desk")
    flat: Word = ""
    note: Sentence = ""
    for_name: Word = Field("", description="for whom, where it is not for oneself: then consent is needed")
    consent_by: Word = ""
    consent_version: Word | None = Field(
        None, description=f"of the text that was agreed to: {CONSENT_VERSION}"
    )


class CancelBody(Body):
    """Why, and which day; no day: all that is still to come."""

    reason: Sentence = ""
    day: date | None = None


class SeatOut(Answer):
    """One seat of a day; its case once it has been opened."""

    day: date
    seat: int
    starts_at: datetime
    ends_at: datetime
    state: str = Field(description="planned, opened, cancelled or missed")
    reason: str
    case_id: UUID | None
    case_status: str | None
    taker: PersonRef | None


class PrivateOut(Answer):
    """For who takes it, who ordered it, and the desk."""

    floor: str
    flat: str
    note: str
    for_name: str
    consent_by: str
    consent_at: datetime | None
    consent_version: str | None


class OrderOut(Answer):
    """An order; lists hold no private part, and only seats from today on."""

    id: UUID
    category: str
    status: str = Field(description="active, over or cancelled")
    summary: str
    lon: float
    lat: float
    place: str
    grid: str | None
    seats: int
    lead_min: int
    repeat: str
    weekdays: list[int]
    first_day: date
    last_day: date
    created_at: datetime
    created_by: PersonRef
    cancelled_at: datetime | None
    reason: str
    mine: bool
    may_cancel: bool
    occurrences: list[SeatOut]
    private: PrivateOut | None = None


class OrderPage(BaseModel):
    """Part of a list of orders."""

    items: list[OrderOut]
    next: str | None
    total: int


class OrderQuery(BaseModel):
    """Which orders, and which part of the list."""

    mine: bool = False
    status: Literal["active", "over", "cancelled"] | None = None
    since: date | None = Field(None, alias="from", description="that come on or after this day")
    until: date | None = Field(None, alias="to", description="that come on or before this day")
    limit: int = Field(50, ge=1, le=MOST_ITEMS)
    cursor: str | None = Field(None, max_length=200)


def order_out(item: OrderItem, *, private: bool = False) -> OrderOut:
    """Return an order as it is shown; what is private only when asked for, and where the reader may see it."""
    row = item.row
    return OrderOut(
        id=row.order_id,
        category=row.category,
        status=item.status,
        summary=row.summary,
        lon=row.lon,
        lat=row.lat,
        place=row.place_text,
        grid=row.grid_code,
        seats=row.seats,
        lead_min=row.lead_s // 60,
        repeat=row.repeat,
        weekdays=list(row.weekdays),
        first_day=row.first_day,
        last_day=row.last_day,
        created_at=row.created_at,
        created_by=PersonRef(id=row.created_by, name=row.created_by_name),
        cancelled_at=row.cancelled_at,
        reason=row.reason,
        mine=item.mine,
        may_cancel=item.may_cancel,
        occurrences=[_seat_out(one) for one in item.seats],
        private=PrivateOut.model_validate(row) if private and item.private else None,
    )


def _seat_out(seat: SeatRow) -> SeatOut:
    taker = PersonRef(id=seat.taker_id, name=seat.taker_name or "") if seat.taker_id else None
    return SeatOut(
        day=seat.day,
        seat=seat.seat,
        starts_at=seat.starts_at,
        ends_at=seat.ends_at,
        state=seat.state,
        reason=seat.reason,
        case_id=seat.case_id,
        case_status=seat.case_status,
        taker=taker,
    )


async def today_of(session: ReadSession, actor: Actor, now: datetime) -> date:
    """Return the community's day."""
    found = await community_facts(session, actor.community_id)
    return local_day(now, ZoneInfo(found.timezone if found else "UTC"))


@router.get("/orders", responses=errors(400, 401))
async def get_orders(
    reader: ReaderDep, session: ReadDep, parts: PartsDep, query: Annotated[OrderQuery, Query()]
) -> OrderPage:
    """List orders, the newest first: all for the desk, those of their grids for grid workers, else one's own."""
    actor, now = reader.actor, parts.clock.now()
    filters = OrderFilters(query.status, query.since, query.until, actor.person_id if query.mine else None)
    today = await today_of(session, actor, now)
    page = await order_list(
        session, actor, filters, now=now, today=today, limit=query.limit, cursor=query.cursor
    )
    return OrderPage(items=[order_out(one) for one in page.items], next=page.next, total=page.total)


@router.get("/orders/{order_id}", responses=errors(401, 404))
async def get_order(order_id: UUID, reader: ReaderDep, session: ReadDep, parts: PartsDep) -> OrderOut:
    """One order with its days; flat and note for who takes it, who ordered it, and the desk."""
    item = await order_detail(session, reader.actor, order_id, parts.clock.now())
    return order_out(item, private=True)


@router.post(
    "/orders", status_code=201, responses=errors(400, 401, 403, 409), openapi_extra=body(OrderBody, JSON)
)
async def post_order(request: Request, reader: ReaderDep, work: WorkDep) -> OrderOut:
    """Order a service; it is offered when its lead time begins."""
    order_id = await order_from(work, reader.actor, await body_of(request))
    item = await order_detail(work.session, reader.actor, order_id, work.clock.now())
    return order_out(item, private=True)


async def order_from(work: Work, actor: Actor, fields: dict[str, Any]) -> UUID:
    """Place an order from the fields of a body or a form."""
    given = parse(OrderBody, fields)
    draft = OrderDraft(
        order_id=given.id or uuid4(),
        category=given.category,
        position=await _position(work, actor, given),
        starts_at=given.starts_at,
        ends_at=given.ends_at,
        seats=given.seats,
        repeat=given.repeat,
        until=given.until,
        weekdays=frozenset(given.weekdays),
        summary=given.summary,
        floor=given.floor,
        flat=given.flat,
        note=given.note,
        for_name=given.for_name,
        consent_by=given.consent_by,
        consent_version=given.consent_version,
    )
    return await place_order(work, actor, draft)


async def _position(work: Work, actor: Actor, given: OrderBody) -> Position:
    if given.lon is not None or given.lat is not None:
        return parse_position(given.lon, given.lat, given.datum, source=PositionSource.PIN)
    if given.building is None:
        raise InvalidInputError("where?", code="order_place_missing", field="lon")
    found = await addresses(work.session, actor.community_id, given.building)
    if not found:
        raise InvalidInputError("no such building", code="building_unknown", field="building")
    return Position(found[0].lon, found[0].lat, source=PositionSource.PLATE)


@router.post(
    "/orders/{order_id}/cancel",
    responses=errors(400, 401, 404, 409),
    openapi_extra=body(CancelBody, JSON),
)
async def post_cancel(order_id: UUID, request: Request, reader: ReaderDep, work: WorkDep) -> OrderOut:
    """Cancel one day, or all that is still to come; who has accepted is told."""
    given = parse(CancelBody, await body_of(request))
    await cancel_order(work, reader.actor, order_id, given.reason, given.day)
    item = await order_detail(work.session, reader.actor, order_id, work.clock.now())
    return order_out(item, private=True)
