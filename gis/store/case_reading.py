"""Reading cases: lists by one statement, details by a handful."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, and_, func, or_, select, text, true
from sqlalchemy.dialects.postgresql import aggregate_order_by

from gis.store.light_reading import LightFilter, has_light, open_pause
from gis.store.reach import reaches
from gis.store.session import ReadSession
from gis.store.tables import case, category, community, hand_over, offer, person, photo, report
from gis.store.ways import CASES, SAID_CASES, Listed, any_of, how_many, newest, offered_to, reported_by, ways
from gis.words import Scope

Box = tuple[float, float, float, float]
_colleague = person.alias("colleague")
ENDED = ("closed", "rejected", "cancelled")


@dataclass(frozen=True, slots=True)
class CaseFilters:
    """What a list of cases is narrowed down to; None and empty mean no restriction."""

    box: Box | None = None
    grid: str | None = None
    micro_grid: str | None = None
    building_id: UUID | None = None
    statuses: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    since: datetime | None = None
    before: datetime | None = None
    words: str | None = None
    assignee_id: UUID | None = None
    reporter_id: UUID | None = None
    offered_to: UUID | None = None
    case_ids: tuple[UUID, ...] = ()
    lights: LightFilter | None = None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case as stored, with its assignee, photos, live offer and number of reports."""

    case_id: UUID
    number: str
    category: str
    status: str
    urgent: bool
    summary: str
    lon: float
    lat: float
    place: Mapping[str, Any]
    grid_code: str | None
    micro_grid_code: str | None
    building_id: UUID | None
    opened_at: datetime
    answered_at: datetime | None
    answer_soon_at: datetime | None
    answer_due_at: datetime
    on_site_soon_at: datetime | None
    on_site_due_at: datetime | None
    resolve_soon_at: datetime | None
    resolve_due_at: datetime
    starts_at: datetime | None
    ends_at: datetime | None
    escalation: int
    paused_at: datetime | None
    pause: Mapping[str, Any] | None
    """The pause that is asked for or runs."""
    closed_at: datetime | None
    reporter_id: UUID | None
    reporter_ids: Sequence[UUID]
    assignee_id: UUID | None
    assignee_name: str | None
    agency_code: str | None
    revision: int
    reports: int
    photos: Sequence[Mapping[str, Any]]
    offered_to: UUID | None
    asked_id: UUID | None
    asked_name: str | None
    recurrence_of: UUID | None
    merged_into: UUID | None


def _photos() -> ColumnElement[Any]:
    one = func.jsonb_build_object("id", photo.c.photo_id, "kind", photo.c.kind, "by", photo.c.added_by)
    return (
        select(
            func.coalesce(
                func.jsonb_agg(aggregate_order_by(one, photo.c.added_at, photo.c.photo_id)),
                text("'[]'::jsonb"),
            )
        )
        .where(photo.c.community_id == case.c.community_id, photo.c.case_id == case.c.case_id)
        .scalar_subquery()
    )


def number_text(moment: ColumnElement[Any], number: ColumnElement[Any]) -> ColumnElement[str]:
    """Return the number as people read it: the day it was opened, a dash and at least five digits."""
    day = func.to_char(func.timezone(community.c.timezone, moment), "YYYYMMDD")
    digits = number.cast(Text)
    return day.concat("-").concat(func.lpad(digits, func.greatest(5, func.length(digits)), "0"))


@cache
def _rows() -> Select[Any]:
    """Return the selection of all that is known of cases, put together once: that takes as long as to carry it out."""
    reports = (
        select(func.count())
        .where(report.c.community_id == case.c.community_id, report.c.case_id == case.c.case_id)
        .scalar_subquery()
    )
    reporters = func.array(
        select(report.c.reporter_id)
        .where(report.c.community_id == case.c.community_id, report.c.case_id == case.c.case_id)
        .scalar_subquery()
    )
    offered_to = (
        select(offer.c.responder_id)
        .where(
            offer.c.community_id == case.c.community_id,
            offer.c.case_id == case.c.case_id,
            offer.c.status == "live",
        )
        .limit(1)
        .scalar_subquery()
    )
    asked = and_(
        hand_over.c.community_id == case.c.community_id,
        hand_over.c.case_id == case.c.case_id,
        hand_over.c.status == "asked",
    )
    return (
        select(
            case.c.case_id,
            number_text(case.c.opened_at, case.c.number).label("number"),
            case.c.category,
            case.c.status,
            case.c.urgent,
            case.c.summary,
            func.st_x(case.c.geom).label("lon"),
            func.st_y(case.c.geom).label("lat"),
            case.c.place,
            case.c.grid_code,
            case.c.micro_grid_code,
            case.c.building_id,
            case.c.opened_at,
            case.c.answered_at,
            case.c.answer_soon_at,
            case.c.answer_due_at,
            case.c.on_site_soon_at,
            case.c.on_site_due_at,
            case.c.resolve_soon_at,
            case.c.resolve_due_at,
            case.c.starts_at,
            case.c.ends_at,
            case.c.escalation,
            case.c.paused_at,
            open_pause().label("pause"),
            case.c.closed_at,
            case.c.reporter_id,
            reporters.label("reporter_ids"),
            case.c.assignee_id,
            person.c.name.label("assignee_name"),
            case.c.agency_code,
            case.c.revision,
            reports.label("reports"),
            _photos().label("photos"),
            offered_to.label("offered_to"),
            hand_over.c.to_id.label("asked_id"),
            _colleague.c.name.label("asked_name"),
            case.c.recurrence_of,
            case.c.merged_into,
        )
        .join(community, community.c.community_id == case.c.community_id)
        .outerjoin(
            person,
            and_(person.c.community_id == case.c.community_id, person.c.person_id == case.c.assignee_id),
        )
        .outerjoin(hand_over, asked)
        .outerjoin(
            _colleague,
            and_(
                _colleague.c.community_id == case.c.community_id, _colleague.c.person_id == hand_over.c.to_id
            ),
        )
    )


