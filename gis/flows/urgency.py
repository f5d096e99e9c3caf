"""Marking a case as urgent, or no longer: urgent ones are offered first, and news of them pass quiet hours."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from gis.cases.transitions import transition
from gis.flows.acting import change, hold
from gis.flows.texts import plain
from gis.flows.work import Work
from gis.words import Actor, CaseState, Verb


async def set_urgent(
    work: Work, actor: Actor, case_id: UUID, *, urgent: bool, reason: str = "", undoes: int | None = None
) -> CaseState:
    """Mark a case as urgent, or take the mark away; its deadlines stay those of its category.

    Parameters
    ----------
    work, actor, case_id, urgent
        Who marks which case as what; what it is already changes nothing.
    reason
        Optional.
    undoes
        The event that is taken back by this.
    """
    said = plain(reason, "reason", limit=500)
    case, found = await hold(work, actor, case_id)
    transition(case.facts, Verb.SET_URGENT, found)
    if case.urgent is urgent:
        return CaseState(case_id, case.facts.status, case.facts.revision)
    data: dict[str, Any] = {"from": case.urgent, "to": urgent}
    return await change(
        work,
        actor.community_id,
        case,
        Verb.SET_URGENT,
        found,
        actor=actor,
        reason=said,
        data=data if undoes is None else data | {"undoes": undoes},
        columns={"urgent": urgent},
    )
