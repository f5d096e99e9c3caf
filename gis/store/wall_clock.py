"""A million moments by a wall clock, worked out here: the server takes longer for each of them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
DAY_S, STEP_S = 86_400.0, 900.0
"""Offsets change at whole quarters of an hour."""


def wall_clock_s(utc_s: Floats, zone: ZoneInfo) -> Floats:
    """Return seconds since 1970 by a wall clock.

    Parameters
    ----------
    utc_s
        Seconds since 1970, UTC.
    zone
        Whose clock.
    """
    if not len(utc_s):
        return utc_s
    first = np.floor(utc_s.min() / DAY_S)
    day = np.floor(utc_s / DAY_S - first).astype(np.int64)
    offsets = _offsets_s((first + np.arange(int(day.max()) + 2)) * DAY_S, zone)
    found: Floats = utc_s + offsets[day]
    for row in np.flatnonzero(np.diff(offsets)):  # clocks are put forward or back on this day
        there = day == row
        step = np.floor((utc_s[there] - (first + row) * DAY_S) / STEP_S).astype(np.int64)
        within = _offsets_s((first + row) * DAY_S + np.arange(int(DAY_S / STEP_S)) * STEP_S, zone)
        found[there] = utc_s[there] + within[step]
    return found


def _offsets_s(moments_s: Floats, zone: ZoneInfo) -> Floats:
    """Return how far a wall clock is ahead of UTC."""
    moments = (
        datetime.fromtimestamp(one, zone).replace(tzinfo=UTC).timestamp() for one in moments_s.tolist()
    )
    return np.fromiter(moments, dtype=np.float64, count=len(moments_s)) - moments_s
