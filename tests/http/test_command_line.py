"""The command line: what it prints, and how it ends."""

import asyncio
import csv
import http.client
import io
import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from api.cli import run
from api.cli.demo import ensure_demo
from gis.settings import Settings
from tests.factories import Community, at

ROOT = Path(__file__).parents[2]
WEIWANG = [sys.executable, "-c", "from api.cli import main; main()"]
FEW_FILES = 1000
IDLE_S = 5.5
"""Longer than uvicorn keeps a connection by itself."""


@pytest.fixture
def shell(community: Community, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys):
    """Give a function that runs a command against the drawn community and returns code, output and errors."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("WEIWANG_STATE", str(tmp_path))
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)

    async def call(*arguments: str) -> tuple[int, str, str]:
        code = await asyncio.to_thread(run, list(arguments))  # commands begin event loops of their own
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


async def test_help_names_only_what_works(shell) -> None:
    code, out, _ = await shell("--help")
    names = set(re.findall(r"^│ ([a-z]+) ", out, re.MULTILINE))
    assert code == 0
    assert names >= {
        "serve",
        "doctor",
        "import",
        "migrate",
        "simulate",
        "user",
        "locate",
        "snap",
        "dispatch",
        "heatmap",
    }
    for name in sorted(names):
        code, out, _ = await shell(name, "--help")
        assert code == 0
        assert "Usage" in out


@pytest.mark.parametrize(
    "arguments",
    [
        ("locate", "41.789", "123.415"),
        ("locate", "nan", "41.789"),
        ("locate", "123.415", "41.789", "--datum", "mars"),
        ("snap", "/nowhere.csv", "/tmp/out.csv"),
        ("import", "/nowhere"),
        ("import", "--id", "x", "--osm", "/nowhere.osm"),
        ("import", "--id", "No Such Id", "--osm", "/nowhere.osm"),
        ("user", "add", "x", "--name", "X", "--role", "emperor"),
        ("user", "deactivate", "nobody"),
        ("dispatch", "no-uuid"),
        ("dispatch", "00000000-0000-0000-0000-000000000000"),
        ("heatmap", "/nowhere/else.html"),
        ("frobnicate",),
        ("serve", "--port", "99999"),
    ],
)
async def test_bad_input_is_one_line_and_exit_2(shell, arguments) -> None:
    code, out, err = await shell(*arguments)
    assert code == 2, err
    assert out == ""
    assert "Traceback" not in err
    assert err.strip()


async def test_locate_and_snap(shell, tmp_path: Path) -> None:
    lon, lat = at(50, 58)
    code, out, _ = await shell("locate", str(lon), str(lat), "--json")
    assert code == 0
    assert json.loads(out)["micro_grid"]["code"] == "01-01"
    given, written = tmp_path / "in.csv", tmp_path / "out.csv"
    given.write_text(f"name,lon,lat\na,{lon},{lat}\nb,{lon + 1},{lat}\n", encoding="utf-8")
    code, out, _ = await shell("snap", str(given), str(written), "--json")
    assert json.loads(out) == {"rows": 2, "inside": 1, "file": str(written)}
    rows = list(csv.DictReader(io.StringIO(written.read_text(encoding="utf-8-sig"))))
    assert [(one["name"], one["micro_grid"]) for one in rows] == [("a", "01-01"), ("b", "")]
    given.write_text("lon,lat\n1,2\nx,y\n", encoding="utf-8")
    code, _, err = await shell("snap", str(given), str(written))
    assert code == 2
    assert "row 3" in err


async def test_accounts(shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("a long password\n"))
    code, _, err = await shell(
        "user", "add", "newcomer", "--name", "新人", "--role", "grid_worker", "--grid", "01"
    )
    assert code == 0, err
    code, out, _ = await shell("user", "list", "--json")
    [one] = [account for account in json.loads(out) if account["username"] == "newcomer"]
    assert (one["role"], one["areas"], one["active"]) == ("grid_worker", ["01"], True)
    assert (await shell("user", "deactivate", "newcomer"))[0] == 0
    code, out, _ = await shell("user", "list", "--json")
    assert [account["active"] for account in json.loads(out) if account["username"] == "newcomer"] == [False]


async def test_doctor_and_heatmap(shell, tmp_path: Path) -> None:
    code, out, _ = await shell("doctor", "--json")
    found = json.loads(out)
    assert code == 0, out
    assert {one["name"] for one in found["findings"]} >= {"PostGIS", "数据库", "磁盘"}
    assert found["settings"]["database_url"] == "(set)"
    code, out, _ = await shell("doctor")
    assert "PostGIS" in out
    file = tmp_path / "heat.html"
    assert (await shell("heatmap", str(file)))[0] == 0
    assert "<html" in file.read_text(encoding="utf-8")


@pytest.mark.slow
async def test_a_demo_that_was_cut_off_is_loaded_anew(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(state=tmp_path)
    began = asyncio.create_task(ensure_demo(settings, database_url, days=3))
    while not _count(database_url, 'SELECT count(*) FROM "case"') and not began.done():  # noqa: ASYNC110 - the database is watched
        await asyncio.sleep(0.05)
    began.cancel()
    await asyncio.gather(began, return_exceptions=True)
    assert _count(database_url, "SELECT count(*) FROM person")
    assert not _count(database_url, "SELECT count(*) FROM community WHERE settings ? 'demo_complete'")
    await ensure_demo(settings, database_url, days=1)
    assert _count(database_url, "SELECT count(*) FROM community WHERE settings ? 'demo_complete'") == 1
    assert _count(database_url, "SELECT count(*) FROM person WHERE role = 'watcher'") == 141
    assert _count(database_url, "SELECT count(*) FROM person WHERE role = 'rider'") == 120
    people = _count(database_url, "SELECT count(*) FROM person")
    await ensure_demo(settings, database_url, days=1)
    assert _count(database_url, "SELECT count(*) FROM person") == people


def _count(url: str, query: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _Served:
    """``weiwang serve``, or ``weiwang jobs``, in a process of its own."""

    def __init__(self, url: str, state: Path, *words: object) -> None:
        environment = {**os.environ, "DATABASE_URL": url, "LANG": "en_GB.UTF-8"}
        environment["WEIWANG_LOG__SLOW_S"] = "60"  # a machine may have other things to do
        command = [*WEIWANG, *map(str, words), "--state", str(state)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def until_ready(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line.startswith("ready"):
            raise AssertionError(line + (self.process.communicate(timeout=20)[1] or ""))
        return line

    def end(self, sent: signal.Signals) -> tuple[int, str]:
        self.process.send_signal(sent)
        _, err = self.process.communicate(timeout=30)
        return self.process.returncode, err


@contextmanager
def few_files() -> Iterator[None]:
    """Let what is started within the block open few files, as a system does that nobody has told about services."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (FEW_FILES, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def is_ready(connection: http.client.HTTPConnection) -> bool:
    """Ask the service over a connection that may have been idle."""
    connection.request("GET", "/readyz")
    return bool(json.load(connection.getresponse())["ready"])


