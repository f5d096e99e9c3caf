"""What time does to a case: its clock, what the ladder awaits next, and how every change sets both going anew."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from gis.cases import ladder
from gis.cases.categories import Category
from gis.cases.deadlines import Deadlines, Due, due, moved
from gis.cases.office import WALL, CaseClock
from gis.flows.work import Work
from gis.store import pauses
from gis.store.cases import LockedCase
from gis.store.jobs import Later
from gis.words import Status, Verb

GOES_ON = frozenset(
    {
        Verb.OFFER,
        Verb.EXPIRE,
        Verb.DECLINE,
        Verb.WITHDRAW,
        Verb.PROGRESS,
        Verb.ASK_HELP,
        Verb.HAND_OVER,
        Verb.REFUSE_HAND_OVER,
        Verb.WITHDRAW_HAND_OVER,
        Verb.PAUSE,
        Verb.APPROVE_PAUSE,
        Verb.REFUSE_PAUSE,
        Verb.RESUME,
        Verb.SET_URGENT,
    }
)
"""After these the case climbs on as before; everything else is an answer and takes it down the ladder."""
NOT_PAUSED: Mapping[str, None] = {"paused_at": None, "pause_ends_at": None}


async def case_clock(work: Work, community_id: str, kind: Category) -> CaseClock:
    """Return what the time of a category's cases is counted by.

    Parameters
    ----------
    work, community_id, kind
        Where, and which category.
    """
    if kind.urgent:
        return WALL
    return (await work.atlas.get(work.session, community_id)).calendar.clock(kind)


def deadlines_of(moments: Mapping[str, Any]) -> Deadlines:
    """Return a case's deadlines; one from before lights has them without a moment at which they are near.

    Parameters
    ----------
    moments
        By the names of the columns.
    """

    def one(name: str, otherwise: str = "") -> Due:
        at = moments[f"{name}_due_at"] or moments[otherwise]
        return Due(moments[f"{name}_soon_at"] or at, at)

    return Deadlines(one("answer"), one("on_site", "resolve_due_at"), one("resolve"))


async def answered(
    work: Work,
    community_id: str,
    case: LockedCase,
    to: Status,
    given: Mapping[str, Any],
    *,
    by: UUID | None,
) -> dict[str, Any]:
    """Return the columns of a case that somebody has answered: down from the ladder, a pause ended, the next look set.

    Parameters
    ----------
    work, community_id, case
        The case, held, as it was before.
    to
        Its status from now on.
    given
        Columns that the act sets itself: new deadlines, or a level that it is raised to.
    by
        Who acts.
    """
    now = work.clock.now()
    kind = await work.atlas.kind(work.session, community_id, case.facts.category)
    level = int(given.get("escalation", 0))
    columns: dict[str, Any] = {"escalation": level, "climb_at": None}
    if to not in ladder.WAITING | ladder.IN_HAND and case.pause is None:
        return columns
    clock = await case_clock(work, community_id, kind)
    if case.pause is not None:
        columns |= await ended_pause(work, community_id, case, clock, by=by)
    if to is Status.ACCEPTED and case.starts_at is None:  # an ordered service has its own time to be there
        here = due(clock, now, kind.on_site_s)
        columns |= {"on_site_soon_at": here.soon_at, "on_site_due_at": here.at}
    if to in ladder.WAITING:
        columns["climb_at"] = ladder.next_climb(level, kind, now, clock)
    elif to in ladder.IN_HAND:
        found = deadlines_of({**case.moments, **columns, **given})
        columns["climb_at"] = next_look(to, kind, found, clock, now, level)
    return columns


async def ended_pause(
    work: Work, community_id: str, case: LockedCase, clock: CaseClock, *, by: UUID | None
) -> dict[str, Any]:
    """End a case's pause, or the question for one, and return the columns; deadlines move by the time that it lasted.

    Parameters
    ----------
    work, community_id, case, clock
        The case, held, and what its time is counted by.
    by
        Who ended it; None: it ended by itself.
    """
    now = work.clock.now()
    await pauses.end(work.session, community_id, case.facts.case_id, by=by, now=now)
    if case.paused_at is None:
        return {}
    at_agency = await pauses.referral_due(work.session, community_id, case.facts.case_id)
    if at_agency is not None and at_agency > case.paused_at:
        left_s = clock.between(case.paused_at, at_agency)
        await pauses.move_referral(work.session, community_id, case.facts.case_id, clock.later(now, left_s))
    return {**moved(deadlines_of(case.moments), clock, case.paused_at, now).columns(), **NOT_PAUSED}


def next_look(  # noqa: PLR0917 - how a case stands to its deadlines
    status: Status, kind: Category, found: Deadlines, clock: CaseClock, now: datetime, level: int
) -> datetime | None:
    """Return when a case in hand is looked at next; None when nothing is awaited of it.

    Parameters
    ----------
    status, kind, found, clock
        The case.
    now, level
        The time, and how high it has climbed: at the top people are told again for as long as it isn't settled.
    """
    coming = ladder.looks(status, kind, found.on_site, found.resolve, clock)
    at_top = ladder.reminder(kind, now, clock) if coming and level >= ladder.TOP else None
    return next((one.at for one in coming if one.at > now), at_top)


def climb_awaited(community_id: str, case_id: UUID, at: datetime) -> Later:
    """Return the task that has the ladder look at a case that nobody was asked for.

    Parameters
    ----------
    community_id, case_id, at
        Which case, and when.
    """
    return Later("climb", at, {"community_id": community_id, "case_id": str(case_id)}, offered=False)


async def await_climb(work: Work, community_id: str, case_id: UUID, at: datetime | None) -> None:
    """Have the ladder look at a case at a moment, by a job of the same transaction.

    Parameters
    ----------
    work, community_id, case_id
        Which case.
    at
        When; None: nothing is awaited.
    """
    if at is not None:
        later = climb_awaited(community_id, case_id, at)
        await work.jobs.defer(work.session, later.task, at=later.at, **later.args)
