"""The few facts of a community that pages, layers and lists need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case as choose
from sqlalchemy import exists, func, select

from gis.store.session import BriefSession, ReadSession
from gis.store.tables import agency, area, building, category, category_rule, community, person

FACTS = (
    "k.community_id, k.name, k.name_en, k.timezone, k.demo, k.area_version, k.network_version, k.metric_srid, st_xmin(box2d(k.geom)) AS west,"
    " st_ymin(box2d(k.geom)) AS south, st_xmax(box2d(k.geom)) AS east, st_ymax(box2d(k.geom)) AS north"
)
"""The columns of ``CommunityFacts``, of a community k."""


@dataclass(frozen=True, slots=True)
class CommunityFacts:
    """A community: its names, time zone, versions in force and extent (degrees, EPSG:4326)."""

    id: str
    name: str
    name_en: str
    timezone: str
    demo: bool
    area_version: int
    network_version: int
    metric_srid: int
    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Named:
    """A code with its names."""

    code: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class AgencyName:
    """An agency by its names."""

    code: str
    name: str
    name_en: str
    active: bool
    """Whether cases are still referred to it; old ones keep its name."""


@dataclass(frozen=True, slots=True)
class CategoryFacts:
    """A category of cases."""

    code: str
    name: str
    name_en: str
    family: str
    urgent: bool
    severity: int
    active: bool = True
    """Whether something new is reported under it."""


@dataclass(frozen=True, slots=True)
class CommunityName:
    """A community to choose when signing in."""

    id: str
    name: str
    name_en: str


async def community_facts(session: ReadSession, community_id: str) -> CommunityFacts | None:
    """Return the facts of a community, or None."""
    rows = await session.direct(
        f"SELECT {FACTS} FROM community k WHERE k.community_id = %(community)s",  # noqa: S608 - columns of ours
        {"community": community_id},
    )
    return CommunityFacts(*rows[0]) if rows else None


async def versions(session: ReadSession, community_id: str) -> tuple[int, int]:
    """Return the area version and the network version in force."""
    row = await session.row(
        select(community.c.area_version, community.c.network_version).where(
            community.c.community_id == community_id
        )
    )
    return (0, 0) if row is None else (row.area_version, row.network_version)


async def versions_at_once(session: BriefSession, community_id: str) -> tuple[int, int]:
    """Return the versions in force by one statement that is a transaction by itself: for what is asked all the time."""
    rows = await session.glance(
        "select area_version, network_version from community where community_id = %(id)s",
        {"id": community_id},
    )
    return (rows[0].area_version, rows[0].network_version) if rows else (0, 0)


async def communities(session: ReadSession) -> list[CommunityName]:
    """Return every community, by name."""
    rows = await session.rows(
        select(community.c.community_id, community.c.name, community.c.name_en).order_by(community.c.name)
    )
    return [CommunityName(*row) for row in rows]


async def categories(session: ReadSession, community_id: str) -> list[CategoryFacts]:
    """Return the categories as a community has them, in the order in which they are offered."""
    c, own = category.c, category_rule.c
    rows = await session.rows(
        select(
            c.code,
            func.coalesce(own.name, c.name),
            func.coalesce(own.name_en, c.name_en),
            c.family,
            func.coalesce(own.urgent, c.urgent),
            c.severity,
            func.coalesce(own.active, True),
        )
        .outerjoin(category_rule, (own.community_id == community_id) & (own.code == c.code))
        .order_by(c.sort, c.code)
    )
    return [CategoryFacts(*row) for row in rows]


async def agencies(session: ReadSession, community_id: str) -> list[AgencyName]:
    """Return the agencies of a community, those too that are no longer in use."""
    c = agency.c
    rows = await session.rows(
        select(c.code, c.name, c.name_en, c.active).where(c.community_id == community_id).order_by(c.code)
    )
    return [AgencyName(*row) for row in rows]


async def grids(session: ReadSession, community_id: str) -> list[Named]:
    """Return the grids of the version in force."""
    rows = await session.rows(
        select(area.c.code, area.c.name, area.c.name_en)
        .join(
            community,
            (community.c.community_id == area.c.community_id) & (community.c.area_version == area.c.version),
        )
        .where(area.c.community_id == community_id, area.c.level == "grid")
        .order_by(area.c.code)
    )
    return [Named(*row) for row in rows]


async def has_demo_people(session: ReadSession) -> bool:
    """Tell whether the demo's people may sign in here."""
    return bool(await session.value(select(exists().where(person.c.demo, person.c.active))))


@dataclass(frozen=True, slots=True)
class Address:
    """A building to choose by its address, with a point inside it (EPSG:4326)."""

    id: UUID
    label: str
    lon: float
    lat: float


async def addresses(
    session: ReadSession, community_id: str, building_id: UUID | None = None
) -> list[Address]:
    """Return the buildings that have an address, by street and number; or only one of them."""
    c = building.c
    inside = func.st_pointonsurface(c.geom)
    suffix = choose((c.housenumber.regexp_match("[0-9]$"), "号"), else_="")
    statement = (
        select(
            c.building_id, c.street.concat(c.housenumber).concat(suffix), func.st_x(inside), func.st_y(inside)
        )
        .where(c.community_id == community_id, c.street != "", c.housenumber != "")
        .order_by(c.street, func.length(c.housenumber), c.housenumber)
    )
    if building_id is not None:
        statement = statement.where(c.building_id == building_id)
    return [Address(*row) for row in await session.rows(statement)]


async def database_now(session: ReadSession) -> datetime:
    """Return the database's clock."""
    moment: datetime = await session.value(select(func.clock_timestamp()))
    return moment
