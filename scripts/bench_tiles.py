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
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from http.client import HTTPConnection
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from gis.store.cluster import PrivateCluster
from scripts.bench.rival_tipg import PLACE, polygons, signed_in, tipg
from scripts.bench.service import Processors, free_port, service

LAYERS = ("grids", "micro_grids", "buildings", "streets", "base", "cases")
ZOOMS = (14, 15, 16, 17, 18)
AIM_COLD_MS, AIM_KEPT_MS, AIM_RATIO = 10.0, 1.0, 10.0
OFTEN = 100
ROUNDS = 6


def milliseconds(act: Callable[[], object]) -> float:
    """Return how long something takes."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def tile(zoom: int, lon: float, lat: float) -> tuple[int, int]:
    """Return the tile that holds a point."""
    scale = 2**zoom
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return int((lon + 180) / 360 * scale), int(y * scale)


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
    get = plain_client(port, client)  # one that takes little time of its own
    for name, act in (
        ("a round trip with one query (/readyz)", lambda: get("/readyz")),
        ("a tile that is kept", lambda: get(path)),
        ("a tile that the client has (304)", lambda: get(path, **tag)),
    ):
        took = statistics.median(milliseconds(act) for _ in range(OFTEN))
        worked = processors.milliseconds(act, OFTEN)
        aim = missed(worked, AIM_KEPT_MS) if "tile" in name else ""
        print(f"{name}: median {took:.2f} ms, processors {worked:.2f} ms{aim}")


def plain_client(port: int, like: httpx.Client) -> Callable[..., None]:
    """Return what asks for a path with the headers of another client, over one connection."""
    connection = HTTPConnection("127.0.0.1", port)
    always = {"Authorization": like.headers["Authorization"], "Accept-Encoding": "gzip"}

    def get(path: str, **headers: str) -> None:
        connection.request("GET", path, headers=always | headers)
        connection.getresponse().read()

    return get


def missed(value: float, aim: float) -> str:
    """Return a word on a figure that is above its aim."""
    return "" if value <= aim else f" (aim {aim:g} MISSED)"


def beside_tipg(port: int, url: str, count: int, *, rival: bool) -> None:
    """Print polygons as GeoJSON by ours and, where a rival is wanted, by tipg, asked in turns."""
    ours = signed_in(port, "bench", PLACE)
    with tipg(url) if rival else nullcontext() as found:
        address, theirs = found and f"{found.items}?f=geojson&limit=100000", httpx.Client(timeout=120)
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
