"""Stations (暖心驿站): the nearest open one with the way there, one station's page, minding it, its plate."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReadDep, ReaderDep, WorkDep
from api.forms import form_of, parse
from api.models.fields import Body, Line
from api.pages.frame import Failure, redirect
from api.pages.service.frame import open_page, show_page
from api.parts import Parts
from api.plates import public_base
from api.rooms import pages
from api.routes.station_minding import ClosedBody, FaultBody, ItemBody, OfferBody, station_out
from api.routes.stations import stations_near
from gis.crs import parse_position
from gis.errors import InvalidInputError, NotAllowedError, NotFoundError, WeiwangError
from gis.flows.naming import person_called
from gis.flows.station_minding import (
    FAULTS,
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
from gis.flows.today import today_in
from gis.flows.work import Work
from gis.people.permissions import may
from gis.stations.hours import week_of_hours
from gis.stations.stock import AMENITIES, ITEMS, OTHER
from web.station_words import station_qr

router = pages()
KEY = "stations"
SHOWN = 20
Fields = dict[str, Any]


class KeeperBody(Body):
    """Who is to mind a station, by name or as they sign in."""

    person: Line = ""


@router.get("/stations")
async def get_stations(request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep) -> Response:
    """Show the stations, those that are open first, the nearest first; a position is asked for and not kept."""
    await open_page(session, reader, KEY)
    here = None
    query = request.query_params
    if query.get("lon") and query.get("lat"):
        try:
            position = parse_position(query["lon"][:64], query["lat"][:64], "wgs84")
            here = (position.lon, position.lat)
        except InvalidInputError:
            here = None
    found = await stations_near(parts, session, reader.actor, here, SHOWN)
    return await show_page(
        request,
        session,
        reader,
        KEY,
        template="stations.html",
        stations=found.model_dump()["items"],
        here=here,
    )


@router.get("/stations/{code}")
async def get_station(
    code: str, request: Request, parts: PartsDep, reader: ReaderDep, work: WorkDep
) -> Response:
    """Show one station: what it offers now, what is wrong, and, for who minds it, its stock."""
    return await _show(request, parts, work, reader, code)


async def _show(  # noqa: PLR0917 - whose page, of which station, and what was wrong with the form
    request: Request,
    parts: Parts,
    work: Work,
    reader: Reader,
    code: str,
    form: Fields | None = None,
    failure: Failure | None = None,
) -> Response:
    await open_page(work.session, reader, KEY)
    found = await minded_station(work.session, reader.actor, code)
    week = week_of_hours(found.station.opening_hours)
    stored: Fields = {f"day_{number}": text for number, text in enumerate(week or [""] * 7, start=1)}
    stored["amenities"] = list(found.station.amenities)
    today = await today_in(work.session, work.clock, reader.actor.community_id)
    return await show_page(
        request,
        work.session,
        reader,
        KEY,
        template="station.html",
        failure=failure,
        one=station_out(found, parts.clock).shown(),
        may_keep=may(reader.actor, "mind_stations"),
        may_report=may(reader.actor, "submit"),
        readable=week is not None,
        offered=[*AMENITIES, *(one for one in found.station.amenities if one not in AMENITIES)],
        stock=(*ITEMS, OTHER),
        faults=FAULTS,
        today=today,
        form={"id": str(uuid4()), **stored, **(form or {})},
    )


@router.get("/stations/{code}/plate")
async def get_plate(code: str, request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """Show a station's plate, to be printed and hung up: its QR code leads to its page."""
    await open_page(session, reader, KEY)
    station = await the_station(session, reader.actor.community_id, code)
    return await show_page(
        request,
        session,
        reader,
        KEY,
        template="station_plate.html",
        station=station,
        qr=station_qr(public_base(request), code),
    )


