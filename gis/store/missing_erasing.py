"""Erasing what was told of somebody who was missing, and where they were last seen."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from gis.store.session import ReadSession, WriteSession


async def ended_of(session: ReadSession, community_id: str, resident_id: UUID) -> list[UUID]:
    """Return the searches for a resident that have ended and still tell of them."""
    rows = await session.direct(
        "SELECT missing_id FROM missing_person WHERE community_id = %(community)s AND resident_id = %(resident)s"
        " AND ended_at IS NOT NULL AND erased_at IS NULL",
        {"community": community_id, "resident": resident_id},
    )
    return [row.missing_id for row in rows]


async def erase(session: WriteSession, community_id: str, missing_id: UUID, now: datetime) -> bool:
    """Empty what was told of somebody, and where they were seen; that there was a search stays."""
    rows = await session.direct(
        "UPDATE missing_person SET name = NULL, told = NULL, outcome = NULL, photo_id = NULL, geom = NULL,"
        " resident_id = NULL, place_text = '', erased_at = %(now)s WHERE community_id = %(community)s"
        " AND missing_id = %(id)s AND erased_at IS NULL RETURNING 1",
        {"community": community_id, "id": missing_id, "now": now},
    )
    await session.direct(
        "DELETE FROM missing_street WHERE community_id = %(community)s AND missing_id = %(id)s",
        {"community": community_id, "id": missing_id},
    )
    await session.direct(  # the call knew the spot too: what stays is the community as a whole
        """
        UPDATE muster u SET geom = st_centroid(k.geom), building_id = NULL, place = '{}', place_text = '', grid_code = NULL
        FROM missing_person m JOIN community k ON k.community_id = m.community_id
        WHERE m.community_id = %(community)s AND m.missing_id = %(id)s
          AND u.community_id = m.community_id AND u.muster_id = m.muster_id
        """,
        {"community": community_id, "id": missing_id},
    )
    return bool(rows)
