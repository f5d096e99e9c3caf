"""What recording and finding residents costs: the demo's register made, and 10,000 people searched in memory.

    .venv/bin/python scripts/bench_residents.py [--people 10000]

Names lie sealed, so a search opens those of the reader's areas and looks at them in memory; nothing that is opened is kept.
Figures are seconds of this process's processor (the machine may have other work), the median of several looks.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from api.cli.frame import DEMO, Desk
from gis.flows.atlas import Atlas
from gis.flows.import_community import import_community
from gis.flows.import_request import ImportRequest
from gis.flows.residents.demo import seed_residents
from gis.flows.residents.reading import Query, find_people
from gis.flows.seed_people import seed_people
from gis.settings import Settings
from gis.store.cluster import PrivateCluster
from gis.store.migrate import upgrade
from gis.store.session import Database
from gis.store.sessions import actors
from gis.words import Actor
from web.resident_words import flag_words

LOOKS = 7
PEOPLE_A_HOUSEHOLD = 2.26
TEXTS = ("", "王", "wxy", "wangxiu", "八经街46号 301", "独居", "wj 独居", "10001234567")
READERS = ("desk", "grid01", "watcher001")


async def measured(at: Desk, actor: Actor, text: str) -> tuple[float, int]:
    """Return the median of the processor's seconds of a search, and how many were found."""
    spent, total = [], 0
    for _ in range(LOOKS):
        async with at.work() as work:
            begun = time.process_time()
            total = (await find_people(work, actor, Query(text, flag_words=flag_words()))).total
            spent.append(time.process_time() - begun)
    return statistics.median(spent), total


async def run(settings: Settings, url: str, people: int) -> None:
    """Make the community, and look for people."""
    request = ImportRequest.from_manifest(DEMO)
    database = Database(url, pool_size=2)
    at = Desk(settings, database, Atlas(office=settings.office))
    try:
        await import_community(database, request)
        async with at.work() as work:
            await seed_people(work, request.community_id)
        async with at.work() as work:
            wall, begun = time.perf_counter(), time.process_time()
            made = await seed_residents(
                work, request.community_id, households=round(people / PEOPLE_A_HOUSEHOLD)
            )
        took, waited = time.process_time() - begun, time.perf_counter() - wall
        share = 100 * made.over_60 / made.people
        print(
            f"recorded {made.people} people in {made.households} households, {share:.0f}% are 60 and over: "
            f"{took:.2f} s of processor, {waited:.2f} s by the clock"
        )
        async with database.read() as session:
            known = {one.username: one for one in await actors(session, request.community_id)}
        for username in READERS:
            for text in TEXTS:
                spent, total = await measured(at, known[username], text)
                print(f"{username:12} {text or '(all)':16} {1000 * spent:7.1f} ms  {total:6} found")
    finally:
        await database.close()


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--people", type=int, default=10_000)
    people = parser.parse_args().people
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(state=Path(folder))
        with PrivateCluster(settings.state).running() as cluster:
            upgrade(cluster.url())
            asyncio.run(run(settings, cluster.url(), people))


if __name__ == "__main__":
    main()
