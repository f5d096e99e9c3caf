"""Measure what filing a report costs: snap, durable write and first offer, over HTTP, beside a plain durable INSERT.

Both servers run one worker on the same machine and the same PostgreSQL cluster, in turns. Prints requests a second,
p50, p99 and the processor time a request of server, database and all together for 1, 8 and 32 clients (medians over the
rounds), their ratio to the yardstick, the time that ``/map`` and its layers take, and the service's resident memory. Everything stays on loopback and ends by itself.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import psycopg
import uvloop

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from gis.store.cluster import PrivateCluster  # noqa: E402
from scripts.bench import service as parts  # noqa: E402
from scripts.bench.http_client import Connection, Load, drive, request  # noqa: E402

CLIENTS = (1, 8, 32)
SPREAD_DEG = 0.0002
"""About twenty metres: so far from the middle of a building reports are."""
KINDS = (
    "road_damage",
    "street_lamp",
    "water_leak",
    "sewer",
    "power_cut",
    "rubbish",
    "manhole",
    "tree",
    "noise",
)
MAP_LAYERS = ("areas?level=micro_grid", "buildings", "streets", "base", "cases?status=open")


def draft(random: Random, places: list[tuple[float, float]]) -> bytes:
    """Return the body of one report at a building of the demo community: a problem of its own, never linked to another."""
    lon, lat = (c + random.uniform(-SPREAD_DEG, SPREAD_DEG) for c in random.choice(places))
    body: dict[str, object] = {"id": str(uuid.uuid4()), "category": random.choice(KINDS)}
    body |= {"description": "约半米宽，注意脚下", "separate": True}
    body |= {"lon": lon, "lat": lat, "datum": "wgs84", "accuracy_m": 10.0}
    return json.dumps(body).encode()


def maker(path: str, token: str, places: list[tuple[float, float]], seed: int) -> Callable[[], bytes]:
    """Return the source of one client's requests."""
    random = Random(seed)
    return lambda: request(
        "POST", path, body=draft(random, places), token=token, media_type="application/json"
    )


def buildings(port: int, token: str) -> list[tuple[float, float]]:
    """Return the middle of every building of the demo, degrees: reports come from all over a community."""
    found = parts.call(port, "GET", "/api/v1/buildings", token=token)["features"]
    corners = [one["geometry"]["coordinates"][0] for one in found]
    return [
        (statistics.mean(lon for lon, _ in ring), statistics.mean(lat for _, lat in ring)) for ring in corners
    ]


def sign_in(port: int, username: str) -> str:
    """Return the token of one of the demo's people."""
    who = {"username": username, "password": "weiwang-demo"}
    return str(parts.call(port, "POST", "/api/v1/session", who)["token"])


def tokens(port: int, count: int) -> list[str]:
    """Sign in as many riders."""
    return [sign_in(port, f"rider{i + 1:03d}") for i in range(count)]


def let_everybody_take_all(cluster: PrivateCluster) -> None:
    """Lift the capacity of responders: a benchmark files more in a minute than a community in a year."""
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        connection.execute("UPDATE responder SET capacity = 32000 WHERE community_id = 'heping'")


def forget_cases(cluster: PrivateCluster) -> None:
    """Call all live cases off, so that every run meets a community as it is on an ordinary day."""
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        connection.execute("UPDATE offer SET status = 'withdrawn' WHERE status = 'live'")
        connection.execute("UPDATE responder SET live_load = 0")
        connection.execute("UPDATE \"case\" SET status = 'cancelled' WHERE closed_at IS NULL")
        connection.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo'")  # their offers' ends
        # An ordinary day has statistics: without any, the cases called off are read beside the live ones, 250 to 600 a report.
        connection.execute("ANALYZE")


