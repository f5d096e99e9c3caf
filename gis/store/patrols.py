"""Patrols as recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class Patrol:
    """One patrol; its streets are sorted."""

    patrol_id: UUID
    person_id: UUID
    started_at: datetime
    ended_at: datetime
    segment_ids: tuple[UUID, ...]
    note: str


async def add(session: WriteSession, community_id: str, patrol: Patrol) -> bool:
    """Store a patrol; False when its id is there already."""
    rows = await session.direct(
        "INSERT INTO patrol (community_id, patrol_id, person_id, started_at, ended_at, segment_ids, note)"
        " VALUES (%(community)s, %(id)s, %(person)s, %(started)s, %(ended)s, %(segments)s, %(note)s)"
        " ON CONFLICT DO NOTHING RETURNING patrol_id",
        {
            "community": community_id,
            "id": patrol.patrol_id,
            "person": patrol.person_id,
            "started": patrol.started_at,
            "ended": patrol.ended_at,
            "segments": list(patrol.segment_ids),
            "note": patrol.note,
        },
    )
    return bool(rows)


async def covered(
    session: ReadSession, community_id: str, since: datetime, before: datetime | None = None
) -> dict[UUID, int]:
    """Return how many patrols have passed each street in a time; those without any are missing."""
    rows = await session.direct(
        "SELECT segment_id, count(*) AS n FROM patrol, unnest(segment_ids) AS segment_id"
        " WHERE community_id = %(community)s AND started_at >= %(since)s"
        " AND (%(before)s::timestamptz IS NULL OR started_at < %(before)s) GROUP BY segment_id",
        {"community": community_id, "since": since, "before": before},
    )
    return {row.segment_id: int(row.n) for row in rows}


async def get(session: ReadSession, community_id: str, patrol_id: UUID) -> Patrol | None:
    """Return a patrol."""
    rows = await session.direct(
        "SELECT patrol_id, person_id, started_at, ended_at, segment_ids, note FROM patrol"
        " WHERE community_id = %(community)s AND patrol_id = %(id)s",
        {"community": community_id, "id": patrol_id},
    )
    if not rows:
        return None
    (r,) = rows
    return Patrol(r.patrol_id, r.person_id, r.started_at, r.ended_at, tuple(sorted(r.segment_ids)), r.note)


async def known_segments(session: ReadSession, community_id: str, segment_ids: Sequence[UUID]) -> int:
    """Return how many of these streets the community has."""
    rows = await session.direct(
        "SELECT count(*) AS n FROM street_segment WHERE community_id = %(community)s AND segment_id = ANY(%(ids)s)",
        {"community": community_id, "ids": list(segment_ids)},
    )
    return int(rows[0].n)
