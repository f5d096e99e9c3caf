"""The dispatch desk's own rows: kept filters, notes, shifts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gis.store.session import ReadSession, WriteSession
from gis.store.similar import NUMBER


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A filter that is kept; ``owner_name`` where it is somebody else's."""

    filter_id: UUID
    name: str
    query: str
    shared: bool
    is_default: bool
    owner_id: UUID
    owner_name: str


@dataclass(frozen=True, slots=True)
class DeskNote:
    """A note, pinned to a case or of the desk in general."""

    note_id: UUID
    case_id: UUID | None
    number: str | None
    words: str
    written_by: str
    written_at: datetime
    settled_by: str | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Shift:
    """Somebody's time at the desk; ``taken`` by who came next."""

    shift_id: UUID
    person_id: UUID
    person_name: str
    began_at: datetime
    ended_at: datetime | None
    words: str
    taken_by: str | None
    taken_at: datetime | None


async def filters_of(session: ReadSession, community_id: str, person_id: UUID) -> list[SavedFilter]:
    """Return somebody's own filters and those that others share, the own ones first."""
    rows = await session.direct(
        """
        SELECT f.filter_id, f.name, f.query, f.shared, f.is_default, f.owner_id, p.name AS owner_name
        FROM saved_filter f JOIN person p ON p.community_id = f.community_id AND p.person_id = f.owner_id
        WHERE f.community_id = %(community)s AND (f.owner_id = %(person)s OR f.shared)
        ORDER BY f.owner_id <> %(person)s, f.name, f.filter_id LIMIT 100
        """,
        {"community": community_id, "person": person_id},
    )
    return [SavedFilter(*row) for row in rows]


async def keep_filter(
    session: WriteSession, community_id: str, new: SavedFilter, *, now: datetime, most: int
) -> UUID | None:
    """Store a filter, or what it is from now on under the same name; None when somebody keeps too many."""
    key = {"community": community_id, "person": new.owner_id}
    if new.is_default:
        await session.direct(
            "UPDATE saved_filter SET is_default = false WHERE community_id = %(community)s"
            " AND owner_id = %(person)s AND is_default RETURNING filter_id",
            key,
        )
    rows = await session.direct(
        """
        INSERT INTO saved_filter (community_id, filter_id, owner_id, name, query, shared, is_default, created_at)
        SELECT %(community)s, %(id)s, %(person)s, %(name)s, %(query)s, %(shared)s, %(default)s, %(now)s
        WHERE (SELECT count(*) FROM saved_filter o WHERE o.community_id = %(community)s
               AND o.owner_id = %(person)s AND o.name <> %(name)s) < %(most)s
        ON CONFLICT (community_id, owner_id, name) DO UPDATE
        SET query = excluded.query, shared = excluded.shared, is_default = excluded.is_default
        RETURNING filter_id
        """,
        key
        | {
            "id": new.filter_id,
            "name": new.name,
            "query": new.query,
            "shared": new.shared,
            "default": new.is_default,
            "now": now,
            "most": most,
        },
    )
    return rows[0].filter_id if rows else None


async def drop_filter(session: WriteSession, community_id: str, filter_id: UUID, owner_id: UUID) -> bool:
    """Take one of somebody's own filters away; False when it isn't theirs or isn't there."""
    rows = await session.direct(
        "DELETE FROM saved_filter WHERE community_id = %(community)s AND filter_id = %(id)s"
        " AND owner_id = %(person)s RETURNING filter_id",
        {"community": community_id, "id": filter_id, "person": owner_id},
    )
    return bool(rows)


async def add_note(  # noqa: PLR0917 - what is noted, where, by whom
    session: WriteSession,
    community_id: str,
    note_id: UUID,
    case_id: UUID | None,
    words: str,
    by: UUID,
    now: datetime,
) -> None:
    """Store a note; the same id again changes nothing."""
    await session.direct(
        """
        INSERT INTO desk_note (community_id, note_id, case_id, written_by, written_at, words)
        VALUES (%(community)s, %(id)s, %(case)s, %(by)s, %(now)s, %(words)s)
        ON CONFLICT (community_id, note_id) DO NOTHING
        """,
        {"community": community_id, "id": note_id, "case": case_id, "by": by, "now": now, "words": words},
    )


