"""Time dispatch: the nearest by travel time, travel times of a submit, matching; beside networkx, scipy, igraph, PostGIS.

    .venv/bin/python scripts/bench_dispatch.py [--database URL | --no-database]

Every figure is the median of single questions: elapsed time and time of the processor. The others are asked about people who
stand at corners and told at which; ours finds where people and case meet the streets within the time stated. PostGIS answers
another, easier question: who is nearest as the crow flies; its own processor time is not seen here. Every aim that is missed
is said.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import psycopg
import shapely
from scipy.optimize import linear_sum_assignment
from scipy.sparse.csgraph import dijkstra

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from gis.dispatch.matching import match  # noqa: E402
from gis.streets import StreetNetwork  # noqa: E402
from gis.words import Mode  # noqa: E402
from scripts.bench.dispatch_rivals import WANTED, Corners, database, straight  # noqa: E402
from scripts.bench.dispatch_world import City, demo_arrays, draw_city  # noqa: E402

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
SIZES = ((25, 250, 0.2), (112, 20_000, 1.0))
"""Blocks along each side of the city, people, and the aim in milliseconds."""
CASES, FIRST = 200, 40
AIM_RATIO, AIM_MATCHING_MS, AIM_SUBMIT_US = 200.0, 50.0, 100.0
WAITING, FREE, EACH = 500, 5000, 32
MISSED: list[str] = []


def timed(ask: Callable[[Any], Any], questions: Iterable[Any]) -> tuple[float, float]:
    """Return medians over single questions: milliseconds elapsed, and of the processor."""
    each = []
    for question in questions:
        begun, work = time.perf_counter(), time.process_time()
        ask(question)
        each.append((time.perf_counter() - begun, time.process_time() - work))
    elapsed, worked = np.median(np.array(each) * 1000.0, axis=0)
    return float(elapsed), float(worked)


def line(name: str, took: tuple[float, float], ours: float | None = None) -> None:
    """Print a row; `ours` is what the processor worked for the same question with us."""
    ratio = "" if ours is None else f"  {took[1] / ours:8.1f} x ours"
    print(f"  {name:46} {took[0]:10.3f} ms {took[1]:10.3f} ms of processor{ratio}", flush=True)


def missed(text: str, *, when: bool) -> None:
    """Remember an aim that is missed."""
    if when:
        MISSED.append(text)


def nearest(blocks: int, people: int, aim_ms: float, connection: psycopg.Connection | None) -> None:
    """Time who is nearest in a drawn city."""
    city = draw_city(blocks, seed=1)
    begun = time.process_time()
    net = StreetNetwork(city.arrays)
    built_s = time.process_time() - begun
    rng = np.random.default_rng(2)
    corner, cases = rng.choice(city.doors.ravel(), people), rng.choice(city.doors.ravel(), CASES)
    here, there = city.nodes[corner], city.nodes[cases]
    print(
        f"\n{WANTED} nearest: {len(city.nodes):,} nodes, {people:,} people; network built in {built_s:.1f} s"
    )
    took = timed(partial(_five, net, Mode.WALK, here), there)
    line("ours, on foot", took)
    missed(f"nearest at {len(city.nodes):,} nodes: {took[0]:.3f} ms, aim {aim_ms}", when=took[0] > aim_ms)
    for mode in (Mode.E_BIKE, Mode.CAR):
        line(f"ours, {mode.value}", timed(partial(_five, net, mode, here), there))
    corners = Corners(net, corner)
    for name, ask, some in _others(corners):
        theirs = timed(ask, cases[:some].tolist())
        line(name, theirs, took[1])
        if name == "networkx":
            ratio = theirs[1] / took[1]
            missed(f"{ratio:.0f} times networkx, aim {AIM_RATIO:.0f}", when=ratio < AIM_RATIO)
    if connection is not None:
        knn = straight(connection, here)
        line("PostGIS <->, as the crow flies", timed(knn, there))
    _right(net, corners, city, cases)


def _five(net: StreetNetwork, mode: Mode, here: Floats, case: Floats) -> Any:
    return net.nearest(mode, here, case, WANTED)


def _others(corners: Corners) -> list[tuple[str, Callable[[int], Any], int]]:
    """Return others by name, and how many questions they are asked."""
    small = corners.size < 50_000  # noqa: PLR2004
    asked = [
        ("scipy, limit doubled", corners.bounded, CASES),
        ("scipy, whole graph", corners.whole, 50 if small else 10),
        ("networkx", corners.networkx(), 20 if small else 3),
    ]
    igraph = corners.igraph()
    return [*asked, ("igraph", igraph, 50 if small else 5)] if igraph else asked


def _right(net: StreetNetwork, corners: Corners, city: City, cases: Integers) -> None:
    """Compare with scipy's search of the whole graph, and say how often the straight line is wrong."""
    here, wrong, differ = city.nodes[corners.people], 0, 0
    for case in cases[:20].tolist():
        whole = np.sort(corners.whole(case))[:WANTED]
        found = net.nearest(Mode.WALK, here, city.nodes[case], WANTED)
        differ += not np.allclose(found.seconds[0], whole, atol=1e-6)
        crow = int(np.hypot(*(here - city.nodes[case]).T).argmin())
        wrong += corners.whole(case)[crow] > whole[0] + 1e-6
    print(
        f"  of 20 cases {differ} are answered differently from scipy; the straight line names another first in {wrong}"
    )
    missed(f"{differ} answers differ from scipy's", when=differ > 0)


