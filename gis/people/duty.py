"""When somebody is on duty: their own calendar, and at which moment it next puts them on or takes them off.

Pure. Shifts return every week in the community's own time; leave and extra duty are exceptions to them. Leave wins over
everything, so that nobody who is ill is asked; extra duty adds to the shifts. What somebody taps holds until the next
border of their calendar: then the calendar speaks again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
WEEK_DAYS = 7


class Kind(StrEnum):
    """Kinds of exception."""

    LEAVE = "leave"
    EXTRA = "extra"


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift of every week; one that ends before it starts ends the next day.

    Parameters
    ----------
    weekday
        1 (Monday) to 7, of the start.
    starts, ends
        Local times; never equal.
    """

    weekday: int
    starts: time
    ends: time

    def span(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return when the shift of a day begins and ends."""
        last = day + DAY if self.ends <= self.starts else day
        return (
            datetime.combine(day, self.starts, zone).astimezone(UTC),
            datetime.combine(last, self.ends, zone).astimezone(UTC),
        )


@dataclass(frozen=True, slots=True)
class Exemption:
    """Leave, or extra duty, from one moment to another."""

    kind: Kind
    starts_at: datetime
    ends_at: datetime
    note: str = ""

    def covers(self, moment: datetime) -> bool:
        """Tell whether a moment lies in it; its end doesn't."""
        return self.starts_at <= moment < self.ends_at


@dataclass(frozen=True, slots=True)
class DutyCalendar:
    """One person's calendar.

    Parameters
    ----------
    timezone
        IANA name of the community's own time.
    shifts, exemptions
        In any order; they may overlap.
    """

    timezone: str
    shifts: tuple[Shift, ...] = ()
    exemptions: tuple[Exemption, ...] = ()

    def on_at(self, moment: datetime) -> bool:
        """Tell whether the calendar has the person on duty at a moment."""
        if self._exempt(Kind.LEAVE, moment):
            return False
        return self._exempt(Kind.EXTRA, moment) or any(
            starts <= moment < ends for starts, ends in self._spans(moment, before=1, after=0)
        )

    def next_border(self, moment: datetime) -> datetime | None:
        """Return when the calendar next says something else than at a moment, None when it never does."""
        now = self.on_at(moment)
        return next((border for border in self._borders(moment) if self.on_at(border) != now), None)

    def _exempt(self, kind: Kind, moment: datetime) -> bool:
        return any(one.kind is kind and one.covers(moment) for one in self.exemptions)

    def _borders(self, moment: datetime) -> Iterator[datetime]:
        """Return every later moment at which something begins or ends, in order, until the weeks only repeat."""
        turns = [turn for one in self.exemptions for turn in (one.starts_at, one.ends_at) if turn > moment]
        found = set(turns)
        for since in (moment, *turns):  # between two turns the week repeats: one of it shows every border
            spans = self._spans(since, before=1, after=WEEK_DAYS)
            found.update(border for span in spans for border in span if border > moment)
        return iter(sorted(found))

    def _spans(self, moment: datetime, *, before: int, after: int) -> Iterator[tuple[datetime, datetime]]:
        """Return the shifts of the days around a moment."""
        zone = ZoneInfo(self.timezone)
        today = moment.astimezone(zone).date()
        for offset in range(-before, after + 1):
            day = today + offset * DAY
            for shift in self.shifts:
                if shift.weekday == day.isoweekday():
                    yield shift.span(day, zone)
