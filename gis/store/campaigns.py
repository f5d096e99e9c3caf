"""Campaigns of visits: stored, changed, ended, and how far they have come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, LiteralString
from uuid import UUID

from psycopg.types.json import Jsonb

from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign with its figures."""

    campaign_id: UUID
    name: str
    purpose: str
    starts_on: date
    ends_on: date
    grid_codes: Sequence[str]
    questions: Sequence[Mapping[str, Any]]
    created_by: UUID
    created_at: datetime
    ended_at: datetime | None
    visits: int = 0
    not_home: int = 0
    findings: int = 0
    on_spot: int = 0
    transferred: int = 0
    unanswered: int = 0


# A problem has an answer when it was given one, or when its case is closed.
_READ: LiteralString = """
SELECT c.campaign_id, c.name, c.purpose, c.starts_on, c.ends_on, c.grid_codes, c.questions, c.created_by, c.created_at,
       c.ended_at, v.visits, v.not_home, f.findings, f.on_spot, f.transferred, f.unanswered
FROM campaign c
LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE v.outcome = 'done') AS visits, count(*) FILTER (WHERE v.outcome = 'not_home') AS not_home
    FROM visit v WHERE v.community_id = c.community_id AND v.campaign_id = c.campaign_id
    AND (%(grids)s::text[] IS NULL OR v.grid_code = ANY(%(grids)s))
    AND (%(cells)s::text[] IS NULL OR v.micro_grid_code = ANY(%(cells)s))) v ON true
LEFT JOIN LATERAL (
    SELECT count(*) AS findings, count(*) FILTER (WHERE f.state = 'on_spot') AS on_spot,
        count(*) FILTER (WHERE f.state = 'transferred') AS transferred,
        count(*) FILTER (WHERE f.answered_at IS NULL AND e.status IS DISTINCT FROM 'closed') AS unanswered
    FROM finding f LEFT JOIN "case" e ON e.community_id = f.community_id AND e.case_id = f.case_id
    WHERE f.community_id = c.community_id AND f.campaign_id = c.campaign_id
    AND (%(grids)s::text[] IS NULL OR f.grid_code = ANY(%(grids)s))
    AND (%(cells)s::text[] IS NULL OR f.micro_grid_code = ANY(%(cells)s))) f ON true
WHERE c.community_id = %(community)s AND (%(id)s::uuid IS NULL OR c.campaign_id = %(id)s)
ORDER BY c.starts_on DESC, c.campaign_id LIMIT %(limit)s
"""


async def get(session: ReadSession, community_id: str, campaign_id: UUID) -> CampaignRow | None:
    """Return a campaign, without figures."""
    rows = await session.direct(
        "SELECT campaign_id, name, purpose, starts_on, ends_on, grid_codes, questions, created_by, created_at, ended_at"
        " FROM campaign WHERE community_id = %(community)s AND campaign_id = %(id)s",
        {"community": community_id, "id": campaign_id},
    )
    return CampaignRow(*rows[0]) if rows else None


async def campaign_rows(  # noqa: PLR0917 - which ones, for whom
    session: ReadSession,
    community_id: str,
    grids: Sequence[str] | None,
    cells: Sequence[str] | None,
    campaign_id: UUID | None = None,
    limit: int = 100,
) -> list[CampaignRow]:
    """Return campaigns, the newest first, with the figures of some areas.

    Parameters
    ----------
    session, community_id
        Where.
    grids, cells
        Of these grids, or micro-grids, are the figures; None: of all.
    campaign_id, limit
        Only this one; at most so many.
    """
    rows = await session.direct(
        _READ,
        {
            "community": community_id,
            "grids": None if grids is None else list(grids),
            "cells": None if cells is None else list(cells),
            "id": campaign_id,
            "limit": limit,
        },
    )
    return [CampaignRow(*row) for row in rows]


async def put(session: WriteSession, community_id: str, row: CampaignRow) -> bool:
    """Store a campaign; False when its id is there already."""
    rows = await session.direct(
        """
        INSERT INTO campaign (community_id, campaign_id, name, purpose, starts_on, ends_on, grid_codes, questions,
            created_by, created_at)
        VALUES (%(community)s, %(id)s, %(name)s, %(purpose)s, %(starts)s, %(ends)s, %(grids)s, %(questions)s, %(by)s,
            %(at)s)
        ON CONFLICT DO NOTHING RETURNING campaign_id
        """,
        _values(community_id, row),
    )
    return bool(rows)


async def change(session: WriteSession, community_id: str, row: CampaignRow, now: datetime) -> bool:
    """Change a campaign that hasn't been ended."""
    rows = await session.direct(
        """
        UPDATE campaign SET name = %(name)s, purpose = %(purpose)s, starts_on = %(starts)s, ends_on = %(ends)s,
            grid_codes = %(grids)s, questions = %(questions)s, changed_at = %(now)s
        WHERE community_id = %(community)s AND campaign_id = %(id)s AND ended_at IS NULL RETURNING campaign_id
        """,
        _values(community_id, row) | {"now": now},
    )
    return bool(rows)


async def end(session: WriteSession, community_id: str, campaign_id: UUID, now: datetime) -> bool:
    """End a campaign; False when it has been ended, or isn't there."""
    rows = await session.direct(
        "UPDATE campaign SET ended_at = %(now)s WHERE community_id = %(community)s AND campaign_id = %(id)s"
        " AND ended_at IS NULL RETURNING campaign_id",
        {"community": community_id, "id": campaign_id, "now": now},
    )
    return bool(rows)


def _values(community_id: str, row: CampaignRow) -> dict[str, Any]:
    return {
        "community": community_id,
        "id": row.campaign_id,
        "name": row.name,
        "purpose": row.purpose,
        "starts": row.starts_on,
        "ends": row.ends_on,
        "grids": list(row.grid_codes),
        "questions": Jsonb([dict(one) for one in row.questions]),
        "by": row.created_by,
        "at": row.created_at,
    }
