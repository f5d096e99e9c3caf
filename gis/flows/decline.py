"""Declining an offer: free of any penalty, and the next is asked at once."""

from __future__ import annotations

from uuid import UUID

from gis.errors import ConflictError
from gis.flows.acting import change
from gis.flows.climb import ask_next
from gis.flows.texts import plain
from gis.flows.waking import wake
from gis.flows.work import Work
from gis.people.permissions import relations, relations_or_not_found
from gis.store import cases, offers
from gis.words import Actor, CaseState, Relation, Status, Verb


async def decline(work: Work, actor: Actor, case_id: UUID, reason: str = "") -> CaseState:
    """Decline one's live offer.

    Parameters
    ----------
    work, actor, case_id
        Who declines which case. Again, it answers the same.
    reason
        Optional.

    Raises
    ------
    ConflictError
        ``offer_ended`` when the offer is no longer one's own.
    NotFoundError, NotAllowedError, IllegalTransitionError
        As for every act.
    """
    said = plain(reason, "reason", limit=500)
    case = await cases.lock(work.session, actor.community_id, case_id, actor.person_id)
    found = relations(actor, case.facts) if case else frozenset()
    if case is None or not (found or case.my_offer):
        found = relations_or_not_found(actor, case.facts if case else None)
    if case is None:
        raise AssertionError  # relations_or_not_found has raised
    if Relation.OFFEREE not in found and case.my_offer == "declined":
        return CaseState(case_id, case.facts.status, case.facts.revision)
    if Relation.OFFEREE not in found and case.my_offer:
        raise ConflictError("the offer has ended", code="offer_ended")
    data = {"responder_id": str(actor.person_id), "offer_id": str(case.offer_id)}
    state = await change(
        work, actor.community_id, case, Verb.DECLINE, found, actor=actor, reason=said, data=data
    )
    if case.facts.status is Status.OFFERED:
        now = work.clock.now()
        await offers.end(work.session, actor.community_id, case_id, "declined", now=now, reason=said)
    await ask_next(work, actor.community_id, case_id)
    await wake(work, actor.community_id)
    return state
