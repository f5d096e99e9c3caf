"""When the case of an ordered window is opened, and until when it should be answered, attended and done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

ANSWER_SHARE = 0.25
"""Ordered when its window has begun, this share of what is left is for finding somebody."""
ON_SITE_SHARE = 0.5
SOON = 0.8
CLIMB_SHARE = 1 / 3


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """From when until when somebody is wanted."""

    starts_at: datetime
    ends_at: datetime


def release_at(window: TimeWindow, lead_s: float) -> datetime:
    """Return from when on it is offered.

    Parameters
    ----------
    window, lead_s
        When somebody is wanted, and how long before they are looked for.
    """
    return window.starts_at - timedelta(seconds=lead_s)


def moments(window: TimeWindow, opened_at: datetime) -> dict[str, datetime | None]:
    """Return the moments of its case, by the names of the columns; they lie on the wall clock, as the window does.

    Answered before it starts, somebody there by its half, done at its end. The ladder has a third of the time until the
    answer for each of its first steps.

    Parameters
    ----------
    window, opened_at
        When somebody is wanted, and when the case is opened: before the window ends.
    """
    left = window.ends_at - opened_at
    answer = window.starts_at if window.starts_at > opened_at else opened_at + ANSWER_SHARE * left
    half = window.starts_at + ON_SITE_SHARE * (window.ends_at - window.starts_at)
    here = half if half > answer else answer + ON_SITE_SHARE * (window.ends_at - answer)

    def soon(at: datetime) -> datetime:
        return opened_at + SOON * (at - opened_at)

    return {
        "answer_soon_at": soon(answer),
        "answer_due_at": answer,
        "on_site_soon_at": soon(here),
        "on_site_due_at": here,
        "resolve_soon_at": soon(window.ends_at),
        "resolve_due_at": window.ends_at,
        "climb_at": opened_at + CLIMB_SHARE * (answer - opened_at),
    }
