#!/usr/bin/env python3
"""How soon everybody who has a page open hears of a report, and what listening costs.

    .venv/bin/python scripts/bench_events.py [--streams 300 1000] [--reports 20] [--state FOLDER | --port N --pid N]

The service with the demo community runs as a process of its own, as in practice; the desk's event stream is opened so many
times over loopback, reports are filed one after another, and for each the time is taken from sending it until each stream
has carried it. Service and listeners share the machine's cores. On a machine with other work the times say little: the
processor time of the service, idle and for a report, and its memory are printed too.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from gis.flows.seed_people import PASSWORD
from scripts.bench.http_client import Connection, request
from scripts.bench.service import call, free_port, processor_s, resident_mb, service

IDLE_S = 10.0
HEARD_S = 30.0
OPENED_S = 180.0
PAUSE_S = 0.2
PLACE = (123.4153, 41.789)  # in the demo community
CREATED = 201
OK = b" 200 "


@dataclass
class Hearing:
    """When each stream carried the event of each case."""

    at: dict[str, list[float]] = field(default_factory=dict)
    open: int = 0
    refused: int = 0

    async def listen(self, port: int, token: str) -> None:
        """Read one stream until it is cancelled."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
        try:
            writer.write(request("GET", "/api/v1/events", token=token))
            if OK not in await reader.readline():
                self.refused += 1
            async for line in reader:
                if line.startswith(b"event: hello"):
                    self.open += 1
                elif line.startswith(b"data: {") and b'"verb":"submit"' in line:
                    case_id = json.loads(line[6:])["case_id"]
                    self.at.setdefault(case_id, []).append(time.perf_counter())
        finally:
            writer.close()


def token_of(port: int, username: str) -> str:
    """Sign somebody of the demo in."""
    body = {"username": username, "password": PASSWORD, "token": True}
    return str(call(port, "POST", "/api/v1/session", body)["token"])


async def file_reports(
    port: int, token: str, count: int, hearing: Hearing, streams: int
) -> list[list[float]]:
    """File reports one after another; return for each how long each stream took to carry it, seconds."""
    connection, delays = Connection(port), []
    for nth in range(count):
        body = {
            "id": str(uuid4()),
            "category": "rubbish",
            "description": f"{nth}",
            "lon": PLACE[0] + nth * 0.0003,
            "lat": PLACE[1],
            "source": "pin",
            "separate": True,
        }
        sent = request(
            "POST",
            "/api/v1/reports",
            body=json.dumps(body).encode(),
            token=token,
            media_type="application/json",
        )
        begun = time.perf_counter()
        status, answer = await connection.send(sent)
        if status != CREATED:
            raise SystemExit(f"a report was answered with {status}: {answer!r}")
        case_id = json.loads(answer)["case_id"]
        async with asyncio.timeout(HEARD_S):
            while len(hearing.at.get(case_id, ())) < streams:  # noqa: ASYNC110 - streams are read beside this
                await asyncio.sleep(0.005)
        delays.append([at - begun for at in hearing.at[case_id]])
        await asyncio.sleep(PAUSE_S)
    connection.close()
    return delays


async def measure(port: int, pid: int, streams: int, reports: int) -> None:
    """Open so many streams, file reports and print what was found."""
    desk, reporter = token_of(port, "desk"), token_of(port, "resident")
    hearing = Hearing()
    before, begun = processor_s(pid), time.perf_counter()
    listeners = [asyncio.create_task(hearing.listen(port, desk)) for _ in range(streams)]
    try:
        async with asyncio.timeout(OPENED_S):
            while hearing.open + hearing.refused < streams:  # noqa: ASYNC110 - streams are read beside this
                await asyncio.sleep(0.02)
        opened_s, opening_s = time.perf_counter() - begun, processor_s(pid) - before
        streams = hearing.open
        before = processor_s(pid)
        await asyncio.sleep(IDLE_S)
        idle = (processor_s(pid) - before) / IDLE_S
        before, begun = processor_s(pid), time.perf_counter()
        delays = np.array(await file_reports(port, reporter, reports, hearing, streams))
        working_s = processor_s(pid) - before - idle * (time.perf_counter() - begun)
    finally:
        for one in listeners:
            one.cancel()
        await asyncio.gather(*listeners, return_exceptions=True)
    last = delays.max(axis=1)
    print(
        f"{streams} streams ({hearing.refused} refused), all open after {opened_s:.1f} s and"
        f" {1000 * opening_s / max(1, streams):.0f} ms of processor each; {reports} reports: each heard after p50 {np.median(delays):.2f} s, p99"
        f" {np.percentile(delays, 99):.2f} s; all had heard after p50 {np.median(last):.2f} s, worst {last.max():.2f} s;"
        f" service idle {100 * idle:.1f}% of a core, {1000 * working_s / reports:.0f} ms of processor a report,"
        f" {resident_mb(pid):.0f} MB"
        f" (load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)"
    )


@contextmanager
def served(given: argparse.Namespace) -> Iterator[tuple[int, int]]:
    """Give port and process of the service: one that runs, or one of the benchmark's own."""
    if given.port:
        yield given.port, given.pid
        return
    with tempfile.TemporaryDirectory() as made:
        port = free_port()
        with service(given.state or Path(made), port) as started:
            yield port, started.pid


def main() -> None:
    """Measure with each number of streams in turn."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--streams", type=int, nargs="+", default=[300])
    parser.add_argument("--reports", type=int, default=20)
    parser.add_argument("--state", type=Path, help="of a demo that is kept; without it one is made anew")
    parser.add_argument("--port", type=int, help="of a service that runs already, with --pid")
    parser.add_argument("--pid", type=int)
    given = parser.parse_args()
    if bool(given.port) != bool(given.pid):
        parser.error("--port and --pid go together")
    with served(given) as (port, pid):
        for streams in given.streams:
            asyncio.run(measure(port, pid, streams, given.reports))


if __name__ == "__main__":
    main()
