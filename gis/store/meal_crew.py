"""Who works in the kitchen on which day; that is what opens its list to them, on that day and no other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class CrewRow:
    """Somebody of a day's crew; ``hours`` once they are booked."""

    person_id: UUID
    name: str
    role: str
    job: str
    hours: float | None


async def crew_on(session: ReadSession, community_id: str, day: date) -> list[CrewRow]:
    """Return the crew of a day, by job and name."""
    rows = await session.direct(
        """
        SELECT c.person_id, p.name, p.role, c.job, c.hours FROM meal_crew c
        JOIN person p ON p.community_id = c.community_id AND p.person_id = c.person_id
        WHERE c.community_id = %(community)s AND c.day = %(day)s ORDER BY c.job, p.name, c.person_id
        """,
        {"community": community_id, "day": day},
    )
    return [CrewRow(*row) for row in rows]


async def job_on(session: ReadSession, community_id: str, person_id: UUID, day: date) -> str | None:
    """Return what somebody does in the kitchen on a day, None where they aren't of its crew."""
    rows = await session.direct(
        "SELECT job FROM meal_crew WHERE community_id = %(community)s AND day = %(day)s AND person_id = %(person)s",
        {"community": community_id, "day": day, "person": person_id},
    )
    return rows[0].job if rows else None


async def days_of(session: ReadSession, community_id: str, person_id: UUID, since: date) -> list[date]:
    """Return the days from one on on which somebody works in the kitchen."""
    rows = await session.direct(
        "SELECT day FROM meal_crew WHERE community_id = %(community)s AND person_id = %(person)s AND day >= %(since)s"
        " ORDER BY day LIMIT 31",
        {"community": community_id, "person": person_id, "since": since},
    )
    return [row.day for row in rows]


async def put(
    session: WriteSession,
    community_id: str,
    day: date,
    person_id: UUID,
    job: str,
    *,
    by: UUID,
    at: datetime,
) -> bool:
    """Put an active person on a day's crew, or give them another job; False when there is no such person."""
    rows = await session.direct(
        """
        INSERT INTO meal_crew (community_id, day, person_id, job, created_by, created_at)
        SELECT p.community_id, %(day)s, p.person_id, %(job)s, %(by)s, %(at)s FROM person p
        WHERE p.community_id = %(community)s AND p.person_id = %(person)s AND p.active
        ON CONFLICT (community_id, day, person_id) DO UPDATE SET job = excluded.job RETURNING person_id
        """,
        {"community": community_id, "day": day, "person": person_id, "job": job, "by": by, "at": at},
    )
    return bool(rows)


async def remove(session: WriteSession, community_id: str, day: date, person_id: UUID) -> bool:
    """Take somebody off a day's crew, unless their hours are booked; False when nothing was taken off."""
    rows = await session.direct(
        "DELETE FROM meal_crew WHERE community_id = %(community)s AND day = %(day)s AND person_id = %(person)s"
        " AND hours IS NULL RETURNING person_id",
        {"community": community_id, "day": day, "person": person_id},
    )
    return bool(rows)


async def set_hours(
    session: WriteSession, community_id: str, day: date, person_id: UUID, *, hours: float, service_id: UUID
) -> bool:
    """Remember the hours that are booked for a day; False when they are booked already, or the person isn't of the crew."""
    rows = await session.direct(
        "UPDATE meal_crew SET hours = %(hours)s, service_id = %(service)s WHERE community_id = %(community)s"
        " AND day = %(day)s AND person_id = %(person)s AND hours IS NULL RETURNING person_id",
        {
            "community": community_id,
            "day": day,
            "person": person_id,
            "hours": hours,
            "service": service_id,
        },
    )
    return bool(rows)


async def names_of(session: ReadSession, community_id: str, people: Sequence[UUID]) -> dict[UUID, str]:
    """Return the names of active people, in the order of the names."""
    rows = await session.direct(
        "SELECT person_id, name FROM person WHERE community_id = %(community)s AND active"
        " AND person_id = ANY(%(people)s::uuid[]) ORDER BY name, person_id",
        {"community": community_id, "people": list(people)},
    )
    return {row.person_id: row.name for row in rows}
