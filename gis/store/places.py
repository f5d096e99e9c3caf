"""Writing the places of a community: areas as a version, buildings, streets, gates, features, stations.

Callers hand over rows as mappings of column to value with ``geom`` as WKB (EPSG:4326). What cases refer to is never
deleted: a building or segment that is gone from the source but referred to stays, marked by `GONE`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, bindparam, func, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from gis.store.session import WriteSession
from gis.store.tables import (
    area,
    area_version,
    building,
    community,
    feature,
    gate,
    stairwell,
    station,
    street_segment,
)
from gis.store.telling import About, tell

Row = Mapping[str, Any]
Rows = Sequence[Row]

GONE = "gone"
"""Kind of a building or segment that the source no longer has; no index and no network takes it."""


@dataclass(frozen=True, slots=True)
class CommunityRow:
    """The community's own row."""

    community_id: str
    name: str
    name_en: str
    metric_srid: int
    timezone: str
    demo: bool
    geom: bytes  # WKB, MULTIPOLYGON, EPSG:4326


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions in force."""

    area_version: int
    network_version: int


async def lock_community(session: WriteSession, community_id: str) -> Versions | None:
    """Let one import of a community run at a time; return its versions, None where there is none yet."""
    await session.run(
        text("select pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"import/{community_id}"}
    )
    found = await session.row(
        select(community.c.area_version, community.c.network_version)
        .where(community.c.community_id == community_id)
        .with_for_update()
    )
    return None if found is None else Versions(found.area_version, found.network_version)


async def store_community(
    session: WriteSession, row: CommunityRow, *, now: datetime, previous: Versions | None
) -> Versions:
    """Insert or update the community and return the versions that are now to be written."""
    last = await session.value(
        select(func.max(area_version.c.version)).where(area_version.c.community_id == row.community_id)
    )
    versions = Versions((last or 0) + 1, previous.network_version + 1 if previous else 1)
    values = {
        "name": row.name,
        "name_en": row.name_en,
        "metric_srid": row.metric_srid,
        "timezone": row.timezone,
        "demo": row.demo,
        "area_version": versions.area_version,
        "network_version": versions.network_version,
        "geom": func.st_geomfromwkb(row.geom, 4326),
    }
    statement = upsert(community).values(community_id=row.community_id, created_at=now, **values)
    await session.run(statement.on_conflict_do_update(index_elements=["community_id"], set_=values))
    return versions


async def store_areas(
    session: WriteSession,
    community_id: str,
    version: int,
    rows: Rows,
    *,
    now: datetime,
    published_by: UUID | None = None,
    note: str = "",
) -> None:
    """Publish a version of all areas: ``level, code, area_id, name, name_en, parent_code, households, attributes, geom``."""
    await tell(session, About.COMMUNITY, community_id)
    key = {"community_id": community_id, "version": version}
    await session.run(
        insert(area_version).values(**key, published_at=now, published_by=published_by, note=note)
    )
    await _insert(session, area, rows, key)


async def store_buildings(session: WriteSession, community_id: str, buildings: Rows, doors: Rows) -> None:
    """Replace all buildings and their stairwells."""
    await session.run(text("delete from stairwell where community_id = :id"), {"id": community_id})
    await _replace(session, building, "building_id", buildings, community_id, referred='"case"')
    await _insert(session, stairwell, doors, {"community_id": community_id})


async def store_streets(session: WriteSession, community_id: str, segments: Rows, gates: Rows) -> None:
    """Replace all street segments and gates."""
    await _replace(session, street_segment, "segment_id", segments, community_id, referred='"case"')
    await session.run(
        text(
            "update street_segment set walk = 0, e_bike = 0, car = 0 "
            "where community_id = :id and kind = :gone"
        ),
        {"id": community_id, "gone": GONE},
    )
    await session.run(text("delete from gate where community_id = :id"), {"id": community_id})
    await _insert(session, gate, gates, {"community_id": community_id})


async def store_surroundings(
    session: WriteSession, community_id: str, features: Rows, stations: Rows
) -> None:
    """Replace what the map draws besides, and the stations."""
    for table, rows in ((feature, features), (station, stations)):
        await session.run(text(f"delete from {table.name} where community_id = :id"), {"id": community_id})  # noqa: S608
        await _insert(session, table, rows, {"community_id": community_id})


async def _replace(
    session: WriteSession, table: Table, key: str, rows: Rows, community_id: str, *, referred: str
) -> None:
    """Update or insert rows by id; delete what is no longer there, or mark it where something refers to it."""
    new = {"id": community_id, "ids": [row[key] for row in rows], "gone": GONE}
    condition = f"t.community_id = :id and not (t.{key} = any(:ids))"
    await session.run(
        text(
            f"delete from {table.name} t where {condition} and not exists "  # noqa: S608
            f"(select from {referred} r where r.community_id = t.community_id and r.{key} = t.{key})"
        ),
        new,
    )
    await session.run(text(f"update {table.name} t set kind = :gone where {condition}"), new)  # noqa: S608
    await _insert(session, table, rows, {"community_id": community_id}, update_by=key)


async def _insert(
    session: WriteSession, table: Table, rows: Rows, key: Row, *, update_by: str | None = None
) -> None:
    """Insert rows, all with the same columns; `update_by` updates those that are there."""
    if not rows:
        return
    columns = [*key, *rows[0]]
    values: dict[str, Any] = {name: bindparam(name) for name in columns if name != "geom"}
    values["geom"] = func.st_geomfromwkb(bindparam("geom"), 4326)
    statement = upsert(table).values(values)
    if update_by is not None:
        changed = {name: statement.excluded[name] for name in rows[0] if name != update_by}
        statement = statement.on_conflict_do_update(index_elements=["community_id", update_by], set_=changed)
    await session.run(statement, [{**key, **row} for row in rows])
