"""What somebody's points and hours are made of: balance, latest entries, and statements of a period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, LiteralString
from uuid import UUID

from gis.store.session import ReadSession
from gis.words import Account, AccountKind


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a person's points; what was taken counts below zero.

    Parameters
    ----------
    from_kind, to_kind
        Of the accounts that it lies between.
    memo
        What for, or why: a category's code, the occasion, a reason, words to a gift.
    other, other_en
        The reward, the cause, or the name of the other person.
    case_id, hours
        Of the service that earned them.
    """

    entry_id: UUID
    at: datetime
    points: int
    from_kind: AccountKind
    to_kind: AccountKind
    memo: str
    other: str
    other_en: str
    case_id: UUID | None
    hours: float | None


@dataclass(frozen=True, slots=True)
class Points:
    """A person's balance, what came today and this month (the community's own), verified hours and latest entries.

    ``debt`` is what they owe: points that were taken back after they had been spent.
    """

    balance: int
    today: int
    month: int
    hours: float
    entries: tuple[Entry, ...]
    debt: int = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """Somebody's points of a period: what there was before, every entry, and what there is after."""

    opening: int
    entries: tuple[Entry, ...]
    closing: int
    hours: float


# Hours that stand: those whose entry was not taken back.
STANDS: LiteralString = """
EXISTS (SELECT FROM ledger l WHERE l.community_id = s.community_id AND l.service_id = s.service_id AND NOT EXISTS (
    SELECT FROM ledger r WHERE r.community_id = l.community_id AND r.reverses = l.entry_id))
"""
_SUMS: LiteralString = f"""
SELECT coalesce(sum(p.points), 0)::int AS balance,
       coalesce(sum(p.points) FILTER (WHERE p.at >= date_trunc('day', %(now)s::timestamptz, k.timezone)), 0)::int AS today,
       coalesce(sum(p.points) FILTER (WHERE p.at >= date_trunc('month', %(now)s::timestamptz, k.timezone)), 0)::int AS month,
       (SELECT coalesce(sum(s.hours), 0.0) FROM service s
        WHERE s.community_id = k.community_id AND s.person_id = %(person)s AND {STANDS}) AS hours,
       (SELECT coalesce(-sum(a.balance), 0)::int FROM account a
        WHERE a.community_id = k.community_id AND a.account_id = %(owed)s) AS debt
FROM community k
LEFT JOIN LATERAL (
    SELECT l.at, CASE WHEN l.to_account = %(mine)s THEN l.points ELSE -l.points END AS points FROM ledger l
    WHERE l.community_id = k.community_id AND %(mine)s IN (l.from_account, l.to_account)) p ON true
WHERE k.community_id = %(community)s GROUP BY k.community_id
"""  # noqa: S608 - only constants are joined
_HOURS: LiteralString = f"""
SELECT coalesce(sum(s.hours), 0.0) AS hours FROM service s WHERE s.community_id = %(community)s
AND s.person_id = %(person)s AND s.served_on BETWEEN %(first)s AND %(last)s AND {STANDS}
"""  # noqa: S608 - only constants are joined
_ENTRIES: LiteralString = """
SELECT l.entry_id, l.at, CASE WHEN l.to_account = %(mine)s THEN l.points ELSE -l.points END AS points,
       f.kind AS from_kind, t.kind AS to_kind, l.memo, coalesce(w.name, c.name, o.name, '') AS other,
       coalesce(w.name_en, c.name_en, o.name, '') AS other_en, s.case_id, s.hours
FROM ledger l
JOIN account f ON f.community_id = l.community_id AND f.account_id = l.from_account
JOIN account t ON t.community_id = l.community_id AND t.account_id = l.to_account
LEFT JOIN service s ON s.community_id = l.community_id AND s.service_id = l.service_id
LEFT JOIN redemption d ON d.community_id = l.community_id AND d.redemption_id = l.redemption_id
LEFT JOIN reward w ON w.community_id = d.community_id AND w.reward_id = d.reward_id
LEFT JOIN cause c ON c.community_id = l.community_id AND c.cause_id = t.cause_id
LEFT JOIN person o ON o.community_id = l.community_id AND f.kind = 'person' AND t.kind = 'person'
    AND o.person_id = CASE WHEN l.to_account = %(mine)s THEN f.person_id ELSE t.person_id END
WHERE l.community_id = %(community)s AND %(mine)s IN (l.from_account, l.to_account)
"""


async def points_of(
    session: ReadSession, community_id: str, person_id: UUID, *, now: datetime, limit: int = 50
) -> Points:
    """Return a person's balance, standing hours and latest entries."""
    given = _of(community_id, person_id) | {"now": now, "limit": limit}
    sums = await session.direct(_SUMS, given)
    rows = await session.direct(
        _ENTRIES + "ORDER BY l.at DESC, l.to_account = %(mine)s, l.entry_id LIMIT %(limit)s", given
    )
    if not sums:
        return Points(0, 0, 0, 0.0, ())
    (r,) = sums
    return Points(
        int(r.balance), int(r.today), int(r.month), float(r.hours), _entries(rows), debt=int(r.debt)
    )


async def statement(
    session: ReadSession,
    community_id: str,
    person_id: UUID,
    *,
    since: datetime,
    until: datetime,
    days: tuple[date, date],
) -> Statement:
    """Return somebody's points of a period.

    Parameters
    ----------
    session, community_id, person_id
        Whose.
    since, until
        Its moments, the end not included.
    days
        Its first and last day, for hours.
    """
    given: dict[str, Any] = _of(community_id, person_id)
    given |= {"since": since, "until": until}
    rows = await session.direct(
        _ENTRIES
        + "AND l.at >= %(since)s AND l.at < %(until)s ORDER BY l.at, l.to_account <> %(mine)s, l.entry_id",
        given,
    )
    [before] = await session.direct(
        """
        SELECT coalesce(sum(CASE WHEN to_account = %(mine)s THEN points ELSE -points END), 0)::int AS points
        FROM ledger WHERE community_id = %(community)s AND %(mine)s IN (from_account, to_account) AND at < %(since)s
        """,
        given,
    )
    hours = await hours_since(session, community_id, person_id, *days)
    entries = _entries(rows)
    opening = int(before.points)
    return Statement(opening, entries, opening + sum(one.points for one in entries), hours)


async def hours_since(
    session: ReadSession, community_id: str, person_id: UUID, first: date, last: date
) -> float:
    """Return somebody's standing hours of some days."""
    [row] = await session.direct(
        _HOURS,
        {"community": community_id, "person": person_id, "first": first, "last": last},
    )
    return float(row.hours)


def _of(community_id: str, person_id: UUID) -> dict[str, Any]:
    return {
        "community": community_id,
        "person": person_id,
        "mine": Account(AccountKind.PERSON, person_id).key(community_id),
        "owed": Account(AccountKind.REVERSAL, person_id).key(community_id),
    }


def _entries(rows: Sequence[Any]) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            row.entry_id,
            row.at,
            int(row.points),
            AccountKind(row.from_kind),
            AccountKind(row.to_kind),
            row.memo,
            row.other,
            row.other_en or row.other,
            row.case_id,
            row.hours,
        )
        for row in rows
    )
