"""Duty by the week: who is on when, one person's shifts, leave and extra duty, and a shift that somebody else does."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, StringConstraints
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReadDep, ReaderDep
from api.forms import parse
from api.models.fields import Body, Line
from api.pages.admin.frame import open_section, show_section, typed
from api.pages.frame import Failure, redirect
from api.parts import Parts
from api.rooms import pages
from api.routes.figures import timezone_of
from gis.errors import InvalidInputError, NotFoundError, WeiwangError
from gis.flows.duty_calendar import read_calendar
from gis.flows.office.duty import add_exemption, drop_exemption, set_shifts, take_over_shift
from gis.people.duty import DutyCalendar, Exemption, Kind, Shift
from gis.store.duty import WeekRow, week_rows
from gis.store.session import ReadSession
from gis.words import Role

router = pages()
DAY = timedelta(days=1)
WEEK = 7
LISTED = 60
CLOCK = "^([01][0-9]|2[0-3]):[0-5][0-9]$"
FIRST, LAST = date(2000, 1, 1), date(2199, 12, 31)


def _sensible(day: date) -> date:
    if not FIRST <= day <= LAST:
        raise ValueError("far off")
    return day


Day = Annotated[date, AfterValidator(_sensible)]
Clock = Annotated[str, StringConstraints(pattern=CLOCK)]


class ShiftsBody(Body):
    """The hours of each weekday; an empty pair is a day off."""

    starts_1: Clock | None = None
    ends_1: Clock | None = None
    starts_2: Clock | None = None
    ends_2: Clock | None = None
    starts_3: Clock | None = None
    ends_3: Clock | None = None
    starts_4: Clock | None = None
    ends_4: Clock | None = None
    starts_5: Clock | None = None
    ends_5: Clock | None = None
    starts_6: Clock | None = None
    ends_6: Clock | None = None
    starts_7: Clock | None = None
    ends_7: Clock | None = None

    def shifts(self) -> list[Shift]:
        """Return the shifts; a day with only one of its two times is refused."""
        found = []
        for number in range(1, WEEK + 1):
            starts, ends = getattr(self, f"starts_{number}"), getattr(self, f"ends_{number}")
            if (starts is None) != (ends is None):
                field = f"ends_{number}" if ends is None else f"starts_{number}"
                raise InvalidInputError("both or none", code="shift_half", field=field)
            if starts and ends:
                if starts == ends:
                    raise InvalidInputError("no length", code="shift_empty", field=f"ends_{number}")
                found.append(Shift(number, time.fromisoformat(starts), time.fromisoformat(ends)))
        return found


class LeaveBody(Body):
    """Leave or extra duty, from one local moment to another."""

    kind: Kind
    from_day: Day
    from_time: Clock = "00:00"
    to_day: Day
    to_time: Clock = "23:59"
    note: Line = ""


class SwapBody(Body):
    """Whose shifts of a day somebody else does."""

    day: Day
    other: Line


class DropBody(Body):
    """Which leave or extra duty is taken back."""

    starts_at: datetime


@router.get("/admin/duty")
async def get_duty(request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep) -> Response:
    """Show a week of all responders."""
    open_section(reader, "duty")
    zone = ZoneInfo(await timezone_of(session, reader.actor.community_id))
    today = parts.clock.now().astimezone(zone).date()
    monday = _monday(request.query_params.get("week", ""), today)
    role = request.query_params.get("role", "")
    words = request.query_params.get("q", "")[:60].replace("\0", "")
    planned = request.query_params.get("planned") == "yes"
    rows = await week_rows(
        session,
        reader.actor.community_id,
        datetime.combine(monday, time(), zone),
        datetime.combine(monday + WEEK * DAY, time(), zone),
        words=words.strip(),
        role=role if role in {Role.WATCHER, Role.RIDER} else None,
        planned=planned,
        limit=LISTED,
    )
    days = [monday + number * DAY for number in range(WEEK)]
    return await show_section(
        request,
        session,
        reader,
        "duty",
        days=days,
        today=today,
        earlier=monday - WEEK * DAY,
        later=monday + WEEK * DAY,
        filters={"q": words, "role": role, "planned": "yes" if planned else ""},
        week=[_drawn(row, days, zone) for row in rows],
        full=len(rows) == LISTED,
    )


@router.get("/admin/duty/{person_id}")
async def get_person(
    person_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep
) -> Response:
    """Show somebody's shifts, leave and extra duty."""
    open_section(reader, "duty")
    return await _form(request, parts, session, reader, person_id)


@router.post("/admin/duty/{person_id}/{act}")
async def post_act(
    person_id: UUID, act: str, request: Request, parts: PartsDep, reader: ReaderDep
) -> Response:
    """Change somebody's calendar."""
    open_section(reader, "duty")
    if act not in {"shifts", "leave", "drop", "swap"}:
        raise NotFoundError("no such act", code="route_unknown")
    fields = await typed(request)
    try:
        await _carry_out(parts, reader, person_id, act, fields)
    except (WeiwangError, RequestValidationError) as error:
        return await _again(request, parts, reader, person_id, fields, error)
    return redirect(f"/admin/duty/{person_id}", "duty_kept")


