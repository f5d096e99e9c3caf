"""The calendar of one community: its office's hours, public holidays, what the office itself has set, and the day.

Three clocks run here. Urgent cases have the clock on the wall. All others have the day (07:00-22:00, every day): what
comes in at night begins in the morning, and nobody is woken. Categories that an office settles have the hours in which
the office works.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from gis.cases.calendar import WorkingCalendar, add_working_seconds, working_seconds_between
from gis.cases.holidays import DayKind, announced, holidays
from gis.cases.hours import Spans, parse_hours
from gis.categories import Category, Counting
from gis.settings import OfficeSettings

WEEK = 7


@dataclass(frozen=True, slots=True)
class OfficeDay:
    """A day that the office has set itself; without hours it has those of its kind."""

    kind: DayKind
    name: str = ""
    hours: str = ""


@dataclass(frozen=True, slots=True)
class OfficeCalendar:
    """The clocks of a community."""

    timezone: str
    version: int
    day: WorkingCalendar
    work: WorkingCalendar
    days: Mapping[date, OfficeDay]

    def clock(self, kind: Category) -> CaseClock:
        """Return the clock that a category's cases run by."""
        if kind.urgent or kind.counting is Counting.WALL:
            return WALL
        return CaseClock(self.work if kind.counting is Counting.WORKING else self.day)


@dataclass(frozen=True, slots=True)
class CaseClock:
    """What time is counted by; None: every second, day and night."""

    calendar: WorkingCalendar | None

    def later(self, moment: datetime, seconds: float) -> datetime:
        """Return the moment by which so many seconds have counted."""
        if self.calendar is None:
            return moment + timedelta(seconds=seconds)
        return add_working_seconds(moment, seconds, self.calendar)

    def between(self, start: datetime, end: datetime) -> float:
        """Return how many seconds count between two moments, none when they are the wrong way round."""
        if self.calendar is None:
            return max(0.0, (end - start).total_seconds())
        return working_seconds_between(start, end, self.calendar)


WALL = CaseClock(None)


def office_calendar(
    timezone: str,
    rules: OfficeSettings,
    *,
    version: int = 0,
    weekdays: Mapping[int, str] | None = None,
    days: Mapping[date, OfficeDay] | None = None,
) -> OfficeCalendar:
    """Return the calendar of a community.

    Parameters
    ----------
    timezone
        Its own; holidays go by it.
    rules
        The hours where the office has set none.
    version
        Counts the office's changes.
    weekdays
        Hours that the office has set, Monday = 1.
    days
        Days that the office has set: they go before public holidays.

    Raises
    ------
    InvalidInputError
        ``hours_invalid``, ``hours_none``.
    """
    own, hours = days or {}, weekdays or {}
    texts = tuple(hours.get(number, rules.week[number - 1]) for number in range(1, WEEK + 1))
    waking, working = _clocks(timezone, rules.day, texts, tuple(sorted(own.items())))
    return OfficeCalendar(timezone, version, waking, working, own)


@lru_cache(maxsize=256)
def _clocks(
    timezone: str, waking: str, texts: Sequence[str], own: tuple[tuple[date, OfficeDay], ...]
) -> tuple[WorkingCalendar, WorkingCalendar]:
    """Return the day and the hours of work: one for all communities that have the same, for years of spans are counted in each."""
    zone, week = ZoneInfo(timezone), [parse_hours(text) for text in texts]
    usual = next((hours for hours in week if hours), ())

    @lru_cache(maxsize=64)
    def special(year: int) -> Mapping[date, Spans]:
        known = {day: OfficeDay(one.kind, one.name) for day, one in holidays(timezone, year).items()}
        known |= {day: one for day, one in own if day.year == year}
        return {day: _hours(one, week[day.weekday()], usual) for day, one in known.items()}

    day = WorkingCalendar(zone, [parse_hours(waking)] * WEEK, lambda _: {})
    return day, WorkingCalendar(zone, week, special)


def unknown_holidays(timezone: str, day: date, own: Mapping[date, OfficeDay]) -> bool:
    """Tell whether a day's year is counted by weekends alone: not announced yet, nor set by the office.

    Parameters
    ----------
    timezone, day
        Where, and a day of the year in question.
    own
        What the office has set.
    """
    in_china = announced(timezone, 2025)
    return in_china and not announced(timezone, day.year) and not any(one.year == day.year for one in own)


def _hours(one: OfficeDay, weekday: Spans, usual: Spans) -> Spans:
    if one.hours:
        return parse_hours(one.hours)
    if one.kind is DayKind.HOLIDAY:
        return ()
    return weekday or usual
