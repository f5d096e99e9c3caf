"""Rows with sensible defaults: a small drawn community with its people, stored through the real tables.

The community is a square of 200 m near Shenyang: two grids side by side (01 west, 02 east), each of two micro-grids
(01-01 south, 01-02 north, ...), streets on every border, one building with two stairwells in each micro-grid, and in
01-01 a lane into the yard whose gate keeps e-bikes and cars out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import shapely
from geoalchemy2.shape import from_shape
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import insert

from gis.store.session import WriteSession
from gis.store.tables import (
    agency,
    area,
    area_version,
    building,
    community,
    gate,
    person,
    person_area,
    responder,
    stairwell,
    street_segment,
)
from gis.words import Actor, Role

LON, LAT = 123.4150, 41.7890
PASSWORD = "weiwang-test"
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
MICRO_GRIDS = {"01-01": (0, 0), "01-02": (0, 100), "02-01": (100, 0), "02-02": (100, 100)}


def at(x_m: float, y_m: float) -> tuple[float, float]:
    """Return the longitude and latitude of a point metres east and north of the community's south-western corner."""
    return LON + x_m / 83_000.0, LAT + y_m / 111_070.0


@dataclass
class Community:
    """What was drawn: identifiers by code or username."""

    community_id: str
    people: dict[str, Actor] = field(default_factory=dict)
    buildings: dict[str, UUID] = field(default_factory=dict)

    def id(self, username: str) -> UUID:
        """Return a person's id."""
        return self.people[username].person_id


async def draw_community(session: WriteSession, community_id: str = "test") -> Community:
    """Store the community and its people and return their identifiers."""
    drawn = Community(community_id)
    await _places(session, drawn)
    for code in ("property", "water", "roads", "power", "sanitation", "fire", "sub_district"):
        await session.run(
            insert(agency).values(community_id=community_id, code=code, name=code, name_en=code)
        )
    for role in (Role.ADMIN, Role.DESK, Role.PLANNER, Role.RESIDENT):
        await add_person(session, drawn, role.value, role)
    for grid in ("01", "02"):
        await add_person(session, drawn, f"grid{grid}", Role.GRID_WORKER, grids=[grid])
    for code, (x_m, y_m) in MICRO_GRIDS.items():
        await add_responder(
            session,
            drawn,
            f"watcher{code}",
            Role.WATCHER,
            home=(x_m + 50, y_m + 50),
            micro_grids=[code],
            mode="walk",
        )
    for number in (1, 2, 3):
        await add_responder(session, drawn, f"rider{number}", Role.RIDER, mode="e_bike")
    for code in ("water", "roads", "sub_district"):
        await add_person(session, drawn, code, Role.AGENCY, agency_code=code)
    return drawn


async def add_person(
    session: WriteSession,
    drawn: Community,
    username: str,
    role: Role,
    *,
    grids: Iterable[str] = (),
    micro_grids: Iterable[str] = (),
    agency_code: str | None = None,
    **columns: Any,
) -> Actor:
    """Store a person (password ``PASSWORD``) and what they are responsible for."""
    areas = [("grid", code) for code in grids] + [("micro_grid", code) for code in micro_grids]
    actor = Actor(
        drawn.community_id,
        uuid4(),
        username,
        f"测试{username}",
        role,
        grid_codes=frozenset(grids),
        micro_grid_codes=frozenset(micro_grids),
        agency_code=agency_code,
    )
    key = {"community_id": drawn.community_id, "person_id": actor.person_id}
    values = {"username": username, "name": actor.name, "role": role.value, "agency_code": agency_code}
    await session.run(
        insert(person).values(
            **key, **values | {"password_hash": quick_hash(PASSWORD), "created_at": BEGINNING} | columns
        )
    )
    for level, code in areas:
        await session.run(insert(person_area).values(**key, level=level, code=code))
    drawn.people[username] = actor
    return actor


async def add_responder(
    session: WriteSession,
    drawn: Community,
    username: str,
    role: Role = Role.RIDER,
    *,
    home: tuple[float, float] | None = None,
    position: tuple[float, float] | None = None,
    position_at: datetime | None = None,
    micro_grids: Iterable[str] = (),
    **columns: Any,
) -> Actor:
    """Store a person who takes offers; positions are metres east and north; on duty when a position is given."""
    actor = await add_person(session, drawn, username, role, micro_grids=micro_grids)
    values: dict[str, Any] = {"home": _point(home), "geom": _point(position), "position_at": position_at}
    values |= {"on_duty": position is not None} | columns
    await session.run(
        insert(responder).values(community_id=drawn.community_id, person_id=actor.person_id, **values)
    )
    return actor


@cache
def quick_hash(password: str) -> str:
    """Return a hash that is as the service's own, but quick to compare with: who acts in a test signs in first."""
    return PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)).hash(password)


def _point(metres: tuple[float, float] | None) -> Any:
    return None if metres is None else _geom(shapely.Point(at(*metres)))


