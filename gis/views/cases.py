"""Cases as people read them: lists with what the reader may do next, and one case with all that happened to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from gis.cases.lights import Times, light
from gis.cases.pauses import PauseState, possible
from gis.cases.transitions import TRANSITIONS, legal
from gis.cases.undoing import BACK_BY_ITSELF, undoable
from gis.dispatch.explaining import unfolded
from gis.duplicates import ASK
from gis.errors import NotAllowedError, NotFoundError
from gis.people.permissions import relations, scope_of
from gis.store.access_log import log_access
from gis.store.boards import ServiceRow, case_service
from gis.store.case_reading import CaseFilters, CaseRow, case_count, case_rows
from gis.store.light_reading import LightFilter
from gis.store.offer_reading import Explanation, OfferRow, case_offers, explanations
from gis.store.referral_reading import HandOverRow, ReferralRow
from gis.store.related_cases import RelatedCase, related_cases
from gis.store.report_reading import ReportFilters, ReportRow, report_rows
from gis.store.session import ReadSession, WriteSession
from gis.store.timeline import EventRow, timeline_rows
from gis.views.history import LevelState, hand_overs_of, levels, referrals_of
from gis.views.paging import Page, decode_cursor, encode_cursor
from gis.words import Actor, CaseFacts, Relation, Role, Scope, Status, Verb

__all__ = [
    "CaseDetail",
    "CaseFilters",
    "CaseItem",
    "LightFilter",
    "case_detail",
    "case_list",
    "cases_by_id",
    "dispatch_of",
]

MOST_REPORTS = 200
SEES_ALL = frozenset({Role.ADMIN, Role.DESK, Role.PLANNER})
TOLD_BY_REPORTERS = frozenset({"submit", "link", "photo"})
SEES_ASKING = frozenset({Role.ADMIN, Role.DESK, Role.GRID_WORKER})


@dataclass(frozen=True, slots=True)
class CaseItem:
    """A case in a list, with the verbs that this reader may do now."""

    row: CaseRow
    legal: tuple[str, ...]
    light: str | None = None
    """Green, yellow or red; none for a finished case, and where it isn't asked for."""


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """A case with its reports, timeline, offers, booked service, referrals, hand-overs and decisions."""

    item: CaseItem
    related: list[RelatedCase]
    reports: list[ReportRow]
    timeline: list[EventRow]
    offers: list[OfferRow]
    service: list[ServiceRow]
    referrals: list[ReferralRow]
    hand_overs: list[HandOverRow]
    levels: list[LevelState]
    undo: EventRow | None = None
    """What the reader has just done and may take back."""


