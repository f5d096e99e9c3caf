"""Reading cases: lists by one statement, details by a handful."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, and_, func, or_, select, text, tuple_
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from gis.store.light_reading import LightFilter, has_light, open_pause
from gis.store.reach import reaches
from gis.store.session import ReadSession
from gis.store.tables import case, category, community, event, hand_over, offer, person, photo, report
from gis.words import Scope

Box = tuple[float, float, float, float]
_colleague = person.alias("colleague")


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


def _rows(where: ColumnElement[bool]) -> Select[Any]:
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
        .where(where)
    )


def _of_families(families: tuple[str, ...]) -> ColumnElement[bool]:
    return case.c.category.in_(select(category.c.code).where(category.c.family.in_(families)))


def _reported_by(person_id: UUID) -> ColumnElement[bool]:
    mine = select(report.c.case_id).where(
        report.c.community_id == case.c.community_id, report.c.reporter_id == person_id
    )
    return or_(case.c.reporter_id == person_id, case.c.case_id.in_(mine))


def _offered_to(person_id: UUID) -> ColumnElement[bool]:
    offered = select(offer.c.case_id).where(
        offer.c.community_id == case.c.community_id,
        offer.c.responder_id == person_id,
        offer.c.status == "live",
    )
    return case.c.case_id.in_(offered)


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
    "words": _says,
    "assignee_id": lambda person_id: case.c.assignee_id == person_id,
    "reporter_id": _reported_by,
    "offered_to": _offered_to,
    "case_ids": case.c.case_id.in_,
    "lights": has_light,
}


def narrowed(scope: Scope, filters: CaseFilters) -> ColumnElement[bool]:
    """Return the condition for the cases inside a scope that pass the filters."""
    asked = ((make, getattr(filters, name)) for name, make in _CONDITIONS.items())
    return and_(reaches(scope), *(make(value) for make, value in asked if value))


async def case_rows(
    session: ReadSession,
    scope: Scope,
    filters: CaseFilters,
    *,
    limit: int,
    after: tuple[datetime, UUID] | None = None,
) -> list[CaseRow]:
    """Return cases, the newest first; ``after`` names the last one already seen."""
    statement = _rows(narrowed(scope, filters))
    if after is not None:
        statement = statement.where(tuple_(case.c.opened_at, case.c.case_id) < after)
    statement = statement.order_by(case.c.opened_at.desc(), case.c.case_id.desc()).limit(limit)
    return [CaseRow(*row) for row in await session.rows(statement)]


async def case_count(session: ReadSession, scope: Scope, filters: CaseFilters) -> int:
    """Return how many cases pass the filters."""
    statement = (
        select(func.count())
        .select_from(case.join(community, community.c.community_id == case.c.community_id))
        .where(narrowed(scope, filters))
    )
    return int(await session.value(statement))


@dataclass(frozen=True, slots=True)
class EventRow:
    """One line of a case's timeline."""

    event_id: int
    at: datetime
    verb: str
    from_status: str | None
    to_status: str | None
    reason: str
    data: Mapping[str, Any]
    actor_id: UUID | None
    actor_name: str | None
    actor_role: str | None


async def timeline_rows(session: ReadSession, community_id: str, case_id: UUID) -> list[EventRow]:
    """Return what happened to a case, in order."""
    e = event.c
    statement = (
        select(
            e.event_id,
            e.at,
            e.verb,
            e.from_status,
            e.to_status,
            e.reason,
            e.data.cast(JSONB),
            e.actor_id,
            person.c.name,
            person.c.role,
        )
        .outerjoin(person, and_(person.c.community_id == e.community_id, person.c.person_id == e.actor_id))
        .where(e.community_id == community_id, e.case_id == case_id)
        .order_by(e.event_id)
    )
    return [EventRow(*row) for row in await session.rows(statement)]
