"""What was changed of households and residents: appended, read, counted; old values lie sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import insert

from gis.store.session import ReadSession, WriteSession
from gis.store.tables import resident_change


@dataclass(frozen=True, slots=True)
class NewChange:
    """A change to be written down."""

    change_id: UUID
    household_id: UUID
    resident_id: UUID | None
    suggestion_id: UUID | None
    at: datetime
    actor_id: UUID | None
    verb: str
    fields: Sequence[str]
    data: bytes | None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change as it is read."""

    change_id: UUID
    at: datetime
    actor: str | None
    verb: str
    fields: Sequence[str]
    data: bytes | None
    suggested_by: str | None


async def append(session: WriteSession, community_id: str, new: Sequence[NewChange]) -> None:
    """Write changes down."""
    if new:
        rows = [{"community_id": community_id, **asdict(one), "fields": list(one.fields)} for one in new]
        await session.run(insert(resident_change), rows)


async def changes_of(
    session: ReadSession,
    community_id: str,
    *,
    resident_id: UUID | None = None,
    household_id: UUID | None = None,
    limit: int = 50,
) -> list[ChangeRow]:
    """Return the changes of a resident, or of a household itself, the latest first."""
    rows = await session.direct(
        """
        SELECT c.change_id, c.at, p.name AS actor, c.verb, c.fields, c.data, w.name AS suggested_by
        FROM resident_change c
        LEFT JOIN person p ON p.community_id = c.community_id AND p.person_id = c.actor_id
        LEFT JOIN resident_suggestion s ON s.community_id = c.community_id AND s.suggestion_id = c.suggestion_id
        LEFT JOIN person w ON w.community_id = s.community_id AND w.person_id = s.made_by
        WHERE c.community_id = %(community)s
          AND (%(resident)s::uuid IS NULL OR c.resident_id = %(resident)s)
          AND (%(household)s::uuid IS NULL OR (c.household_id = %(household)s AND c.resident_id IS NULL))
        ORDER BY c.at DESC, c.change_id LIMIT %(limit)s
        """,
        {
            "community": community_id,
            "resident": resident_id,
            "household": household_id,
            "limit": limit,
        },
    )
    return [ChangeRow(*row) for row in rows]


async def records_updated(
    session: ReadSession, community_id: str, since: datetime, before: datetime, timezone: str
) -> dict[date, int]:
    """Return how many records were updated on each day: a record counts once a day, however often it was changed.

    Parameters
    ----------
    session, community_id
        Where.
    since, before, timezone
        From when, until before when, by whose calendar.
    """
    rows = await session.direct(
        """
        SELECT (c.at AT TIME ZONE %(zone)s)::date AS day, count(DISTINCT coalesce(c.resident_id, c.household_id)) AS n
        FROM resident_change c
        WHERE c.community_id = %(community)s AND c.at >= %(since)s AND c.at < %(before)s
          AND c.verb IN ('added', 'changed', 'moved_in', 'moved_out')
        GROUP BY 1 ORDER BY 1
        """,
        {"community": community_id, "since": since, "before": before, "zone": timezone},
    )
    return {row.day: int(row.n) for row in rows}
