"""The record of who looked at what; appended only, and part of the audit log's chain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from gis.store.audit import chained
from gis.store.session import ReadSession, WriteSession

_APPEND = chained(
    "INSERT INTO access (community_id, at, person_id, kind, subject_id, why)"
    " SELECT %(community)s, %(at)s, %(person)s, %(kind)s, s, %(why)s FROM unnest(%(subjects)s::text[]) AS s",
    "access",
    "access_id",
)

_OTHERWISE: LiteralString = """
    AND (%(person)s::uuid IS NULL OR a.person_id = %(person)s)
    AND (%(before)s::bigint IS NULL OR a.access_id < %(before)s)
"""
# the newest of each kind are the newest of all: of what is seldom looked at too, nobody walks over everything else
_NEWEST: LiteralString = f"""
    SELECT a.* FROM unnest(%(kinds)s::text[]) AS k (kind) CROSS JOIN LATERAL (
        SELECT * FROM access a WHERE a.community_id = %(community)s AND a.kind = k.kind
        AND %(subjects)s::text[] IS NULL {_OTHERWISE} ORDER BY a.access_id DESC LIMIT %(limit)s) AS a
"""  # noqa: S608 - only constants are joined
# looks at certain things are few: found first, put in order afterwards
_OF_SUBJECTS: LiteralString = f"""
    SELECT * FROM access a WHERE a.community_id = %(community)s AND a.kind = ANY(%(kinds)s::text[])
    AND a.subject_id = ANY(%(subjects)s::text[]) {_OTHERWISE} OFFSET 0
"""  # noqa: S608 - likewise


@dataclass(frozen=True, slots=True)
class Look:
    """One look: who, when, at what, and why where that was asked."""

    access_id: int
    at: datetime
    person_id: UUID
    name: str | None
    role: str | None
    kind: str
    subject_id: str
    why: str


async def log_access(
    session: WriteSession,
    community_id: str,
    *,
    at: datetime,
    person_id: UUID,
    kind: str,
    subject_id: str,
    why: str = "",
) -> None:
    """Append one look."""
    await log_looks(
        session, community_id, at=at, person_id=person_id, kind=kind, subject_ids=[subject_id], why=why
    )


async def log_looks(
    session: WriteSession,
    community_id: str,
    *,
    at: datetime,
    person_id: UUID,
    kind: str,
    subject_ids: Sequence[str],
    why: str = "",
) -> None:
    """Append a look at each of several things, by one statement."""
    await session.direct(
        _APPEND,
        {
            "community": community_id,
            "at": at,
            "person": person_id,
            "kind": kind,
            "subjects": list(subject_ids),
            "why": why,
        },
    )


async def looks(
    session: ReadSession,
    community_id: str,
    kinds: Sequence[str],
    *,
    subject_ids: Sequence[str] | None = None,
    person_id: UUID | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Look]:
    """Return who looked, the latest first.

    Parameters
    ----------
    session, community_id, kinds
        Where, at what kind of thing.
    subject_ids, person_id
        Only at these; only by this person.
    before, limit
        Only earlier ones than this, and how many at most.
    """
    rows = await session.direct(
        f"""
        SELECT a.access_id, a.at, a.person_id, p.name, p.role, a.kind, a.subject_id, a.why
        FROM ({_NEWEST if subject_ids is None else _OF_SUBJECTS}) AS a
        LEFT JOIN person p ON p.community_id = %(community)s AND p.person_id = a.person_id
        ORDER BY a.access_id DESC LIMIT %(limit)s
        """,  # noqa: S608 - only constants are joined
        {
            "community": community_id,
            "kinds": list(kinds),
            "subjects": None if subject_ids is None else list(subject_ids),
            "person": person_id,
            "before": before,
            "limit": limit,
        },
    )
    return [Look(*row) for row in rows]
