"""Hours of a year, and who agrees to be named for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from gis.store.session import ReadSession, WriteSession
from gis.store.statements import STANDS


@dataclass(frozen=True, slots=True)
class Volunteer:
    """Somebody's standing hours of a year."""

    person_id: UUID
    name: str
    hours: float
    consents: bool


_HOURS: LiteralString = f"""
SELECT p.person_id, p.name, h.hours, c.person_id IS NOT NULL AS consents
FROM (
    SELECT s.person_id, sum(s.hours) AS hours FROM service s
    WHERE s.community_id = %(community)s AND s.served_on BETWEEN %(first)s AND %(last)s AND {STANDS}
    GROUP BY s.person_id HAVING sum(s.hours) >= %(least)s) h
JOIN person p ON p.community_id = %(community)s AND p.person_id = h.person_id
LEFT JOIN star_consent c ON c.community_id = p.community_id AND c.person_id = p.person_id
WHERE p.active ORDER BY p.name, p.person_id
"""  # noqa: S608 - only constants are joined


async def volunteers(
    session: ReadSession, community_id: str, first: date, last: date, least: float
) -> list[Volunteer]:
    """Return who has at least so many standing hours in some days, by name."""
    rows = await session.direct(
        _HOURS, {"community": community_id, "first": first, "last": last, "least": least}
    )
    return [Volunteer(row.person_id, row.name, float(row.hours), row.consents) for row in rows]


async def set_consent(
    session: WriteSession, community_id: str, person_id: UUID, *, agrees: bool, at: datetime
) -> None:
    """Remember whether somebody agrees to be named."""
    given = {"community": community_id, "person": person_id, "at": at}
    if agrees:
        await session.direct(
            "INSERT INTO star_consent (community_id, person_id, at) VALUES (%(community)s, %(person)s, %(at)s)"
            " ON CONFLICT DO NOTHING",
            given,
        )
    else:
        await session.direct(
            "DELETE FROM star_consent WHERE community_id = %(community)s AND person_id = %(person)s", given
        )