def _geom(shape: Any) -> Any:
    return from_shape(shape, srid=4326)


def _square(x_m: float, y_m: float, width_m: float, height_m: float) -> shapely.Polygon:
    corners = [(x_m, y_m), (x_m + width_m, y_m), (x_m + width_m, y_m + height_m), (x_m, y_m + height_m)]
    return shapely.Polygon([at(*corner) for corner in corners])


def _id(drawn: Community, *parts: object) -> UUID:
    return uuid5(NAMESPACE_URL, "/".join(map(str, (drawn.community_id, *parts))))


async def _places(session: WriteSession, drawn: Community) -> None:
    key = {"community_id": drawn.community_id}
    whole = shapely.MultiPolygon([_square(0, 0, 200, 200)])
    await session.run(
        insert(community).values(
            **key,
            name="测试社区",
            name_en="Test",
            metric_srid=4550,
            area_version=1,
            geom=_geom(whole),
            created_at=BEGINNING,
        )
    )
    await session.run(insert(area_version).values(**key, version=1, published_at=BEGINNING))
    cells: list[tuple[str, str, str | None, Any]] = [("community", drawn.community_id, None, whole)]
    cells += [
        ("grid", code, drawn.community_id, shapely.MultiPolygon([_square(x_m, 0, 100, 200)]))
        for code, x_m in (("01", 0), ("02", 100))
    ]
    cells += [
        ("micro_grid", code, code[:2], shapely.MultiPolygon([_square(*corner, 100, 100)]))
        for code, corner in MICRO_GRIDS.items()
    ]
    for level, code, parent, shape in cells:
        values = {"area_id": _id(drawn, 1, level, code), "name": f"{level} {code}", "parent_code": parent}
        await session.run(
            insert(area).values(**key, version=1, level=level, code=code, geom=_geom(shape), **values)
        )
    for number, (code, (x_m, y_m)) in enumerate(MICRO_GRIDS.items(), start=1):
        await _building(session, drawn, code, (x_m + 30, y_m + 60), str(number))
    await _streets(session, drawn)


async def _building(
    session: WriteSession, drawn: Community, code: str, corner: tuple[float, float], housenumber: str
) -> None:
    """Store a slab building of 40 x 12 m with a stairwell at each third of its southern side."""
    drawn.buildings[code] = _id(drawn, "building", code)
    x_m, y_m = corner
    key = {"community_id": drawn.community_id, "building_id": drawn.buildings[code]}
    values = {
        "source_ref": f"way/{housenumber}",
        "street": "测试街",
        "housenumber": housenumber,
        "kind": "apartments",
    }
    shape = _square(x_m, y_m, 40, 12)
    await session.run(insert(building).values(**key, **values, levels=6, flats=24, geom=_geom(shape)))
    for unit, along in (("1", 10), ("2", 30)):
        await session.run(
            insert(stairwell).values(
                **key,
                stairwell_id=_id(drawn, code, unit),
                unit=unit,
                flats=12,
                geom=_point((x_m + along, y_m)),
            )
        )


async def _streets(session: WriteSession, drawn: Community) -> None:
    """Store a street along every border, and a gated lane from the southern street into the yard of 01-01."""
    node = {(x, y): 1 + x // 100 + 3 * (y // 100) for x in (0, 100, 200) for y in (0, 100, 200)}
    lines = [
        (["南街", "中街", "北街"][y // 100], (x, y), (x + 100, y)) for x in (0, 100) for y in (0, 100, 200)
    ]
    lines += [
        (["西街", "正街", "东街"][x // 100], (x, y), (x, y + 100)) for x in (0, 100, 200) for y in (0, 100)
    ]
    for name, start, stop in lines:
        await _segment(session, drawn, name, (node[start], *start), (node[stop], *stop))
    await _segment(session, drawn, "", (1, 0, 0), (20, 20, 20), kind="service")
    await _segment(session, drawn, "", (20, 20, 20), (21, 50, 50), kind="service")
    values = {
        "node_id": 20,
        "kind": "gate",
        "walk": True,
        "e_bike": False,
        "car": False,
        "geom": _point((20, 20)),
    }
    await session.run(insert(gate).values(community_id=drawn.community_id, **values))


async def _segment(
    session: WriteSession,
    drawn: Community,
    name: str,
    start: tuple[int, float, float],
    stop: tuple[int, float, float],
    *,
    kind: str = "residential",
) -> None:
    line = shapely.LineString([at(*start[1:]), at(*stop[1:])])
    length_m = ((stop[1] - start[1]) ** 2 + (stop[2] - start[2]) ** 2) ** 0.5
    values = {"segment_id": _id(drawn, start[0], stop[0]), "name": name, "kind": kind, "length_m": length_m}
    values |= {
        "from_node": start[0],
        "to_node": stop[0],
        "walk": 3,
        "e_bike": 3,
        "car": 3,
        "geom": _geom(line),
    }
    await session.run(insert(street_segment).values(community_id=drawn.community_id, **values))
