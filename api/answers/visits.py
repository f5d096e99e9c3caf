"""Visits, problems, checklists and campaigns as they are answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from api.answers.base import Answer, PersonRef, PhotoLink, photo_links
from gis.store.campaigns import CampaignRow
from gis.store.visit_reading import FindingRow
from gis.views.visits import VisitItem
from gis.visits.checklists import Checklist


class FindingOut(Answer):
    """A problem: settled on the spot or transferred, with its answer."""

    id: UUID
    visit_id: UUID | None
    campaign: UUID | None
    campaign_name: str | None
    campaign_name_en: str | None
    category: str
    words: str
    state: str = Field(description="open, on_spot or transferred")
    answered: bool = Field(description="it has an answer, or its case is closed")
    answer: str
    answered_at: datetime | None
    answered_by: str | None
    transferred_to: str
    case_id: UUID | None
    case_status: str | None
    found_at: datetime
    found_by: PersonRef
    place: str
    flat: str
    building: UUID | None
    grid: str | None
    micro_grid: str | None


class VisitOut(Answer):
    """An entry of the watch log."""

    id: UUID
    kind: str
    outcome: str
    visited_at: datetime
    person: PersonRef
    mine: bool
    place: str
    building: UUID | None
    household: UUID | None
    flat: str
    grid: str | None
    micro_grid: str | None
    lon: float
    lat: float
    words: str
    checks: dict[str, str]
    answers: dict[str, str]
    campaign: UUID | None
    campaign_name: str | None
    campaign_name_en: str | None
    photos: list[PhotoLink]
    findings: list[FindingOut]


class VisitPage(BaseModel):
    """Part of the watch log."""

    items: list[VisitOut]
    next: str | None
    total: int


class FindingPage(BaseModel):
    """Part of the list of problems."""

    items: list[FindingOut]
    next: str | None
    total: int


class ItemOut(BaseModel):
    """An item of a checklist."""

    id: UUID
    words: str
    words_en: str
    category: str


class ChecklistOut(BaseModel):
    """A checklist that is in use."""

    code: str
    name: str
    name_en: str
    items: list[ItemOut]


class ChecklistsOut(BaseModel):
    """The community's checklists."""

    items: list[ChecklistOut]


class CampaignOut(Answer):
    """A campaign, with the figures of the places that its reader looks after."""

    id: UUID
    name: str
    name_en: str
    purpose: str
    purpose_en: str
    starts_on: date
    ends_on: date
    grids: list[str]
    questions: list[dict[str, Any]]
    ended_at: datetime | None
    visits: int
    not_home: int
    findings: int
    on_spot: int
    transferred: int
    unanswered: int


def finding_out(row: FindingRow) -> FindingOut:
    """Return a problem as it is shown."""
    return FindingOut(
        id=row.finding_id,
        visit_id=row.visit_id,
        campaign=row.campaign_id,
        campaign_name=row.campaign_name,
        campaign_name_en=row.campaign_name_en,
        category=row.category,
        words=row.words,
        state=row.state,
        answered=row.is_answered,
        answer=row.answer,
        answered_at=row.answered_at or (row.closed_at if row.is_answered else None),
        answered_by=row.answered_by_name,
        transferred_to=row.transferred_to,
        case_id=row.case_id,
        case_status=row.case_status,
        found_at=row.found_at,
        found_by=PersonRef(id=row.found_by, name=row.found_by_name),
        place=row.place_text,
        flat=row.flat,
        building=row.building_id,
        grid=row.grid_code,
        micro_grid=row.micro_grid_code,
    )


def visit_out(item: VisitItem) -> VisitOut:
    """Return an entry as it is shown."""
    row = item.row
    return VisitOut(
        id=row.visit_id,
        kind=row.kind,
        outcome=row.outcome,
        visited_at=row.visited_at,
        person=PersonRef(id=row.person_id, name=row.person_name),
        mine=item.mine,
        place=row.place_text,
        building=row.building_id,
        household=row.household_id,
        flat=row.flat,
        grid=row.grid_code,
        micro_grid=row.micro_grid_code,
        lon=row.lon,
        lat=row.lat,
        words=row.words,
        checks=dict(row.checks),
        answers=dict(row.answers),
        campaign=row.campaign_id,
        campaign_name=row.campaign_name,
        campaign_name_en=row.campaign_name_en,
        photos=photo_links(item.photos),
        findings=[finding_out(one) for one in item.findings],
    )


def checklist_out(one: Checklist) -> ChecklistOut:
    """Return a checklist as it is shown."""
    items = [
        ItemOut(id=item.item_id, words=item.words, words_en=item.words_en, category=item.category)
        for item in one.items
    ]
    return ChecklistOut(code=one.code, name=one.name, name_en=one.name_en, items=items)


def campaign_out(row: CampaignRow) -> CampaignOut:
    """Return a campaign as it is shown."""
    return CampaignOut(
        id=row.campaign_id,
        name=row.name,
        name_en=row.name_en,
        purpose=row.purpose,
        purpose_en=row.purpose_en,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        grids=list(row.grid_codes),
        questions=[dict(one) for one in row.questions],
        ended_at=row.ended_at,
        visits=row.visits,
        not_home=row.not_home,
        findings=row.findings,
        on_spot=row.on_spot,
        transferred=row.transferred,
        unanswered=row.unanswered,
    )
