"""The working calendar: public holidays, make-up days, and what the office has set itself."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.deps import ReaderDep, WorkDep
from api.forms import body_of, parse
from api.models import Body, Sentence
from api.rooms import interface
from api.spec import body, errors
from gis.cases.holidays import DayKind, announced, holidays
from gis.cases.hours import hours_text
from gis.cases.office import WEEK, OfficeCalendar, OfficeDay, unknown_holidays
from gis.flows.calendar import FIRST_YEAR, LAST_YEAR, MOST_DAYS, CalendarDraft, read_table, set_calendar

router = interface("calendar")
JSON, CSV = "application/json", "text/csv"


class DayOut(BaseModel):
    """A day that isn't as its weekday."""

    day: date
    kind: DayKind
    name: str
    hours: str = Field(
        description="that count for deadlines of the office; empty: none", examples=["08:30-12:00"]
    )
    own: bool = Field(description="set by the office, else a public holiday or a make-up day for one")


class CalendarOut(BaseModel):
    """A community's working calendar for a year."""

    year: int
    timezone: str
    version: int
    announced: bool = Field(
        description="whether the year's public holidays are known; else weekends alone count"
    )
    office_hours: dict[int, str] = Field(description="by weekday, Monday = 1")
    day_hours: str = Field(
        description="the day; at night the deadlines of cases that are not urgent stand still"
    )
    days: list[DayOut]


class DayBody(BaseModel):
    """A day to be set; no kind: as everywhere again."""

    day: date
    kind: Literal["holiday", "workday"] | None = None
    name: Sentence = ""
    hours: str = Field("", max_length=100)


class CalendarBody(Body):
    """What changes; what is left out stays as it is."""

    days: list[DayBody] = Field([], max_length=MOST_DAYS)
    office_hours: dict[int, Annotated[str, Field(max_length=100)]] | None = None


@router.get("/calendar", responses=errors(400, 401))
async def get_calendar(
    reader: ReaderDep, work: WorkDep, year: Annotated[int | None, Query(ge=FIRST_YEAR, le=LAST_YEAR)] = None
) -> CalendarOut:
    """Return the working calendar of a year, this one unless another is asked for."""
    calendar = (await work.atlas.get(work.session, reader.actor.community_id)).calendar
    return calendar_out(calendar, year or work.clock.now().astimezone(calendar.work.zone).year)


@router.put("/calendar", responses=errors(400, 401, 403), openapi_extra=body(CalendarBody, JSON))
async def put_calendar(request: Request, reader: ReaderDep, work: WorkDep) -> CalendarOut:
    """Set days and office hours; deadlines that were set before stay as they are."""
    given = parse(CalendarBody, await body_of(request))
    days = {
        one.day: OfficeDay(DayKind(one.kind), one.name, one.hours) if one.kind else None for one in given.days
    }
    calendar = await set_calendar(work, reader.actor, CalendarDraft(days, given.office_hours))
    return calendar_out(calendar, work.clock.now().astimezone(calendar.work.zone).year)


@router.put(
    "/calendar/days",
    status_code=204,
    responses=errors(400, 401, 403),
    openapi_extra={"requestBody": {"content": {CSV: {"schema": {"type": "string"}}}, "required": True}},
)
async def put_days(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Import days from a table: columns day, kind (holiday, workday or empty), name, hours."""
    text = (await request.body()).decode("utf-8-sig", errors="replace")
    await set_calendar(work, reader.actor, read_table(text))
    return Response(status_code=204)


def calendar_out(calendar: OfficeCalendar, year: int) -> CalendarOut:
    """Return a calendar as it is answered and printed."""
    known = {day: (one.kind, one.name, False) for day, one in holidays(calendar.timezone, year).items()}
    known |= {day: (one.kind, one.name, True) for day, one in calendar.days.items() if day.year == year}
    first = date(year, 1, 1)
    return CalendarOut(
        year=year,
        timezone=calendar.timezone,
        version=calendar.version,
        announced=announced(calendar.timezone, year)
        or not unknown_holidays(calendar.timezone, first, calendar.days),
        office_hours={number: hours_text(calendar.work.week[number - 1]) for number in range(1, WEEK + 1)},
        day_hours=hours_text(calendar.day.week[0]),
        days=[
            DayOut(day=day, kind=kind, name=name, hours=hours_text(calendar.work.hours(day)), own=own)
            for day, (kind, name, own) in sorted(known.items())
        ],
    )
