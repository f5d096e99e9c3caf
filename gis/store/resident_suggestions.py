"""Suggestions of watchers: made once, decided once; what they say lies sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from gis.store.session import ReadSession, WriteSession
from gis.words import Scope


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What somebody proposes, and where it stands."""

    suggestion_id: UUID
    household_id: UUID
    resident_id: UUID | None
    made_by: UUID
    made_by_name: str
    made_at: datetime
    fields: Sequence[str]
    data: bytes | None
    status: str
    decided_by_name: str | None
    decided_at: datetime | None
    reason: str
    grid_code: str | None
    micro_grid_code: str | None


_ROWS: LiteralString = """
SELECT s.suggestion_id, s.household_id, s.resident_id, s.made_by, p.name AS made_by_name, s.made_at, s.fields, s.data,
       s.status, d.name AS decided_by_name, s.decided_at, s.reason, h.grid_code, h.micro_grid_code
FROM resident_suggestion s
JOIN household h ON h.community_id = s.community_id AND h.household_id = s.household_id
JOIN person p ON p.community_id = s.community_id AND p.person_id = s.made_by
LEFT JOIN person d ON d.community_id = s.community_id AND d.person_id = s.decided_by
WHERE s.community_id = %(community)s
"""


async def add(
    session: WriteSession,
    community_id: str,
    suggestion_id: UUID,
    *,
    household_id: UUID,
    resident_id: UUID | None,
    made_by: UUID,
    at: datetime,
    fields: Sequence[str],
    data: bytes,
) -> bool:
    """Store a suggestion; False when its id is there already."""
    rows = await session.direct(
        "INSERT INTO resident_suggestion (community_id, suggestion_id, household_id, resident_id, made_by, made_at,"
        " fields, data) VALUES (%(community)s, %(id)s, %(household)s, %(resident)s, %(by)s, %(at)s, %(fields)s,"
        " %(data)s) ON CONFLICT (community_id, suggestion_id) DO NOTHING RETURNING suggestion_id",
        {
            "community": community_id,
            "id": suggestion_id,
            "household": household_id,
            "resident": resident_id,
            "by": made_by,
            "at": at,
            "fields": list(fields),
            "data": data,
        },
    )
    return bool(rows)


async def suggestions(
    session: ReadSession,
    scope: Scope,
    *,
    status: str = "open",
    resident_id: UUID | None = None,
    made_by: UUID | None = None,
    limit: int = 100,
) -> list[Suggestion]:
    """Return suggestions on households of a scope, the oldest first; all that somebody has made, wherever, where they are named."""
    rows = await session.direct(
        _ROWS
        + """
          AND (%(by)s::uuid IS NOT NULL OR %(everything)s OR h.grid_code = ANY(%(grids)s::text[])
               OR h.micro_grid_code = ANY(%(cells)s::text[]))
          AND (%(status)s = '' OR s.status = %(status)s)
          AND (%(resident)s::uuid IS NULL OR s.resident_id = %(resident)s)
          AND (%(by)s::uuid IS NULL OR s.made_by = %(by)s)
        ORDER BY s.made_at, s.suggestion_id LIMIT %(limit)s
        """,
        {
            "community": scope.community_id,
            "everything": scope.everything,
            "grids": sorted(scope.grid_codes),
            "cells": sorted(scope.micro_grid_codes),
            "status": status,
            "resident": resident_id,
            "by": made_by,
            "limit": limit,
        },
    )
    return [Suggestion(*row) for row in rows]


async def open_ids(
    session: ReadSession, scope: Scope, before: datetime, after: UUID | None, limit: int
) -> list[UUID]:
    """Return suggestions of a scope that were open at a moment and still are, in the order of their ids."""
    rows = await session.direct(
        """
        SELECT s.suggestion_id FROM resident_suggestion s
        JOIN household h ON h.community_id = s.community_id AND h.household_id = s.household_id
        WHERE s.community_id = %(community)s AND s.status = 'open' AND s.made_at <= %(before)s
          AND (%(everything)s OR h.grid_code = ANY(%(grids)s::text[]) OR h.micro_grid_code = ANY(%(cells)s::text[]))
          AND (%(after)s::uuid IS NULL OR s.suggestion_id > %(after)s)
        ORDER BY s.suggestion_id LIMIT %(limit)s
        """,
        {
            "community": scope.community_id,
            "everything": scope.everything,
            "grids": sorted(scope.grid_codes),
            "cells": sorted(scope.micro_grid_codes),
            "before": before,
            "after": after,
            "limit": limit,
        },
    )
    return [row.suggestion_id for row in rows]


async def count_open(session: ReadSession, scope: Scope) -> int:
    """Return how many suggestions of a scope wait to be decided."""
    rows = await session.direct(
        "SELECT count(*) AS n FROM resident_suggestion s"
        " JOIN household h ON h.community_id = s.community_id AND h.household_id = s.household_id"
        " WHERE s.community_id = %(community)s AND s.status = 'open'"
        " AND (%(everything)s OR h.grid_code = ANY(%(grids)s::text[]) OR h.micro_grid_code = ANY(%(cells)s::text[]))",
        {
            "community": scope.community_id,
            "everything": scope.everything,
            "grids": sorted(scope.grid_codes),
            "cells": sorted(scope.micro_grid_codes),
        },
    )
    return int(rows[0].n)


async def held(session: WriteSession, community_id: str, ids: Sequence[UUID]) -> list[Suggestion]:
    """Return suggestions, held until the transaction ends, in the order of their ids."""
    rows = await session.direct(
        _ROWS + " AND s.suggestion_id = ANY(%(ids)s::uuid[]) ORDER BY s.suggestion_id FOR NO KEY UPDATE OF s",
        {"community": community_id, "ids": list(ids)},
    )
    return [Suggestion(*row) for row in rows]


async def decide(
    session: WriteSession,
    community_id: str,
    ids: Sequence[UUID],
    status: str,
    *,
    by: UUID,
    at: datetime,
    reason: str,
) -> list[UUID]:
    """Decide on suggestions that are still open; return which were."""
    rows = await session.direct(
        "UPDATE resident_suggestion SET status = %(status)s, decided_by = %(by)s, decided_at = %(at)s,"
        " reason = %(reason)s WHERE community_id = %(community)s AND suggestion_id = ANY(%(ids)s::uuid[])"
        " AND status = 'open' RETURNING suggestion_id",
        {
            "community": community_id,
            "ids": list(ids),
            "status": status,
            "by": by,
            "at": at,
            "reason": reason,
        },
    )
    return [row.suggestion_id for row in rows]