def _of_families(families: tuple[str, ...]) -> ColumnElement[bool]:
    return case.c.category.in_(select(category.c.code).where(category.c.family.in_(families)))


def _says(words: str) -> ColumnElement[bool]:
    place = case.c.place
    fields = [
        case.c.summary,
        number_text(case.c.opened_at, case.c.number),
        place["building"]["name"].astext,
        place["street"]["name"].astext,
        place["micro_grid"]["code"].astext,
    ]
    return or_(*(field.icontains(words, autoescape=True) for field in fields))


_CONDITIONS: dict[str, Callable[[Any], ColumnElement[bool]]] = {
    "box": lambda box: case.c.geom.op("&&")(func.st_makeenvelope(*box, 4326)),
    "grid": lambda code: case.c.grid_code == code,
    "micro_grid": lambda code: case.c.micro_grid_code == code,
    "building_id": lambda building_id: case.c.building_id == building_id,
    "statuses": case.c.status.in_,
    "categories": case.c.category.in_,
    "families": _of_families,
    "since": lambda moment: case.c.opened_at >= moment,
    "before": lambda moment: case.c.opened_at < moment,
    "assignee_id": lambda person_id: case.c.assignee_id == person_id,
    "case_ids": case.c.case_id.in_,
    "lights": has_light,
}


def narrowing(scope: Scope, filters: CaseFilters) -> ColumnElement[bool]:
    """Return what the filters ask for, words left aside."""
    asked = ((make, getattr(filters, name)) for name, make in _CONDITIONS.items())
    found = [make(value) for make, value in asked if value]
    if filters.reporter_id:
        found.append(any_of(reported_by(scope.community_id, filters.reporter_id)))
    if filters.offered_to:
        found.append(any_of(offered_to(scope.community_id, filters.offered_to)))
    return and_(true(), *found)


def narrowed(scope: Scope, filters: CaseFilters) -> ColumnElement[bool]:
    """Return the condition for the cases inside a scope that pass the filters: for who reads all of them."""
    words = said(filters)
    return and_(reaches(scope), narrowing(scope, filters), true() if words is None else words)


async def case_rows(
    session: ReadSession,
    scope: Scope,
    filters: CaseFilters,
    *,
    limit: int,
    after: tuple[datetime, UUID] | None = None,
) -> list[CaseRow]:
    """Return cases, the newest first; ``after`` names the last one already seen."""
    page = newest(
        listed(filters),
        ways_to(scope, filters),
        narrowing(scope, filters),
        limit=limit,
        after=after,
        words=said(filters),
    )
    here = case.c.community_id == scope.community_id
    statement = _rows().where(here, case.c.case_id.in_(page))
    statement = statement.order_by(case.c.opened_at.desc(), case.c.case_id.desc())
    return [CaseRow(*row) for row in await session.rows(statement)]


def said(filters: CaseFilters) -> ColumnElement[bool] | None:
    """Return the condition that the words asked for are said; None for no words."""
    return _says(filters.words) if filters.words else None


def listed(filters: CaseFilters) -> Listed:
    """Return of what a list is that passes the filters."""
    return SAID_CASES if filters.words else CASES


def ways_to(scope: Scope, filters: CaseFilters) -> list[ColumnElement[bool]]:
    """Return the ways to what is asked for: certain cases are looked at one by one."""
    return [reaches(scope)] if filters.case_ids else ways(scope)


async def case_count(
    session: ReadSession, scope: Scope, filters: CaseFilters, *, to_the_last: bool = False
) -> int:
    """Return how many cases pass the filters, ``COUNTED_TO`` at most unless they are to be counted to the last."""
    if to_the_last:
        counted = select(func.count()).select_from(SAID_CASES.source).where(narrowed(scope, filters))
        return int(await session.value(counted))
    statement = how_many(
        listed(filters), ways_to(scope, filters), narrowing(scope, filters), words=said(filters)
    )
    return int(await session.value(statement))
