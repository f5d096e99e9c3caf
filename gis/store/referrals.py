"""Referrals: each is a row of its own that follows what is done to its case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from gis.store.session import ReadSession, WriteSession
from gis.words import CaseFacts, DecisionLevel, ReferralStatus


@dataclass(frozen=True, slots=True)
class NewReferral:
    """A referral to be stored."""

    case_id: UUID
    agency_code: str
    level: DecisionLevel
    reason: str
    referred_by: UUID
    referred_at: datetime
    due_at: datetime
    from_agency: str | None = None
    reopened: int = 0
    accept_due_at: datetime | None = None
    """Until when the agency should say that it takes the case."""


@dataclass(frozen=True, slots=True)
class OpenReferral:
    """The open referral of a case."""

    referral_id: UUID
    agency_code: str
    from_agency: str | None
    level: str
    status: str
    referred_by: UUID
    referred_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """A referral that falls due, or has."""

    community_id: str
    referral_id: UUID
    case_id: UUID
    agency_code: str
    grid_code: str | None
    referred_by: UUID
    due_at: datetime
    stage: int
    """1: soon; 2: the deadline has passed."""


async def add(session: WriteSession, community_id: str, new: NewReferral) -> UUID:
    """Store a referral; the case has no other that is open."""
    referral_id = uuid4()
    await session.direct(
        """
        INSERT INTO referral (community_id, referral_id, case_id, agency_code, from_agency, level, status, reason,
                              referred_by, referred_at, due_at, reopened, accept_due_at)
        VALUES (%(community)s, %(referral)s, %(case)s, %(agency)s, %(from_agency)s, %(level)s, 'sent', %(reason)s,
                %(by)s, %(at)s, %(due)s, %(reopened)s, %(accept_due)s)
        """,
        {
            "community": community_id,
            "referral": referral_id,
            "case": new.case_id,
            "agency": new.agency_code,
            "from_agency": new.from_agency,
            "level": new.level.value,
            "reason": new.reason,
            "by": new.referred_by,
            "at": new.referred_at,
            "due": new.due_at,
            "reopened": new.reopened,
            "accept_due": new.accept_due_at,
        },
    )
    return referral_id


async def open_of(session: ReadSession, community_id: str, case_id: UUID) -> OpenReferral | None:
    """Return the open referral of a case, or None."""
    rows = await session.direct(
        """
        SELECT referral_id, agency_code, from_agency, level, status, referred_by, referred_at, due_at FROM referral
        WHERE community_id = %(community)s AND case_id = %(case)s AND ended_at IS NULL
        """,
        {"community": community_id, "case": case_id},
    )
    return OpenReferral(*rows[0]) if rows else None


async def follow(
    session: WriteSession,
    community_id: str,
    facts: CaseFacts,
    status: ReferralStatus,
    *,
    at: datetime,
    by: UUID | None,
    reason: str = "",
) -> None:
    """Bring the open referral of a case up to what was done to the case.

    Parameters
    ----------
    session, community_id, facts
        Which case.
    status
        From ``gis.cases.referrals.follows``.
    at, by, reason
        Of the act.
    """
    await session.direct(
        """
        UPDATE referral SET status = %(status)s,
            accepted_by = CASE WHEN %(status)s = 'accepted' THEN %(by)s::uuid ELSE accepted_by END,
            accepted_at = CASE WHEN %(status)s IN ('accepted', 'done') AND accepted_at IS NULL
                          THEN %(at)s::timestamptz ELSE accepted_at END,
            done_at = CASE WHEN %(status)s = 'done' THEN %(at)s::timestamptz ELSE done_at END,
            ended_at = CASE WHEN %(ends)s THEN %(at)s::timestamptz END,
            ended_by = CASE WHEN %(ends)s THEN %(by)s::uuid END,
            ended_reason = CASE WHEN %(ends)s THEN %(reason)s ELSE '' END
        WHERE community_id = %(community)s AND case_id = %(case)s AND ended_at IS NULL
        """,
        _key(community_id, facts)
        | {"status": status.value, "ends": status not in OPEN, "at": at, "by": by, "reason": reason},
    )


async def send_back(
    session: WriteSession, community_id: str, facts: CaseFacts, due_at: datetime, accept_due_at: datetime
) -> bool:
    """Put the open referral of a case whose work was not accepted before its agency again; False: there is none."""
    rows = await session.direct(
        """
        UPDATE referral SET status = 'sent', done_at = NULL, accepted_at = NULL, accepted_by = NULL,
            reopened = reopened + 1, due_at = %(due)s, told = 0, accept_due_at = %(accept_due)s, accept_told = 0,
            expected_at = NULL
        WHERE community_id = %(community)s AND case_id = %(case)s AND ended_at IS NULL RETURNING referral_id
        """,
        _key(community_id, facts) | {"due": due_at, "accept_due": accept_due_at},
    )
    return bool(rows)


async def await_check(session: WriteSession, community_id: str, facts: CaseFacts) -> None:
    """Put the referral of a case that was closed by mistake back to where its work awaits verification."""
    await session.direct(
        """
        UPDATE referral SET status = 'done', ended_at = NULL, ended_by = NULL, ended_reason = ''
        WHERE community_id = %(community)s AND referral_id = (
            SELECT r.referral_id FROM referral r WHERE r.community_id = %(community)s AND r.case_id = %(case)s
            AND r.status = 'verified' ORDER BY r.ended_at DESC LIMIT 1)
        """,
        _key(community_id, facts),
    )


async def answerable(session: ReadSession, community_id: str, facts: CaseFacts) -> list[UUID]:
    """Return who answers for a case in the community: the desk, and the grid worker of its grid."""
    rows = await session.direct(
        """
        SELECT p.person_id FROM person p WHERE p.community_id = %(community)s AND p.active
        AND (p.role = 'desk' OR (p.role = 'grid_worker' AND EXISTS (
            SELECT FROM person_area a WHERE a.community_id = p.community_id AND a.person_id = p.person_id
            AND a.level = 'grid' AND a.code = %(grid)s)))
        ORDER BY p.person_id
        """,
        {"community": community_id, "grid": facts.grid_code},
    )
    return [row.person_id for row in rows]


async def checkers(session: ReadSession, community_id: str, facts: CaseFacts) -> list[UUID]:
    """Return who looks at the work on site: the watchers of the micro-grid and the grid worker, not who did it."""
    rows = await session.direct(
        """
        SELECT DISTINCT a.person_id FROM person_area a
        JOIN person p ON p.community_id = a.community_id AND p.person_id = a.person_id AND p.active
        WHERE a.community_id = %(community)s AND a.person_id IS DISTINCT FROM %(worker)s::uuid
        AND ((a.level = 'micro_grid' AND a.code = %(micro_grid)s AND p.role = 'watcher')
             OR (a.level = 'grid' AND a.code = %(grid)s AND p.role = 'grid_worker'))
        ORDER BY a.person_id
        """,
        {
            "community": community_id,
            "worker": facts.assignee_id,
            "micro_grid": facts.micro_grid_code,
            "grid": facts.grid_code,
        },
    )
    return [row.person_id for row in rows]


async def falling_due(session: ReadSession, now: datetime, share: float, *, limit: int) -> list[Due]:
    """Return open referrals of all communities whose people have not been told yet that they are (soon) due."""
    rows = await session.direct(
        """
        SELECT r.community_id, r.referral_id, r.case_id, r.agency_code, c.grid_code, r.referred_by, r.due_at,
               CASE WHEN r.due_at <= %(now)s THEN 2 ELSE 1 END AS stage
        FROM referral r JOIN "case" c ON c.community_id = r.community_id AND c.case_id = r.case_id
        WHERE r.status IN ('sent', 'accepted') AND r.told < 2 AND c.paused_at IS NULL
          AND r.told < CASE WHEN r.due_at <= %(now)s THEN 2
                            WHEN r.referred_at + (r.due_at - r.referred_at) * %(share)s::float8 <= %(now)s THEN 1
                            ELSE 0 END
        ORDER BY r.due_at LIMIT %(limit)s
        """,
        {"now": now, "share": share, "limit": limit},
    )
    return [Due(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A referral that its agency has not taken in time; ``stage`` 1, and 2 when as much time again has passed."""

    community_id: str
    referral_id: UUID
    case_id: UUID
    agency_code: str
    referred_by: UUID
    accept_due_at: datetime
    stage: int


