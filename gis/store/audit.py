"""The audit log: entries of its own, and the chain over all of them.

An entry of any source is appended with a row that waits: ``waiting_sql``. So nothing that is looked at waits for a lock on
the end of the chain; a job chains what waits within a minute, in one order that the head decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from gis.audit import Link
from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class Head:
    """Where a community's chain ends."""

    community_id: str
    seq: int
    hash: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry that waits to be chained."""

    waiting_id: int
    source: str
    key: str


def chained(insert: LiteralString, source: LiteralString, key: LiteralString) -> LiteralString:
    """Return a statement that appends entries and lets each wait to be chained.

    Parameters
    ----------
    insert
        An INSERT without RETURNING.
    source, key
        A key of ``gis.store.audit_sources.SOURCES`` and the column that names an entry.
    """
    return (
        f"WITH written AS ({insert} RETURNING community_id, {key} AS key)"  # noqa: S608 - of constants
        f" INSERT INTO audit_waiting (community_id, source, key)"
        f" SELECT community_id, '{source}', key::text FROM written RETURNING key"
    )


_NOTE = chained(
    "INSERT INTO audit_note (community_id, note_id, at, person_id, kind, subject_id, data)"
    " VALUES (%(community)s, %(id)s, %(at)s, %(person)s, %(kind)s, %(subject)s, %(data)s) ON CONFLICT DO NOTHING",
    "note",
    "note_id",
)


async def note(
    session: WriteSession,
    community_id: str,
    kind: str,
    *,
    at: datetime,
    person_id: UUID | None,
    subject_id: str = "",
    data: Mapping[str, Any] | None = None,
    note_id: UUID | None = None,
) -> bool:
    """Write down what no other table does; False where a note of this id is there already.

    Parameters
    ----------
    session, community_id, kind
        What happened: a key of ``web.audit_words.NOTE_NAMES``.
    at, person_id
        When, and who did it; nobody: the service itself, or the operator.
    subject_id, data
        Of which thing, and what is to be known of it; never a secret.
    note_id
        Where only one such note may be.
    """
    rows = await session.direct(
        _NOTE,
        {
            "community": community_id,
            "id": note_id or uuid4(),
            "at": at,
            "person": person_id,
            "kind": kind,
            "subject": subject_id,
            "data": Jsonb(dict(data or {})),
        },
    )
    return bool(rows)


async def note_each(
    session: WriteSession, community_id: str, kind: str, subjects: Sequence[str], *, at: datetime
) -> None:
    """Write down one and the same of several things, by one statement."""
    if subjects:
        await session.direct(
            chained(
                "INSERT INTO audit_note (community_id, note_id, at, kind, subject_id)"
                " SELECT %(community)s, gen_random_uuid(), %(at)s, %(kind)s, s FROM unnest(%(subjects)s::text[]) AS s",
                "note",
                "note_id",
            ),
            {"community": community_id, "at": at, "kind": kind, "subjects": list(subjects)},
        )


async def head(session: ReadSession, community_id: str) -> Head | None:
    """Return where a community's chain ends; None where nothing was chained yet."""
    rows = await session.direct(
        "SELECT community_id, seq, hash, at FROM audit_head WHERE community_id = %(community)s",
        {"community": community_id},
    )
    return Head(rows[0].community_id, rows[0].seq, bytes(rows[0].hash), rows[0].at) if rows else None


async def heads(session: ReadSession) -> list[Head]:
    """Return where all chains end."""
    rows = await session.direct(
        "SELECT community_id, seq, hash, at FROM audit_head ORDER BY community_id", {}
    )
    return [Head(row.community_id, row.seq, bytes(row.hash), row.at) for row in rows]


async def communities_waiting(session: ReadSession) -> list[str]:
    """Return the communities in which something waits to be chained."""
    rows = await session.direct(
        "SELECT c.community_id FROM community c WHERE EXISTS (SELECT FROM audit_waiting w"
        " WHERE w.community_id = c.community_id) ORDER BY c.community_id",
        {},
    )
    return [row.community_id for row in rows]


async def waiting(session: ReadSession, community_id: str, *, limit: int | None = None) -> list[Waiting]:
    """Return what waits to be chained, in the order in which it was written."""
    rows = await session.direct(
        "SELECT waiting_id, source, key FROM audit_waiting WHERE community_id = %(community)s"
        " ORDER BY waiting_id LIMIT %(limit)s",
        {"community": community_id, "limit": limit},
    )
    return [Waiting(*row) for row in rows]


async def move_head(
    session: WriteSession, community_id: str, *, before: int, link: Link, at: datetime
) -> bool:
    """Move a chain's end on from where it was read; False when somebody else has meanwhile."""
    values = {"community": community_id, "before": before, "seq": link.seq, "hash": link.hash, "at": at}
    if before == 0:
        rows = await session.direct(
            "INSERT INTO audit_head (community_id, seq, hash, at) VALUES (%(community)s, %(seq)s, %(hash)s, %(at)s)"
            " ON CONFLICT DO NOTHING RETURNING seq",
            values,
        )
    else:
        rows = await session.direct(
            "UPDATE audit_head SET seq = %(seq)s, hash = %(hash)s, at = %(at)s"
            " WHERE community_id = %(community)s AND seq = %(before)s RETURNING seq",
            values,
        )
    return bool(rows)


async def append(
    session: WriteSession, community_id: str, links: Sequence[Link], waiting_ids: Sequence[int]
) -> None:
    """Append links, and take away what waited for them."""
    await session.direct(
        """
        WITH done AS (
            DELETE FROM audit_waiting WHERE community_id = %(community)s AND waiting_id = ANY(%(waiting)s::bigint[])
        )
        INSERT INTO audit_link (community_id, seq, source, key, at, linked_at, told, digest, hash)
        SELECT %(community)s, seq, source, key, timestamptz 'epoch' + at_us * interval '1 microsecond',
               timestamptz 'epoch' + linked_us * interval '1 microsecond', told, digest, hash
        FROM unnest(%(seq)s::bigint[], %(source)s::text[], %(key)s::text[], %(at)s::bigint[], %(linked)s::bigint[],
                    %(told)s::bytea[], %(digest)s::bytea[], %(hash)s::bytea[])
             AS l (seq, source, key, at_us, linked_us, told, digest, hash) RETURNING seq
        """,
        {
            "community": community_id,
            "waiting": list(waiting_ids),
            "seq": [one.seq for one in links],
            "source": [one.source for one in links],
            "key": [one.key for one in links],
            "at": [one.at_us for one in links],
            "linked": [one.linked_us for one in links],
            "told": [one.told for one in links],
            "digest": [one.digest for one in links],
            "hash": [one.hash for one in links],
        },
    )


async def links(session: ReadSession, community_id: str, *, after: int, limit: int) -> list[Link]:
    """Return the links behind a number, in order."""
    rows = await session.direct(
        "SELECT seq, source, key, (extract(epoch from at) * 1000000)::bigint AS at_us,"
        " (extract(epoch from linked_at) * 1000000)::bigint AS linked_us, told, digest, hash FROM audit_link"
        " WHERE community_id = %(community)s AND seq > %(after)s ORDER BY seq LIMIT %(limit)s",
        {"community": community_id, "after": after, "limit": limit},
    )
    return [Link(*row) for row in rows]


async def steady(session: ReadSession) -> None:
    """Let all that follows in this transaction see one state of the database; the first thing asked of it."""
    await session.direct("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", {})
