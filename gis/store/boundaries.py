"""Versions of areas: reading one, putting a new one in force, what it takes for checks, who is responsible for cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, bindparam, delete, func, insert, select, text, tuple_

from gis.store.places import GONE
from gis.store.session import ReadSession, WriteSession
from gis.store.similar import NUMBER
from gis.store.tables import area, area_version, building, community, person, person_area, stairwell
from gis.store.telling import About, tell
from gis.words import Level, Role

Rows = Sequence[Row[Any]]
CellKey = tuple[Level, str]


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """A published version of areas."""

    version: int
    published_at: datetime
    published_by: UUID | None
    publisher: str | None
    note: str
    in_force: bool
    grids: int
    micro_grids: int
    courtyards: int


@dataclass(frozen=True, slots=True)
class StoredBuildings:
    """Buildings and their stairwells, both in order of their ids; geometry is WKB, EPSG:4326."""

    buildings: Rows  # building_id, kind, levels, flats, geom
    stairwells: Rows  # building_id, unit, flats, geom


async def versions(session: ReadSession, community_id: str) -> list[VersionFacts]:
    """Return the versions of a community, the latest first."""
    counted = [
        func.count().filter(area.c.level == level.value)
        for level in (Level.GRID, Level.MICRO_GRID, Level.COURTYARD)
    ]
    v = area_version.c
    rows = await session.rows(
        select(
            v.version,
            v.published_at,
            v.published_by,
            person.c.name,
            v.note,
            community.c.area_version == v.version,
            *counted,
        )
        .select_from(
            area_version.join(community, community.c.community_id == v.community_id)
            .outerjoin(area, and_(area.c.community_id == v.community_id, area.c.version == v.version))
            .outerjoin(
                person,
                and_(person.c.community_id == v.community_id, person.c.person_id == v.published_by),
            )
        )
        .where(v.community_id == community_id)
        .group_by(v.version, v.published_at, v.published_by, person.c.name, v.note, community.c.area_version)
        .order_by(v.version.desc())
    )
    return [VersionFacts(*row) for row in rows]


async def areas_of_version(session: ReadSession, community_id: str, version: int) -> Rows:
    """Return ``level, code, name, name_en, parent_code, households, attributes, geom`` (WKB) of a version, by code."""
    a = area.c
    return await session.rows(
        select(
            a.level,
            a.code,
            a.name,
            a.name_en,
            a.parent_code,
            a.households,
            a.attributes,
            func.st_asbinary(a.geom).label("geom"),
        )
        .where(a.community_id == community_id, a.version == version)
        .order_by(a.level, a.code.collate("C"))
    )


async def buildings_to_check(session: ReadSession, community_id: str) -> StoredBuildings:
    """Return the buildings of a community with what checks and household counts need."""
    b, s = building.c, stairwell.c
    return StoredBuildings(
        buildings=await session.rows(
            select(b.building_id, b.kind, b.levels, b.flats, func.st_asbinary(b.geom).label("geom"))
            .where(b.community_id == community_id, b.kind != GONE)
            .order_by(b.building_id)
        ),
        stairwells=await session.rows(
            select(s.building_id, s.unit, s.flats, func.st_asbinary(s.geom).label("geom"))
            .where(s.community_id == community_id)
            .order_by(s.building_id, s.stairwell_id)
        ),
    )


async def claim_version(session: WriteSession, community_id: str, expected: int, whole: bytes) -> int | None:
    """Put the next version in force and return its number; None where another than the expected one is.

    Of several who publish at the same time the first wins; the others wait for it and are refused.

    Parameters
    ----------
    session, community_id
        Where.
    expected
        The version that the new one was made from.
    whole
        The community's area in the new version; WKB, EPSG:4326.
    """
    following = (
        select(func.max(area_version.c.version) + 1)
        .where(area_version.c.community_id == community_id)
        .scalar_subquery()
    )
    claimed: int | None = await session.value(
        community.update()
        .where(community.c.community_id == community_id, community.c.area_version == expected)
        .values(area_version=following, geom=func.st_geomfromwkb(whole, 4326))
        .returning(community.c.area_version)
    )
    return claimed


async def people_of_cells(session: ReadSession, community_id: str) -> dict[CellKey, tuple[UUID, ...]]:
    """Return who is responsible for which grid or micro-grid."""
    p = person_area.c
    rows = await session.rows(
        select(p.level, p.code, func.array_agg(p.person_id).label("people"))
        .where(p.community_id == community_id)
        .group_by(p.level, p.code)
    )
    return {(Level(row.level), row.code): tuple(sorted(row.people)) for row in rows}


async def known_people(
    session: ReadSession, community_id: str, people: Sequence[UUID], role: Role
) -> set[UUID]:
    """Return which of these people are active and have that role."""
    rows = await session.rows(
        select(person.c.person_id).where(
            person.c.community_id == community_id,
            person.c.person_id.in_(people),
            person.c.role == role.value,
            person.c.active,
        )
    )
    return {row.person_id for row in rows}


async def assign_people(
    session: WriteSession, community_id: str, people: Mapping[CellKey, Sequence[UUID]]
) -> None:
    """Put others in the place of those responsible for cells.

    Parameters
    ----------
    session, community_id
        Where.
    people
        By cell; nobody where empty. Cells not named stay as they are.
    """
    if not people:
        return
    await tell(session, About.PEOPLE, community_id)
    p = person_area.c
    keys = [(level.value, code) for level, code in people]
    await session.run(
        delete(person_area).where(p.community_id == community_id, tuple_(p.level, p.code).in_(keys))
    )
    rows = [
        {"community_id": community_id, "person_id": one, "level": level.value, "code": code}
        for (level, code), ones in people.items()
        for one in ones
    ]
    if rows:
        await session.run(insert(person_area), rows)


@dataclass(frozen=True, slots=True)
class OpenCase:
    """An open case as it was snapped, with the position of its first report."""

    case_id: UUID
    status: str
    revision: int
    area_version: int
    grid_code: str | None
    micro_grid_code: str | None
    lon: float
    lat: float
    accuracy_m: float | None
    heading_deg: float | None
    source: str | None
    datum: str | None
    number: str
    said: UUID | None
    """The building where a person says that it is."""


_OPEN_CASES = f"""
SELECT c.case_id, c.status, c.revision, c.area_version, c.grid_code, c.micro_grid_code, st_x(c.geom), st_y(c.geom),
       r.accuracy_m, r.heading_deg, r.position_source, r.stated_datum, {NUMBER},
       CASE WHEN c.place ->> 'chosen' IS NOT NULL THEN c.building_id END
