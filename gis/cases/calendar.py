"""Counting only the hours that count: spans of local days as moments in UTC, so that any time zone is right.

A span is given by the clock on the wall. Where summer time begins or ends inside it, the hours that really pass are
counted; a clock time that is skipped or comes twice begins as early and ends as late as it can.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from gis.cases.hours import DAY_MIN, Spans
from gis.errors import InvalidInputError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_US = 86_400_000_000
SECOND_US = 1_000_000
YEARS_AHEAD = 20
"""So far a sum is followed where no hour counts for years."""


class _Index(NamedTuple):
    """Spans in order, microseconds since 1970, with what was counted before each."""

    first_year: int
    last_year: int
    opens: list[int]
    closes: list[int]
    before: list[int]


class WorkingCalendar:
    """Which hours count.

    Parameters
    ----------
    zone
        The community's time zone.
    week
        Hours of each weekday, Monday first.
    special
        Hours of the days of a year that differ from their weekday's.
    """

    def __init__(
        self, zone: ZoneInfo, week: Sequence[Spans], special: Callable[[int], Mapping[date, Spans]]
    ) -> None:
        if not any(week):
            raise InvalidInputError("no hour of the week counts", code="hours_none", field="hours")
        self.zone = zone
        self.week = tuple(week)
        self._special = special
        self._index = _Index(0, 0, [], [], [])

    def hours(self, day: date) -> Spans:
        """Return the hours of a day that count."""
        return self._special(day.year).get(day, self.week[day.weekday()])

    def covering(self, first: int, last: int) -> _Index:
        """Return the spans of the years asked for, and of those asked for before."""
        index = self._index
        if index.last_year and index.first_year <= first and last <= index.last_year:
            return index
        if index.last_year:
            first, last = min(first, index.first_year), max(last, index.last_year)
        spans = _merged(span for year in range(first, last + 1) for span in self._spans(year))
        before, counted = [], 0
        for opens, closes in spans:
            before.append(counted)
            counted += closes - opens
        self._index = _Index(first, last, [one[0] for one in spans], [one[1] for one in spans], before)
        return self._index

    def _spans(self, year: int) -> list[tuple[int, int]]:
        special, zone, found = self._special(year), self.zone, []
        day = date(year, 1, 1)
        while day.year == year:
            for start, end in special.get(day, self.week[day.weekday()]):
                found.append(
                    (_microseconds(_utc(day, start, zone)), _microseconds(_utc(day, end, zone, end=True)))
                )
            day += timedelta(days=1)
        return found


def add_working_seconds(moment: datetime, seconds: float, calendar: WorkingCalendar) -> datetime:
    """Return the earliest moment by which so many seconds that count have passed.

    Parameters
    ----------
    moment
        From when on.
    seconds
        Not negative; none leave the moment as it is.
    calendar
        Which seconds count.

    Raises
    ------
    InvalidInputError
        ``hours_none``: no hour counts for twenty years.
    """
    wanted = round(seconds * SECOND_US)
    if wanted <= 0:
        return moment
    start = _microseconds(moment)
    year = moment.year
    for last in (year + 1, year + YEARS_AHEAD):
        _, _, opens, closes, before = calendar.covering(year - 1, last)
        goal = _counted(start, opens, closes, before) + wanted
        place = bisect_left(before, goal) - 1  # the last span that began with less than that counted
        end = opens[place] + goal - before[place] if place >= 0 else start
        if place >= 0 and end <= closes[place]:
            return EPOCH + timedelta(microseconds=end)
    raise InvalidInputError("no hour counts for years", code="hours_none", field="hours")


def working_seconds_between(start: datetime, end: datetime, calendar: WorkingCalendar) -> float:
    """Return how many seconds count between two moments; ``add_working_seconds`` undoes it.

    Parameters
    ----------
    start, end
        The second not before the first; else there are none.
    calendar
        Which seconds count.
    """
    if end <= start:
        return 0.0
    _, _, opens, closes, before = calendar.covering(start.year - 1, end.year + 1)
    counted = _counted(_microseconds(end), opens, closes, before)
    return (counted - _counted(_microseconds(start), opens, closes, before)) / SECOND_US


def _counted(moment: int, opens: list[int], closes: list[int], before: list[int]) -> int:
    """Return what was counted up to a moment."""
    place = bisect_right(opens, moment) - 1
    return 0 if place < 0 else before[place] + min(moment, closes[place]) - opens[place]


def _microseconds(moment: datetime) -> int:
    since = moment - EPOCH
    return since.days * DAY_US + since.seconds * SECOND_US + since.microseconds


def _utc(day: date, minute: int, zone: ZoneInfo, *, end: bool = False) -> datetime:
    days, minute = divmod(minute, DAY_MIN)
    local = datetime.combine(day + timedelta(days=days), time(*divmod(minute, 60)), zone)
    first = local.astimezone(UTC)
    return max(first, local.replace(fold=1).astimezone(UTC)) if end else first


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans in order, without those that are empty, one where they touch or overlap."""
    found: list[tuple[int, int]] = []
    for opens, closes in sorted(spans):
        if found and opens <= found[-1][1]:
            found[-1] = found[-1][0], max(closes, found[-1][1])
        elif closes > opens:
            found.append((opens, closes))
    return found
