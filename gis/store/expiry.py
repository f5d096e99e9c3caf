"""Points that grow old: what is left of them when the oldest are used first, and what was announced."""

from __future__ import annotations

from collections.abc import Collection, Sequence
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


# What came before a day, and all that ever went: what was paid for a reward that was given back has not gone, and what a
# neighbour gives is as old as it was with them: it leaves the giver's months, and adds to the same months of who gets it.
_OLD: LiteralString = """
SELECT a.person_id, a.balance,
       (coalesce(sum(l.points) FILTER (WHERE l.to_account = a.account_id AND f.kind <> 'reward' AND g.n IS NULL
                                       AND l.at < %(before)s), 0)
        + coalesce(sum(g.before) FILTER (WHERE l.to_account = a.account_id), 0)
        - coalesce(sum(g.before) FILTER (WHERE l.from_account = a.account_id), 0))::int AS earned_before,
       (coalesce(sum(l.points) FILTER (WHERE l.from_account = a.account_id AND g.n IS NULL), 0)
        - coalesce(sum(l.points) FILTER (WHERE l.to_account = a.account_id AND f.kind = 'reward'), 0))::int AS spent
FROM account a
JOIN ledger l ON l.community_id = a.community_id AND a.account_id IN (l.from_account, l.to_account)
JOIN account f ON f.community_id = l.community_id AND f.account_id = l.from_account
LEFT JOIN LATERAL (
    SELECT count(*) AS n,
           coalesce(sum(y.points) FILTER (WHERE y.month < (%(before)s::timestamptz AT TIME ZONE m.timezone)::date), 0) AS before
    FROM gift_age y JOIN community m ON m.community_id = y.community_id
    WHERE y.community_id = l.community_id AND y.entry_id = l.entry_id HAVING count(*) > 0) g ON f.kind = 'person'
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


_LOTS: LiteralString = """
SELECT x.month, sum(x.points)::int AS points FROM (
    SELECT coalesce(y.month, date_trunc('month', l.at AT TIME ZONE m.timezone)::date) AS month,
           CASE WHEN l.from_account = a.account_id THEN -y.points ELSE coalesce(y.points, l.points) END AS points
    FROM account a
    JOIN ledger l ON l.community_id = a.community_id AND a.account_id IN (l.from_account, l.to_account)
    JOIN community m ON m.community_id = l.community_id
    JOIN account f ON f.community_id = l.community_id AND f.account_id = l.from_account
    LEFT JOIN gift_age y ON y.community_id = l.community_id AND y.entry_id = l.entry_id
    WHERE a.community_id = %(community)s AND a.kind = 'person' AND a.person_id = %(person)s AND f.kind <> 'reward'
      AND (l.to_account = a.account_id OR y.month IS NOT NULL)) x
GROUP BY x.month HAVING sum(x.points) > 0 ORDER BY x.month
"""
_SPENT: LiteralString = """
SELECT (coalesce(sum(l.points) FILTER (WHERE l.from_account = a.account_id AND NOT EXISTS (
            SELECT FROM gift_age y WHERE y.community_id = l.community_id AND y.entry_id = l.entry_id)), 0)
        - coalesce(sum(l.points) FILTER (WHERE l.to_account = a.account_id AND f.kind = 'reward'), 0))::int AS spent
FROM account a
JOIN ledger l ON l.community_id = a.community_id AND a.account_id IN (l.from_account, l.to_account)
JOIN account f ON f.community_id = l.community_id AND f.account_id = l.from_account
WHERE a.community_id = %(community)s AND a.kind = 'person' AND a.person_id = %(person)s
"""


async def lots(
    session: ReadSession, community_id: str, person_id: UUID
) -> tuple[list[tuple[date, int]], int]:
    """Return how many points came to somebody in which month, less what they gave away of it, and how many went otherwise."""
    values = {"community": community_id, "person": person_id}
    came = await session.direct(_LOTS, values)
    (went,) = await session.direct(_SPENT, values)
    return [(row.month, row.points) for row in came], int(went.spent or 0)


async def add_gift_ages(
    session: WriteSession, community_id: str, entry_id: UUID, ages: Sequence[tuple[date, int]]
) -> None:
    """Write down of which months the points of a gift are."""
    await session.direct(
        "INSERT INTO gift_age (community_id, entry_id, month, points) SELECT %(community)s, %(entry)s, x.month, x.points"
        " FROM unnest(%(months)s::date[], %(points)s::int[]) AS x(month, points)",
        {
            "community": community_id,
            "entry": entry_id,
            "months": [month for month, _ in ages],
            "points": [points for _, points in ages],
        },
    )


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
