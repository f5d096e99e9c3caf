"""Hours of service and the points they earn."""

from __future__ import annotations

from datetime import datetime

from gis.errors import InvalidInputError

POINTS_PER_HOUR = 10
FEWEST_H = 0.25
MOST_H = 4.0


def worked_hours(accepted_at: datetime, done_at: datetime) -> float:
    """Return the hours to book for a task: from its acceptance to its end, at least 0.25 and at most 4.

    Parameters
    ----------
    accepted_at, done_at
        As recorded by the service.
    """
    spent_h = (done_at - accepted_at).total_seconds() / 3600
    return round(min(MOST_H, max(FEWEST_H, spent_h)), 2)


def checked_hours(stated: float) -> float:
    """Return hours stated by the one who verifies.

    Parameters
    ----------
    stated
        More than 0 and at most 4.

    Raises
    ------
    InvalidInputError
        ``hours_out_of_range``.
    """
    if not 0 < stated <= MOST_H:
        raise InvalidInputError(
            f"hours lie between 0 and {MOST_H}", code="hours_out_of_range", field="hours", most=MOST_H
        )
    return round(stated, 2)


def points(hours: float) -> int:
    """Return the points that hours earn; any service earns at least one.

    Parameters
    ----------
    hours
        Verified hours.
    """
    return max(1, round(hours * POINTS_PER_HOUR))
