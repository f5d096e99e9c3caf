"""The places that plates name, with who looks after them: a list or a single one in one statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

from gis.store.places import GONE
from gis.store.session import ReadSession
from gis.words import Scope


@dataclass(frozen=True, slots=True)
class PlateRow:
    """One place; the position is EPSG:4326, the codes are those of the version in force."""

    place_id: UUID | None
    lon: float
    lat: float
    building_id: UUID | None
    building: str
    street: str
    housenumber: str
    unit: str
    micro_grid: str | None
    micro_grid_name: str
    micro_grid_name_en: str
    grid: str | None
    grid_name: str
    grid_name_en: str
    courtyard: str
    courtyard_en: str
    watchers: tuple[str, ...]
    grid_workers: tuple[str, ...]


_STAIRWELLS: LiteralString = """
    SELECT s.stairwell_id AS place_id, s.geom AS point, st_pointonsurface(b.geom) AS inside, b.building_id,
           b.name AS building, b.street, b.housenumber, s.unit, NULL AS code
    FROM stairwell s JOIN building b ON b.community_id = s.community_id AND b.building_id = s.building_id
    WHERE s.community_id = %(community)s AND b.kind <> %(gone)s
    AND (%(first)s::uuid IS NULL OR s.stairwell_id BETWEEN %(first)s AND %(last)s)
"""
_BUILDINGS: LiteralString = """
    SELECT b.building_id AS place_id, st_pointonsurface(b.geom) AS point, st_pointonsurface(b.geom) AS inside,
           b.building_id, b.name AS building, b.street, b.housenumber, '' AS unit, NULL AS code
    FROM building b WHERE b.community_id = %(community)s AND b.kind <> %(gone)s
    AND (b.name <> '' OR b.housenumber <> '')
    AND (%(first)s::uuid IS NULL OR b.building_id BETWEEN %(first)s AND %(last)s)
"""
_MICRO_GRIDS: LiteralString = """
    SELECT NULL::uuid AS place_id, st_pointonsurface(a.geom) AS point, st_pointonsurface(a.geom) AS inside,
           NULL::uuid AS building_id, '' AS building, '' AS street, '' AS housenumber, '' AS unit, a.code
    FROM community m JOIN area a ON a.community_id = m.community_id AND a.version = m.area_version
    WHERE m.community_id = %(community)s AND a.level = 'micro_grid'
    AND (%(code)s::text IS NULL OR a.code = %(code)s)
"""
_PLACES: Mapping[str, LiteralString] = {
    "stairwell": _STAIRWELLS,
    "building": _BUILDINGS,
    "micro_grid": _MICRO_GRIDS,
}


def _query(places: LiteralString) -> LiteralString:
    return f"""
WITH place AS ({places}),
charge AS (
    SELECT pa.level, pa.code, array_agg(p.name ORDER BY p.name, p.person_id) AS names
    FROM person_area pa JOIN person p ON p.community_id = pa.community_id AND p.person_id = pa.person_id
    WHERE pa.community_id = %(community)s AND p.active
    AND (pa.level, p.role) IN (('micro_grid', 'watcher'), ('grid', 'grid_worker'))
    GROUP BY pa.level, pa.code
),
found AS (
    SELECT p.place_id, p.point, p.building_id, p.building, p.street, p.housenumber, p.unit, cell.code AS micro_grid,
           cell.name AS micro_grid_name, cell.name_en AS micro_grid_name_en, grid.code AS grid,
           grid.name AS grid_name, grid.name_en AS grid_name_en, yard.name AS courtyard, yard.name_en AS courtyard_en
    FROM place p JOIN community m ON m.community_id = %(community)s
    LEFT JOIN LATERAL (
        SELECT a.code, a.name, a.name_en, a.parent_code FROM area a
        WHERE a.community_id = m.community_id AND a.version = m.area_version AND a.level = 'micro_grid'
        AND (a.code = p.code OR p.code IS NULL AND st_intersects(a.geom, p.point))
        ORDER BY a.code COLLATE "C" LIMIT 1
    ) cell ON true
    LEFT JOIN area grid ON grid.community_id = m.community_id AND grid.version = m.area_version
        AND grid.level = 'grid' AND grid.code = cell.parent_code
    LEFT JOIN LATERAL (
        SELECT a.code, a.name, a.name_en FROM area a
        WHERE a.community_id = m.community_id AND a.version = m.area_version AND a.level = 'courtyard'
        AND st_intersects(a.geom, p.inside) ORDER BY a.code COLLATE "C" LIMIT 1
    ) yard ON true
    WHERE (%(everything)s OR grid.code = ANY(%(grids)s) OR cell.code = ANY(%(micro_grids)s))
    AND (%(grid)s::text IS NULL OR grid.code = %(grid)s)
    AND (%(micro_grid)s::text IS NULL OR cell.code = %(micro_grid)s)
    AND (%(courtyard)s::text IS NULL OR yard.code = %(courtyard)s)
)
SELECT f.place_id, st_x(f.point) AS lon, st_y(f.point) AS lat, f.building_id, f.building, f.street, f.housenumber,
       f.unit, f.micro_grid, coalesce(f.micro_grid_name, '') AS micro_grid_name,
       coalesce(f.micro_grid_name_en, '') AS micro_grid_name_en, f.grid, coalesce(f.grid_name, '') AS grid_name,
       coalesce(f.grid_name_en, '') AS grid_name_en, coalesce(f.courtyard, '') AS courtyard,
       coalesce(f.courtyard_en, '') AS courtyard_en, w.names AS watchers, g.names AS grid_workers,
       count(*) OVER () AS total
