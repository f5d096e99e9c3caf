"""Each person's own calendar of duty; the office keeps those of others."""

from __future__ import annotations

from datetime import datetime, time
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Request
from pydantic import AwareDatetime, BaseModel, Field

from api.answers import Answer
from api.deps import ReadDep, ReaderDep, WorkDep
from api.forms import body_of, parse
from api.models import MOST_ITEMS, Body, Sentence
from api.rooms import interface
from api.spec import body, errors
from gis.flows.duty_calendar import DutyPlan, read_calendar, replace_calendar
from gis.people.duty import Exemption, Kind, Shift
from gis.views.on_duty import on_duty

router = interface("duty")
JSON = "application/json"
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", max_length=5, examples=["08:30"])]


class ShiftBody(Body):
    """A shift of every week, in the community's own time; one that ends before it starts ends the next day."""

    weekday: int = Field(ge=1, le=7, description="1 is Monday")
    starts: Clock
    ends: Clock


class ExceptionBody(Body):
    """Leave, or duty beside the shifts. Leave wins over everything."""

    kind: Literal["leave", "extra"]
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    note: Sentence = ""


class DutyCalendarBody(Body):
    """A whole calendar: what isn't in it is no longer there."""

    shifts: list[ShiftBody] = Field(default=[], max_length=MOST_ITEMS)
    exceptions: list[ExceptionBody] = Field(default=[], max_length=MOST_ITEMS)


class DutyCalendarOut(BaseModel):
    """A calendar, what it says of now, and when it next says something else: a tap holds until then."""

    person_id: UUID
    timezone: str
    on_duty: bool
    on_shift: bool
    next_border_at: datetime | None
    shifts: list[ShiftBody]
    exceptions: list[ExceptionBody]


class OnDutyOut(Answer):
    """Somebody on duty; the position is rough (cells of 50 m), null where none was sent."""

    person_id: UUID
    name: str
    role: str
    mode: str
    live_load: int
    capacity: int
    position_at: datetime | None
    lon: float | None
    lat: float | None
    micro_grids: list[str]


class OnDutyPage(BaseModel):
    """Who is on duty."""

    items: list[OnDutyOut]
    total: int


@router.get("/on-duty", responses=errors(401, 403))
async def get_on_duty(reader: ReaderDep, session: ReadDep) -> OnDutyPage:
    """Watchers and riders on duty in one's areas, and roughly where: for the office and grid workers."""
    found = [OnDutyOut.model_validate(one) for one in await on_duty(session, reader.actor)]
    return OnDutyPage(items=found, total=len(found))


@router.get("/me/duty/calendar", responses=errors(401, 403))
async def get_own(reader: ReaderDep, session: ReadDep) -> DutyCalendarOut:
    """One's own calendar of duty."""
    return _out(await read_calendar(session, reader.actor, reader.actor.person_id))


@router.put("/me/duty/calendar", responses=errors(400, 401, 403), openapi_extra=body(DutyCalendarBody, JSON))
async def put_own(request: Request, reader: ReaderDep, work: WorkDep) -> DutyCalendarOut:
    """Replace one's own calendar; on and off by a tap holds until its next border."""
    return await _replace(request, reader, work, reader.actor.person_id)


@router.get("/people/{person_id}/duty/calendar", responses=errors(401, 403, 404))
async def get_others(person_id: UUID, reader: ReaderDep, session: ReadDep) -> DutyCalendarOut:
    """Somebody's calendar of duty, for the office."""
    return _out(await read_calendar(session, reader.actor, person_id))


@router.put(
    "/people/{person_id}/duty/calendar",
    responses=errors(400, 401, 403, 404),
    openapi_extra=body(DutyCalendarBody, JSON),
)
async def put_others(person_id: UUID, request: Request, reader: ReaderDep, work: WorkDep) -> DutyCalendarOut:
    """Replace somebody's calendar, for the office."""
    return await _replace(request, reader, work, person_id)


async def _replace(request: Request, reader: ReaderDep, work: WorkDep, person_id: UUID) -> DutyCalendarOut:
    given = parse(DutyCalendarBody, await body_of(request))
    shifts = [
        Shift(one.weekday, time.fromisoformat(one.starts), time.fromisoformat(one.ends))
        for one in given.shifts
    ]
    exemptions = [Exemption(Kind(one.kind), one.starts_at, one.ends_at, one.note) for one in given.exceptions]
    return _out(await replace_calendar(work, reader.actor, person_id, shifts, exemptions))


def _out(plan: DutyPlan) -> DutyCalendarOut:
    return DutyCalendarOut(
        person_id=plan.person_id,
        timezone=plan.calendar.timezone,
        on_duty=plan.on_duty,
        on_shift=plan.on_shift,
        next_border_at=plan.next_border_at,
        shifts=[
            ShiftBody(weekday=one.weekday, starts=f"{one.starts:%H:%M}", ends=f"{one.ends:%H:%M}")
            for one in plan.calendar.shifts
        ],
        exceptions=[
            ExceptionBody(kind=one.kind.value, starts_at=one.starts_at, ends_at=one.ends_at, note=one.note)
            for one in plan.calendar.exemptions
        ],
    )
