"""Deciding at one of the three levels: settled here, or passed up; from the community up, that calls the sub-district."""

from __future__ import annotations

from uuid import UUID

from gis.cases.referrals import level_of, may_decide
from gis.cases.transitions import transition
from gis.errors import InvalidInputError, NotAllowedError
from gis.flows.acting import change, hold
from gis.flows.notify import notify
from gis.flows.refer import refer
from gis.flows.texts import required
from gis.flows.work import Work
from gis.store import referrals
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
    now = work.clock.now()
    columns: dict[str, object] = {"answered_at": case.answered_at or now}
    if decision is Decision.RAISE:
        columns = (
            {"escalation": max(case.escalation, FOR_THE_DESK)} if case.facts.status is Status.OPEN else {}
        )
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
