"""The office's changes of itself: appended, read, never edited, and part of the audit log's chain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from gis.store.audit import chained
from gis.store.session import ReadSession, WriteSession

_APPEND = chained(
    "INSERT INTO change (community_id, change_id, at, person_id, subject, key, name, verb, data)"
    " VALUES (%(community)s, %(id)s, %(at)s, %(person)s, %(subject)s, %(key)s, %(name)s, %(verb)s, %(data)s)",
    "change",
    "change_id",
)


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change: who, when, of what, and each field as it was and as it is."""

    change_id: UUID
    at: datetime
    person_name: str | None
    subject: str
    key: str
    name: str
    verb: str
    data: Mapping[str, Any]


async def append(
    session: WriteSession,
    community_id: str,
    *,
    at: datetime,
    person_id: UUID | None,
    subject: str,
    key: str,
    name: str,
    verb: str,
    data: Mapping[str, Any],
) -> None:
    """Write down a change."""
    await session.direct(
        _APPEND,
        {
            "community": community_id,
            "id": uuid4(),
            "at": at,
            "person": person_id,
            "subject": subject,
            "key": key,
            "name": name,
            "verb": verb,
            "data": Jsonb(dict(data)),
        },
    )


async def change_rows(
    session: ReadSession,
    community_id: str,
    *,
    subject: str | None = None,
    key: str | None = None,
    limit: int = 50,
    after: tuple[datetime, UUID] | None = None,
) -> list[ChangeRow]:
    """Return changes, the newest first; ``after`` names the last one already seen."""
    at, last = after or (None, None)
    rows = await session.direct(
        """
        SELECT c.change_id, c.at, p.name AS person_name, c.subject, c.key, c.name, c.verb, c.data
        FROM change c LEFT JOIN person p ON p.community_id = c.community_id AND p.person_id = c.person_id
        WHERE c.community_id = %(community)s AND (%(subject)s::text IS NULL OR c.subject = %(subject)s)
        AND (%(key)s::text IS NULL OR c.key = %(key)s)
        AND (%(at)s::timestamptz IS NULL OR (c.at, c.change_id) < (%(at)s, %(last)s::uuid))
        ORDER BY c.at DESC, c.change_id DESC LIMIT %(limit)s
        """,
        {
            "community": community_id,
            "subject": subject,
            "key": key,
            "at": at,
            "last": last,
            "limit": limit,
        },
    )
    return [ChangeRow(*row) for row in rows]
