"""Where somebody was met in a month, behind which door nobody opened, and who was not called on: place by place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from gis.store.session import ReadSession
from gis.store.visit_reading import Reach


@dataclass(frozen=True, slots=True)
class BuildingCoverage:
    """A building's part of a micro-grid: how many doors, where somebody was met, where only nobody opened."""

    grid: str
    micro_grid: str
    building_id: UUID
    label: str
    doors: int
    met: int
    not_home: int

    @property
    def left(self) -> int:
        """How many doors nobody called at."""
        return self.doors - self.met - self.not_home


@dataclass(frozen=True, slots=True)
class DoorLeft:
    """A door where nobody was met in the month, with when somebody was last met there before its end."""

    household_id: UUID
    flat: str
    tried: bool
    last_met: datetime | None


# A visit is of a door by its household, or by the flat that was written down.
_DOORS: LiteralString = """
WITH door AS (
    SELECT h.community_id, h.household_id, h.building_id, coalesce(h.grid_code, '') AS grid,
           coalesce(h.micro_grid_code, '') AS micro_grid,
           CASE WHEN h.unit <> '' THEN h.unit || '-' || h.flat ELSE h.flat END AS flat
    FROM household h
    WHERE h.community_id = %(community)s
      AND (%(everything)s OR h.grid_code = ANY(%(grids)s::text[]) OR h.micro_grid_code = ANY(%(cells)s::text[]))
      AND (%(building)s::uuid IS NULL OR h.building_id = %(building)s)
), call AS (
    SELECT v.community_id, v.building_id, v.household_id, v.flat,
           bool_or(v.outcome = 'done' AND v.visited_at >= %(since)s) AS met, bool_or(v.visited_at >= %(since)s) AS tried,
           max(v.visited_at) FILTER (WHERE v.outcome = 'done') AS last_met
    FROM visit v
    WHERE v.community_id = %(community)s AND v.visited_at < %(until)s AND v.visited_at >= %(oldest)s
      AND v.building_id IS NOT NULL AND (v.household_id IS NOT NULL OR v.flat <> '')
      AND (%(building)s::uuid IS NULL OR v.building_id = %(building)s)
    GROUP BY v.community_id, v.building_id, v.household_id, v.flat
), seen AS (
    SELECT d.*, coalesce(c.met, false) AS met, coalesce(c.tried, false) AS tried, c.last_met FROM door d
    LEFT JOIN LATERAL (
        SELECT bool_or(c.met) AS met, bool_or(c.tried) AS tried, max(c.last_met) AS last_met FROM call c
        WHERE c.community_id = d.community_id AND c.building_id = d.building_id
          AND (c.household_id = d.household_id OR (c.household_id IS NULL AND c.flat = d.flat))) c ON true
)
"""
_BUILDINGS: LiteralString = """
SELECT s.grid, s.micro_grid, s.building_id,
       coalesce(nullif(b.street || b.housenumber || CASE WHEN b.housenumber ~ '[0-9]$' THEN '号' ELSE '' END, ''), b.name)
           AS label,
       count(*)::int AS doors, count(*) FILTER (WHERE s.met)::int AS met,
       count(*) FILTER (WHERE s.tried AND NOT s.met)::int AS not_home
FROM seen s JOIN building b ON b.community_id = s.community_id AND b.building_id = s.building_id
GROUP BY s.grid, s.micro_grid, s.building_id, b.street, b.housenumber, b.name
ORDER BY s.grid, s.micro_grid, b.street, length(b.housenumber), b.housenumber, s.building_id
"""
_LEFT: LiteralString = """
SELECT s.household_id, s.flat, s.tried, s.last_met FROM seen s WHERE NOT s.met
ORDER BY s.micro_grid, length(s.flat), s.flat, s.household_id
"""


async def building_coverage(
    session: ReadSession, reach: Reach, since: datetime, until: datetime
) -> list[BuildingCoverage]:
    """Return how far a month's visits have come in the places of a reader, by the codes of grids; nobody's name is in it.

    Parameters
    ----------
    session, reach
        Whose places.
    since, until
        The month.
    """
    values = reach.parameters | {"since": since, "until": until, "oldest": since, "building": None}
    return [BuildingCoverage(*row) for row in await session.direct(_DOORS + _BUILDINGS, values)]


async def doors_left(  # noqa: PLR0917 - whose places, which building, which month
    session: ReadSession, reach: Reach, building_id: UUID, since: datetime, until: datetime, oldest: datetime
) -> list[DoorLeft]:
    """Return the doors of a building where nobody was met in a month; none where it isn't the reader's.

    Parameters
    ----------
    session, reach, building_id, since, until
        As for ``building_coverage``.
    oldest
        How far back it is looked when somebody was met there last.
    """
    values = reach.parameters | {"since": since, "until": until, "oldest": oldest, "building": building_id}
    return [DoorLeft(*row) for row in await session.direct(_DOORS + _LEFT, values)]
