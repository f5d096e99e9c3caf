"""Hours of service and the points they earn."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from gis.errors import InvalidInputError

POINTS_PER_HOUR = 10
FEWEST_H = 0.25
MOST_H = 4.0
MOST_EVENT_H = 12.0
"""Of one person on one day; what an office enters for an event may be longer than a task."""
RATES = range(1, 101)
"""Points per hour that a community may set."""


@dataclass(frozen=True, slots=True)
class Rates:
    """What an hour earns in a community, and how many hours a task may count.

    Parameters
    ----------
    per_hour
        Points, where the category has no rate of its own.
    by_category
        Categories that have one.
    most_h
        Hours of one task, at most.
    """

    per_hour: int = POINTS_PER_HOUR
    by_category: dict[str, int] = field(default_factory=dict)
    most_h: float = MOST_H

    def of(self, category: str | None) -> int:
        """Return points per hour for a category; None is what has none, such as an activity."""
        return self.by_category.get(category or "", self.per_hour)


def worked_hours(accepted_at: datetime, done_at: datetime, most_h: float = MOST_H) -> float:
    """Return the hours to book for a task: from its acceptance to its end, at least 0.25 and at most ``most_h``.

    Parameters
    ----------
    accepted_at, done_at
        As recorded by the service.
    most_h
        The community's cap.
    """
    spent_h = (done_at - accepted_at).total_seconds() / 3600
    return round(min(most_h, max(FEWEST_H, spent_h)), 2)


def checked_hours(stated: float, most_h: float = MOST_H) -> float:
    """Return hours stated by the one who verifies.

    Parameters
    ----------
    stated
        More than 0 and at most ``most_h``.
    most_h
        The community's cap.

    Raises
    ------
    InvalidInputError
        ``hours_out_of_range``.
    """
    if not 0 < stated <= most_h or round(stated, 2) <= 0:
        raise InvalidInputError(
            f"hours lie between 0 and {most_h}", code="hours_out_of_range", field="hours", most=f"{most_h:g}"
        )
    return round(stated, 2)


def points(hours: float, per_hour: int = POINTS_PER_HOUR) -> int:
    """Return the points that hours earn; any service earns at least one.

    Parameters
    ----------
    hours
        Verified hours.
    per_hour
        What an hour earns.
    """
    return max(1, round(hours * per_hour))
