"""Points that grow old: what is left of them when the oldest are used first, and what was announced."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class Old:
    """What one person's old points are made of."""

    person_id: UUID
    earned_before: int
    spent: int
    balance: int


# What came before a day, and all that ever went: what was paid for a reward that was given back has not gone.
_OLD: LiteralString = """
SELECT a.person_id, a.balance,
       coalesce(sum(l.points) FILTER (WHERE l.to_account = a.account_id AND f.kind <> 'reward' AND l.at < %(before)s), 0)::int
           AS earned_before,
       (coalesce(sum(l.points) FILTER (WHERE l.from_account = a.account_id), 0)
        - coalesce(sum(l.points) FILTER (WHERE l.to_account = a.account_id AND f.kind = 'reward'), 0))::int AS spent
FROM account a
JOIN ledger l ON l.community_id = a.community_id AND a.account_id IN (l.from_account, l.to_account)
JOIN account f ON f.community_id = l.community_id AND f.account_id = l.from_account
WHERE a.community_id = %(community)s AND a.kind = 'person' AND a.balance > 0
  AND (%(people)s::uuid[] IS NULL OR a.person_id = ANY(%(people)s))
GROUP BY a.person_id, a.balance
"""


async def old_points(
    session: ReadSession, community_id: str, before: datetime, people: Collection[UUID] | None = None
) -> list[Old]:
    """Return what people's points from before a moment are made of; None: everybody's who has any."""
    rows = await session.direct(
        _OLD,
        {
            "community": community_id,
            "before": before,
            "people": None if people is None else list(people),
        },
    )
    return [Old(row.person_id, row.earned_before, row.spent, row.balance) for row in rows]


@dataclass(frozen=True, slots=True)
class Run:
    """A month's run."""

    month: date
    announced_before: date
    at: datetime


async def last_run(session: ReadSession, community_id: str) -> Run | None:
    """Return the latest run."""
    rows = await session.direct(
        "SELECT month, announced_before, at FROM expiry_run WHERE community_id = %(community)s"
        " ORDER BY month DESC LIMIT 1",
        {"community": community_id},
    )
    return Run(*rows[0]) if rows else None


async def begin_run(
    session: WriteSession,
    community_id: str,
    run: Run,
    expired_before: date | None,
) -> bool:
    """Store a month's run; False when somebody else did."""
    rows = await session.direct(
        "INSERT INTO expiry_run (community_id, month, expired_before, announced_before, at)"
        " VALUES (%(community)s, %(month)s, %(expired)s, %(announced)s, %(at)s) ON CONFLICT DO NOTHING RETURNING month",
        {
            "community": community_id,
            "month": run.month,
            "expired": expired_before,
            "announced": run.announced_before,
            "at": run.at,
        },
    )
    return bool(rows)


async def end_run(session: WriteSession, community_id: str, month: date, people: int, points: int) -> None:
    """Write down how many points of how many people expired."""
    await session.direct(
        "UPDATE expiry_run SET people = %(people)s, points = %(points)s"
        " WHERE community_id = %(community)s AND month = %(month)s RETURNING month",
        {"community": community_id, "month": month, "people": people, "points": points},
    )