@router.post("/stations/{code}/{act}")
async def post_act(code: str, act: str, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Change, close, count, appoint, or report a fault; where that fails the page says why."""
    if act not in _ACTS:
        raise NotFoundError("no such act", code="route_unknown")
    form = await form_of(request)
    fields: Fields = {
        name: value for name, value in form.items() if isinstance(value, str) and name != "csrf"
    }
    fields["amenities"] = [str(one) for one in form.getlist("amenities")]
    try:
        async with parts.work() as work:
            notice = await _ACTS[act](work, reader, code, fields)
    except (NotFoundError, NotAllowedError):
        raise
    except (WeiwangError, RequestValidationError) as error:
        async with parts.work() as work:
            return await _show(request, parts, work, reader, code, fields, error)
    return redirect(f"/stations/{code}", notice)


async def _offer(work: Work, reader: Reader, code: str, fields: Fields) -> str:
    days = [str(fields.get(f"day_{number}", ""))[:64] for number in range(1, 8)]
    readable = "day_1" in fields
    given = parse(OfferBody, {"amenities": fields["amenities"], "days": days if readable else None})
    await set_offer(work, reader.actor, code, given.amenities, given.days)
    return "station_kept"


async def _closed(work: Work, reader: Reader, code: str, fields: Fields) -> str:
    given = parse(ClosedBody, {"until": fields.get("until", ""), "reason": fields.get("reason", "")})
    until: date | None = given.until
    if until is None and fields.get("open") != "yes":
        until = await today_in(work.session, work.clock, reader.actor.community_id)
    await close_station(work, reader.actor, code, until, given.reason)
    return "station_closed" if until else "station_opened"


async def _item(work: Work, reader: Reader, code: str, fields: Fields) -> str:
    names = ("kind", "name", "least")
    given = parse(ItemBody, {name: fields.get(name, "") for name in names})
    await keep_in_stock(
        work, reader.actor, code, item_id=uuid4(), kind=given.kind, name=given.name, least=given.least
    )
    return "station_kept"


async def _drop(work: Work, reader: Reader, code: str, fields: Fields) -> str:
    await drop_from_stock(work, reader.actor, code, _id(fields, "item"))
    return "station_kept"


async def _count(work: Work, reader: Reader, code: str, fields: Fields) -> str:
    counts: dict[UUID, int] = {}
    for name, text in fields.items():
        if not name.startswith("count_") or not str(text).strip():
            continue
        number = str(text).strip()
        if not (number.isascii() and number.isdigit() and len(number) < 8):  # noqa: PLR2004 - far more than fits in
            raise InvalidInputError("no number", code="station_amount", field=name, limit=100_000)
        counts[_id({"item": name.removeprefix("count_")}, "item")] = int(number)
    low = await count_stock(work, reader.actor, code, counts, _id(fields, "id"))
    return "station_low" if low else "station_counted"


async def _keeper(work: Work, reader: Reader, code: str, fields: Fields) -> str:
    given = parse(KeeperBody, {"person": fields.get("person", "")})
    called = await person_called(work, reader.actor.community_id, given.person)
    await appoint_keeper(work, reader.actor, code, called.person_id)
    return "station_kept"


async def _dismiss(work: Work, reader: Reader, code: str, fields: Fields) -> str:
    await dismiss_keeper(work, reader.actor, code, _id(fields, "person"))
    return "station_kept"


async def _fault(work: Work, reader: Reader, code: str, fields: Fields) -> str:
    given = parse(FaultBody, {"category": fields.get("category", ""), "words": fields.get("words", "")})
    await report_fault(
        work,
        reader.actor,
        code,
        report_id=_id(fields, "id"),
        category=given.category,
        words=given.words,
    )
    return "fault_reported"


def _id(fields: Fields, name: str) -> UUID:
    try:
        return UUID(str(fields.get(name, "")))
    except ValueError:
        raise NotFoundError("no such id", code="station_item_missing") from None


_ACTS: dict[str, Callable[[Work, Reader, str, Fields], Awaitable[str]]] = {
    "offer": _offer,
    "closed": _closed,
    "item": _item,
    "drop": _drop,
    "count": _count,
    "keeper": _keeper,
    "dismiss": _dismiss,
    "fault": _fault,
}
