"""Writing notices: who is told, of what, once each; what is read, and what is forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from gis.store.session import ReadSession, WriteSession
from gis.words import Notice, Role


async def people_of(
    session: ReadSession,
    community_id: str,
    *,
    role: Role | None = None,
    grid_code: str | None = None,
    agency_code: str | None = None,
) -> list[UUID]:
    """Return active people, in the order of their identifiers; what isn't stated doesn't narrow the search.

    Parameters
    ----------
    session, community_id
        Where.
    role
        Only people of this role.
    grid_code
        Only people who are responsible for this grid.
    agency_code
        Only people of this agency.
    """
    rows = await session.direct(
        """
        SELECT p.person_id FROM person p
        WHERE p.community_id = %(community)s AND p.active
          AND (%(role)s::text IS NULL OR p.role = %(role)s)
          AND (%(agency)s::text IS NULL OR p.agency_code = %(agency)s)
          AND (%(grid)s::text IS NULL OR EXISTS (
              SELECT FROM person_area a WHERE a.community_id = p.community_id AND a.person_id = p.person_id
              AND a.level = 'grid' AND a.code = %(grid)s))
        ORDER BY p.person_id
        """,
        {
            "community": community_id,
            "role": role.value if role else None,
            "grid": grid_code,
            "agency": agency_code,
        },
    )
    return [row.person_id for row in rows]


@dataclass(frozen=True, slots=True)
class Around:
    """What telling people needs to know of the community."""

    timezone: str
    quiet: Any
    """The community's own quiet hours as stored; None: the default ones."""
    robots: tuple[UUID, ...]
    """Robots that are told of this kind."""


async def around(session: ReadSession, community_id: str, kind: str) -> Around:
    """Return the quiet hours, and the robots that a kind of notice goes to."""
    rows = await session.direct(
        """
        SELECT c.timezone, c.settings -> 'quiet_hours' AS quiet,
               array(SELECT r.robot_id FROM robot r WHERE r.community_id = c.community_id AND r.enabled
                     AND %(kind)s = ANY(r.kinds) ORDER BY r.robot_id) AS robots
        FROM community c WHERE c.community_id = %(community)s
        """,
        {"community": community_id, "kind": kind},
    )
    if not rows:
        return Around("UTC", None, ())
    return Around(rows[0].timezone, rows[0].quiet, tuple(rows[0].robots))


async def add(
    session: WriteSession, community_id: str, notice: Notice, *, dedup: str, silent: bool, now: datetime
) -> int:
    """Store one row a person, but none for whoever was told already or is no longer active; return how many.

    Parameters
    ----------
    session, community_id, notice
        What is told.
    dedup
        Which notices of one kind are the same.
    silent
        Whether it is made in quiet hours.
    now
        The time.
    """
    people = sorted(
        set(notice.to)
    )  # in one order everywhere, so that no two transactions wait for one another
    if not people:
        return 0
    rows = await session.direct(
        """
        INSERT INTO notice (community_id, notice_id, person_id, kind, case_id, dedup, urgent, silent, data, created_at)
        SELECT p.community_id, n.notice_id, p.person_id, %(kind)s, %(case)s::uuid, %(dedup)s, %(urgent)s, %(silent)s,
               %(data)s, %(now)s
        FROM unnest(%(ids)s::uuid[], %(people)s::uuid[]) AS n(notice_id, person_id)
        JOIN person p ON p.community_id = %(community)s AND p.person_id = n.person_id AND p.active
        ORDER BY p.person_id
        ON CONFLICT (community_id, person_id, kind, dedup) DO NOTHING
        RETURNING notice_id
        """,
        {
            "community": community_id,
            "ids": [uuid4() for _ in people],
            "people": people,
            "kind": notice.kind,
            "case": notice.case_id,
            "dedup": dedup,
            "urgent": notice.urgent,
            "silent": silent,
            "data": Jsonb(dict(notice.data)),
            "now": now,
        },
    )
    return len(rows)


async def settle_history(session: WriteSession, community_id: str, now: datetime) -> None:
    """Mark all that was told so far as read and keep it from robots: it was played, not lived."""
    parameters = {"community": community_id, "now": now}
    await session.direct(
        "UPDATE notice SET read_at = created_at WHERE community_id = %(community)s AND read_at IS NULL"
        " AND created_at < %(now)s",
        parameters,
    )
    await session.direct(
        "UPDATE delivery SET state = 'failed', error = 'simulated', ended_at = %(now)s"
        " WHERE community_id = %(community)s AND state = 'waiting'",
        parameters,
    )


async def mark_read(
    session: WriteSession, community_id: str, person_id: UUID, ids: Sequence[UUID] | None, now: datetime
) -> int:
    """Mark notices of somebody's as read, all of them where none is named; return how many were not yet."""
    rows = await session.direct(
        "UPDATE notice SET read_at = %(now)s WHERE community_id = %(community)s AND person_id = %(person)s"
        " AND read_at IS NULL AND (%(ids)s::uuid[] IS NULL OR notice_id = ANY(%(ids)s::uuid[]))"
        " RETURNING notice_id",
        {
            "now": now,
            "community": community_id,
            "person": person_id,
            "ids": None if ids is None else list(ids),
        },
    )
    return len(rows)
