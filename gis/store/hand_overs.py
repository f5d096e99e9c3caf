"""Tasks that a colleague is asked to take over: at most one question a case at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from gis.store.session import ReadSession, WriteSession
from gis.words import CaseFacts


@dataclass(frozen=True, slots=True)
class Asked:
    """The question that stands."""

    hand_over_id: UUID
    from_id: UUID | None
    to_id: UUID
    asked_by: UUID


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who could be asked to take a task over."""

    person_id: UUID
    username: str
    name: str
    role: str
    agency_code: str | None
    responder: bool
    on_duty: bool
    live_load: int
    capacity: int
    straight_m: float | None


@dataclass(frozen=True, slots=True)
class Past:
    """What hand-overs there were since the case was last opened: how many, and who had it last before."""

    accepted: int
    last_from: UUID | None


async def ask(  # noqa: PLR0917 - what, whom, on whose behalf, why
    session: WriteSession,
    community_id: str,
    facts: CaseFacts,
    to_id: UUID,
    asked_by: UUID,
    reason: str,
    *,
    by_office: bool,
    now: datetime,
) -> UUID:
    """Store the question; the case has no other that stands."""
    hand_over_id = uuid4()
    await session.direct(
        """
        INSERT INTO hand_over (community_id, hand_over_id, case_id, from_id, to_id, asked_by, asked_at, by_office,
                               status, reason)
        VALUES (%(community)s, %(id)s, %(case)s, %(from)s, %(to)s, %(by)s, %(now)s, %(office)s, 'asked', %(reason)s)
        """,
        _key(community_id, facts)
        | {
            "id": hand_over_id,
            "from": facts.assignee_id,
            "to": to_id,
            "by": asked_by,
            "now": now,
            "office": by_office,
            "reason": reason,
        },
    )
    return hand_over_id


async def asked_of(session: ReadSession, community_id: str, facts: CaseFacts) -> Asked | None:
    """Return the question that stands for a case, or None."""
    rows = await session.direct(
        "SELECT hand_over_id, from_id, to_id, asked_by FROM hand_over WHERE community_id = %(community)s"
        " AND case_id = %(case)s AND status = 'asked'",
        _key(community_id, facts),
    )
    return Asked(*rows[0]) if rows else None


async def end(
    session: WriteSession,
    community_id: str,
    facts: CaseFacts,
    status: str,
    *,
    now: datetime,
    answer: str = "",
) -> None:
    """End the question that stands for a case: accepted, refused or withdrawn."""
    await session.direct(
        "UPDATE hand_over SET status = %(status)s, ended_at = %(now)s, answer = %(answer)s"
        " WHERE community_id = %(community)s AND case_id = %(case)s AND status = 'asked'",
        _key(community_id, facts) | {"status": status, "now": now, "answer": answer},
    )


async def last_answer(session: ReadSession, community_id: str, case_id: UUID, person_id: UUID) -> str | None:
    """Return how the last question to somebody about a case ended; None: they were never asked."""
    rows = await session.direct(
        "SELECT status FROM hand_over WHERE community_id = %(community)s AND case_id = %(case)s"
        " AND to_id = %(person)s ORDER BY asked_at DESC, ended_at DESC NULLS FIRST LIMIT 1",
        {"community": community_id, "case": case_id, "person": person_id},
    )
    return str(rows[0].status) if rows else None


async def past(session: ReadSession, community_id: str, facts: CaseFacts) -> Past:
    """Return how often a case was handed over between colleagues since it was last opened, and by whom the last time."""
    rows = await session.direct(
        """
        SELECT h.from_id, h.by_office FROM hand_over h
        WHERE h.community_id = %(community)s AND h.case_id = %(case)s AND h.status = 'accepted'
          AND h.from_id IS NOT NULL AND h.asked_at >= coalesce(
            (SELECT max(e.at) FROM event e WHERE e.community_id = %(community)s AND e.case_id = %(case)s
             AND e.verb IN ('reopen', 'release', 'return')), '-infinity')
        ORDER BY h.ended_at DESC, h.asked_at DESC
        """,
        _key(community_id, facts),
    )
    return Past(sum(not row.by_office for row in rows), rows[0].from_id if rows else None)


_COLLEAGUES = """
SELECT p.person_id, p.username, p.name, p.role, p.agency_code, r.person_id IS NOT NULL AS responder,
       coalesce(r.on_duty, true) AS on_duty, coalesce(r.live_load, 0) AS live_load, coalesce(r.capacity, 0) AS capacity,
       111195 * sqrt(power((st_x(coalesce(r.geom, r.home)) - st_x(c.geom)) * cosd(st_y(c.geom)), 2)
                     + power(st_y(coalesce(r.geom, r.home)) - st_y(c.geom), 2)) AS straight_m
FROM "case" c
JOIN person p ON p.community_id = c.community_id AND p.active AND p.person_id IS DISTINCT FROM c.assignee_id
LEFT JOIN responder r ON r.community_id = p.community_id AND r.person_id = p.person_id
WHERE c.community_id = %(community)s AND c.case_id = %(case)s
  AND CASE WHEN c.agency_code IS NULL THEN r.person_id IS NOT NULL OR (p.role = 'grid_worker' AND EXISTS (
               SELECT FROM person_area a WHERE a.community_id = p.community_id AND a.person_id = p.person_id
               AND a.level = 'grid' AND a.code = c.grid_code))
           ELSE p.role = 'agency' AND p.agency_code = c.agency_code END
"""


async def colleagues(
    session: ReadSession, community_id: str, case_id: UUID, *, limit: int = 50
) -> list[Colleague]:
    """Return who could take a case over now, the nearest first: on duty and with a hand free."""
    rows = await session.direct(
        f"""
        SELECT * FROM ({_COLLEAGUES}) k WHERE k.on_duty AND (NOT k.responder OR k.live_load < k.capacity)
        ORDER BY k.responder, k.straight_m NULLS LAST, k.name, k.person_id LIMIT %(limit)s
        """,  # noqa: S608 - only a constant is joined
        {"community": community_id, "case": case_id, "limit": limit},
    )
    return [Colleague(*row) for row in rows]


async def colleagues_called(
    session: ReadSession, community_id: str, case_id: UUID, called: str
) -> list[Colleague]:
    """Return those of a case's possible takers who have an id, a username or a name; free or not."""
    rows = await session.direct(
        f"""
        SELECT * FROM ({_COLLEAGUES}) k WHERE k.person_id::text = %(called)s OR k.username = %(called)s
        OR k.name = %(called)s ORDER BY k.person_id
        """,  # noqa: S608 - only a constant is joined
        {"community": community_id, "case": case_id, "called": called},
    )
    return [Colleague(*row) for row in rows]


def _key(community_id: str, facts: CaseFacts) -> dict[str, Any]:
    return {"community": community_id, "case": facts.case_id}
