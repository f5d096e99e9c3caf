"""All benchmarks one after the other, and one table of what they found: figure, yardstick, ratio.

    scripts/bench.py [--only NAME ...] [--long] [--into docs/bench.md] [--json]

Each is the script of its name (``scripts/bench_NAME.py``), run in its short form, or with ``--long`` as its own text says; its
whole output is kept beside the table (``var/bench/``). The yardstick is what the same run measured of something known (a bare
INSERT, geopandas, tipg, the best solution known) or, where there is none, the aim. Figures are found in the output by what stands
around them: a figure that isn't found is an error, so that a changed sentence doesn't drop out of the table unseen.

Benchmarks that need a browser or a service that is served already are named with ``--only`` and ``--url``: call, map, pages.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOGS = ROOT / "var" / "bench"
NUMBER = r"([\d.,]+)"
PATIENCE_S = 900.0


@dataclass(frozen=True, slots=True)
class Figure:
    """Something that a benchmark tells: where it stands in the output, and what it is held against.

    ``found`` has a group for the figure; ``against`` one for the yardstick, or is the aim itself. ``less`` is better, or more.
    """

    what: str
    unit: str
    found: str
    against: str | float | None = None
    less: bool = True


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A script with the arguments of its short and its long form."""

    name: str
    short: Sequence[str]
    long: Sequence[str]
    figures: Sequence[Figure]
    served: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table. ``ratio`` above 1: better than the yardstick."""

    benchmark: str
    what: str
    figure: float
    unit: str
    yardstick: float | None
    ratio: float | None


def _clients(clients: int) -> Sequence[Figure]:
    """Return what the table of reports tells for so many clients: requests a second and p99, and the same of the yardstick."""
    known, row = r"[\d.,]+", rf"^\s*{clients} \|"
    return (
        Figure(
            f"reports filed by {clients} clients",
            "/s",
            rf"{row}[^|]*\|\s+{NUMBER}",
            rf"{row}\s+{NUMBER}",
            less=False,
        ),
        Figure(
            f"p99 of reports by {clients} clients",
            "ms",
            rf"{row}[^|]*\|\s+{known}\s+{known}\s+{NUMBER};",
            rf"{row}\s+{known}\s+{known}\s+{NUMBER};",
        ),
    )


BENCHMARKS: Sequence[Benchmark] = (
    Benchmark("rounds", (), (), (
        Figure("rounds over the streets: worst against the best known", "x", rf"worst ratio {NUMBER}", rf"aim {NUMBER}"),
    )),
    Benchmark("photos", (), (), (
        Figure("a JPEG of 12 MP", "ms", rf"^JPEG, 12 MP\s+[\d.]+ MB\s+{NUMBER} ms", 200.0),
    )),
    Benchmark("search", (), (), (
        Figure("address with one slip, right first", "%", rf"written\s+1 edits.*?first\s+{NUMBER}%", 80.0, less=False),
        Figure("the same, 95% of look-ups under", "ms", rf"written\s+1 edits.*?95% under {NUMBER}", 5.0),
    )),
    Benchmark("snap", ("--speed",), ("--speed",), (
        Figure("a position", "µs", rf"one point: {NUMBER} µs", 100.0),
        Figure("positions in a batch, processor", "s", rf"ours: probabilities, streets, all\s+[\d.]+\s+{NUMBER}",
               rf"geopandas from degrees, both joins\s+[\d.]+ \([\d.]+x\)\s+{NUMBER}"),
    )),
    Benchmark("dispatch", ("--no-database",), (), (
        Figure("five nearest by travel time, processor", "ms", rf"ours, on foot\s+[\d.]+ ms\s+{NUMBER}", rf"networkx[^\n]*?\s[\d.]+ ms\s+{NUMBER}"),
        Figure("travel of 16 candidates", "ms", rf"walk, warm\s+{NUMBER}", 0.2),
    )),
    Benchmark("duplicates", (), (), ()),
    Benchmark("hotspots", ("--seeds", "2"), ("--seeds", "12"), ()),
    Benchmark("residents", ("--people", "3000"), ("--people", "10000"), (
        Figure("a resident recorded, all of them", "s", rf"recorded [^\n]*?: {NUMBER} s of processor"),
    )),
    Benchmark("delineation", ("demo",), ("demo",), ()),
    Benchmark("intake", ("--seconds", "2", "--rounds", "1"), ("--seconds", "4", "--rounds", "3"), (
        *_clients(1), *_clients(8), *_clients(32),
        Figure("memory after the load", "MB", rf"resident after load: {NUMBER}", 500.0),
    )),
    Benchmark("claims", ("--claims", "1000", "--storm", "4000"), (), (
        Figure("claims by 16 clients", "/s", rf"^claims by 16 clients\s+{NUMBER}", rf"^bare commits by 16 clients\s+{NUMBER}", less=False),
        Figure("double assignments and wrong books in the storm", "", rf"wrong books: {NUMBER} found", 0.0),
    )),
    Benchmark("redemptions", ("--redemptions", "300"), (), (
        Figure("redemptions at once, one reward", "/s", rf"1 reward: [\d.]+ s, {NUMBER} /s", 100.0, less=False),
        Figure("books that don't balance", "", rf"wrong: {NUMBER}", 0.0),
    )),
    Benchmark("indicators", ("--cases", "3000", "--saturate"), ("--cases", "20000", "--saturate"), (
        Figure("the page of a month by grid, processors", "ms", rf"page, month, by grid: [\d.]+ ms elapsed, {NUMBER}", 300.0),
    )),
    Benchmark("meals", ("--days", "14"), ("--days", "365"), ()),
    Benchmark("tiles", ("--no-tipg", "--polygons", "2000"), (), (
        Figure("a tile the first time, processors", "ms", rf"tiles the first time: median [\d.]+ ms, processors {NUMBER}", 50.0),
        Figure("a tile that is kept, processors", "ms", rf"a tile that is kept: median [\d.]+ ms, processors {NUMBER}", 5.0),
    )),
    Benchmark("ogc", ("--polygons", "2000", "--often", "10"), (), (
        Figure("100 items, processors", "ms", rf"^100 items\s+[\d.]+\s+{NUMBER} ms", rf"^100 items\s+[\d.]+\s+[\d.]+ ms\s+[\d.]+\s+{NUMBER}"),
    )),
    Benchmark("events", ("--streams", "100", "--reports", "5"), ("--streams", "300", "900"), (
        Figure("all streams have heard, worst", "s", rf"all had heard after p50 [\d.]+ s, worst {NUMBER}", 2.0),
    )),
    Benchmark("files", ("--cases", "3000", "--orders", "2000"), (), (
        Figure("a workbook of all cases, most memory", "MB", rf"XLSX of [^\n]*? at most {NUMBER} MB", 500.0),
    )),
    Benchmark("communities", ("--communities", "20", "--reports", "100"), ("--communities", "1000", "--reports", "3000"), ()),
    Benchmark("million", ("--cases", "20000"), (), (
        Figure("statements with the plan that the test believes", "", rf"{NUMBER} have the same plan", rf"{NUMBER} of them heard", less=False),
    )),
    Benchmark("audit", ("--entries", "20000"), (), ()),
    Benchmark("call", (), (), (Figure("the longest call", "s", rf"the longest call takes {NUMBER}", rf"s of {NUMBER}"),), served=True),
    Benchmark("map", ("--seconds", "4"), (), (), served=True),
    Benchmark("pages", ("/report",), ("/report", "/tasks", "/map"), (), served=True),
)  # fmt: skip


def number(text: str) -> float:
    """Return a figure as it is printed, thousands parted by commas."""
    return float(text.rstrip(".,").replace(",", ""))


def rows_of(benchmark: Benchmark, output: str) -> list[Row]:
    """Return the lines of a benchmark in the table.

    Parameters
    ----------
    benchmark, output
        Which, and all that it has printed.

    Raises
    ------
    LookupError
        A figure isn't in the output.
    """
    rows = []
    for one in benchmark.figures:
        found = re.search(one.found, output, re.MULTILINE)
        if found is None:
            raise LookupError(f"{benchmark.name}: {one.what} isn't in the output")
        figure, yardstick = number(found[1]), None
        if isinstance(one.against, str):
            beside = re.search(one.against, output, re.MULTILINE)
            yardstick = number(beside[1]) if beside else None
        elif one.against is not None:
            yardstick = one.against
        rows.append(
            Row(benchmark.name, one.what, figure, one.unit, yardstick, _ratio(one, figure, yardstick))
        )
    return rows


def _ratio(one: Figure, figure: float, yardstick: float | None) -> float | None:
    if yardstick is None:
        return None
    better, worse = (yardstick, figure) if one.less else (figure, yardstick)
    if worse == 0:
        return 1.0 if better == 0 else None
    return round(better / worse, 2)


def run(benchmark: Benchmark, *, long: bool, url: str = "") -> tuple[list[Row], float, str]:
    """Carry a benchmark out; return its lines, the seconds that it took, and what went wrong.

    Parameters
    ----------
    benchmark, long
        Which, and in which form.
    url
        Of a served demo, for those that need one.
    """
    arguments = [
        *(benchmark.long if long else benchmark.short),
        *(["--url", url] if benchmark.served else []),
    ]
    command = [sys.executable, str(ROOT / "scripts" / f"bench_{benchmark.name}.py"), *arguments]
    LOGS.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, cwd=ROOT, timeout=PATIENCE_S, check=False,
            env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return [], time.monotonic() - begun, f"took longer than {PATIENCE_S:.0f} s"
    (LOGS / f"{benchmark.name}.txt").write_text(f"{done.stdout}\n{done.stderr}", "utf-8")
    taken = time.monotonic() - begun
    try:
        rows = rows_of(benchmark, done.stdout)
    except LookupError as error:
        return [], taken, f"{error} (exit {done.returncode}, see var/bench/{benchmark.name}.txt)"
    return rows, taken, "" if done.returncode == 0 else f"exit {done.returncode}: an aim was missed"


def table(rows: Sequence[Row], trouble: Sequence[str]) -> str:
    """Return everything as Markdown."""
    head = [
        f"Measured {datetime.now(UTC):%Y-%m-%d %H:%M} UTC on {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, by `scripts/bench.py`.",
        "A ratio above 1 is better than the yardstick of the same run, or than the aim.",
        "",
        "| benchmark | figure | | yardstick or aim | ratio |",
        "|---|---|---|---|---|",
    ]
    lines = [
        f"| {one.benchmark} | {one.what} | {one.figure:g} {one.unit} | {'' if one.yardstick is None else f'{one.yardstick:g} {one.unit}'} "
        f"| {'' if one.ratio is None else f'{one.ratio:g}'} |"
        for one in rows
    ]
    return "\n".join([*head, *lines, *([""] if trouble else []), *(f"- {one}" for one in trouble)]) + "\n"


def main() -> int:
    """Run what is asked for and tell."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=[one.name for one in BENCHMARKS], metavar="NAME")
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--url", default="", help="a served demo, for call, map and pages")
    parser.add_argument("--into", type=Path, help="a file for the table")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    chosen = [
        one for one in BENCHMARKS if (one.name in given.only if given.only else not one.served or given.url)
    ]
    rows: list[Row] = []
    trouble: list[str] = []
    for one in chosen:
        print(f"{one.name} ...", file=sys.stderr, flush=True)
        found, taken, wrong = run(one, long=given.long, url=given.url)
        rows += found
        rows.append(Row(one.name, "whole run", round(taken, 1), "s", None, None))
        trouble += [f"{one.name}: {wrong}"] if wrong else []
    text = table(rows, trouble)
    if given.into:
        given.into.write_text(text, "utf-8")
    if given.json:
        print(json.dumps({"rows": [asdict(one) for one in rows], "trouble": trouble}, ensure_ascii=False))
    else:
        print(text)
    return 1 if trouble else 0


if __name__ == "__main__":
    sys.exit(main())
