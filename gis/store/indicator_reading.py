"""Reading what was counted for indicators: sums of periods, and the cells that figures are given of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString

from gis.store.session import ReadSession

MONTHS = "/month"
"""Behind a kind: its sums of whole months, so that a quarter isn't read day by day."""


async def counted_at(session: ReadSession, community_id: str) -> datetime | None:
    """Return when was counted last; None: never."""
    rows = await session.direct(
        "SELECT counted_at FROM indicator_state WHERE community_id = %(community)s",
        {"community": community_id},
    )
    return rows[0].counted_at if rows else None


@dataclass(frozen=True, slots=True)
class Sum:
    """What came together: of one key, in one of the periods asked for."""

    key: str
    slot: int
    measure: str
    bucket: int
    amount: int


async def keys(session: ReadSession, community_id: str, kind: str) -> list[str]:
    """Return the keys of a kind that anything was counted of, by hops through the index."""
    rows = await session.direct(
        """
        WITH RECURSIVE hop(key) AS (
            (SELECT key FROM indicator_day WHERE community_id = %(community)s AND kind = %(kind)s ORDER BY key LIMIT 1)
            UNION ALL
            SELECT (SELECT d.key FROM indicator_day d WHERE d.community_id = %(community)s AND d.kind = %(kind)s
                    AND d.key > hop.key ORDER BY d.key LIMIT 1) FROM hop WHERE hop.key IS NOT NULL
        )
        SELECT key FROM hop WHERE key IS NOT NULL
        """,
        {"community": community_id, "kind": kind},
    )
    return [row.key for row in rows]


async def sums(  # noqa: PLR0917 - whose sums, and of which periods
    session: ReadSession,
    community_id: str,
    kind: str,
    keys: Sequence[str],
    starts: Sequence[date],
    end: date,
    *,
    only: Sequence[str] | None = None,
    until: Mapping[str, date] | None = None,
) -> list[Sum]:
    """Return sums of periods that follow one another.

    Parameters
    ----------
    session, community_id
        Where.
    kind, keys
        Whose: those of one kind; of whole months with ``MONTHS`` behind it, where a month's sum stands at its first day.
    starts
        First days of the periods, in order; slot 0 is the first one's.
    end
        The day after the last period.
    only
        Measures; None: all of them.
    until
        Measures of which only days before another one count.
    """
    limited = until or {}
    rows = await session.direct(
        "SELECT key, width_bucket(day, %(starts)s::date[]) - 1 AS slot, measure, bucket, sum(amount)::bigint AS amount"
        " FROM indicator_day WHERE community_id = %(community)s AND kind = %(kind)s AND key = ANY(%(keys)s)"
        " AND day >= %(first)s AND day < %(end)s AND (%(only)s::text[] IS NULL OR measure = ANY(%(only)s::text[]))"
        " AND day < coalesce((%(limits)s::date[])[array_position(%(limited)s::text[], measure)], %(end)s)"
        " GROUP BY 1, 2, 3, 4 HAVING sum(amount) <> 0",
        {
            "community": community_id,
            "kind": kind,
            "keys": list(keys),
            "starts": list(starts),
            "first": starts[0],
            "end": end,
            "only": None if only is None else list(only),
            "limited": list(limited),
            "limits": list(limited.values()),
        },
    )
    return [Sum(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Cell:
    """A grid, micro-grid, category or person that figures are given of."""

    key: str
    name: str
    name_en: str
    parent: str
    households: int


_CELLS: Mapping[str, LiteralString] = {
    "grid": "SELECT a.code, a.name, a.name_en, '' AS parent, coalesce(a.households, 0) AS households FROM area a"
    " JOIN community m ON m.community_id = a.community_id AND m.area_version = a.version"
    " WHERE a.community_id = %(community)s AND a.level = 'grid' ORDER BY a.code",
    "micro_grid": "SELECT a.code, a.name, a.name_en, coalesce(a.parent_code, '') AS parent,"
    " coalesce(a.households, 0) AS households FROM area a"
    " JOIN community m ON m.community_id = a.community_id AND m.area_version = a.version"
    " WHERE a.community_id = %(community)s AND a.level = 'micro_grid' ORDER BY a.code",
    "category": "SELECT code, name, name_en, family, 0 AS households FROM category ORDER BY sort, code",
    "person": "SELECT p.person_id::text, p.name, p.username, coalesce(min(coalesce(a.parent_code, r.code)), '') AS parent, 0 AS households"
    " FROM person p LEFT JOIN person_area r ON r.community_id = p.community_id AND r.person_id = p.person_id"
    " LEFT JOIN community m ON m.community_id = p.community_id LEFT JOIN area a ON a.community_id = r.community_id"
    " AND a.version = m.area_version AND a.level = r.level AND a.code = r.code AND r.level = 'micro_grid'"
    " WHERE p.community_id = %(community)s AND p.active AND p.role IN ('watcher', 'grid_worker')"
    " GROUP BY p.community_id, p.person_id ORDER BY p.username",
}


async def cells(session: ReadSession, community_id: str, kind: str) -> list[Cell]:
    """Return all cells of a kind, in order; people with the grid that they belong to."""
    return [Cell(*row) for row in await session.direct(_CELLS[kind], {"community": community_id})]
