"""Calendars of duty, and what they say of now, which is kept in ``responder``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import and_, delete, insert, select

from gis.store.session import ReadSession, WriteSession
from gis.store.tables import community, duty_exception, duty_shift, responder


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """A shift as stored."""

    weekday: int
    starts: time
    ends: time


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """Leave or extra duty as stored."""

    kind: str
    starts_at: datetime
    ends_at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class StoredDuty:
    """A responder's calendar with the state that was last made of it."""

    timezone: str
    on_duty: bool
    on_shift: bool
    border_at: datetime | None
    shifts: tuple[ShiftRow, ...]
    exceptions: tuple[ExceptionRow, ...]


async def load(session: ReadSession, community_id: str, person_id: UUID) -> StoredDuty | None:
    """Return somebody's calendar, None for one who takes no offers."""
    r = responder.c
    row = await session.row(
        select(community.c.timezone, r.on_duty, r.on_shift, r.duty_border_at)
        .join(community, community.c.community_id == r.community_id)
        .where(r.community_id == community_id, r.person_id == person_id)
    )
    if row is None:
        return None
    s, e = duty_shift.c, duty_exception.c
    shifts = await session.rows(
        select(s.weekday, s.starts, s.ends)
        .where(s.community_id == community_id, s.person_id == person_id)
        .order_by(s.weekday, s.starts, s.ends)
    )
    exceptions = await session.rows(
        select(e.kind, e.starts_at, e.ends_at, e.note)
        .where(e.community_id == community_id, e.person_id == person_id)
        .order_by(e.starts_at, e.ends_at)
    )
    return StoredDuty(
        row[0],
        row[1],
        row[2],
        row[3],
        shifts=tuple(ShiftRow(*one) for one in shifts),
        exceptions=tuple(ExceptionRow(*one) for one in exceptions),
    )


async def replace(
    session: WriteSession,
    community_id: str,
    person_id: UUID,
    shifts: Sequence[ShiftRow],
    exceptions: Sequence[ExceptionRow],
) -> None:
    """Replace somebody's calendar as a whole; who replaces it at the same moment waits."""
    await session.direct(
        "SELECT FROM responder WHERE community_id = %(community)s AND person_id = %(person)s FOR NO KEY UPDATE",
        {"community": community_id, "person": person_id},
    )
    key = {"community_id": community_id, "person_id": person_id}
    for table in (duty_shift, duty_exception):
        mine = and_(table.c.community_id == community_id, table.c.person_id == person_id)
        await session.run(delete(table).where(mine))
    if shifts:
        rows = [
            key | {"shift_id": uuid4(), "weekday": one.weekday, "starts": one.starts, "ends": one.ends}
            for one in shifts
        ]
        await session.run(insert(duty_shift), rows)
    if exceptions:
        rows = [
            key
            | {
                "exception_id": uuid4(),
                "kind": one.kind,
                "starts_at": one.starts_at,
                "ends_at": one.ends_at,
                "note": one.note,
            }
            for one in exceptions
        ]
        await session.run(insert(duty_exception), rows)


async def settle(
    session: WriteSession,
    community_id: str,
    person_id: UUID,
    *,
    on_shift: bool,
    border_at: datetime | None,
    seen: datetime | None,
) -> bool:
    """Store what the calendar says of now and until when; False when somebody else has passed the border first.

    Parameters
    ----------
    session, community_id, person_id
        Whose.
    on_shift, border_at
        What is stored.
    seen
        The border as it was read.
    """
    rows = await session.direct(
        "UPDATE responder SET on_shift = %(on)s, duty_border_at = %(border)s WHERE community_id = %(community)s"
        " AND person_id = %(person)s AND duty_border_at IS NOT DISTINCT FROM %(seen)s::timestamptz RETURNING person_id",
        {
            "on": on_shift,
            "border": border_at,
            "seen": seen,
            "community": community_id,
            "person": person_id,
        },
    )
    return bool(rows)


