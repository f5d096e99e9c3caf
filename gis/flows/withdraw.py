"""Taking an offer back from who was asked."""

from __future__ import annotations

from uuid import UUID

from gis.flows.acting import act
from gis.flows.offer_case import offer_case
from gis.flows.texts import plain
from gis.flows.work import Work
from gis.words import Actor, CaseState, Verb


async def withdraw(work: Work, actor: Actor, case_id: UUID, reason: str = "") -> CaseState:
    """Take an offer back from who was asked, by the office; the next is asked.

    Parameters
    ----------
    work, actor, case_id, reason
        Who withdraws the offer of which case, and why.
    """
    said = plain(reason, "reason", limit=500)
    state = await act(work, actor, case_id, Verb.WITHDRAW, reason=said)
    await offer_case(work, actor.community_id, case_id)
    return state
