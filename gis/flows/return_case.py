"""Returning a referral."""

from __future__ import annotations

from uuid import UUID

from gis.flows.acting import change, hold, let_go
from gis.flows.notify import notify
from gis.flows.offer_case import offer_case
from gis.flows.release import OPEN_AGAIN
from gis.flows.texts import required
from gis.flows.work import Work
from gis.store import referrals
from gis.words import Actor, CaseState, Notice, Verb


async def return_case(work: Work, actor: Actor, case_id: UUID, reason: str) -> CaseState:
    """Return a referral with a reason; the case is open again and is offered.

    Parameters
    ----------
    work, actor, case_id, reason
        Which agency's person returns which case, and why; or the desk takes it back.
    """
    said = required(reason, "reason", limit=500)
    case, found = await hold(work, actor, case_id)
    was = await referrals.open_of(work.session, actor.community_id, case_id)
    columns = OPEN_AGAIN | {"agency_code": None, "escalation": 0}
    state = await change(
        work, actor.community_id, case, Verb.RETURN, found, actor=actor, reason=said, columns=columns
    )
    await let_go(work, actor.community_id, case, state)
    if was is not None:
        people = await referrals.answerable(work.session, actor.community_id, case.facts)
        notice = Notice(
            "referral_returned",
            [one for one in {*people, was.referred_by} if one != actor.person_id],
            case_id,
            urgent=case.urgent,
            data={"agency": was.agency_code, "reason": said},
            key=str(was.referral_id),
        )
        await notify(work, actor.community_id, notice)
    await offer_case(work, actor.community_id, case_id)
    return state
