"""Star volunteers of a year (年度星级志愿者): by hours that the office sets; a sign of thanks, not a race."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from gis.errors import InvalidInputError

MOST_STARS = 5
MOST_H = 5000.0


def stars_for(hours: float, thresholds: Sequence[float]) -> int:
    """Return the stars of somebody's hours in a year.

    Parameters
    ----------
    hours
        That stand.
    thresholds
        For one star, two, and so on.
    """
    return sum(hours >= least for least in thresholds)


def checked_thresholds(given: Sequence[float]) -> tuple[float, ...]:
    """Return hours for stars: one to five, each more than the one before.

    Parameters
    ----------
    given
        As typed.

    Raises
    ------
    InvalidInputError
        ``star_hours_invalid``.
    """
    found = tuple(round(one, 1) for one in given)
    rising = all(low < high for low, high in pairwise(found))
    if not 0 < len(found) <= MOST_STARS or not rising or found[0] <= 0 or not found[-1] <= MOST_H:
        raise InvalidInputError(
            "not rising hours", code="star_hours_invalid", field="star_hours", most=MOST_STARS
        )
    return found
