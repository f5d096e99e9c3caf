"""What a tile and a layer cost: cold from PostGIS, from memory, and polygons as GeoJSON beside tipg on the same table.

    .venv/bin/python scripts/bench_tiles.py [--state DIR] [--port 8000] [--polygons 5000] [--no-tipg]

Serves a fresh demo from a temporary folder, or a demo state folder that nobody serves. A second community is added whose
micro-grids are ``--polygons`` cells, and removed in the end. tipg is installed by pip into a throw-away environment, asked
for the same polygons by the same client in turns, and forgotten; where it isn't there after a minute and a half, only our
figures are told. Ended from outside, it ends what it began.
"""

from __future__ import annotations

import argparse
import json
import math
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path

import httpx
import psycopg
from psycopg import sql

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from gis.flows.seed_people import PASSWORD
from gis.people.passwords import hash_password
from gis.store.cluster import PrivateCluster
from scripts.bench.service import (
    database_s,
    free_port,
    postmaster_of,
    process,
    processor_s,
    service,
)

TIPG = "tipg==1.6.0"
LAYERS = ("grids", "micro_grids", "buildings", "streets", "base", "cases")
ZOOMS = (14, 15, 16, 17, 18)
AIM_COLD_MS, AIM_KEPT_MS, AIM_RATIO = 10.0, 1.0, 10.0
PLACE = "bench-polygons"
INSTALL_S = 90
OFTEN = 100
ROUNDS = 6
COUNTED = ("indicator_day", "indicator_case", "indicator_state")
"""Kept up for every community by the service's own job."""


def milliseconds(act: Callable[[], object]) -> float:
    """Return how long something takes."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def signed_in(port: int, username: str, community: str | None = None) -> httpx.Client:
    """Return a client with a token."""
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120)
    body = {"username": username, "password": PASSWORD, "token": True, "community_id": community}
    answer = client.post("/api/v1/session", json={key: value for key, value in body.items() if value})
    answer.raise_for_status()
    client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
    return client


def tile(zoom: int, lon: float, lat: float) -> tuple[int, int]:
    """Return the tile that holds a point."""
    scale = 2**zoom
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return int((lon + 180) / 360 * scale), int(y * scale)


class Processors:
    """Processor time of the service and of its database, all processes together."""

    def __init__(self, pid: int, cluster: PrivateCluster) -> None:
        self._pid, self._postmaster = pid, postmaster_of(cluster)

    def milliseconds(self, act: Callable[[], object], times: int = 1) -> float:
        """Return what an act takes of the processors, the mean of so many."""
        before = self._taken()
        for _ in range(times):
            act()
        return (self._taken() - before) * 1000 / times

    def _taken(self) -> float:
        return processor_s(self._pid) + database_s(self._postmaster)


def tiles(port: int, processors: Processors) -> None:
    """Print what tiles cost the first time and afterwards: elapsed, and of the processors."""
    client = signed_in(port, "desk")
    lon, lat = client.get("/tiles/grids.json").json()["center"][:2]
    paths = [
        f"/tiles/{layer}/{zoom}/{x + column}/{y + row}.mvt"
        for layer in LAYERS
        for zoom in ZOOMS
        for x, y in [tile(zoom, lon, lat)]
        for column in (-1, 0, 1)
        for row in (-1, 0, 1)
    ]
    for layer in LAYERS:  # statements are prepared, pages of the database are read
        client.get(f"/tiles/{layer}/1/0/0.mvt")
    cold: list[float] = []
    worked = processors.milliseconds(
        lambda: cold.extend(milliseconds(partial(client.get, path)) for path in paths)
    )
    print(
        f"{len(paths)} tiles the first time: median {statistics.median(cold):.2f} ms, processors {worked / len(paths):.2f} ms each"
        f"{missed(worked / len(paths), AIM_COLD_MS)}"
    )
    path = f"/tiles/streets/16/{tile(16, lon, lat)[0]}/{tile(16, lon, lat)[1]}.mvt"
    tag = {"If-None-Match": client.get(path).headers["etag"]}
    for name, act in (
        ("a round trip with one query (/readyz)", lambda: client.get("/readyz")),
        ("a tile that is kept", lambda: client.get(path)),
        ("a tile that the client has (304)", lambda: client.get(path, headers=tag)),
    ):
        took = statistics.median(milliseconds(act) for _ in range(OFTEN))
        worked = processors.milliseconds(act, OFTEN)
        aim = missed(worked, AIM_KEPT_MS) if "tile" in name else ""
        print(f"{name}: median {took:.2f} ms, processors {worked:.2f} ms{aim}")


def missed(value: float, aim: float) -> str:
    """Return a word on a figure that is above its aim."""
    return "" if value <= aim else f" (aim {aim:g} MISSED)"


@contextmanager
def polygons(url: str, count: int) -> Iterator[None]:
    """Give a community of so many square micro-grids, with somebody at its desk, for the length of a block."""
    side = math.ceil(math.sqrt(count))
    with psycopg.connect(url, autocommit=True) as connection:
        _without_polygons(connection)  # left by a run that was killed
        whole = "st_multi(st_makeenvelope(116, 39, 117, 40, 4326))"
        connection.execute(
            f"insert into community (community_id, name, metric_srid, area_version, geom, created_at)"  # noqa: S608
            f" values (%s, 'bench', 4549, 1, {whole}, now())",
            (PLACE,),
        )
        connection.execute(
            "insert into area_version (community_id, version, published_at) values (%s, 1, now())", (PLACE,)
        )
        connection.execute(
            """
            insert into area (community_id, version, level, code, area_id, name, name_en, parent_code, households, geom)
            select %(id)s, 1, 'micro_grid', to_char(n, 'FM000000'), gen_random_uuid(), '微网格 ' || n, 'Micro-grid ' || n, '01', 21,
                st_multi(st_segmentize(st_makeenvelope(116 + (n %% %(side)s)::float / %(side)s, 39 + (n / %(side)s)::float / %(side)s,
                    116 + (n %% %(side)s + 1)::float / %(side)s, 39 + (n / %(side)s + 1)::float / %(side)s, 4326), 0.25 / %(side)s))
            from generate_series(0, %(count)s - 1) n
            """,
            {"id": PLACE, "side": side, "count": count},
        )
        connection.execute(
            "insert into person (community_id, person_id, username, name, role, password_hash, created_at)"
            " values (%s, gen_random_uuid(), 'bench', 'bench', 'desk', %s, now())",
            (PLACE, hash_password(PASSWORD)),
        )
        view = (
            "create view public.bench_polygons as select area_id::text as id, code, name, name_en, level, parent_code,"
            " households, geom from area where community_id = {}"
        )
        connection.execute(sql.SQL(view).format(PLACE))
    try:
        yield
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            _without_polygons(connection)


def _without_polygons(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    connection.execute("drop view if exists public.bench_polygons")
    for table in (*COUNTED, "session", "person", "area", "area_version", "community"):
        connection.execute(f"delete from {table} where community_id = %s", (PLACE,))  # noqa: S608


@contextmanager
def tipg(url: str) -> Iterator[str | None]:
    """Serve the same table by tipg, installed for the length of the block; None where it can't be had."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / "bin" / "python")
        command = [python, "-m", "pip", "install", "--quiet", TIPG, "uvicorn", "psycopg[binary,pool]"]
        try:
            subprocess.run(command, check=True, timeout=INSTALL_S, capture_output=True)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            print(f"tipg can't be installed here: {error}")
            yield None
            return
        port = free_port()
        settings = {**_address(url), "TIPG_DB_SCHEMAS": '["public"]', "TIPG_MAX_FEATURES_PER_QUERY": "100000"}
        serve = [python, "-m", "uvicorn", "tipg.main:app", "--port", str(port), "--log-level", "warning"]
        with process(serve, port, "/healthz", **settings):
            yield f"http://127.0.0.1:{port}/collections/public.bench_polygons/items?f=geojson&limit=100000"


