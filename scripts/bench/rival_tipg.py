"""tipg as a rival: the same polygons in one database, served by ours and by tipg, which is installed for the length of a run."""

from __future__ import annotations

import math
import subprocess
import tempfile
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import psycopg
from psycopg import sql

from gis.flows.seed_people import PASSWORD
from gis.people.passwords import hash_password
from gis.store.tables import metadata
from scripts.bench.service import free_port, process

TIPG = "tipg==1.6.1"
PLACE = "bench-polygons"
COLLECTION = "public.bench_polygons"
INSTALL_S = 90


class Rival(NamedTuple):
    """tipg as it runs: where the polygons are, and its process."""

    items: str
    pid: int


def signed_in(port: int, username: str, community: str | None = None) -> httpx.Client:
    """Return a client with a token."""
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120)
    body = {"username": username, "password": PASSWORD, "token": True, "community_id": community}
    answer = client.post("/api/v1/session", json={key: value for key, value in body.items() if value})
    answer.raise_for_status()
    client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
    return client


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
    """Take the community away with all that the service has written of it meanwhile."""
    connection.execute("drop view if exists public.bench_polygons")
    for table in reversed(metadata.sorted_tables):
        if "community_id" in table.c:
            gone = sql.SQL("delete from {} where community_id = %s").format(sql.Identifier(table.name))
            connection.execute(gone, (PLACE,))


@contextmanager
def tipg(url: str) -> Iterator[Rival | None]:
    """Serve the same table by tipg, installed for the length of the block; None where it can't be had."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / "bin" / "python")
        command = [python, "-m", "pip", "install", "--quiet", TIPG, "uvicorn"]
        try:
            subprocess.run(command, check=True, timeout=INSTALL_S, capture_output=True)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            print(f"tipg can't be installed here: {error}")
            yield None
            return
        port = free_port()
        settings = {**_address(url), "TIPG_DB_SCHEMAS": '["public"]', "TIPG_MAX_FEATURES_PER_QUERY": "100000"}
        serve = [python, "-m", "uvicorn", "tipg.main:app", "--port", str(port), "--log-level", "warning"]
        with process(serve, port, "/healthz", **settings) as served:
            yield Rival(f"http://127.0.0.1:{port}/collections/{COLLECTION}/items", served.pid)


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
