"""An offer's time has passed."""

from __future__ import annotations

from uuid import UUID

from gis.flows.acting import SERVICE, change
from gis.flows.climb import ask_next
from gis.flows.waking import wake
from gis.flows.work import Work
from gis.store import cases, offers
from gis.words import Verb


async def expire_offer(work: Work, community_id: str, offer_id: UUID) -> None:
    """End an offer whose time has passed and ask the next; late, early or twice it does no harm.

    Parameters
    ----------
    work, community_id, offer_id
        Which offer.
    """
    found = await offers.case_of(work.session, community_id, offer_id)
    if found is None or found[1] != "live":
        return
    case_id, _, expires_at = found
    if expires_at > work.clock.now():  # the database's clock is ahead of ours
        await work.jobs.defer(
            work.session, "expire_offer", at=expires_at, community_id=community_id, offer_id=str(offer_id)
        )
        return
    case = await cases.lock(work.session, community_id, case_id)
    if case is None or case.offer_id != offer_id:
        return
    now = work.clock.now()
    responder_id = await offers.end(
        work.session, community_id, case_id, "expired", now=now, offer_id=offer_id
    )
    data = {"responder_id": str(responder_id), "offer_id": str(offer_id)}
    await change(work, community_id, case, Verb.EXPIRE, SERVICE, actor=None, data=data)
    await ask_next(work, community_id, case_id)
    await wake(work, community_id)
