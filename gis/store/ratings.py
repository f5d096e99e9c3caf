"""Ratings: what is stored of a report's author's word, and whom to ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from gis.store.session import ReadSession, WriteSession
from gis.words import CaseFacts, Role

ASKED = (Role.RESIDENT, Role.RIDER, Role.WATCHER, Role.GRID_WORKER)
"""Who sees what became of it; the desk files what others tell it by telephone, and calls them back."""


@dataclass(frozen=True, slots=True)
class RatedReport:
    """A report with the rating it has, if any."""

    case_id: UUID
    reporter_id: UUID
    stars: int | None
    solved: bool | None
    words: str | None
    at: datetime | None


async def rated_report(session: ReadSession, community_id: str, report_id: UUID) -> RatedReport | None:
    """Return a report with its rating."""
    rows = await session.direct(
        """
        SELECT r.case_id, r.reporter_id, g.stars, g.solved, g.words, g.at
        FROM report r
        LEFT JOIN rating g ON g.community_id = r.community_id AND g.report_id = r.report_id
        WHERE r.community_id = %(community)s AND r.report_id = %(report)s
        """,
        {"community": community_id, "report": report_id},
    )
    return RatedReport(*rows[0]) if rows else None


async def put(
    session: WriteSession,
    community_id: str,
    facts: CaseFacts,
    report_id: UUID,
    *,
    person_id: UUID,
    stars: int,
    solved: bool,
    words: str,
    at: datetime,
) -> None:
    """Store the latest word on a report, and append to the case's events that it was rated.

    Parameters
    ----------
    session, community_id
        Where.
    facts, report_id, person_id
        The case, which the caller holds, the report, and its author.
    stars, solved, words, at
        What is said, and when; the event holds no words: they are for the office.
    """
    await session.direct(
        """
        WITH said AS (
            INSERT INTO rating (community_id, report_id, case_id, person_id, stars, solved, words, at)
            VALUES (%(community)s, %(report)s, %(case)s, %(person)s, %(stars)s, %(solved)s, %(words)s, %(at)s)
            ON CONFLICT (community_id, report_id) DO UPDATE SET case_id = excluded.case_id, stars = excluded.stars,
                solved = excluded.solved, words = excluded.words, at = excluded.at
        )
        INSERT INTO event (community_id, case_id, at, actor_id, verb, from_status, to_status, data)
        VALUES (%(community)s, %(case)s, %(at)s, %(person)s, 'rate', %(status)s, %(status)s, %(data)s)
        RETURNING event_id
        """,
        {
            "community": community_id,
            "report": report_id,
            "case": facts.case_id,
            "person": person_id,
            "stars": stars,
            "solved": solved,
            "words": words,
            "at": at,
            "status": facts.status.value,
            "data": Jsonb({"report_id": str(report_id), "stars": stars, "solved": solved}),
        },
    )


async def to_ask(
    session: ReadSession, community_id: str, case_id: UUID, besides: Sequence[UUID]
) -> list[tuple[UUID, UUID]]:
    """Return each author of a case with their latest report, who may say how the work was.

    Parameters
    ----------
    session, community_id, case_id
        Which case.
    besides
        Who did the work or has looked at it: they need not be asked.
    """
    rows = await session.direct(
        """
        SELECT DISTINCT ON (r.reporter_id) r.reporter_id, r.report_id
        FROM report r
        JOIN person p ON p.community_id = r.community_id AND p.person_id = r.reporter_id
        WHERE r.community_id = %(community)s AND r.case_id = %(case)s AND p.role = ANY(%(roles)s)
          AND r.reporter_id <> ALL(%(besides)s::uuid[])
        ORDER BY r.reporter_id, r.received_at DESC, r.report_id
        """,
        {
            "community": community_id,
            "case": case_id,
            "roles": [role.value for role in ASKED],
            "besides": list(besides),
        },
    )
    return [(row.reporter_id, row.report_id) for row in rows]
