#!/usr/bin/env python3
"""Every list among a million cases that are really there, and whether the plans that the tests believe in are the ones that are made.

    .venv/bin/python scripts/bench_million.py [--cases 1000000] [--slow-ms 50] [--plans FOLDER]

``tests/http/test_statements.py`` shows the planner the files and row counts of a million, and has some thousand. Here the same world is drawn,
everything is read that anybody may read, and each statement is planned as the test does it; then a copy of the same world grows until there are
as many cases, with all that belongs to them, everything is read again, and each statement is carried out there. Told are the statements that take
long or look at many rows, those of which the test believes otherwise, and the pages that take longest. The database is one of its own, made in the
folder for temporary files (some 10 GB for a million) and removed afterwards.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
from psycopg import sql
from sqlalchemy import make_url

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from gis.clock import SettableClock  # noqa: E402
from gis.settings import DispatchSettings, RateSettings, Settings  # noqa: E402
from scripts.bench.grown import grow, written_every_day  # noqa: E402
from scripts.bench.plans import QUIET, Plans, explained, looked_at, nodes, shape  # noqa: E402
from tests import server  # noqa: E402
from tests.abuse.world import World  # noqa: E402
from tests.conftest import NOON  # noqa: E402
from tests.factories import Community  # noqa: E402
from tests.http.conftest import running  # noqa: E402
from tests.http.test_statements import COUNTING  # noqa: E402
from tests.statements import CASES, Grown, drawn  # noqa: E402

MANY = 25_000
"""A list that is counted to ten thousand by one way or two looks at no more rows."""
SHOWN = 15
TOO_SLOW_MS = 200.0
"""Nothing that the test takes for quick may take longer."""
LEAVES = """
SELECT c.oid FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid LEFT JOIN pg_class p ON p.oid = i.inhparent
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND coalesce(p.relname, c.relname) = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a statement among the rows that are really there."""

    key: str
    by: str
    elapsed_ms: float
    rows: int
    tables: str
    shape: tuple[str, ...]
    believed: tuple[str, ...] | None
    """As the test plans it; None where it never heard the statement."""
    said_walks: bool


@contextmanager
def indexes_afterwards(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Make the indexes of what is written every day at once when all rows are there."""
    names = [one.name for one in written_every_day()]
    leaves = [oid for (oid,) in connection.execute(LEAVES, [names])]
    connection.execute(
        "UPDATE pg_index SET indisready = false, indisvalid = false WHERE indrelid = ANY(%s)", [leaves]
    )
    yield
    connection.execute("SET maintenance_work_mem = '512MB'")
    for oid in leaves:
        (name,) = connection.execute("SELECT %s::oid::regclass::text", [oid]).fetchone() or ("",)
        connection.execute(sql.SQL("REINDEX TABLE {}").format(sql.SQL(name)))
    connection.execute("VACUUM (ANALYZE)")


def fill(url: str, cases: int) -> dict[str, int]:
    """Let a community grow to so many cases, and return how many rows its tables have then."""
    with psycopg.connect(url, autocommit=True) as connection:
        (there,) = connection.execute('SELECT count(*) FROM "case"').fetchone() or (1,)
        with indexes_afterwards(connection):
            return grow(connection, max(1, round(cases / there) - 1))


def copy_of(url: str) -> str:
    """Make a second database out of one that nobody is connected to, and return its address."""
    name = str(make_url(url).database)
    with psycopg.connect(_named(server.superuser_url(url) or "", "postgres"), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(f"{name}_full"), sql.Identifier(name)
            )
        )
    return _named(url, f"{name}_full")


def _named(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)


async def believed(grown: Grown) -> Plans:
    """Return the plans as the test makes them."""
    with patch("gis.store.ways.SEARCHED", 100):
        counted = [patch(f"gis.store.{name}.COUNTED_TO", 100) for name in COUNTING]
        for one in counted:
            one.start()
        grown.grow()
        await grown.ask_all()
        for one in counted:
            one.stop()
    return grown.plans()[0]


async def read(grown: Grown) -> Counter[str]:
    """Read everything that anybody may read, and return how long each took, milliseconds."""
    took: Counter[str] = Counter()
    ask = grown.ask

    async def timed(who: str, path: str, query: dict[str, str] | None = None) -> int:
        begun = time.perf_counter()
        try:
            return await ask(who, path, query)
        finally:
            took[f"{who} {path} {query or ''}"] = round(1000 * (time.perf_counter() - begun))

    with patch.object(grown, "ask", timed):
        await grown.ask_all()
        for one in [name for name, _ in took.most_common(SHOWN)]:  # the first time may have read from disk
            who, path, query = one.split(" ", 2)
            await timed(who, path, dict(_pairs(query)))
    return took


