"""The watch log, the problems found and campaigns as people read them: by who looks after a place now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from gis.errors import NotFoundError
from gis.people.permissions import require
from gis.store import campaigns, checklists
from gis.store.access_log import log_access
from gis.store.campaigns import CampaignRow, GridProgress
from gis.store.session import ReadSession, WriteSession
from gis.store.visit_reading import (
    FindingFilters,
    FindingRow,
    Reach,
    VisitFilters,
    VisitRow,
    finding_count,
    finding_rows,
    visit_count,
    visit_rows,
)
from gis.views.paging import Page, decode_cursor, encode_cursor
from gis.views.subject_photos import SEEN_BY, photos_shown
from gis.visits.checklists import Checklist, lists_of
from gis.visits.kinds import PHOTO_SUBJECT
from gis.visits.questions import Question, QuestionKind
from gis.words import Actor, Role

__all__ = [
    "CampaignRow",
    "FindingFilters",
    "FindingRow",
    "GridProgress",
    "VisitFilters",
    "VisitItem",
    "VisitRow",
    "campaign_answers",
    "campaign_list",
    "campaign_of",
    "campaign_progress",
    "case_findings",
    "checklists_of",
    "finding_list",
    "reach_of",
    "visit_detail",
    "visit_list",
]


@dataclass(frozen=True, slots=True)
class VisitItem:
    """An entry with its photos and the problems that were found."""

    row: VisitRow
    photos: Sequence[Mapping[str, Any]]
    findings: Sequence[FindingRow]
    mine: bool


def reach_of(actor: Actor) -> Reach:
    """Return which entries somebody reads: of the places that they look after now.

    Parameters
    ----------
    actor
        The office reads all; who has lost a post reads nothing any more, not even what they wrote.
    """
    if actor.role in {Role.ADMIN, Role.DESK}:
        return Reach(actor.community_id, everything=True)
    return Reach(
        actor.community_id,
        grids=actor.grid_codes if actor.role is Role.GRID_WORKER else frozenset(),
        cells=actor.micro_grid_codes if actor.role is Role.WATCHER else frozenset(),
    )


async def visit_list(
    session: WriteSession,
    actor: Actor,
    filters: VisitFilters,
    *,
    now: datetime,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[VisitItem]:
    """Return entries of the log, the newest first; a look at what others wrote is recorded.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    """
    require(actor, "visit")
    reach, after = reach_of(actor), decode_cursor(cursor)
    rows = await visit_rows(session, reach, filters, after=after, limit=limit + 1)
    total = await visit_count(session, reach, filters) if after or len(rows) > limit else len(rows)
    shown = rows[:limit]
    if any(one.person_id != actor.person_id for one in shown):
        await _looked(session, actor, now, _subject(filters))
    more = encode_cursor(shown[-1].visited_at, shown[-1].visit_id) if len(rows) > limit else None
    return Page(await _items(session, actor, shown), more, total)


async def visit_detail(session: WriteSession, actor: Actor, visit_id: UUID, now: datetime) -> VisitItem:
    """Return one entry; the look is recorded.

    Raises
    ------
    NotFoundError
        ``visit_not_found``: none, or of a place that somebody else looks after.
    """
    require(actor, "visit")
    rows = await visit_rows(session, reach_of(actor), VisitFilters(visit_id=visit_id))
    if not rows:
        raise NotFoundError("no such visit, or not one of yours", code="visit_not_found")
    if rows[0].person_id != actor.person_id:
        await _looked(session, actor, now, str(visit_id))
    [item] = await _items(session, actor, rows)
    return item


async def finding_list(
    session: WriteSession,
    actor: Actor,
    filters: FindingFilters,
    *,
    now: datetime,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[FindingRow]:
    """Return problems, the newest first; a look at what others found is recorded.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    """
    require(actor, "visit")
    reach, after = reach_of(actor), decode_cursor(cursor)
    rows = await finding_rows(session, reach, filters, after=after, limit=limit + 1)
    total = await finding_count(session, reach, filters) if after or len(rows) > limit else len(rows)
    shown = rows[:limit]
    if any(one.found_by != actor.person_id for one in shown):
        await _looked(session, actor, now, f"findings {filters.campaign_id or filters.grid or ''}".strip())
    more = encode_cursor(shown[-1].found_at, shown[-1].finding_id) if len(rows) > limit else None
    return Page(list(shown), more, total)


async def case_findings(session: ReadSession, actor: Actor, case_id: UUID) -> list[FindingRow]:
    """Return the problems that a case was made of, as far as its reader looks after them."""
    return await finding_rows(session, reach_of(actor), FindingFilters(case_id=case_id))


async def checklists_of(session: ReadSession, community_id: str) -> tuple[Checklist, ...]:
    """Return a community's checklists, with what is out of use."""
    return lists_of(await checklists.item_rows(session, community_id))


