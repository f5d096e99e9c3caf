"""Taking a call at the desk: one column, by keyboard alone; what is sent is answered with a number to read out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.answers import case_out
from api.auth import Reader
from api.deps import PartsDep, ReaderDep
from api.desk_models import CallBody
from api.filters import parse_moment
from api.forms import body_of, parse
from api.pages.frame import Failure, redirect, show
from api.parts import Parts
from api.rooms import pages
from api.routes.figures import timezone_of
from gis.addresses import Kind, Match
from gis.addresses.text import initials, pinyin
from gis.categories import CATEGORIES
from gis.crs import parse_position
from gis.errors import InvalidInputError, WeiwangError
from gis.flows.hotline import HotlineCall, take_call
from gis.flows.submit import Submitted
from gis.flows.work import Work
from gis.orders.rules import ORDER_ONLY
from gis.people.permissions import require
from gis.store.offer_reading import case_offers
from gis.store.session import ReadSession
from gis.views.cases import cases_by_id
from gis.words import Actor, PositionSource

router = pages()
HERE = "/desk/call"
PLACES = (Kind.BUILDING, Kind.STAIRWELL, Kind.COURTYARD, Kind.STREET, Kind.STATION)
SURE = 0.9
CHOICES = 6


@router.get(HERE)
async def get_call(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Show the form, and above it what became of the call before."""
    require(reader.actor, "hotline")
    async with parts.database.read() as session:
        return await _show(request, parts, session, reader, sent=request.query_params.get("sent", ""))


@router.post(HERE)
async def post_call(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Take a call; what can't be read is told beside its field, and nothing typed is lost."""
    require(reader.actor, "hotline")
    fields = await body_of(request)
    choices: list[Match] = []
    try:
        given = parse(CallBody, fields)
        async with parts.work() as work:
            spot, choices = await _spot(parts, work.session, reader.actor, given)
            done = await _take(work, reader.actor, given, spot)
    except (WeiwangError, RequestValidationError) as error:
        async with parts.database.read() as session:
            return await _show(request, parts, session, reader, error, fields, choices)
    return redirect(f"{HERE}?sent={done.case_id}")


Spot = tuple[float | str, float | str, str, UUID | None]
"""Longitude, latitude, where they are from, and the building."""


async def _spot(
    parts: Parts, session: ReadSession, actor: Actor, given: CallBody
) -> tuple[Spot | None, list[Match]]:
    """Return where the call is about; where the address doesn't say so for certain, what it may mean."""
    if given.lon and given.lat:
        source = PositionSource.PLATE if given.building_id else PositionSource.PIN
        return (given.lon, given.lat, source.value, given.building_id), []
    if not given.address.strip():
        raise InvalidInputError("say where", code="address_needed", field="address")
    book = await parts.addresses.get(session, actor.community_id)
    found = book.search(given.address, CHOICES, PLACES)
    sure = [one for one in found if one.score >= SURE and one.kind in {Kind.BUILDING, Kind.STAIRWELL}]
    if len(sure) == 1 or (sure and sure[0].score > sure[1].score):
        one = sure[0]
        building = one.id if one.kind is Kind.BUILDING else None
        return (one.lon, one.lat, PositionSource.PLATE.value, building), found
    return None, found


async def _take(work: Work, actor: Actor, given: CallBody, spot: Spot | None) -> Submitted:
    if spot is None:
        raise InvalidInputError(
            "several places may be meant, or none", code="address_unclear", field="address"
        )
    lon, lat, source, building = spot
    zone = ZoneInfo(await timezone_of(work.session, actor.community_id))
    call = HotlineCall(
        id=given.id or uuid4(),
        category=given.category,
        words=given.words,
        position=parse_position(lon, lat, source=source),
        received_at=parse_moment(given.received_at, "received_at", zone) or work.clock.now(),
        order_number=given.order_number,
        due_at=parse_moment(given.due_at, "due_at", zone, end=True),
        callback=given.callback,
        building_id=building,
        address=given.address,
        detail=given.detail,
        same_as=given.same_as,
        separate=given.separate,
    )
    return await take_call(work, actor, call)


async def _show(  # noqa: PLR0917 - for whom, and what was typed
    request: Request,
    parts: Parts,
    session: ReadSession,
    reader: Reader,
    failure: Failure | None = None,
    fields: Mapping[str, Any] | None = None,
    choices: list[Match] | None = None,
    *,
    sent: str = "",
) -> Response:
    form = {name: str(value) for name, value in (fields or {}).items()}
    return await show(
        request,
        session,
        reader,
        "desk_call.html",
        failure=failure,
        form={"id": str(uuid4()), "received_at": f"{parts.clock.now():%Y-%m-%dT%H:%M:%SZ}"} | form,
        keys={
            one.code: f"{one.code} {one.name} {one.name_en.lower()} {pinyin(one.name)} {initials(one.name)}"
            for one in CATEGORIES
            if one.code not in ORDER_ONLY
        },
        choices=choices or [],
        sent=await _sent(session, reader.actor, sent),
    )


async def _sent(session: ReadSession, actor: Actor, case_id: str) -> dict[str, Any] | None:
    """Return the case of the call before, with who is asked for it."""
    try:
        wanted = UUID(case_id)
    except ValueError:
        return None
    known = await cases_by_id(session, actor, [wanted])
    if wanted not in known:
        return None
    asked = [one for one in await case_offers(session, actor.community_id, wanted) if one.status == "live"]
    return {"case": case_out(known[wanted]).shown(), "offer": asked[0] if asked else None}
