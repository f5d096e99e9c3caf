"""Stations: as their file says, with what the office says instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class StationRow:
    """A station, its place in degrees (EPSG:4326); ``closed_until``: the last day on which it stays closed."""

    code: str
    name: str
    name_en: str
    amenities: Sequence[str]
    opening_hours: str
    lon: float
    lat: float
    timezone: str
    closed_until: date | None = None
    closed_why: str = ""


async def stations_of(session: ReadSession, community_id: str, code: str | None = None) -> list[StationRow]:
    """Return the stations of a community, in the order of their codes, or one of them."""
    rows = await session.direct(
        """
        SELECT s.code, s.name, s.name_en, coalesce(c.amenities, s.amenities) AS amenities,
               coalesce(c.opening_hours, s.opening_hours) AS opening_hours,
               st_x(s.geom) AS lon, st_y(s.geom) AS lat, m.timezone, c.closed_until, coalesce(c.closed_why, '') AS closed_why
        FROM station s JOIN community m ON m.community_id = s.community_id
        LEFT JOIN station_care c ON c.community_id = s.community_id AND c.code = s.code
        WHERE s.community_id = %(community)s AND (%(code)s::text IS NULL OR s.code = %(code)s) ORDER BY s.code
        """,
        {"community": community_id, "code": code},
    )
    return [StationRow(*row) for row in rows]


async def care_mark(session: ReadSession, community_id: str) -> str:
    """Return what changes whenever the office says something else of a station than its file."""
    rows = await session.direct(
        "SELECT count(*) AS n, max(changed_at) AS at FROM station_care WHERE community_id = %(community)s",
        {"community": community_id},
    )
    return f"{rows[0].n} {rows[0].at}"


async def put_care(
    session: WriteSession,
    community_id: str,
    code: str,
    *,
    amenities: Sequence[str] | None = None,
    opening_hours: str | None = None,
    by: UUID,
    at: datetime,
) -> None:
    """Say what a station offers and when it is open, instead of its file; None: as it was."""
    await session.direct(
        """
        INSERT INTO station_care (community_id, code, amenities, opening_hours, changed_by, changed_at)
        VALUES (%(community)s, %(code)s, %(amenities)s, %(hours)s, %(by)s, %(at)s)
        ON CONFLICT (community_id, code) DO UPDATE SET amenities = coalesce(excluded.amenities, station_care.amenities),
            opening_hours = coalesce(excluded.opening_hours, station_care.opening_hours),
            changed_by = excluded.changed_by, changed_at = excluded.changed_at
        """,
        {
            "community": community_id,
            "code": code,
            "amenities": None if amenities is None else list(amenities),
            "hours": opening_hours,
            "by": by,
            "at": at,
        },
    )


async def put_closed(
    session: WriteSession,
    community_id: str,
    code: str,
    until: date | None,
    why: str,
    *,
    by: UUID,
    at: datetime,
) -> None:
    """Close a station up to a day, or open it again."""
    await session.direct(
        """
        INSERT INTO station_care (community_id, code, closed_until, closed_why, changed_by, changed_at)
        VALUES (%(community)s, %(code)s, %(until)s, %(why)s, %(by)s, %(at)s)
        ON CONFLICT (community_id, code) DO UPDATE SET closed_until = excluded.closed_until,
            closed_why = excluded.closed_why, changed_by = excluded.changed_by, changed_at = excluded.changed_at
        """,
        {"community": community_id, "code": code, "until": until, "why": why, "by": by, "at": at},
    )
