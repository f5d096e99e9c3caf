"""What becomes of a case that nobody has taken, or that is not done in time: the next is asked, or it climbs the ladder.

A case carries the moment at which the ladder looks at it next. Whoever looks holds the case and moves that moment on in
the same transaction, so that a job that comes twice, or the sweep beside it, finds nothing left to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from gis.cases import ladder
from gis.cases.ladder import Told
from gis.errors import ConflictError
from gis.flows.clocks import await_climb, case_clock, deadlines_of, next_look
from gis.flows.notify import notify
from gis.flows.offer_case import offer_case
from gis.flows.work import Work
from gis.store import cases, notices, offers
from gis.store.cases import LockedCase
from gis.words import SUB_DISTRICT, Notice, Role, Status

EARLY = timedelta(seconds=5)
"""So much the database's clock, by which jobs start, may be ahead of ours."""
REASONS = {"on_site": "not_on_site", "resolve": "not_resolved"}


async def ask_next(work: Work, community_id: str, case_id: UUID) -> None:
    """Offer a case that was declined or ran out to the next; after too many it climbs.

    Parameters
    ----------
    work, community_id, case_id
        Which case; it is open again.
    """
    case = await cases.lock(work.session, community_id, case_id)
    if case is None or case.facts.status is not Status.OPEN:
        return
    if _is_due(work, case):
        await climb(work, community_id, case_id)
    elif ladder.asks(case.escalation) and (
        await offers.lapsed(work.session, community_id, case_id) >= work.settings.dispatch.max_offers
    ):
        await _climb_waiting(work, community_id, case, "offers_lapsed")
    elif await offer_case(work, community_id, case_id) is None:
        await await_climb(work, community_id, case_id, case.climb_at)


async def look_after(work: Work, community_id: str, case_id: UUID) -> None:
    """Offer a waiting case, or let it climb when its time has come.

    Parameters
    ----------
    work, community_id, case_id
        Which case.
    """
    case = await cases.lock(work.session, community_id, case_id)
    if case is None:
        return
    if _is_due(work, case):
        await climb(work, community_id, case_id)
    else:
        await offer_case(work, community_id, case_id)


async def climb(work: Work, community_id: str, case_id: UUID) -> None:
    """Do what the ladder awaits of a case at this time; late, early, twice or at the same time it does no harm.

    Parameters
    ----------
    work, community_id, case_id
        Which case. One that is offered waits for its offer to end, a paused one for its clock.
    """
    case = await cases.lock(work.session, community_id, case_id)
    if case is None or case.climb_at is None or case.paused_at is not None:
        return
    if not _is_due(work, case):
        if case.climb_at - work.clock.now() <= EARLY:
            await await_climb(work, community_id, case_id, case.climb_at)
        return
    if case.facts.status is Status.OPEN:
        await _climb_waiting(work, community_id, case, "not_answered")
    elif case.facts.status in ladder.IN_HAND:
        await _look_at_work(work, community_id, case)


def _is_due(work: Work, case: LockedCase) -> bool:
    return case.climb_at is not None and case.climb_at <= work.clock.now()


async def _climb_waiting(work: Work, community_id: str, case: LockedCase, reason: str) -> None:
    """Bring a case that nobody has taken up by a level, and by more where the service was away for long."""
    kind = await work.atlas.kind(work.session, community_id, case.facts.category)
    clock = await case_clock(work, community_id, kind)
    if case.escalation >= ladder.TOP:
        following = ladder.reminder(kind, work.clock.now(), clock)
        await _escalate(work, community_id, case, ladder.TOP, reason, following, verb="remind")
        await await_climb(work, community_id, case.facts.case_id, following)
        return
    held: LockedCase | None = case
    while held is not None and held.escalation < ladder.TOP:
        level = held.escalation + 1
        since = held.climb_at or work.clock.now()
        following = ladder.next_climb(level, kind, since, clock)
        await _escalate(work, community_id, held, level, reason, following)
        held, reason = await cases.lock(work.session, community_id, case.facts.case_id), "not_answered"
        if held is None or not _is_due(work, held):
            break
    if held is not None and not (
        ladder.asks(held.escalation) and await offer_case(work, community_id, case.facts.case_id)
    ):
        await await_climb(work, community_id, case.facts.case_id, held.climb_at)


