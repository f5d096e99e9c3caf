"""Which moments count: months, weekdays or weekends, hours of the day, all by the wall clock."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gis.hotspots.arrays import Flags, Floats

DAY_S = 86_400.0
FIRST_MONDAY_DAY = 4
"""The fifth day of 1970 was a Monday."""
SATURDAY = 5
SEASONS = {"spring": (3, 4, 5), "summer": (6, 7, 8), "autumn": (9, 10, 11), "winter": (12, 1, 2)}
DAYS = ("weekday", "weekend")


@dataclass(frozen=True, slots=True)
class Moments:
    """What is looked at; empty and None: no restriction.

    Parameters
    ----------
    months
        1 to 12.
    day
        ``weekday`` or ``weekend``.
    hours
        From an hour until before another; 22 until 5 passes midnight.
    """

    months: tuple[int, ...] = ()
    day: str = ""
    hours: tuple[int, int] | None = None

    def keep(self, local_s: Floats) -> Flags:
        """Tell of each moment, in seconds since 1970 by the wall clock, whether it counts."""
        kept = np.ones(len(local_s), dtype=np.bool_)
        if self.months:
            month = local_s.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64) % 12 + 1
            kept &= np.isin(month, self.months)
        if self.day:
            weekend = (local_s // DAY_S - FIRST_MONDAY_DAY) % 7 >= SATURDAY
            kept &= weekend if self.day == "weekend" else ~weekend
        if self.hours is not None:
            first, end = self.hours
            hour = local_s % DAY_S // 3600.0
            inside = (hour >= first) & (hour < end)
            kept &= inside if first < end else (hour >= first) | (hour < end)
        return kept
