"""Undoing a link: a report that is about something else gets a case of its own again."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from gis.cases.ladder import opening
from gis.errors import ConflictError, NotAllowedError, NotFoundError
from gis.flows.acting import hold
from gis.flows.clocks import case_clock
from gis.flows.offer_case import offer_case
from gis.flows.texts import required
from gis.flows.work import Work
from gis.people.permissions import require
from gis.store import linking
from gis.words import Actor, CaseState, Relation

OFFICE = frozenset({Relation.DESK, Relation.GRID_WORKER})


@dataclass(frozen=True, slots=True)
class Unlinked:
    """The case as it stands, and the report's own new one."""

    state: CaseState
    new_case_id: UUID
    new_number: str


async def unlink(work: Work, actor: Actor, case_id: UUID, report_id: UUID, reason: str) -> Unlinked:
    """Give a report of a case a case of its own, where it was snapped to; it is offered like a new one.

    Parameters
    ----------
    work, actor
        The desk, an administrator, or a grid worker in their own areas.
    case_id, report_id
        Which report of which case; the case may be closed already.
    reason
        Needed.

    Raises
    ------
    NotFoundError
        ``case_not_found``, ``report_not_found``.
    ConflictError
        ``only_report``: a case keeps at least one.
    NotAllowedError
        ``not_allowed``.
    """
    require(actor, "unlink")
    said = required(reason, "reason", limit=500)
    case, found = await hold(work, actor, case_id)
    if not found & OFFICE:
        raise NotAllowedError("unlinking is for the office", verb="unlink")
    report = await linking.report_of_case(work.session, actor.community_id, case_id, report_id)
    if report is None:
        raise NotFoundError("no such report of this case", code="report_not_found")
    if report.reports == 1:
        raise ConflictError("it is the case's only report", code="only_report")
    now = work.clock.now()
    kind = await work.atlas.kind(work.session, actor.community_id, report.category)
    clock = await case_clock(work, actor.community_id, kind)
    new = linking.Split(uuid4(), kind.urgent, opening(kind, now, clock))
    number = await linking.split(
        work.session,
        actor.community_id,
        case.facts,
        report_id,
        new,
        actor_id=actor.person_id,
        reason=said,
        now=now,
    )
    await offer_case(work, actor.community_id, new.case_id)
    state = CaseState(case_id, case.facts.status, case.facts.revision)
    return Unlinked(state, new.case_id, number)