async def settle_note(
    session: WriteSession, community_id: str, note_id: UUID, by: UUID, now: datetime
) -> bool:
    """Mark a note as settled by who was first; False when there is none."""
    rows = await session.direct(
        """
        UPDATE desk_note SET settled_by = coalesce(settled_by, %(by)s), settled_at = coalesce(settled_at, %(now)s)
        WHERE community_id = %(community)s AND note_id = %(id)s RETURNING note_id
        """,
        {"community": community_id, "id": note_id, "by": by, "now": now},
    )
    return bool(rows)


async def notes(session: ReadSession, community_id: str, *, case_id: UUID | None = None) -> list[DeskNote]:
    """Return the notes that are not settled, the newest first; of one case also the settled ones."""
    rows = await session.direct(
        f"""
        SELECT n.note_id, n.case_id, CASE WHEN c.case_id IS NOT NULL THEN {NUMBER} END AS number, n.words,
               w.name, n.written_at, s.name AS settled_by, n.settled_at
        FROM desk_note n
        JOIN community m ON m.community_id = n.community_id
        JOIN person w ON w.community_id = n.community_id AND w.person_id = n.written_by
        LEFT JOIN person s ON s.community_id = n.community_id AND s.person_id = n.settled_by
        LEFT JOIN "case" c ON c.community_id = n.community_id AND c.case_id = n.case_id
        WHERE n.community_id = %(community)s
        AND (n.case_id = %(case)s OR (%(case)s::uuid IS NULL AND n.settled_at IS NULL))
        ORDER BY n.settled_at IS NOT NULL, n.written_at DESC LIMIT 100
        """,  # noqa: S608 - only constants are joined
        {"community": community_id, "case": case_id},
    )
    return [DeskNote(*row) for row in rows]


async def begin_shift(
    session: WriteSession, community_id: str, shift_id: UUID, person_id: UUID, now: datetime
) -> None:
    """Begin somebody's shift unless one of theirs is under way, and sign what earlier shifts have left."""
    key = {"community": community_id, "id": shift_id, "person": person_id, "now": now}
    await session.direct(
        """
        INSERT INTO desk_shift (community_id, shift_id, person_id, began_at)
        VALUES (%(community)s, %(id)s, %(person)s, %(now)s)
        ON CONFLICT (community_id, person_id) WHERE ended_at IS NULL DO NOTHING
        """,
        key,
    )
    await session.direct(
        """
        UPDATE desk_shift SET taken_by = %(person)s, taken_at = %(now)s
        WHERE community_id = %(community)s AND ended_at IS NOT NULL AND taken_at IS NULL AND person_id <> %(person)s
        RETURNING shift_id
        """,
        key,
    )


async def end_shift(
    session: WriteSession, community_id: str, person_id: UUID, words: str, now: datetime
) -> bool:
    """End somebody's shift with a note to the next; False when none is under way."""
    rows = await session.direct(
        """
        UPDATE desk_shift SET ended_at = %(now)s, words = %(words)s
        WHERE community_id = %(community)s AND person_id = %(person)s AND ended_at IS NULL RETURNING shift_id
        """,
        {"community": community_id, "person": person_id, "words": words, "now": now},
    )
    return bool(rows)


async def shifts(session: ReadSession, community_id: str, *, limit: int) -> list[Shift]:
    """Return shifts, those under way first, then the latest."""
    rows = await session.direct(
        """
        SELECT s.shift_id, s.person_id, p.name, s.began_at, s.ended_at, s.words, t.name AS taken_by, s.taken_at
        FROM desk_shift s
        JOIN person p ON p.community_id = s.community_id AND p.person_id = s.person_id
        LEFT JOIN person t ON t.community_id = s.community_id AND t.person_id = s.taken_by
        WHERE s.community_id = %(community)s ORDER BY s.ended_at DESC NULLS FIRST, s.began_at DESC LIMIT %(limit)s
        """,
        {"community": community_id, "limit": limit},
    )
    return [Shift(*row) for row in rows]


async def last_ended(session: ReadSession, community_id: str, person_id: UUID) -> datetime | None:
    """Return when somebody's last shift ended."""
    rows = await session.direct(
        "SELECT max(ended_at) AS at FROM desk_shift WHERE community_id = %(community)s AND person_id = %(person)s",
        {"community": community_id, "person": person_id},
    )
    return rows[0].at if rows else None
