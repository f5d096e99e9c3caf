"""What the books of a month are made of, and everything in them that is not as it must be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from gis.store.session import ReadSession


@dataclass(frozen=True, slots=True)
class FlowRow:
    """What moved between two kinds of account."""

    source: str
    target: str
    before: int
    points: int
    entries: int


@dataclass(frozen=True, slots=True)
class RewardMonth:
    """One reward in a month: how many were redeemed, handed out, and given back, and what there is of it now."""

    name: str
    name_en: str
    shop: str
    shop_en: str
    redeemed: int
    points: int
    handed_out: int
    refunded: int
    cancelled: int
    expired: int
    waiting: int
    put_in: int
    stock: int


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it must be: what, which, and the two figures that should be equal."""

    kind: str
    subject: str
    kept: int
    counted: int


async def flows(session: ReadSession, community_id: str, since: datetime, until: datetime) -> list[FlowRow]:
    """Return what moved between kinds of account before a month and in it."""
    rows = await session.direct(
        """
        SELECT f.kind AS source, t.kind AS target,
               coalesce(sum(l.points) FILTER (WHERE l.at < %(since)s), 0)::int AS before,
               coalesce(sum(l.points) FILTER (WHERE l.at >= %(since)s), 0)::int AS points,
               count(*) FILTER (WHERE l.at >= %(since)s) AS entries
        FROM ledger l
        JOIN account f ON f.community_id = l.community_id AND f.account_id = l.from_account
        JOIN account t ON t.community_id = l.community_id AND t.account_id = l.to_account
        WHERE l.community_id = %(community)s AND l.at < %(until)s GROUP BY 1, 2
        """,
        {"community": community_id, "since": since, "until": until},
    )
    return [FlowRow(*row) for row in rows]


async def reward_months(
    session: ReadSession, community_id: str, since: datetime, until: datetime
) -> list[RewardMonth]:
    """Return what became of each reward in a month."""
    rows = await session.direct(
        """
        SELECT w.name, w.name_en, coalesce(s.name, '') AS shop, coalesce(s.name_en, '') AS shop_en,
               count(*) FILTER (WHERE d.created_at >= %(since)s AND d.created_at < %(until)s) AS redeemed,
               coalesce(sum(d.points) FILTER (WHERE d.created_at >= %(since)s AND d.created_at < %(until)s), 0)::int AS points,
               count(*) FILTER (WHERE d.handed_out_at >= %(since)s AND d.handed_out_at < %(until)s) AS handed_out,
               count(*) FILTER (WHERE d.status = 'refunded' AND d.ended_at >= %(since)s AND d.ended_at < %(until)s) AS refunded,
               count(*) FILTER (WHERE d.status = 'cancelled' AND d.ended_at >= %(since)s AND d.ended_at < %(until)s) AS cancelled,
               count(*) FILTER (WHERE d.status = 'expired' AND d.ended_at >= %(since)s AND d.ended_at < %(until)s) AS expired,
               count(*) FILTER (WHERE d.created_at < %(until)s AND coalesce(d.handed_out_at, d.ended_at, 'infinity') >= %(until)s)
                   AS waiting,
               (SELECT coalesce(sum(c.amount), 0)::int FROM stock_change c WHERE c.community_id = w.community_id
                AND c.reward_id = w.reward_id AND c.at >= %(since)s AND c.at < %(until)s) AS put_in,
               w.stock
        FROM reward w
        LEFT JOIN shop s ON s.community_id = w.community_id AND s.shop_id = w.shop_id
        LEFT JOIN redemption d ON d.community_id = w.community_id AND d.reward_id = w.reward_id
        WHERE w.community_id = %(community)s
        GROUP BY w.community_id, w.reward_id, w.name, w.name_en, s.name, s.name_en, w.stock, w.points
        ORDER BY w.points, w.name, w.reward_id
        """,
        {"community": community_id, "since": since, "until": until},
    )
    return [RewardMonth(*row) for row in rows]


_FINDINGS: LiteralString = """
SELECT 'balance' AS kind, coalesce(p.name, a.kind) AS subject, a.balance AS kept, m.points AS counted
FROM account a
LEFT JOIN person p ON p.community_id = a.community_id AND p.person_id = a.person_id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(CASE WHEN l.to_account = a.account_id THEN l.points ELSE -l.points END), 0)::int AS points
    FROM ledger l WHERE l.community_id = a.community_id AND a.account_id IN (l.from_account, l.to_account)) m
WHERE a.community_id = %(community)s AND a.kind IN ('person', 'reversal') AND a.balance <> m.points
UNION ALL
SELECT 'stock', w.name, w.stock, m.n FROM reward w
CROSS JOIN LATERAL (
    SELECT (SELECT coalesce(sum(c.amount), 0) FROM stock_change c
            WHERE c.community_id = w.community_id AND c.reward_id = w.reward_id)::int
         - (SELECT count(*) FROM redemption d WHERE d.community_id = w.community_id AND d.reward_id = w.reward_id
            AND NOT d.restocked)::int AS n) m
WHERE w.community_id = %(community)s AND w.stock <> m.n
UNION ALL
SELECT 'redemption', w.name || ' ' || d.code, CASE WHEN d.status IN ('open', 'handed_out') THEN d.points ELSE 0 END, m.points
FROM redemption d
JOIN reward w ON w.community_id = d.community_id AND w.reward_id = d.reward_id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(CASE WHEN l.reverses IS NULL THEN l.points ELSE -l.points END), 0)::int AS points
    FROM ledger l WHERE l.community_id = d.community_id AND l.redemption_id = d.redemption_id) m
WHERE d.community_id = %(community)s
  AND m.points <> CASE WHEN d.status IN ('open', 'handed_out') THEN d.points ELSE 0 END
UNION ALL
SELECT 'reversal', p.name, b.points, r.points FROM ledger r
JOIN ledger b ON b.community_id = r.community_id AND b.entry_id = r.reverses
JOIN account a ON a.community_id = b.community_id AND a.account_id IN (b.from_account, b.to_account)
JOIN person p ON p.community_id = a.community_id AND p.person_id = a.person_id
WHERE r.community_id = %(community)s AND r.points <> b.points
UNION ALL
SELECT 'service', p.name, 1, m.n FROM service s
JOIN person p ON p.community_id = s.community_id AND p.person_id = s.person_id
CROSS JOIN LATERAL (
    SELECT count(*)::int AS n FROM ledger l
    WHERE l.community_id = s.community_id AND l.service_id = s.service_id AND l.reverses IS NULL) m
WHERE s.community_id = %(community)s AND s.hours > 0 AND m.n <> 1
"""


async def findings(session: ReadSession, community_id: str) -> list[Finding]:
    """Return what doesn't balance now: nothing.

    Kept balances against the entries, stock against what was put in and redeemed, redemptions against what was paid,
    reversals against what they take back, hours against the entry that they earned.
    """
    return [Finding(*row) for row in await session.direct(_FINDINGS, {"community": community_id})]
