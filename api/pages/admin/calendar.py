"""The office's calendar: a year of holidays, make-up days and own days, and the hours of the week."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import UploadFile
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReaderDep
from api.forms import form_of, is_form, parse
from api.pages.admin.frame import open_section, show_section, typed
from api.pages.frame import Failure, redirect
from api.parts import Parts
from api.rooms import pages
from api.routes.calendars import CalendarBody, DayBody, calendar_out
from gis.cases.holidays import DayKind
from gis.cases.office import WEEK, OfficeDay
from gis.errors import InvalidInputError, TooLargeError, WeiwangError
from gis.flows.calendar import FIRST_YEAR, LAST_YEAR, CalendarDraft, read_table, set_calendar
from gis.flows.office.record import record

router = pages()
MOST_BYTES = 1_000_000


@router.get("/admin/calendar")
async def get_calendar(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Show a year."""
    open_section(reader, "calendar")
    return await _show(request, parts, reader)


@router.post("/admin/calendar/{act}")
async def post_calendar(act: str, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Set a day, the hours of the week, or many days from a table."""
    open_section(reader, "calendar")
    fields = await typed(request)
    try:
        draft = await _drafted(request, act, fields)
        async with parts.work() as work:
            await set_calendar(work, reader.actor, draft)
            await record(work, reader.actor, "calendar", act, "changed", data=_told(draft))
    except (WeiwangError, RequestValidationError) as error:
        return await _show(request, parts, reader, fields, error)
    year = min(draft.days).year if draft.days else None
    return redirect(f"/admin/calendar?year={year}" if year else "/admin/calendar", "calendar_kept")


async def _drafted(request: Request, act: str, fields: dict[str, Any]) -> CalendarDraft:
    if act == "day":
        given = parse(DayBody, fields)
        one = OfficeDay(DayKind(given.kind), given.name, given.hours) if given.kind else None
        return CalendarDraft({given.day: one})
    if act == "hours":
        week = {number: str(fields.get(f"hours_{number}", "")) for number in range(1, WEEK + 1)}
        return CalendarDraft(weekdays=parse(CalendarBody, {"office_hours": week}).office_hours)
    sent = (await form_of(request)).get("file") if is_form(request) else None
    if act != "import" or not isinstance(sent, UploadFile) or not sent.size:
        raise InvalidInputError("no file", code="file_needed", field="file")
    if sent.size > MOST_BYTES:
        raise TooLargeError("too large", code="table_too_large", field="file", limit_mb=1, rows=0)
    data = await sent.read()
    try:
        return read_table(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return read_table(data.decode("gb18030", errors="replace"))


def _told(draft: CalendarDraft) -> dict[str, Any]:
    days = {
        day.isoformat(): [None, f"{one.kind} {one.name}".strip() if one else None]
        for day, one in draft.days.items()
    }
    hours = {f"hours_{number}": [None, text] for number, text in (draft.weekdays or {}).items()}
    return dict(list(days.items())[:50]) | hours


async def _show(
    request: Request,
    parts: Parts,
    reader: Reader,
    form: dict[str, Any] | None = None,
    failure: Failure | None = None,
) -> Response:
    async with parts.work() as work:
        calendar = (await work.atlas.get(work.session, reader.actor.community_id)).calendar
        this = parts.clock.now().astimezone(calendar.work.zone).year
        asked = request.query_params.get("year", "")
        year = int(asked) if asked.isdecimal() and len(asked) == 4 else this  # noqa: PLR2004 - digits of a year
        year = min(max(year, FIRST_YEAR), LAST_YEAR)
        shown = calendar_out(calendar, year)
        hours = {f"hours_{number}": text for number, text in shown.office_hours.items()}
        return await show_section(
            request,
            work.session,
            reader,
            "calendar",
            failure=failure,
            year=year,
            years=[this - 1, this, this + 1],
            days=[one.model_dump() for one in shown.days],
            announced=shown.announced,
            day_hours=shown.day_hours,
            today=date(this, 1, 1),
            form=hours | (form or {}),
        )