def _pairs(query: str) -> Iterator[tuple[str, str]]:
    if query:
        name, _, value = query.strip("{}").partition(": ")
        yield name.strip("'"), value.strip("'")


def carried_out(grown: Grown, told: Plans) -> list[Found]:
    """Carry out every statement that was heard among the rows that are there; the slowest first."""
    found = []
    with psycopg.connect(grown.superuser_url, autocommit=True) as connection:
        connection.execute(QUIET)
        for one in grown.asked.values():
            if not one.only_looks:
                continue
            try:
                explained(connection, one)
                plan = explained(connection, one)
            except psycopg.errors.QueryCanceled:
                plan = {"Execution Time": 20_000.0, "Plan": {"Node Type": "cancelled", "Actual Rows": 10**9}}
            rows: Counter[str] = Counter()
            for step in nodes(plan):
                rows[str(step.get("Relation Name", ""))] += looked_at(step) if "Relation Name" in step else 0
            tables = ", ".join(f"{name} {n:,}" for name, n in rows.most_common(2) if n)
            before = told.plans.get(one.key)
            found.append(
                Found(
                    one.key, grown.by[one.key], float(plan["Execution Time"]), sum(rows.values()), tables,
                    shape(plan), shape(before) if before else None, one.key in told.wrong,
                )
            )  # fmt: skip
    return sorted(found, key=lambda one: -one.elapsed_ms)


def tell(found: list[Found], pages: Counter[str], slow_ms: float, folder: Path | None) -> int:
    """Print what was found, and return how many statements the test believes quick that aren't."""
    known = [one for one in found if one.believed is not None]
    same = [one for one in known if one.shape == one.believed]
    slow = [one for one in found if one.elapsed_ms > slow_ms or one.rows > MANY]
    unseen = [one for one in slow if one.believed is not None and not one.said_walks]
    print(
        f"{len(found)} statements, {len(known)} of them heard by the test as well; {len(same)} have the same plan, step by step;"
        f" {len(slow)} take more than {slow_ms:g} ms or look at more than {MANY:,} rows, {len(unseen)} of them unsaid by the test"
    )
    for place, one in enumerate(slow):
        said = "never heard" if one.believed is None else "said to walk" if one.said_walks else "unsaid"
        print(f"{one.elapsed_ms:8.1f} ms  {one.rows:>10,} rows  {said:12}  {one.by}: {one.tables}")
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            steps = ("\n".join(one.shape), "\n".join(one.believed or ()))
            (folder / f"{place:03}.txt").write_text(f"{one.by}\n{one.key}\n\n" + "\n\n".join(steps), "utf-8")
    print("pages and lists that take longest:")
    for name, took_ms in pages.most_common(SHOWN):
        print(f"{took_ms:8} ms  {name}")
    return sum(one.elapsed_ms > TOO_SLOW_MS for one in unseen)


async def run(options: argparse.Namespace, settings: Settings) -> int:
    """Draw, grow, read and compare."""
    clock = SettableClock(NOON)
    with server.new_database("million") as url:
        community, world = await drawn(url, settings, clock)
        full = copy_of(url)
        told = await _told(url, settings, community, world)
        begun = time.perf_counter()
        rows = fill(server.superuser_url(full) or "", options.cases)
        most = ", ".join(f"{name} {n:,}" for name, n in Counter(rows).most_common(8))
        print(
            f"{sum(rows.values()):,} rows in {time.perf_counter() - begun:.0f} s: {most}",
            flush=True,
        )
        async with running(settings, full, community, clock) as service:
            grown = Grown(service, world, server.superuser_url(full) or "")
            pages = await read(grown)
            return tell(carried_out(grown, told), pages, options.slow_ms, options.plans)


async def _told(url: str, settings: Settings, community: Community, world: World) -> Plans:
    async with running(settings, url, community, SettableClock(NOON)) as service:
        return await believed(Grown(service, world, server.superuser_url(url) or ""))


def main() -> int:
    """Run; 1 where something is slow that the test takes for quick."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--slow-ms", type=float, default=50.0, help="a statement that takes longer is slow")
    parser.add_argument("--plans", type=Path, help="a folder for the slow ones with their plans")
    options = parser.parse_args()
    os.environ.pop("DATABASE_URL", None)  # files of a server of our own are lengthened
    server.begin()
    try:
        with tempfile.TemporaryDirectory(prefix="weiwang-million-") as folder:
            settings = Settings(
                state=Path(folder), run_jobs=False,
                dispatch=DispatchSettings(roster_s=0.0), rates=RateSettings(enforced=False),
            )  # fmt: skip
            return 1 if asyncio.run(run(options, settings)) else 0
    finally:
        server.end()


if __name__ == "__main__":
    sys.exit(main())