FROM "case" c JOIN community m ON m.community_id = c.community_id LEFT JOIN LATERAL (
    SELECT accuracy_m, heading_deg, position_source, stated_datum FROM report r
    WHERE r.community_id = c.community_id AND r.case_id = c.case_id ORDER BY r.received_at, r.report_id LIMIT 1
) r ON true
WHERE c.community_id = :community AND c.status NOT IN ('closed', 'rejected', 'cancelled')
AND c.area_version <> :version
AND (c.case_id = ANY(:cases) OR c.grid_code = :grid OR :every)
ORDER BY c.case_id LIMIT :most
"""  # noqa: S608 - only constants are joined
_LOOK = text(_OPEN_CASES)
_HOLD = text(f"{_OPEN_CASES} FOR NO KEY UPDATE OF c")
_REASSIGN = text("""
WITH moved AS (
    UPDATE "case" SET place = :place, area_version = :version, grid_code = :grid, micro_grid_code = :micro_grid,
        building_id = :building, segment_id = :segment, revision = revision + 1
    WHERE community_id = :community AND case_id = :case AND revision = :revision
    RETURNING community_id, case_id, status
)
INSERT INTO event (community_id, case_id, at, actor_id, verb, from_status, to_status, reason, data)
SELECT community_id, case_id, :at, :actor, 'reassign', status, status, :reason, :data FROM moved
""")


async def open_cases(
    session: ReadSession,
    community_id: str,
    version: int,
    *,
    cases: Sequence[UUID] = (),
    grid: str | None = None,
    every: bool = False,
    most: int,
) -> list[OpenCase]:
    """Return open cases that were snapped on another version than this one.

    Parameters
    ----------
    session, community_id
        Where; in a transaction that writes they are held until it ends.
    version
        The version in force.
    cases, grid, every
        Which: these, those in that grid as they were snapped, or all.
    most
        So many at the most.
    """
    wanted = {
        "community": community_id,
        "version": version,
        "cases": list(cases),
        "grid": grid,
        "every": every,
        "most": most,
    }
    statement = _HOLD if isinstance(session, WriteSession) else _LOOK
    return [OpenCase(*row) for row in await session.rows(statement, wanted)]


async def reassign_case(
    session: WriteSession, community_id: str, case: OpenCase, values: Mapping[str, Any]
) -> None:
    """Give a held case the place of another version and append what happened.

    Parameters
    ----------
    session, community_id, case
        Which.
    values
        ``place, version, grid, micro_grid, building, segment`` as it is now, ``at, actor, reason, data`` for the event.
    """
    from sqlalchemy.dialects.postgresql import JSONB

    statement = _REASSIGN.bindparams(bindparam("place", type_=JSONB), bindparam("data", type_=JSONB))
    key = {"community": community_id, "case": case.case_id, "revision": case.revision}
    await session.run(statement, {**key, **values})
