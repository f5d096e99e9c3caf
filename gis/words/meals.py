"""Words of the kitchen (妈妈厨房): dishes, prices, and when it serves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

MOST_CUT_OFF_DAYS = 7
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Dish:
    """One dish; the English name may be empty."""

    name: str
    name_en: str = ""
    allergens: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PriceRule:
    """A price from an age on, in force from the first day until the last (None: for good)."""

    rule_id: UUID
    name: str
    name_en: str
    from_age: int
    price_fen: int
    first_day: date
    last_day: date | None = None
    window_from: time | None = None
    """Their own hours at the counter (专窗)."""
    window_to: time | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether the rule is in force."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, slots=True)
class KitchenDays:
    """When a kitchen serves and how early it wants to know; times are by the community's clock."""

    cut_off: time
    cut_off_days: int
    serves_from: time
    serves_to: time
    weekdays: frozenset[int]
    closed_days: frozenset[date]
    zone: ZoneInfo

    def serves_on(self, day: date) -> bool:
        """Tell whether the kitchen cooks on a day."""
        return day.isoweekday() in self.weekdays and day not in self.closed_days

    def cut_off_at(self, day: date) -> datetime:
        """Return until when a day may be changed."""
        return datetime.combine(day - self.cut_off_days * _DAY, self.cut_off, self.zone)

    def serving_window(self, day: date) -> tuple[datetime, datetime]:
        """Return from when until when meals of a day are handed out and brought."""
        return (
            datetime.combine(day, self.serves_from, self.zone),
            datetime.combine(day, self.serves_to, self.zone),
        )

    def last_closed(self, now: datetime) -> date:
        """Return the last day that may no longer be changed."""
        today = now.astimezone(self.zone).date()
        candidates = (today + number * _DAY for number in range(MOST_CUT_OFF_DAYS, -2, -1))
        return next((day for day in candidates if self.cut_off_at(day) <= now), today - _DAY)

    def first_open(self, now: datetime) -> date:
        """Return the first day that may still be changed."""
        return self.last_closed(now) + _DAY
