"""Taking a case: one winner, whoever else tries at the same moment."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from gis.cases.referrals import checked_expected
from gis.errors import ConflictError
from gis.flows.acting import AT_WORK, change
from gis.flows.claim import check_claim, claimant
from gis.flows.work import Work
from gis.people.permissions import relations, relations_or_not_found
from gis.store import cases, offers, orders, referrals, responders
from gis.store.cases import LockedCase
from gis.words import Actor, CaseState, Relation, Status, Verb


async def accept(work: Work, actor: Actor, case_id: UUID, expected_at: datetime | None = None) -> CaseState:
    """Take a case: one's live offer, an open case of one's area or near by, or a referral to one's agency.

    Parameters
    ----------
    work, actor, case_id
        Who takes which case. The same person again gets the same answer.
    expected_at
        Of a referral: when the agency expects to be done.

    Raises
    ------
    ConflictError
        ``already_taken``, ``already_offered`` (to somebody else), ``offer_ended``, ``hands_full``, ``order_seat_yours``,
        ``claim_lacks_skill``, ``claim_other_area``.
    NotFoundError, NotAllowedError, IllegalTransitionError
        As for every act.
    """
    case = await cases.lock(work.session, actor.community_id, case_id, actor.person_id)
    found = relations(actor, case.facts) if case else frozenset()
    if case is not None and case.facts.status is Status.OPEN:
        found |= await claimant(work, actor, case)
    if case is None or not (found or case.my_offer):
        found = relations_or_not_found(actor, case.facts if case else None)
    if case is None:
        raise AssertionError  # relations_or_not_found has raised
    if Relation.ASSIGNEE in found and case.facts.status in AT_WORK:
        return CaseState(case_id, case.facts.status, case.facts.revision)
    _refuse_losers(work, case, found)
    if case.starts_at is not None and actor.person_id in await orders.companions(
        work.session, actor.community_id, case_id
    ):
        raise ConflictError("they have another seat of this order", code="order_seat_yours")
    if case.facts.status is Status.OPEN:
        await check_claim(work, actor, case)
    now = work.clock.now()
    columns = {
        "assignee_id": actor.person_id,
        "accepted_at": now,
        "answered_at": case.answered_at or now,
    }
    claimed = case.facts.status is not Status.OFFERED
    expected = checked_expected(expected_at, now) if Relation.AGENCY in found else None
    state = await change(
        work,
        actor.community_id,
        case,
        Verb.ACCEPT,
        found,
        actor=actor,
        columns=columns,
        data=_told(case, expected),
    )
    if expected is not None:
        await referrals.expect_done(work.session, actor.community_id, case.facts, expected)
    if claimed:
        if not await responders.take_one(work.session, actor.community_id, actor.person_id, now=now):
            raise ConflictError("this responder's hands are full", code="hands_full")
    else:
        await offers.end(work.session, actor.community_id, case_id, "accepted", now=now)
    return state


def _told(case: LockedCase, expected: datetime | None) -> dict[str, Any] | None:
    """Return what the event says: that nobody was asked, or when an agency expects to be done."""
    if expected is not None:
        return {"expected_at": expected.isoformat()}
    return {"self_claimed": True} if case.facts.status is Status.OPEN else None


def _refuse_losers(work: Work, case: LockedCase, found: frozenset[Relation]) -> None:
    status = case.facts.status
    if case.facts.assignee_id is not None:
        raise ConflictError("somebody else has taken the case", code="already_taken", status=status.value)
    if status is Status.OFFERED:
        if Relation.OFFEREE not in found:
            raise ConflictError("the case is offered to somebody else", code="already_offered")
        if case.offer_expires_at is not None and case.offer_expires_at <= work.clock.now():
            raise ConflictError("the offer has run out", code="offer_ended")
    elif not found:
        raise ConflictError("the offer has ended", code="offer_ended")
