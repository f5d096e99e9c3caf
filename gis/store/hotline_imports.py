"""Files of the hotline that are looked at or being written, how an office calls its columns, and answers for the hotline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from psycopg.types.json import Jsonb

from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class Import:
    """A file that was sent."""

    import_id: UUID
    file_name: str
    status: str
    columns: Mapping[str, str]
    categories: Mapping[str, str]
    choices: Mapping[str, str]
    rows: int
    done: int
    summary: Mapping[str, Any]
    created_by: UUID
    created_at: datetime
    ended_at: datetime | None


_SELECT: LiteralString = """
SELECT import_id, file_name, status, columns, categories, choices, rows, done, summary, created_by, created_at, ended_at
FROM hotline_import WHERE community_id = %(community)s
"""


async def add(session: WriteSession, community_id: str, new: Import) -> None:
    """Store that a file was sent; a repeat changes nothing."""
    await session.direct(
        "INSERT INTO hotline_import (community_id, import_id, file_name, status, columns, categories, created_by, created_at)"
        " VALUES (%(community)s, %(id)s, %(name)s, %(status)s, %(columns)s, %(categories)s, %(by)s, %(at)s)"
        " ON CONFLICT DO NOTHING",
        {
            "community": community_id,
            "id": new.import_id,
            "name": new.file_name,
            "status": new.status,
            "columns": Jsonb(dict(new.columns)),
            "categories": Jsonb(dict(new.categories)),
            "by": new.created_by,
            "at": new.created_at,
        },
    )


async def get(session: ReadSession, community_id: str, import_id: UUID) -> Import | None:
    """Return a file that was sent."""
    rows = await session.direct(
        _SELECT + " AND import_id = %(id)s", {"community": community_id, "id": import_id}
    )
    return Import(*rows[0]) if rows else None


async def latest(session: ReadSession, community_id: str, limit: int) -> list[Import]:
    """Return the files that were sent last."""
    rows = await session.direct(
        _SELECT + " ORDER BY created_at DESC LIMIT %(limit)s", {"community": community_id, "limit": limit}
    )
    return [Import(*row) for row in rows]


async def set_plan(  # noqa: PLR0917 - what is planned for which file
    session: WriteSession,
    community_id: str,
    import_id: UUID,
    columns: Mapping[str, str],
    categories: Mapping[str, str],
    choices: Mapping[str, str],
) -> bool:
    """Store how a file is to be read; False when it isn't being looked at any more."""
    rows = await session.direct(
        "UPDATE hotline_import SET columns = %(columns)s, categories = %(categories)s, choices = %(choices)s"
        " WHERE community_id = %(community)s AND import_id = %(id)s AND status = 'looked_at' RETURNING import_id",
        {
            "community": community_id,
            "id": import_id,
            "columns": Jsonb(dict(columns)),
            "categories": Jsonb(dict(categories)),
            "choices": Jsonb(dict(choices)),
        },
    )
    return bool(rows)


async def move(  # noqa: PLR0917 - from which status to which, and what is told
    session: WriteSession,
    community_id: str,
    import_id: UUID,
    before: str,
    after: str,
    now: datetime | None,
    summary: Mapping[str, Any] | None = None,
) -> bool:
    """Change the status of a file if it is still as stated; False when it isn't."""
    rows = await session.direct(
        "UPDATE hotline_import SET status = %(after)s, ended_at = %(now)s,"
        " summary = coalesce(%(summary)s::jsonb, summary)"
        " WHERE community_id = %(community)s AND import_id = %(id)s AND status = %(before)s RETURNING import_id",
        {
            "community": community_id,
            "id": import_id,
            "before": before,
            "after": after,
            "now": now,
            "summary": None if summary is None else Jsonb(dict(summary)),
        },
    )
    return bool(rows)


async def progress(session: WriteSession, community_id: str, import_id: UUID, done: int, rows: int) -> None:
    """Store how far the writing is."""
    await session.direct(
        "UPDATE hotline_import SET done = %(done)s, rows = %(rows)s"
        " WHERE community_id = %(community)s AND import_id = %(id)s",
        {"community": community_id, "id": import_id, "done": done, "rows": rows},
    )


