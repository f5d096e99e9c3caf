"""How long a look takes with its waiting row, how fast entries are chained, and how fast a million are looked over.

Usage: ``python scripts/bench_audit.py [--entries 1000000] [--database URL]``; without a URL a private server is made and removed.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from gis.clock import SystemClock
from gis.flows.atlas import Atlas
from gis.flows.audit.chaining import chain_waiting
from gis.flows.audit.verifying import verify
from gis.flows.work import Work
from gis.settings import Settings
from gis.store.access_log import log_access
from gis.store.audit import steady
from gis.store.cluster import PrivateCluster
from gis.store.jobs import ProcrastinateJobs
from gis.store.migrate import upgrade
from gis.store.photos import PhotoStore
from gis.store.session import Database
from tests.factories import draw_community

LOOKS = 300


def main() -> None:
    """Measure and print a line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--database", default="")
    given = parser.parse_args()
    if given.database:
        asyncio.run(measure(given.database, given.entries))
        return
    with tempfile.TemporaryDirectory(prefix="weiwang-audit-") as folder:
        Path(folder).chmod(0o711)
        with PrivateCluster(Path(folder) / "state", durable=False).running() as cluster:
            upgrade(cluster.url())
            asyncio.run(measure(cluster.url(), given.entries))


async def measure(url: str, entries: int) -> None:
    """Write entries, chain them, look them over."""
    database = Database(url)
    atlas, settings = Atlas(), Settings()

    @asynccontextmanager
    async def work() -> AsyncIterator[Work]:
        async with database.write() as session:
            yield Work(
                session,
                SystemClock(),
                ProcrastinateJobs(),
                atlas,
                PhotoStore(settings.photo_folder),
                settings,
            )

    async with work() as unit:
        drawn = await draw_community(unit.session)
    person = drawn.id("desk")
    begun = time.perf_counter()
    for number in range(LOOKS):
        async with work() as unit:
            await log_access(
                unit.session,
                "test",
                at=unit.clock.now(),
                person_id=person,
                kind="case",
                subject_id=str(number),
            )
    _tell("a look, transaction and all", 1000 * (time.perf_counter() - begun) / LOOKS, "ms")
    async with work() as unit:
        await unit.session.direct(
            "WITH written AS (INSERT INTO access (community_id, at, person_id, kind, subject_id, why)"
            " SELECT 'test', now(), %(person)s, 'case', n::text, 'w' || n FROM generate_series(1, %(n)s) AS n"
            " RETURNING access_id) INSERT INTO audit_waiting (community_id, source, key)"
            " SELECT 'test', 'access', access_id::text FROM written",
            {"person": person, "n": entries},
        )
    begun, spent = time.perf_counter(), time.process_time()
    chained = await chain_waiting(work)
    elapsed = time.perf_counter() - begun
    _tell(f"chaining {chained:,}", elapsed, "s")
    _tell("of it in this process", time.process_time() - spent, "s")
    begun, spent = time.perf_counter(), time.process_time()
    async with database.read() as session:
        await steady(session)
        found = await verify(session, "test")
    _tell(
        f"looking {found.seq:,} over ({'whole' if found.finding is None else found.finding})",
        time.perf_counter() - begun,
        "s",
    )
    _tell("of it in this process", time.process_time() - spent, "s")
    await database.close()


def _tell(what: str, value: float, unit: str) -> None:
    sys.stdout.write(f"{what:<60}{value:10.2f} {unit}\n")


if __name__ == "__main__":
    main()
