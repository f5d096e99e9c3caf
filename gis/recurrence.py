"""On which days an order comes again, and when its window is on each: by the wall clock of the community."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


class Repeat(StrEnum):
    """How often."""

    ONCE = "once"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Window:
    """When somebody is wanted; ``day`` is the community's day on which it starts."""

    day: date
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Days from the first to the last, both counted; of weeks only those weekdays (1 is Monday)."""

    repeat: Repeat
    first: date
    last: date
    weekdays: frozenset[int] = frozenset()

    def days(self) -> Iterator[date]:
        """Yield the days, in order."""
        day = self.first
        while day <= self.last:
            if self.repeat is not Repeat.WEEKLY or day.isoweekday() in self.weekdays:
                yield day
            day += DAY

    def comes_on(self, day: date) -> bool:
        """Tell whether a day is one of them."""
        return self.first <= day <= self.last and (
            self.repeat is not Repeat.WEEKLY or day.isoweekday() in self.weekdays
        )


@dataclass(frozen=True, slots=True)
class Hours:
    """A window's hours on the wall clock; one that is over after midnight ends ``later_days`` days after it starts."""

    starts: time
    ends: time
    later_days: int

    @classmethod
    def of(cls, starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> Hours:
        """Return the hours of a window."""
        starts, ends = starts_at.astimezone(zone), ends_at.astimezone(zone)
        return cls(starts.time(), ends.time(), (ends.date() - starts.date()).days)

    def on(self, day: date, zone: ZoneInfo) -> Window:
        """Return the window of a day.

        Parameters
        ----------
        day
            On which it starts.
        zone
            The community's: nine o'clock stays nine o'clock where clocks are changed.
        """
        starts = datetime.combine(day, self.starts, zone)
        ends = datetime.combine(day + self.later_days * DAY, self.ends, zone)
        return Window(day, starts.astimezone(UTC), ends.astimezone(UTC))


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """Return the community's day of a moment."""
    return moment.astimezone(zone).date()
