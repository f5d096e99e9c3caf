"""Hours of service as booked: appended, corrected by a row of its own, never edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class Served:
    """Verified hours of one person, for one case, patrol or occasion.

    Parameters
    ----------
    service_id
        Made by who asks for them to be booked: a repeat changes nothing.
    served_on
        By the community's calendar.
    verified_by
        None: by the service itself.
    corrects, reason
        Which row it takes the place of, and why.
    """

    service_id: UUID
    person_id: UUID
    hours: float
    served_on: date
    verified_by: UUID | None = None
    case_id: UUID | None = None
    patrol_id: UUID | None = None
    occasion: str = ""
    corrects: UUID | None = None
    reason: str = ""


async def add(session: WriteSession, community_id: str, rows: Sequence[Served], *, at: datetime) -> set[UUID]:
    """Store hours, and return which of them were not there yet; a patrol's are there once."""
    found = await session.direct(
        """
        INSERT INTO service (community_id, service_id, person_id, hours, served_on, verified_by, case_id, patrol_id,
                             occasion, corrects, reason, at)
        SELECT %(community)s, s.*, %(at)s
        FROM unnest(%(ids)s::uuid[], %(people)s::uuid[], %(hours)s::float[], %(days)s::date[], %(by)s::uuid[],
                    %(cases)s::uuid[], %(patrols)s::uuid[], %(occasions)s::text[], %(corrects)s::uuid[],
                    %(reasons)s::text[]) AS s
        ORDER BY 2 ON CONFLICT DO NOTHING RETURNING service_id
        """,
        {
            "community": community_id,
            "at": at,
            "ids": [one.service_id for one in rows],
            "people": [one.person_id for one in rows],
            "hours": [one.hours for one in rows],
            "days": [one.served_on for one in rows],
            "by": [one.verified_by for one in rows],
            "cases": [one.case_id for one in rows],
            "patrols": [one.patrol_id for one in rows],
            "occasions": [one.occasion for one in rows],
            "corrects": [one.corrects for one in rows],
            "reasons": [one.reason for one in rows],
        },
    )
    return {row.service_id for row in found}


_COLUMNS: LiteralString = """
s.service_id, s.person_id, s.hours, s.served_on, s.verified_by, s.case_id, s.patrol_id, s.occasion, s.corrects, s.reason
"""


async def get(session: ReadSession, community_id: str, service_id: UUID) -> Served | None:
    """Return hours as booked, whether they stand or not."""
    rows = await session.direct(
        "SELECT "
        + _COLUMNS
        + "FROM service s WHERE s.community_id = %(community)s AND s.service_id = %(service)s",
        {"community": community_id, "service": service_id},
    )
    return Served(*rows[0]) if rows else None


@dataclass(frozen=True, slots=True)
class PatrolRow:
    """A patrol whose hours nobody has confirmed yet."""

    patrol_id: UUID
    person_id: UUID
    name: str
    started_at: datetime
    ended_at: datetime
    streets: int


async def patrols_to_confirm(
    session: ReadSession, community_id: str, *, only: Sequence[UUID] | None = None, limit: int = 200
) -> list[PatrolRow]:
    """Return patrols whose hours are not booked, the oldest first."""
    rows = await session.direct(
        """
        SELECT t.patrol_id, t.person_id, p.name, t.started_at, t.ended_at, cardinality(t.segment_ids) AS streets
        FROM patrol t JOIN person p ON p.community_id = t.community_id AND p.person_id = t.person_id
        WHERE t.community_id = %(community)s AND (%(only)s::uuid[] IS NULL OR t.patrol_id = ANY(%(only)s))
          AND NOT EXISTS (SELECT FROM service s WHERE s.community_id = t.community_id AND s.patrol_id = t.patrol_id)
        ORDER BY t.started_at, t.patrol_id LIMIT %(limit)s
        """,
        {"community": community_id, "only": None if only is None else list(only), "limit": limit},
    )
    return [PatrolRow(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class ServedRow:
    """Hours that stand, as the office sees them."""

    service_id: UUID
    person_id: UUID
    name: str
    hours: float
    points: int
    served_on: date
    at: datetime
    memo: str
    case_id: UUID | None
    reason: str


async def standing_hours(
    session: ReadSession, community_id: str, *, person_id: UUID | None = None, limit: int = 50
) -> list[ServedRow]:
    """Return hours that stand, the latest first."""
    rows = await session.direct(
        """
        SELECT s.service_id, s.person_id, p.name, s.hours, l.points, s.served_on, s.at, l.memo, s.case_id, s.reason
        FROM service s
        JOIN person p ON p.community_id = s.community_id AND p.person_id = s.person_id
        JOIN ledger l ON l.community_id = s.community_id AND l.service_id = s.service_id
        WHERE s.community_id = %(community)s AND (%(person)s::uuid IS NULL OR s.person_id = %(person)s)
          AND NOT EXISTS (SELECT FROM ledger r WHERE r.community_id = l.community_id AND r.reverses = l.entry_id)
        ORDER BY s.at DESC, s.service_id LIMIT %(limit)s
        """,
        {"community": community_id, "person": person_id, "limit": limit},
    )
    return [ServedRow(*row) for row in rows]


async def tell_case(
    session: WriteSession, community_id: str, new: Served, *, was: float, at: datetime, by: UUID
) -> None:
    """Append to a case's events that hours of its work were corrected."""
    await session.direct(
        """
        INSERT INTO event (community_id, case_id, at, actor_id, verb, from_status, to_status, reason, data)
        SELECT c.community_id, c.case_id, %(at)s, %(by)s, 'correct_hours', c.status, c.status, %(reason)s,
               jsonb_build_object('from', %(was)s::float, 'to', %(hours)s::float)
        FROM "case" c WHERE c.community_id = %(community)s AND c.case_id = %(case)s RETURNING event_id
        """,
        {
            "community": community_id,
            "case": new.case_id,
            "at": at,
            "by": by,
            "reason": new.reason,
            "was": was,
            "hours": new.hours,
        },
    )