@dataclass(frozen=True)
class Server:
    """A server under load: where it listens, what is asked of it, and its process."""

    port: int
    path: str
    pid: int
    postmaster: int
    places: list[tuple[float, float]]

    def measure(self, keys: list[str], clients: int, seconds: float) -> Load:
        """Drive it with a number of clients, and see how much processor time it takes."""
        makers = [
            maker(self.path, keys[i % len(keys)], self.places, seed=clients * 1000 + i)
            for i in range(clients)
        ]
        before = self._taken_s()
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            load = runner.run(drive(self.port, makers, seconds=seconds, good=201))
        taken = [after - earlier for after, earlier in zip(self._taken_s(), before, strict=True)]
        load.processor_s, load.database_s, load.client_s = taken
        return load

    def _taken_s(self) -> tuple[float, float, float]:
        """Return the processor time that server, database and this process have taken so far."""
        return parts.processor_s(self.pid), parts.database_s(self.postmaster), time.process_time()


def rounds(
    options: argparse.Namespace, servers: tuple[Server, Server], cluster: PrivateCluster, keys: list[str]
) -> dict[int, list[list[Load]]]:
    """Measure yardstick and service in turns."""
    found: dict[int, list[list[Load]]] = {}
    for clients in CLIENTS:
        for _ in range(options.rounds):
            forget_cases(cluster)
            pair = [server.measure(keys, clients, options.seconds) for server in servers]
            found.setdefault(clients, []).append(pair)
    return found


def table(found: dict[int, list[list[Load]]]) -> None:
    """Print the comparison, and what was not answered with 201."""
    print(
        "clients | yardstick: req/s, p50, p99 ms; processor ms a request: server, database, all with the client"
        " | submit: the same | submit / yardstick | failures"
    )
    for clients, pairs in found.items():
        cells = []
        for which in (0, 1):
            loads = [pair[which] for pair in pairs]
            rate = statistics.median(load.per_second for load in loads)
            middle = statistics.median(load.percentile_ms(50) for load in loads)
            late = statistics.median(load.percentile_ms(99) for load in loads)
            busy = statistics.median(load.processor_ms for load in loads)
            stored = statistics.median(load.a_request_ms(load.database_s) for load in loads)
            whole = statistics.median(load.total_ms for load in loads)
            cells.append(f"{rate:7.0f} {middle:6.1f} {late:6.1f}; {busy:5.2f} {stored:5.2f} {whole:5.2f}")
        ratio = statistics.median(pair[1].per_second / pair[0].per_second for pair in pairs)
        failures = sum(len(pair[1].failures) for pair in pairs)
        print(f"{clients:7d} | {cells[0]} | {cells[1]} | {ratio:.2f} | {failures}")
    for pairs in found.values():
        for status, body in [failure for pair in pairs for failure in pair[1].failures][:2]:
            print(f"  {status} {body[:300].decode(errors='replace')}")


def map_times(port: int, token: str) -> None:
    """Print how long the map's page and layers take, one after the other."""
    for path in ("/map", *(f"/api/v1/{layer}" for layer in MAP_LAYERS)):
        taken = []
        for _ in range(5):
            begun = time.perf_counter()
            status = asyncio.run(_get(port, path, token))
            taken.append((time.perf_counter() - begun) * 1000)
        print(f"GET {path}: {statistics.median(taken):.1f} ms ({status})")


async def _get(port: int, path: str, token: str) -> int:
    connection = Connection(port)
    status, _ = await connection.send(request("GET", path, token=token))
    connection.close()
    return status


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--state", type=Path, help="state folder (default: a temporary one, with a fresh demo)"
    )
    parser.add_argument("--seconds", type=float, default=4.0, help="length of one run")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each kind")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="weiwang-bench-") as folder:
        state = options.state or Path(folder)
        ports = parts.free_port(), parts.free_port()
        with parts.service(state, ports[1]) as started:
            cluster = PrivateCluster(state)
            let_everybody_take_all(cluster)
            keys = tokens(ports[1], max(CLIENTS))
            print(f"resident before load: {parts.resident_mb(started.pid):.0f} MB")
            map_times(ports[1], sign_in(ports[1], "grid01"))
            with parts.yardstick(cluster, ports[0]) as plain:
                postmaster = parts.postmaster_of(cluster)
                places = buildings(ports[1], keys[0])
                servers = (
                    Server(ports[0], "/notes", plain.pid, postmaster, places),
                    Server(ports[1], "/api/v1/reports", started.pid, postmaster, places),
                )
                table(rounds(options, servers, cluster, keys))
            print(f"resident after load: {parts.resident_mb(started.pid):.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
