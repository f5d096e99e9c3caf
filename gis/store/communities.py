"""Communities of one service as figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gis.store.session import ReadSession


@dataclass(frozen=True, slots=True)
class CommunityRow:
    """A community: what is in force, how large it is, and what happens there."""

    id: str
    name: str
    name_en: str
    area_version: int
    published_at: datetime | None
    network_version: int
    grids: int
    micro_grids: int
    buildings: int
    people: int
    cases: int
    """Opened since a moment."""
    open: int
    demo: bool


async def community_ids(session: ReadSession) -> list[str]:
    """Return the ids of all communities."""
    rows = await session.direct("SELECT community_id FROM community ORDER BY community_id", {})
    return [row.community_id for row in rows]


async def community_rows(session: ReadSession, since: datetime) -> list[CommunityRow]:
    """Return every community by name; cases are counted since a moment."""
    rows = await session.direct(
        """
        SELECT k.community_id, k.name, k.name_en, k.area_version, v.published_at, k.network_version,
               (SELECT count(*) FROM area a WHERE a.community_id = k.community_id AND a.version = k.area_version
                AND a.level = 'grid') AS grids,
               (SELECT count(*) FROM area a WHERE a.community_id = k.community_id AND a.version = k.area_version
                AND a.level = 'micro_grid') AS micro_grids,
               (SELECT count(*) FROM building b WHERE b.community_id = k.community_id) AS buildings,
               (SELECT count(*) FROM person p WHERE p.community_id = k.community_id AND p.active) AS people,
               (SELECT count(*) FROM "case" c WHERE c.community_id = k.community_id
                AND c.opened_at >= %(since)s) AS cases,
               (SELECT count(*) FROM "case" c WHERE c.community_id = k.community_id
                AND c.status NOT IN ('closed', 'rejected', 'cancelled')) AS open,
               k.demo
        FROM community k LEFT JOIN area_version v ON v.community_id = k.community_id AND v.version = k.area_version
        ORDER BY k.name, k.community_id
        """,
        {"since": since},
    )
    return [CommunityRow(*row) for row in rows]
