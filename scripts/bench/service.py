"""The service and the yardstick as processes of their own, on loopback, ended with the benchmark."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from gis.store.cluster import PrivateCluster

ROOT = Path(__file__).resolve().parents[2]
START_S = 240.0


def free_port() -> int:
    """Return a port of loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def call(port: int, method: str, path: str, body: Any = None, token: str = "") -> Any:
    """Send one JSON request and return the decoded answer."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, headers, method=method)
    with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310 - loopback only
        return json.loads(answer.read() or b"null")


@contextmanager
def process(
    command: list[str], port: int, path: str, **environment: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the end of the block; wait until ``path`` answers."""
    started = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL)
    try:
        _wait_for(started, f"http://127.0.0.1:{port}{path}")
        yield started
    finally:
        started.terminate()
        started.wait(30)


def _wait_for(started: subprocess.Popen[bytes], url: str) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        if started.poll() is not None:
            raise SystemExit(f"the server for {url} ended with {started.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - loopback only
                if answer.status == 200:  # noqa: PLR2004
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise SystemExit(f"{url} did not answer within {START_S:.0f} s")


@contextmanager
def service(state: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Serve the demo community from ``state``, to a crowd that limits of requests would turn away."""
    weiwang = Path(sys.executable).with_name("weiwang")
    command = [str(weiwang), "serve", "--demo", "--state", str(state), "--port", str(port)]
    with process(command, port, "/readyz", WEIWANG_RATES__ENFORCED="false") as started:
        yield started


@contextmanager
def yardstick(cluster: PrivateCluster, port: int, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Serve the yardstick from a database of its own in the same cluster."""
    with psycopg.connect(cluster.superuser_url(), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS yardstick")
        connection.execute("CREATE DATABASE yardstick")
    url = cluster.superuser_url("yardstick")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION postgis")
    command = [sys.executable, "-m", "uvicorn", "scripts.bench.yardstick:app", "--port", str(port)]
    quiet = ["--log-level", "warning", "--no-access-log"]
    with process([*command, *quiet], port, "/hello", YARDSTICK_URL=url, **environment) as started:
        yield started


def resident_mb(pid: int) -> float:
    """Return a process's resident memory in megabytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def processor_s(pid: int) -> float:
    """Return the processor time that a process has taken, seconds."""
    _, own, _ = _times(pid)
    return own


def database_s(postmaster: int) -> float:
    """Return the processor time that a PostgreSQL server has taken with all its processes, ended ones included, seconds."""
    _, own, ended = _times(postmaster)
    total = own + ended
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            with suppress(FileNotFoundError, ProcessLookupError):
                parent, taken, _ = _times(int(folder.name))
                total += taken if parent == postmaster else 0.0
    return total


def _times(pid: int) -> tuple[int, float, float]:
    """Return a process's parent, its own processor time, and that of its children that have ended."""
    text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    fields = [int(one) for one in text.rpartition(")")[2].split()[1:15]]
    ticks = os.sysconf("SC_CLK_TCK")
    return fields[0], (fields[10] + fields[11]) / ticks, (fields[12] + fields[13]) / ticks


def postmaster_of(cluster: PrivateCluster) -> int:
    """Return the process id of a cluster's server."""
    with psycopg.connect(cluster.superuser_url()) as connection:
        (folder,) = connection.execute("SHOW data_directory").fetchone() or ("",)
    return int((Path(folder) / "postmaster.pid").read_text(encoding="utf-8").split()[0])


class Processors:
    """Processor time of a server and of its database, all processes together."""

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
