"""Causes that points may be given to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause, and what it was given."""

    cause_id: UUID
    name: str
    name_en: str
    about: str
    active: bool
    points: int = 0


async def causes(session: ReadSession, community_id: str) -> list[Cause]:
    """Return the causes, those that may be given to first."""
    rows = await session.direct(
        """
        SELECT c.cause_id, c.name, c.name_en, c.about, c.active, coalesce(sum(l.points), 0)::int AS points
        FROM cause c
        LEFT JOIN account a ON a.community_id = c.community_id AND a.cause_id = c.cause_id
        LEFT JOIN ledger l ON l.community_id = a.community_id AND l.to_account = a.account_id
        WHERE c.community_id = %(community)s
        GROUP BY c.cause_id, c.name, c.name_en, c.about, c.active ORDER BY c.active DESC, c.name, c.cause_id
        """,
        {"community": community_id},
    )
    return [Cause(*row) for row in rows]


async def put_cause(session: WriteSession, community_id: str, given: Cause, at: datetime) -> None:
    """Store a cause, new or changed."""
    await session.direct(
        """
        INSERT INTO cause (community_id, cause_id, name, name_en, about, active, created_at)
        VALUES (%(community)s, %(cause)s, %(name)s, %(name_en)s, %(about)s, %(active)s, %(at)s)
        ON CONFLICT (community_id, cause_id) DO UPDATE SET name = excluded.name, name_en = excluded.name_en,
            about = excluded.about, active = excluded.active
        """,
        {
            "community": community_id,
            "cause": given.cause_id,
            "name": given.name,
            "name_en": given.name_en,
            "about": given.about,
            "active": given.active,
            "at": at,
        },
    )