async def _look_at_work(work: Work, community_id: str, case: LockedCase) -> None:
    """Tell of a deadline that is near, or bring a case that misses one up by a level."""
    facts, now = case.facts, work.clock.now()
    kind = await work.atlas.kind(work.session, community_id, facts.category)
    clock = await case_clock(work, community_id, kind)
    found = deadlines_of(case.moments)
    since = case.climb_at or now
    seen = [
        one
        for one in ladder.looks(facts.status, kind, found.on_site, found.resolve, clock)
        if since <= one.at <= now
    ]
    missed = next((one for one in reversed(seen) if one.overdue), None)
    near = next((one for one in reversed(seen) if not one.overdue), None)
    level = ladder.overdue_level(case.escalation) if missed else case.escalation
    following = next_look(facts.status, kind, found, clock, now, level)
    at_top = case.escalation >= ladder.TOP
    overdue = missed.deadline if missed else "resolve" if at_top and found.resolve.at <= now else None
    if overdue is not None:
        verb = "remind" if at_top else "escalate"
        await _escalate(work, community_id, case, level, REASONS[overdue], following, verb=verb)
    elif near is not None:
        await _say_near(work, community_id, case, near.deadline)
    if overdue is None:
        await cases.set_climb(work.session, community_id, facts.case_id, following)
    await await_climb(work, community_id, facts.case_id, following)


async def _escalate(  # noqa: PLR0917 - what climbs where, why, and what is awaited then
    work: Work,
    community_id: str,
    case: LockedCase,
    level: int,
    reason: str,
    following: datetime | None,
    *,
    verb: str = "escalate",
) -> None:
    """Put a case on a level, or tell again of one at the top: an event says why, and who is told there is told."""
    told = ladder.LADDER[level].told
    state = await cases.change(
        work.session,
        community_id,
        case.facts,
        verb,
        case.facts.status,
        at=work.clock.now(),
        actor_id=None,
        reason=reason,
        data={"level": level, "told": told.value},
        columns={"escalation": level, "climb_at": following},
    )
    if state is None:
        raise ConflictError("somebody else changed the case first", code="changed_meanwhile")
    overdue = reason in REASONS.values()
    people = await _people(work, community_id, case, told)
    if overdue and case.facts.assignee_id is not None:
        people = [case.facts.assignee_id, *people]
    await notify(
        work,
        community_id,
        Notice(
            "overdue" if overdue else "escalated",
            tuple(dict.fromkeys(people)),
            case_id=case.facts.case_id,
            urgent=case.urgent,
            data={"level": level},
            key=f"{level}:{state.revision}",
        ),
    )


async def _say_near(work: Work, community_id: str, case: LockedCase, deadline: str) -> None:
    """Say that 80% of a deadline's time is used, to who has the case and to the grid worker."""
    facts = case.facts
    state = await cases.change(
        work.session,
        community_id,
        facts,
        "due_soon",
        facts.status,
        at=work.clock.now(),
        actor_id=None,
        reason=f"{deadline}_soon",
        data={"deadline": deadline},
    )
    if state is None:
        raise ConflictError("somebody else changed the case first", code="changed_meanwhile")
    people = [facts.assignee_id] if facts.assignee_id is not None else []
    people += await _people(work, community_id, case, Told.GRID_WORKER)
    notice = Notice(
        "due_soon",
        tuple(dict.fromkeys(people)),
        case_id=facts.case_id,
        urgent=case.urgent,
        data={"deadline": deadline},
        key=f"{deadline}:{state.revision}",
    )
    await notify(work, community_id, notice)


async def _people(work: Work, community_id: str, case: LockedCase, told: Told) -> Sequence[UUID]:
    """Return who is told at a level; where there is nobody, who is told at the next, in the end the desk."""
    session, found = work.session, list[UUID]()
    if told in {Told.RESPONDERS, Told.GRID_WORKER} and case.facts.grid_code:
        grid = case.facts.grid_code
        found = await notices.people_of(session, community_id, role=Role.GRID_WORKER, grid_code=grid)
    elif told is Told.SUB_DISTRICT:
        found = await notices.people_of(session, community_id, agency_code=SUB_DISTRICT)
    return found or await notices.people_of(session, community_id, role=Role.DESK)
