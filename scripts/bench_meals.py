"""A year of the kitchen measured: 60 eaters, some 38,000 meals, on the demo's streets.

Makes a cluster of its own below ``--state``, imports the demo community without a history, lives the kitchen's year by its
own simulation, and measures what the office waits for: closing a day, the kitchen's list, the rounds of a day (40, and a
crowded one of 300 doors), a month's statement. Processor time of this process beside the clock: the machine may be shared.

    scripts/bench_meals.py [--state DIR] [--days 365] [--json]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from api.cli.frame import DEMO, desk
from api.cli.simulating import simulation_parts
from gis.flows.import_community import import_community
from gis.flows.import_request import ImportRequest
from gis.flows.meals.closing import close_due
from gis.flows.meals.lists import kitchen_list
from gis.flows.meals.rounds import AT_DOOR_S, legs_of, matrix_of
from gis.flows.meals.statements import statement
from gis.flows.seed_people import seed_people
from gis.flows.simulate import _prepare
from gis.flows.simulation.cooking import Cooking
from gis.flows.today import today_in
from gis.recurrence import DAY
from gis.rounds import order_round
from gis.settings import Settings
from gis.store import servings
from gis.store.cluster import PrivateCluster
from gis.store.community_facts import addresses
from gis.store.migrate import upgrade
from gis.words import Role

TIMES = 7
CROWD = 300


async def timed(act: Callable[[], Awaitable[Any]], times: int = TIMES) -> tuple[dict[str, float], Any]:
    """Return the median of some runs, milliseconds by the clock and of processor, and what the last one gave."""
    clock, processor, found = [], [], None
    for _ in range(times):
        began, used = time.perf_counter(), time.process_time()
        found = await act()
        clock.append(1000 * (time.perf_counter() - began))
        processor.append(1000 * (time.process_time() - used))
    return {"ms": round(median(clock), 1), "cpu_ms": round(median(processor), 1)}, found


async def measure(settings: Settings, url: str, days: int) -> dict[str, Any]:
    """Live the kitchen's year and measure."""
    found: dict[str, Any] = {}
    async with desk(settings, url) as at:
        request = ImportRequest.from_manifest(DEMO)
        await import_community(at.database, request)
        async with at.work() as work:
            await seed_people(work, request.community_id)
        year = await _prepare(simulation_parts(at), at.database, request.community_id, days, 1)
        began, used = time.perf_counter(), time.process_time()
        Cooking(year).expect()
        await year.lane.live(year.until)
        found["year"] = {
            "s": round(time.perf_counter() - began, 2),
            "cpu_s": round(time.process_time() - used, 2),
        }
        actor = year.of(Role.DESK)[0]
        async with at.database.read() as session:
            today = await today_in(session, year.clock, actor.community_id)
            found["servings"] = await servings.served(session, actor.community_id, today - days * DAY, today)
            doors = await addresses(session, actor.community_id)

        async def act(flow: Any, *args: Any) -> Any:
            async with at.work() as work:
                return await flow(work, *args)

        found["close"], _ = await timed(lambda: act(close_due, actor.community_id))
        found["list"], _ = await timed(lambda: act(kitchen_list, actor, today))
        month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
        found["statement"], shown = await timed(lambda: act(statement, actor, month))
        found["month"] = {"servings": shown.servings, "yuan": shown.fen / 100, "people": len(shown.people)}
        found["rounds"] = await _rounds(at, actor.community_id, today, doors)
    return found


async def _rounds(at: Any, community_id: str, today: Any, doors: Any) -> dict[str, Any]:
    """Measure the rounds of the day, and of a crowded one, beside a long search on every round."""
    from dataclasses import replace

    from gis.store.kitchens import kitchen_of

    found: dict[str, Any] = {}
    async with at.database.read() as session:
        kitchen = await kitchen_of(session, community_id)
        own = [
            one for one in await servings.servings_on(session, community_id, today) if one.way == "deliver"
        ]
        atlas = await at.atlas.get(session, community_id)
    if kitchen is None:
        raise SystemExit("bench_meals: the demo has no kitchen")
    choose = random.Random(1)
    crowd = [
        replace(choose.choice(own), lon=door.lon, lat=door.lat, servings=choose.choice((1, 1, 1, 2)))
        for door in (choose.choice(doors) for _ in range(CROWD))
    ]
    for name, stops in (("day", own), ("crowd", crowd)):

        async def plan(these: Any = stops) -> Any:
            return legs_of(atlas, kitchen, these)

        taken, legs = await timed(plan, 3)
        ratio = [
            leg.travel_s / max(_long_search(atlas, kitchen, [stops[row] for row in leg.rows]), 1.0)
            for leg in legs
        ]
        total = sum(leg.travel_s + AT_DOOR_S * len(leg.rows) for leg in legs)
        found[name] = taken | {
            "stops": len(stops),
            "rounds": len(legs),
            "minutes_each": round(total / 60 / len(legs), 1),
            "worst_to_long_search": round(max(ratio), 3),
        }
    return found


def _long_search(atlas: Any, kitchen: Any, stops: Any) -> float:
    places = [(kitchen.lon, kitchen.lat), *((one.lon, one.lat) for one in stops)]
    seconds, _ = matrix_of(atlas, places)
    return float(order_round(np.asarray(seconds), 0, None, AT_DOOR_S, shakes=20_000).travel_s)


def main() -> None:
    """Read the options, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--state", type=Path, default=Path("var/bench-meals"))
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    settings = Settings(state=given.state, run_jobs=False)
    given.state.mkdir(parents=True, exist_ok=True)
    with PrivateCluster(given.state).running() as cluster:
        upgrade(cluster.url())
        found = asyncio.run(measure(settings, cluster.url(), given.days))
    print(json.dumps(found, ensure_ascii=False, indent=None if given.json else 2))


if __name__ == "__main__":
    main()
