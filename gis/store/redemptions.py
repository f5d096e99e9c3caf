"""Redeemed rewards: each changes by a conditional update, and the stock with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class NewRedemption:
    """A reward that is redeemed."""

    redemption_id: UUID
    reward_id: UUID
    person_id: UUID
    points: int
    code: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Redemption:
    """A redeemed reward, with the reward's words and where it is handed out."""

    redemption_id: UUID
    reward_id: UUID
    person_id: UUID
    person_name: str
    points: int
    code: str
    status: str
    created_at: datetime
    expires_at: datetime
    handed_out_at: datetime | None
    ended_at: datetime | None
    reason: str
    reward: str
    reward_en: str
    shop_id: UUID | None
    shop: str
    shop_en: str
    picture: str | None


_READ: LiteralString = """
SELECT d.redemption_id, d.reward_id, d.person_id, p.name AS person_name, d.points, d.code, d.status, d.created_at,
       d.expires_at, d.handed_out_at, d.ended_at, d.reason, w.name AS reward, w.name_en AS reward_en, w.shop_id,
       coalesce(s.name, '') AS shop, coalesce(s.name_en, '') AS shop_en, i.sha256 AS picture
FROM redemption d
JOIN reward w ON w.community_id = d.community_id AND w.reward_id = d.reward_id
JOIN person p ON p.community_id = d.community_id AND p.person_id = d.person_id
LEFT JOIN shop s ON s.community_id = w.community_id AND s.shop_id = w.shop_id
LEFT JOIN reward_picture i ON i.community_id = w.community_id AND i.reward_id = w.reward_id
WHERE d.community_id = %(community)s
"""


async def add(session: WriteSession, community_id: str, new: NewRedemption) -> bool:
    """Store a redemption; False when its id or its code is there already."""
    rows = await session.direct(
        """
        INSERT INTO redemption (community_id, redemption_id, reward_id, person_id, points, code, created_at, expires_at)
        VALUES (%(community)s, %(id)s, %(reward)s, %(person)s, %(points)s, %(code)s, %(at)s, %(expires)s)
        ON CONFLICT DO NOTHING RETURNING redemption_id
        """,
        {
            "community": community_id,
            "id": new.redemption_id,
            "reward": new.reward_id,
            "person": new.person_id,
            "points": new.points,
            "code": new.code,
            "at": new.created_at,
            "expires": new.expires_at,
        },
    )
    return bool(rows)


async def get(session: ReadSession, community_id: str, redemption_id: UUID) -> Redemption | None:
    """Return a redemption."""
    rows = await session.direct(
        _READ + "AND d.redemption_id = %(id)s", {"community": community_id, "id": redemption_id}
    )
    return Redemption(*rows[0]) if rows else None


async def by_code(session: ReadSession, community_id: str, code: str) -> Redemption | None:
    """Return the redemption that a code stands for."""
    rows = await session.direct(_READ + "AND d.code = %(code)s", {"community": community_id, "code": code})
    return Redemption(*rows[0]) if rows else None


async def of_person(
    session: ReadSession, community_id: str, person_id: UUID, *, limit: int = 50
) -> list[Redemption]:
    """Return what somebody has redeemed: what waits for them first, then the latest."""
    rows = await session.direct(
        _READ
        + "AND d.person_id = %(person)s ORDER BY (d.status = 'open') DESC, d.created_at DESC, d.redemption_id"
        + " LIMIT %(limit)s",
        {"community": community_id, "person": person_id, "limit": limit},
    )
    return [Redemption(*row) for row in rows]


async def listed(
    session: ReadSession, community_id: str, *, status: str | None = None, limit: int = 100
) -> list[Redemption]:
    """Return redemptions for the office, the latest first."""
    rows = await session.direct(
        _READ
        + "AND (%(status)s::text IS NULL OR d.status = %(status)s)"
        + " ORDER BY d.created_at DESC, d.redemption_id LIMIT %(limit)s",
        {"community": community_id, "status": status, "limit": limit},
    )
    return [Redemption(*row) for row in rows]


async def taken(
    session: ReadSession, community_id: str, reward_id: UUID, person_id: UUID, since: datetime | None
) -> int:
    """Return how many of a reward somebody has had since a moment; what was given back doesn't count."""
    [row] = await session.direct(
        "SELECT count(*) AS n FROM redemption WHERE community_id = %(community)s AND reward_id = %(reward)s"
        " AND person_id = %(person)s AND status IN ('open', 'handed_out')"
        " AND created_at >= coalesce(%(since)s::timestamptz, '-infinity')",
        {"community": community_id, "reward": reward_id, "person": person_id, "since": since},
    )
    return int(row.n)


