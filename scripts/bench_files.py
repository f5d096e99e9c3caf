"""What large files cost, end to end by the command itself: a workbook of many cases out, a hotline's file of many orders in.

    .venv/bin/python scripts/bench_files.py [--cases 100000] [--orders 100000]

A database of its own with the demo community. Each command runs as a process of its own; told are its rows, elapsed time,
processor time (its own and the database's), and the most memory that it held, beside that of the same command with ten rows.
The hotline's file is imported twice: the second time nothing may change.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import psycopg

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from gis.clock import SystemClock  # noqa: E402
from gis.flows.atlas import Atlas  # noqa: E402
from gis.flows.import_community import import_community  # noqa: E402
from gis.flows.import_request import ImportRequest  # noqa: E402
from gis.flows.seed_people import seed_people  # noqa: E402
from gis.flows.work import Work  # noqa: E402
from gis.settings import Settings  # noqa: E402
from gis.store.community_facts import addresses  # noqa: E402
from gis.store.jobs import ProcrastinateJobs  # noqa: E402
from gis.store.photos import PhotoStore  # noqa: E402
from gis.store.session import Database  # noqa: E402
from scripts.bench.hotspot_service import fill  # noqa: E402
from scripts.bench.service import database_s  # noqa: E402
from scripts.bench_claims import own_database  # noqa: E402

FEW = 10
TITLES = ("工单编号", "受理时间", "办理时限", "问题类别", "问题描述", "地址", "联系电话")
SAID = (
    "路灯不亮",
    "下水堵塞，污水外溢",
    "楼道堆放杂物",
    "垃圾没有清运",
    "路面塌陷",
    "邻居噪声扰民",
    "停水，请尽快处理",
)
SLIP = 0.05
"""So many addresses are written a little differently."""


class Cost(NamedTuple):
    """What a command took."""

    elapsed_s: float
    own_s: float
    server_s: float
    most_mb: float
    told: dict[str, Any]


def command(url: str, state: Path, arguments: Sequence[object]) -> Cost:
    """Run ``weiwang`` and return what it took and told."""
    weiwang = str(Path(sys.executable).with_name("weiwang"))
    environment = os.environ | {"DATABASE_URL": url, "WEIWANG_STATE": str(state), "LANG": "C.UTF-8"}
    before, began = _server_s(url), time.perf_counter()
    with tempfile.TemporaryFile() as out:
        started = subprocess.Popen(
            [weiwang, *map(str, arguments), "--json"], stdout=out, env=environment, cwd=ROOT
        )
        _, status, used = os.wait4(started.pid, 0)
        started.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        text = out.read()
    if started.returncode:
        raise SystemExit(f"weiwang {arguments[0]} ended with {started.returncode}")
    elapsed = time.perf_counter() - began
    own = used.ru_utime + used.ru_stime
    return Cost(elapsed, own, _server_s(url) - before, used.ru_maxrss / 1024, json.loads(text))


def _server_s(url: str) -> float:
    """Return the processor time that the server has taken with all its processes, seconds."""
    with psycopg.connect(url) as connection:
        (backend,) = connection.execute("SELECT pg_backend_pid()").fetchone() or (0,)
        fields = Path(f"/proc/{backend}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return database_s(int(fields[1]))


async def demo(url: str, state: Path) -> tuple[str, list[str]]:
    """Load the demo community with its people, and return its id and its addresses."""
    database, atlas = Database(url), Atlas()
    try:
        request = ImportRequest.from_manifest(ROOT / "data" / "boundaries")
        community_id = (await import_community(database, request)).community_id
        async with database.write() as session:
            photos = PhotoStore(state / "photos")
            work = Work(session, SystemClock(), ProcrastinateJobs(), atlas, photos, Settings())
            await seed_people(work, community_id)
        async with database.read() as session:
            return community_id, [one.label for one in await addresses(session, community_id) if one.label]
    finally:
        await database.close()


def orders(path: Path, count: int, places: Sequence[str]) -> None:
    """Write a hotline's file of so many orders of the last year, as spreadsheets write it."""
    choose = random.Random(1)
    now = datetime.now().replace(microsecond=0) - timedelta(days=1)  # noqa: DTZ005 - files name no zone
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(TITLES)
        for number in range(count):
            received = now - timedelta(minutes=choose.randrange(365 * 24 * 60))
            place, said = choose.choice(places), choose.choice(SAID)
            if choose.random() < SLIP:
                place = f"{place}附近 {number % 7 + 1} 单元"
            due = received + timedelta(days=choose.choice((1, 3, 5)))
            row = (
                f"12345-{number:07d}",
                received,
                due,
                said[:4],
                f"{said}（{number}）",
                place,
                "024-88880000",
            )
            writer.writerow(row)


def tell(what: str, cost: Cost, small: Cost | None) -> None:
    """Print a line."""
    before = f" (with {FEW} rows {small.most_mb:.0f})" if small else ""
    print(
        f"{what}: {cost.elapsed_s:.1f} s, processors {cost.own_s:.1f} + {cost.server_s:.1f} s,"
        f" at most {cost.most_mb:.0f} MB{before}",
        flush=True,
    )


def exported(url: str, state: Path, folder: Path) -> None:
    """Write workbooks of few and of all cases."""
    few = command(url, state, ["export", folder / "cases-few.xlsx", "--from", "2199-01-01"])
    whole = command(url, state, ["export", folder / "cases.xlsx"])
    tell(f"XLSX of {whole.told['rows']:,} cases, {whole.told['bytes'] / 1e6:.1f} MB", whole, few)


def imported(url: str, state: Path, folder: Path, count: int, places: Sequence[str]) -> None:
    """Import a hotline's file, look at it, write it, and write it again."""
    small, file = folder / "few.csv", folder / "orders.csv"
    orders(small, FEW, places)
    orders(file, count, places)
    few = command(url, state, ["hotline", "import", small, "--look"])
    looked = command(url, state, ["hotline", "import", file, "--look"])
    shown = {key: looked.told[key] for key in ("rows", "new", "doubtful_rows", "problem_rows")}
    tell(f"looked at {file.stat().st_size / 1e6:.1f} MB {shown}", looked, few)
    written = command(url, state, ["hotline", "import", file])
    counts = written.told["written"]["counts"]
    tell(f"written {counts}, {1000 * written.elapsed_s / max(count, 1):.1f} ms an order", written, few)
    again = command(url, state, ["hotline", "import", file])
    tell(f"again {again.told['written']['counts']}", again, few)


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=int, default=100_000, help="cases in the workbook; 0: none")
    parser.add_argument("--orders", type=int, default=100_000, help="orders in the hotline's file; 0: none")
    given = parser.parse_args()
    with own_database() as url, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        state = folder / "state"
        state.mkdir()
        community_id, places = asyncio.run(demo(url, state))
        if given.orders:
            imported(url, state, folder, given.orders, places)
        if given.cases:
            fill(url, community_id, given.cases)
            exported(url, state, folder)


if __name__ == "__main__":
    main()
