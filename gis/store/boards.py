"""Figures: counts, heat points, hotspot streets, hours and points."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, literal, select
from sqlalchemy import case as choose

from gis.store.case_reading import CaseFilters, narrowed
from gis.store.session import ReadSession
from gis.store.tables import (
    account,
    case,
    category,
    community,
    ledger,
    person,
    report,
    service,
    street_segment,
)
from gis.words import Scope

ENDED = ("closed", "rejected", "cancelled")


@dataclass(frozen=True, slots=True)
class HeatPoint:
    """Cases gathered in one cell (or at one point), EPSG:4326; ``weight`` adds up their severity."""

    lon: float
    lat: float
    cases: int
    weight: float


@dataclass(frozen=True, slots=True)
class HotStreet:
    """A named street with what happened along it."""

    name: str
    name_en: str
    length_m: float
    reports: int
    cases: int
    cases_per_100m: float
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a person's points."""

    at: datetime
    points: int
    memo: str


@dataclass(frozen=True, slots=True)
class Points:
    """A person's balance, verified hours and latest entries."""

    balance: int
    hours: float
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """Hours and points booked for a case."""

    person_id: UUID
    person_name: str
    hours: float
    points: int


async def status_counts(session: ReadSession, scope: Scope) -> dict[str, int]:
    """Return how many cases of a scope stand in each status."""
    rows = await session.rows(
        select(case.c.status, func.count().label("n"))
        .join(community, community.c.community_id == case.c.community_id)
        .where(narrowed(scope, CaseFilters()))
        .group_by(case.c.status)
    )
    return {row.status: int(row.n) for row in rows}


async def late_count(session: ReadSession, scope: Scope, now: datetime) -> int:
    """Return how many unfinished cases of a scope are past their deadline."""
    statement = (
        select(func.count())
        .select_from(case.join(community, community.c.community_id == case.c.community_id))
        .where(
            narrowed(scope, CaseFilters()),
            case.c.resolve_due_at < now,
            case.c.status.not_in((*ENDED, "done")),
        )
    )
    return int(await session.value(statement))


async def heat_rows(
    session: ReadSession, scope: Scope, filters: CaseFilters, *, cell_m: float, limit: int = 50_000
) -> list[HeatPoint]:
    """Return cases gathered into square cells of the community's metric CRS; rejected ones don't count."""
    flat = func.st_transform(case.c.geom, community.c.metric_srid)
    cell = func.st_snaptogrid(flat, literal(cell_m))
    gathered = (
        select(
            func.st_transform(cell, 4326).label("centre"),
            func.count().label("cases"),
            func.sum(category.c.severity).label("weight"),
        )
        .select_from(
            case.join(community, community.c.community_id == case.c.community_id).join(
                category, category.c.code == case.c.category
            )
        )
        .where(narrowed(scope, filters), case.c.status.not_in(("rejected", "cancelled")))
        .group_by(cell, community.c.metric_srid)
        .order_by(func.count().desc())
        .limit(limit)
        .subquery()
    )
    rows = await session.rows(
        select(
            func.st_x(gathered.c.centre),
            func.st_y(gathered.c.centre),
            gathered.c.cases,
            gathered.c.weight,
        )
    )
    return [HeatPoint(float(x), float(y), int(n), float(weight)) for x, y, n, weight in rows]


async def hot_streets(
    session: ReadSession, scope: Scope, filters: CaseFilters, *, limit: int
) -> list[HotStreet]:
    """Return named streets by cases per metre of street, the worst first."""
    s = street_segment.c
    streets = (
        select(
            s.name,
            func.max(s.name_en).label("name_en"),
            func.sum(s.length_m).label("length_m"),
            func.st_centroid(func.st_collect(s.geom)).label("centre"),
        )
        .where(s.community_id == scope.community_id, s.name != "")
        .group_by(s.name)
        .subquery()
    )
    reports = (
        select(func.count())
        .where(report.c.community_id == case.c.community_id, report.c.case_id == case.c.case_id)
        .correlate(case)
        .scalar_subquery()
    )
    found = (
        select(s.name, func.count().label("cases"), func.sum(reports).label("reports"))
        .select_from(
            case.join(community, community.c.community_id == case.c.community_id).join(
                street_segment,
                and_(s.community_id == case.c.community_id, s.segment_id == case.c.segment_id),
            )
        )
        .where(narrowed(scope, filters), case.c.status.not_in(("rejected", "cancelled")), s.name != "")
        .group_by(s.name)
        .subquery()
    )
    rate = found.c.cases * 100.0 / func.greatest(streets.c.length_m, 1.0)
    rows = await session.rows(
        select(
            streets.c.name,
            streets.c.name_en,
            streets.c.length_m,
            found.c.reports,
            found.c.cases,
            rate,
            func.st_x(streets.c.centre),
            func.st_y(streets.c.centre),
        )
        .join(found, found.c.name == streets.c.name)
        .order_by(rate.desc(), streets.c.name)
        .limit(limit)
    )
    return [HotStreet(n, e, float(m), int(r), int(c), float(q), x, y) for n, e, m, r, c, q, x, y in rows]


async def points_of(session: ReadSession, community_id: str, person_id: UUID, *, limit: int = 50) -> Points:
    """Return a person's balance, hours and latest entries; what was taken counts below zero."""
    mine = (
        select(account.c.account_id)
        .where(
            account.c.community_id == community_id,
            account.c.kind == "person",
            account.c.person_id == person_id,
        )
        .scalar_subquery()
    )
    signed = choose((ledger.c.to_account == mine, ledger.c.points), else_=-ledger.c.points)
    own = and_(
        ledger.c.community_id == community_id, (ledger.c.to_account == mine) | (ledger.c.from_account == mine)
    )
    balance = await session.value(select(func.coalesce(func.sum(signed), 0)).where(own))
    hours = await session.value(
        select(func.coalesce(func.sum(service.c.hours), 0.0)).where(
            service.c.community_id == community_id, service.c.person_id == person_id
        )
    )
    rows = await session.rows(
        select(ledger.c.at, signed, ledger.c.memo).where(own).order_by(ledger.c.at.desc()).limit(limit)
    )
    return Points(int(balance), float(hours), tuple(Entry(at, int(n), memo) for at, n, memo in rows))


async def case_service(session: ReadSession, community_id: str, case_id: UUID) -> list[ServiceRow]:
    """Return the hours and points booked for a case."""
    points = (
        select(func.coalesce(func.sum(ledger.c.points), 0))
        .where(ledger.c.community_id == service.c.community_id, ledger.c.service_id == service.c.service_id)
        .where(ledger.c.reverses.is_(None))
        .scalar_subquery()
    )
    rows = await session.rows(
        select(service.c.person_id, person.c.name, service.c.hours, points)
        .join(
            person,
            and_(person.c.community_id == service.c.community_id, person.c.person_id == service.c.person_id),
        )
        .where(service.c.community_id == community_id, service.c.case_id == case_id)
        .order_by(service.c.at)
    )
    return [ServiceRow(p, name, float(hours), int(n)) for p, name, hours, n in rows]
