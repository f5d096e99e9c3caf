"""The page of orders: a form of a few taps, and the orders one sees; it works without scripts."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReadDep, ReaderDep
from api.forms import body_of, form_of, parse
from api.pages.frame import Failure, check_page, redirect, show
from api.parts import Parts
from api.rooms import pages
from api.routes.orders import CancelBody, order_from, order_out, today_of
from api.routes.places import dict_of
from gis.errors import InvalidInputError, NotFoundError, WeiwangError
from gis.flows.order_cancelling import cancel_order
from gis.orders.rules import CONSENT_VERSION, MOST_DAYS, MOST_SEATS, RULES
from gis.people.permissions import may
from gis.recurrence import DAY
from gis.store.session import ReadSession
from gis.views.boards import addresses, community_facts
from gis.views.orders import OrderFilters, last_place, order_list

router = pages()
LISTED = 20
HOURS = ("08:00-10:00", "11:00-12:30", "14:00-16:00", "17:00-18:30")
"""Windows that are chosen by one tap."""
DAYS_SHOWN = 3
STATUSES = ("active", "over", "cancelled")


@router.get("/orders")
async def get_orders(request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep) -> Response:
    """Show the form, filled in with the place of last time, and the orders one sees."""
    check_page(reader, "orders")
    day, hours = next_window(parts.clock.now(), await _zone(session, reader))
    form: dict[str, Any] = {"id": str(uuid4()), "seats": "1", "repeat": "once", "day": day, "hours": hours}
    if place := await last_place(session, reader.actor.community_id, reader.actor.person_id):
        building, floor, flat = place
        form |= {"building": str(building or ""), "floor": floor, "flat": flat}
    if (chosen := request.query_params.get("category")) in RULES:
        form["category"] = chosen
    return await _show(request, parts, session, reader, form)


async def _show(  # noqa: PLR0917 - whose page, with which form, and what was wrong with it
    request: Request,
    parts: Parts,
    session: ReadSession,
    reader: Reader,
    form: dict[str, Any],
    failure: Failure | None = None,
) -> Response:
    actor, now = reader.actor, parts.clock.now()
    today = await today_of(session, actor, now)
    status = request.query_params.get("status")
    filters = OrderFilters(status if status in STATUSES else None)
    cursor = request.query_params.get("cursor")
    page = await order_list(session, actor, filters, now=now, today=today, limit=LISTED, cursor=cursor)
    return await show(
        request,
        session,
        reader,
        "orders.html",
        failure=failure,
        form=form,
        orders=[order_out(one, private=True).model_dump() for one in page.items],
        total=page.total,
        next_url=f"/orders?cursor={page.next}" if page.next else None,
        may_order=may(actor, "order"),
        sees_all=may(actor, "read_orders"),
        status=filters.status or "",
        statuses=STATUSES,
        kinds=list(RULES),
        personal=[code for code, rule in RULES.items() if rule.personal],
        days=[today + number * DAY for number in range(DAYS_SHOWN)],
        last_day=today + MOST_DAYS * DAY,
        hours=HOURS,
        most_seats=MOST_SEATS,
        consent_version=CONSENT_VERSION,
        addresses=[dict_of(one) for one in await addresses(session, actor.community_id)],
    )


@router.post("/orders")
async def post_order(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Place an order by form; a second press of the button changes nothing."""
    check_page(reader, "orders")
    fields = await body_of(request)
    weekdays = [str(one) for one in (await form_of(request)).getlist("weekdays")]
    try:
        async with parts.work() as work:
            zone = await _zone(work.session, reader)
            given = _timed(fields, zone, parts.clock.now())
            on = weekdays if given.get("repeat") == "weekly" else []
            await order_from(work, reader.actor, given | {"weekdays": on})
    except (WeiwangError, RequestValidationError) as error:
        async with parts.database.read() as session:
            form = {"id": str(uuid4()), **fields, "weekdays": weekdays}
            return await _show(request, parts, session, reader, form, error)
    return redirect("/orders", "ordered")


@router.post("/orders/{order_id}/cancel")
async def post_cancel(order_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Cancel a day, or all that is still to come."""
    fields = await body_of(request)
    try:
        given = parse(CancelBody, fields)
        async with parts.work() as work:
            await cancel_order(work, reader.actor, order_id, given.reason, given.day)
    except NotFoundError:
        raise
    except (WeiwangError, RequestValidationError) as error:
        async with parts.database.read() as session:
            return await _show(request, parts, session, reader, {"id": str(uuid4())}, error)
    return redirect("/orders", "order_cancelled")


def next_window(now: datetime, zone: ZoneInfo) -> tuple[str, str]:
    """Return the day and the window that a form begins with: the next one from lunch on, lunch of tomorrow in the evening."""
    clock = f"{now.astimezone(zone):%H:%M}"
    left = [one for one in HOURS[1:] if one > clock]
    return ("0", left[0]) if left else ("1", HOURS[1])


async def _zone(session: ReadSession, reader: Reader) -> ZoneInfo:
    found = await community_facts(session, reader.actor.community_id)
    return ZoneInfo(found.timezone if found else "UTC")


def _timed(fields: dict[str, Any], zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    """Return the form's fields with the window that its day and hours mean, by the community's wall clock."""
    given = {
        name: value
        for name, value in fields.items()
        if name not in ("day", "other_day", "hours", "from", "to", "consent")
    }
    day = _day(fields, now.astimezone(zone).date())
    hours = str(fields.get("hours", ""))
    starts_text, _, ends_text = hours.partition("-")
    if not ends_text:
        starts_text, ends_text = str(fields.get("from", "")), str(fields.get("to", ""))
    starts = datetime.combine(day, _time(starts_text, "from"), zone)
    ends = datetime.combine(day, _time(ends_text, "to"), zone)
    if ends < starts and ends_text < "12:00" <= starts_text:  # over midnight
        ends = datetime.combine(day + DAY, ends.time(), zone)
    if fields.get("consent") != "yes":
        given.pop("consent_version", None)
    if not fields.get("for_name"):
        given = {name: value for name, value in given.items() if not name.startswith("consent_")}
    return given | {"starts_at": starts.isoformat(), "ends_at": ends.isoformat()}


def _day(fields: dict[str, Any], today: date) -> date:
    """Return the day that was tapped, or the one that was typed."""
    chosen = str(fields.get("day", ""))
    if chosen.isdecimal() and int(chosen) < DAYS_SHOWN:
        return today + timedelta(days=int(chosen))
    try:
        return date.fromisoformat(str(fields.get("other_day", "")))
    except ValueError as error:
        raise InvalidInputError("not a day", code="field_not_date", field="other_day") from error


def _time(text: str, field: str) -> time:
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError as error:
        raise InvalidInputError("not a time", code="field_not_date", field=field) from error
