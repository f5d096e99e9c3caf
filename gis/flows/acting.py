"""What all acts on a case have in common: hold it, see who acts, look into the table, change it, tell of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from gis.cases.referrals import follows
from gis.cases.transitions import transition
from gis.errors import ConflictError
from gis.flows.clocks import GOES_ON, answered, await_climb
from gis.flows.notify import notify
from gis.flows.waking import wake
from gis.flows.work import Work
from gis.people.permissions import relations_or_not_found
from gis.store import cases, hand_overs, offers, referrals, responders
from gis.store.cases import LockedCase
from gis.words import Actor, CaseState, Notice, Relation, Status, Verb

AT_WORK = frozenset({Status.ACCEPTED, Status.ON_SITE})
_ENDS_ASKING = frozenset(
    {
        Verb.ACCEPT,
        Verb.DONE,
        Verb.RELEASE,
        Verb.REFER,
        Verb.RETURN,
        Verb.REJECT,
        Verb.CANCEL,
        Verb.MERGE,
    }
)
"""After these there is nothing left that a colleague could take over from who asked."""
SERVICE = frozenset({Relation.SERVICE})


async def hold(work: Work, actor: Actor, case_id: UUID) -> tuple[LockedCase, frozenset[Relation]]:
    """Return a case, held until the transaction ends, and what the actor is to it.

    Parameters
    ----------
    work, actor
        Unit of work, and on whose behalf.
    case_id
        Which case.

    Raises
    ------
    NotFoundError
        ``case_not_found``: none, or outside the actor's areas.
    """
    case = await cases.lock(work.session, actor.community_id, case_id, actor.person_id)
    found = relations_or_not_found(actor, case.facts if case else None)
    if case is None:
        raise AssertionError  # relations_or_not_found has raised
    return case, found


def check_revision(case: LockedCase, revision: int | None) -> None:
    """Refuse to act on a case that is no longer what somebody looked at.

    Parameters
    ----------
    case
        Held.
    revision
        As it was looked at; None: whatever it is.

    Raises
    ------
    ConflictError
        ``changed_meanwhile``.
    """
    if revision is not None and case.facts.revision != revision:
        raise ConflictError("somebody else changed the case first", code="changed_meanwhile")


async def change(
    work: Work,
    community_id: str,
    case: LockedCase,
    verb: Verb,
    relations: frozenset[Relation],
    *,
    actor: Actor | None,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    columns: Mapping[str, Any] | None = None,
) -> CaseState:
    """Change a held case along the table and append the event; its referral and its hand-over follow.

    Parameters
    ----------
    work, community_id, case
        What is changed.
    verb, relations, actor
        What is done, by whom, and what they are to the case; an actor of None is the service.
    reason, data, columns
        As for ``gis.store.cases.change``.

    Raises
    ------
    IllegalTransitionError, NotAllowedError
        As ``gis.cases.transitions.transition``.
    """
    row = transition(case.facts, verb, relations)
    now, to = work.clock.now(), row.target(case.facts)
    by = actor.person_id if actor else None
    given = dict(columns or {})
    if verb not in GOES_ON:
        given = await answered(work, community_id, case, to, given, by=by) | given
    state = await cases.change(
        work.session,
        community_id,
        case.facts,
        verb,
        to,
        at=now,
        actor_id=by,
        reason=reason,
        data=data,
        columns=given,
    )
    if state is None:
        raise ConflictError("somebody else changed the case first", code="changed_meanwhile")
    status = follows(verb, relations) if case.facts.agency_code is not None else None
    if status is not None:
        await referrals.follow(work.session, community_id, case.facts, status, at=now, by=by, reason=reason)
    if case.facts.asked_id is not None and verb in _ENDS_ASKING:
        await hand_overs.end(work.session, community_id, case.facts, "withdrawn", now=now)
    await await_climb(work, community_id, case.facts.case_id, given.get("climb_at"))
    return state


async def act(
    work: Work,
    actor: Actor,
    case_id: UUID,
    verb: Verb,
    *,
    reason: str = "",
    columns: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
) -> CaseState:
    """Do something to a case that needs nothing more; whoever had it in hand is free again.

    Parameters
    ----------
    work, actor, case_id, verb
        Who does what to which case.
    reason, columns, data
        As for ``gis.store.cases.change``.
    """
    case, relations = await hold(work, actor, case_id)
    state = await change(
        work,
        actor.community_id,
        case,
        verb,
        relations,
        actor=actor,
        reason=reason,
        columns=columns,
        data=data,
    )
    await let_go(work, actor.community_id, case, state)
    return state


async def let_go(work: Work, community_id: str, case: LockedCase, state: CaseState) -> None:
    """Free who was asked or at work, where the case no longer needs them.

    Parameters
    ----------
    work, community_id
        Where.
    case
        As it was before.
    state
        As it is now.
    """
    before = case.facts
    if before.status is Status.OFFERED and state.status not in {Status.OFFERED, Status.ACCEPTED}:
        await offers.end(work.session, community_id, before.case_id, "withdrawn", now=work.clock.now())
        await tell_withdrawn(work, community_id, case)
        await wake(work, community_id)
    if before.status in AT_WORK and state.status not in AT_WORK and before.assignee_id is not None:
        await responders.free_one(work.session, community_id, before.assignee_id, now=work.clock.now())
        await wake(work, community_id)


async def tell_withdrawn(work: Work, community_id: str, case: LockedCase) -> None:
    """Tell who was asked that they are no longer.

    Parameters
    ----------
    work, community_id
        Where.
    case
        As it was before, with its live offer.
    """
    if case.facts.offeree_id is None:
        return
    notice = Notice(
        "offer_withdrawn",
        [case.facts.offeree_id],
        case.facts.case_id,
        urgent=case.urgent,
        key=str(case.offer_id),
    )
    await notify(work, community_id, notice)
