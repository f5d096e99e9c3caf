"""Referring a case to an agency (转办)."""

from __future__ import annotations

from uuid import UUID

from gis.cases.categories import category
from gis.errors import InvalidInputError
from gis.flows.acting import change, hold, let_go
from gis.flows.texts import required
from gis.flows.work import Work
from gis.store import cases
from gis.words import Actor, CaseState, Verb


async def refer(work: Work, actor: Actor, case_id: UUID, agency: str | None, reason: str) -> CaseState:
    """Refer a case to an agency; who had it in hand is free again.

    Parameters
    ----------
    work, actor, case_id
        Who refers which case.
    agency
        Its code; None: the category's own.
    reason
        Needed.

    Raises
    ------
    InvalidInputError
        ``agency_unknown``, ``agency_needed`` where the category has none, ``reason_needed``.
    """
    said = required(reason, "reason", limit=500)
    case, found = await hold(work, actor, case_id)
    code = agency or category(case.facts.category).agency_code
    if not code:
        raise InvalidInputError("say which agency", code="agency_needed", field="agency")
    if not await cases.agency_exists(work.session, actor.community_id, code):
        raise InvalidInputError("no such agency", code="agency_unknown", field="agency", agency=code[:40])
    now = work.clock.now()
    columns = {
        "agency_code": code,
        "assignee_id": None,
        "accepted_at": None,
        "arrived_at": None,
        "answered_at": case.answered_at or now,
    }
    state = await change(
        work,
        actor.community_id,
        case,
        Verb.REFER,
        found,
        actor=actor,
        reason=said,
        data={"agency": code},
        columns=columns,
    )
    await let_go(work, actor.community_id, case, state)
    return state
