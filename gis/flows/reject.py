"""Rejecting what is no case."""

from __future__ import annotations

from uuid import UUID

from gis.flows.acting import act
from gis.flows.texts import required
from gis.flows.work import Work
from gis.words import Actor, CaseState, Verb


async def reject(work: Work, actor: Actor, case_id: UUID, reason: str) -> CaseState:
    """Reject what is no case, with a reason.

    Parameters
    ----------
    work, actor, case_id, reason
        Who rejects which case, and why.
    """
    said, now = required(reason, "reason", limit=500), work.clock.now()
    return await act(
        work, actor, case_id, Verb.REJECT, reason=said, columns={"closed_at": now, "answered_at": now}
    )
