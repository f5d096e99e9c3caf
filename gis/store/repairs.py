"""Rates of repairs and plans: a plan's versions are appended, never edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from gis.store.session import ReadSession, WriteSession
from gis.store.tables import person, repair_plan, repair_rate

MOST_PLANS = 200


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """A plan as it was saved."""

    plan_id: UUID
    version: int
    name: str
    note: str
    author_id: UUID
    author_name: str
    saved_at: datetime
    filters: Mapping[str, Any]
    budget: Mapping[str, Any]
    streets: Sequence[Mapping[str, Any]]
    totals: Mapping[str, Any]
    dropped: bool


async def rates(session: ReadSession, community_id: str) -> dict[str, float]:
    """Return what a metre costs, by category."""
    rows = await session.rows(
        select(repair_rate.c.category, repair_rate.c.yuan_per_m).where(
            repair_rate.c.community_id == community_id
        )
    )
    return {row.category: float(row.yuan_per_m) for row in rows}


async def set_rates(
    session: WriteSession, community_id: str, by: UUID, now: datetime, given: Mapping[str, float | None]
) -> None:
    """Enter rates; None takes one away."""
    gone = [code for code, value in given.items() if value is None]
    key = repair_rate.c.community_id == community_id
    if gone:
        await session.run(delete(repair_rate).where(key, repair_rate.c.category.in_(gone)))
    for code, value in given.items():
        if value is None:
            continue
        entered = {"yuan_per_m": value, "entered_by": by, "entered_at": now}
        statement = insert(repair_rate).values(community_id=community_id, category=code, **entered)
        await session.run(
            statement.on_conflict_do_update(index_elements=["community_id", "category"], set_=entered)
        )


async def add_version(session: WriteSession, community_id: str, plan: Mapping[str, Any]) -> bool:
    """Store a version; False where it is there already."""
    statement = (
        insert(repair_plan)
        .values(community_id=community_id, **plan)
        .on_conflict_do_nothing()
        .returning(repair_plan.c.version)
    )
    return await session.row(statement) is not None


async def versions(session: ReadSession, community_id: str, plan_id: UUID) -> list[PlanVersion]:
    """Return the versions of a plan, the newest first."""
    p = repair_plan.c
    rows = await session.rows(
        _versions().where(p.community_id == community_id, p.plan_id == plan_id).order_by(p.version.desc())
    )
    return [PlanVersion(*row) for row in rows]


async def plans(session: ReadSession, community_id: str) -> list[PlanVersion]:
    """Return the newest version of every plan that isn't dropped, the latest saved first."""
    p = repair_plan.c
    newest = (
        select(p.plan_id, func.max(p.version).label("version"))
        .where(p.community_id == community_id)
        .group_by(p.plan_id)
        .subquery()
    )
    rows = await session.rows(
        _versions()
        .join(newest, and_(newest.c.plan_id == p.plan_id, newest.c.version == p.version))
        .where(p.community_id == community_id, ~p.dropped)
        .order_by(p.saved_at.desc(), p.plan_id)
        .limit(MOST_PLANS)
    )
    return [PlanVersion(*row) for row in rows]


def _versions() -> Any:
    p = repair_plan.c
    return select(
        p.plan_id,
        p.version,
        p.name,
        p.note,
        p.author_id,
        person.c.name,
        p.saved_at,
        p.filters,
        p.budget,
        p.streets,
        p.totals,
        p.dropped,
    ).join(person, and_(person.c.community_id == p.community_id, person.c.person_id == p.author_id))