def wrong(err: str) -> list[str]:
    """Return what was said on the error stream, but for warnings: a machine may have other things to do."""
    return [line for line in err.splitlines() if '"level": "warning"' not in line]


@pytest.mark.slow
def test_serve_tells_when_it_answers_ends_quickly_and_begins_again(database_url: str, tmp_path: Path) -> None:
    port = _free_port()
    with few_files():
        served = _Served(database_url, tmp_path, "serve", "--port", port)
    try:
        line = served.until_ready()
        assert f"http://127.0.0.1:{port}/" in line
        assert resource.prlimit(served.process.pid, resource.RLIMIT_NOFILE)[0] > FEW_FILES
        proxy = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        assert is_ready(proxy)
        asked, socket_kept = time.monotonic(), proxy.sock
        refused = _Served(database_url, tmp_path, "serve", "--port", port)
        _, err = refused.process.communicate(timeout=30)
        assert refused.process.returncode == 1
        assert len(err.strip().splitlines()) == 1
        assert str(port) in err
        time.sleep(max(0.0, asked + IDLE_S - time.monotonic()))
        assert is_ready(proxy)
        assert proxy.sock is socket_kept, "a proxy would have lost what it sent just then"
        proxy.close()
    finally:
        code, err = served.end(signal.SIGINT)
    assert (code, wrong(err)) == (130, [])
    served = _Served(database_url, tmp_path, "serve", "--port", port)
    try:
        served.until_ready()
    finally:
        code, err = served.end(signal.SIGTERM)
    assert (code, wrong(err)) == (0, [])


@pytest.mark.slow
def test_jobs_are_carried_out_by_a_process_without_pages(database_url: str, tmp_path: Path) -> None:
    worker = _Served(database_url, tmp_path, "jobs")
    try:
        assert worker.until_ready() == "ready  jobs\n"
        with psycopg.connect(database_url, autocommit=True) as connection:
            job = connection.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('weiwang', 'sweep') RETURNING id"
            ).fetchone()
            done = "SELECT status FROM procrastinate_jobs WHERE id = %s"
            while connection.execute(done, job).fetchone() != ("succeeded",):
                assert worker.process.poll() is None
                time.sleep(0.1)
    finally:
        code, err = worker.end(signal.SIGTERM)
    assert (code, wrong(err)) == (0, [])


@pytest.mark.slow
def test_a_database_that_does_not_answer_is_one_line(tmp_path: Path) -> None:
    served = _Served(f"postgresql://nobody@127.0.0.1:{_free_port()}/none", tmp_path, "serve")
    _, err = served.process.communicate(timeout=60)
    assert served.process.returncode == 1
    assert "Traceback" not in err
    assert len(err.strip().splitlines()) == 1
