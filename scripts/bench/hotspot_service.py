"""A million cases in a database of their own, and how long the service takes to rank streets and draw heat from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

import numpy as np
import psycopg
import shapely
from psycopg.types.json import Jsonb

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
    from datetime import UTC, datetime, timedelta

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
