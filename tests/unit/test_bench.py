"""The table of all benchmarks: every script is in it, and figures are found by what stands around them."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.bench.together import BENCHMARKS, Benchmark, Figure, Row, rows_of, run, table
from tests.extent import only_whole

ROOT = Path(__file__).parents[2]
BY_NAME = {one.name: one for one in BENCHMARKS}
SAID = {
    "intake": """\
clients | yardstick: req/s, p50, p99 ms; ... | submit: the same | submit / yardstick | failures
      1 |     469    2.0    3.6;  1.20  0.80  2.40 |     171    5.5    9.9;  3.20  2.30  5.70 | 0.36 | 0
      8 |     963    7.4   38.7;  1.20  0.80  2.40 |     401   18.6   41.3;  1.80  1.50  3.50 | 0.42 | 0
     32 |   1,629   40.3  141.1;  1.20  0.80  2.40 |     581   52.4  108.3;  1.40  1.00  2.40 | 0.92 | 0
resident after load: 445 MB
""",
    "claims": """\
bare commits by 16 clients            2,216 /s   of the processors 0.10 ms here and 0.20 ms in the server each
claims by 16 clients                  1,271 /s   of the processors 0.40 ms here and 0.50 ms in the server each
storm: 4,000 claims by 16 clients over 200 cases and 60 people in 9 s, 800 won, 800 offers
  looked 44 times for double assignments and wrong books: 0 found; errors: 0
""",
}


def test_every_benchmark_is_in_the_table() -> None:
    scripts = {path.stem.removeprefix("bench_") for path in (ROOT / "scripts").glob("bench_*.py")}
    assert set(BY_NAME) == scripts


def test_figures_are_found_with_their_yardsticks() -> None:
    rows = rows_of(BY_NAME["intake"], SAID["intake"])
    assert rows[0] == Row("intake", "reports filed by 1 clients", 171, "/s", 469, 0.36)
    assert rows[5] == Row("intake", "p99 of reports by 32 clients", 108.3, "ms", 141.1, 1.3)
    assert rows[6] == Row("intake", "memory after the load", 445, "MB", 500, 1.12)
    claimed, doubled = rows_of(BY_NAME["claims"], SAID["claims"])
    assert (claimed.figure, claimed.yardstick, claimed.ratio) == (1271, 2216, 0.57)
    assert (doubled.figure, doubled.ratio) == (0, 1)


def test_a_figure_that_is_gone_is_an_error() -> None:
    with pytest.raises(LookupError, match="reports filed by 1 clients"):
        rows_of(BY_NAME["intake"], SAID["intake"].replace("1 |", "one |"))


def test_the_table_says_what_went_wrong() -> None:
    text = table(
        [Row("x", "a figure", 2.0, "ms", 4.0, 2.0), Row("x", "whole run", 3.0, "s", None, None)],
        ["y: exit 1"],
    )
    assert "| x | a figure | 2 ms | 4 ms | 2 |" in text
    assert text.endswith("- y: exit 1\n")


@only_whole
@pytest.mark.slow
def test_the_quickest_are_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The rounds against the best known, and one that doesn't exist: as the whole run carries them out."""
    monkeypatch.setattr("scripts.bench.together.LOGS", tmp_path)
    rows, taken, wrong = run(BY_NAME["rounds"], long=False)
    assert (wrong, len(rows)) == ("", 1)
    assert rows[0].ratio is not None
    assert rows[0].ratio > 1
    assert taken > 0
    assert (tmp_path / "rounds.txt").read_text("utf-8")
    rows, _, wrong = run(Benchmark("nothing", (), (), (Figure("x", "", "x"),)), long=False)
    assert rows == []
    assert "exit 2" in wrong
