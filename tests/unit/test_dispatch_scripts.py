"""The benchmark's and the simulation's short forms: towns, runs, the bound, and the nearest beside other libraries' answers."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from gis.streets import StreetNetwork
from gis.words import Mode
from scripts.bench.dispatch_rivals import WANTED, Corners
from scripts.bench.dispatch_world import draw_city
from scripts.simulate_dispatch import main
from scripts.simulation_dispatch.bound import bound_s
from scripts.simulation_dispatch.policies import POLICIES
from scripts.simulation_dispatch.run import Run, gini
from scripts.simulation_dispatch.world import draw_town


@pytest.fixture(scope="module")
def city():
    drawn = draw_city(20, seed=1)
    return drawn, StreetNetwork(drawn.arrays)


def test_the_nearest_are_those_that_a_search_from_everybody_finds(city):
    """How much faster they are found is told by scripts/bench_dispatch.py."""
    drawn, net = city
    rng = np.random.default_rng(1)
    corner, cases = rng.choice(drawn.doors.ravel(), 200), rng.choice(drawn.doors.ravel(), 10)
    here = drawn.nodes[corner]
    corners = Corners(net, corner)
    slowly = corners.networkx()
    for case in cases.tolist():
        found = net.nearest(Mode.WALK, here, drawn.nodes[case], WANTED).seconds[0]
        everybody = corners.whole(case)
        assert found == pytest.approx(np.sort(everybody)[:WANTED])
        seconds = dict(zip(corner.tolist(), everybody, strict=True))
        assert found == pytest.approx([seconds[node] for node in slowly(case)])


@pytest.mark.parametrize("place", ["demo", "city"])
def test_a_run_serves_everybody_and_nobody_goes_below_the_bound(place):
    town = draw_town(30, 2, 5, place)
    least_s = bound_s(town)
    for policy in POLICIES:
        outcome = Run(town, policy).live()
        assert outcome.tasks.sum() == town.cases <= outcome.offers
        assert (outcome.response_s > 0).all()
        assert np.minimum(outcome.response_s, 900.0).mean() >= least_s > 0


def test_the_same_seed_gives_the_same_run():
    one, other = (Run(draw_town(20, 1, 3), POLICIES[-1]).live() for _ in range(2))
    assert (one.response_s == other.response_s).all()


def test_travel_time_and_matching_are_better_than_the_straight_line():
    straight, matched = [], []
    for seed in range(3):
        town = draw_town(40, 2, seed)
        straight.append(Run(town, POLICIES[0]).live().response_s.mean())
        matched.append(Run(town, POLICIES[-1]).live().response_s.mean())
    assert np.mean(matched) < 0.9 * np.mean(straight)


def test_nobody_is_asked_off_duty_or_twice_at_once():
    town = replace(draw_town(60, 1, 4), duty=np.array([[[0.0, 3600.0]]] * 30))

    class Watching:
        name = "watching"

        def choose(self, moment):
            assert moment.now_s < 3600.0
            chosen = POLICIES[-1].choose(moment)
            people = [who for _, who in chosen]
            assert len(set(people)) == len(people)
            assert set(people) <= {one.number for one in moment.free}
            return chosen

    assert Run(town, Watching()).live().offers > 0


def test_gini():
    assert gini(np.array([4, 4, 4, 4])) == pytest.approx(0.0)
    assert gini(np.array([0, 0, 0, 8])) == pytest.approx(0.75)
    assert gini(np.array([0, 0])) == 0.0


def test_the_script_writes_figures_and_a_picture(tmp_path, capsys):
    arguments = ["--seeds", "2", "--hours", "1", "--loads", "20", "40", "--places", "demo"]
    main([*arguments, "--json", str(tmp_path / "rows.json"), "--plot", str(tmp_path / "rows.svg")])
    assert "travel time + matching, fair" in capsys.readouterr().out
    rows = json.loads((tmp_path / "rows.json").read_text(encoding="utf-8"))
    assert len(rows) == 2 * len(POLICIES)
    assert (tmp_path / "rows.svg").read_text(encoding="utf-8").count("<polyline") == 2 * len(POLICIES)
