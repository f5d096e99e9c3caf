"""The catalogue of rewards, with what there is of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, LiteralString
from uuid import UUID

from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class Reward:
    """One reward.

    Parameters
    ----------
    limit_each, limit_period
        How many one person may have in each month or year, or ever; None: any number.
    shop_id
        Where it is handed out; None: at the desk.
    first_day, last_day
        From when until when it may be redeemed, by the community's calendar.
    """

    reward_id: UUID
    name: str
    name_en: str
    about: str
    points: int
    limit_each: int | None
    limit_period: str
    shop_id: UUID | None
    first_day: date | None
    last_day: date | None
    active: bool


@dataclass(frozen=True, slots=True)
class RewardRow:
    """A reward with what there is of it."""

    reward: Reward
    stock: int
    shop_name: str
    shop_name_en: str
    picture: str | None
    """Hash of its picture."""


@dataclass(frozen=True, slots=True)
class StockChange:
    """What the office put into the stock, or took out."""

    at: datetime
    amount: int
    reason: str
    by: str


_ROWS: LiteralString = """
SELECT w.reward_id, w.name, w.name_en, w.about, w.points, w.limit_each, w.limit_period, w.shop_id, w.first_day,
       w.last_day, w.active, w.stock, coalesce(s.name, '') AS shop_name, coalesce(s.name_en, '') AS shop_name_en,
       p.sha256 AS picture
FROM reward w
LEFT JOIN shop s ON s.community_id = w.community_id AND s.shop_id = w.shop_id
LEFT JOIN reward_picture p ON p.community_id = w.community_id AND p.reward_id = w.reward_id
WHERE w.community_id = %(community)s
"""


async def rewards(session: ReadSession, community_id: str, *, on: date | None = None) -> list[RewardRow]:
    """Return the catalogue, the cheapest first.

    Parameters
    ----------
    session, community_id
        Where.
    on
        Only what may be redeemed on this day; None: everything there is.
    """
    rows = await session.direct(
        _ROWS
        + "AND (%(on)s::date IS NULL OR w.active AND coalesce(w.first_day, %(on)s) <= %(on)s"
        + " AND coalesce(w.last_day, %(on)s) >= %(on)s AND coalesce(s.active, true))"
        + " ORDER BY w.active DESC, w.points, w.name, w.reward_id",
        {"community": community_id, "on": on},
    )
    return [_row(one) for one in rows]


async def reward(session: ReadSession, community_id: str, reward_id: UUID) -> RewardRow | None:
    """Return one reward."""
    rows = await session.direct(
        _ROWS + "AND w.reward_id = %(reward)s", {"community": community_id, "reward": reward_id}
    )
    return _row(rows[0]) if rows else None


def _row(r: Any) -> RewardRow:
    return RewardRow(
        Reward(
            r.reward_id,
            r.name,
            r.name_en,
            r.about,
            int(r.points),
            r.limit_each,
            r.limit_period,
            r.shop_id,
            r.first_day,
            r.last_day,
            r.active,
        ),
        int(r.stock),
        r.shop_name,
        r.shop_name_en,
        r.picture,
    )


async def put_reward(session: WriteSession, community_id: str, given: Reward, at: datetime) -> None:
    """Store a reward, new or changed; its stock stays as it is."""
    await session.direct(
        """
        INSERT INTO reward (community_id, reward_id, name, name_en, about, points, limit_each, limit_period, shop_id,
                            first_day, last_day, active, created_at)
        VALUES (%(community)s, %(reward)s, %(name)s, %(name_en)s, %(about)s, %(points)s, %(limit)s, %(period)s, %(shop)s,
                %(first)s, %(last)s, %(active)s, %(at)s)
        ON CONFLICT (community_id, reward_id) DO UPDATE SET name = excluded.name, name_en = excluded.name_en,
            about = excluded.about, points = excluded.points, limit_each = excluded.limit_each,
            limit_period = excluded.limit_period, shop_id = excluded.shop_id, first_day = excluded.first_day,
            last_day = excluded.last_day, active = excluded.active
        """,
        {
            "community": community_id,
            "reward": given.reward_id,
            "name": given.name,
            "name_en": given.name_en,
            "about": given.about,
            "points": given.points,
            "limit": given.limit_each,
            "period": given.limit_period,
            "shop": given.shop_id,
            "first": given.first_day,
            "last": given.last_day,
            "active": given.active,
            "at": at,
        },
    )


async def change_stock(  # noqa: PLR0917 - of what, how much, why, by whom and when
    session: WriteSession,
    community_id: str,
    change_id: UUID,
    reward_id: UUID,
    amount: int,
    reason: str,
    by: UUID,
    at: datetime,
) -> bool | None:
    """Put into the stock, or take out; None when this change is there already, False when there are not so many."""
    given = {
        "community": community_id,
        "change": change_id,
        "reward": reward_id,
        "amount": amount,
        "reason": reason,
        "by": by,
        "at": at,
    }
    new = await session.direct(
        """
        INSERT INTO stock_change (community_id, change_id, reward_id, amount, reason, by, at)
        VALUES (%(community)s, %(change)s, %(reward)s, %(amount)s, %(reason)s, %(by)s, %(at)s)
        ON CONFLICT DO NOTHING RETURNING change_id
        """,
        given,
    )
    if not new:
        return None
    rows = await session.direct(
        "UPDATE reward SET stock = stock + %(amount)s WHERE community_id = %(community)s AND reward_id = %(reward)s"
        " AND stock + %(amount)s >= 0 RETURNING stock",
        given,
    )
    return bool(rows)


async def stock_changes(session: ReadSession, community_id: str, reward_id: UUID) -> list[StockChange]:
    """Return what was put into a reward's stock and taken out, the latest first."""
    rows = await session.direct(
        """
        SELECT c.at, c.amount, c.reason, p.name FROM stock_change c
        JOIN person p ON p.community_id = c.community_id AND p.person_id = c.by
        WHERE c.community_id = %(community)s AND c.reward_id = %(reward)s ORDER BY c.at DESC LIMIT 50
        """,
        {"community": community_id, "reward": reward_id},
    )
    return [StockChange(*row) for row in rows]


async def put_picture(
    session: WriteSession, community_id: str, reward_id: UUID, sha256: str, image: bytes
) -> None:
    """Store a reward's picture instead of any before it."""
    await session.direct(
        "INSERT INTO reward_picture (community_id, reward_id, sha256, image)"
        " VALUES (%(community)s, %(reward)s, %(hash)s, %(image)s) ON CONFLICT (community_id, reward_id)"
        " DO UPDATE SET sha256 = excluded.sha256, image = excluded.image",
        {"community": community_id, "reward": reward_id, "hash": sha256, "image": image},
    )


async def picture(session: ReadSession, community_id: str, reward_id: UUID) -> bytes | None:
    """Return a reward's picture as JPEG, or None."""
    rows = await session.direct(
        "SELECT image FROM reward_picture WHERE community_id = %(community)s AND reward_id = %(reward)s",
        {"community": community_id, "reward": reward_id},
    )
    return bytes(rows[0].image) if rows else None
