"""Searches for missing people: begun once, their streets ticked off, ended once, erased by rule. Who it is lies sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from gis.store.session import ReadSession, WriteSession

SHORTEST_M = 15.0
"""Shorter pieces between crossings are seen from the streets that they join."""


@dataclass(frozen=True, slots=True)
class NewSearch:
    """A search to be stored."""

    missing_id: UUID
    muster_id: UUID
    resident_id: UUID | None
    name: bytes
    told: bytes
    place_text: str
    lon: float
    lat: float
    seen_at: datetime
    created_by: UUID
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Search:
    """A search as it is stored; what is erased is None."""

    missing_id: UUID
    muster_id: UUID
    resident_id: UUID | None
    status: str
    name: bytes | None
    told: bytes | None
    outcome: bytes | None
    place_text: str
    lon: float | None
    lat: float | None
    seen_at: datetime
    created_by: UUID
    created_by_name: str
    created_at: datetime
    ended_at: datetime | None
    erased_at: datetime | None
    grid_code: str | None
    wave: int
    radius_m: float | None
    streets: int
    searched: int
    called_as: str | None
    """How the call of whom it was asked for stands; None where they weren't called."""


# the streets are counted of those that are shown: each search has a dozen or more
_ROWS: LiteralString = """
SELECT s.missing_id, s.muster_id, s.resident_id, s.status, s.name, s.told, s.outcome, s.place_text, st_x(s.geom) AS lon,
       st_y(s.geom) AS lat, s.seen_at, s.created_by, p.name AS created_by_name, s.created_at, s.ended_at, s.erased_at,
       s.grid_code, s.wave, s.radius_m, n.streets, n.searched, s.called_as
FROM (
    SELECT s.*, m.grid_code, m.wave, m.radius_m, c.status AS called_as FROM missing_person s
    JOIN muster m ON m.community_id = s.community_id AND m.muster_id = s.muster_id
    LEFT JOIN muster_call c ON c.community_id = m.community_id AND c.muster_id = m.muster_id AND c.person_id = %(person)s
    WHERE s.community_id = %(community)s
      AND (%(ids)s::uuid[] IS NULL OR s.missing_id = ANY(%(ids)s::uuid[]))
      AND (%(grids)s::text[] IS NULL OR s.created_by = %(person)s OR m.grid_code = ANY(%(grids)s::text[])
           OR c.status <> 'declined')
    ORDER BY s.status <> 'searching', s.created_at DESC, s.missing_id LIMIT %(limit)s
) s
JOIN person p ON p.community_id = s.community_id AND p.person_id = s.created_by
CROSS JOIN LATERAL (
    SELECT count(*) AS streets, count(t.searched_at) AS searched FROM missing_street t
    WHERE t.community_id = s.community_id AND t.missing_id = s.missing_id AND t.ring <= greatest(s.wave, 1)) n
ORDER BY s.status <> 'searching', s.created_at DESC, s.missing_id
"""


async def add(session: WriteSession, community_id: str, new: NewSearch) -> bool:
    """Store a search; False when its id is there already."""
    rows = await session.direct(
        "INSERT INTO missing_person (community_id, missing_id, muster_id, resident_id, name, told, place_text, geom,"
        " seen_at, created_by, created_at) VALUES (%(community)s, %(id)s, %(muster)s, %(resident)s, %(name)s, %(told)s,"
        " %(place)s, st_setsrid(st_makepoint(%(lon)s, %(lat)s), 4326), %(seen)s, %(by)s, %(now)s)"
        " ON CONFLICT (community_id, missing_id) DO NOTHING RETURNING missing_id",
        {
            "community": community_id,
            "id": new.missing_id,
            "muster": new.muster_id,
            "resident": new.resident_id,
            "name": new.name,
            "told": new.told,
            "place": new.place_text,
            "lon": new.lon,
            "lat": new.lat,
            "seen": new.seen_at,
            "by": new.created_by,
            "now": new.created_at,
        },
    )
    return bool(rows)


async def add_streets(
    session: WriteSession, community_id: str, missing_id: UUID, first_m: float, *, rings: int, gone: str
) -> None:
    """Lay the streets around the place into rings, each reaching twice as far as the one inside it; by one statement."""
    await session.direct(
        """
        INSERT INTO missing_street (community_id, missing_id, segment_id, ring)
        SELECT g.community_id, s.missing_id, g.segment_id,
               greatest(1, ceil(1 + log(2, (greatest(d.metres, 1) / %(first)s)::numeric)))::smallint
        FROM missing_person s
        JOIN street_segment g ON g.community_id = s.community_id AND g.kind <> %(gone)s AND NOT g.underground
        CROSS JOIN LATERAL (SELECT st_distance(g.geom::geography, s.geom::geography) AS metres) d
        WHERE s.community_id = %(community)s AND s.missing_id = %(id)s
          AND d.metres <= %(first)s * power(2, %(rings)s - 1) AND g.length_m >= %(shortest)s
        ON CONFLICT DO NOTHING
        """,
        {
            "community": community_id,
            "id": missing_id,
            "first": first_m,
            "rings": rings,
            "gone": gone,
            "shortest": SHORTEST_M,
        },
    )


