"""On which days the kitchen cooks, and until when a day may still be changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from gis.errors import InvalidInputError
from gis.recurrence import DAY
from gis.words.meals import MOST_CUT_OFF_DAYS, KitchenDays

WEEKDAYS = frozenset(range(1, 8))
MOST_STOPS = 40
MOST_IN_ROUND = 200
LONGEST_CLOSED = 366


def checked_days(days: KitchenDays, most_stops: int, most_servings: int) -> KitchenDays:
    """Return a kitchen's days, or say what is wrong with them.

    Parameters
    ----------
    days, most_stops, most_servings
        As stated; the last two are limits of one round.

    Raises
    ------
    InvalidInputError
        ``kitchen_hours``, ``kitchen_weekdays``, ``kitchen_cut_off_days``, ``kitchen_cut_off_late``,
        ``kitchen_closed_days``, ``kitchen_round``.
    """
    if days.serves_to <= days.serves_from:
        raise InvalidInputError("they end before they begin", code="kitchen_hours", field="serves_to")
    if not days.weekdays or not days.weekdays <= WEEKDAYS:
        raise InvalidInputError("on which weekdays?", code="kitchen_weekdays", field="weekdays")
    if not 0 <= days.cut_off_days <= MOST_CUT_OFF_DAYS:
        limit = MOST_CUT_OFF_DAYS
        raise InvalidInputError(
            f"0 to {limit}", code="kitchen_cut_off_days", field="cut_off_days", limit=limit
        )
    if days.cut_off_days == 0 and days.cut_off >= days.serves_from:
        raise InvalidInputError("after the meal", code="kitchen_cut_off_late", field="cut_off")
    if len(days.closed_days) > LONGEST_CLOSED:
        raise InvalidInputError("too many", code="kitchen_closed_days", field="closed_days")
    if not 1 <= most_stops <= MOST_STOPS:
        raise InvalidInputError(
            f"1 to {MOST_STOPS}", code="kitchen_round", field="most_stops", limit=MOST_STOPS
        )
    if not 1 <= most_servings <= MOST_IN_ROUND:
        raise InvalidInputError(
            f"1 to {MOST_IN_ROUND}", code="kitchen_round", field="most_servings", limit=MOST_IN_ROUND
        )
    return days


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.isoweekday() - 1)


def week_of(monday: date) -> list[date]:
    """Return the seven days of a week."""
    return [monday + number * DAY for number in range(7)]


def eats_on(
    day: date,
    first: date,
    last: date | None,
    weekdays: Collection[int],
    pauses: Sequence[tuple[date, date]] = (),
) -> bool:
    """Tell whether a subscription has a meal on a day: the rule that the store's statement follows.

    Parameters
    ----------
    day
        Which.
    first, last, weekdays
        Of the subscription.
    pauses
        First and last days of what was called off.
    """
    within = first <= day and (last is None or day <= last) and day.isoweekday() in weekdays
    return within and not any(begin <= day <= end for begin, end in pauses)
