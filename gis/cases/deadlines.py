"""Until when a case should be answered, somebody be on site, and it be settled.

Every deadline has a moment before it, when 80% of its time is used: from there on its light is yellow.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from gis.cases.office import CaseClock
from gis.categories import Category

SOON = 0.8
"""The share of the time after which a deadline is near."""


class Due(NamedTuple):
    """A deadline and the moment from which it is near."""

    soon_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The moments that lights and the ladder go by."""

    answer: Due
    on_site: Due
    """Before somebody accepts: as if they did at the last moment."""
    resolve: Due

    def columns(self) -> dict[str, datetime]:
        """Return them by the names of the case's columns."""
        found: dict[str, datetime] = {}
        for name, due in (("answer", self.answer), ("on_site", self.on_site), ("resolve", self.resolve)):
            found |= {f"{name}_soon_at": due.soon_at, f"{name}_due_at": due.at}
        return found


def due(clock: CaseClock, start: datetime, seconds: float) -> Due:
    """Return a deadline.

    Parameters
    ----------
    clock
        What time is counted by.
    start
        From when on.
    seconds
        How much time there is.
    """
    return Due(clock.later(start, SOON * seconds), clock.later(start, seconds))


def deadlines(category: Category, opened_at: datetime, clock: CaseClock) -> Deadlines:
    """Return a case's deadlines.

    Parameters
    ----------
    category
        Holds the seconds allowed for each.
    opened_at
        When the case was opened, or opened again, by the server's clock.
    clock
        The category's.
    """
    answer = due(clock, opened_at, category.answer_s)
    return Deadlines(
        answer,
        due(clock, answer.at, category.on_site_s),
        due(clock, opened_at, category.resolve_s),
    )


def moved(found: Deadlines, clock: CaseClock, paused_at: datetime, resumed_at: datetime) -> Deadlines:
    """Return deadlines after a pause: what was left of each when it began is left when it ends.

    Parameters
    ----------
    found
        As they were when the pause began; those missed by then stay missed.
    clock
        The category's.
    paused_at, resumed_at
        When the clock was stopped and set going again.
    """

    def later(moment: datetime) -> datetime:
        if moment <= paused_at:
            return moment
        return clock.later(resumed_at, clock.between(paused_at, moment))

    def both(one: Due) -> Due:
        return Due(later(one.soon_at), later(one.at))

    return replace(found, answer=both(found.answer), on_site=both(found.on_site), resolve=both(found.resolve))
