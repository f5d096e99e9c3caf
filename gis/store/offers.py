"""How offers end, and which stand, wait or are past their time.

``gis.store.claims`` makes them. Locks are taken in one order everywhere: the case, then its offer, then the responder.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from gis.store.session import ReadSession, WriteSession


async def end(
    session: WriteSession,
    community_id: str,
    case_id: UUID,
    status: str,
    *,
    now: datetime,
    reason: str = "",
    offer_id: UUID | None = None,
) -> UUID | None:
    """End a case's live offer and its notice; accepted, it counts as a task taken today, else the responder is free again.

    Parameters
    ----------
    session, community_id, case_id
        Which case.
    status
        What becomes of the offer: accepted, declined, expired or withdrawn.
    now, reason
        When, and why.
    offer_id
        Only this offer.

    Returns
    -------
    UUID or None
        Whose offer it was, or None when there was no live one.
    """
    rows = await session.direct(
        """
        WITH ended AS (
            UPDATE offer SET status = %(status)s, ended_at = %(now)s, reason = %(reason)s
            WHERE community_id = %(community)s AND case_id = %(case)s AND status = 'live'
            AND (%(offer)s::uuid IS NULL OR offer_id = %(offer)s) RETURNING offer_id, responder_id
        ), seen AS (
            UPDATE notice n SET read_at = %(now)s FROM ended
            WHERE n.community_id = %(community)s AND n.notice_id = ended.offer_id AND n.read_at IS NULL
        ), counted AS (
            UPDATE responder r SET
                live_load = live_load - CASE WHEN %(status)s = 'accepted' THEN 0 ELSE 1 END,
                tasks_today = CASE WHEN %(status)s <> 'accepted' THEN tasks_today
                                   WHEN tasks_day = (%(now)s AT TIME ZONE m.timezone)::date THEN tasks_today + 1 ELSE 1 END,
                tasks_day = CASE WHEN %(status)s = 'accepted' THEN (%(now)s AT TIME ZONE m.timezone)::date ELSE tasks_day END
            FROM ended, community m WHERE m.community_id = %(community)s
            AND r.community_id = %(community)s AND r.person_id = ended.responder_id
        )
        SELECT responder_id FROM ended
        """,
        {
            "community": community_id,
            "case": case_id,
            "offer": offer_id,
            "status": status,
            "now": now,
            "reason": reason,
        },
    )
    return rows[0].responder_id if rows else None


async def give_back(session: WriteSession, community_id: str, case_id: UUID, *, now: datetime) -> None:
    """Mark the accepted offer of a released case as withdrawn, so that its responder isn't asked again at once."""
    await session.direct(
        "UPDATE offer SET status = 'withdrawn', ended_at = %(now)s WHERE community_id = %(community)s"
        " AND case_id = %(case)s AND status = 'accepted'",
        {"community": community_id, "case": case_id, "now": now},
    )


async def lapsed(session: ReadSession, community_id: str, case_id: UUID) -> int:
    """Return how many offers of a case were declined or ran out since it was last opened, released or returned, or climbed."""
    rows = await session.direct(
        """
        SELECT count(*) AS n FROM offer o WHERE o.community_id = %(community)s AND o.case_id = %(case)s
        AND o.status IN ('declined', 'expired') AND o.offered_at >= coalesce(
            (SELECT max(e.at) FROM event e WHERE e.community_id = %(community)s AND e.case_id = %(case)s
             AND e.verb IN ('reopen', 'release', 'return', 'escalate')), '-infinity')
        """,
        {"community": community_id, "case": case_id},
    )
    return int(rows[0].n)


async def overdue(session: ReadSession, now: datetime, *, limit: int) -> list[tuple[str, UUID]]:
    """Return live offers past their time, of all communities: what a lost job would have ended."""
    rows = await session.direct(
        "SELECT community_id, offer_id FROM offer WHERE status = 'live' AND expires_at <= %(now)s"
        " ORDER BY expires_at LIMIT %(limit)s",
        {"now": now, "limit": limit},
    )
    return [(row.community_id, row.offer_id) for row in rows]


async def standing(session: ReadSession, community_id: str) -> list[tuple[UUID, datetime]]:
    """Return a community's live offers with their ends."""
    rows = await session.direct(
        "SELECT offer_id, expires_at FROM offer WHERE community_id = %(community)s AND status = 'live'",
        {"community": community_id},
    )
    return [(row.offer_id, row.expires_at) for row in rows]


async def waiting(session: ReadSession, *, limit: int) -> list[tuple[str, UUID]]:
    """Return open cases that nobody is asked for now and that the office has not been told of, urgent ones first."""
    rows = await session.direct(
        "SELECT community_id, case_id FROM \"case\" WHERE status = 'open' AND escalation < 2"
        " AND micro_grid_code IS NOT NULL ORDER BY urgent DESC, opened_at LIMIT %(limit)s",
        {"limit": limit},
    )
    return [(row.community_id, row.case_id) for row in rows]


async def case_of(
    session: ReadSession, community_id: str, offer_id: UUID
) -> tuple[UUID, str, datetime] | None:
    """Return an offer's case, status and end, or None when there is no such offer."""
    rows = await session.direct(
        "SELECT case_id, status, expires_at FROM offer WHERE community_id = %(community)s AND offer_id = %(offer)s",
        {"community": community_id, "offer": offer_id},
    )
    return (rows[0].case_id, rows[0].status, rows[0].expires_at) if rows else None
