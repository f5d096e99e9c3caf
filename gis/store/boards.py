"""Figures: counts, hours and points."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy import case as choose

from gis.store.case_reading import CaseFilters, narrowed
from gis.store.session import ReadSession
from gis.store.tables import (
    account,
    case,
    community,
    ledger,
    person,
    service,
)
from gis.words import Scope

ENDED = ("closed", "rejected", "cancelled")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a person's points."""

    at: datetime
    points: int
    memo: str


@dataclass(frozen=True, slots=True)
class Points:
    """A person's balance, what came today and this month (the community's own), verified hours and latest entries."""

    balance: int
    today: int
    month: int
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


async def points_of(
    session: ReadSession, community_id: str, person_id: UUID, *, now: datetime, limit: int = 50
) -> Points:
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
    zone = select(community.c.timezone).where(community.c.community_id == community_id).scalar_subquery()
    sums = [
        func.coalesce(func.sum(signed).filter(ledger.c.at >= func.date_trunc(unit, now, zone)), 0)
        for unit in ("day", "month")
    ]
    [(balance, today, month)] = await session.rows(
        select(func.coalesce(func.sum(signed), 0), *sums).where(own)
    )
    hours = await session.value(
        select(func.coalesce(func.sum(service.c.hours), 0.0)).where(
            service.c.community_id == community_id, service.c.person_id == person_id
        )
    )
    rows = await session.rows(
        select(ledger.c.at, signed, ledger.c.memo).where(own).order_by(ledger.c.at.desc()).limit(limit)
    )
    return Points(
        int(balance),
        int(today),
        int(month),
        float(hours),
        tuple(Entry(at, int(n), memo) for at, n, memo in rows),
    )


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
