"""The working calendar of a community's office: read, edited, and imported from a table."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from io import StringIO

from gis.cases.holidays import DayKind
from gis.cases.hours import parse_hours
from gis.cases.office import WEEK, OfficeCalendar, OfficeDay, office_calendar
from gis.errors import InvalidInputError
from gis.flows.work import Work
from gis.people.permissions import require
from gis.store.calendars import StoredDay, change_calendar, load_hours
from gis.words import Actor

FIRST_YEAR, LAST_YEAR = 2000, 2199
MOST_DAYS = 4000
KINDS = {
    "holiday": DayKind.HOLIDAY,
    "休": DayKind.HOLIDAY,
    "放假": DayKind.HOLIDAY,
    "workday": DayKind.WORKDAY,
    "班": DayKind.WORKDAY,
    "上班": DayKind.WORKDAY,
    "调休上班": DayKind.WORKDAY,
    "": None,
}
COLUMNS = {"日期": "day", "类型": "kind", "名称": "name", "时间": "hours"}


@dataclass(frozen=True, slots=True)
class CalendarDraft:
    """Changes of a calendar.

    Parameters
    ----------
    days
        Days to be set; None: as everywhere again.
    weekdays
        All hours that differ from the settings, Monday = 1; None: as they are.
    """

    days: Mapping[date, OfficeDay | None] = field(default_factory=dict)
    weekdays: Mapping[int, str] | None = None


async def set_calendar(work: Work, actor: Actor, draft: CalendarDraft) -> OfficeCalendar:
    """Change the calendar of the actor's community, and return it.

    Parameters
    ----------
    work, actor, draft
        Who changes what. Deadlines that were set before stay as they are.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    InvalidInputError
        ``hours_invalid``, ``hours_none``, ``calendar_day_invalid``.
    """
    require(actor, "edit_calendar")
    return await store_calendar(work, actor.community_id, draft)


async def store_calendar(work: Work, community_id: str, draft: CalendarDraft) -> OfficeCalendar:
    """Change the calendar of a community, and return it.

    Parameters
    ----------
    work, community_id, draft
        As ``set_calendar``, by an operator.
    """
    now = await work.atlas.get(work.session, community_id)
    weekdays = draft.weekdays
    for number, hours in (weekdays or {}).items():
        if not 1 <= number <= WEEK:
            raise InvalidInputError(
                "weekdays are 1 to 7", code="hours_invalid", field="hours", hours=str(number)
            )
        parse_hours(hours)
    for line, (day, one) in enumerate(draft.days.items(), start=1):
        _check_day(day, one, line)
    if weekdays is None:
        weekdays = await load_hours(work.session, community_id)
    office_calendar(
        now.calendar.timezone, work.settings.office, weekdays=weekdays
    )  # refuses a week without hours
    await change_calendar(
        work.session,
        community_id,
        days=[StoredDay(day, one.kind.value, one.name, one.hours) for day, one in draft.days.items() if one],
        gone=[day for day, one in draft.days.items() if one is None],
        weekdays=draft.weekdays,
    )
    return (await work.atlas.get(work.session, community_id)).calendar


def read_table(text: str) -> CalendarDraft:
    """Return the days of a table with the columns day, kind, name and hours (日期, 类型, 名称, 时间).

    Parameters
    ----------
    text
        CSV with a line of headings; a kind that is left empty takes a day back.

    Raises
    ------
    InvalidInputError
        ``calendar_day_invalid`` with the line.
    """
    rows = csv.DictReader(StringIO(text.removeprefix("\ufeff")))
    named = [COLUMNS.get((name or "").strip(), (name or "").strip()) for name in rows.fieldnames or ()]
    rows.fieldnames = named
    if not {"day", "kind"} <= set(named):
        raise _bad(1)
    days: dict[date, OfficeDay | None] = {}
    for line, row in enumerate(rows, start=2):
        if len(days) >= MOST_DAYS:
            raise _bad(line)
        try:
            day, kind = date.fromisoformat((row["day"] or "").strip()), KINDS[(row["kind"] or "").strip()]
        except (KeyError, ValueError):
            raise _bad(line) from None
        name, hours = (row.get("name") or "").strip()[:60], (row.get("hours") or "").strip()
        days[day] = OfficeDay(kind, name, hours) if kind else None
        _check_day(day, days[day], line)
    return CalendarDraft(days)


def _check_day(day: date, one: OfficeDay | None, line: int) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise _bad(line)
    if one is not None:
        parse_hours(one.hours)


def _bad(line: int) -> InvalidInputError:
    return InvalidInputError(
        f"line {line}: a day is YYYY-MM-DD, its kind holiday, workday or empty",
        code="calendar_day_invalid",
        field="days",
        line=line,
    )
