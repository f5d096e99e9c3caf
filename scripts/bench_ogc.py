"""What items of OGC API Features cost, beside tipg on the same table in the same run: pages, boxes, filters, single features.

    .venv/bin/python scripts/bench_ogc.py [--state DIR] [--polygons 5000] [--often 40]

Serves a fresh demo from a temporary folder, or a demo state folder that nobody serves, with a second community of so many
polygons, removed in the end. Each question is asked of both in turns: elapsed as the client sees it, and what server and
database took of the processors together. Boxes and filters differ each time, so that nothing answers from memory; what is
kept in memory is told apart. tipg is installed by pip into a throw-away environment.
"""

from __future__ import annotations

import argparse
import random
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from gis.store.cluster import PrivateCluster
from scripts.bench.rival_tipg import PLACE, Rival, polygons, signed_in, tipg
from scripts.bench.service import Processors, free_port, service

BOX_DEG = 0.1
"""Holds about a hundredth of the polygons."""
Question = Callable[[random.Random], dict[str, str]]


class Asked(NamedTuple):
    """A question: how many features it should find at most, and its parameters for ours and for tipg."""

    name: str
    ours: Question
    theirs: Question


class Cost(NamedTuple):
    """What one side took: milliseconds elapsed (median) and of the processors (mean), and features found."""

    elapsed_ms: float
    worked_ms: float
    found: int


def box(choose: random.Random) -> str:
    """Return a box somewhere among the polygons."""
    west, south = 116 + choose.random() * (1 - BOX_DEG), 39 + choose.random() * (1 - BOX_DEG)
    return f"{west:.6f},{south:.6f},{west + BOX_DEG:.6f},{south + BOX_DEG:.6f}"


def page(limit: int) -> Question:
    """Return a question for a page of all; of ours a filter that changes nothing keeps it out of memory."""
    return lambda choose: {
        "limit": str(limit),
        "filter": f"households > -{choose.randrange(1, 10**6)}",
        "filter-lang": "cql2-text",
    }


def boxed(limit: int) -> Question:
    """Return a question for what lies in a box."""
    return lambda choose: {"limit": str(limit), "bbox": box(choose)}


def filtered(choose: random.Random) -> dict[str, str]:
    """Return a question for codes that begin like this, among those with homes."""
    code = f"{choose.randrange(0, 50):04d}%"
    return {
        "limit": "1000",
        "filter": f"code LIKE '{code}' AND households > {choose.randrange(0, 20)}",
        "filter-lang": "cql2-text",
    }


def plain(limit: int) -> Question:
    """Return a question that is the same each time."""
    return lambda _: {"limit": str(limit)}


QUESTIONS = (
    Asked("10 items", page(10), page(10)),
    Asked("100 items", page(100), page(100)),
    Asked("1,000 items", page(1000), page(1000)),
    Asked("5,000 items", page(5000), page(5000)),
    Asked("a box of a hundredth", boxed(1000), boxed(1000)),
    Asked("a CQL2 filter", filtered, filtered),
    Asked("1,000 items, kept in memory", plain(1000), plain(1000)),
)


def ask(client: httpx.Client, address: str, question: Question, seeds: Iterator[int]) -> int:
    """Ask once and return how many features came."""
    answer = client.get(address, params=question(random.Random(next(seeds))))
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return len(found["features"])


def cost(act: Callable[[], int], processors: Processors, often: int) -> Cost:
    """Return what an act takes, the first time left out."""
    found, elapsed = act(), []

    def once() -> None:
        began = time.perf_counter()
        act()
        elapsed.append((time.perf_counter() - began) * 1000)

    worked = processors.milliseconds(once, often)
    return Cost(statistics.median(elapsed), worked, found)


def compare(
    port: int, rival: Rival | None, processors: tuple[Processors, Processors | None], often: int
) -> bool:
    """Print a table, and return whether ours is slower nowhere."""
    ours, theirs = signed_in(port, "bench", PLACE), httpx.Client(timeout=120)
    address, kept = f"/ogc/at/{PLACE}/collections/micro_grids/items", True
    print(f"{'':30}{'ours: elapsed, processors':>28}{'tipg':>20}{'times as fast':>22}")
    for asked in QUESTIONS:
        several = max(6, often // (8 if "5,000" in asked.name else 2 if "1,000" in asked.name else 1))
        seeds = iter(range(10**6))
        mine = cost(lambda a=asked, s=seeds: ask(ours, address, a.ours, s), processors[0], several)  # type: ignore[misc]
        line = f"{asked.name:30}{mine.elapsed_ms:15.1f}{mine.worked_ms:10.1f} ms"
        if rival and processors[1]:
            seeds = iter(range(10**6))
            other = cost(
                lambda a=asked, s=seeds: ask(theirs, rival.items, a.theirs, s),  # type: ignore[misc]
                processors[1],
                several,
            )
            faster = other.elapsed_ms / mine.elapsed_ms, other.worked_ms / mine.worked_ms
            line += f"{other.elapsed_ms:11.1f}{other.worked_ms:9.1f} ms{faster[0]:12.1f}{faster[1]:7.1f}"
            if other.found != mine.found:
                line += f"  {mine.found} features, tipg {other.found}"
            kept = kept and faster[1] >= 1.0
        print(line, flush=True)
    return kept


def main() -> int:
    """Read the options and measure; 1 where tipg is faster somewhere."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--state", type=Path, help="state folder (default: a temporary one, with a fresh demo)"
    )
    parser.add_argument("--polygons", type=int, default=5000)
    parser.add_argument("--often", type=int, default=40, help="how often each small question is asked")
    options = parser.parse_args()
    port = free_port()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended from outside"))  # so that every block is left
    with tempfile.TemporaryDirectory(prefix="weiwang-bench-") as folder:
        state = options.state or Path(folder)
        Path(folder).chmod(0o711)  # the database runs as a user of its own where we are root
        with service(state, port) as served:
            cluster = PrivateCluster(state)
            url = cluster.superuser_url("weiwang")
            with polygons(url, options.polygons), tipg(url) as rival:
                both = Processors(served.pid, cluster), Processors(rival.pid, cluster) if rival else None
                kept = compare(port, rival, both, options.often)
    print("slower than tipg nowhere" if kept else "slower than tipg somewhere")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
