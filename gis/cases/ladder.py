"""The ladder (升级): who is told when nobody takes a case, or when one that was taken is not done in time.

One table. A case that waits climbs by shares of its category's time to answer, on its category's clock: at a third of it
others farther off are asked, at two thirds the grid worker is told, at the deadline the desk, at twice the time the
sub-district. Offers that lapse bring it up sooner. A case in hand that misses a deadline climbs from the grid worker
on, a level for every further half of the time that there was. From the top there is no higher, but nothing is forgotten
there: the sub-district is told again. An acceptance, a referral or a decision takes it down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gis.cases.deadlines import Due, deadlines
from gis.cases.office import CaseClock
from gis.categories import HOUR_S, Category
from gis.words import TOP_LEVEL, Status


class Told(StrEnum):
    """Who is told of a case at a level."""

    RESPONDERS = "responders"
    GRID_WORKER = "grid_worker"
    DESK = "desk"
    SUB_DISTRICT = "sub_district"


@dataclass(frozen=True, slots=True)
class Rung:
    """One level.

    Parameters
    ----------
    level
        As stored with the case.
    radius_factor
        How much farther off responders are asked; 0: nobody is asked any more, people of the office decide.
    told
        Who.
    wait
        How long until the next level, as a share of the category's time to answer; None: there is none above, and who
        is told is told again.
    """

    level: int
    radius_factor: float
    told: Told
    wait: float | None


LADDER = (
    Rung(0, 1.0, Told.RESPONDERS, 1 / 3),
    Rung(1, 3.0, Told.RESPONDERS, 1 / 3),
    Rung(2, 0.0, Told.GRID_WORKER, 1 / 3),
    Rung(3, 0.0, Told.DESK, 1.0),
    Rung(4, 0.0, Told.SUB_DISTRICT, None),
)
TOP = TOP_LEVEL
WIDEST = max(one.radius_factor for one in LADDER)
"""How much farther off people are looked for at the most: what the office chooses among."""
FIRST_OFFICE = 2
"""The first level at which somebody of the office has the case."""
REMIND_S = 4.0 * HOUR_S
"""At the top people are told again after this long, or after the time to answer where that is longer; on the case's clock."""
AGAIN = 0.5
"""A missed deadline climbs again after this share of the time that there was."""

WAITING = frozenset({Status.OPEN, Status.OFFERED})
IN_HAND = frozenset({Status.ACCEPTED, Status.ON_SITE, Status.REFERRED})


def asks(level: int) -> bool:
    """Tell whether responders are still asked at a level."""
    return LADDER[level].radius_factor > 0


def radius_factor(level: int) -> float:
    """Return how much farther off responders are asked at a level; 0 where nobody is asked."""
    return LADDER[level].radius_factor


def next_climb(level: int, kind: Category, since: datetime, clock: CaseClock) -> datetime:
    """Return when a case that waits leaves a level, or, at the top, is told of again.

    Parameters
    ----------
    level
        On which it is.
    kind, clock
        Its category, and what its time is counted by.
    since
        When it should have come to the level by the table, which may be later than it did.
    """
    wait = LADDER[level].wait
    return reminder(kind, since, clock) if wait is None else clock.later(since, wait * kind.answer_s)


def reminder(kind: Category, now: datetime, clock: CaseClock) -> datetime:
    """Return when the top of the ladder is told again of a case that is still not settled.

    Parameters
    ----------
    kind, clock
        Its category, and what its time is counted by.
    now
        The time.
    """
    return clock.later(now, max(kind.answer_s, REMIND_S))


def opening(kind: Category, opened_at: datetime, clock: CaseClock) -> dict[str, datetime | None]:
    """Return the moments of a case that is opened, by the names of its columns.

    Parameters
    ----------
    kind, clock
        Its category, and what its time is counted by.
    opened_at
        When, by the server's clock.
    """
    return {**deadlines(kind, opened_at, clock).columns(), "climb_at": next_climb(0, kind, opened_at, clock)}


@dataclass(frozen=True, slots=True)
class Look:
    """A moment at which a case in hand is looked at: a deadline is near, or was missed."""

    at: datetime
    deadline: str
    overdue: bool


def looks(
    status: Status, kind: Category, on_site: Due | None, resolve: Due, clock: CaseClock
) -> tuple[Look, ...]:
    """Return when a case in hand is looked at, in order.

    Parameters
    ----------
    status
        Of the case; being on site is no deadline any more for who is there, or for an agency.
    kind, clock
        Its category, and what its time is counted by.
    on_site, resolve
        Its deadlines.
    """
    found: list[Look] = []
    if status is Status.ACCEPTED and on_site is not None:
        found += _looks("on_site", on_site, kind.on_site_s, clock)
    if status in IN_HAND:
        found += _looks("resolve", resolve, kind.resolve_s, clock)
    return tuple(sorted(found, key=lambda look: look.at))


def _looks(deadline: str, due: Due, allowed_s: float, clock: CaseClock) -> list[Look]:
    again = [clock.later(due.at, times * AGAIN * allowed_s) for times in range(TOP - FIRST_OFFICE + 1)]
    return [Look(due.soon_at, deadline, overdue=False), *(Look(at, deadline, overdue=True) for at in again)]


def overdue_level(level: int) -> int:
    """Return the level that a case in hand climbs to when it misses a deadline."""
    return min(TOP, max(FIRST_OFFICE, level + 1))
