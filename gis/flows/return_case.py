"""Returning a referral."""

from __future__ import annotations

from uuid import UUID

from gis.flows.acting import act
from gis.flows.offer_case import offer_case
from gis.flows.release import OPEN_AGAIN
from gis.flows.texts import required
from gis.flows.work import Work
from gis.words import Actor, CaseState, Verb


async def return_case(work: Work, actor: Actor, case_id: UUID, reason: str) -> CaseState:
    """Return a referral with a reason; the case is open again and is offered.

    Parameters
    ----------
    work, actor, case_id, reason
        Which agency's person returns which case, and why.
    """
    said = required(reason, "reason", limit=500)
    columns = OPEN_AGAIN | {"agency_code": None, "escalation": 0}
    state = await act(work, actor, case_id, Verb.RETURN, reason=said, columns=columns)
    await offer_case(work, actor.community_id, case_id)
    return state
