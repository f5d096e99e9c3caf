"""Time claims, and prove that no two win: 16 clients on a database of their own, with real commits.

    .venv/bin/python scripts/bench_claims.py [--claims 4000] [--storm 100000] [--clients 16] [--processes 2]

First every case is claimed once while all clients want the same people: claims a second, beside what the machine commits at
all. Then a storm: everybody claims, gives back and matches the same few cases and people at random, while another client
looks for what must never be. Every aim that is missed is said; double assignments or errors end with status 1.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple, TypeVar

from sqlalchemy import text

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from gis.store.cluster import PrivateCluster  # noqa: E402
from gis.store.migrate import upgrade  # noqa: E402
from gis.store.session import Database  # noqa: E402
from scripts.bench.claims_storm import (  # noqa: E402
    ASKED,
    Tally,
    World,
    claim_once,
    draw,
    offers_made,
    storm,
    wrong,
)

AIM_PER_S = 1000.0
FOUGHT_OVER, FIGHTERS = 200, 60
PEOPLE = 4000
LOOK_EVERY_S = 0.5
STARTING_S = 6.0
"""So long processes take to be ready; all begin at the same moment."""
T = TypeVar("T")


class Done(NamedTuple):
    """What a process has done, from when to when, and how long it and the server worked."""

    claims: int
    begun: float
    ended: float
    ours_s: float
    server_s: float


@contextmanager
def own_database() -> Iterator[str]:
    """Give the URL of a migrated database in a cluster made for this, which waits for its disk at every commit."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)  # the server's own user passes through
        with PrivateCluster(Path(folder) / "state").running() as cluster:
            upgrade(cluster.url())
            yield cluster.url()


async def with_database(url: str, clients: int, work: Callable[[Database], Awaitable[T]]) -> T:
    """Carry out something with a pool of connections."""
    database = Database(url, pool_size=clients + 1)
    try:
        return await work(database)
    finally:
        await database.close()


def in_processes(url: str, clients: int, processes: int, work: Callable[..., Awaitable[T]]) -> list[T]:
    """Carry out `work(database, clients, number)` in several processes at once and return what each answers."""
    each = clients // processes
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        jobs = [pool.submit(_one_process, url, each, number, work) for number in range(processes)]
        return [job.result() for job in jobs]


def _one_process(url: str, clients: int, number: int, work: Callable[..., Awaitable[T]]) -> T:
    return asyncio.run(with_database(url, clients, partial(_numbered, clients, number, work)))


async def _numbered(clients: int, number: int, work: Callable[..., Awaitable[T]], database: Database) -> T:
    return await work(database, clients, number)


async def claim_each(  # noqa: PLR0917 - what all share, then what is this process's own
    world: World, processes: int, begin_at: float, database: Database, clients: int, number: int
) -> Done:
    """Claim every case of this process once."""
    mine = list(world.cases[number::processes])
    choose = random.Random(number)
    left = iter(mine)

    async def client() -> int:
        return sum([await claim_once(database, case, choose.sample(world.people, ASKED)) for case in left])

    await asyncio.gather(*(_ping(database) for _ in range(clients)))  # connections are there
    await asyncio.sleep(max(0.0, begin_at - time.time()))
    begun, ours, servers = time.time(), time.process_time(), await _server_s(database)
    won = sum(await asyncio.gather(*(client() for _ in range(clients))))
    return Done(won, begun, time.time(), time.process_time() - ours, await _server_s(database) - servers)


