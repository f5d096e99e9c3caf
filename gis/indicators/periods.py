"""Periods that figures are given for: weeks, months, quarters, or days of one's own, with the periods before them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from gis.errors import InvalidInputError

DAY = timedelta(days=1)
LONGEST = 731
EARLIEST = date(2000, 1, 1)
_MONTHS = {"month": 1, "quarter": 3}


class PeriodKind(StrEnum):
    """How periods are cut."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    OWN = "own"


TREND = {PeriodKind.WEEK: 12, PeriodKind.MONTH: 12, PeriodKind.QUARTER: 8, PeriodKind.OWN: 6}
"""Over how many periods a trend goes."""


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day, both counted, in the community's own time."""

    kind: PeriodKind
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def end(self) -> date:
        """The day after it."""
        return self.last + DAY

    def before(self) -> Period:
        """Return the period before: as many days for one's own, else the week, month or quarter before."""
        if self.kind is PeriodKind.OWN:
            return Period(self.kind, self.first - self.days * DAY, self.first - DAY)
        return period_of(self.kind, self.first - DAY)

    def after(self) -> Period:
        """Return the period after."""
        if self.kind is PeriodKind.OWN:
            return Period(self.kind, self.end, self.end + (self.days - 1) * DAY)
        return period_of(self.kind, self.end)

    def trend(self) -> tuple[Period, ...]:
        """Return the periods up to this one, in order."""
        found = [self]
        while len(found) < TREND[self.kind] and found[-1].first > EARLIEST:
            found.append(found[-1].before())
        return tuple(reversed(found))

    def begins(self, zone: ZoneInfo) -> datetime:
        """Return the moment at which it begins."""
        return datetime(self.first.year, self.first.month, self.first.day, tzinfo=zone)


def period_of(kind: PeriodKind, day: date) -> Period:
    """Return the week (Monday to Sunday), month or quarter of a day.

    Parameters
    ----------
    kind
        Not one's own.
    day
        Any of its days.
    """
    if kind is PeriodKind.WEEK:
        first = day - day.weekday() * DAY
        return Period(kind, first, first + 6 * DAY)
    months = _MONTHS[kind]
    month = (day.month - 1) // months * months
    following = day.year * 12 + month + months
    return Period(kind, date(day.year, month + 1, 1), date(following // 12, following % 12 + 1, 1) - DAY)


def asked_period(
    kind: PeriodKind, day: date | None, first: date | None, last: date | None, *, today: date
) -> Period:
    """Return the period that somebody asks for.

    Parameters
    ----------
    kind
        How it is cut.
    day
        Any day of the week, month or quarter; by default the one before the current one, which is whole.
    first, last
        Of a period of one's own; by default the thirty days up to today.
    today
        The community's.

    Raises
    ------
    InvalidInputError
        ``period_backwards``, ``period_in_future``, ``period_too_long``, ``period_too_early``.
    """
    field = "from" if kind is PeriodKind.OWN else "date"
    for one in (day, first, last):
        if one is not None and one < EARLIEST:
            raise InvalidInputError(
                "the period is too long ago",
                code="period_too_early",
                field=field,
                earliest=EARLIEST.isoformat(),
            )
        if one is not None and one > today + LONGEST * DAY:
            raise InvalidInputError("the period has not begun", code="period_in_future", field=field)
    if kind is PeriodKind.OWN:
        until = last or today
        found = Period(kind, first or until - 29 * DAY, until)
    else:
        found = period_of(kind, day) if day else period_of(kind, today).before()
    if found.first > found.last:
        raise InvalidInputError("'from' is after 'to'", code="period_backwards", field=field)
    if found.first > today:
        raise InvalidInputError("the period has not begun", code="period_in_future", field=field)
    if found.days > LONGEST:
        raise InvalidInputError("the period is too long", code="period_too_long", field=field, limit=LONGEST)
    return found
