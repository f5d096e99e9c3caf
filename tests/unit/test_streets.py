"""Access tags, travel times with gates and walls, routes."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from gis.streets.access import Gate, gate_access, way_access
from gis.streets.modes import CAR_M_S, E_BIKE_M_S, PARK_S, WALK_M_S
from gis.words import Mode
from tests.drawing import STEP_M, corners, network


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


def lattice(size, rng):
    """Return a lattice of streets with uneven crossings, some closed to bikes or one-way, and some gates."""
    at = {
        chr(200 + row * size + column): (column * 50.0 + rng.uniform(-9, 9), row * 50.0 + rng.uniform(-9, 9))
        for row in range(size)
        for column in range(size)
    }
    letters = sorted(at)
    ways = {}
    for number, letter in enumerate(letters):
        if number % size < size - 1:
            ways[letter + letters[number + 1]] = "residential"
        if number < size * (size - 1):
            ways[letter + letters[number + size]] = str(
                rng.choice(["residential", "footway", "steps"], p=[0.6, 0.3, 0.1])
            )
    ridden = {
        way: 0 if kind != "residential" else int(rng.choice([3, 1, 2], p=[0.7, 0.15, 0.15]))
        for way, kind in ways.items()
    }
    gates = {letter: str(rng.choice(["w", "we", ""])) for letter in letters if rng.random() < 0.1}
    return at, ways, ridden, gates


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


def test_asking_for_the_nearest_gives_the_same_nearest(monkeypatch):
    monkeypatch.setattr("gis.streets.search.WHOLE_BELOW_NODES", 0)
    rng = np.random.default_rng(3)
    at, ways, _, _ = lattice(14, rng)
    net = network(at, ways)
    everybody = rng.uniform(0, 650, (60, 2))
    target = np.array([300.0, 310.0])
    all_s, all_m = net.travel(Mode.WALK, everybody, target)
    some_s, some_m = net.travel(Mode.WALK, everybody, target, nearest=5)
    nearest = np.argsort(all_s)[:5]
    assert some_s[nearest] == pytest.approx(all_s[nearest])
    assert some_m[nearest] == pytest.approx(all_m[nearest])
    found = np.isfinite(some_s)
    assert 5 <= found.sum() < 60
    assert some_s[found] == pytest.approx(all_s[found])
