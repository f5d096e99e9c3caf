"""Opening a case again."""

from __future__ import annotations

from uuid import UUID

from gis.cases.categories import category
from gis.cases.deadlines import deadlines
from gis.errors import ConflictError
from gis.flows.acting import change, hold, let_go
from gis.flows.offer_case import offer_case
from gis.flows.release import OPEN_AGAIN
from gis.flows.texts import required
from gis.flows.work import Work
from gis.service.ledger import reversed_entry
from gis.store import ledger
from gis.words import Actor, CaseState, Verb


async def reopen(work: Work, actor: Actor, case_id: UUID, reason: str) -> CaseState:
    """Open a case again with new deadlines; points booked for it are taken back, and it is offered.

    Parameters
    ----------
    work, actor, case_id, reason
        Who reopens which case, and why.

    Raises
    ------
    ConflictError
        ``case_merged``: the case has no reports any more.
    """
    said = required(reason, "reason", limit=500)
    case, found = await hold(work, actor, case_id)
    if case.merged_into is not None:
        raise ConflictError(
            "its reports belong to another case", code="case_merged", case_id=str(case.merged_into)
        )
    now = work.clock.now()
    due = deadlines(category(case.facts.category), now)
    columns = OPEN_AGAIN | {
        "agency_code": None,
        "answered_at": None,
        "done_at": None,
        "closed_at": None,
        "answer_due_at": due.answer_due_at,
        "resolve_due_at": due.resolve_due_at,
        "escalation": 0,
        "reopened": None,
    }
    state = await change(
        work, actor.community_id, case, Verb.REOPEN, found, actor=actor, reason=said, columns=columns
    )
    await let_go(work, actor.community_id, case, state)
    for entry in await ledger.standing(work.session, actor.community_id, case_id):
        await ledger.append(work.session, actor.community_id, reversed_entry(entry, "reopened"), at=now)
    await offer_case(work, actor.community_id, case_id)
    return state
