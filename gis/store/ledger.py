"""The ledger of points: entries are only ever appended, and what belongs to people is kept as a balance beside them.

Whoever changes what somebody has, or owes, first holds that person's accounts; several people always in one order.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from gis.errors import ConflictError
from gis.store.session import ReadSession, WriteSession
from gis.words import Account, AccountKind, LedgerEntry


@dataclass(frozen=True, slots=True)
class Held:
    """What somebody has, and what they owe; none of them below zero."""

    balance: int = 0
    debt: int = 0


_OPEN: LiteralString = """
INSERT INTO account (community_id, account_id, kind, person_id, cause_id)
SELECT %(community)s, a.id, a.kind, CASE WHEN a.kind IN ('person', 'reversal') THEN a.holder END,
       CASE WHEN a.kind = 'cause' THEN a.holder END
FROM unnest(%(ids)s::uuid[], %(kinds)s::text[], %(holders)s::uuid[]) AS a(id, kind, holder)
ORDER BY a.id ON CONFLICT DO NOTHING
"""
_HOLD: LiteralString = """
SELECT person_id, kind, balance FROM account
WHERE community_id = %(community)s AND person_id = ANY(%(people)s) ORDER BY account_id FOR NO KEY UPDATE
"""
_POST: LiteralString = """
WITH moved AS (
    UPDATE account a SET balance = a.balance + d.points
    FROM unnest(%(owners)s::uuid[], %(points)s::int[]) AS d(id, points)
    WHERE a.community_id = %(community)s AND a.account_id = d.id
      AND CASE a.kind WHEN 'person' THEN a.balance + d.points >= 0 ELSE a.balance + d.points <= 0 END
    RETURNING a.account_id
), written AS (
    INSERT INTO ledger (community_id, entry_id, from_account, to_account, points, service_id, redemption_id, reverses,
                        at, memo)
    SELECT %(community)s, e.id, e.source, e.target, e.points, e.service, e.redemption, e.reverses, %(at)s, e.memo
    FROM unnest(%(entries)s::uuid[], %(sources)s::uuid[], %(targets)s::uuid[], %(amounts)s::int[], %(services)s::uuid[],
                %(redemptions)s::uuid[], %(reversed)s::uuid[], %(memos)s::text[])
        AS e(id, source, target, points, service, redemption, reverses, memo)
)
SELECT count(*) AS moved FROM moved
"""


async def hold(session: WriteSession, community_id: str, people: Collection[UUID]) -> dict[UUID, Held]:
    """Return what people have and owe, and keep others from changing it until the transaction ends.

    Parameters
    ----------
    session, community_id
        Where.
    people
        Whose accounts; who has none has nothing.
    """
    accounts = [Account(AccountKind.PERSON, one) for one in people]
    await session.direct(_OPEN, _opening(community_id, accounts))
    rows = await session.direct(_HOLD, {"community": community_id, "people": list(people)})
    found: dict[UUID, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row.person_id, {})[row.kind] = int(row.balance)
    return {who: Held(kept.get("person", 0), -kept.get("reversal", 0)) for who, kept in found.items()}


async def post(
    session: WriteSession, community_id: str, entries: Sequence[LedgerEntry], *, at: datetime
) -> None:
    """Append entries, and move what people have and owe; the caller holds those people.

    Parameters
    ----------
    session, community_id, entries, at
        What, where and when.

    Raises
    ------
    ConflictError
        ``points_too_few``: somebody would have less than nothing; the transaction must end.
    """
    if not entries:
        return
    accounts = list(dict.fromkeys(one for entry in entries for one in (entry.source, entry.target)))
    await session.direct(_OPEN, _opening(community_id, accounts))
    moved = _moved(entries)
    owners = [one for one in moved if one.kind in {AccountKind.PERSON, AccountKind.REVERSAL}]
    rows = await session.direct(
        _POST,
        {
            "community": community_id,
            "at": at,
            "owners": [one.key(community_id) for one in owners],
            "points": [moved[one] for one in owners],
            "entries": [one.entry_id for one in entries],
            "sources": [one.source.key(community_id) for one in entries],
            "targets": [one.target.key(community_id) for one in entries],
            "amounts": [one.points for one in entries],
            "services": [one.service_id for one in entries],
            "redemptions": [one.redemption_id for one in entries],
            "reversed": [one.reverses for one in entries],
            "memos": [one.memo for one in entries],
        },
    )
    if int(rows[0].moved) != len(owners):
        raise ConflictError("there are not so many points", code="points_too_few")


def _opening(community_id: str, accounts: Sequence[Account]) -> dict[str, Any]:
    return {
        "community": community_id,
        "ids": [one.key(community_id) for one in accounts],
        "kinds": [one.kind.value for one in accounts],
        "holders": [one.holder for one in accounts],
    }


def _moved(entries: Sequence[LedgerEntry]) -> dict[Account, int]:
    found: dict[Account, int] = {}
    for entry in entries:
        found[entry.source] = found.get(entry.source, 0) - entry.points
        found[entry.target] = found.get(entry.target, 0) + entry.points
    return found


_ENTRY: LiteralString = """
SELECT l.entry_id, f.kind AS from_kind, coalesce(f.person_id, f.cause_id) AS from_holder,
       t.kind AS to_kind, coalesce(t.person_id, t.cause_id) AS to_holder, l.points, l.memo, l.reverses, l.service_id,
       l.redemption_id
