"""Measure how well rankings of streets foretell where the next things break, and how long ranking takes.

A seeded city (see ``scripts/bench/hotspot_city.py``) at 1, 3 and 10 things a day: half a year is learned from and the
month after it is foretold, rolling. With ``--reports`` and ``--streets`` the same on real files: each month from the
second on is foretold by those before it. Prints the share of later things on the first 1, 5, 10 and 20% of street
length, PAI and PEI* at 10%, for a raw count, the planar heat map, the network kernel and ours.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from gis.flows.hotspots.cases_file import Columns, read_cases  # noqa: E402
from gis.flows.hotspots.coordinates import Ground  # noqa: E402
from gis.flows.hotspots.streets_file import read_streets  # noqa: E402
from gis.hotspots.arrays import Floats  # noqa: E402
from gis.hotspots.distinct import distinct  # noqa: E402
from gis.hotspots.streets import Streets, attach, summed  # noqa: E402
from scripts.bench.hotspot_city import city, year  # noqa: E402
from scripts.bench.hotspot_rankings import Score, foretell, history, prepare, table  # noqa: E402

TRAINING_DAYS, FORETOLD_DAYS, MONTHS = 180.0, 30.0, 3
MONTH_DAYS = 30.4


def simulated(things_a_day: float, seeds: int) -> Score:
    """Return the score over some cities, three rolling months each."""
    score = Score()
    for seed in range(seeds):
        random = np.random.default_rng(seed)
        found = city(random)
        ready = prepare(found.streets)
        days = TRAINING_DAYS + MONTHS * FORETOLD_DAYS
        happened = year(found, random, things_a_day=things_a_day, days=days)
        for month in range(MONTHS):
            now = TRAINING_DAYS + month * FORETOLD_DAYS
            known = happened.reported < now
            later = (happened.day >= now) & (happened.day < now + FORETOLD_DAYS)
            there = summed(happened.street[later], np.ones(later.sum()), len(found.streets))
            foretell(ready, happened.x[known], happened.y[known], happened.reported[known], there, score)
    return score


def real(streets: Streets, x: Floats, y: Floats, day: Floats, starts: int = 1) -> Score:
    """Return the score of rolling months on real reports; what is foretold are things, not reports.

    With several starts the months are cut at so many different days: one street that is filled on one day then
    doesn't decide which ranking looks better.
    """
    score, ready = Score(), prepare(streets)
    first = distinct(x, y, day, np.zeros(len(x), dtype=np.int64)).row
    months = np.arange(starts, starts * np.ceil(np.ptp(day) / MONTH_DAYS)) / starts
    for now in (day.min() + months * MONTH_DAYS).tolist():
        known = day < now
        later = first[(day[first] >= now) & (day[first] < now + MONTH_DAYS)]
        found = attach(streets, x[later], y[later])
        foretell(
            ready, x[known], y[known], day[known], summed(found.street, found.share, len(streets)), score
        )
    return score


def speed(points: int, side: int) -> None:
    """Print how long a large city takes."""
    import shapely

    from gis.hotspots.learning import learn
    from gis.hotspots.streets import streets_of

    random = np.random.default_rng(1)
    at = [
        [(i * 100.0, j * 100.0), (i * 100.0 + di, j * 100.0 + dj)]
        for i in range(side)
        for j in range(side)
        for di, dj in ((100.0, 0.0), (0.0, 100.0))
    ]
    streets = streets_of([shapely.LineString(one) for one in at], [""] * len(at), [""] * len(at))
    x, y = random.uniform(0.0, side * 100.0, (2, points))
    begun, spent = time.perf_counter(), time.process_time()
    ready = prepare(streets)
    learn(ready.lixels, ready.around, history(streets, x, y, np.sort(random.uniform(0.0, 365.0, points))))
    print(
        f"{points:,} reports on {len(streets):,} streets: {time.perf_counter() - begun:.1f} s,"
        f" processor {time.process_time() - spent:.1f} s"
    )


def service(cases: int) -> None:
    """Print how long the service takes with so many cases in a database of their own."""
    import asyncio

    from gis.flows.import_community import import_community
    from gis.flows.import_request import ImportRequest
    from gis.store.session import Database
    from scripts.bench.hotspot_service import fill, measure
    from scripts.bench_claims import own_database

    async def demo(url: str) -> str:
        database = Database(url)
        try:
            request = ImportRequest.from_manifest(ROOT / "data" / "boundaries")
            return (await import_community(database, request)).community_id
        finally:
            await database.close()

    with own_database() as url:
        community_id = asyncio.run(demo(url))
        fill(url, community_id, cases)
        print(f"{cases:,} cases: seconds by the clock, of our processor, of the server's")
        for one in asyncio.run(measure(url, community_id)):
            print(f"{one.what:32}{one.wall_s:8.2f}{one.ours_s:8.2f}{one.server_s:8.2f}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=12)
    parser.add_argument("--reports", type=Path, help="CSV of real reports")
    parser.add_argument("--streets", type=Path, help="their streets: OpenStreetMap or any vector file")
    parser.add_argument("--lon", default="")
    parser.add_argument("--lat", default="")
    parser.add_argument("--time", default="")
    parser.add_argument("--starts", type=int, default=1, help="cut the real months at so many different days")
    parser.add_argument("--speed", action="store_true", help="only the time that a large city takes")
    parser.add_argument(
        "--service",
        type=int,
        metavar="CASES",
        help="only the service's own time, with so many cases of the demo",
    )
    given = parser.parse_args()
    if given.service:
        service(given.service)
        return
    if given.speed:
        speed(350_000, 90)
        speed(1_000_000, 90)
        return
    if given.reports:
        streets, metric = read_streets(given.streets)
        columns = Columns(given.lon, given.lat, given.time)
        cases = read_cases(given.reports, columns, Ground(streets, metric))
        print(f"{given.reports.name}: {len(cases.x):,} reports, {len(streets):,} streets")
        print("\n".join(table(real(streets, cases.x, cases.y, cases.day, max(given.starts, 1)))))
        return
    for things_a_day in (1.0, 3.0, 10.0):
        print(f"simulated, {things_a_day:g} a day, {given.seeds} cities, {MONTHS} months each")
        print("\n".join(table(simulated(things_a_day, given.seeds))))


if __name__ == "__main__":
    main()
