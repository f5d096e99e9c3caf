"""The audit log as it is read: entries of all its tables in one list, the latest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from gis.store.session import ReadSession


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry.

    Parameters
    ----------
    source, key
        Of which table, and which row.
    person_id, person_name, role
        Who did it; nobody: the service itself, or the operator.
    kind, subject_id
        What, and of which thing.
    words
        The reason of a look, the name of what was changed.
    data
        What else is known.
    seq
        Its number in the chain; none: it waits.
    """

    source: str
    key: str
    at: datetime
    person_id: UUID | None
    person_name: str | None
    role: str | None
    kind: str
    subject_id: str
    words: str
    data: Mapping[str, Any]
    seq: int | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: whose, of which source and kind, from when until when, about which thing."""

    person_id: UUID | None = None
    source: str | None = None
    kind: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    subject_id: str | None = None


def _part(
    source: LiteralString, columns: LiteralString, table: LiteralString, own: Mapping[str, LiteralString]
) -> LiteralString:
    key, person, kind, subject = own["key"], own["person"], own["kind"], own["subject"]
    return (
        f"(SELECT '{source}' AS source, t.{key}::text AS key, t.at, t.{person} AS person_id, {kind} AS kind,"  # noqa: S608
        f" {subject} AS subject_id, {columns} FROM {table} t WHERE t.community_id = %(community)s"
        f" AND (%(source)s::text IS NULL OR %(source)s = '{source}')"
        f" AND (%(person)s::uuid IS NULL OR t.{person} = %(person)s)"
        f" AND (%(kind)s::text IS NULL OR {kind} = %(kind)s)"
        f" AND (%(subject)s::text IS NULL OR {subject} = %(subject)s)"
        f" AND (%(since)s::timestamptz IS NULL OR t.at >= %(since)s)"
        f" AND (%(until)s::timestamptz IS NULL OR t.at < %(until)s)"
        f" AND (%(at)s::timestamptz IS NULL OR (t.at, '{source}/' || t.{key}::text) < (%(at)s, %(last)s))"
        f" ORDER BY t.at DESC, t.{key}::text DESC LIMIT %(limit)s)"
    )


_ENTRIES: LiteralString = (
    "SELECT e.source, e.key, e.at, e.person_id, p.name, p.role, e.kind, e.subject_id, e.words, e.data, l.seq FROM ("  # noqa: S608
    + _part(
        "access", "t.why AS words, '{}'::jsonb AS data", "access",
        {"key": "access_id", "person": "person_id", "kind": "t.kind", "subject": "t.subject_id"},
    )
    + " UNION ALL "
    + _part(
        "change", "t.name AS words, t.data", "change",
        {"key": "change_id", "person": "person_id", "kind": "t.subject || '.' || t.verb", "subject": "t.key"},
    )
    + " UNION ALL "
    + _part(
        "erasure", "t.reason AS words, t.erased AS data", "erasure",
        {"key": "erasure_id", "person": "actor_id", "kind": "t.kind", "subject": "t.subject_id::text"},
    )
    + " UNION ALL "
    + _part(
        "note", "'' AS words, t.data", "audit_note",
        {"key": "note_id", "person": "person_id", "kind": "t.kind", "subject": "t.subject_id"},
    )
    + ") AS e LEFT JOIN person p ON p.community_id = %(community)s AND p.person_id = e.person_id"
    " LEFT JOIN audit_link l ON l.community_id = %(community)s AND l.source = e.source AND l.key = e.key"
    " ORDER BY e.at DESC, e.source || '/' || e.key DESC LIMIT %(limit)s"
)  # fmt: skip


async def entries(
    session: ReadSession,
    community_id: str,
    wanted: Wanted,
    *,
    after: tuple[datetime, str] | None = None,
    limit: int = 50,
) -> list[Entry]:
    """Return entries, the latest first; ``after`` is moment and ``source/key`` of the last one already seen."""
    at, last = after or (None, None)
    rows = await session.direct(
        _ENTRIES,
        {
            "community": community_id,
            "source": wanted.source,
            "person": wanted.person_id,
            "kind": wanted.kind,
            "subject": wanted.subject_id,
            "since": wanted.since,
            "until": wanted.until,
            "at": at,
            "last": last,
            "limit": limit,
        },
    )
    return [Entry(*row) for row in rows]