async def due(session: ReadSession, now: datetime, *, limit: int) -> list[tuple[str, UUID]]:
    """Return who has come to a border of their calendar, of all communities: what a lost job would have seen to."""
    rows = await session.direct(
        "SELECT community_id, person_id FROM responder WHERE duty_border_at <= %(now)s"
        " ORDER BY duty_border_at LIMIT %(limit)s",
        {"now": now, "limit": limit},
    )
    return [(row.community_id, row.person_id) for row in rows]


@dataclass(frozen=True, slots=True)
class WeekRow:
    """A responder with the calendar that their week is drawn from."""

    person_id: UUID
    username: str
    name: str
    role: str
    on_duty: bool
    micro_grids: Sequence[str]
    shifts: tuple[ShiftRow, ...]
    exceptions: tuple[ExceptionRow, ...]


async def week_rows(
    session: ReadSession,
    community_id: str,
    begins: datetime,
    ends: datetime,
    *,
    words: str = "",
    role: str | None = None,
    planned: bool = False,
    limit: int = 60,
) -> list[WeekRow]:
    """Return responders by name with their shifts, and their exceptions of a week.

    Parameters
    ----------
    session, community_id
        Where.
    begins, ends
        The week.
    words, role
        Of a name, a username or a micro-grid; which role.
    planned
        Only those who have a calendar.
    limit
        At most so many.
    """
    rows = await session.direct(
        """
        SELECT p.person_id, p.username, p.name, p.role, r.on_duty,
               ARRAY(SELECT a.code FROM person_area a WHERE a.community_id = p.community_id
                     AND a.person_id = p.person_id ORDER BY a.code) AS micro_grids,
               ARRAY(SELECT to_jsonb(x) FROM (SELECT s.weekday, s.starts::text, s.ends::text FROM duty_shift s
                     WHERE s.community_id = p.community_id AND s.person_id = p.person_id
                     ORDER BY s.weekday, s.starts) x) AS shifts,
               ARRAY(SELECT to_jsonb(x) FROM (SELECT e.kind, e.starts_at, e.ends_at, e.note FROM duty_exception e
                     WHERE e.community_id = p.community_id AND e.person_id = p.person_id
                     AND e.starts_at < %(ends)s AND e.ends_at > %(begins)s ORDER BY e.starts_at) x) AS exceptions
        FROM person p JOIN responder r ON r.community_id = p.community_id AND r.person_id = p.person_id
        WHERE p.community_id = %(community)s AND p.active AND p.role IN ('watcher', 'rider')
        AND (%(role)s::text IS NULL OR p.role = %(role)s)
        AND (%(words)s = '' OR strpos(lower(p.name || ' ' || p.username), lower(%(words)s)) > 0
             OR EXISTS (SELECT 1 FROM person_area a WHERE a.community_id = p.community_id
                        AND a.person_id = p.person_id AND strpos(a.code, %(words)s) = 1))
        AND (NOT %(planned)s OR EXISTS (SELECT 1 FROM duty_shift s WHERE s.community_id = p.community_id
                                        AND s.person_id = p.person_id))
        ORDER BY p.role DESC, p.username LIMIT %(limit)s
        """,
        {
            "community": community_id,
            "begins": begins,
            "ends": ends,
            "words": words,
            "role": role,
            "planned": planned,
            "limit": limit,
        },
    )
    return [_week_row(row) for row in rows]


def _week_row(row: Any) -> WeekRow:
    shifts = tuple(
        ShiftRow(one["weekday"], time.fromisoformat(one["starts"]), time.fromisoformat(one["ends"]))
        for one in row.shifts
    )
    exceptions = tuple(
        ExceptionRow(
            one["kind"],
            datetime.fromisoformat(one["starts_at"]),
            datetime.fromisoformat(one["ends_at"]),
            one["note"],
        )
        for one in row.exceptions
    )
    return WeekRow(
        row.person_id, row.username, row.name, row.role, row.on_duty, row.micro_grids, shifts, exceptions
    )