async def remember(
    session: WriteSession,
    community_id: str,
    columns: Mapping[str, str],
    categories: Mapping[str, str],
    now: datetime,
) -> None:
    """Remember what an office's columns and kinds are."""
    await session.direct(
        "INSERT INTO hotline_columns AS h (community_id, columns, categories, at)"
        " VALUES (%(community)s, %(columns)s, %(categories)s, %(now)s)"
        " ON CONFLICT (community_id) DO UPDATE SET columns = excluded.columns,"
        " categories = h.categories || excluded.categories, at = excluded.at",
        {
            "community": community_id,
            "columns": Jsonb(dict(columns)),
            "categories": Jsonb(dict(categories)),
            "now": now,
        },
    )


async def remembered(session: ReadSession, community_id: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return what an office's columns and kinds were the last time."""
    rows = await session.direct(
        "SELECT columns, categories FROM hotline_columns WHERE community_id = %(community)s",
        {"community": community_id},
    )
    return (rows[0].columns, rows[0].categories) if rows else ({}, {})


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """What the hotline is told of an order."""

    order_number: str
    received_at: datetime
    due_at: datetime | None
    case_number: str
    category: str
    category_en: str
    place: str
    status: str
    result: str
    done_at: datetime | None
    closed_at: datetime | None
    photos: int


_ANSWERS: LiteralString = """
SELECT o.order_number, o.received_at, o.due_at,
       to_char(timezone(m.timezone, c.opened_at), 'YYYYMMDD') || '-'
           || lpad(c.number::text, greatest(5, length(c.number::text)), '0') AS case_number,
       g.name AS category, g.name_en AS category_en, coalesce(c.place->'building'->>'name', o.address) AS place, c.status,
       coalesce((SELECT e.reason FROM event e WHERE e.community_id = c.community_id AND e.case_id = c.case_id
                 AND e.verb IN ('done', 'reject', 'cancel') ORDER BY e.event_id DESC LIMIT 1), '') AS result,
       c.done_at, c.closed_at,
       (SELECT count(*) FROM photo p WHERE p.community_id = c.community_id AND p.case_id = c.case_id) AS photos,
       o.order_id
FROM hotline_order o
JOIN report r ON r.community_id = o.community_id AND r.report_id = o.report_id
JOIN "case" c ON c.community_id = r.community_id AND c.case_id = r.case_id
JOIN category g ON g.code = c.category
JOIN community m ON m.community_id = o.community_id
WHERE o.community_id = %(community)s AND o.order_number <> ''
AND (%(since)s::timestamptz IS NULL OR o.received_at >= %(since)s)
AND (%(before)s::timestamptz IS NULL OR o.received_at < %(before)s)
AND (NOT %(ended)s OR c.status IN ('closed', 'rejected', 'cancelled'))
AND (o.received_at, o.order_id) > (%(after)s::timestamptz, %(after_id)s::uuid)
ORDER BY o.received_at, o.order_id LIMIT %(limit)s
"""
PIECE = 2000
_FIRST = (datetime.fromisoformat("1900-01-01T00:00:00+00:00"), UUID(int=0))


async def answers(
    session: ReadSession,
    community_id: str,
    *,
    since: datetime | None = None,
    before: datetime | None = None,
    ended: bool = False,
) -> list[AnswerRow]:
    """Return what the hotline is told of its orders, by when they came in.

    Parameters
    ----------
    session, community_id
        Where.
    since, before
        Came in from, and until before; None: without limit.
    ended
        Only orders whose case has come to an end.
    """
    found: list[AnswerRow] = []
    after, after_id = _FIRST
    while True:
        rows = await session.direct(
            _ANSWERS,
            {
                "community": community_id,
                "since": since,
                "before": before,
                "ended": ended,
                "after": after,
                "after_id": after_id,
                "limit": PIECE,
            },
        )
        found += [AnswerRow(*row[:-1]) for row in rows]
        if len(rows) < PIECE:
            return found
        after, after_id = rows[-1].received_at, rows[-1].order_id
