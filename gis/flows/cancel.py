"""Cancelling what needs no work any more."""

from __future__ import annotations

from uuid import UUID

from gis.flows.acting import change, hold, let_go
from gis.flows.notify import notify
from gis.flows.texts import required
from gis.flows.work import Work
from gis.words import Actor, CaseState, Notice, Verb


async def cancel(work: Work, actor: Actor, case_id: UUID, reason: str) -> CaseState:
    """Cancel a case that needs no work any more, by its reporter or the desk, with a reason; who had it in hand is told.

    Parameters
    ----------
    work, actor, case_id, reason
        Who cancels which case, and why.
    """
    said = required(reason, "reason", limit=500)
    case, found = await hold(work, actor, case_id)
    columns = {"closed_at": work.clock.now()}
    state = await change(
        work, actor.community_id, case, Verb.CANCEL, found, actor=actor, reason=said, columns=columns
    )
    await let_go(work, actor.community_id, case, state)
    taker = case.facts.assignee_id
    if taker is not None and taker != actor.person_id:
        notice = Notice(
            "cancelled",
            [taker],
            case_id,
            urgent=case.urgent,
            data={"reason": said},
            key=str(state.revision),
        )
        await notify(work, actor.community_id, notice)
    return state
