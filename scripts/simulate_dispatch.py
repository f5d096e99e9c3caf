"""Live hours of cases in towns of walled compounds, once for each way of choosing whom to ask, and compare.

    .venv/bin/python scripts/simulate_dispatch.py [--seeds 12] [--json FILE] [--plot FILE.svg]

30 responders of whom about 24 are on duty at a time, a third on e-bikes; 45% of the gates are locked, three in four offers are
accepted, an offer stands 45 s. Places: the demo's streets, and a drawn city of large compounds. The choosing is done by the
service's own code: travel times by gis/streets, order by gis/dispatch/ranking.py, all together by gis/dispatch/matching.py. The
same seed gives all policies the same town, cases and answers. Every aim that is missed is said.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.simulation_dispatch.figures import HEAD, Row, measure, missed  # noqa: E402
from scripts.simulation_dispatch.picture import draw  # noqa: E402

LOADS = (12.0, 40.0, 60.0, 75.0)
PLACES = ("demo", "city")


def main(arguments: list[str] | None = None) -> int:
    """Print the table; the exit status is 1 where an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seeds", type=int, default=12, help="towns for each load")
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--hours", type=float, default=4.0, help="how long cases come")
    parser.add_argument("--loads", type=float, nargs="+", default=LOADS, help="reports an hour")
    parser.add_argument("--places", nargs="+", choices=PLACES, default=PLACES)
    parser.add_argument("--json", type=Path, help="where the figures are written")
    parser.add_argument("--plot", type=Path, help="where a picture is written, SVG")
    options = parser.parse_args(arguments)
    begun = time.process_time()
    rows: list[Row] = []
    written = []
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    for place in options.places:
        print(f"\n{place}: {options.seeds} towns for each load, {options.hours:.0f} hours of cases\n{HEAD}")
        for load in options.loads:
            figures = measure(place, load, options.hours, seeds)
            for row in figures.rows:
                print(row.line(), flush=True)
            print(f"{load:5.0f}/h nobody below, with hindsight   {figures.bound_s:7.0f}")
            rows += figures.rows
            written += figures.as_json()
    if options.json:
        options.json.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    if options.plot:
        draw(rows, options.plot)
    said = missed(rows)
    print(
        f"\n{time.process_time() - begun:.0f} s of processor.",
        "Aims missed:" if said else "No aim is missed.",
    )
    for each in said:
        print(f"  {each}")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
