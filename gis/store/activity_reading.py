"""Reading activities: with how many have signed up, and how the reader stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from gis.store.session import ReadSession


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """An activity as one reader sees it."""

    activity_id: UUID
    kind: str
    title: str
    about: str
    place: str
    starts_at: datetime
    ends_at: datetime
    places: int
    hours: float
    team_id: UUID | None
    team_name: str | None
    skill: str | None
    certificate: str | None
    valid_months: int | None
    created_by: UUID
    created_by_name: str
    cancelled_at: datetime | None
    reason: str
    booked: int
    waiting: int
    attended: int
    state: str | None
    """Of the reader: booked, waiting, cancelled, or None."""
    ahead: int
    """So many wait before the reader."""
    attended_at: datetime | None
    leads: bool
    """Whether the reader leads the team whose it is."""


@dataclass(frozen=True, slots=True)
class Guest:
    """One who has signed up."""

    person_id: UUID
    name: str
    role: str
    state: str
    signed_at: datetime
    attended_at: datetime | None
    attended_by: str | None
    hours: float | None


_ROWS: LiteralString = """
SELECT a.activity_id, a.kind, a.title, a.about, a.place, a.starts_at, a.ends_at, a.places, a.hours, a.team_id,
    t.name AS team_name, a.skill, a.certificate, a.valid_months, a.created_by, c.name AS created_by_name,
    a.cancelled_at, a.reason, n.booked, n.waiting, n.attended, me.state,
    CASE WHEN me.state = 'waiting' THEN (
        SELECT count(*) FROM activity_place w WHERE w.community_id = a.community_id AND w.activity_id = a.activity_id
        AND w.state = 'waiting' AND w.turn < me.turn)::int ELSE 0 END AS ahead,
    me.attended_at,
    EXISTS (SELECT FROM team_member m WHERE m.community_id = a.community_id AND m.team_id = a.team_id
            AND m.person_id = %(reader)s AND m.leader) AS leads
FROM activity a
JOIN person c ON c.community_id = a.community_id AND c.person_id = a.created_by
LEFT JOIN team t ON t.community_id = a.community_id AND t.team_id = a.team_id
LEFT JOIN activity_place me ON me.community_id = a.community_id AND me.activity_id = a.activity_id
    AND me.person_id = %(reader)s
CROSS JOIN LATERAL (
    SELECT (count(*) FILTER (WHERE p.state = 'booked'))::int AS booked,
        (count(*) FILTER (WHERE p.state = 'waiting'))::int AS waiting, count(p.attended_at)::int AS attended
    FROM activity_place p WHERE p.community_id = a.community_id AND p.activity_id = a.activity_id) n
WHERE a.community_id = %(community)s
"""


async def upcoming(
    session: ReadSession, community_id: str, reader: UUID, *, since: datetime, limit: int = 100
) -> list[ActivityRow]:
    """Return activities that end after a moment, the next one first."""
    rows = await session.direct(
        f"{_ROWS} AND a.ends_at > %(since)s ORDER BY a.starts_at, a.activity_id LIMIT %(limit)s",
        {"community": community_id, "reader": reader, "since": since, "limit": limit},
    )
    return [ActivityRow(*row) for row in rows]


async def past(
    session: ReadSession,
    community_id: str,
    reader: UUID,
    *,
    until: datetime,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[ActivityRow]:
    """Return activities that ended up to a moment, the latest first; ``after`` names the last one already seen."""
    start, last = after or (None, None)
    rows = await session.direct(
        f"{_ROWS} AND a.ends_at <= %(until)s AND (%(start)s::timestamptz IS NULL"
        " OR (a.starts_at, a.activity_id) < (%(start)s, %(last)s::uuid))"
        " ORDER BY a.starts_at DESC, a.activity_id DESC LIMIT %(limit)s",
        {
            "community": community_id,
            "reader": reader,
            "until": until,
            "start": start,
            "last": last,
            "limit": limit,
        },
    )
    return [ActivityRow(*row) for row in rows]


async def find(
    session: ReadSession, community_id: str, activity_id: UUID, reader: UUID
) -> ActivityRow | None:
    """Return one activity, or None."""
    rows = await session.direct(
        f"{_ROWS} AND a.activity_id = %(activity)s",
        {"community": community_id, "reader": reader, "activity": activity_id},
    )
    return ActivityRow(*rows[0]) if rows else None


async def guests(session: ReadSession, community_id: str, activity_id: UUID) -> list[Guest]:
    """Return who has signed up, in their order; who has left isn't among them."""
    rows = await session.direct(
        """
        SELECT p.person_id, p.name, p.role, s.state, s.signed_at, s.attended_at, s.attended_by, v.hours
        FROM activity_place s JOIN person p ON p.community_id = s.community_id AND p.person_id = s.person_id
        LEFT JOIN service v ON v.community_id = s.community_id AND v.service_id = s.service_id
        WHERE s.community_id = %(community)s AND s.activity_id = %(activity)s AND s.state <> 'cancelled'
        ORDER BY s.state, s.turn
        """,
        {"community": community_id, "activity": activity_id},
    )
    return [Guest(*row) for row in rows]


async def led_by(session: ReadSession, community_id: str, person_id: UUID) -> list[tuple[UUID, str]]:
    """Return the teams that somebody leads: id and name."""
    rows = await session.direct(
        "SELECT t.team_id, t.name FROM team t JOIN team_member m ON m.community_id = t.community_id"
        " AND m.team_id = t.team_id WHERE t.community_id = %(community)s AND m.person_id = %(person)s AND m.leader"
        " AND t.active ORDER BY t.name",
        {"community": community_id, "person": person_id},
    )
    return [(row.team_id, row.name) for row in rows]