async def campaign_list(session: ReadSession, actor: Actor) -> list[CampaignRow]:
    """Return campaigns, the newest first; their figures are those of the places that the reader looks after."""
    require(actor, "visit")
    return await campaigns.campaign_rows(session, actor.community_id, *_areas(actor))


async def campaign_of(session: ReadSession, actor: Actor, campaign_id: UUID) -> CampaignRow:
    """Return one campaign.

    Raises
    ------
    NotFoundError
        ``campaign_not_found``.
    """
    require(actor, "visit")
    rows = await campaigns.campaign_rows(session, actor.community_id, *_areas(actor), campaign_id)
    if not rows:
        raise NotFoundError("no such campaign", code="campaign_not_found")
    return rows[0]


async def campaign_progress(session: ReadSession, actor: Actor, row: CampaignRow) -> list[GridProgress]:
    """Return how far a campaign has come in the grids that its reader looks after; nothing for a watcher."""
    grids = _areas(actor)[0]
    if actor.role is Role.WATCHER:
        return []
    held = None if not row.grid_codes else set(row.grid_codes)
    found = await campaigns.progress(session, actor.community_id, row.campaign_id, grids)
    return [one for one in found if held is None or one.code in held]


async def campaign_answers(
    session: ReadSession, actor: Actor, row: CampaignRow
) -> list[tuple[Question, list[tuple[str, int]]]]:
    """Return the questions of a campaign with how often each answer was given."""
    asked = [Question.from_json(one) for one in row.questions]
    if actor.role is Role.WATCHER:
        return []
    keys = [one.key for one in asked if one.kind is not QuestionKind.TEXT]
    given = await campaigns.answers(session, actor.community_id, row.campaign_id, keys, _areas(actor)[0])
    return [(one, [(value, n) for key, value, n in given if key == one.key]) for one in asked]


def _areas(actor: Actor) -> tuple[list[str] | None, list[str] | None]:
    reach = reach_of(actor)
    if reach.everything:
        return None, None
    return (
        sorted(reach.grids) if actor.role is Role.GRID_WORKER else None,
        sorted(reach.cells) if actor.role is Role.WATCHER else None,
    )


async def _items(session: ReadSession, actor: Actor, rows: Sequence[VisitRow]) -> list[VisitItem]:
    ids = [one.visit_id for one in rows]
    photos = await photos_shown(session, actor.community_id, PHOTO_SUBJECT, ids)
    found = await finding_rows(
        session, reach_of(actor), FindingFilters(visit_ids=ids), limit=max(1, 40 * len(ids))
    )
    return [
        VisitItem(
            row,
            photos.get(row.visit_id, ()),
            sorted((one for one in found if one.visit_id == row.visit_id), key=lambda one: one.n),
            row.person_id == actor.person_id,
        )
        for row in rows
    ]


async def _looked(session: WriteSession, actor: Actor, now: datetime, subject: str) -> None:
    await log_access(
        session, actor.community_id, at=now, person_id=actor.person_id, kind="visits", subject_id=subject
    )


def _subject(filters: VisitFilters) -> str:
    """Return what was looked at, as it is recorded."""
    parts = (
        ("building", filters.building_id),
        ("grid", filters.grid),
        ("campaign", filters.campaign_id),
        ("person", filters.person_id),
    )
    return " ".join(f"{name} {value}" for name, value in parts if value) or "all"


async def _sees_photos(session: ReadSession, actor: Actor, visit_id: UUID) -> bool:
    if actor.role not in {Role.ADMIN, Role.DESK, Role.GRID_WORKER, Role.WATCHER}:
        return False
    return bool(await visit_rows(session, reach_of(actor), VisitFilters(visit_id=visit_id)))


SEEN_BY[PHOTO_SUBJECT] = _sees_photos
