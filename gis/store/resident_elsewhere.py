"""What is kept of a resident outside of their record: meals, searches for them, what watchers suggested. Sealed as it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, LiteralString
from uuid import UUID

from gis.store.session import ReadSession

QUERIES: Mapping[str, LiteralString] = {
    "meals": """
        SELECT m.subscription_id AS id, m.contact, m.diet, m.birth_year, m.servings, m.weekdays, m.way, m.first_day,
               m.last_day, m.source, m.consent_version, m.consent_at, m.created_at
        FROM meal_subscription m WHERE m.community_id = %(community)s AND m.resident_id = %(resident)s
        ORDER BY m.created_at, m.subscription_id
    """,
    "meal_pauses": """
        SELECT p.subscription_id, p.first_day, p.last_day
        FROM meal_subscription m
        JOIN meal_pause p ON p.community_id = m.community_id AND p.subscription_id = m.subscription_id
        WHERE m.community_id = %(community)s AND m.resident_id = %(resident)s ORDER BY p.first_day, p.pause_id
    """,
    "meal_servings": """
        SELECT s.subscription_id, s.day, s.servings, s.way, s.price_fen, s.state, s.at
        FROM meal_subscription m
        JOIN meal_serving s ON s.community_id = m.community_id AND s.subscription_id = m.subscription_id
        WHERE m.community_id = %(community)s AND m.resident_id = %(resident)s ORDER BY s.day, s.subscription_id
    """,
    "searches": """
        SELECT m.missing_id AS id, m.status, m.name, m.told, m.outcome, m.place_text, m.seen_at, m.created_at, m.ended_at,
               coalesce((SELECT array_agg(p.sha256 ORDER BY p.added_at) FROM subject_photo p
                         WHERE p.community_id = m.community_id AND p.subject = 'missing'
                         AND p.subject_id = m.missing_id), '{}') AS photos
        FROM missing_person m WHERE m.community_id = %(community)s AND m.resident_id = %(resident)s
        ORDER BY m.created_at, m.missing_id
    """,
    "suggestions": """
        SELECT s.suggestion_id AS id, s.made_at, s.fields, s.data, s.status, s.decided_at, s.reason
        FROM resident_suggestion s WHERE s.community_id = %(community)s AND s.resident_id = %(resident)s
        ORDER BY s.made_at, s.suggestion_id
    """,
}
"""Each table that refers to a resident, but those of the record itself: a test compares them with the tables."""


async def kept_elsewhere(
    session: ReadSession, community_id: str, resident_id: UUID
) -> dict[str, list[dict[str, Any]]]:
    """Return the rows by what they are.

    Parameters
    ----------
    session, community_id, resident_id
        Whose.
    """
    given = {"community": community_id, "resident": resident_id}
    return {
        name: [row._asdict() for row in await session.direct(query, given)] for name, query in QUERIES.items()
    }