async def commit_each(times: int, begin_at: float, database: Database, clients: int, _: int) -> Done:
    """Commit the least that there is to commit, for comparison: what this machine does at all."""
    await asyncio.gather(*(_ping(database) for _ in range(clients)))
    await asyncio.sleep(max(0.0, begin_at - time.time()))

    async def client() -> None:
        for _ in range(times // clients):
            async with database.write() as session:
                await session.run(
                    text("UPDATE yardstick SET n = n + 1 WHERE row = :row"),
                    {"row": random.randrange(10_000)},
                )

    begun, ours, servers = time.time(), time.process_time(), await _server_s(database)
    await asyncio.gather(*(client() for _ in range(clients)))
    return Done(times, begun, time.time(), time.process_time() - ours, await _server_s(database) - servers)


async def storm_each(  # noqa: PLR0917 - as above
    world: World, attempts: int, seed: int, database: Database, clients: int, number: int
) -> Tally:
    """Storm from one process."""
    return await storm(database, world, clients=clients, attempts=attempts, seed=seed * 100 + number)


async def _ping(database: Database) -> None:
    async with database.write() as session:
        await session.value(text("SELECT 1"))
        await asyncio.sleep(0.1)


async def _server_s(database: Database) -> float:
    """Return how long the server's processes have worked for its clients, in all."""
    async with database.read() as session:
        rows = await session.rows(
            text("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'")
        )
    return sum(_worked_s(pid) for (pid,) in rows)


def _worked_s(pid: int) -> float:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return 0.0  # it has ended
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def show(name: str, found: Sequence[Done]) -> float:
    """Print how many a second all processes did together, and what one cost; return the first."""
    elapsed = max(one.ended for one in found) - min(one.begun for one in found)
    count = sum(one.claims for one in found)
    ours_ms = 1000.0 * sum(one.ours_s for one in found) / count
    # each process has seen the server's work for all of them
    server_ms = 1000.0 * max(one.server_s for one in found) / count
    print(
        f"{name:34} {count / elapsed:8,.0f} /s   of the processors {ours_ms:.2f} ms here and {server_ms:.2f} ms in the server each"
    )
    return count / elapsed


def watch(url: str, stop: Event, found: list[dict[str, int]]) -> None:
    """Look for what must never be while the storm goes on."""

    async def look(database: Database) -> None:
        while not stop.wait(LOOK_EVERY_S):
            found.append(await wrong(database))

    asyncio.run(with_database(url, 1, look))


def main() -> int:
    """Run both parts and print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--claims", type=int, default=4000)
    parser.add_argument("--storm", type=int, default=100_000)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    with own_database() as url:
        speed(url, given.claims, given.clients, given.processes)
    with own_database() as url:
        return prove(url, given.storm, given.clients, given.processes)


def speed(url: str, count: int, clients: int, processes: int) -> None:
    """Print claims a second, and bare commits a second beside them."""
    world = asyncio.run(with_database(url, 1, partial(draw, waiting=count, people=PEOPLE)))
    asyncio.run(with_database(url, 1, _yardstick))
    begin_at = time.time() + STARTING_S
    bare = in_processes(url, clients, processes, partial(commit_each, count // processes, begin_at))
    begin_at = time.time() + STARTING_S
    claimed = in_processes(url, clients, processes, partial(claim_each, world, processes, begin_at))
    show(f"bare commits by {clients} clients", bare)
    per_s = show(f"claims by {clients} clients", claimed)
    won = sum(one.claims for one in claimed)
    print(f"  {won:,} of {count:,} cases found somebody")
    if per_s < AIM_PER_S:
        print(f"MISSED: {AIM_PER_S:,.0f} claims/s")


async def _yardstick(database: Database) -> None:
    async with database.write() as session:
        await session.run(text("CREATE TABLE yardstick (row integer PRIMARY KEY, n integer NOT NULL)"))
        await session.run(text("INSERT INTO yardstick SELECT n, 0 FROM generate_series(0, 9999) n"))


def prove(url: str, attempts: int, clients: int, processes: int) -> int:
    """Storm, and print what went wrong; 1 when anything did."""
    world = asyncio.run(with_database(url, 1, partial(draw, waiting=FOUGHT_OVER, people=FIGHTERS)))
    stop, seen = Event(), list[dict[str, int]]()
    watcher = Thread(target=watch, args=(url, stop, seen))
    watcher.start()
    begun = time.time()
    tally = Tally()
    for one in in_processes(url, clients, processes, partial(storm_each, world, attempts // processes, 1)):
        tally.add(one)
    took_s = time.time() - begun
    stop.set()
    watcher.join()
    seen.append(asyncio.run(with_database(url, 1, wrong)))
    made = asyncio.run(with_database(url, 1, offers_made))
    bad = [one for one in seen if one]
    print(
        f"storm: {tally.claims:,} claims by {clients} clients over {FOUGHT_OVER} cases and {FIGHTERS} people in"
        f" {took_s:,.0f} s, {tally.won:,} won, {made:,} offers"
    )
    print(
        f"  looked {len(seen)} times for double assignments and wrong books: {len(bad)} found; errors: {sum(tally.errors.values())}"
    )
    for trouble in [*bad[:5], *tally.errors.most_common(5)]:
        print(f"  {trouble}")
    return int(bool(bad or tally.errors or made != tally.won))


if __name__ == "__main__":
    sys.exit(main())
