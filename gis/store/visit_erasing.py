"""Forgetting a home: entries stay as figures of their building, without the flat, the words, the answers and the photos."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from gis.store import subject_photos
from gis.store.session import ReadSession, WriteSession


async def forget_homes(session: WriteSession, community_id: str, households: Sequence[UUID]) -> int:
    """Forget what was written down at the doors of some households; return how many entries it was.

    Entries are known by the household, or by building and flat as they were typed. What has become a case stays with it.

    Parameters
    ----------
    session, community_id, households
        Of the transaction that erases them; their rows are still there.
    """
    rows = await session.direct(
        """
        WITH homes AS (
            SELECT household_id, building_id, CASE WHEN unit <> '' THEN unit || '-' || flat ELSE flat END AS flat
            FROM household WHERE community_id = %(community)s AND household_id = ANY(%(households)s::uuid[])
        ), stops AS (
            UPDATE round_stop s SET flat = '', household_id = NULL FROM homes h
            WHERE s.community_id = %(community)s AND (s.household_id = h.household_id
                OR s.building_id = h.building_id AND s.flat = h.flat)
        ), found AS (
            UPDATE finding f SET flat = '' FROM homes h
            WHERE f.community_id = %(community)s AND f.building_id = h.building_id AND f.flat = h.flat
        )
        UPDATE visit v SET flat = '', words = '', answers = '{}', household_id = NULL FROM homes h
        WHERE v.community_id = %(community)s AND (v.household_id = h.household_id
            OR v.building_id = h.building_id AND v.flat = h.flat)
        RETURNING v.visit_id
        """,
        {"community": community_id, "households": list(households)},
    )
    ids = list({row.visit_id for row in rows})
    await subject_photos.erase(session, community_id, "visit", ids)
    return len(ids)


async def last_of_home(session: ReadSession, community_id: str, resident_id: UUID) -> list[UUID]:
    """Return the household that has nobody left once a resident is erased; nothing where others still live there."""
    rows = await session.direct(
        """
        SELECT r.household_id FROM resident r
        WHERE r.community_id = %(community)s AND r.resident_id = %(resident)s AND r.household_id IS NOT NULL
          AND NOT EXISTS (SELECT FROM resident o WHERE o.community_id = r.community_id
              AND o.household_id = r.household_id AND o.resident_id <> r.resident_id)
        """,
        {"community": community_id, "resident": resident_id},
    )
    return [row.household_id for row in rows]
