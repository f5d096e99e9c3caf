"""Deciding at one of the three levels: settled here, or passed up; from the community up, that calls the sub-district."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from gis.cases.ladder import next_climb
from gis.cases.referrals import level_of, may_decide
from gis.cases.transitions import transition
from gis.errors import InvalidInputError, NotAllowedError
from gis.flows.acting import change, hold
from gis.flows.clocks import case_clock
from gis.flows.notify import notify
from gis.flows.refer import refer
from gis.flows.texts import required
from gis.flows.work import Work
from gis.store import referrals
from gis.store.cases import LockedCase
from gis.words import SUB_DISTRICT, Actor, CaseState, Decision, DecisionLevel, Notice, Status, Verb

FOR_THE_DESK = 3
"""Step of the ladder at which a case is the desk's to decide."""


async def decide(  # noqa: PLR0917 - who decides what for which case, at which level, and why
    work: Work,
    actor: Actor,
    case_id: UUID,
    decision: Decision,
    reason: str,
    level: DecisionLevel | None = None,
) -> CaseState:
    """Decide on a case; who decided what at which level, and why, is an event.

    Parameters
    ----------
    work, actor, case_id
        Who decides on which case.
    decision
        Whether it is settled at this level or passed up.
    reason
        Needed.
    level
        None: the actor's own.

    Raises
    ------
    NotAllowedError
        ``level_not_yours``.
    InvalidInputError
        ``no_level_above``, ``reason_needed``.
    ConflictError
        ``already_referred``: the sub-district has it.
    """
    said = required(reason, "reason", limit=500)
    case, found = await hold(work, actor, case_id)
    transition(case.facts, Verb.DECIDE, found)
    at = level or level_of(found) or DecisionLevel.COURTYARD
    if not may_decide(at, found):
        raise NotAllowedError(f"the {at} is decided for by others", code="level_not_yours", level=at.value)
    if decision is Decision.RAISE and at is DecisionLevel.SUB_DISTRICT:
        raise InvalidInputError("there is no level above", code="no_level_above", field="decision")
    data = {"level": at.value, "decision": decision.value}
    if decision is Decision.RAISE and at is DecisionLevel.COMMUNITY:
        return await refer(work, actor, case_id, SUB_DISTRICT, said, data=data)
    if decision is Decision.RAISE:
        columns = await _raised(work, actor.community_id, case)
    else:
        columns = {"answered_at": case.answered_at or work.clock.now()}
    state = await change(
        work,
        actor.community_id,
        case,
        Verb.DECIDE,
        found,
        actor=actor,
        reason=said,
        data=data,
        columns=columns,
    )
    if decision is Decision.RAISE:
        people = await referrals.answerable(work.session, actor.community_id, case.facts)
        notice = Notice(
            "escalated",
            [one for one in people if one != actor.person_id],
            case_id,
            urgent=case.urgent,
            data={"level": FOR_THE_DESK, "reason": said},
            key=f"raised {state.revision}",
        )
        await notify(work, actor.community_id, notice)
    return state


async def _raised(work: Work, community_id: str, case: LockedCase) -> dict[str, Any]:
    """Return the columns of a case that is passed up: one that waits is the desk's, one in hand stays as it is."""
    if case.facts.status is not Status.OPEN:
        return {"escalation": case.escalation, "climb_at": case.climb_at}
    level = max(case.escalation, FOR_THE_DESK)
    kind = await work.atlas.kind(work.session, community_id, case.facts.category)
    clock = await case_clock(work, community_id, kind)
    return {"escalation": level, "climb_at": next_climb(level, kind, work.clock.now(), clock)}
