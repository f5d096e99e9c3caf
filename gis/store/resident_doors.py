"""Doors behind which people live: the stairwells of houses, with their floors and flats."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from gis.store.session import ReadSession


@dataclass(frozen=True, slots=True)
class Door:
    """A stairwell: in which building, which one, how many floors and flats."""

    building_id: UUID
    unit: str
    levels: int
    flats: int


async def doors(session: ReadSession, community_id: str) -> list[Door]:
    """Return the stairwells of houses that have an address, by street and number."""
    rows = await session.direct(
        """
        SELECT s.building_id, s.unit, coalesce(b.levels, 6) AS levels, coalesce(s.flats, 12) AS flats
        FROM stairwell s JOIN building b ON b.community_id = s.community_id AND b.building_id = s.building_id
        WHERE s.community_id = %(community)s AND b.street <> '' AND b.housenumber <> ''
        ORDER BY b.street, length(b.housenumber), b.housenumber, s.unit, s.stairwell_id
        """,
        {"community": community_id},
    )
    return [Door(*row) for row in rows]
