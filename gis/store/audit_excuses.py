"""What the audit log itself says may be missing from it: words that were erased, entries whose time was over."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from gis.store import audit
from gis.store.session import ReadSession, WriteSession

WORDS_ERASED, RETENTION = "words_erased", "retention"
_LOOKS: LiteralString = (
    "UPDATE access SET why = '', salt = NULL WHERE community_id = %(community)s AND position(%(word)s in why) > 0"
    " RETURNING 'access/' || access_id AS entry"
)
_CHANGES: LiteralString = (
    "UPDATE change SET name = '', data = '{}', salt = NULL WHERE community_id = %(community)s"
    " AND (position(%(word)s in name) > 0 OR position(%(escaped)s in data::text) > 0)"
    " RETURNING 'change/' || change_id AS entry"
)
_NOTES: LiteralString = (
    "UPDATE audit_note SET data = '{}', salt = NULL WHERE community_id = %(community)s AND kind <> 'retention'"
    " AND position(%(escaped)s in data::text) > 0 RETURNING 'note/' || note_id AS entry"
)
_MENTIONS = (_LOOKS, _CHANGES, _NOTES)
LOG = ("access", "note")
"""Sources whose entries are removed when their time is over."""


@dataclass(frozen=True, slots=True)
class Removal:
    """A run that removed entries of a source that were older than a moment."""

    at: datetime
    source: str
    before_us: int


async def removals(session: ReadSession, community_id: str) -> list[Removal]:
    """Return the runs that removed entries of the log."""
    rows = await session.direct(
        "SELECT at, l.source, l.before_us::bigint AS before_us FROM audit_note n"
        " CROSS JOIN LATERAL jsonb_each_text(CASE WHEN jsonb_typeof(n.data->'log') = 'object' THEN n.data->'log'"
        " ELSE '{}' END) AS l (source, before_us)"
        " WHERE n.community_id = %(community)s AND n.kind = 'retention' AND l.before_us ~ '^[0-9]{1,17}$'",
        {"community": community_id},
    )
    return [Removal(*row) for row in rows]


async def erased_words(session: ReadSession, community_id: str) -> frozenset[tuple[str, str]]:
    """Return source and key of entries whose words were erased with a person."""
    rows = await session.direct(
        "SELECT subject_id FROM audit_note WHERE community_id = %(community)s AND kind = 'words_erased'",
        {"community": community_id},
    )
    pairs = (row.subject_id.partition("/") for row in rows)
    return frozenset((source, key) for source, _, key in pairs)


async def erase_words(session: WriteSession, community_id: str, ids: list[str], *, at: datetime) -> int:
    """Empty the words of all entries about some things, and write down of which; return how many.

    Parameters
    ----------
    session, community_id, at
        Of the transaction that erases.
    ids
        What the things are called in the log: identifiers of people, residents ...
    """
    values = {"community": community_id, "ids": ids}
    looks = await session.direct(
        "UPDATE access SET why = '', salt = NULL WHERE community_id = %(community)s AND why <> ''"
        " AND subject_id = ANY(%(ids)s::text[]) RETURNING 'access/' || access_id AS entry",
        values,
    )
    changed = await session.direct(
        "UPDATE change SET name = '', data = '{}', salt = NULL WHERE community_id = %(community)s"
        " AND key = ANY(%(ids)s::text[]) AND salt IS NOT NULL RETURNING 'change/' || change_id AS entry",
        values,
    )
    entries = [row.entry for row in (*looks, *changed)]
    await audit.note_each(session, community_id, WORDS_ERASED, entries, at=at)
    return len(entries)


async def erase_mentions(session: WriteSession, community_id: str, words: list[str], *, at: datetime) -> int:
    """Empty the words of all entries in which a name or number stands, and write down of which; return how many."""
    entries: list[str] = []
    for word in (one for one in words if one):
        escaped = json.dumps(word, ensure_ascii=False)[1:-1]
        values = {"community": community_id, "word": word, "escaped": escaped}
        for query in _MENTIONS:
            entries += [row.entry for row in await session.direct(query, values)]
    await audit.note_each(session, community_id, WORDS_ERASED, entries, at=at)
    return len(entries)


async def count_old(session: ReadSession, community_id: str, before: datetime) -> int:
    """Return how many looks and sign-ins of before a moment there are."""
    rows = await session.direct(
        "SELECT (SELECT count(*) FROM access WHERE community_id = %(community)s AND at < %(before)s)"
        " + (SELECT count(*) FROM audit_note WHERE community_id = %(community)s AND at < %(before)s"
        " AND kind IN ('signed_in', 'signed_out', 'sign_in_failed')) AS n",
        {"community": community_id, "before": before},
    )
    return int(rows[0].n)


async def remove_old(
    session: WriteSession, community_id: str, source: str, before: datetime, *, limit: int
) -> int:
    """Remove looks, or notes of sign-ins, of before a moment; so many at most. The chain keeps their hashes.

    Parameters
    ----------
    session, community_id, source, before, limit
        ``access`` or ``note``; what isn't chained yet stays.
    """
    if source == "access":
        rows = await session.direct(
            """
            DELETE FROM access WHERE community_id = %(community)s AND access_id IN (
                SELECT a.access_id FROM access a JOIN audit_link l ON l.community_id = a.community_id
                    AND l.source = 'access' AND l.key = a.access_id::text
                WHERE a.community_id = %(community)s AND a.at < %(before)s ORDER BY a.at LIMIT %(limit)s)
            RETURNING access_id
            """,
            {"community": community_id, "before": before, "limit": limit},
        )
    else:
        rows = await session.direct(
            """
            DELETE FROM audit_note WHERE community_id = %(community)s AND note_id IN (
                SELECT n.note_id FROM audit_note n JOIN audit_link l ON l.community_id = n.community_id
                    AND l.source = 'note' AND l.key = n.note_id::text
                WHERE n.community_id = %(community)s AND n.at < %(before)s
                AND n.kind IN ('signed_in', 'signed_out', 'sign_in_failed') ORDER BY n.at LIMIT %(limit)s)
            RETURNING note_id
            """,
            {"community": community_id, "before": before, "limit": limit},
        )
    return len(rows)
