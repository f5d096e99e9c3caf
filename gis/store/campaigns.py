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
    name_en: str
    purpose: str
    purpose_en: str
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
SELECT c.campaign_id, c.name, c.name_en, c.purpose, c.purpose_en, c.starts_on, c.ends_on, c.grid_codes, c.questions,
       c.created_by, c.created_at, c.ended_at, v.visits, v.not_home, f.findings, f.on_spot, f.transferred, f.unanswered
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
        "SELECT campaign_id, name, name_en, purpose, purpose_en, starts_on, ends_on, grid_codes, questions, created_by,"
        " created_at, ended_at FROM campaign WHERE community_id = %(community)s AND campaign_id = %(id)s",
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
        INSERT INTO campaign (community_id, campaign_id, name, name_en, purpose, purpose_en, starts_on, ends_on, grid_codes,
            questions, created_by, created_at)
        VALUES (%(community)s, %(id)s, %(name)s, %(name_en)s, %(purpose)s, %(purpose_en)s, %(starts)s, %(ends)s, %(grids)s,
            %(questions)s, %(by)s, %(at)s)
        ON CONFLICT DO NOTHING RETURNING campaign_id
        """,
        _values(community_id, row),
    )
    return bool(rows)


async def change(session: WriteSession, community_id: str, row: CampaignRow, now: datetime) -> bool:
    """Change a campaign that hasn't been ended."""
    rows = await session.direct(
        """
        UPDATE campaign SET name = %(name)s, name_en = %(name_en)s, purpose = %(purpose)s, purpose_en = %(purpose_en)s,
            starts_on = %(starts)s, ends_on = %(ends)s, grid_codes = %(grids)s, questions = %(questions)s, changed_at = %(now)s
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
        "name_en": row.name_en,
        "purpose": row.purpose,
        "purpose_en": row.purpose_en,
        "starts": row.starts_on,
        "ends": row.ends_on,
        "grids": list(row.grid_codes),
        "questions": Jsonb([dict(one) for one in row.questions]),
        "by": row.created_by,
        "at": row.created_at,
    }


@dataclass(frozen=True, slots=True)
class GridProgress:
    """How far a campaign has come in one grid; nobody's name is in it."""

    code: str
    name: str
    name_en: str
    buildings: int
    visited_buildings: int
    visits: int
    not_home: int
    findings: int
    on_spot: int
    transferred: int
    unanswered: int


_PROGRESS: LiteralString = """
WITH cells AS (
    SELECT a.code, a.name, a.name_en, a.geom FROM area a
    JOIN community m ON m.community_id = a.community_id AND m.area_version = a.version
    WHERE a.community_id = %(community)s AND a.level = 'grid' AND (%(grids)s::text[] IS NULL OR a.code = ANY(%(grids)s))
), homes AS (
    SELECT g.code, count(*) AS n FROM building b JOIN cells g ON st_covers(g.geom, st_pointonsurface(b.geom))
    WHERE b.community_id = %(community)s AND b.flats > 0 GROUP BY g.code
), seen AS (
    SELECT v.grid_code, count(*) FILTER (WHERE v.outcome = 'done') AS visits,
           count(*) FILTER (WHERE v.outcome = 'not_home') AS not_home, count(DISTINCT v.building_id) AS buildings
    FROM visit v WHERE v.community_id = %(community)s AND v.campaign_id = %(id)s GROUP BY v.grid_code
), found AS (
    SELECT f.grid_code, count(*) AS n, count(*) FILTER (WHERE f.state = 'on_spot') AS on_spot,
           count(*) FILTER (WHERE f.state = 'transferred') AS transferred,
           count(*) FILTER (WHERE f.answered_at IS NULL AND e.status IS DISTINCT FROM 'closed') AS unanswered
    FROM finding f LEFT JOIN "case" e ON e.community_id = f.community_id AND e.case_id = f.case_id
    WHERE f.community_id = %(community)s AND f.campaign_id = %(id)s GROUP BY f.grid_code
)
SELECT g.code, g.name, g.name_en, coalesce(h.n, 0) AS buildings, coalesce(s.buildings, 0) AS visited_buildings,
       coalesce(s.visits, 0) AS visits, coalesce(s.not_home, 0) AS not_home, coalesce(f.n, 0) AS findings,
       coalesce(f.on_spot, 0) AS on_spot, coalesce(f.transferred, 0) AS transferred, coalesce(f.unanswered, 0) AS unanswered
FROM cells g LEFT JOIN homes h ON h.code = g.code LEFT JOIN seen s ON s.grid_code = g.code
LEFT JOIN found f ON f.grid_code = g.code ORDER BY g.code
"""


async def progress(
    session: ReadSession, community_id: str, campaign_id: UUID, grids: Sequence[str] | None
) -> list[GridProgress]:
    """Return how far a campaign has come, grid by grid in the order of their codes.

    Parameters
    ----------
    session, community_id, campaign_id
        Which campaign.
    grids
        Only these; None: all.
    """
    rows = await session.direct(
        _PROGRESS,
        {"community": community_id, "id": campaign_id, "grids": None if grids is None else list(grids)},
    )
    return [GridProgress(*row) for row in rows]


async def answers(
    session: ReadSession,
    community_id: str,
    campaign_id: UUID,
    keys: Sequence[str],
    grids: Sequence[str] | None,
) -> list[tuple[str, str, int]]:
    """Return how often each answer was given to some questions, the most frequent first; none of who gave it.

    Parameters
    ----------
    session, community_id, campaign_id, keys
        Of which questions: not those that are answered in words.
    grids
        Only these; None: all.
    """
    rows = await session.direct(
        """
        SELECT a.key, a.value, count(*) AS n FROM visit v, jsonb_each_text(v.answers) a
        WHERE v.community_id = %(community)s AND v.campaign_id = %(id)s AND a.key = ANY(%(keys)s::text[])
          AND (%(grids)s::text[] IS NULL OR v.grid_code = ANY(%(grids)s))
        GROUP BY a.key, a.value ORDER BY a.key, n DESC, a.value
        """,
        {
            "community": community_id,
            "id": campaign_id,
            "keys": list(keys),
            "grids": None if grids is None else list(grids),
        },
    )
    return [(row.key, row.value, row.n) for row in rows]
