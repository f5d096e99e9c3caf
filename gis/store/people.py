"""People, what they are responsible for, and agencies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from gis.store.session import ReadSession, WriteSession
from gis.store.tables import agency, area, community, person, person_area, responder
from gis.words import SUB_DISTRICT, Level, Mode, Role


@dataclass(frozen=True, slots=True)
class Readiness:
    """How somebody who takes offers moves, and where they are without a position."""

    mode: Mode = Mode.WALK
    capacity: int = 2
    skills: tuple[str, ...] = ()
    home: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to be stored."""

    person_id: UUID
    username: str
    password_hash: str = field(repr=False)
    name: str
    role: Role
    language: str = "zh"
    agency_code: str | None = None
    demo: bool = False
    areas: tuple[tuple[Level, str], ...] = ()
    readiness: Readiness | None = None


async def add_people(
    session: WriteSession, community_id: str, people: Sequence[NewPerson], now: datetime
) -> None:
    """Store people with what they are responsible for; a handful of statements for any number.

    Parameters
    ----------
    session, community_id
        Where.
    people
        Whose usernames are free.
    now
        The time.
    """
    key: dict[str, Any] = {"community_id": community_id}
    rows = [
        key
        | {
            "person_id": one.person_id,
            "username": one.username,
            "password_hash": one.password_hash,
            "name": one.name,
            "role": one.role.value,
            "language": one.language,
            "agency_code": one.agency_code,
            "demo": one.demo,
            "created_at": now,
        }
        for one in people
    ]
    areas = [
        key | {"person_id": one.person_id, "level": level.value, "code": code}
        for one in people
        for level, code in one.areas
    ]
    ready = [key | _ready(one.person_id, one.readiness) for one in people if one.readiness is not None]
    for table, values in ((person, rows), (person_area, areas), (responder, ready)):
        if values:
            await session.run(insert(table), values)


def _ready(person_id: UUID, readiness: Readiness) -> dict[str, Any]:
    home = readiness.home
    return {
        "person_id": person_id,
        "mode": readiness.mode.value,
        "capacity": readiness.capacity,
        "skills": list(readiness.skills),
        "home": None if home is None else f"SRID=4326;POINT({home[0]!r} {home[1]!r})",
    }


SUB_DISTRICT_OFFICE = (SUB_DISTRICT, "街道办事处", "Sub-district office")
"""The agency that every community has: the level above it."""


async def add_agencies(
    session: WriteSession, community_id: str, agencies: Sequence[tuple[str, str, str]]
) -> None:
    """Store agencies (code, name, English name); those that are there stay as they are."""
    rows = [
        {"community_id": community_id, "code": code, "name": name, "name_en": name_en}
        for code, name, name_en in agencies
    ]
    await session.run(upsert(agency).on_conflict_do_nothing(), rows)


async def community_exists(session: ReadSession, community_id: str) -> bool:
    """Tell whether there is such a community."""
    found = select(community.c.community_id).where(community.c.community_id == community_id)
    return await session.value(found) is not None


async def timezone_of(session: ReadSession, community_id: str) -> str:
    """Return the name of a community's time zone."""
    rows = await session.direct(
        "SELECT timezone FROM community WHERE community_id = %(community)s", {"community": community_id}
    )
    return str(rows[0].timezone if rows else None)


async def username_taken(session: ReadSession, community_id: str, username: str) -> bool:
    """Tell whether a community has somebody of this username."""
    found = select(person.c.person_id).where(
        person.c.community_id == community_id, person.c.username == username
    )
    return await session.value(found) is not None


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody who may be meant by a text."""

    person_id: UUID
    username: str
    name: str
    role: str


async def called(session: ReadSession, community_id: str, text: str) -> list[Called]:
    """Return active people who have an id, a username or a name."""
    rows = await session.direct(
        "SELECT person_id, username, name, role FROM person WHERE community_id = %(community)s AND active"
        " AND %(text)s IN (person_id::text, username, name) ORDER BY username LIMIT 20",
        {"community": community_id, "text": text},
    )
    return [Called(*row) for row in rows]


async def agency_known(session: ReadSession, community_id: str, code: str) -> bool:
    """Tell whether a community has this agency."""
    found = select(agency.c.code).where(agency.c.community_id == community_id, agency.c.code == code)
    return await session.value(found) is not None


async def agency_codes(session: ReadSession, community_id: str) -> frozenset[str]:
    """Return the codes of a community's agencies."""
    rows = await session.rows(select(agency.c.code).where(agency.c.community_id == community_id))
    return frozenset(str(row.code) for row in rows)


@dataclass(frozen=True, slots=True)
class Cell:
    """An area in force, with a point inside it."""

    code: str
    parent_code: str | None
    lon: float
    lat: float


async def cells(session: ReadSession, community_id: str, level: Level) -> list[Cell]:
    """Return the areas of a level that are in force, in the order of their codes."""
    inner = area.c.geom.ST_PointOnSurface()
    statement = (
        select(area.c.code, area.c.parent_code, inner.ST_X(), inner.ST_Y())
        .join(community, community.c.community_id == area.c.community_id)
        .where(
            area.c.community_id == community_id,
            area.c.version == community.c.area_version,
            area.c.level == level.value,
        )
        .order_by(area.c.code)
    )
    return [Cell(*row) for row in await session.rows(statement)]


async def person_ids(session: ReadSession, community_id: str) -> dict[str, UUID]:
    """Return everybody's identifier by username."""
    rows = await session.rows(
        select(person.c.username, person.c.person_id).where(person.c.community_id == community_id)
    )
    return {username: person_id for username, person_id in rows}  # noqa: C416 - rows are no pairs to the checker
