"""Reading reports: one person's evidence, with its photos and the state of its case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, text, true
from sqlalchemy.dialects.postgresql import aggregate_order_by

from gis.store.case_reading import number_text
from gis.store.reach import reaches
from gis.store.session import ReadSession
from gis.store.tables import case, community, person, photo, rating, report
from gis.store.ways import Listed, how_many, newest, ways
from gis.words import Scope


@dataclass(frozen=True, slots=True)
class ReportFilters:
    """What a list of reports is narrowed down to; None and empty mean no restriction."""

    reporter_id: UUID | None = None
    report_id: UUID | None = None
    case_id: UUID | None = None
    box: tuple[float, float, float, float] | None = None
    grid: str | None = None
    statuses: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    since: datetime | None = None
    before: datetime | None = None
    words: str | None = None
    unrated: bool = False
    """Only those whose author has said nothing of the work yet."""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report as stored."""

    report_id: UUID
    number: str
    case_id: UUID
    category: str
    description: str
    detail: str
    status: str
    lon: float
    lat: float
    accuracy_m: float | None
    position_source: str
    received_at: datetime
    fixed_at: datetime | None
    manifest: Sequence[str]
    place: Mapping[str, Any]
    reporter_id: UUID
    reporter_name: str
    photos: Sequence[Mapping[str, Any]]
    link_score: float | None
    rating: Mapping[str, Any] | None
    """What its author said of the work: ``stars``, ``solved``, ``words``, ``at``."""


def _photos() -> ColumnElement[Any]:
    one = func.jsonb_build_object("id", photo.c.photo_id, "kind", photo.c.kind, "sha256", photo.c.sha256)
    return (
        select(func.coalesce(func.jsonb_agg(aggregate_order_by(one, photo.c.added_at)), text("'[]'::jsonb")))
        .where(photo.c.community_id == report.c.community_id, photo.c.report_id == report.c.report_id)
        .scalar_subquery()
    )


def _rating() -> ColumnElement[Any]:
    said = ("stars", rating.c.stars, "solved", rating.c.solved, "words", rating.c.words, "at", rating.c.at)
    return (
        select(func.jsonb_build_object(*said))
        .where(rating.c.community_id == report.c.community_id, rating.c.report_id == report.c.report_id)
        .scalar_subquery()
    )


def _unrated() -> ColumnElement[bool]:
    said = select(rating.c.report_id).where(
        rating.c.community_id == report.c.community_id, rating.c.report_id == report.c.report_id
    )
    return ~said.exists()


def _says(words: str) -> ColumnElement[bool]:
    return or_(
        report.c.description.icontains(words, autoescape=True),
        report.c.detail.icontains(words, autoescape=True),
    )


_CONDITIONS: dict[str, Callable[[Any], ColumnElement[bool]]] = {
    "reporter_id": lambda person_id: report.c.reporter_id == person_id,
    "report_id": lambda report_id: report.c.report_id == report_id,
    "case_id": lambda case_id: report.c.case_id == case_id,
    "box": lambda box: report.c.geom.op("&&")(func.st_makeenvelope(*box, 4326)),
    "grid": lambda code: case.c.grid_code == code,
    "statuses": case.c.status.in_,
    "categories": report.c.category.in_,
    "since": lambda moment: report.c.received_at >= moment,
    "before": lambda moment: report.c.received_at < moment,
    "unrated": lambda _: _unrated(),
}


def _narrowing(filters: ReportFilters) -> ColumnElement[bool]:
    """Return what the filters ask for, words left aside."""
    asked = ((make, getattr(filters, name)) for name, make in _CONDITIONS.items())
    return and_(true(), *(make(value) for make, value in asked if value))


def _ways(scope: Scope, filters: ReportFilters) -> list[ColumnElement[bool]]:
    """Return the ways to reports: one's own, and those of cases inside the scope; certain ones are looked at one by one."""
    here, own = report.c.community_id == scope.community_id, report.c.reporter_id == scope.person_id
    if filters.report_id or filters.case_id:
        return [and_(here, or_(reaches(scope), own))]
    if scope.person_id is not None and filters.reporter_id == scope.person_id:
        return [and_(here, own)]
    return [*(and_(here, way) for way in ways(scope)), *([and_(here, own)] if scope.person_id else [])]


_SOURCE = (
    report.join(case, and_(case.c.community_id == report.c.community_id, case.c.case_id == report.c.case_id))
    .join(community, community.c.community_id == report.c.community_id)
    .join(
        person,
        and_(person.c.community_id == report.c.community_id, person.c.person_id == report.c.reporter_id),
    )
)
_REPORTS = Listed(
    report.join(case, and_(case.c.community_id == report.c.community_id, case.c.case_id == report.c.case_id)),
    report.c.report_id,
    report.c.received_at,
)


async def report_rows(
    session: ReadSession,
    scope: Scope,
    filters: ReportFilters,
    *,
    limit: int,
    after: tuple[datetime, UUID] | None = None,
) -> list[ReportRow]:
    """Return reports, the newest first; ``after`` names the last one already seen."""
    r, words = report.c, _says(filters.words) if filters.words else None
    each, narrowing = _ways(scope, filters), _narrowing(filters)
    page = newest(_REPORTS, each, narrowing, limit=limit, after=after, words=words)
    statement = (
        select(
            r.report_id,
            number_text(case.c.opened_at, case.c.number).label("number"),
            r.case_id,
            r.category,
            r.description,
            r.detail,
            case.c.status,
            func.st_x(r.geom),
            func.st_y(r.geom),
            r.accuracy_m,
            r.position_source,
            r.received_at,
            r.fixed_at,
            r.manifest,
            r.place,
            r.reporter_id,
            person.c.name,
            _photos(),
            r.link_score,
            _rating(),
        )
        .select_from(_SOURCE)
        .where(r.community_id == scope.community_id, r.report_id.in_(page))
        .order_by(r.received_at.desc(), r.report_id.desc())
    )
    return [ReportRow(*row) for row in await session.rows(statement)]


async def report_count(session: ReadSession, scope: Scope, filters: ReportFilters) -> int:
    """Return how many reports pass the filters, ``COUNTED_TO`` at most."""
    words = _says(filters.words) if filters.words else None
    statement = how_many(_REPORTS, _ways(scope, filters), _narrowing(filters), words=words)
    return int(await session.value(statement))
