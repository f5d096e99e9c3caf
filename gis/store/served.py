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
