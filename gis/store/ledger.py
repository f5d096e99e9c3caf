"""Booked hours and the ledger of points; rows are only ever appended."""

from __future__ import annotations

from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID, uuid4

from gis.store.session import ReadSession, WriteSession
from gis.words import LedgerEntry

_BOOK: LiteralString = """
WITH opened AS (
    INSERT INTO account (community_id, account_id, kind, person_id)
    VALUES (%(community)s, %(from)s, 'issuer', NULL), (%(community)s, %(to)s, 'person', %(person)s)
    ON CONFLICT DO NOTHING
), served AS (
    INSERT INTO service (community_id, service_id, person_id, case_id, hours, verified_by, at)
    VALUES (%(community)s, %(service)s, %(person)s, %(case)s, %(hours)s, %(verified_by)s, %(at)s)
)
INSERT INTO ledger (community_id, entry_id, from_account, to_account, points, service_id, at, memo)
VALUES (%(community)s, %(entry)s, %(from)s, %(to)s, %(points)s, %(service)s, %(at)s, %(memo)s)
"""


async def book_service(
    session: WriteSession,
    community_id: str,
    entry: LedgerEntry,
    *,
    person_id: UUID,
    case_id: UUID | None,
    hours: float,
    verified_by: UUID,
    at: datetime,
) -> None:
    """Book verified hours with the entry of the points that they earn.

    Parameters
    ----------
    session, community_id
        Where.
    entry
        From the issuer's account to the person's.
    person_id, case_id, hours
        Whose hours, and what for.
    verified_by, at
        Who verified them, and when.
    """
    parameters = _parameters(community_id, entry, at) | {"person": person_id, "case": case_id, "hours": hours}
    await session.direct(_BOOK, parameters | {"verified_by": verified_by, "service": uuid4()})


async def append(session: WriteSession, community_id: str, entry: LedgerEntry, *, at: datetime) -> None:
    """Append an entry between accounts that exist.

    Parameters
    ----------
    session, community_id, entry, at
        What, where and when.
    """
    await session.direct(
        "INSERT INTO ledger (community_id, entry_id, from_account, to_account, points, reverses, at, memo)"
        " VALUES (%(community)s, %(entry)s, %(from)s, %(to)s, %(points)s, %(reverses)s, %(at)s, %(memo)s)",
        _parameters(community_id, entry, at) | {"reverses": entry.reverses},
    )


async def standing(session: ReadSession, community_id: str, case_id: UUID) -> list[LedgerEntry]:
    """Return the entries booked for a case that were not taken back.

    Parameters
    ----------
    session, community_id, case_id
        Which case.
    """
    rows = await session.direct(
        """
        SELECT l.entry_id, l.from_account, l.to_account, l.points, l.memo, l.reverses
        FROM service s JOIN ledger l ON l.community_id = s.community_id AND l.service_id = s.service_id
        WHERE s.community_id = %(community)s AND s.case_id = %(case)s AND NOT EXISTS (
            SELECT FROM ledger r WHERE r.community_id = l.community_id AND r.reverses = l.entry_id)
        """,
        {"community": community_id, "case": case_id},
    )
    return [LedgerEntry(*row) for row in rows]


async def balance(session: ReadSession, community_id: str, account_id: UUID) -> int:
    """Return what an account holds; one that was never used holds nothing.

    Parameters
    ----------
    session, community_id, account_id
        Which account.
    """
    rows = await session.direct(
        """
        SELECT coalesce(sum(CASE WHEN to_account = %(account)s THEN points ELSE -points END), 0)::int AS points
        FROM ledger WHERE community_id = %(community)s AND %(account)s IN (from_account, to_account)
        """,
        {"community": community_id, "account": account_id},
    )
    return int(rows[0].points)


def _parameters(community_id: str, entry: LedgerEntry, at: datetime) -> dict[str, Any]:
    return {
        "community": community_id,
        "entry": entry.entry_id,
        "from": entry.from_account,
        "to": entry.to_account,
        "points": entry.points,
        "memo": entry.memo,
        "at": at,
    }
