"""Who ate is erased with their record, and counted where their time is over."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from gis.store.session import ReadSession, WriteSession


async def erase_resident(session: WriteSession, community_id: str, resident_id: UUID, at: datetime) -> int:
    """End the meals of a resident who is erased, and erase who ate; what was eaten stays counted."""
    rows = await session.direct(
        """
        UPDATE meal_subscription SET contact = NULL, diet = NULL, birth_year = NULL, building_id = NULL, geom = NULL,
            micro_grid_code = NULL, way = 'collect', person_id = NULL, resident_id = NULL, erased_at = %(at)s,
            last_day = greatest(first_day - 1, least(coalesce(last_day, %(at)s::date), %(at)s::date)),
            revision = revision + 1
        WHERE community_id = %(community)s AND resident_id = %(resident)s AND erased_at IS NULL
        RETURNING subscription_id
        """,
        {"community": community_id, "resident": resident_id, "at": at},
    )
    await session.direct(
        "UPDATE meal_serving SET state = 'cancelled' WHERE community_id = %(community)s AND state = 'ordered'"
        " AND subscription_id = ANY(%(ids)s::uuid[]) AND day > %(at)s::date AND round_id IS NULL",
        {"community": community_id, "ids": [row.subscription_id for row in rows], "at": at},
    )
    return len(rows)


async def count_over(session: ReadSession, community_id: str, before: date) -> int:
    """Return how many subscriptions ended before a day and still say who ate."""
    rows = await session.direct(
        "SELECT count(*) AS n FROM meal_subscription WHERE community_id = %(community)s AND erased_at IS NULL"
        " AND last_day < %(before)s",
        {"community": community_id, "before": before},
    )
    return int(rows[0].n)