async def case_list(
    session: ReadSession,
    actor: Actor,
    filters: CaseFilters,
    *,
    now: datetime,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[CaseItem]:
    """Return the cases inside the reader's areas, the newest first, with their lights at a time."""
    scope = scope_of(actor)
    after = decode_cursor(cursor)
    rows = await case_rows(session, scope, filters, limit=limit + 1, after=after)
    total = await case_count(session, scope, filters) if after or len(rows) > limit else len(rows)
    shown = rows[:limit]
    more = encode_cursor(shown[-1].opened_at, shown[-1].case_id) if len(rows) > limit else None
    return Page(items_for(actor, shown, now), more, total)


async def cases_by_id(
    session: ReadSession,
    actor: Actor,
    case_ids: Sequence[UUID],
    *,
    now: datetime | None = None,
    limit: int = 500,
) -> dict[UUID, CaseItem]:
    """Return certain cases by their id, those inside the reader's areas; with lights where a time is given."""
    if not case_ids:
        return {}
    rows = await case_rows(session, scope_of(actor), CaseFilters(case_ids=tuple(case_ids)), limit=limit)
    return {item.row.case_id: item for item in items_for(actor, rows, now)}


async def cases_in_short(
    session: ReadSession, community_id: str, case_ids: Sequence[UUID]
) -> dict[UUID, CaseRow]:
    """Return certain cases whoever reads, for lists that show no words and no names; the caller has chosen them."""
    if not case_ids:
        return {}
    everything = Scope(community_id, everything=True)
    rows = await case_rows(session, everything, CaseFilters(case_ids=tuple(case_ids)), limit=len(case_ids))
    return {row.case_id: row for row in rows}


def items_for(actor: Actor, rows: Sequence[CaseRow], now: datetime | None) -> list[CaseItem]:
    """Return rows with what the reader may do to each, and without the words and photos of other reporters."""
    found = []
    for row in rows:
        facts = _facts(row)
        state = PauseState(row.pause["state"] if row.pause else PauseState.NONE)
        verbs = () if row.merged_into else possible(legal(facts.status, relations(actor, facts)), state)
        shown = _for_co_reporter(actor, row) if _only_reports_too(actor, facts) else row
        found.append(CaseItem(shown, tuple(verb.value for verb in verbs), _light(row, now)))
    return found


def _light(row: CaseRow, now: datetime | None) -> str | None:
    if now is None:
        return None
    times = Times(
        Status(row.status),
        row.answered_at,
        row.answer_soon_at,
        row.answer_due_at,
        row.on_site_soon_at,
        row.on_site_due_at,
        row.resolve_soon_at,
        row.resolve_due_at,
        row.paused_at,
    )
    found = light(times, now)
    return found.value if found else None


def _only_reports_too(actor: Actor, facts: CaseFacts) -> bool:
    """Tell whether somebody sees a case for no other reason than having reported it, as others have."""
    return actor.role not in SEES_ALL and relations(actor, facts) == {Relation.CO_REPORTER}


def _for_co_reporter(actor: Actor, row: CaseRow) -> CaseRow:
    mine = str(actor.person_id)
    photos = [one for one in row.photos if one["kind"] == "after" or one["by"] == mine]
    return replace(row, photos=photos, summary=row.summary if row.reporter_id == actor.person_id else "")


def _facts(row: CaseRow) -> CaseFacts:
    return CaseFacts(
        case_id=row.case_id,
        status=Status(row.status),
        revision=row.revision,
        category=row.category,
        grid_code=row.grid_code,
        micro_grid_code=row.micro_grid_code,
        reporter_id=row.reporter_id,
        reporter_ids=frozenset(row.reporter_ids),
        offeree_id=row.offered_to,
        asked_id=row.asked_id,
        assignee_id=row.assignee_id,
        agency_code=row.agency_code,
        escalation=row.escalation,
    )


async def find_case(
    session: ReadSession, actor: Actor, case_id: UUID, now: datetime | None = None
) -> CaseItem:
    """Return one case, or refuse as for one that doesn't exist."""
    found = await cases_by_id(session, actor, [case_id], now=now)
    if case_id not in found:
        raise NotFoundError("no such case, or not one of yours", code="case_not_found")
    return found[case_id]


async def case_detail(session: WriteSession, actor: Actor, case_id: UUID, now: datetime) -> CaseDetail:
    """Return all that the reader may know of a case, and record the look."""
    item = await find_case(session, actor, case_id, now)
    community_id = actor.community_id
    reports = await report_rows(session, scope_of(actor), ReportFilters(case_id=case_id), limit=MOST_REPORTS)
    timeline = await timeline_rows(session, community_id, case_id)
    if _only_reports_too(actor, _facts(item.row)):
        reports = [one for one in reports if one.reporter_id == actor.person_id]
        timeline = [_unnamed(one) if _of_other_reporter(actor, one) else one for one in timeline]
    office = actor.role in SEES_ASKING
    detail = CaseDetail(
        item=item,
        related=await related_cases(session, community_id, case_id, least=ASK if office else 2.0),
        reports=sorted(reports, key=lambda one: (one.received_at, one.link_score is not None)),
        timeline=timeline,
        offers=await case_offers(session, community_id, case_id) if office else [],
        service=await case_service(session, community_id, case_id),
        referrals=await referrals_of(session, community_id, case_id),
        hand_overs=await hand_overs_of(session, community_id, case_id) if office else [],
        levels=levels(timeline),
        undo=_undoable(actor, item, timeline, now) if office else None,
    )
    await log_access(
        session, community_id, at=now, person_id=actor.person_id, kind="case", subject_id=str(case_id)
    )
    return detail


def _undoable(actor: Actor, item: CaseItem, timeline: Sequence[EventRow], now: datetime) -> EventRow | None:
    """Return what the reader did to a case last, where that has a way back: the same rule as ``gis.flows.undo``."""
    acts = [one for one in timeline if one.actor_id is not None and one.verb != "photo"]
    last = acts[-1] if acts else None
    if last is None or last.actor_id != actor.person_id or not undoable(last.verb, last.at, now):
        return None
    moved_on = any(one.event_id > last.event_id and one.from_status != one.to_status for one in timeline)
    by_table = last.verb in BACK_BY_ITSELF or (Status(item.row.status), Verb.UNDO) in TRANSITIONS
    return last if by_table and not moved_on else None


def _of_other_reporter(actor: Actor, one: EventRow) -> bool:
    return one.verb in TOLD_BY_REPORTERS and one.actor_id != actor.person_id


def _unnamed(one: EventRow) -> EventRow:
    return replace(one, actor_id=None, actor_name=None, actor_role=None, data={})


async def dispatch_of(session: ReadSession, actor: Actor, case_id: UUID) -> list[Explanation]:
    """Return why each responder was asked; for those who answer for the dispatch."""
    await find_case(session, actor, case_id)
    if actor.role not in SEES_ASKING:
        raise NotAllowedError("the candidates of a dispatch are for the desk and grid workers")
    found = await explanations(session, actor.community_id, case_id)
    return [replace(one, explanation=unfolded(one.explanation)) for one in found]
