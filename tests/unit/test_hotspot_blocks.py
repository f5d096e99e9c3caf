"""Blocks between crossings, the nearest street, moments by the wall clock, what was foretold, and the best under a budget."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import combinations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.hotspots.blocks import Blocks, Segments, join
from gis.hotspots.cells import smoothed
from gis.hotspots.foretelling import coverage
from gis.hotspots.learning import History
from gis.hotspots.lixels import cut
from gis.hotspots.moments import Moments
from gis.hotspots.nearest import nearest, pieces_of
from gis.hotspots.planning import choose_best
from gis.hotspots.rates import neighbourhoods
from gis.hotspots.streets import attach, streets_of
from tests.extent import examples

Row = tuple[str, str, int, int, list[tuple[float, float]]]


def joined(*rows: Row) -> Blocks:
    lines = np.empty(len(rows), dtype=object)
    lines[:] = [shapely.LineString(row[4]) for row in rows]
    return join(
        Segments(
            lines,
            [f"k{number}" for number in range(len(rows))],
            [row[0] for row in rows],
            [row[1] for row in rows],
            [row[2] for row in rows],
            [row[3] for row in rows],
        )
    )


def test_a_street_goes_on_past_paths_and_lanes_until_a_named_street_meets_it() -> None:
    found = joined(
        ("八经街", "secondary", 1, 2, [(0, 0), (40, 0)]),
        ("八经街", "secondary", 2, 3, [(40, 0), (100, 0)]),
        ("八经街", "secondary", 3, 4, [(100, 0), (200, 0)]),
        ("", "footway", 2, 5, [(40, 0), (40, 50)]),
        ("六纬路", "secondary", 3, 6, [(100, 0), (100, 90)]),
    )
    assert sorted(len(rows) for rows in found.members) == [1, 1, 1, 2]
    block = found.block_of["k0"]
    assert found.block_of["k1"] == block
    assert found.streets.length_m[block] == pytest.approx(100.0)
    assert found.ends[block] in {("", "六纬路"), ("六纬路", "")}
    assert found.streets.key[block] == "k0"


def test_a_path_to_a_door_is_no_street() -> None:
    found = joined(
        ("", "footway", 1, 2, [(0, 0), (50, 0)]),
        ("", "footway", 2, 3, [(50, 0), (50, 8)]),
        ("", "footway", 2, 4, [(50, 0), (120, 0)]),
    )
    assert "k1" not in found.block_of
    assert found.block_of["k0"] == found.block_of["k2"]


def test_no_streets_and_a_ring() -> None:
    assert len(joined().streets) == 0
    ring = joined(
        ("环路", "residential", 1, 2, [(0, 0), (50, 0), (50, 50)]),
        ("环路", "residential", 2, 1, [(50, 50), (0, 50), (0, 0)]),
    )
    assert sum(ring.streets.length_m) == pytest.approx(200.0)


@settings(max_examples=examples(30), deadline=None)  # compiled on the first call
@given(st.integers(0, 10_000))
def test_the_nearest_street_is_the_one_that_shapely_finds(seed: int) -> None:
    random = np.random.default_rng(seed)
    lines = np.empty(30, dtype=object)
    lines[:] = [shapely.LineString(random.uniform(0.0, 400.0, (random.integers(2, 5), 2))) for _ in range(30)]
    x, y = random.uniform(-60.0, 460.0, (2, 200))
    found, along_m = nearest(pieces_of(lines, np.arange(30)), x, y, 40.0)
    far = shapely.distance(lines[None, :], shapely.points(x, y)[:, None])
    best = far.min(axis=1)
    assert ((found >= 0) == (best <= 40.0)).all()
    some = found >= 0
    assert far[some, found[some]] == pytest.approx(best[some], abs=1e-6)
    at = shapely.line_interpolate_point(lines[found[some]], along_m[some])
    assert shapely.distance(at, shapely.points(x[some], y[some])) == pytest.approx(best[some], abs=1e-6)


def test_places_that_are_no_numbers_have_no_street() -> None:
    lines = np.array([shapely.LineString([(0, 0), (100, 0)])], dtype=object)
    x = np.array([np.nan, np.inf, 1e18, 50.0])
    assert nearest(pieces_of(lines, np.arange(1)), x, np.zeros(4), 40.0)[0].tolist() == [-1, -1, -1, 0]


def test_moments_by_the_wall_clock() -> None:
    moments = ("2026-06-06T23:30", "2026-06-08T08:00", "2026-12-31T04:59")
    local_s = np.array([datetime.fromisoformat(one).replace(tzinfo=UTC).timestamp() for one in moments])
    assert Moments(day="weekend").keep(local_s).tolist() == [True, False, False]
    assert Moments(day="weekday").keep(local_s).tolist() == [False, True, True]
    assert Moments(months=(6,)).keep(local_s).tolist() == [True, True, False]
    assert Moments(hours=(22, 5)).keep(local_s).tolist() == [True, False, True]
    assert Moments(hours=(7, 9)).keep(local_s).tolist() == [False, True, False]


def test_what_was_foretold_is_said_only_where_there_was_enough() -> None:
    lines = [shapely.LineString([(0, 100 * k), (90, 100 * k)]) for k in range(20)]
    streets = streets_of(lines, [str(k) for k in range(20)], [""] * 20)
    lixels = cut(streets)
    around = neighbourhoods(lixels)
    random = np.random.default_rng(1)
    street = np.minimum(random.geometric(0.3, 600) - 1, 19)
    day = np.sort(random.uniform(0.0, 365.0, 600))
    past = History(attach(streets, random.uniform(20, 70, 600), street * 100.0), day, np.ones(600))
    found = coverage(lixels, around, past, 365.0)
    assert found.enough
    assert found.months == 6
    assert found.ours[10] > 0.35
    assert (found.best >= found.ours - 1e-9).all()
    assert not coverage(lixels, around, past.only(day < 20.0), 20.0).enough
    assert not coverage(lixels, around, past.only(day < 0.0), 0.0).enough


@settings(max_examples=examples(40), deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), min_size=1, max_size=9), st.integers(1, 80)
)
def test_no_choice_under_a_budget_covers_more(rows: list[tuple[int, int]], budget: int) -> None:
    benefit, cost = (np.array(column, dtype=np.float64) for column in zip(*rows, strict=True))
    plan = choose_best(benefit, cost, float(budget))
    assert cost[plan.street].sum() <= budget
    best = max(
        (
            benefit[list(some)].sum()
            for count in range(len(rows) + 1)
            for some in combinations(range(len(rows)), count)
            if cost[list(some)].sum() <= budget
        ),
        default=0.0,
    )
    assert benefit[plan.street].sum() == pytest.approx(best)


def test_few_households_do_not_make_a_wild_rate() -> None:
    exposure = np.array([20.0, 20.0, 20.0, 1.0, 0.0])
    rate = smoothed(np.array([2.0, 10.0, 3.0, 3.0, 0.0]), exposure)
    assert rate[1] > rate[0]
    assert rate[3] < 1.5  # three cases on one household
    assert rate[4] == pytest.approx(18.0 / 61.0)
    assert not smoothed(np.zeros(3), np.ones(3)).any()
    assert smoothed(np.ones(2), np.zeros(2)).tolist() == [0.0, 0.0]
