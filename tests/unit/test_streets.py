"""Access tags, travel times with gates and walls, routes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import networkx as nx
import numpy as np
import pytest

from gis.streets.access import Gate, gate_access, way_access
from gis.streets.modes import CAR_M_S, E_BIKE_M_S, PARK_S, WALK_M_S
from gis.streets.trees import Trees, TreeStore
from gis.words import Mode
from tests.drawing import STEP_M, corners, lattice, network


@pytest.mark.parametrize(
    ("tags", "walk", "e_bike", "car"),
    [
        ({"highway": "residential"}, 3, 3, 3),
        ({"highway": "residential", "oneway": "yes"}, 3, 1, 1),
        ({"highway": "residential", "oneway": "-1"}, 3, 2, 2),
        ({"highway": "residential", "oneway": "yes", "oneway:bicycle": "no"}, 3, 3, 1),
        ({"highway": "residential", "oneway": "yes", "cycleway": "opposite"}, 3, 3, 1),
        ({"highway": "tertiary", "junction": "roundabout"}, 3, 1, 1),
        ({"highway": "motorway"}, 0, 0, 1),
        ({"highway": "service", "access": "private"}, 3, 3, 3),
        ({"highway": "service", "access": "no"}, 0, 0, 0),
        ({"highway": "service", "access": "no", "foot": "yes"}, 3, 0, 0),
        ({"highway": "service", "motor_vehicle": "no"}, 3, 3, 0),
        ({"highway": "footway"}, 3, 0, 0),
        ({"highway": "footway", "bicycle": "yes"}, 3, 3, 0),
        ({"highway": "footway", "bicycle": "dismount"}, 3, 0, 0),
        ({"highway": "footway", "access": "yes"}, 3, 0, 0),
        ({"highway": "pedestrian"}, 3, 0, 0),
        ({"highway": "steps", "bicycle": "yes"}, 3, 0, 0),
        ({"highway": "cycleway"}, 3, 3, 0),
        ({"highway": "proposed"}, 0, 0, 0),
        ({"building": "yes"}, 0, 0, 0),
    ],
)
def test_who_may_pass_a_way(tags, walk, e_bike, car):
    assert way_access(tags) == (walk, e_bike, car)


@pytest.mark.parametrize(
    ("tags", "passes"),
    [
        ({"barrier": "gate"}, "wec"),
        ({"barrier": "gate", "motor_vehicle": "no"}, "we"),
        ({"barrier": "gate", "access": "private"}, ""),
        ({"barrier": "gate", "access": "private", "foot": "yes"}, "w"),
        ({"barrier": "gate", "locked": "yes"}, ""),
        ({"barrier": "gate", "locked": "yes", "foot": "yes"}, "w"),
        ({"barrier": "bollard"}, "we"),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, "wec"),
        ({"barrier": "kissing_gate"}, "w"),
        ({"barrier": "lift_gate", "vehicle": "no"}, "w"),
        ({"barrier": "wall"}, ""),
    ],
)
def test_who_passes_a_gate(tags, passes):
    assert gate_access(tags) == Gate("w" in passes, "e" in passes, "c" in passes)


@pytest.mark.parametrize("tags", [{"barrier": "kerb"}, {"highway": "crossing"}, {}])
def test_what_is_no_gate(tags):
    assert gate_access(tags) is None


STREET = corners("a---b---c---d")
SQUARE = corners(
    """
    a---b---c
    |   |   |
    |   |   |
    d---e---f
    """
)


def one(net, mode, here, there):
    seconds, metres = net.travel(mode, np.array([here]), np.array(there))
    return float(seconds[0]), float(metres[0])


@pytest.mark.parametrize(
    ("mode", "speed"), [(Mode.WALK, WALK_M_S), (Mode.E_BIKE, E_BIKE_M_S), (Mode.CAR, CAR_M_S)]
)
def test_time_is_length_by_speed(mode, speed):
    net = network(STREET, {"ab": "residential", "bc": "residential", "cd": "residential"})
    seconds, metres = one(net, mode, STREET["a"], STREET["d"])
    assert metres == pytest.approx(12 * STEP_M)
    assert seconds == pytest.approx(12 * STEP_M / speed)


def test_stretches_to_the_street_are_walked():
    net = network(STREET, {"ab": "residential", "bc": "residential"})
    (x, y), (to_x, to_y) = STREET["a"], STREET["c"]
    seconds, metres = one(net, Mode.CAR, (x + 5.0, y + 13.0), (to_x - 5.0, to_y - 26.0))
    assert metres == pytest.approx(80.0 - 10.0 + 39.0)
    assert seconds == pytest.approx(70.0 / CAR_M_S + 39.0 / WALK_M_S)


def test_both_on_one_segment():
    net = network(STREET, {"ad": "residential"}, car={"ad": 1})
    (x, y) = STREET["a"]
    here, there = (x + 20.0, y), (x + 50.0, y)
    assert one(net, Mode.CAR, here, there) == pytest.approx((30.0 / CAR_M_S, 30.0))
    back = one(net, Mode.CAR, there, here)  # against the one-way street: on foot
    assert back == pytest.approx((30.0 / WALK_M_S, 30.0))


def test_one_way_streets_lead_around():
    ways = dict.fromkeys(("ab", "bc", "ad", "be", "cf", "de", "ef"), "residential")
    net = network(SQUARE, ways, e_bike={"ab": 2}, car={"ab": 2}, walk={"ab": 0})
    _, metres = one(net, Mode.CAR, SQUARE["a"], SQUARE["b"])
    assert metres == pytest.approx(2 * 30.0 + 40.0)


def test_a_shut_gate_leads_around():
    ways = dict.fromkeys(("ab", "bc", "ad", "cf", "de", "ef"), "residential")
    net = network(SQUARE, ways, gates={"b": "w"})
    assert one(net, Mode.WALK, SQUARE["a"], SQUARE["c"])[1] == pytest.approx(80.0)
    seconds, metres = one(net, Mode.E_BIKE, SQUARE["a"], SQUARE["c"])
    around = 140.0 / E_BIKE_M_S
    assert (seconds, metres) == pytest.approx((around, 140.0))


def test_a_vehicle_is_left_at_a_gate_that_only_walkers_pass():
    net = network(STREET, dict.fromkeys(("ab", "bc", "cd"), "residential"), gates={"c": "w"})
    seconds, metres = one(net, Mode.E_BIKE, STREET["a"], STREET["d"])
    assert metres == pytest.approx(120.0)
    # it is left at b, the last node before the gate
    assert seconds == pytest.approx(40.0 / E_BIKE_M_S + PARK_S + 80.0 / WALK_M_S)


def test_nobody_passes_a_locked_gate():
    net = network(STREET, dict.fromkeys(("ab", "bc", "cd"), "residential"), gates={"c": ""})
    for mode in Mode:
        assert one(net, mode, STREET["a"], STREET["d"]) == (np.inf, np.inf)
    (x, y) = STREET["c"]
    assert one(net, Mode.WALK, STREET["a"], (x - 10.0, y))[1] == pytest.approx(70.0)  # up to the gate


def test_an_e_bike_is_pushed_along_footways_and_left_at_steps():
    closed = dict.fromkeys(("ab", "bc", "cd"), 0)
    level = network(
        STREET, {"ab": "residential", "bc": "footway", "cd": "residential"}, e_bike={"bc": 0}, car=closed
    )
    seconds, _ = one(level, Mode.E_BIKE, STREET["a"], STREET["d"])
    assert seconds == pytest.approx(80.0 / E_BIKE_M_S + 40.0 / WALK_M_S)
    stairs = network(
        STREET, {"ab": "residential", "bc": "steps", "cd": "residential"}, e_bike={"bc": 0}, car=closed
    )
    seconds, _ = one(stairs, Mode.E_BIKE, STREET["a"], STREET["d"])
    assert seconds == pytest.approx(40.0 / E_BIKE_M_S + PARK_S + 80.0 / WALK_M_S)


def test_a_car_parks_and_the_driver_walks_on():
    net = network(STREET, {"ab": "residential", "bc": "footway", "cd": "footway"}, car={"bc": 0, "cd": 0})
    seconds, metres = one(net, Mode.CAR, STREET["a"], STREET["d"])
    assert (seconds, metres) == pytest.approx((40.0 / CAR_M_S + PARK_S + 80.0 / WALK_M_S, 120.0))


def test_a_wall_makes_the_way_start_elsewhere():
    at = corners(
        """
        a---------b
        |         .
        |  p------q
        |.........
        |         .
        c---------d
        """
    )
    here = (at["p"][0] + 30.0, at["p"][1] - 2.0)  # nearer to ab than to cd, but behind the wall
    ways = {"ac": "residential", "ab": "residential", "cd": "residential"}
    open_, shut = (one(network(at, ways, walls=walls), Mode.WALK, here, at["a"])[1] for walls in ([], ["pq"]))
    assert open_ == pytest.approx(22.0 + 60.0)
    assert shut == pytest.approx(28.0 + 60.0 + 50.0)


def test_pieces_cut_off_from_the_rest_are_not_entered():
    at = corners(
        """
        a-------------------------------b
        .
        x-y
        """
    )
    net = network(at, {"ab": "residential", "xy": "residential"})
    assert np.isfinite(one(net, Mode.WALK, at["x"], at["b"])[0])


def test_nobody_to_ask_and_no_streets():
    net = network(STREET, {"ab": "residential"})
    assert len(net.travel(Mode.WALK, np.empty((0, 2)), np.array(STREET["a"]))[0]) == 0
    empty = network(STREET, {})
    assert np.isinf(one(empty, Mode.WALK, STREET["a"], STREET["b"])[0])
    assert len(empty.route(Mode.WALK, np.array(STREET["a"]), np.array(STREET["b"]))) == 0


@pytest.mark.parametrize("seed", range(6))
def test_agrees_with_networkx(seed):  # noqa: C901 - the rules a second time, in one place
    """The same rules written out on a networkx graph: nodes with and without the e-bike."""
    rng = np.random.default_rng(seed)
    at, ways, ridden, gates = lattice(7, rng)
    net = network(at, ways, e_bike=ridden, car=dict.fromkeys(ways, 0), gates=gates)
    graph: nx.DiGraph = nx.DiGraph()

    def link(start, end, seconds, layer):
        if any(layer not in gates.get(letter, "we") for letter in (start, end)):
            return
        key = (start, layer), (end, layer)
        if graph.get_edge_data(*key, {"s": np.inf})["s"] > seconds:
            graph.add_edge(*key, s=seconds)

    for (start, end), kind in ways.items():
        metres = float(np.hypot(*np.subtract(at[start], at[end])))
        for one_end, other_end, bit in ((start, end, 1), (end, start, 2)):
            link(one_end, other_end, metres / WALK_M_S, "w")
            if ridden[start + end] & bit:
                link(one_end, other_end, metres / E_BIKE_M_S, "e")
            elif kind != "steps":
                link(one_end, other_end, metres / WALK_M_S, "e")
    for letter in at:
        if "w" in gates.get(letter, "we") and "e" in gates.get(letter, "we"):
            graph.add_edge((letter, "e"), (letter, "w"), s=PARK_S)
    free = [letter for letter in at if letter not in gates]
    target = free[len(free) // 2]
    reached_s, reached_m = net.travel(
        Mode.E_BIKE, np.array([at[letter] for letter in free]), np.array(at[target])
    )
    for letter, found, far in zip(free, reached_s, reached_m, strict=True):
        lengths = [
            nx.dijkstra_path_length(graph, (letter, begin), (target, end), weight="s")
            for begin in "we"
            for end in "we"
            if graph.has_node((letter, begin))
            and graph.has_node((target, end))
            and nx.has_path(graph, (letter, begin), (target, end))
        ]
        assert found == pytest.approx(min(lengths, default=np.inf), abs=1e-5)
        line = net.route(Mode.E_BIKE, np.array(at[letter]), np.array(at[target]))
        if np.isfinite(found) and len(line) > 1:
            assert np.hypot(*np.diff(line, axis=0).T).sum() == pytest.approx(far, rel=1e-4, abs=0.02)


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("wanted", [1, 5, 60, 80])
def test_asking_for_the_nearest_gives_the_nearest(mode, wanted):
    rng = np.random.default_rng(3)
    at, ways, ridden, gates = lattice(14, rng)
    net = network(at, ways, e_bike=ridden, car=ridden, gates=gates)
    everybody = rng.uniform(-200, 900, (60, 2))
    targets = rng.uniform(0, 650, (4, 2))
    several = net.nearest_many(mode, everybody, targets, wanted)
    for target, person, seconds, metres in zip(
        targets, several.person, several.seconds, several.metres, strict=True
    ):
        all_s, all_m = net.travel(mode, everybody, target)
        order = np.argsort(all_s, kind="stable")[:wanted]
        order = order[np.isfinite(all_s[order])]
        here = net.nearest(mode, everybody, target, wanted)
        for rows, found_s, found_m in (
            (person, seconds, metres),
            (here.person[0], here.seconds[0], here.metres[0]),
        ):
            assert rows[rows >= 0].tolist() == order.tolist()
            assert np.isinf(found_s[rows < 0]).all()
            assert found_s[rows >= 0] == pytest.approx(all_s[order], abs=1e-3)
            assert found_m[rows >= 0] == pytest.approx(all_m[order], abs=1e-2)


def test_of_people_in_one_place_the_first_is_nearest():
    net = network(STREET, {"ab": "residential", "bc": "residential", "cd": "residential"})
    everybody = np.array([STREET["d"], STREET["a"], STREET["d"], STREET["d"]])
    found = net.nearest(Mode.WALK, everybody, np.array(STREET["c"]), 2)
    assert found.person.tolist() == [[0, 2]]


def test_ways_beyond_the_limit_do_not_count():
    net = network(STREET, {"ab": "residential", "bc": "residential", "cd": "residential"})
    everybody, here = np.array([STREET["a"], STREET["b"], STREET["c"]]), np.array([STREET["d"]])
    seconds, metres = net.travel_many(Mode.WALK, everybody, here, limit_s=81.0 / WALK_M_S)
    assert np.isinf(seconds[0]).tolist() == [True, False, False]
    assert metres[0, 1:] == pytest.approx([80.0, 40.0])
    assert net.nearest(Mode.WALK, everybody, here, 3, limit_s=81.0 / WALK_M_S).person[0].tolist()[:2] == [
        2,
        1,
    ]
    assert net.travel_many(Mode.WALK, everybody, np.empty((0, 2)))[0].shape == (0, 3)
    assert net.nearest(Mode.WALK, np.empty((0, 2)), here, 3).person.shape == (1, 0)


def test_trees_are_remembered_up_to_a_bound():
    rng = np.random.default_rng(5)
    at, ways, _, _ = lattice(6, rng)
    net = network(at, ways)
    searcher = net.searchers[Mode.WALK]
    whole, _ = net.travel_many(Mode.WALK, np.array(list(at.values())), np.array(list(at.values())))
    store = TreeStore(4.5 * len(at) * 8)
    searcher._trees = Trees(searcher.streets, searcher._rooms, store)
    for letter, row in zip(at.values(), whole, strict=True):
        seconds, _ = net.travel(Mode.WALK, np.array(list(at.values())), np.array(letter))
        assert seconds == pytest.approx(row, abs=1e-3)
        assert store.bytes <= store.most_bytes
    assert len(store._kept) == 4


def test_threads_share_a_network():
    rng = np.random.default_rng(8)
    at, ways, ridden, gates = lattice(12, rng)
    net = network(at, ways, e_bike=ridden, gates=gates)
    targets = rng.uniform(0, 550, (64, 2))
    crowds = [rng.uniform(0, 550, (size, 2)) for size in rng.integers(1, 400, 64)]
    alone = [net.travel_many(Mode.E_BIKE, *each) for each in zip(crowds, targets[:, None], strict=True)]
    shared = network(at, ways, e_bike=ridden, gates=gates)
    with ThreadPoolExecutor(8) as threads:
        together = threads.map(partial(shared.travel_many, Mode.E_BIKE), crowds, targets[:, None])
        for (seconds, _), (also_s, _) in zip(alone, together, strict=True):
            assert (seconds == also_s).all()
