"""When points expire: monthly, those used first that came first, and nothing that was not announced before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

NOTICE_DAYS = 25
"""How long before it happens people are told, at least; a month is shorter than that only in part."""
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Announced:
    """What was said the last time: what was earned before a day, and not spent, will expire next."""

    at: datetime
    before: date


@dataclass(frozen=True, slots=True)
class Due:
    """What a month's run does.

    Parameters
    ----------
    expires_before
        What was earned before this day and not spent expires now; None: nothing yet.
    announces_before
        What will expire with the next run.
    next_run
        When that is.
    """

    expires_before: date | None
    announces_before: date
    next_run: date


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def months_later(first: date, months: int) -> date:
    """Return the first day of another month.

    Parameters
    ----------
    first, months
        The first day of a month, and how many later; below zero: earlier.
    """
    count = first.year * _MONTHS + first.month - 1 + months
    return date(count // _MONTHS, count % _MONTHS + 1, 1)


def due(today: date, now: datetime, months: int, last: Announced | None) -> Due:
    """Return what is due in this month.

    Parameters
    ----------
    today, now
        By the community's calendar, and the moment.
    months
        How old points become.
    last
        What was announced the last time; None: nothing yet.
    """
    month = month_of(today)
    upcoming = months_later(month, 1)
    told = last is not None and last.at <= now - timedelta(days=NOTICE_DAYS)
    expires = min(months_later(month, -months), last.before) if last and told else None
    return Due(expires, months_later(upcoming, -months), upcoming)


def oldest_of(lots: Sequence[tuple[date, int]], spent: int, points: int) -> list[tuple[date, int]]:
    """Return of which months the points are that go next: those that came first and are still there.

    Parameters
    ----------
    lots
        How many points came in which month, the oldest first.
    spent
        How many of them ever went, the oldest first.
    points
        How many go now; no more than are left.
    """
    found: list[tuple[date, int]] = []
    for month, came in lots:
        gone = min(spent, came)
        spent -= gone
        taken = min(came - gone, points)
        points -= taken
        if taken:
            found.append((month, taken))
    return found


def left_of(earned_before: int, spent: int, balance: int) -> int:
    """Return what is left of points that came before a day, where the oldest are used first.

    Parameters
    ----------
    earned_before
        What came before that day.
    spent
        All that ever went, less what was given back.
    balance
        What there is now.
    """
    return max(0, min(balance, earned_before - spent))
