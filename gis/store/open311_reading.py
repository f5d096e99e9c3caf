"""Cases as Open311 lists them: hazards, coarse for everybody but the program that reported them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select
from sqlalchemy import case as choose

from gis.store.case_reading import number_text
from gis.store.feature_sources import HAZARD, ROUGHLY_DEG, coarse
from gis.store.session import ReadSession
from gis.store.tables import agency, case, category, community, report

CLOSED = ("done", "closed", "rejected", "cancelled")

_NUMBER = re.compile(r"[0-9]{8}-[0-9]{1,15}")


@dataclass(frozen=True, slots=True)
class RequestFilters:
    """Which requests; None and empty mean no restriction."""

    numbers: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    since: datetime | None = None
    before: datetime | None = None
    status: tuple[str, ...] = ()
    box: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request; ``own``: the reader has reported it, so that words and place are exact."""

    number: str
    status: str
    category: str
    name: str
    name_en: str
    agency: str | None
    opened_at: datetime
    updated_at: datetime
    resolve_due_at: datetime
    place: Mapping[str, Any]
    own: bool
    words: str | None
    lon: float
    lat: float


def _own(person_id: UUID | None) -> ColumnElement[bool]:
    if person_id is None:
        return false()
    return exists().where(
        report.c.community_id == case.c.community_id,
        report.c.case_id == case.c.case_id,
        report.c.reporter_id == person_id,
    )


def _words(person_id: UUID | None) -> ColumnElement[Any]:
    return (
        select(report.c.description)
        .where(
            report.c.community_id == case.c.community_id,
            report.c.case_id == case.c.case_id,
            report.c.reporter_id == person_id,
        )
        .order_by(report.c.received_at)
        .limit(1)
        .scalar_subquery()
    )


def _where(community_id: str, filters: RequestFilters, shown: ColumnElement[Any]) -> ColumnElement[bool]:
    c = case.c
    parts = [c.community_id == community_id, category.c.family == HAZARD]
    if filters.numbers:
        known = [one for one in filters.numbers if _NUMBER.fullmatch(one)]  # any other names no request
        digits = [int(one.rpartition("-")[2]) for one in known]
        parts += [c.number.in_(digits), number_text(c.opened_at, c.number).in_(known)]
    if filters.codes:
        parts.append(c.category.in_(filters.codes))
    if filters.since is not None:
        parts.append(c.opened_at >= filters.since)
    if filters.before is not None:
        parts.append(c.opened_at <= filters.before)
    if filters.status:
        ended = c.status.in_(CLOSED)
        parts.append(or_(*(ended if one == "closed" else ~ended for one in filters.status)))
    if filters.box is not None:
        box = func.st_makeenvelope(*filters.box, 4326)
        parts += [c.geom.op("&&")(func.st_expand(box, ROUGHLY_DEG)), func.st_intersects(shown, box)]
    return and_(*parts)


async def request_rows(
    session: ReadSession,
    community_id: str,
    filters: RequestFilters,
    *,
    person_id: UUID | None,
    limit: int,
    offset: int = 0,
) -> Sequence[RequestRow]:
    """Return requests, the newest first.

    Parameters
    ----------
    session, community_id, filters
        Which.
    person_id
        Who reads; their own are exact.
    limit, offset
        Which part of them.
    """
    c, own = case.c, _own(person_id)
    shown = choose((own, c.geom), else_=coarse())
    updated = func.greatest(c.opened_at, c.answered_at, c.arrived_at, c.done_at, c.closed_at)
    statement = (
        select(
            number_text(c.opened_at, c.number),
            c.status,
            c.category,
            category.c.name,
            category.c.name_en,
            agency.c.name,
            c.opened_at,
            updated,
            c.resolve_due_at,
            c.place,
            own,
            _words(person_id),
            func.st_x(shown),
            func.st_y(shown),
        )
        .select_from(
            case.join(community, community.c.community_id == c.community_id)
            .join(category, category.c.code == c.category)
            .outerjoin(agency, and_(agency.c.community_id == c.community_id, agency.c.code == c.agency_code))
        )
        .where(_where(community_id, filters, shown))
        .order_by(c.opened_at.desc(), c.case_id)
        .limit(limit)
        .offset(offset)
    )
    return [RequestRow(*row) for row in await session.rows(statement)]


async def number_of_report(session: ReadSession, community_id: str, report_id: UUID) -> str | None:
    """Return the number of the case that a report of Open311 is about, or None.

    Parameters
    ----------
    session, community_id, report_id
        Which.
    """
    statement = (
        select(number_text(case.c.opened_at, case.c.number))
        .select_from(
            report.join(
                case,
                and_(case.c.community_id == report.c.community_id, case.c.case_id == report.c.case_id),
            ).join(community, community.c.community_id == report.c.community_id)
        )
        .where(
            report.c.community_id == community_id,
            report.c.report_id == report_id,
            report.c.source == "open311",
        )
    )
    found: str | None = await session.value(statement)
    return found
