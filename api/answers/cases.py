"""Cases in lists, and what acts on them answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from api.answers.base import Answer, PersonRef, PhotoLink, photo_links
from api.answers.places import CasePlace, case_place
from gis.views.cases import CaseItem


class PauseOut(Answer):
    """A pause: asked for, or running."""

    state: str
    kind: str
    reason: str
    until: datetime
    asked_by: UUID


class WindowOut(Answer):
    """From when until when somebody is wanted."""

    starts_at: datetime
    ends_at: datetime


class CaseCore(Answer):
    """A case; ``legal`` names what this reader may do to it now."""

    id: UUID
    number: str = Field(examples=["20251121-00042"])
    category: str
    status: str
    urgent: bool
    summary: str
    lon: float
    lat: float
    place: CasePlace
    opened_at: datetime
    answer_due_at: datetime
    on_site_due_at: datetime | None
    resolve_due_at: datetime
    window: WindowOut | None = Field(None, description="of an ordered service")
    light: str | None = Field(
        description="green; yellow: 80% of a deadline's time is used; red: missed; null: finished",
        examples=["green"],
    )
    level: int = Field(
        description="0 ordinary, 1 others farther off are asked, 2 grid worker, 3 desk, 4 sub-district"
    )
    pause: PauseOut | None = Field(description="the pause that is asked for or runs")
    closed_at: datetime | None
    assignee: PersonRef | None
    asked: PersonRef | None = Field(None, description="the colleague who is asked to take it over")
    agency: str | None
    photos: list[PhotoLink]
    revision: int
    legal: list[str]


class CaseOut(CaseCore):
    """A case in a list."""

    reports: int


class StateOut(Answer):
    """Where a case stands after an act."""

    id: UUID
    status: str
    revision: int


class OfferOut(Answer):
    """An offer as answered to a reporter."""

    responder: PersonRef
    travel_s: float
    distance_m: float
    expires_at: datetime


def case_out(item: CaseItem) -> CaseOut:
    """Return a case for lists."""
    return CaseOut(**case_fields(item), reports=item.row.reports)


def case_fields(item: CaseItem) -> dict[str, Any]:
    """Return the values of ``CaseCore``."""
    row = item.row
    assignee = (
        PersonRef(id=row.assignee_id, name=row.assignee_name or "") if row.assignee_id is not None else None
    )
    return {
        "id": row.case_id,
        "number": row.number,
        "category": row.category,
        "status": row.status,
        "urgent": row.urgent,
        "summary": row.summary,
        "lon": row.lon,
        "lat": row.lat,
        "place": case_place(row.place),
        "opened_at": row.opened_at,
        "answer_due_at": row.answer_due_at,
        "on_site_due_at": row.on_site_due_at,
        "resolve_due_at": row.resolve_due_at,
        "window": WindowOut(starts_at=row.starts_at, ends_at=row.ends_at)
        if row.starts_at and row.ends_at
        else None,
        "light": item.light,
        "level": row.escalation,
        "pause": PauseOut.model_validate(row.pause) if row.pause else None,
        "closed_at": row.closed_at,
        "assignee": assignee,
        "asked": PersonRef(id=row.asked_id, name=row.asked_name or "") if row.asked_id is not None else None,
        "agency": row.agency_code,
        "photos": photo_links(row.photos),
        "revision": row.revision,
        "legal": list(item.legal),
    }
