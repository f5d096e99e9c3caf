"""Cancelling what needs no work any more."""

from __future__ import annotations

from uuid import UUID

from gis.flows.acting import act
from gis.flows.texts import required
from gis.flows.work import Work
from gis.words import Actor, CaseState, Verb


async def cancel(work: Work, actor: Actor, case_id: UUID, reason: str) -> CaseState:
    """Cancel a case that needs no work any more, by its reporter or the desk, with a reason.

    Parameters
    ----------
    work, actor, case_id, reason
        Who cancels which case, and why.
    """
    said = required(reason, "reason", limit=500)
    return await act(work, actor, case_id, Verb.CANCEL, reason=said, columns={"closed_at": work.clock.now()})
