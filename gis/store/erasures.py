"""Erasing what is kept of people, and the proof of it, which holds nothing of what was erased."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from gis.store.audit import chained
from gis.store.session import ReadSession, WriteSession

_PROVE = chained(
    "INSERT INTO erasure (community_id, erasure_id, kind, subject_id, at, actor_id, reason, erased, kept)"
    " VALUES (%(community)s, %(id)s, %(kind)s, %(subject)s, %(at)s, %(actor)s, %(reason)s, %(erased)s, %(kept)s)",
    "erasure",
    "erasure_id",
)


@dataclass(frozen=True, slots=True)
class Erasure:
    """A proof: what kind of thing, which, when, by whom or by rule, how much of what, and what stayed."""

    erasure_id: UUID
    kind: str
    subject_id: UUID
    at: datetime
    actor: str | None
    reason: str
    erased: Mapping[str, Any]
    kept: Mapping[str, Any]


async def prove(
    session: WriteSession,
    community_id: str,
    kind: str,
    subject_id: UUID,
    *,
    at: datetime,
    actor_id: UUID | None,
    reason: str,
    erased: Mapping[str, Any],
    kept: Mapping[str, Any],
) -> UUID:
    """Store a proof in the transaction that erases, and return its id."""
    erasure_id = uuid4()
    await session.direct(
        _PROVE,
        {
            "community": community_id,
            "id": erasure_id,
            "kind": kind,
            "subject": subject_id,
            "at": at,
            "actor": actor_id,
            "reason": reason,
            "erased": Jsonb(dict(erased)),
            "kept": Jsonb(dict(kept)),
        },
    )
    return erasure_id


async def erasures(
    session: ReadSession,
    community_id: str,
    *,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Erasure]:
    """Return proofs, the latest first; ``before`` names the last one already seen."""
    at, last = before or (None, None)
    rows = await session.direct(
        """
        SELECT e.erasure_id, e.kind, e.subject_id, e.at, p.name AS actor, e.reason, e.erased, e.kept
        FROM erasure e LEFT JOIN person p ON p.community_id = e.community_id AND p.person_id = e.actor_id
        WHERE e.community_id = %(community)s
          AND (%(at)s::timestamptz IS NULL OR (e.at, e.erasure_id) < (%(at)s, %(last)s::uuid))
        ORDER BY e.at DESC, e.erasure_id DESC LIMIT %(limit)s
        """,
        {"community": community_id, "at": at, "last": last, "limit": limit},
    )
    return [Erasure(*row) for row in rows]


async def erase_resident(
    session: WriteSession, community_id: str, resident_id: UUID, now: datetime
) -> dict[str, int] | None:
    """Empty a resident's record, old values and suggestions; return how many of each, None where there is none.

    The row, who looked at it and when, that there was consent, and the times of changes stay: they hold nothing of the
    person, and show that they were treated as they should be.
    """
    key = {"community": community_id, "resident": resident_id, "now": now}
    rows = await session.direct(
        "UPDATE resident SET name = NULL, identity = NULL, contacts = NULL, phone_mark = NULL, id_mark = NULL,"
        " birth_year = NULL, flags = '{}', account_id = NULL, household_id = NULL, relation = 'other', source = '',"
        " erased_at = %(now)s, changed_at = %(now)s, revision = revision + 1"
        " WHERE community_id = %(community)s AND resident_id = %(resident)s AND erased_at IS NULL RETURNING 1",
        key,
    )
    if not rows:
        return None
    changes = await session.direct(
        "UPDATE resident_change SET data = NULL WHERE community_id = %(community)s AND resident_id = %(resident)s"
        " AND data IS NOT NULL RETURNING 1",
        key,
    )
    proposals = await session.direct(
        "UPDATE resident_suggestion SET data = NULL WHERE community_id = %(community)s AND data IS NOT NULL"
        " AND (resident_id = %(resident)s OR suggestion_id IN (SELECT c.suggestion_id FROM resident_change c"
        " WHERE c.community_id = %(community)s AND c.resident_id = %(resident)s)) RETURNING 1",
        key,
    )
    return {"record": 1, "old_values": len(changes), "suggestions": len(proposals)}


async def what_stays(session: ReadSession, community_id: str, resident_id: UUID) -> dict[str, int]:
    """Return how much stays of a resident that was erased: consents, looks, and times of changes."""
    rows = await session.direct(
        """
        SELECT (SELECT count(*) FROM resident_consent c WHERE c.community_id = %(community)s
                AND c.resident_id = %(resident)s) AS consents,
               (SELECT count(*) FROM access a WHERE a.community_id = %(community)s
                AND a.kind IN ('resident_listed', 'resident', 'resident_number', 'resident_call', 'resident_export',
                               'resident_file')
                AND a.subject_id = %(resident)s::uuid::text) AS looks,
               (SELECT count(*) FROM resident_change c WHERE c.community_id = %(community)s
                AND c.resident_id = %(resident)s) AS changes
        """,
        {"community": community_id, "resident": resident_id},
    )
    return {"consents": rows[0].consents, "looks": rows[0].looks, "changes": rows[0].changes}


@dataclass(frozen=True, slots=True)
class Due:
    """A resident whose record is to be erased by rule."""

    community_id: str
    resident_id: UUID
    moved_out_on: date


async def due(
    session: ReadSession, before: date, *, community_id: str | None = None, limit: int = 500
) -> list[Due]:
    """Return who moved away before a day and isn't erased yet, who left first, first.

    Of one community, or of all that have no period of their own.
    """
    rows = await session.direct(
        "SELECT community_id, resident_id, moved_out_on FROM resident"
        " WHERE moved_out_on IS NOT NULL AND erased_at IS NULL AND moved_out_on < %(before)s"
        " AND (community_id = %(community)s OR %(community)s::text IS NULL AND NOT EXISTS"
        " (SELECT FROM retention_rule k WHERE k.community_id = resident.community_id AND k.purpose = 'residents'))"
        " ORDER BY moved_out_on, community_id, resident_id LIMIT %(limit)s",
        {"before": before, "community": community_id, "limit": limit},
    )
    return [Due(*row) for row in rows]