FROM ledger l
JOIN account f ON f.community_id = l.community_id AND f.account_id = l.from_account
JOIN account t ON t.community_id = l.community_id AND t.account_id = l.to_account
"""
_STANDING: LiteralString = """
AND l.reverses IS NULL AND NOT EXISTS (
    SELECT FROM ledger r WHERE r.community_id = l.community_id AND r.reverses = l.entry_id)
"""


async def standing(session: ReadSession, community_id: str, case_id: UUID) -> list[LedgerEntry]:
    """Return the entries booked for a case that were not taken back.

    Parameters
    ----------
    session, community_id, case_id
        Which case.
    """
    rows = await session.direct(
        _ENTRY
        + "JOIN service s ON s.community_id = l.community_id AND s.service_id = l.service_id"
        + " WHERE s.community_id = %(community)s AND s.case_id = %(case)s"
        + _STANDING,
        {"community": community_id, "case": case_id},
    )
    return [_entry(row) for row in rows]


async def entry_of_service(session: ReadSession, community_id: str, service_id: UUID) -> LedgerEntry | None:
    """Return the entry that stands for hours; None where it was taken back."""
    rows = await session.direct(
        _ENTRY + "WHERE l.community_id = %(community)s AND l.service_id = %(service)s" + _STANDING,
        {"community": community_id, "service": service_id},
    )
    return _entry(rows[0]) if rows else None


async def entry_of_redemption(
    session: ReadSession, community_id: str, redemption_id: UUID
) -> LedgerEntry | None:
    """Return the entry by which a reward was paid; None where it was given back."""
    rows = await session.direct(
        _ENTRY + "WHERE l.community_id = %(community)s AND l.redemption_id = %(redemption)s" + _STANDING,
        {"community": community_id, "redemption": redemption_id},
    )
    return _entry(rows[0]) if rows else None


async def entry(session: ReadSession, community_id: str, entry_id: UUID) -> LedgerEntry | None:
    """Return an entry."""
    rows = await session.direct(
        _ENTRY + "WHERE l.community_id = %(community)s AND l.entry_id = %(entry)s",
        {"community": community_id, "entry": entry_id},
    )
    return _entry(rows[0]) if rows else None


def _entry(row: Any) -> LedgerEntry:
    return LedgerEntry(
        row.entry_id,
        Account(AccountKind(row.from_kind), row.from_holder),
        Account(AccountKind(row.to_kind), row.to_holder),
        int(row.points),
        row.memo,
        row.reverses,
        row.service_id,
        row.redemption_id,
    )


async def held_by(session: ReadSession, community_id: str, person_id: UUID) -> Held:
    """Return what somebody has and owes, without holding it."""
    rows = await session.direct(
        "SELECT kind, balance FROM account WHERE community_id = %(community)s AND person_id = %(person)s",
        {"community": community_id, "person": person_id},
    )
    kept = {row.kind: int(row.balance) for row in rows}
    return Held(kept.get("person", 0), -kept.get("reversal", 0))
