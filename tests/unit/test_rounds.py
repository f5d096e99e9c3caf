"""Rounds: every stop once, never longer than plain rules make them, and the shortest where that can be known."""

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise, permutations
from uuid import uuid4

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.rounds import order_round
from gis.visits.due import Home, due
from scripts.bench_rounds import BEST, instances
from tests.extent import examples

MATRICES = st.integers(1, 7).flatmap(
    lambda n: st.lists(st.lists(st.floats(0, 1000), min_size=n, max_size=n), min_size=n, max_size=n)
)


def cost(ways: np.ndarray, order: list[int]) -> float:
    return float(sum(ways[a, b] for a, b in pairwise(order)))


def shortest(ways: np.ndarray, start: int, end: int | None) -> float:
    stops = [row for row in range(len(ways)) if row not in (start, end)]
    tail = [] if end is None else [end]
    return min(cost(ways, [start, *one, *tail]) for one in permutations(stops))


@pytest.mark.parametrize("end", [None, 0, 1], ids=["open", "home", "elsewhere"])
def test_small_rounds_are_the_shortest(end: int | None) -> None:
    for seed in range(40):
        ways = np.random.default_rng(seed).uniform(1, 100, (7, 7))
        found = order_round(ways, 0, end)
        assert found.travel_s == pytest.approx(shortest(ways, 0, end))


@settings(max_examples=examples(60), deadline=None)
@given(MATRICES, st.integers(0, 6), st.one_of(st.none(), st.integers(0, 6)), st.floats(0, 600))
def test_every_stop_once_and_times_that_fit(
    rows: list[list[float]], start: int, end: int | None, stay: float
) -> None:
    ways = np.array(rows)
    start, end = start % len(ways), None if end is None else end % len(ways)
    found = order_round(ways, start, end, stay)
    assert sorted(found.order) == [row for row in range(len(ways)) if row not in (start, end)]
    whole = [start, *found.order, *([] if end is None else [end])]
    assert found.travel_s == pytest.approx(cost(ways, whole))
    assert len(found.arrive_s) == len(found.order)
    for number, at in enumerate(found.arrive_s):
        assert at == pytest.approx(cost(ways, whole[: number + 2]) + number * stay)


def test_the_same_question_has_the_same_answer() -> None:
    ways = np.random.default_rng(3).uniform(1, 100, (40, 40))
    assert order_round(ways, 0) == order_round(ways, 0)


def test_places_without_a_way_are_named_and_left_out() -> None:
    ways = np.random.default_rng(5).uniform(1, 100, (6, 6))
    ways[:, 3], ways[4, 0] = np.inf, np.inf
    assert order_round(ways, 0).unreachable == (3,)
    home = order_round(ways, 0, 0)
    assert (home.unreachable, sorted(home.order)) == ((3, 4), [1, 2, 5])
    assert np.isfinite(home.travel_s)


@pytest.mark.parametrize(
    ("ways", "start", "end"),
    [
        (np.zeros((2, 3)), 0, None),
        (np.zeros((0, 0)), 0, None),
        (np.full((3, 3), -1.0), 0, None),
        (np.full((3, 3), np.nan), 0, None),
        (np.zeros((3, 3)), 3, None),
        (np.zeros((3, 3)), 0, -1),
        (np.zeros((401, 401)), 0, None),
    ],
    ids=["not-square", "empty", "negative", "nan", "no-start", "no-end", "too-many"],
)
def test_what_is_no_question(ways: np.ndarray, start: int, end: int | None) -> None:
    with pytest.raises(ValueError):
        order_round(ways, start, end)


def test_only_the_start() -> None:
    found = order_round(np.zeros((1, 1)), 0, 0)
    assert (found.order, found.travel_s, found.arrive_s) == ((), 0.0, ())


def test_who_needs_it_most_comes_first_and_who_was_met_of_late_not_at_all() -> None:
    now = datetime(2026, 6, 3, tzinfo=UTC)

    def home(flat: str, needs: int, days: int | None) -> Home:
        last = None if days is None else now - timedelta(days=days)
        return Home(uuid4(), None, flat, "八经街46号", 123.4, 41.8, needs, last)

    homes = [
        home("fresh", 3, 2),
        home("long", 0, 60),
        home("care", 2, 31),
        home("never", 0, None),
        home("alone", 1, None),
    ]
    found = due(homes, now, 30, 10)
    assert [one.home.flat for one in found] == ["alone", "never", "care", "long"]
    assert [one.days for one in found] == [None, None, 31, 60]
    assert len(due(homes, now, 30, 2)) == 2


def test_rounds_over_the_demo_streets_are_hardly_longer_than_the_best_known() -> None:
    """The short form of scripts/bench_rounds.py: the longest instances; best known by a kept solver's long run."""
    best = json.loads(BEST.read_text("utf-8"))
    ratios = {
        name: order_round(ways, 0, end).travel_s / best[name]
        for name, (ways, end) in instances(sizes=(20, 150), seeds=(2,)).items()
    }
    assert len(ratios) == 4
    assert max(ratios.values()) <= 1.1, ratios
