"""What responders may claim for themselves: where they are, and what is open near them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gis.store.certificates import SKILLS
from gis.store.session import ReadSession


@dataclass(frozen=True, slots=True)
class Standing:
    """A responder: whether on duty, and where, by a fresh position or (watchers) at home."""

    on_duty: bool
    mode: str
    free: bool
    fresh: bool
    lon: float | None
    lat: float | None
    load: int
    capacity: int
    skills: Sequence[str]


@dataclass(frozen=True, slots=True)
class OpenCase:
    """An open case near a responder."""

    case_id: UUID
    lon: float
    lat: float
    building_id: UUID | None
    straight_m: float
    category: str
    grid_code: str | None
    micro_grid_code: str | None


@dataclass(frozen=True, slots=True)
class Reach:
    """Which open cases somebody may claim: of certain micro-grids, within a distance, or reported by themselves."""

    person_id: UUID
    micro_grid_codes: Collection[str]
    radius_m: float
    """0: none by distance."""


async def standing(
    session: ReadSession, community_id: str, person_id: UUID, *, fresh_since: datetime, now: datetime
) -> Standing | None:
    """Return how a responder stands, or None for who takes no offers."""
    rows = await session.direct(
        f"""
        SELECT r.on_duty, r.mode, r.live_load < r.capacity AS free, fresh.is AS fresh,
               st_x(CASE WHEN fresh.is THEN r.geom ELSE r.home END) AS lon,
               st_y(CASE WHEN fresh.is THEN r.geom ELSE r.home END) AS lat,
               r.live_load, r.capacity, {SKILLS} AS skills
        FROM responder r CROSS JOIN LATERAL (
            SELECT coalesce(r.position_at >= %(since)s, false) AND r.geom IS NOT NULL AS is) fresh
        WHERE r.community_id = %(community)s AND r.person_id = %(person)s
        """,  # noqa: S608 - only constants are joined
        {"community": community_id, "person": person_id, "since": fresh_since, "now": now},
    )
    return Standing(*rows[0]) if rows else None


async def open_near(
    session: ReadSession, community_id: str, reach: Reach, lon: float, lat: float, *, limit: int
) -> list[OpenCase]:
    """Return open cases that may be claimed, the nearest first as the crow flies."""
    rows = await session.direct(
        """
        SELECT * FROM (
            SELECT c.case_id, st_x(c.geom) AS lon, st_y(c.geom) AS lat, c.building_id, c.category, c.grid_code,
                   c.micro_grid_code,
                   111195 * sqrt(power((st_x(c.geom) - %(lon)s) * cosd(%(lat)s), 2)
                                 + power(st_y(c.geom) - %(lat)s, 2)) AS straight_m,
                   c.micro_grid_code = ANY(%(cells)s::text[]) OR c.reporter_id = %(person)s
                   OR EXISTS (SELECT FROM report r WHERE r.community_id = c.community_id AND r.case_id = c.case_id
                              AND r.reporter_id = %(person)s) AS own
            FROM "case" c
            WHERE c.community_id = %(community)s AND c.status = 'open' AND c.micro_grid_code IS NOT NULL
        ) near WHERE own OR straight_m <= %(radius)s ORDER BY straight_m, case_id LIMIT %(limit)s
        """,
        {
            "community": community_id,
            "person": reach.person_id,
            "cells": sorted(reach.micro_grid_codes),
            "radius": reach.radius_m,
            "lon": lon,
            "lat": lat,
            "limit": limit,
        },
    )
    return [
        OpenCase(
            r.case_id,
            r.lon,
            r.lat,
            r.building_id,
            r.straight_m,
            r.category,
            r.grid_code,
            r.micro_grid_code,
        )
        for r in rows
    ]


@dataclass(frozen=True, slots=True)
class Task:
    """A case that somebody has in hand."""

    case_id: UUID
    category: str
    status: str


async def tasks_in_hand(session: ReadSession, community_id: str, person_id: UUID) -> list[Task]:
    """Return what somebody has accepted and not finished, in the order in which cases are held everywhere."""
    rows = await session.direct(
        'SELECT case_id, category, status FROM "case" WHERE community_id = %(community)s'
        " AND assignee_id = %(person)s AND status IN ('accepted', 'on_site') ORDER BY case_id",
        {"community": community_id, "person": person_id},
    )
    return [Task(*row) for row in rows]