async def take_one(
    session: WriteSession, community_id: str, reward_id: UUID, points: int, today: date
) -> bool:
    """Take one out of the stock; False when it is sold out, not offered today, or costs something else."""
    rows = await session.direct(
        """
        UPDATE reward SET stock = stock - 1
        WHERE community_id = %(community)s AND reward_id = %(reward)s AND stock > 0 AND active AND points = %(points)s
          AND coalesce(first_day, %(today)s) <= %(today)s AND coalesce(last_day, %(today)s) >= %(today)s
        RETURNING stock
        """,
        {"community": community_id, "reward": reward_id, "points": points, "today": today},
    )
    return bool(rows)


async def put_back(session: WriteSession, community_id: str, reward_id: UUID) -> None:
    """Put one into the stock again."""
    await session.direct(
        "UPDATE reward SET stock = stock + 1 WHERE community_id = %(community)s AND reward_id = %(reward)s"
        " RETURNING stock",
        {"community": community_id, "reward": reward_id},
    )


async def hand_out(
    session: WriteSession,
    community_id: str,
    redemption_id: UUID,
    *,
    by: UUID,
    shop_id: UUID | None,
    at: datetime,
) -> bool:
    """Mark a redemption as handed out; False when it is no longer open, or its time is over."""
    rows = await session.direct(
        """
        UPDATE redemption SET status = 'handed_out', handed_out_at = %(at)s, handed_out_by = %(by)s, shop_id = %(shop)s
        WHERE community_id = %(community)s AND redemption_id = %(id)s AND status = 'open' AND expires_at > %(at)s
        RETURNING redemption_id
        """,
        {"community": community_id, "id": redemption_id, "by": by, "shop": shop_id, "at": at},
    )
    return bool(rows)


async def end(
    session: WriteSession,
    community_id: str,
    redemption_id: UUID,
    before: str,
    status: str,
    *,
    by: UUID | None,
    reason: str,
    restocked: bool,
    at: datetime,
) -> bool:
    """End a redemption that stands as it did; False when somebody else was first."""
    rows = await session.direct(
        """
        UPDATE redemption SET status = %(status)s, ended_at = %(at)s, ended_by = %(by)s, reason = %(reason)s,
            restocked = %(restocked)s
        WHERE community_id = %(community)s AND redemption_id = %(id)s AND status = %(before)s RETURNING redemption_id
        """,
        {
            "community": community_id,
            "id": redemption_id,
            "before": before,
            "status": status,
            "by": by,
            "reason": reason,
            "restocked": restocked,
            "at": at,
        },
    )
    return bool(rows)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A reward that waits to be collected."""

    community_id: str
    redemption_id: UUID
    person_id: UUID
    reward: str


async def remind(session: WriteSession, now: datetime, ahead: timedelta, *, limit: int) -> list[Waiting]:
    """Return open redemptions of all communities whose time is over soon, each once; not those that were made since."""
    rows = await session.direct(
        """
        UPDATE redemption d SET reminded_at = %(now)s
        FROM reward w, (
            SELECT community_id, redemption_id FROM redemption
            WHERE status = 'open' AND expires_at > %(now)s AND expires_at <= %(now)s + %(ahead)s AND reminded_at IS NULL
              AND created_at < expires_at - 2 * %(ahead)s
            ORDER BY expires_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED) n
        WHERE d.community_id = n.community_id AND d.redemption_id = n.redemption_id
          AND w.community_id = d.community_id AND w.reward_id = d.reward_id
        RETURNING d.community_id, d.redemption_id, d.person_id, w.name AS reward
        """,
        {"now": now, "ahead": ahead, "limit": limit},
    )
    return [Waiting(*row) for row in rows]


async def past(session: ReadSession, now: datetime, *, limit: int) -> Sequence[tuple[str, UUID]]:
    """Return open redemptions of all communities whose time is over."""
    rows: list[Any] = await session.direct(
        "SELECT community_id, redemption_id FROM redemption WHERE status = 'open' AND expires_at <= %(now)s"
        " ORDER BY expires_at LIMIT %(limit)s",
        {"now": now, "limit": limit},
    )
    return [(row.community_id, row.redemption_id) for row in rows]
