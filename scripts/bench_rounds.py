"""Rounds over the demo's streets beside the best known: seeded instances of 20, 60 and 150 stops, on foot and by e-bike.

    .venv/bin/python scripts/bench_rounds.py
    .venv/bin/python scripts/bench_rounds.py --solver PYTHON --seconds 20

The second form looks for better ones with PyVRP, a kept solver, for so many seconds each, and keeps them in
scripts/bench/rounds_best.json. PyVRP brings a plotting library along, so it stands in an environment of its own, whose
interpreter is named. Processor seconds are printed: on a machine that others use only they can be compared.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
BEST = ROOT / "scripts" / "bench" / "rounds_best.json"
SIZES = (20, 60, 150)
SEEDS = (1, 2, 3)
KINDS = ("walk", "e_bike")
"""On foot to the last door (visits); by e-bike and home again (meals)."""
AIM = 1.1
TENTHS = 10
SOLVE = """
import json, sys
import numpy as np
from pyvrp import Model
from pyvrp.stop import MaxRuntime
ways = np.load(sys.argv[1])
model = Model()
places = [model.add_location(0, 0) for _ in ways]
model.add_depot(places[0])
for place in places[1:]:
    model.add_client(place)
model.add_vehicle_type(1)
for here, row in zip(places, ways):
    for there, way in zip(places, row):
        if here is not there:
            model.add_edge(here, there, distance=int(way))
print(json.dumps(model.solve(MaxRuntime(float(sys.argv[2])), seed=1, display=False).cost()))
"""


def instances(
    sizes: Sequence[int] = SIZES, seeds: Sequence[int] = SEEDS
) -> dict[str, tuple[np.ndarray[Any, Any], int | None]]:
    """Return the instances: seconds from each place to each, and where they end, by their names."""
    from gis.crs import metric_crs
    from gis.streets import StreetNetwork, read_osm
    from gis.words import Mode
    from scripts.bench.dispatch_world import DEMO, SRID, demo_arrays

    extract, metric = read_osm(DEMO), metric_crs(SRID)
    network = StreetNetwork(demo_arrays(extract))
    doors = metric.project_geometries(extract.stairwells.geometry)
    xy = np.array([(one.x, one.y) for one in doors])
    found: dict[str, tuple[np.ndarray[Any, Any], int | None]] = {}
    for kind in KINDS:
        for size in sizes:
            for seed in seeds:
                chosen = xy[np.random.default_rng(seed).choice(len(xy), size + 1, replace=False)]
                seconds = network.travel_many(Mode(kind), chosen, chosen)[0].T
                found[f"{kind}-{size}-{seed}"] = seconds, None if kind == "walk" else 0
    return found


def search(python: str, seconds: float, ways: np.ndarray[Any, Any], end: int | None) -> float:
    """Return the length of the best round that the kept solver finds, seconds."""
    closed = np.array(ways)
    if end is None:  # to the last door: the way back costs nothing
        closed[:, 0] = 0.0
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ways.npy"
        np.save(file, np.round(closed * TENTHS))
        run = [python, "-c", SOLVE, str(file), str(seconds)]
        answer = subprocess.run(run, check=True, capture_output=True, text=True)
    return float(json.loads(answer.stdout)) / TENTHS


def main() -> None:
    """Order every instance and print how much longer it is than the best known."""
    from gis.rounds import order_round

    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--solver", help="interpreter of an environment that has PyVRP")
    options.add_argument("--seconds", type=float, default=20.0)
    given = options.parse_args()
    best: dict[str, float] = json.loads(BEST.read_text()) if BEST.is_file() else {}
    worst, every = 0.0, instances()
    order_round(next(iter(every.values()))[0], 0)  # compiled before it is measured
    for name, (ways, end) in every.items():
        begun = process_time()
        found = order_round(ways, 0, end)
        spent = process_time() - begun
        if given.solver:
            best[name] = min(best.get(name, np.inf), search(given.solver, given.seconds, ways, end))
        if found.travel_s < best.get(name, np.inf):
            best[name] = round(found.travel_s, 1)
        ratio = found.travel_s / best[name]
        worst = max(worst, ratio)
        print(
            f"{name:14} {found.travel_s:8.1f} s  best {best[name]:8.1f} s  ratio {ratio:.4f}  {spent:.2f} s of processor"
        )
    if given.solver:
        BEST.write_text(json.dumps(best, indent=1, sort_keys=True) + "\n")
    print(f"worst ratio {worst:.4f}, aim {AIM}")


if __name__ == "__main__":
    main()