def _address(url: str) -> dict[str, str]:
    """Return a database's address by its parts: tipg reads no URL of a socket."""
    with psycopg.connect(url) as connection:
        info = connection.info
        return {
            "POSTGRES_HOST": "127.0.0.1",
            "POSTGRES_PORT": str(info.port),
            "POSTGRES_USER": info.user,
            "POSTGRES_PASS": info.password,
            "POSTGRES_DBNAME": info.dbname,
        }


def beside_tipg(port: int, url: str, count: int, *, rival: bool) -> None:
    """Print polygons as GeoJSON by ours and, where a rival is wanted, by tipg, asked in turns."""
    ours = signed_in(port, "bench", PLACE)
    with tipg(url) if rival else nullcontext() as address:
        theirs = httpx.Client(timeout=120)
        mine, others, first = [], [], milliseconds(lambda: ours.get("/api/v1/areas?level=micro_grid"))
        for _ in range(ROUNDS):
            mine.append(milliseconds(lambda: ours.get("/api/v1/areas?level=micro_grid")))
            if address:
                others.append(milliseconds(lambda: theirs.get(address).raise_for_status()))
        seen = len(ours.get("/api/v1/areas?level=micro_grid").json()["features"])
        print(
            f"{seen} polygons as GeoJSON: the first time {first:.0f} ms, then {statistics.median(mine):.2f} ms"
        )
        if address:
            there = len(json.loads(theirs.get(address).content)["features"])
            ratio = statistics.median(others) / statistics.median(mine)
            print(
                f"tipg, {there} of the same: {statistics.median(others):.0f} ms; ours {ratio:.0f} times as fast{'' if ratio >= AIM_RATIO else ' (MISSED)'}, the first time {statistics.median(others) / first:.1f}"
            )
        if seen != count:
            sys.exit(f"{count} polygons were wanted")


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--state", type=Path, help="state folder (default: a temporary one, with a fresh demo)"
    )
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--polygons", type=int, default=5000)
    parser.add_argument("--no-tipg", action="store_true")
    options = parser.parse_args()
    port = options.port or free_port()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended from outside"))  # so that every block is left
    with tempfile.TemporaryDirectory(prefix="weiwang-bench-") as folder:
        state = options.state or Path(folder)
        Path(folder).chmod(0o711)  # the database runs as a user of its own where we are root
        with service(state, port) as served:
            cluster = PrivateCluster(state)
            tiles(port, Processors(served.pid, cluster))
            url = cluster.superuser_url("weiwang")
            with polygons(url, options.polygons):
                beside_tipg(port, url, options.polygons, rival=not options.no_tipg)


if __name__ == "__main__":
    main()
