"""What other rooms may ask of residents: which households there are, who lives there, with which flags. No identity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from gis.store.session import ReadSession
from gis.words import Scope


@dataclass(frozen=True, slots=True)
class HouseholdFacts:
    """A household with how many live there, and what care somebody there needs."""

    household_id: UUID
    building_id: UUID
    unit: str
    flat: str
    address: str
    grid_code: str | None
    micro_grid_code: str | None
    lon: float
    lat: float
    """Of its door."""
    people: int
    flags: frozenset[str]
    """Noted of anybody who lives there."""
    oldest: int | None
    """The year in which the oldest of them was born."""


_FACTS: LiteralString = """
SELECT h.household_id, h.building_id, h.unit, h.flat,
       CASE WHEN b.street <> '' AND b.housenumber <> '' THEN b.street || b.housenumber
            || CASE WHEN b.housenumber ~ '[0-9]$' THEN '号' ELSE '' END ELSE b.name END AS address,
       h.grid_code, h.micro_grid_code, st_x(d.door) AS lon, st_y(d.door) AS lat,
       coalesce(r.people, 0) AS people, r.flags, r.oldest
FROM household h
JOIN building b ON b.community_id = h.community_id AND b.building_id = h.building_id
CROSS JOIN LATERAL (
    SELECT coalesce((SELECT s.geom FROM stairwell s WHERE s.community_id = h.community_id
                     AND s.building_id = h.building_id AND s.unit = h.unit AND h.unit <> ''
                     ORDER BY s.stairwell_id LIMIT 1), st_pointonsurface(b.geom)) AS door) d
LEFT JOIN (
    SELECT x.household_id, count(DISTINCT x.resident_id) AS people, min(x.birth_year) AS oldest,
           array_agg(DISTINCT f.flag) FILTER (WHERE f.flag IS NOT NULL) AS flags
    FROM resident x LEFT JOIN LATERAL unnest(x.flags) AS f(flag) ON true
    WHERE x.community_id = %(community)s AND x.erased_at IS NULL AND x.moved_out_on IS NULL
    GROUP BY x.household_id) r ON r.household_id = h.household_id
WHERE h.community_id = %(community)s
  AND (%(everything)s OR h.grid_code = ANY(%(grids)s::text[]) OR h.micro_grid_code = ANY(%(cells)s::text[]))
  AND (%(ids)s::uuid[] IS NULL OR h.household_id = ANY(%(ids)s::uuid[]))
  AND (%(building)s::uuid IS NULL OR h.building_id = %(building)s)
ORDER BY h.micro_grid_code NULLS LAST, b.street, length(b.housenumber), b.housenumber, h.unit, length(h.flat), h.flat
"""


async def facts(
    session: ReadSession,
    scope: Scope,
    households: Sequence[UUID] | None = None,
    *,
    building_id: UUID | None = None,
) -> list[HouseholdFacts]:
    """Return households of a scope by their address, with all flags: which of them are shown, says the flow.

    Parameters
    ----------
    session, scope
        Whose areas (``gis.people.residents.resident_scope``).
    households, building_id
        Only these; only those of a building.
    """
    rows = await session.direct(
        _FACTS,
        {
            "community": scope.community_id,
            "everything": scope.everything,
            "grids": sorted(scope.grid_codes),
            "cells": sorted(scope.micro_grid_codes),
            "ids": None if households is None else list(households),
            "building": building_id,
        },
    )
    return [HouseholdFacts(**{**row._asdict(), "flags": frozenset(row.flags or ())}) for row in rows]


async def flag_counts(session: ReadSession, community_id: str, year: int) -> dict[str, int]:
    """Return how many people live in a community, how many are 60 and over, and how many have each flag."""
    rows = await session.direct(
        """
        SELECT f.flag, count(*) AS n FROM resident r
        CROSS JOIN LATERAL (
            SELECT unnest(r.flags) AS flag UNION ALL SELECT 'people'
            UNION ALL SELECT 'age60' WHERE %(year)s - r.birth_year >= 60
            UNION ALL SELECT 'age80' WHERE %(year)s - r.birth_year BETWEEN 80 AND 89
            UNION ALL SELECT 'age90' WHERE %(year)s - r.birth_year >= 90) f
        WHERE r.community_id = %(community)s AND r.erased_at IS NULL AND r.moved_out_on IS NULL
        GROUP BY f.flag
        """,
        {"community": community_id, "year": year},
    )
    return {row.flag: int(row.n) for row in rows}