async def _carry_out(parts: Parts, reader: Reader, person_id: UUID, act: str, fields: dict[str, Any]) -> None:
    actor = reader.actor
    async with parts.work() as work:
        zone = ZoneInfo((await read_calendar(work.session, actor, person_id)).calendar.timezone)
        if act == "shifts":
            await set_shifts(work, actor, person_id, parse(ShiftsBody, fields).shifts())
        elif act == "leave":
            given = parse(LeaveBody, fields)
            starts = datetime.combine(given.from_day, time.fromisoformat(given.from_time), zone)
            ends = datetime.combine(given.to_day, time.fromisoformat(given.to_time), zone)
            if ends <= starts:
                raise InvalidInputError("ends before it starts", code="exception_order", field="to_day")
            await add_exemption(work, actor, person_id, Exemption(given.kind, starts, ends, given.note))
        elif act == "drop":
            await drop_exemption(work, actor, person_id, parse(DropBody, fields).starts_at)
        else:
            given_swap = parse(SwapBody, fields)
            other = await _other(work.session, actor.community_id, given_swap.other)
            await take_over_shift(work, actor, person_id, given_swap.day, other)


async def _other(session: ReadSession, community_id: str, name: str) -> UUID:
    """Return the responder of a username or a name that only one has."""
    moment = datetime(2000, 1, 1, tzinfo=ZoneInfo("UTC"))
    rows = await week_rows(session, community_id, moment, moment, words=name, limit=LISTED)
    found = [row for row in rows if name in {row.username, row.name}]
    if len(found) != 1:
        raise InvalidInputError("no such colleague", code="colleague_unknown", field="other", name=name)
    return found[0].person_id


async def _again(  # noqa: PLR0917 - whose page, what was typed, and what was wrong
    request: Request, parts: Parts, reader: Reader, person_id: UUID, fields: dict[str, Any], failure: Failure
) -> Response:
    async with parts.database.read() as session:
        return await _form(request, parts, session, reader, person_id, fields, failure)


async def _form(  # noqa: PLR0917 - whose page, what was typed, and what was wrong
    request: Request,
    parts: Parts,
    session: ReadSession,
    reader: Reader,
    person_id: UUID,
    fields: dict[str, Any] | None = None,
    failure: Failure | None = None,
) -> Response:
    plan = await read_calendar(session, reader.actor, person_id)
    zone = ZoneInfo(plan.calendar.timezone)
    now = parts.clock.now()
    moment = datetime.combine(now.astimezone(zone).date(), time(), zone)
    everybody = await week_rows(session, reader.actor.community_id, moment, moment, limit=400)
    form = {f"starts_{one.weekday}": f"{one.starts:%H:%M}" for one in plan.calendar.shifts}
    form |= {f"ends_{one.weekday}": f"{one.ends:%H:%M}" for one in plan.calendar.shifts}
    coming = sorted(
        (one for one in plan.calendar.exemptions if one.ends_at > now), key=lambda one: one.starts_at
    )
    return await show_section(
        request,
        session,
        reader,
        "duty",
        template="admin_duty_person.html",
        failure=failure,
        plan=plan,
        who=next((one for one in everybody if one.person_id == person_id), None),
        coming=coming,
        colleagues_by_name=[(one.username, one.name) for one in everybody if one.person_id != person_id],
        form=form | (fields or {}),
    )


def _monday(text: str, today: date) -> date:
    try:
        day = _sensible(date.fromisoformat(text))
    except ValueError:
        day = today
    return day - (day.isoweekday() - 1) * DAY


def _drawn(row: WeekRow, days: list[date], zone: ZoneInfo) -> dict[str, Any]:
    """Return a responder's week: for each day the hours, and what is an exception."""
    calendar = DutyCalendar(zone.key, tuple(Shift(one.weekday, one.starts, one.ends) for one in row.shifts))
    cells = []
    for day in days:
        begins = datetime.combine(day, time(), zone)
        touching = [one for one in row.exceptions if one.starts_at < begins + DAY and one.ends_at > begins]
        cells.append(
            {
                "hours": [
                    f"{one.starts:%H:%M}–{one.ends:%H:%M}"
                    for one in calendar.shifts
                    if one.weekday == day.isoweekday()
                ],
                "leave": any(one.kind == Kind.LEAVE for one in touching),
                "extra": [
                    f"{max(one.starts_at, begins).astimezone(zone):%H:%M}–{min(one.ends_at, begins + DAY).astimezone(zone):%H:%M}"
                    for one in touching
                    if one.kind == Kind.EXTRA
                ],
            }
        )
    return {
        "id": row.person_id,
        "name": row.name,
        "role": row.role,
        "on_duty": row.on_duty,
        "areas": list(row.micro_grids),
        "cells": cells,
    }
