"""Who minds a station, what is in stock there, and which of its faults are being seen to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class Keeper:
    """Somebody who minds a station."""

    person_id: UUID
    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """Something that is kept in stock; ``count`` is None until somebody has counted it."""

    item_id: UUID
    code: str
    kind: str
    name: str
    least: int
    count: int | None
    counted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault and how its case stands."""

    case_id: UUID
    category: str
    summary: str
    status: str
    at: datetime


async def keepers_of(session: ReadSession, community_id: str, code: str) -> list[Keeper]:
    """Return the active people who mind a station."""
    rows = await session.direct(
        "SELECT k.person_id, p.name, k.since FROM station_keeper k"
        " JOIN person p ON p.community_id = k.community_id AND p.person_id = k.person_id AND p.active"
        " WHERE k.community_id = %(community)s AND k.code = %(code)s ORDER BY k.since, k.person_id",
        {"community": community_id, "code": code},
    )
    return [Keeper(*row) for row in rows]


async def minded_by(session: ReadSession, community_id: str, person_id: UUID) -> set[str]:
    """Return the codes of the stations that somebody minds now."""
    rows = await session.direct(
        "SELECT code FROM station_keeper WHERE community_id = %(community)s AND person_id = %(person)s",
        {"community": community_id, "person": person_id},
    )
    return {row.code for row in rows}


async def add_keeper(
    session: WriteSession, community_id: str, code: str, person_id: UUID, at: datetime
) -> bool:
    """Appoint an active person; False where they are already, or there is no such person."""
    rows = await session.direct(
        "INSERT INTO station_keeper (community_id, code, person_id, since)"
        " SELECT p.community_id, %(code)s, p.person_id, %(at)s FROM person p"
        " WHERE p.community_id = %(community)s AND p.person_id = %(person)s AND p.active"
        " ON CONFLICT DO NOTHING RETURNING person_id",
        {"community": community_id, "code": code, "person": person_id, "at": at},
    )
    return bool(rows)


async def remove_keeper(session: WriteSession, community_id: str, code: str, person_id: UUID) -> bool:
    """Dismiss somebody; False when they don't mind it."""
    rows = await session.direct(
        "DELETE FROM station_keeper WHERE community_id = %(community)s AND code = %(code)s AND person_id = %(person)s"
        " RETURNING person_id",
        {"community": community_id, "code": code, "person": person_id},
    )
    return bool(rows)


async def items_of(session: ReadSession, community_id: str, code: str | None = None) -> list[Item]:
    """Return what is kept in stock at a station, or at all."""
    rows = await session.direct(
        "SELECT item_id, code, kind, name, least, count, counted_at FROM station_item"
        " WHERE community_id = %(community)s AND active AND (%(code)s::text IS NULL OR code = %(code)s)"
        " ORDER BY code, kind, name",
        {"community": community_id, "code": code},
    )
    return [Item(*row) for row in rows]


async def put_item(session: WriteSession, community_id: str, item: Item) -> UUID:
    """Say what is to be kept in stock, and how much at least; the same kind and name again changes the amount."""
    rows = await session.direct(
        """
        INSERT INTO station_item (community_id, item_id, code, kind, name, least)
        VALUES (%(community)s, %(item)s, %(code)s, %(kind)s, %(name)s, %(least)s)
        ON CONFLICT (community_id, code, kind, name) DO UPDATE SET least = excluded.least, active = true
        RETURNING item_id
        """,
        {
            "community": community_id,
            "item": item.item_id,
            "code": item.code,
            "kind": item.kind,
            "name": item.name,
            "least": item.least,
        },
    )
    found: UUID = rows[0].item_id
    return found


async def drop_item(session: WriteSession, community_id: str, code: str, item_id: UUID) -> bool:
    """Keep something in stock no longer; what was counted stays."""
    rows = await session.direct(
        "UPDATE station_item SET active = false WHERE community_id = %(community)s AND code = %(code)s"
        " AND item_id = %(item)s AND active RETURNING item_id",
        {"community": community_id, "code": code, "item": item_id},
    )
    return bool(rows)


async def count(
    session: WriteSession,
    community_id: str,
    code: str,
    counted: Sequence[tuple[UUID, UUID, int]],
    *,
    by: UUID,
    at: datetime,
) -> list[Item]:
    """Append countings (id of the counting, item, number) and return the items that fell below their least by them.

    A counting that is there already changes nothing.
    """
    rows = await session.direct(
        """
        WITH given AS (
            SELECT g.count_id, i.item_id, g.n, i.count AS before, i.least FROM unnest(%(ids)s::uuid[], %(items)s::uuid[],
                %(numbers)s::int[]) AS g(count_id, item_id, n)
            JOIN station_item i ON i.community_id = %(community)s AND i.code = %(code)s AND i.item_id = g.item_id AND i.active
        ), counted AS (
            INSERT INTO station_count (community_id, count_id, item_id, count, by, at)
            SELECT %(community)s, count_id, item_id, n, %(by)s, %(at)s FROM given
            ON CONFLICT (community_id, count_id) DO NOTHING RETURNING item_id, count
        ), changed AS (
            UPDATE station_item i SET count = c.count, counted_at = %(at)s, counted_by = %(by)s FROM counted c
            WHERE i.community_id = %(community)s AND i.item_id = c.item_id
            RETURNING i.item_id, i.code, i.kind, i.name, i.least, i.count, i.counted_at
        )
        SELECT c.item_id, c.code, c.kind, c.name, c.least, c.count, c.counted_at FROM changed c
        JOIN given g ON g.item_id = c.item_id
        WHERE c.count < c.least AND (g.before IS NULL OR g.before >= g.least)
        """,
        {
            "community": community_id,
            "code": code,
            "ids": [one[0] for one in counted],
            "items": [one[1] for one in counted],
            "numbers": [one[2] for one in counted],
            "by": by,
            "at": at,
        },
    )
    return [Item(*row) for row in rows]


async def add_fault(
    session: WriteSession, community_id: str, code: str, *, report_id: UUID, case_id: UUID, at: datetime
) -> None:
    """Remember that a report is about a station."""
    await session.direct(
        "INSERT INTO station_fault (community_id, report_id, code, case_id, at)"
        " VALUES (%(community)s, %(report)s, %(code)s, %(case)s, %(at)s) ON CONFLICT DO NOTHING",
        {"community": community_id, "report": report_id, "code": code, "case": case_id, "at": at},
    )


async def open_faults(session: ReadSession, community_id: str, code: str) -> list[Fault]:
    """Return the faults of a station that are still being seen to, each case once, the newest first."""
    rows = await session.direct(
        """
        SELECT c.case_id, c.category, c.summary, c.status, max(f.at) AS at FROM station_fault f
        JOIN "case" c ON c.community_id = f.community_id AND c.case_id = f.case_id
        WHERE f.community_id = %(community)s AND f.code = %(code)s AND c.status NOT IN ('closed', 'rejected', 'cancelled')
        GROUP BY c.case_id, c.category, c.summary, c.status ORDER BY at DESC, c.case_id
        """,
        {"community": community_id, "code": code},
    )
    return [Fault(*row) for row in rows]
