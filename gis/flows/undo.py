"""Taking back what one has just done to a case: a new event and a way back in the table, never an edit.

Only what was done last can be taken back, by who did it, and for a day: as soon as anybody else has done something to the
case, it is no longer what it was.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

from gis.cases.undoing import UNDOABLE, undoable
from gis.errors import ConflictError
from gis.flows.acting import change, hold, let_go
from gis.flows.classify import classify
from gis.flows.offer_case import offer_case
from gis.flows.release import OPEN_AGAIN
from gis.flows.service.booking import take_back
from gis.flows.urgency import set_urgent
from gis.flows.work import Work
from gis.store import cases, ledger, merging, referrals
from gis.store.cases import LastAct, LockedCase
from gis.words import Actor, CaseState, Relation, Status, Verb


async def undo(work: Work, actor: Actor, case_id: UUID, event_id: int | None = None) -> CaseState:
    """Take back what one did to a case last.

    Parameters
    ----------
    work, actor, case_id
        Who takes back what was done to which case.
    event_id
        Of what is to be taken back; None: whatever it was.

    Raises
    ------
    ConflictError
        ``undo_nothing``: the last act has no way back, or was not one's own; ``undo_too_late``: something has happened
        since, or a day has passed.
    IllegalTransitionError, NotAllowedError
        As for every act.
    """
    target = await merging.merged_target(work.session, actor.community_id, case_id)
    if target is not None and target < case_id:  # two cases are always held in one order
        await cases.lock(work.session, actor.community_id, target)
    case, found = await hold(work, actor, case_id)
    last = await cases.last_act(work.session, actor.community_id, case_id)
    if last is None or last.actor_id != actor.person_id or last.verb not in UNDOABLE:
        raise ConflictError("nothing of one's own that could be taken back", code="undo_nothing")
    if (event_id is not None and last.event_id != event_id) or not undoable(
        last.verb, last.at, work.clock.now()
    ):
        raise ConflictError("something has happened since, or a day has passed", code="undo_too_late")
    if last.verb == Verb.CLASSIFY:
        return await classify(work, actor, case_id, str(last.data["from"]), undoes=last.event_id)
    if last.verb == Verb.SET_URGENT:
        return await set_urgent(work, actor, case_id, urgent=bool(last.data["from"]), undoes=last.event_id)
    return await _back(work, actor, case, found, last)


async def _back(
    work: Work, actor: Actor, case: LockedCase, found: frozenset[Relation], last: LastAct
) -> CaseState:
    columns: dict[str, Any] = {"closed_at": None}
    if last.verb != Verb.VERIFY:
        again = None if case.answered_at == last.at else case.answered_at
        columns |= OPEN_AGAIN | {"agency_code": None, "done_at": None, "answered_at": again}
    data = {"undoes": last.event_id, "verb": last.verb}
    state = await change(
        work, actor.community_id, case, Verb.UNDO, found, actor=actor, data=data, columns=columns
    )
    await let_go(work, actor.community_id, case, state)
    follow = _FOLLOW.get(last.verb)
    if follow is not None:
        await follow(work, actor, case)
    if state.status is Status.OPEN:
        await offer_case(work, actor.community_id, case.facts.case_id)
    return state


async def _take_points_back(work: Work, actor: Actor, case: LockedCase) -> None:
    standing = await ledger.standing(work.session, actor.community_id, case.facts.case_id)
    await take_back(work, actor.community_id, standing, "undone")
    await referrals.await_check(work.session, actor.community_id, case.facts)


async def _part(work: Work, actor: Actor, case: LockedCase) -> None:
    """Give a case its reports back that went into another."""
    other = case.merged_into and await cases.lock(work.session, actor.community_id, case.merged_into)
    if not other or not await merging.move_back(
        work.session,
        actor.community_id,
        case.facts.case_id,
        other.facts,
        actor_id=actor.person_id,
        now=work.clock.now(),
    ):
        raise ConflictError("its reports have been moved on", code="undo_too_late")


_FOLLOW: Mapping[str, Callable[[Work, Actor, LockedCase], Awaitable[None]]] = {
    Verb.VERIFY: _take_points_back,
    Verb.MERGE: _part,
}
