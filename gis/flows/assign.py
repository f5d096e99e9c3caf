"""Choosing by hand who is asked: the office names somebody, with the ranking before its eyes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from gis.cases.transitions import transition
from gis.errors import ConflictError, IllegalTransitionError
from gis.flows.acting import act, hold
from gis.flows.hand_over import colleague_called, hand_over
from gis.flows.offer_case import expect_answer, rank_for
from gis.flows.texts import plain
from gis.flows.work import Work
from gis.store import claims
from gis.store.claims import Ask
from gis.words import Actor, CaseState, Status, Verb


async def assign(work: Work, actor: Actor, case_id: UUID, to: str, reason: str = "") -> CaseState:
    """Offer a case to whom the office names; an offer to somebody else is taken back first.

    Somebody whom dispatch could ask gets an offer with its time to answer. Everybody else, a grid worker, or who is too
    far off or has refused, is asked as a colleague, without one.

    Parameters
    ----------
    work, actor, case_id
        Who of the office decides on which case.
    to
        Name, username or id.
    reason
        Optional.

    Raises
    ------
    InvalidInputError
        ``colleague_unknown``, ``colleague_unclear``.
    ConflictError
        ``colleague_off_duty``, ``colleague_busy``, and those of ``hand_over``.
    IllegalTransitionError, NotAllowedError
        As for every act.
    """
    said = plain(reason, "reason", limit=500)
    case, found = await hold(work, actor, case_id)
    if case.facts.status not in {Status.OPEN, Status.OFFERED}:
        return await hand_over(work, actor, case_id, to, reason)
    transition(case.facts, Verb.OFFER if case.facts.status is Status.OPEN else Verb.WITHDRAW, found)
    chosen = await colleague_called(work, actor, case_id, to.strip())
    if chosen.person_id == case.facts.offeree_id:
        return CaseState(case_id, case.facts.status, case.facts.revision)
    community_id = actor.community_id
    atlas = await work.atlas.get(work.session, community_id)
    ranking = await rank_for(work, community_id, case, atlas)
    one = next((one for one in ranking.ranked if one.candidate.person_id == chosen.person_id), None)
    if one is None:
        return await hand_over(work, actor, case_id, to, reason)
    if case.facts.status is Status.OFFERED:
        await act(work, actor, case_id, Verb.WITHDRAW, reason=said)
        case, found = await hold(work, actor, case_id)
    now = work.clock.now()
    expires_at = now + timedelta(
        seconds=(await work.atlas.kind(work.session, community_id, case.facts.category)).offer_s
    )
    asked = Ask([chosen.person_id], [one.travel_s], [one.distance_m], expires_at)
    claimed = await claims.claim(
        work.session,
        community_id,
        case_id,
        case.facts.revision,
        asked,
        now=now,
        actor_id=actor.person_id,
        reason=said,
    )
    if claimed is None:
        raise ConflictError("this colleague's hands are full", code="colleague_busy", name=chosen.name)
    told = ranking.explain(chosen.person_id) | {"assigned_by": actor.name}
    await claims.explain(work.session, community_id, case_id, claimed.offer_id, told, now)
    await expect_answer(work, community_id, claimed)
    return CaseState(case_id, Status.OFFERED, case.facts.revision + 1)


async def who_could(work: Work, actor: Actor, case_id: UUID) -> dict[str, Any]:
    """Return who could be asked for a case now, in order, each with the reasons, and why not the others.

    Parameters
    ----------
    work, actor, case_id
        Who of the office asks about which case.

    Raises
    ------
    IllegalTransitionError, NotAllowedError
        Nobody can be asked for it, or not by this actor.
    """
    case, found = await hold(work, actor, case_id)
    status = case.facts.status
    verb = {Status.OPEN: Verb.OFFER, Status.OFFERED: Verb.WITHDRAW}.get(status, Verb.HAND_OVER)
    transition(case.facts, verb, found)
    if verb is Verb.HAND_OVER and case.facts.agency_code is not None:
        raise IllegalTransitionError("it is with an agency", verb="offer", status=status.value, legal=[])
    atlas = await work.atlas.get(work.session, actor.community_id)
    return (await rank_for(work, actor.community_id, case, atlas)).explain(None)
