"""One station: what it offers now, the way there, and minding it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Query, Request
from pydantic import BaseModel, Field

from api.answers.base import Answer, PersonRef
from api.deps import PartsDep, ReadDep, ReaderDep, WorkDep
from api.forms import body_of, parse
from api.models.fields import Body, Sentence, Word
from api.rooms import interface
from api.spec import body, errors
from gis.clock import Clock
from gis.crs import parse_position
from gis.flows.station_minding import (
    FAULTS,
    MindedStation,
    appoint_keeper,
    close_station,
    count_stock,
    dismiss_keeper,
    drop_from_stock,
    keep_in_stock,
    minded_station,
    report_fault,
    set_offer,
    the_station,
)
from gis.flows.stations import way_to_station
from gis.stations.hours import opening_at
from gis.stations.stock import AMENITIES, ITEMS

router = interface("stations")
JSON = "application/json"


class OfferBody(Body):
    """What a station offers, and when it is open."""

    amenities: list[Word] = Field(max_length=40, description=", ".join(AMENITIES))
    days: list[Word] | None = Field(
        None,
        min_length=7,
        max_length=7,
        description="hours of each day, Monday first: 08:00-12:00 13:00-18:00",
    )


class ClosedBody(Body):
    """Closed up to a day, or open again."""

    until: date | None = None
    reason: Sentence = ""


class ItemBody(Body):
    """Something that is kept in stock."""

    id: UUID | None = None
    kind: Word = Field(description=", ".join((*ITEMS, "other")))
    name: Word = Field("", description="where the kind is other")
    least: int


class CountBody(Body):
    """What was counted; the same ``id`` again changes nothing."""

    id: UUID | None = None
    counts: dict[UUID, int] = Field(max_length=100)


class FaultBody(Body):
    """What is wrong; the same ``id`` again changes nothing."""

    id: UUID | None = None
    category: Word = Field("other", description=", ".join(FAULTS))
    words: Sentence


class ItemOut(Answer):
    """Something in stock."""

    item_id: UUID = Field(serialization_alias="id")
    kind: str
    name: str
    least: int
    count: int | None
    counted_at: datetime | None
    low: bool


class FaultOut(Answer):
    """A fault that is being seen to."""

    case_id: UUID
    category: str
    summary: str
    status: str
    at: datetime


class OneStationOut(Answer):
    """A station; stock only for who minds it and the office."""

    code: str
    name: str
    name_en: str
    amenities: list[str]
    opening_hours: str
    open: bool | None
    changes_at: datetime | None
    closed_until: date | None
    closed_why: str
    lon: float
    lat: float
    keepers: list[PersonRef]
    items: list[ItemOut]
    faults: list[FaultOut]
    minds: bool


class StationWayOut(BaseModel):
    """The way to a station on foot."""

    route: list[tuple[float, float]]
    distance_m: float | None
    travel_s: float | None


class Made(BaseModel):
    """What was made."""

    id: UUID


def station_out(found: MindedStation, clock: Clock) -> OneStationOut:
    """Return a station as it is shown."""
    row = found.station
    opening = opening_at(row.opening_hours, clock.now(), row.timezone, row.closed_until)
    today = clock.now()
    closed = row.closed_until is not None and opening.open is False and bool(today)
    return OneStationOut(
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        amenities=list(row.amenities),
        opening_hours=row.opening_hours,
        open=opening.open,
        changes_at=opening.changes_at,
        closed_until=row.closed_until if closed else None,
        closed_why=row.closed_why if closed else "",
        lon=row.lon,
        lat=row.lat,
        keepers=[PersonRef(id=one.person_id, name=one.name) for one in found.keepers],
        items=[
            ItemOut(
                item_id=one.item_id,
                kind=one.kind,
                name=one.name,
                least=one.least,
                count=one.count,
                counted_at=one.counted_at,
                low=one.count is not None and one.count < one.least,
            )
            for one in found.items
        ],
        faults=[FaultOut.model_validate(one) for one in found.faults],
        minds=found.minds,
    )


@router.get("/stations/{code}", responses=errors(401, 404))
async def get_station(code: str, reader: ReaderDep, session: ReadDep, parts: PartsDep) -> OneStationOut:
    """Show what a station offers now; its stock for who minds it and the office."""
    return station_out(await minded_station(session, reader.actor, code), parts.clock)


@router.get("/stations/{code}/way", responses=errors(400, 401, 404))
async def get_way(
    code: str,
    *,
    parts: PartsDep,
    reader: ReaderDep,
    session: ReadDep,
    lon: Annotated[str, Query(max_length=64)],
    lat: Annotated[str, Query(max_length=64)],
    datum: Annotated[str, Query(max_length=16)] = "wgs84",
) -> StationWayOut:
    """Show the way there on foot from a position, which is not kept."""
    position = parse_position(lon, lat, datum)
    station = await the_station(session, reader.actor.community_id, code)
    atlas = await parts.atlas.get(session, reader.actor.community_id)
    route, distance_m, travel_s = way_to_station(atlas, (position.lon, position.lat), station)
    return StationWayOut(route=route, distance_m=distance_m, travel_s=travel_s)


@router.put("/stations/{code}", responses=errors(400, 401, 403, 404), openapi_extra=body(OfferBody, JSON))
async def put_station(code: str, request: Request, reader: ReaderDep, work: WorkDep) -> OneStationOut:
    """Say what a station offers and when it is open."""
    given = parse(OfferBody, await body_of(request))
    await set_offer(work, reader.actor, code, given.amenities, given.days)
    return station_out(await minded_station(work.session, reader.actor, code), work.clock)


@router.post(
    "/stations/{code}/closed", responses=errors(400, 401, 403, 404), openapi_extra=body(ClosedBody, JSON)
)
async def post_closed(code: str, request: Request, reader: ReaderDep, work: WorkDep) -> OneStationOut:
    """Close a station up to a day, or open it again; by who minds it, and the office."""
    given = parse(ClosedBody, await body_of(request))
    await close_station(work, reader.actor, code, given.until, given.reason)
    return station_out(await minded_station(work.session, reader.actor, code), work.clock)


@router.post(
    "/stations/{code}/items",
    status_code=201,
    responses=errors(400, 401, 403, 404),
    openapi_extra=body(ItemBody, JSON),
)
async def post_item(code: str, request: Request, reader: ReaderDep, work: WorkDep) -> Made:
    """Keep something in stock, or change how much at least."""
    given = parse(ItemBody, await body_of(request))
    made = await keep_in_stock(
        work,
        reader.actor,
        code,
        item_id=given.id or uuid4(),
        kind=given.kind,
        name=given.name,
        least=given.least,
    )
    return Made(id=made)


@router.delete("/stations/{code}/items/{item_id}", status_code=204, responses=errors(401, 403, 404))
async def delete_item(code: str, item_id: UUID, reader: ReaderDep, work: WorkDep) -> None:
    """Keep something in stock no longer."""
    await drop_from_stock(work, reader.actor, code, item_id)


@router.post(
    "/stations/{code}/counts", responses=errors(400, 401, 403, 404), openapi_extra=body(CountBody, JSON)
)
async def post_counts(code: str, request: Request, reader: ReaderDep, work: WorkDep) -> OneStationOut:
    """Enter what was counted; the keepers and the desk are told of what fell below its least."""
    given = parse(CountBody, await body_of(request))
    await count_stock(work, reader.actor, code, given.counts, given.id or uuid4())
    return station_out(await minded_station(work.session, reader.actor, code), work.clock)


@router.post(
    "/stations/{code}/faults",
    status_code=201,
    responses=errors(400, 401, 403, 404),
    openapi_extra=body(FaultBody, JSON),
)
async def post_fault(code: str, request: Request, reader: ReaderDep, work: WorkDep) -> Made:
    """Report a fault: a case at the station, with its name."""
    given = parse(FaultBody, await body_of(request))
    filed = await report_fault(
        work, reader.actor, code, report_id=given.id or uuid4(), category=given.category, words=given.words
    )
    return Made(id=filed.case_id)


@router.put("/stations/{code}/keepers/{person_id}", status_code=204, responses=errors(401, 403, 404))
async def put_keeper(code: str, person_id: UUID, reader: ReaderDep, work: WorkDep) -> None:
    """Have somebody mind a station."""
    await appoint_keeper(work, reader.actor, code, person_id)


@router.delete("/stations/{code}/keepers/{person_id}", status_code=204, responses=errors(401, 403, 404))
async def delete_keeper(code: str, person_id: UUID, reader: ReaderDep, work: WorkDep) -> None:
    """Have somebody mind a station no longer."""
    await dismiss_keeper(work, reader.actor, code, person_id)