async def searches(
    session: ReadSession,
    community_id: str,
    *,
    person: UUID,
    ids: Sequence[UUID] | None = None,
    grids: Sequence[str] | None = None,
    limit: int = 30,
) -> list[Search]:
    """Return searches, those under way first, then the latest.

    Parameters
    ----------
    session, community_id, ids
        Where; only these.
    person, grids
        Only those that this person began, or was called to and hasn't declined, or that lie in these grids; without
        grids: all.
    limit
        How many at most.
    """
    rows = await session.direct(
        _ROWS,
        {
            "community": community_id,
            "ids": None if ids is None else list(ids),
            "person": person,
            "grids": None if grids is None else list(grids),
            "limit": limit,
        },
    )
    return [Search(*row) for row in rows]


async def of_muster(session: ReadSession, community_id: str, muster_id: UUID) -> UUID | None:
    """Return the search that a muster was called for."""
    rows = await session.direct(
        "SELECT missing_id FROM missing_person WHERE community_id = %(community)s AND muster_id = %(muster)s",
        {"community": community_id, "muster": muster_id},
    )
    return rows[0].missing_id if rows else None


@dataclass(frozen=True, slots=True)
class Street:
    """A segment to be searched: its line as GeoJSON, and who has."""

    segment_id: UUID
    name: str
    ring: int
    length_m: float
    line: Mapping[str, Any]
    searched_at: datetime | None
    searched_by: str | None


async def streets(session: ReadSession, community_id: str, missing_id: UUID) -> list[Street]:
    """Return the streets that the search has reached by now, the nearest ring first."""
    rows = await session.direct(
        """
        SELECT t.segment_id, g.name, t.ring, g.length_m, st_asgeojson(g.geom, 6)::json AS line, t.searched_at,
               p.name AS searched_by
        FROM missing_street t
        JOIN missing_person s ON s.community_id = t.community_id AND s.missing_id = t.missing_id
        JOIN muster m ON m.community_id = s.community_id AND m.muster_id = s.muster_id
        JOIN street_segment g ON g.community_id = t.community_id AND g.segment_id = t.segment_id
        LEFT JOIN person p ON p.community_id = t.community_id AND p.person_id = t.searched_by
        WHERE t.community_id = %(community)s AND t.missing_id = %(id)s AND t.ring <= greatest(m.wave, 1)
        ORDER BY t.searched_at IS NOT NULL, t.ring, g.name = '', g.name, t.segment_id
        """,
        {"community": community_id, "id": missing_id},
    )
    return [Street(*row) for row in rows]


async def tick(
    session: WriteSession,
    community_id: str,
    missing_id: UUID,
    segment_id: UUID,
    *,
    by: UUID | None,
    at: datetime | None,
) -> bool | None:
    """Note that a street was searched, or wasn't; False when it stood so already, None when it isn't one of the search's."""
    key = {"community": community_id, "id": missing_id, "segment": segment_id, "by": by, "at": at}
    rows = await session.direct(
        "UPDATE missing_street SET searched_by = %(by)s, searched_at = %(at)s WHERE community_id = %(community)s"
        " AND missing_id = %(id)s AND segment_id = %(segment)s AND (searched_at IS NULL) = (%(at)s::timestamptz IS NOT NULL)"
        " RETURNING 1",
        key,
    )
    if rows:
        return True
    there = await session.direct(
        "SELECT 1 FROM missing_street WHERE community_id = %(community)s AND missing_id = %(id)s"
        " AND segment_id = %(segment)s",
        key,
    )
    return False if there else None


async def end(
    session: WriteSession,
    community_id: str,
    missing_id: UUID,
    status: str,
    *,
    outcome: bytes | None,
    by: UUID,
    at: datetime,
) -> bool:
    """End a search that is under way; False when somebody has ended it already."""
    rows = await session.direct(
        "UPDATE missing_person SET status = %(status)s, outcome = %(outcome)s, ended_by = %(by)s, ended_at = %(at)s"
        " WHERE community_id = %(community)s AND missing_id = %(id)s AND status = 'searching' RETURNING 1",
        {
            "community": community_id,
            "id": missing_id,
            "status": status,
            "outcome": outcome,
            "by": by,
            "at": at,
        },
    )
    return bool(rows)


@dataclass(frozen=True, slots=True)
class Due:
    """A search whose data are to be erased by rule."""

    community_id: str
    missing_id: UUID
    ended_at: datetime


async def due(
    session: ReadSession, before: datetime, *, community_id: str | None = None, limit: int = 100
) -> list[Due]:
    """Return searches that ended before a moment and aren't erased yet.

    Of one community, or of all that have no period of their own.
    """
    rows = await session.direct(
        "SELECT community_id, missing_id, ended_at FROM missing_person WHERE ended_at IS NOT NULL AND erased_at IS NULL"
        " AND ended_at < %(before)s AND (community_id = %(community)s OR %(community)s::text IS NULL AND NOT EXISTS"
        " (SELECT FROM retention_rule k WHERE k.community_id = missing_person.community_id AND k.purpose = 'missing'))"
        " ORDER BY ended_at, community_id, missing_id LIMIT %(limit)s",
        {"before": before, "community": community_id, "limit": limit},
    )
    return [Due(*row) for row in rows]