async def unanswered(session: ReadSession, now: datetime, *, limit: int) -> list[Unanswered]:
    """Return referrals of all communities that nobody has taken in time, and of which that has not been told yet."""
    rows = await session.direct(
        """
        SELECT * FROM (
            SELECT r.community_id, r.referral_id, r.case_id, r.agency_code, r.referred_by, r.accept_due_at,
                   CASE WHEN r.accept_due_at + (r.accept_due_at - r.referred_at) <= %(now)s THEN 2 ELSE 1 END AS stage,
                   r.accept_told
            FROM referral r JOIN "case" c ON c.community_id = r.community_id AND c.case_id = r.case_id
            WHERE r.status = 'sent' AND r.accept_told < 2 AND r.accept_due_at <= %(now)s AND c.paused_at IS NULL
        ) r WHERE r.accept_told < r.stage ORDER BY r.accept_due_at LIMIT %(limit)s
        """,
        {"now": now, "limit": limit},
    )
    return [Unanswered(*row[:-1]) for row in rows]


async def mark_unanswered(session: WriteSession, one: Unanswered) -> bool:
    """Note that people are told; False when others were faster or the agency has answered."""
    rows = await session.direct(
        "UPDATE referral SET accept_told = %(stage)s WHERE community_id = %(community)s"
        " AND referral_id = %(referral)s AND status = 'sent' AND accept_told < %(stage)s"
        " AND accept_due_at = %(due)s RETURNING referral_id",
        {
            "community": one.community_id,
            "referral": one.referral_id,
            "stage": one.stage,
            "due": one.accept_due_at,
        },
    )
    return bool(rows)


async def expect_done(
    session: WriteSession, community_id: str, facts: CaseFacts, expected_at: datetime
) -> None:
    """Note when the agency expects to be done."""
    await session.direct(
        "UPDATE referral SET expected_at = %(expected)s WHERE community_id = %(community)s"
        " AND case_id = %(case)s AND ended_at IS NULL",
        _key(community_id, facts) | {"expected": expected_at},
    )


async def mark_told(session: WriteSession, due: Due) -> bool:
    """Note that people are told of a deadline; False when others were faster or the referral is over."""
    rows = await session.direct(
        "UPDATE referral SET told = %(stage)s WHERE community_id = %(community)s AND referral_id = %(referral)s"
        " AND status IN ('sent', 'accepted') AND told < %(stage)s AND due_at = %(due)s RETURNING referral_id",
        {
            "community": due.community_id,
            "referral": due.referral_id,
            "stage": due.stage,
            "due": due.due_at,
        },
    )
    return bool(rows)


OPEN = frozenset({ReferralStatus.SENT, ReferralStatus.ACCEPTED, ReferralStatus.DONE})


def _key(community_id: str, facts: CaseFacts) -> dict[str, Any]:
    return {"community": community_id, "case": facts.case_id}
