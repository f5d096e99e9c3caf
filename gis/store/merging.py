"""Merging a case into another, and taking that back: all its reports move, nothing of them is lost."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from gis.store.linking import MOVE
from gis.store.session import ReadSession, WriteSession
from gis.words import CaseFacts


async def move_all(
    session: WriteSession,
    community_id: str,
    case_id: UUID,
    into: CaseFacts,
    *,
    actor_id: UUID,
    reason: str,
    now: datetime,
) -> list[UUID]:
    """Move all reports of a case, with their photos, into another; the caller holds both.

    Parameters
    ----------
    session, community_id
        Where.
    case_id, into
        From where to where.
    actor_id, reason, now
        For the event.

    Returns
    -------
    list of UUID
        The reports that were moved.
    """
    parameters: dict[str, Any] = {
        "community": community_id,
        "case": case_id,
        "to": into.case_id,
        "report": None,
    }
    moved = [row.report_id for row in await session.direct(MOVE, parameters)]
    await session.direct(  # what pointed to the emptied case now points to where its reports are
        """
        UPDATE "case" SET
            merged_into = CASE WHEN case_id = %(case)s OR merged_into = %(case)s THEN %(to)s ELSE merged_into END,
            recurrence_of = CASE WHEN recurrence_of = %(case)s AND case_id <> %(to)s THEN %(to)s
                                 WHEN case_id = %(to)s THEN nullif(coalesce(nullif(recurrence_of, %(case)s), (
                                     SELECT e.recurrence_of FROM "case" e WHERE e.community_id = %(community)s
                                     AND e.case_id = %(case)s)), %(to)s)
                                 ELSE recurrence_of END
        WHERE community_id = %(community)s AND (case_id IN (%(case)s, %(to)s) OR merged_into = %(case)s
                                                OR recurrence_of = %(case)s)
        """,
        parameters,
    )
    told = {"report_ids": [str(one) for one in moved], "from_case": str(case_id), "how": "merge"}
    await _tell(session, parameters, "link", into, told, actor_id=actor_id, reason=reason, now=now)
    return moved


async def merged_target(session: ReadSession, community_id: str, case_id: UUID) -> UUID | None:
    """Return the case that a case was merged into, or None."""
    rows = await session.direct(
        'SELECT merged_into FROM "case" WHERE community_id = %(community)s AND case_id = %(case)s',
        {"community": community_id, "case": case_id},
    )
    return rows[0].merged_into if rows else None


async def move_back(
    session: WriteSession,
    community_id: str,
    case_id: UUID,
    into: CaseFacts,
    *,
    actor_id: UUID,
    now: datetime,
) -> list[UUID]:
    """Move what a merge took from a case back into it, as far as it is still where it was taken; the caller holds both.

    Parameters
    ----------
    session, community_id
        Where.
    case_id, into
        The case that was emptied, and the one that has its reports.
    actor_id, now
        For the event.

    Returns
    -------
    list of UUID
        The reports that are back; none where all were moved on since.
    """
    key: dict[str, Any] = {"community": community_id, "case": case_id, "to": into.case_id}
    rows = await session.direct(
        """
        WITH merged AS (
            SELECT jsonb_array_elements_text(e.data -> 'report_ids')::uuid AS report_id FROM (
                SELECT data FROM event WHERE community_id = %(community)s AND case_id = %(to)s AND verb = 'link'
                AND data ->> 'from_case' = %(case)s::text ORDER BY event_id DESC LIMIT 1) e
        ), moved AS (
            UPDATE report SET case_id = %(case)s WHERE community_id = %(community)s AND case_id = %(to)s
            AND report_id IN (SELECT report_id FROM merged) RETURNING report_id
        ), carried AS (
            UPDATE photo SET case_id = %(case)s
            WHERE community_id = %(community)s AND report_id IN (SELECT report_id FROM moved)
        ), apart AS (
            UPDATE "case" SET merged_into = NULL WHERE community_id = %(community)s AND case_id = %(case)s
            AND EXISTS (SELECT FROM moved)
        )
        SELECT report_id FROM moved ORDER BY report_id
        """,
        key,
    )
    moved = [row.report_id for row in rows]
    told = {"report_ids": [str(one) for one in moved], "to_case": str(case_id)}
    await _tell(session, key, "unmerge", into, told, actor_id=actor_id, reason="", now=now)
    return moved


async def _tell(
    session: WriteSession,
    key: dict[str, Any],
    verb: str,
    into: CaseFacts,
    data: dict[str, Any],
    *,
    actor_id: UUID,
    reason: str,
    now: datetime,
) -> None:
    """Append what became of the reports to the case that has them, or had them."""
    await session.direct(
        """
        INSERT INTO event (community_id, case_id, at, actor_id, verb, from_status, to_status, reason, data)
        VALUES (%(community)s, %(to)s, %(now)s, %(actor)s, %(verb)s, %(status)s, %(status)s, %(reason)s, %(data)s)
        """,
        key
        | {"now": now, "actor": actor_id, "verb": verb, "status": into.status.value}
        | {"reason": reason, "data": Jsonb(data)},
    )
