"""Figures: counts, hours and points."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, exists, func, select

from gis.store.case_reading import ENDED, CaseFilters, listed, narrowing, said, ways_to
from gis.store.reach import reaches
from gis.store.session import ReadSession
from gis.store.tables import (
    case,
    ledger,
    person,
    service,
)
from gis.store.ways import how_many
from gis.words import Scope


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """Hours and points booked for a case."""

    person_id: UUID
    person_name: str
    hours: float
    points: int


async def ended_counts(session: ReadSession, scope: Scope, filters: CaseFilters) -> dict[str, int]:
    """Return how many cases of a scope have ended in each way, ``COUNTED_TO`` at most."""
    each = ways_to(scope, filters)
    counts = [
        how_many(
            listed(filters),
            each,
            and_(narrowing(scope, filters), case.c.status == status),
            words=said(filters),
        ).scalar_subquery()
        for status in ENDED
    ]
    row = await session.row(select(*counts))
    return {} if row is None else {status: int(n) for status, n in zip(ENDED, row, strict=True) if n}


async def status_counts(session: ReadSession, scope: Scope, *, ended: bool = False) -> dict[str, int]:
    """Return how many cases of a scope stand in each status; of those that have ended only if asked, and ``COUNTED_TO`` at most."""
    rows = await session.rows(
        select(case.c.status, func.count().label("n"))
        .where(reaches(scope), case.c.status.not_in(ENDED))
        .group_by(case.c.status)
    )
    over = await ended_counts(session, scope, CaseFilters()) if ended else {}
    return {row.status: int(row.n) for row in rows} | over


async def late_count(session: ReadSession, scope: Scope, now: datetime) -> int:
    """Return how many unfinished cases of a scope are past their deadline."""
    statement = (
        select(func.count())
        .select_from(case)
        .where(
            reaches(scope),
            case.c.resolve_due_at < now,
            case.c.status.not_in((*ENDED, "done")),
        )
    )
    return int(await session.value(statement))


async def case_service(session: ReadSession, community_id: str, case_id: UUID) -> list[ServiceRow]:
    """Return the hours and points booked for a case that stand."""
    taken_back = ledger.alias()
    points = (
        select(func.sum(ledger.c.points))
        .where(ledger.c.community_id == service.c.community_id, ledger.c.service_id == service.c.service_id)
        .where(
            ~exists().where(
                taken_back.c.community_id == ledger.c.community_id, taken_back.c.reverses == ledger.c.entry_id
            )
        )
        .scalar_subquery()
    )
    rows = await session.rows(
        select(service.c.person_id, person.c.name, service.c.hours, points)
        .join(
            person,
            and_(person.c.community_id == service.c.community_id, person.c.person_id == service.c.person_id),
        )
        .where(service.c.community_id == community_id, service.c.case_id == case_id, points.is_not(None))
        .order_by(service.c.at)
    )
    return [ServiceRow(p, name, float(hours), int(n)) for p, name, hours, n in rows]
