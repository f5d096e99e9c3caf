"""What the first page shows of a community: grids as they stand, weeks, streets, and what is still to be set up."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from gis.store.session import ReadSession


@dataclass(frozen=True, slots=True)
class GridState:
    """A grid as its worker sees it in the morning."""

    code: str
    name: str
    name_en: str
    open: int
    late: int
    unwatched: int
    """Micro-grids of it without a watcher."""


@dataclass(frozen=True, slots=True)
class Week:
    """Cases of seven days."""

    begins: date
    opened: int
    closed: int


@dataclass(frozen=True, slots=True)
class Busy:
    """A street, and how many cases it had."""

    name: str
    cases: int


@dataclass(frozen=True, slots=True)
class SetUp:
    """What a community has, as figures: what is missing is still to be set up."""

    micro_grids: int
    unwatched: int
    grids: int
    unworked: int
    agencies: int
    agencies_alone: int
    """Agencies without anybody who signs in for them."""
    responders: int
    desks: int
    robots: int
    robots_failed: int
    jobs_failed: int
    demo: bool
    branded: bool


async def grid_states(
    session: ReadSession, community_id: str, codes: Collection[str], now: datetime
) -> list[GridState]:
    """Return the grids of these codes as they stand, by code."""
    rows = await session.direct(
        """
        SELECT g.code, g.name, g.name_en,
               (SELECT count(*) FROM "case" c WHERE c.community_id = g.community_id AND c.grid_code = g.code
                AND c.status NOT IN ('closed', 'rejected', 'cancelled', 'done')) AS open,
               (SELECT count(*) FROM "case" c WHERE c.community_id = g.community_id AND c.grid_code = g.code
                AND c.status NOT IN ('closed', 'rejected', 'cancelled', 'done') AND c.resolve_due_at < %(now)s) AS late,
               (SELECT count(*) FROM area m WHERE m.community_id = g.community_id AND m.version = g.version
                AND m.level = 'micro_grid' AND m.parent_code = g.code AND NOT EXISTS (
                    SELECT 1 FROM person_area a JOIN person p
                    ON p.community_id = a.community_id AND p.person_id = a.person_id AND p.active
                    WHERE a.community_id = m.community_id AND a.level = 'micro_grid' AND a.code = m.code)) AS unwatched
        FROM area g JOIN community k ON k.community_id = g.community_id AND k.area_version = g.version
        WHERE g.community_id = %(community)s AND g.level = 'grid' AND g.code = ANY(%(codes)s) ORDER BY g.code
        """,
        {"community": community_id, "codes": list(codes), "now": now},
    )
    return [GridState(*row) for row in rows]


async def weeks(session: ReadSession, community_id: str, now: datetime, *, count: int) -> list[Week]:
    """Return the last weeks, the oldest first; each ends at the same hour of the same weekday as now."""
    rows = await session.direct(
        """
        SELECT (w.begins AT TIME ZONE k.timezone)::date AS begins,
               (SELECT count(*) FROM "case" c WHERE c.community_id = k.community_id
                AND c.opened_at > w.begins AND c.opened_at <= w.begins + interval '7 days') AS opened,
               (SELECT count(*) FROM "case" c WHERE c.community_id = k.community_id
                AND c.closed_at > w.begins AND c.closed_at <= w.begins + interval '7 days') AS closed
        FROM community k, generate_series(1, %(count)s) AS n,
             LATERAL (SELECT %(now)s::timestamptz - n * interval '7 days' AS begins) w
        WHERE k.community_id = %(community)s ORDER BY w.begins
        """,
        {"community": community_id, "now": now, "count": count},
    )
    return [Week(*row) for row in rows]


async def busy_streets(session: ReadSession, community_id: str, since: datetime, *, limit: int) -> list[Busy]:
    """Return the streets with the most hazards since a moment."""
    rows = await session.direct(
        """
        SELECT c.place->'street'->>'name' AS name, count(*) AS cases FROM "case" c
        JOIN category k ON k.code = c.category AND k.family = 'hazard'
        WHERE c.community_id = %(community)s AND c.opened_at >= %(since)s AND c.status NOT IN ('rejected', 'cancelled')
        AND coalesce(c.place->'street'->>'name', '') <> ''
        GROUP BY 1 ORDER BY cases DESC, name LIMIT %(limit)s
        """,
        {"community": community_id, "since": since, "limit": limit},
    )
    return [Busy(*row) for row in rows]


async def set_up(session: ReadSession, community_id: str, since: datetime) -> SetUp:
    """Return what a community has; failures of robots and jobs are counted since a moment."""
    (row,) = await session.direct(
        """
        WITH cells AS (
            SELECT a.level, NOT EXISTS (
                SELECT 1 FROM person_area x JOIN person p
                ON p.community_id = x.community_id AND p.person_id = x.person_id AND p.active
                WHERE x.community_id = a.community_id AND x.level = a.level AND x.code = a.code) AS alone
            FROM area a JOIN community k ON k.community_id = a.community_id AND k.area_version = a.version
            WHERE a.community_id = %(community)s AND a.level IN ('grid', 'micro_grid')
        ), posts AS (SELECT role, agency_code FROM person WHERE community_id = %(community)s AND active)
        SELECT (SELECT count(*) FROM cells WHERE level = 'micro_grid') AS micro_grids,
               (SELECT count(*) FROM cells WHERE level = 'micro_grid' AND alone) AS unwatched,
               (SELECT count(*) FROM cells WHERE level = 'grid') AS grids,
               (SELECT count(*) FROM cells WHERE level = 'grid' AND alone) AS unworked,
               (SELECT count(*) FROM agency WHERE community_id = %(community)s AND active) AS agencies,
               (SELECT count(*) FROM agency g WHERE g.community_id = %(community)s AND g.active
                AND NOT EXISTS (SELECT 1 FROM posts WHERE posts.agency_code = g.code)) AS agencies_alone,
               (SELECT count(*) FROM posts WHERE role IN ('watcher', 'rider')) AS responders,
               (SELECT count(*) FROM posts WHERE role = 'desk') AS desks,
               (SELECT count(*) FROM robot WHERE community_id = %(community)s AND enabled) AS robots,
               (SELECT count(*) FROM delivery WHERE community_id = %(community)s AND created_at >= %(since)s
                AND state IN ('failed', 'unknown')) AS robots_failed,
               (SELECT count(DISTINCT e.job_id) FROM procrastinate_events e
                WHERE e.type = 'failed' AND e.at >= %(since)s) AS jobs_failed,
               k.demo, k.settings ? 'branding' AS branded
        FROM community k WHERE k.community_id = %(community)s
        """,
        {"community": community_id, "since": since},
    )
    return SetUp(*row)
