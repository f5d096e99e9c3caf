"""Reading who is on duty, where they roughly are, for those who look after their areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from gis.store.session import ReadSession
from gis.words import Scope

COARSE_M: Final = 50.0
"""Positions are told to this precision: enough to see who is near, not at which door."""


@dataclass(frozen=True, slots=True)
class OnDuty:
    """A watcher or rider on duty; where they were last, roughly, EPSG:4326, None where no position was sent."""

    person_id: UUID
    name: str
    role: str
    mode: str
    live_load: int
    capacity: int
    position_at: datetime | None
    lon: float | None
    lat: float | None
    micro_grids: Sequence[str]


async def on_duty_rows(session: ReadSession, scope: Scope) -> list[OnDuty]:
    """Return who is on duty inside a scope: watchers of its micro-grids, and whoever was last seen in its grids."""
    rows = await session.direct(
        """
        SELECT r.person_id, p.name, p.role, r.mode, r.live_load, r.capacity, r.position_at,
            st_x(spot.at) AS lon, st_y(spot.at) AS lat,
            ARRAY(SELECT o.code FROM person_area o WHERE o.community_id = r.community_id AND o.person_id = r.person_id
                AND o.level = 'micro_grid' ORDER BY o.code) AS micro_grids
        FROM responder r
        JOIN community c ON c.community_id = r.community_id
        JOIN person p ON p.community_id = r.community_id AND p.person_id = r.person_id AND p.active
        CROSS JOIN LATERAL (
            SELECT st_transform(st_snaptogrid(st_transform(r.geom, c.metric_srid), %(coarse)s), 4326) AS at) spot
        WHERE r.community_id = %(community)s AND r.on_duty AND (%(everything)s
            OR EXISTS (SELECT FROM person_area o JOIN area m ON m.community_id = o.community_id
                AND m.version = c.area_version AND m.level = 'micro_grid' AND m.code = o.code
                WHERE o.community_id = r.community_id AND o.person_id = r.person_id AND o.level = 'micro_grid'
                AND m.parent_code = ANY(%(grids)s::text[]))
            OR EXISTS (SELECT FROM area g WHERE g.community_id = r.community_id AND g.version = c.area_version
                AND g.level = 'grid' AND g.code = ANY(%(grids)s::text[]) AND st_covers(g.geom, r.geom)))
        ORDER BY p.role DESC, p.name, r.person_id
        """,
        {
            "community": scope.community_id,
            "coarse": COARSE_M,
            "everything": scope.everything,
            "grids": sorted(scope.grid_codes),
        },
    )
    return [OnDuty(*row) for row in rows]
