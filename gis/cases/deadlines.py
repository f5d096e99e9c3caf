"""Until when a case should be answered and settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from gis.categories import Category


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The two moments that traffic lights on boards are measured by."""

    answer_due_at: datetime
    resolve_due_at: datetime


def deadlines(category: Category, opened_at: datetime) -> Deadlines:
    """Return a case's deadlines, on the wall clock.

    Parameters
    ----------
    category
        Holds the seconds allowed for each.
    opened_at
        When the case was opened, or opened again.
    """
    return Deadlines(
        opened_at + timedelta(seconds=category.answer_s), opened_at + timedelta(seconds=category.resolve_s)
    )
