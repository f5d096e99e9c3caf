"""Cases as people read them: lists with what the reader may do next, and one case with all that happened to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gis.cases.transitions import legal
from gis.errors import NotAllowedError, NotFoundError
from gis.people.permissions import relations, scope_of
from gis.store.access_log import log_access
from gis.store.boards import ServiceRow, case_service
from gis.store.case_reading import CaseFilters, CaseRow, EventRow, case_count, case_rows, timeline_rows
from gis.store.offer_reading import Explanation, OfferRow, case_offers, explanations
from gis.store.report_reading import ReportFilters, ReportRow, report_rows
from gis.store.session import ReadSession, WriteSession
from gis.views.paging import Page, decode_cursor, encode_cursor
from gis.words import Actor, CaseFacts, Role, Status

__all__ = ["CaseDetail", "CaseFilters", "CaseItem", "case_detail", "case_list", "cases_by_id", "dispatch_of"]

MOST_REPORTS = 200
SEES_ASKING = frozenset({Role.ADMIN, Role.DESK, Role.GRID_WORKER})


@dataclass(frozen=True, slots=True)
class CaseItem:
    """A case in a list, with the verbs that this reader may do now."""

    row: CaseRow
    legal: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """A case with its reports, timeline, offers and booked service."""

    item: CaseItem
    reports: list[ReportRow]
    timeline: list[EventRow]
    offers: list[OfferRow]
    service: list[ServiceRow]


async def case_list(
    session: ReadSession, actor: Actor, filters: CaseFilters, *, limit: int = 50, cursor: str | None = None
) -> Page[CaseItem]:
    """Return the cases inside the reader's areas, the newest first."""
    scope = scope_of(actor)
    after = decode_cursor(cursor)
    rows = await case_rows(session, scope, filters, limit=limit + 1, after=after)
    total = await case_count(session, scope, filters) if after or len(rows) > limit else len(rows)
    shown = rows[:limit]
    more = encode_cursor(shown[-1].opened_at, shown[-1].case_id) if len(rows) > limit else None
    return Page(items_for(actor, shown), more, total)


async def cases_by_id(
    session: ReadSession, actor: Actor, case_ids: Sequence[UUID], *, limit: int = 500
) -> dict[UUID, CaseItem]:
    """Return certain cases by their id, those inside the reader's areas."""
    if not case_ids:
        return {}
    rows = await case_rows(session, scope_of(actor), CaseFilters(case_ids=tuple(case_ids)), limit=limit)
    return {item.row.case_id: item for item in items_for(actor, rows)}


def items_for(actor: Actor, rows: Sequence[CaseRow]) -> list[CaseItem]:
    """Return rows with what the reader may do to each."""
    return [CaseItem(row, _legal(actor, row)) for row in rows]


def _legal(actor: Actor, row: CaseRow) -> tuple[str, ...]:
    facts = CaseFacts(
        case_id=row.case_id,
        status=Status(row.status),
        revision=row.revision,
        category=row.category,
        grid_code=row.grid_code,
        micro_grid_code=row.micro_grid_code,
        reporter_id=row.reporter_id,
        reporter_ids=frozenset(row.reporter_ids),
        offeree_id=row.offered_to,
        assignee_id=row.assignee_id,
        agency_code=row.agency_code,
    )
    return tuple(verb.value for verb in legal(facts.status, relations(actor, facts)))


async def find_case(session: ReadSession, actor: Actor, case_id: UUID) -> CaseItem:
    """Return one case, or refuse as for one that doesn't exist."""
    found = await cases_by_id(session, actor, [case_id])
    if case_id not in found:
        raise NotFoundError("no such case, or not one of yours", code="case_not_found")
    return found[case_id]


async def case_detail(session: WriteSession, actor: Actor, case_id: UUID, now: datetime) -> CaseDetail:
    """Return all that the reader may know of a case, and record the look."""
    item = await find_case(session, actor, case_id)
    community_id = actor.community_id
    reports = await report_rows(session, scope_of(actor), ReportFilters(case_id=case_id), limit=MOST_REPORTS)
    detail = CaseDetail(
        item=item,
        reports=sorted(reports, key=lambda report: report.received_at),
        timeline=await timeline_rows(session, community_id, case_id),
        offers=await case_offers(session, community_id, case_id) if actor.role in SEES_ASKING else [],
        service=await case_service(session, community_id, case_id),
    )
    await log_access(
        session, community_id, at=now, person_id=actor.person_id, kind="case", subject_id=str(case_id)
    )
    return detail


async def dispatch_of(session: ReadSession, actor: Actor, case_id: UUID) -> list[Explanation]:
    """Return why each responder was asked; for those who answer for the dispatch."""
    await find_case(session, actor, case_id)
    if actor.role not in SEES_ASKING:
        raise NotAllowedError("the candidates of a dispatch are for the desk and grid workers")
    return await explanations(session, actor.community_id, case_id)
