"""Merging: two cases that are about one thing become one."""

from __future__ import annotations

from uuid import UUID

from gis.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from gis.flows.acting import change, check_revision, hold, let_go
from gis.flows.texts import required
from gis.flows.unlink import OFFICE
from gis.flows.work import Work
from gis.people.permissions import require
from gis.store import linking, merging
from gis.store.similar import LINKABLE
from gis.words import Actor, CaseState, Verb


async def merge(  # noqa: PLR0917 - which case into which, and why
    work: Work, actor: Actor, case_id: UUID, into: str, reason: str, revision: int | None = None
) -> CaseState:
    """Move all reports of a case into another that is open, and close the emptied one; who was asked for it is free.

    Parameters
    ----------
    work, actor
        The desk, an administrator, or a grid worker in whose areas both cases lie.
    case_id
        The case to be emptied.
    into
        The other's number, as people read it, or its id.
    reason
        Needed.
    revision
        Of the case as it was looked at; None: whatever it is.

    Raises
    ------
    NotFoundError
        ``case_not_found``: either isn't there, or lies outside the actor's areas.
    InvalidInputError
        ``merge_into_itself``, ``reason_needed``.
    ConflictError
        ``merge_not_open``: the other isn't open any more; ``changed_meanwhile``.
    IllegalTransitionError, NotAllowedError
        As for every act.
    """
    require(actor, "merge")
    said = required(reason, "reason", limit=500)
    target_id = await _case_called(work, actor.community_id, into.strip())
    if target_id == case_id:
        raise InvalidInputError("a case can't be merged into itself", code="merge_into_itself", field="into")
    held = {one: await hold(work, actor, one) for one in sorted({case_id, target_id})}  # always in one order
    (case, found), (target, found_there) = held[case_id], held[target_id]
    if not found_there & OFFICE:
        raise NotAllowedError("merging is for the office", verb="merge")
    if target.facts.status.value not in LINKABLE:
        raise ConflictError(
            "the other case isn't open any more", code="merge_not_open", status=target.facts.status.value
        )
    check_revision(case, revision)
    now = work.clock.now()
    state = await change(
        work,
        actor.community_id,
        case,
        Verb.MERGE,
        found,
        actor=actor,
        reason=said,
        columns={"closed_at": now},
        data={"why": "merged", "into": str(target_id)},
    )
    await merging.move_all(
        work.session,
        actor.community_id,
        case_id,
        target.facts,
        actor_id=actor.person_id,
        reason=said,
        now=now,
    )
    await let_go(work, actor.community_id, case, state)
    return state


async def _case_called(work: Work, community_id: str, into: str) -> UUID:
    try:
        return UUID(into)
    except ValueError:
        found = await linking.case_of_number(work.session, community_id, into)
    if found is None:
        raise NotFoundError("no such case, or not one of yours", code="case_not_found", field="into")
    return found