def submit() -> None:
    """Time what a submit needs: 16 candidates of each mode to a new place, on the demo."""
    arrays = demo_arrays()
    net = StreetNetwork(arrays)
    low, high = (each(shapely.get_coordinates(arrays.lines), axis=0) for each in (np.min, np.max))
    rng = np.random.default_rng(3)
    here, cases = rng.uniform(low, high, (16, 2)), rng.uniform(low, high, (1000, 2))
    print(f"\nTravel of 16 candidates to a new place: demo, {len(net.roads.node_ids)} nodes")
    for mode in Mode:
        ask = partial(net.travel, mode, here)
        line(f"{mode.value}, the first {FIRST} after a start", timed(ask, cases[:FIRST]))
        timed(ask, cases)
        warm = timed(ask, cases[::-1])
        line(f"{mode.value}, warm", warm)
        missed(f"travel by {mode.value} {warm[1] * 1000:.0f} us", when=warm[1] * 1000 > AIM_SUBMIT_US)


def matching() -> None:
    """Time all waiting cases and all free people together."""
    city = draw_city(25, seed=1)
    net = StreetNetwork(city.arrays)
    rng = np.random.default_rng(4)
    here, cases = (rng.uniform(0.0, city.side_m, (count, 2)) for count in (FREE, WAITING))
    urgent = np.arange(WAITING) % 10 == 0
    print(f"\nMatching {WAITING} cases and {FREE:,} people: {len(city.nodes):,} nodes")
    rounds = range(7)

    def search() -> tuple[Integers, Integers, Floats]:
        found = net.nearest_many(Mode.WALK, here, cases, EACH)
        case, column = (each.astype(np.int64) for each in np.nonzero(found.person >= 0))
        return case, found.person[case, column], found.seconds[case, column]

    def solve(urgent: Flags) -> Integers:
        return match(*search(), capacity=np.ones(FREE, dtype=np.int64), urgent=urgent)

    far = timed(lambda _: search(), rounds)
    both = timed(lambda _: solve(urgent), rounds)
    line(f"ours: where all meet the streets, {EACH} nearest", far)
    line("ours: that, and the solving", both)
    missed(f"matching {both[0]:.0f} ms, aim {AIM_MATCHING_MS:.0f}", when=both[0] > AIM_MATCHING_MS)
    at = rng.choice(city.doors.ravel(), WAITING)
    corners = Corners(net, rng.choice(city.doors.ravel(), FREE))

    def all_pairs(_: int) -> Any:
        seconds = np.asarray(dijkstra(corners.graph, indices=at))[:, corners.people]
        return linear_sum_assignment(seconds)

    line("scipy: all pairs and linear_sum_assignment", timed(all_pairs, rounds[:3]), both[1])
    _same_total(net, here, cases, solve(np.zeros(WAITING, dtype=np.bool_)))


def _same_total(net: StreetNetwork, here: Floats, cases: Floats, pairs: Integers) -> None:
    """Compare with the best of all pairs, urgency set aside."""
    seconds, _ = net.travel_many(Mode.WALK, here, cases)
    row, who = linear_sum_assignment(seconds)
    print(
        f"  total {seconds[pairs[:, 0], pairs[:, 1]].sum():,.0f} s for {len(pairs)} cases; the best of all pairs "
        f"{seconds[row, who].sum():,.0f} s for {len(row)}"
    )


def main() -> int:
    """Print everything; the exit status is 1 where an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--database", help="a PostGIS database; else one is started")
    parser.add_argument("--no-database", action="store_true", help="without PostGIS")
    options = parser.parse_args()
    submit()
    matching()
    if options.no_database:
        for blocks, people, aim_ms in SIZES:
            nearest(blocks, people, aim_ms, None)
    else:
        for blocks, people, aim_ms in SIZES:
            with database(options.database) as connection:
                nearest(blocks, people, aim_ms, connection)
    print("\nAims missed:" if MISSED else "\nNo aim is missed.")
    for each in MISSED:
        print(f"  {each}")
    return 1 if MISSED else 0


if __name__ == "__main__":
    sys.exit(main())
