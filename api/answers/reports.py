"""Reports: one person's evidence each."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from api.answers.base import Answer, PersonRef, PhotoLink, photo_links
from gis.clock import is_off
from gis.store.report_reading import ReportRow
from gis.views.cases import SEES_ASKING
from gis.views.reports import ReportItem
from gis.words import Actor


class RatingOut(Answer):
    """What a reporter said of the work that was done."""

    stars: int
    solved: bool
    words: str
    at: datetime


class ReportOut(Answer):
    """One person's evidence."""

    id: UUID
    number: str
    case_id: UUID
    category: str
    description: str
    detail: str
    status: str
    lon: float
    lat: float
    accuracy_m: float | None
    source: str
    received_at: datetime
    fixed_at: datetime | None = Field(description="the phone's own time; kept, not trusted")
    clock_off: bool = Field(description="the phone's own time can't be right")
    complete: bool
    missing: list[str]
    photos: list[PhotoLink]
    place: dict[str, Any]
    mine: bool
    reporter: PersonRef | None
    link_score: float | None = Field(
        None, description="how probably it is about its case; null: it opened a case of its own"
    )
    rating: RatingOut | None = Field(None, description="of the work; for the office, and for its author")


def report_out(actor: Actor, item: ReportItem) -> ReportOut:
    """Return a report; names of reporters are for the office, and for themselves."""
    return _report_out(actor, item.row, missing=list(item.missing), mine=item.mine)


def _report_out(actor: Actor, row: ReportRow, *, missing: list[str], mine: bool) -> ReportOut:
    named = mine or actor.role in SEES_ASKING
    return ReportOut(
        id=row.report_id,
        number=row.number,
        case_id=row.case_id,
        category=row.category,
        description=row.description,
        detail=row.detail,
        status=row.status,
        lon=row.lon,
        lat=row.lat,
        accuracy_m=row.accuracy_m,
        source=row.position_source,
        received_at=row.received_at,
        fixed_at=row.fixed_at,
        clock_off=is_off(row.fixed_at, row.received_at),
        complete=not missing,
        missing=missing,
        photos=photo_links(row.photos),
        place=dict(row.place),
        mine=mine,
        reporter=PersonRef(id=row.reporter_id, name=row.reporter_name) if named else None,
        link_score=row.link_score,
        rating=RatingOut.model_validate(row.rating) if row.rating and named else None,
    )
