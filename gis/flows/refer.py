"""Referring a case to an agency (转办); to the sub-district that is 街道吹哨, from there to a department 部门报到."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from gis.cases.deadlines import deadlines
from gis.cases.referrals import accept_due, checked_due_at, level_of
from gis.errors import ConflictError, InvalidInputError
from gis.flows.acting import change, hold, let_go
from gis.flows.clocks import case_clock
from gis.flows.notify import notify
from gis.flows.texts import required
from gis.flows.work import Work
from gis.store import cases, notices, referrals
from gis.store.cases import LockedCase
from gis.store.referrals import NewReferral
from gis.words import SUB_DISTRICT, Actor, CaseState, DecisionLevel, Notice, Relation, Verb


async def refer(  # noqa: PLR0917 - who refers what to whom, why, and until when
    work: Work,
    actor: Actor,
    case_id: UUID,
    agency: str | None,
    reason: str,
    due_at: datetime | None = None,
    *,
    data: Mapping[str, Any] | None = None,
) -> CaseState:
    """Refer a case to an agency with a deadline of its own; who had it in hand is free again.

    Parameters
    ----------
    work, actor, case_id
        Who refers which case.
    agency
        Its code; None: the category's own.
    reason
        Needed.
    due_at
        Until when the agency has time; None: as long as the category allows.
    data
        For the event, besides what it says itself.

    Raises
    ------
    InvalidInputError
        ``agency_unknown``, ``agency_needed`` where the category has none, ``reason_needed``, ``due_in_past``,
        ``due_too_far``.
    ConflictError
        ``already_referred``: it is with this agency now.
    """
    said = required(reason, "reason", limit=500)
    case, found = await hold(work, actor, case_id)
    kind = await work.atlas.kind(work.session, actor.community_id, case.facts.category)
    code = await _agency(work, actor.community_id, case, found, agency or kind.agency_code)
    now = work.clock.now()
    clock = await case_clock(work, actor.community_id, kind)
    due = checked_due_at(due_at, deadlines(kind, now, clock).resolve.at, now)
    level = level_of(found) or DecisionLevel.COURTYARD
    columns = {
        "agency_code": code,
        "assignee_id": None,
        "accepted_at": None,
        "arrived_at": None,
        "answered_at": case.answered_at or now,
    }
    told = {"agency": code, "level": level.value, "due_at": due.isoformat(), **(data or {})}
    state = await change(
        work,
        actor.community_id,
        case,
        Verb.REFER,
        found,
        actor=actor,
        reason=said,
        data=told,
        columns=columns,
    )
    new = NewReferral(
        case_id,
        code,
        level,
        said,
        actor.person_id,
        now,
        due,
        from_agency=SUB_DISTRICT if Relation.SUB_DISTRICT in found else None,
        accept_due_at=accept_due(kind, now, due, clock),
    )
    referral_id = await referrals.add(work.session, actor.community_id, new)
    await let_go(work, actor.community_id, case, state)
    await tell_agency(work, actor.community_id, case, "referred", code, said, str(referral_id))
    return state


async def _agency(
    work: Work, community_id: str, case: LockedCase, found: Collection[Relation], code: str | None
) -> str:
    """Return the code of an agency that the case may go to now."""
    if not code:
        raise InvalidInputError("say which agency", code="agency_needed", field="agency")
    if not await cases.agency_exists(work.session, community_id, code):
        raise InvalidInputError("no such agency", code="agency_unknown", field="agency", agency=code[:40])
    if case.facts.agency_code == code and Relation.AGENCY not in found:
        raise ConflictError("the case is with this agency", code="already_referred", agency=code)
    return code


async def tell_agency(  # noqa: PLR0917 - of what, whom, in which words
    work: Work, community_id: str, case: LockedCase, kind: str, agency: str, reason: str, key: str
) -> None:
    """Tell an agency's people of a case.

    Parameters
    ----------
    work, community_id, case
        Which case.
    kind, agency, reason, key
        Of the notice.
    """
    people = await notices.people_of(work.session, community_id, agency_code=agency)
    notice = Notice(
        kind,
        people,
        case.facts.case_id,
        urgent=case.urgent,
        data={"agency": agency, "reason": reason},
        key=key,
    )
    await notify(work, community_id, notice)
