"""Hotspot streets: cases on streets, along the network, drawn towards their neighbourhood, and clustered."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.hotspots.clusters import adjacency, clusters
from gis.hotspots.distinct import distinct
from gis.hotspots.evaluation import accuracy_index, curve, efficiency_index, hindsight
from gis.hotspots.kernels import along_streets, over_plane
from gis.hotspots.learning import History, learn
from gis.hotspots.lixels import cut
from gis.hotspots.planning import choose
from gis.hotspots.rates import estimate, neighbourhoods
from gis.hotspots.streets import Streets, attach, streets_of, summed
from gis.hotspots.trends import Trend, trends
from tests.extent import examples

NONE = np.zeros(0, dtype=np.int64)


def grid(side: int, block_m: float = 100.0) -> Streets:
    """Return the streets of a square town."""
    lines = []
    for i, j in np.ndindex(side, side):
        if i + 1 < side:
            lines.append([(i * block_m, j * block_m), ((i + 1) * block_m, j * block_m)])
        if j + 1 < side:
            lines.append([(i * block_m, j * block_m), (i * block_m, (j + 1) * block_m)])
    shapes = [shapely.LineString(one) for one in lines]
    return streets_of(shapes, [str(row) for row in range(len(shapes))], [""] * len(shapes))


def cross() -> Streets:
    """Return four streets of 100 m that meet in the middle: east, north, west, south."""
    ends = [(100.0, 0.0), (0.0, 100.0), (-100.0, 0.0), (0.0, -100.0)]
    return streets_of([shapely.LineString([(0.0, 0.0), end]) for end in ends], list("enws"), [""] * 4)


def test_a_case_belongs_to_the_nearest_street() -> None:
    found = attach(cross(), np.array([50.0]), np.array([7.0]))
    assert (found.street.tolist(), found.share.tolist(), found.along_m.tolist()) == ([0], [1.0], [50.0])


def test_a_case_at_a_crossing_is_shared_by_the_streets_that_meet() -> None:
    found = attach(cross(), np.array([2.0]), np.array([1.0]))
    assert sorted(found.street.tolist()) == [0, 1, 2, 3]
    assert found.share.tolist() == [0.25] * 4


def test_a_case_far_from_every_street_is_kept_apart() -> None:
    found = attach(cross(), np.array([50.0, 80.0]), np.array([500.0, 3.0]))
    assert found.off.tolist() == [True, False]
    assert found.case.tolist() == [1]


def test_a_street_without_length_takes_nothing() -> None:
    lines = [shapely.LineString([(0, 0), (0, 0)]), shapely.LineString([(0, 0), (50, 0)])]
    found = attach(streets_of(lines, ["a", "b"], ["", ""]), np.array([1.0]), np.array([0.0]))
    assert found.street.tolist() == [1]


@given(st.integers(0, 10_000), st.integers(1, 300))
def test_shares_of_a_case_add_up_to_one(seed: int, count: int) -> None:
    random = np.random.default_rng(seed)
    x, y = random.uniform(-50.0, 450.0, (2, count))
    found = attach(grid(5), x, y)
    shares = summed(found.case, found.share, count)
    assert np.allclose(shares[~found.off], 1.0)
    assert not shares[found.off].any()


def test_pieces_are_as_far_apart_as_networkx_says() -> None:
    lixels = cut(grid(4, 47.0))
    near = lixels.near(80.0).todok()
    graph: nx.Graph[object] = nx.Graph()
    piece_m, last = lixels.length_m, lixels.first + lixels.count - 1
    for row in range(len(lixels) - 1):
        if lixels.street[row] == lixels.street[row + 1]:
            graph.add_edge(row, row + 1, weight=piece_m[row])
    for street in range(len(lixels.streets)):
        ends = ((lixels.first, lixels.streets.from_node), (last, lixels.streets.to_node))
        for piece, node in ends:
            graph.add_edge(int(piece[street]), f"n{node[street]}", weight=piece_m[piece[street]] / 2.0)
    for root in range(0, len(lixels), 7):
        true = nx.single_source_dijkstra_path_length(graph, root, cutoff=80.0)
        ours = {int(to): near[root, to] for to in range(len(lixels)) if (root, to) in near}
        assert ours == pytest.approx({to: far for to, far in true.items() if isinstance(to, int)})


def test_kernel_density_keeps_to_the_streets() -> None:
    gap_m = 30.0  # two parallel streets that aren't joined
    lines = [shapely.LineString([(0, y), (300, y)]) for y in (0.0, gap_m)]
    streets = streets_of(lines, ["a", "b"], ["", ""])
    lixels = cut(streets)
    x, y = np.array([150.0]), np.array([0.0])
    found = attach(streets, x, y)
    counts = summed(lixels.of(found), found.share, len(lixels))
    network = along_streets(lixels.near(100.0), lixels, counts, 100.0)
    plane = over_plane(lixels, x, y)
    other = lixels.street == 1
    assert not network[other].any()
    assert plane[other].any()


def history(streets: Streets, x: np.ndarray, y: np.ndarray, day: np.ndarray) -> History:
    return History(attach(streets, x, y), day, np.ones(len(x)))


def test_two_cases_on_a_short_street_do_not_beat_forty_on_a_long_one() -> None:
    lines = [shapely.LineString([(k * 50, 0), (k * 50 + 30, 0)]) for k in range(40)]
    lines += [shapely.LineString([(0, 500), (600, 500)])]
    streets = streets_of(lines, [str(k) for k in range(41)], [""] * 41)
    lixels = cut(streets)
    counts = np.zeros(len(lixels))
    counts[lixels.first[0]] = 2.0
    counts[lixels.first[40] : lixels.first[40] + lixels.count[40]] = 1.0
    rates = estimate(lixels, neighbourhoods(lixels), counts, counts)
    observed = summed(lixels.street, counts, 41) / streets.length_m
    assert observed[0] > observed[40] * 0.9
    assert rates.mean[40] > rates.mean[0]
    assert rates.enough[40]
    assert not rates.enough[1]


@settings(max_examples=examples(20))
@given(st.integers(0, 1000))
def test_intervals_hold_the_rate(seed: int) -> None:
    random = np.random.default_rng(seed)
    streets = grid(5)
    x, y = random.uniform(0.0, 400.0, (2, 200))
    lixels = cut(streets)
    rates, _ = learn(lixels, neighbourhoods(lixels), history(streets, x, y, random.uniform(0.0, 365.0, 200)))
    assert (rates.low <= rates.mean).all()
    assert (rates.mean <= rates.high).all()
    assert np.isfinite(rates.high).all()


def test_no_cases_at_all_and_all_in_one_point() -> None:
    streets = grid(4)
    lixels = cut(streets)
    around = neighbourhoods(lixels)
    empty = np.zeros(0)
    rates, _ = learn(lixels, around, history(streets, empty, empty, empty))
    assert not rates.mean.any()
    here = np.full(500, 50.0)
    rates, _ = learn(lixels, around, history(streets, here, here * 0.0, np.arange(500.0)))
    assert int(np.argmax(rates.mean)) == int(attach(streets, here[:1], here[:1] * 0.0).street[0])


def test_reports_of_one_thing_count_once_until_a_week_has_passed() -> None:
    x, y = np.full(5, 10.0), np.full(5, 10.0)
    found = distinct(x, y, np.array([0.0, 3.0, 9.0, 17.0, 1.0]), np.array([0, 0, 0, 0, 1]))
    assert found.row.tolist() == [0, 3, 4]
    assert found.reports.tolist() == [3.0, 1.0, 1.0]
    assert distinct(x[:0], y[:0], x[:0], NONE).row.tolist() == []


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(0, 40)), max_size=60))
def test_no_report_is_lost_in_counting(rows: list[tuple[int, int, int]]) -> None:
    x, y, day = (np.array([row[k] for row in rows], dtype=np.float64) for k in range(3))
    found = distinct(x, y, day, np.zeros(len(rows), dtype=np.int64))
    assert found.reports.sum() == len(rows)


def test_clusters_agree_with_esda() -> None:
    esda = pytest.importorskip("esda")
    weights_of = pytest.importorskip("libpysal.weights")
    streets = grid(8)
    rate = np.random.default_rng(4).gamma(1.0, 1.0, len(streets))
    matrix = adjacency(streets).tocsr()
    neighbours = {
        row: [int(c) for c in matrix[[row]].nonzero()[1] if c != row] for row in range(len(streets))
    }
    theirs = esda.G_Local(rate, weights_of.W(neighbours), transform="B", star=True, permutations=0)
    assert clusters(streets, rate).z == pytest.approx(theirs.Zs, abs=1e-6)


def test_a_block_of_bad_streets_is_a_cluster_and_noise_is_not() -> None:
    streets = grid(10)
    middle = shapely.get_coordinates(shapely.line_interpolate_point(streets.lines, 0.5, normalized=True))
    bad = (np.abs(middle - 450.0) < 160.0).all(axis=1)
    rate = np.random.default_rng(1).gamma(4.0, 0.25, len(streets)) + 3.0 * bad
    assert clusters(streets, rate).hot[bad].mean() > 0.8
    assert not clusters(streets, np.ones(len(streets))).hot.any()


def test_trends_need_cases() -> None:
    lines = [shapely.LineString([(0, 100 * k), (90, 100 * k)]) for k in range(4)]
    streets = streets_of(lines, list("abcd"), [""] * 4)
    counts = {
        (0, 10.0): 1,
        (0, 90.0): 30,
        (1, 10.0): 25,
        (1, 90.0): 1,
        (2, 10.0): 12,
        (2, 90.0): 11,
        (3, 90.0): 2,
    }
    where = np.array([street for (street, _), many in counts.items() for _ in range(many)])
    day = np.array([at for (_, at), many in counts.items() for _ in range(many)])
    past = history(streets, np.full(len(where), 45.0), where * 100.0, day)
    found = trends(past, 4, begin=0.0, end=100.0).trend
    assert found == [Trend.RISING, Trend.FALLING, Trend.STEADY, Trend.UNKNOWN]


def test_curves_run_from_nothing_to_everything() -> None:
    length_m, later = np.array([100.0, 100.0, 200.0]), np.array([6.0, 2.0, 2.0])
    found = curve(np.array([3.0, 2.0, 1.0]), length_m, later)
    assert found.at(0.25) == pytest.approx(0.6)
    assert found.at(0.125) == pytest.approx(0.3)
    assert (found.at(0.0), found.at(1.0)) == (0.0, 1.0)
    assert accuracy_index(found, 0.25) == pytest.approx(2.4)
    assert efficiency_index(found, hindsight(length_m, later), 0.25) == pytest.approx(1.0)


@given(st.lists(st.tuples(st.floats(0.0, 9.0), st.floats(1.0, 50.0)), max_size=30), st.floats(0.0, 200.0))
def test_a_plan_never_exceeds_its_budget(rows: list[tuple[float, float]], budget: float) -> None:
    benefit, cost = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    plan = choose(benefit, cost, budget)
    assert cost[plan.street].sum() <= budget + 1e-9
    assert len(set(plan.street.tolist())) == len(plan.street)
    left = np.setdiff1d(np.flatnonzero(benefit > 0.0), plan.street)
    assert all(cost[plan.street].sum() + cost[one] > budget for one in left)
