"""Pauses: asked for, decided, begun and ended; at most one of a case is open at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID, uuid4

from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class Pause:
    """One pause of a case."""

    pause_id: UUID
    status: str
    kind: str
    reason: str
    asked_by: UUID
    asked_by_name: str
    asked_at: datetime
    until: datetime
    began_at: datetime | None
    ended_at: datetime | None
    answer: str


async def ask(
    session: WriteSession,
    community_id: str,
    case_id: UUID,
    *,
    kind: str,
    reason: str,
    until: datetime,
    asked_by: UUID,
    now: datetime,
) -> None:
    """Store that a pause is asked for; the caller holds the case and knows that none is open."""
    await session.direct(
        "INSERT INTO pause (community_id, pause_id, case_id, status, kind, reason, asked_by, asked_at, until)"
        " VALUES (%(community)s, %(id)s, %(case)s, 'asked', %(kind)s, %(reason)s, %(by)s, %(now)s, %(until)s)",
        {
            "community": community_id,
            "id": uuid4(),
            "case": case_id,
            "kind": kind,
            "reason": reason,
            "by": asked_by,
            "now": now,
            "until": until,
        },
    )


async def begin(
    session: WriteSession, community_id: str, case_id: UUID, *, by: UUID, now: datetime, answer: str
) -> None:
    """Let the pause that is asked for begin."""
    await session.direct(
        "UPDATE pause SET status = 'running', decided_by = %(by)s, decided_at = %(now)s, began_at = %(now)s,"
        " answer = %(answer)s WHERE community_id = %(community)s AND case_id = %(case)s AND status = 'asked'",
        {"community": community_id, "case": case_id, "by": by, "now": now, "answer": answer},
    )


async def refuse(
    session: WriteSession, community_id: str, case_id: UUID, *, by: UUID, now: datetime, answer: str
) -> None:
    """Refuse the pause that is asked for."""
    await session.direct(
        "UPDATE pause SET status = 'refused', decided_by = %(by)s, decided_at = %(now)s, ended_at = %(now)s,"
        " answer = %(answer)s WHERE community_id = %(community)s AND case_id = %(case)s AND status = 'asked'",
        {"community": community_id, "case": case_id, "by": by, "now": now, "answer": answer},
    )


async def end(
    session: WriteSession, community_id: str, case_id: UUID, *, by: UUID | None, now: datetime
) -> None:
    """End the pause that runs or is asked for; by None it ends by itself."""
    await session.direct(
        "UPDATE pause SET status = 'ended', ended_by = %(by)s, ended_at = %(now)s"
        " WHERE community_id = %(community)s AND case_id = %(case)s AND ended_at IS NULL",
        {"community": community_id, "case": case_id, "by": by, "now": now},
    )


_PAUSES: LiteralString = """
SELECT p.pause_id, p.status, p.kind, p.reason, p.asked_by, a.name, p.asked_at, p.until, p.began_at, p.ended_at, p.answer
FROM pause p JOIN person a ON a.community_id = p.community_id AND a.person_id = p.asked_by
WHERE p.community_id = %(community)s AND p.case_id = %(case)s ORDER BY p.asked_at
"""


async def of_case(session: ReadSession, community_id: str, case_id: UUID) -> list[Pause]:
    """Return a case's pauses, in order."""
    rows = await session.direct(_PAUSES, {"community": community_id, "case": case_id})
    return [Pause(*row) for row in rows]


async def open_pause(session: ReadSession, community_id: str, case_id: UUID) -> Pause | None:
    """Return the pause that is asked for or runs."""
    found = await of_case(session, community_id, case_id)
    return next((one for one in found if one.ended_at is None), None)


async def referral_due(session: ReadSession, community_id: str, case_id: UUID) -> datetime | None:
    """Return until when the agency that has the case should have settled it."""
    rows = await session.direct(
        "SELECT due_at FROM referral WHERE community_id = %(community)s AND case_id = %(case)s AND ended_at IS NULL",
        {"community": community_id, "case": case_id},
    )
    return rows[0].due_at if rows else None


async def move_referral(session: WriteSession, community_id: str, case_id: UUID, due_at: datetime) -> None:
    """Give the agency that has the case another deadline; what was said of the former may be said again."""
    await session.direct(
        "UPDATE referral SET due_at = %(due)s, told = 0"
        " WHERE community_id = %(community)s AND case_id = %(case)s AND ended_at IS NULL",
        {"community": community_id, "case": case_id, "due": due_at},
    )
