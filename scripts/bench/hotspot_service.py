"""A million cases in a database of their own, and how long the service takes to rank streets and draw heat from them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import numpy as np
import psycopg
import shapely
from psycopg.types.json import Jsonb
from sqlalchemy import text

from gis.flows.hotspots.current import HotFilters, HotStreets
from gis.flows.hotspots.heat import Heat
from gis.flows.hotspots.seen import Sight
from gis.store.case_reading import CaseFilters
from gis.store.session import Database
from gis.words import Scope

YEARS = 3.0
NOISE_DEG = 8e-5
AGAIN = 0.1
"""So many of the cases were reported twice."""
PIECE = 20_000
CASE = "community_id, case_id, category, status, place, area_version, grid_code, geom, opened_at, answer_due_at, resolve_due_at"
REPORT = (
    "community_id, report_id, case_id, reporter_id, category, stated_datum, stated_lon, stated_lat, position_source,"
    " geom, place, received_at, body_hash"
)
PLACE = {
    level: {
        "id": str(UUID(int=7)),
        "code": "07-03",
        "name": "八经街46号",
        "distance_m": 4.5,
        "probability": 0.93,
    }
    for level in ("community", "grid", "micro_grid", "courtyard", "building", "street")
}
"""As long as real ones are."""


class Timed(NamedTuple):
    """What one question took: by the clock, and of our and the server's processor."""

    what: str
    wall_s: float
    ours_s: float
    server_s: float


async def measure(url: str, community_id: str) -> list[Timed]:
    """Return what it takes to rank streets and gather heat, with nothing kept from before, and to foretell."""
    database, now, found = Database(url), datetime.now(UTC), []
    everything = HotFilters(CaseFilters())
    scope = Scope(community_id, everything=True)
    try:
        for what in (
            "ranking",
            "ranking again, compiled",
            "heat surface",
            "heat surface, cases in memory",
            "curve",
        ):
            if what != "heat surface, cases in memory":
                streets = HotStreets()
                heat = Heat(streets)
            async with database.read() as session:
                backend = int(await session.value(text("select pg_backend_pid()")))
                begun = time.perf_counter(), time.process_time(), _worked_s(backend)
                if "ranking" in what:
                    await streets.ranking(session, scope, everything, now)
                elif "heat" in what:
                    cell_m = 20.0 if what == "heat surface" else 10.0
                    await heat.map(session, Sight(scope, everything, cell_m, 1), now)
                else:
                    await streets.coverage(session, scope, everything, now)
                ended = time.perf_counter(), time.process_time(), _worked_s(backend)
                found.append(Timed(what, *(b - a for a, b in zip(begun, ended, strict=True))))
    finally:
        await database.close()
    return found


def _worked_s(process: int) -> float:
    """Return how long a process on this machine has worked so far; 0 where that can't be read."""
    try:
        parts = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def fill(url: str, community_id: str, cases: int) -> None:
    """Store cases and their reports along a community's streets, most of them closed, as a long time leaves them."""
    random = np.random.default_rng(1)
    with psycopg.connect(url, autocommit=True) as connection:
        lines = connection.execute(
            "select st_asbinary(geom), length_m from street_segment where community_id = %s", [community_id]
        ).fetchall()
        person = connection.execute(
            "insert into person (community_id, person_id, username, password_hash, name, role, created_at)"
            " values (%s, gen_random_uuid(), 'bench', '', 'bench', 'resident', now()) returning person_id",
            [community_id],
        ).fetchone()
        codes = [row[0] for row in connection.execute("select code from category order by code")]
        shapes = shapely.from_wkb(np.array([bytes(line) for line, _ in lines], dtype=object))
        weight = np.array([length for _, length in lines]) * random.lognormal(0.0, 1.0, len(lines))
        for begin in range(0, cases, PIECE):
            count = min(PIECE, cases - begin)
            street = random.choice(len(shapes), count, p=weight / weight.sum())
            at = shapely.line_interpolate_point(shapes[street], random.random(count), normalized=True)
            xy = shapely.get_coordinates(at) + random.normal(0.0, NOISE_DEG, (count, 2))
            rows = list(_cases(community_id, codes, xy, begin, random))
            _copy(connection, f'COPY "case" ({CASE}) FROM STDIN', rows)
            _copy(
                connection,
                f"COPY report ({REPORT}) FROM STDIN",
                _reports(community_id, rows, str((person or [""])[0]), xy, random),
            )
        connection.execute('VACUUM (ANALYZE) "case"')
        connection.execute("VACUUM (ANALYZE) report")


def _cases(
    community_id: str, codes: list[str], xy: np.ndarray, begin: int, random: np.random.Generator
) -> Iterator[tuple[object, ...]]:
    now = datetime.now(UTC)
    days = random.uniform(0.0, YEARS * 365.0, len(xy))
    which = random.integers(0, len(codes), len(xy))
    place = Jsonb(PLACE)
    for row, (lon, lat) in enumerate(xy):
        opened = now - timedelta(days=float(days[row]))
        point = "SRID=4326;" + f"POINT({lon} {lat})"
        yield (
            *(community_id, UUID(int=begin + row + 1), codes[which[row]], "closed", place, 1),
            *(f"{row % 15 + 1:02d}", point, opened, opened, opened),
        )


def _reports(
    community_id: str,
    cases: list[tuple[object, ...]],
    person: str,
    xy: np.ndarray,
    random: np.random.Generator,
) -> Iterator[tuple[object, ...]]:
    again = random.random(len(cases)) < AGAIN
    for row, case in enumerate(cases):
        for _ in range(2 if again[row] else 1):
            yield (
                *(community_id, UUID(bytes=random.bytes(16)), case[1], person, case[2], "wgs84"),
                *(xy[row][0], xy[row][1], "gnss", case[7], case[4], case[8], b"0" * 32),
            )


def _copy(connection: psycopg.Connection, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
