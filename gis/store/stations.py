"""Stations as they were imported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gis.store.session import ReadSession


@dataclass(frozen=True, slots=True)
class StationRow:
    """A station, its place in degrees (EPSG:4326)."""

    code: str
    name: str
    name_en: str
    amenities: Sequence[str]
    opening_hours: str
    lon: float
    lat: float
    timezone: str


async def stations_of(session: ReadSession, community_id: str) -> list[StationRow]:
    """Return the stations of a community, in the order of their codes."""
    rows = await session.direct(
        """
        SELECT s.code, s.name, s.name_en, s.amenities, s.opening_hours, st_x(s.geom), st_y(s.geom), m.timezone
        FROM station s JOIN community m ON m.community_id = s.community_id
        WHERE s.community_id = %(community)s ORDER BY s.code
        """,
        {"community": community_id},
    )
    return [StationRow(*row) for row in rows]
