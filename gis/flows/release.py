"""Giving a case back, by who has it in hand or by the office; the next is asked."""

from __future__ import annotations

from uuid import UUID

from gis.flows.acting import act
from gis.flows.offer_case import offer_case
from gis.flows.texts import plain
from gis.flows.work import Work
from gis.store import offers
from gis.words import Actor, CaseState, Verb

OPEN_AGAIN = {"assignee_id": None, "accepted_at": None, "arrived_at": None}


async def release(work: Work, actor: Actor, case_id: UUID, reason: str = "") -> CaseState:
    """Give a task back; it is offered to the next at once, not to the same person.

    Parameters
    ----------
    work, actor, case_id, reason
        Who gives which case back, and why.
    """
    said = plain(reason, "reason", limit=500)
    state = await act(
        work,
        actor,
        case_id,
        Verb.RELEASE,
        reason=said,
        columns=OPEN_AGAIN | {"agency_code": None, "escalation": 0},
    )
    await offers.give_back(work.session, actor.community_id, case_id, now=work.clock.now())
    await offer_case(work, actor.community_id, case_id)
    return state
