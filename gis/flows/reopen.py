"""Opening a case again: it is offered, or goes back to the agency whose work was not good enough."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from gis.cases.deadlines import deadlines
from gis.cases.ratings import in_time
from gis.cases.referrals import accept_due, level_of
from gis.cases.transitions import TRANSITIONS
from gis.errors import ConflictError
from gis.flows.acting import change, hold, let_go
from gis.flows.clocks import case_clock
from gis.flows.offer_case import offer_case
from gis.flows.refer import tell_agency
from gis.flows.release import OPEN_AGAIN
from gis.flows.service.booking import take_back
from gis.flows.texts import required
from gis.flows.work import Work
from gis.store import ledger, referrals
from gis.store.cases import LockedCase
from gis.store.referrals import NewReferral
from gis.words import Actor, CaseState, DecisionLevel, Relation, Status, Verb

OFFICE = frozenset({Relation.DESK, Relation.GRID_WORKER})


async def reopen(work: Work, actor: Actor, case_id: UUID, reason: str) -> CaseState:
    """Open a case again with new deadlines; points booked for it are taken back.

    What an agency did the work of goes back to that agency, everything else is offered.

    Parameters
    ----------
    work, actor, case_id, reason
        Who reopens which case, and why.

    Raises
    ------
    ConflictError
        ``case_merged``: the case has no reports any more; ``reopen_too_late``: it was closed long ago, and who asks is
        no more than one of its reporters.
    """
    said = required(reason, "reason", limit=500)
    case, found = await hold(work, actor, case_id)
    if case.merged_into is not None:
        raise ConflictError(
            "its reports belong to another case", code="case_merged", case_id=str(case.merged_into)
        )
    now = work.clock.now()
    if case.facts.status is Status.CLOSED and not found & OFFICE and not in_time(case.done_at, now):
        raise ConflictError("it was closed too long ago", code="reopen_too_late")
    kind = await work.atlas.kind(work.session, actor.community_id, case.facts.category)
    due = deadlines(kind, now, await case_clock(work, actor.community_id, kind))
    columns = OPEN_AGAIN | {
        "agency_code": _agency_again(case),
        "answered_at": None,
        "done_at": None,
        "closed_at": None,
        **due.columns(),
        "reopened": None,
    }
    state = await change(
        work, actor.community_id, case, Verb.REOPEN, found, actor=actor, reason=said, columns=columns
    )
    await let_go(work, actor.community_id, case, state)
    standing = await ledger.standing(work.session, actor.community_id, case_id)
    await take_back(work, actor.community_id, standing, "reopened")
    if state.status is Status.REFERRED:
        await _send_back(work, actor, case, level_of(found), said, due.resolve.at)
    else:
        await offer_case(work, actor.community_id, case_id)
    return state


def _agency_again(case: LockedCase) -> str | None:
    row = TRANSITIONS.get((case.facts.status, Verb.REOPEN))
    return case.facts.agency_code if row is not None and row.to_agency is not None else None


async def _send_back(  # noqa: PLR0917 - what goes back, who decided so, why, and until when
    work: Work,
    actor: Actor,
    case: LockedCase,
    level: DecisionLevel | None,
    reason: str,
    due_at: datetime,
) -> None:
    """Put the referral before its agency again: the one that is still open, or one more after a case was closed."""
    code, now = case.facts.agency_code or "", work.clock.now()
    kind = await work.atlas.kind(work.session, actor.community_id, case.facts.category)
    accept_due_at = accept_due(kind, now, due_at, await case_clock(work, actor.community_id, kind))
    if not await referrals.send_back(work.session, actor.community_id, case.facts, due_at, accept_due_at):
        new = NewReferral(
            case.facts.case_id,
            code,
            level or DecisionLevel.COURTYARD,
            reason,
            actor.person_id,
            now,
            due_at,
            reopened=1,
            accept_due_at=accept_due_at,
        )
        await referrals.add(work.session, actor.community_id, new)
    await tell_agency(work, actor.community_id, case, "reopened", code, reason, now.isoformat())