FROM found f
LEFT JOIN charge w ON w.level = 'micro_grid' AND w.code = f.micro_grid
LEFT JOIN charge g ON g.level = 'grid' AND g.code = f.grid
ORDER BY f.grid COLLATE "C", f.street COLLATE "C", length(f.housenumber), f.housenumber COLLATE "C",
         length(f.unit), f.unit COLLATE "C", f.micro_grid COLLATE "C", f.place_id
LIMIT %(limit)s OFFSET %(offset)s
"""  # noqa: S608 - only constants are joined


_QUERIES: Mapping[str, LiteralString] = {kind: _query(places) for kind, places in _PLACES.items()}


@dataclass(frozen=True, slots=True)
class PlateFilter:
    """Which places, by the codes of the areas that they lie in; None: wherever."""

    grid: str | None = None
    micro_grid: str | None = None
    courtyard: str | None = None


async def plate_rows(
    session: ReadSession, scope: Scope, kind: str, wanted: PlateFilter, *, limit: int, offset: int = 0
) -> tuple[list[PlateRow], int]:
    """Return places of a kind inside a reader's areas, by grid, street, number and unit; and how many there are.

    Parameters
    ----------
    session, scope
        Whose.
    kind
        ``stairwell``, ``building`` (those with a name or number) or ``micro_grid``.
    wanted
        Narrows them down.
    limit, offset
        Which part of the list.
    """
    return await _rows(session, scope, kind, wanted, limit=limit, offset=offset)


async def plate_row(session: ReadSession, community_id: str, kind: str, place_id: str) -> PlateRow | None:
    """Return the one place that a plate names, or None when there is none, or no longer.

    Parameters
    ----------
    session, community_id, kind
        Where, and what it is.
    place_id
        A micro-grid's code; else the leading hexadecimal digits of an id.
    """
    by_code = kind == "micro_grid"
    rows, _ = await _rows(
        session,
        Scope(community_id, everything=True),
        kind,
        PlateFilter(),
        code=place_id if by_code else None,
        first=None if by_code else UUID(place_id.ljust(32, "0")),
        last=None if by_code else UUID(place_id.ljust(32, "f")),
        limit=2,
        offset=0,
    )
    return rows[0] if len(rows) == 1 else None


_CHOICES: LiteralString = """
SELECT a.level, a.code, a.name, a.name_en, a.parent_code
FROM community m JOIN area a ON a.community_id = m.community_id AND a.version = m.area_version
WHERE m.community_id = %(community)s AND (
    %(everything)s AND a.level IN ('grid', 'micro_grid', 'courtyard')
    OR a.level = 'grid' AND a.code = ANY(%(grids)s)
    OR a.level = 'micro_grid' AND (a.parent_code = ANY(%(grids)s) OR a.code = ANY(%(micro_grids)s))
)
ORDER BY a.level, a.code COLLATE "C"
"""


@dataclass(frozen=True, slots=True)
class AreaChoice:
    """An area to narrow a list down with."""

    level: str
    code: str
    name: str
    name_en: str
    parent_code: str | None


async def area_choices(session: ReadSession, scope: Scope) -> list[AreaChoice]:
    """Return grids and micro-grids of a reader, and courtyards for those who see everything; by level and code."""
    parameters = {
        "community": scope.community_id,
        "everything": scope.everything,
        "grids": sorted(scope.grid_codes),
        "micro_grids": sorted(scope.micro_grid_codes),
    }
    return [AreaChoice(*row) for row in await session.direct(_CHOICES, parameters)]


async def _rows(
    session: ReadSession,
    scope: Scope,
    kind: str,
    wanted: PlateFilter,
    *,
    limit: int,
    offset: int,
    code: str | None = None,
    first: UUID | None = None,
    last: UUID | None = None,
) -> tuple[list[PlateRow], int]:
    parameters = {
        "community": scope.community_id,
        "gone": GONE,
        "everything": scope.everything,
        "grids": sorted(scope.grid_codes),
        "micro_grids": sorted(scope.micro_grid_codes),
        "grid": wanted.grid,
        "micro_grid": wanted.micro_grid,
        "courtyard": wanted.courtyard,
        "code": code,
        "first": first,
        "last": last,
        "limit": limit,
        "offset": offset,
    }
    found = await session.direct(_QUERIES[kind], parameters)
    rows = [_row(row) for row in found]
    return rows, found[0].total if found else 0


def _row(row: Any) -> PlateRow:
    values = row._asdict() | {
        "watchers": tuple(row.watchers or ()),
        "grid_workers": tuple(row.grid_workers or ()),
    }
    del values["total"]
    return PlateRow(**values)
