"""What may be ordered, for how many, how long and how far ahead, and whose consent it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from gis.errors import InvalidInputError
from gis.recurrence import Recurrence, Repeat, local_day
from gis.words import Role

MOST_SEATS = 10
MOST_DAYS = 92
PLANNED_DAYS = 14
"""Occurrences are made so many days ahead."""
LATE = timedelta(minutes=15)
"""A window may have begun so long ago: who chose "now" took a while to fill in the form."""
LONGEST = timedelta(hours=12)
CONSENT_VERSION = "2026-11"
"""Of the text that is agreed to; changed whenever the text is."""


@dataclass(frozen=True, slots=True)
class OrderRule:
    """How one kind of service is ordered.

    Parameters
    ----------
    lead_s
        So long before the window starts it is offered, not earlier.
    personal
        It is done for one person: the office orders it only with their consent.
    """

    lead_s: int
    personal: bool = True


RULES: Mapping[str, OrderRule] = {
    "meal_delivery": OrderRule(3600),
    "company_clinic": OrderRule(7200),
    "shopping": OrderRule(7200),
    "furniture": OrderRule(7200),
    "lamp_change": OrderRule(7200, personal=False),
    "patrol_route": OrderRule(3600, personal=False),
}
"""By the category's code, in the order in which they are shown."""
ORDER_ONLY = frozenset(RULES) - {"meal_delivery"}
"""These are not reported as problems."""
_OFFICE = frozenset({Role.ADMIN, Role.DESK, Role.GRID_WORKER})


def rule_of(code: str) -> OrderRule:
    """Return how a category is ordered.

    Raises
    ------
    InvalidInputError
        ``order_category``.
    """
    found = RULES.get(code)
    if found is None:
        raise InvalidInputError(f"{code} can't be ordered", code="order_category", field="category")
    return found


def checked_window(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Refuse a window that nobody could keep.

    Raises
    ------
    InvalidInputError
        ``order_window_order``, ``order_window_long``, ``order_window_past``, ``order_too_far_ahead``.
    """
    if ends_at <= starts_at:
        raise InvalidInputError("it ends before it starts", code="order_window_order", field="ends_at")
    if ends_at - starts_at > LONGEST:
        hours = int(LONGEST.total_seconds() // 3600)
        raise InvalidInputError(
            f"at most {hours} hours", code="order_window_long", field="ends_at", limit=hours
        )
    if starts_at < now - LATE or ends_at <= now:
        raise InvalidInputError("the time has passed", code="order_window_past", field="starts_at")
    if starts_at > now + timedelta(days=MOST_DAYS):
        raise InvalidInputError(
            f"at most {MOST_DAYS} days ahead", code="order_too_far_ahead", field="starts_at", limit=MOST_DAYS
        )


def checked_recurrence(
    repeat: str, starts_at: datetime, until: date | None, weekdays: frozenset[int], zone: ZoneInfo
) -> Recurrence:
    """Return on which days it comes, within limits.

    Parameters
    ----------
    repeat, until, weekdays
        As stated; weekly without a weekday: on the first one's.
    starts_at, zone
        The first window's start, and the community's zone.

    Raises
    ------
    InvalidInputError
        ``order_repeat``, ``order_without_end``, ``order_until``, ``order_too_long``, ``order_weekday``.
    """
    if repeat not in set(Repeat):
        raise InvalidInputError("once, daily or weekly", code="order_repeat", field="repeat")
    first, kind = local_day(starts_at, zone), Repeat(repeat)
    if kind is Repeat.ONCE:
        return Recurrence(kind, first, first)
    if until is None:
        raise InvalidInputError("until when?", code="order_without_end", field="until")
    if until < first:
        raise InvalidInputError("the end is before the beginning", code="order_until", field="until")
    if until - first > timedelta(days=MOST_DAYS):
        raise InvalidInputError(
            f"at most {MOST_DAYS} days", code="order_too_long", field="until", limit=MOST_DAYS
        )
    if not weekdays <= frozenset(range(1, 8)):
        raise InvalidInputError("weekdays are 1 to 7", code="order_weekday", field="weekdays")
    on = (weekdays or frozenset({first.isoweekday()})) if kind is Repeat.WEEKLY else frozenset()
    found = Recurrence(kind, first, until, on)
    if next(found.days(), None) is None:
        raise InvalidInputError("none of the days lies before the end", code="order_until", field="until")
    return found


def checked_seats(seats: int, responders: int) -> int:
    """Return how many are wanted each time.

    Raises
    ------
    InvalidInputError
        ``order_seats``: none, or more than may be asked for, or than there are people.
    """
    most = max(1, min(MOST_SEATS, responders))
    if not 1 <= seats <= most:
        raise InvalidInputError(f"1 to {most}", code="order_seats", field="seats", limit=most)
    return seats


def checked_consent(
    rule: OrderRule, role: Role, for_name: str, consent_by: str, version: str | None
) -> str | None:
    """Return the version of the text that was agreed to; None where it is one's own order.

    Parameters
    ----------
    rule, role
        What is ordered by whom.
    for_name, consent_by, version
        For whom, who has agreed, and to which text.

    Raises
    ------
    InvalidInputError
        ``order_for_whom``, ``consent_missing``, ``consent_outdated``.
    """
    if not for_name and not (rule.personal and role in _OFFICE):
        return None
    if not for_name:
        raise InvalidInputError("for whom?", code="order_for_whom", field="for_name")
    if not consent_by or not version:
        raise InvalidInputError("who has agreed?", code="consent_missing", field="consent_by")
    if version != CONSENT_VERSION:
        raise InvalidInputError("the text has changed", code="consent_outdated", field="consent_version")
    return version
