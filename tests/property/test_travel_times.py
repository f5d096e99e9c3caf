"""Travel times beside the same rules written out with shapely and networkx: any places, gates, one-way streets, walls."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.streets.attach import LOOK_FURTHER_M, WALL_M
from gis.streets.modes import CAR_M_S, E_BIKE_M_S, PARK_S, RIDE_UP_TO_M, WALK_M_S
from gis.words import Mode
from tests.drawing import lattice, network
from tests.extent import examples

SPEED = {"e": E_BIKE_M_S, "c": CAR_M_S}
VEHICLE = {Mode.E_BIKE: "e", Mode.CAR: "c"}
HERE, CASE = "here", "case"


class Oracle:
    """A town and the rules of moving in it, slowly."""

    def __init__(self, seed):
        rng = np.random.default_rng(seed)
        self.at, self.kind, self.ridden, self.gates = lattice(5, rng)
        self.driven = {way: int(rng.choice([3, 1, 2, 0], p=[0.5, 0.2, 0.1, 0.2])) for way in self.kind}
        ends = rng.uniform(-20.0, 220.0, (10, 2))
        self.walls = [chr(5000 + one) + chr(5001 + one) for one in range(0, len(ends), 2)]
        stood = self.at | {chr(5000 + one): tuple(end) for one, end in enumerate(ends.tolist())}
        self.net = network(
            stood, self.kind, e_bike=self.ridden, car=self.driven, gates=self.gates, walls=self.walls
        )
        self.line = {way: shapely.LineString([self.at[letter] for letter in way]) for way in self.kind}
        self.wall_lines = [shapely.LineString([stood[letter] for letter in wall]) for wall in self.walls]

    def open_to(self, layer, letter):
        return layer in self.gates.get(letter, "wec")

    def pace(self, layer, way, bit):
        """Return seconds a metre in a direction, None where it is closed."""
        bits = {"w": 3, "e": self.ridden[way], "c": self.driven[way]}[layer]
        if layer != "w" and bits & bit:
            return 1.0 / SPEED[layer]
        pushed = layer == "w" or (layer == "e" and self.kind[way] != "steps")
        return 1.0 / WALK_M_S if pushed else None

    def entered(self, layer):
        """Return the ways by which a layer is entered: not those of pieces much smaller than the largest."""
        passable = [way for way in self.kind if self.pace(layer, way, 1) or self.pace(layer, way, 2)]
        pieces: list[set[str]] = list(nx.connected_components(nx.Graph([tuple(way) for way in passable])))
        long_m = [sum(self.line[way].length for way in passable if way[0] in piece) for piece in pieces]
        left = [piece for piece, metres in zip(pieces, long_m, strict=True) if metres * 10.0 >= max(long_m)]
        return [way for way in passable if any(way[0] in piece for piece in left)]

    def attach(self, place, layer):
        point = shapely.Point(place)
        entered = self.entered(layer)
        away = {way: self.line[way].distance(point) for way in self.kind}
        nearest = min(entered, key=lambda way: away[way])
        if not self.met(point, nearest):
            return nearest
        reach = [way for way in entered if away[way] <= away[nearest] + LOOK_FURTHER_M]
        return min(reach, key=lambda way: away[way] + WALL_M * self.met(point, way))

    def met(self, point, way):
        straight = shapely.shortest_line(point, self.line[way])
        return sum(straight.intersects(wall) for wall in self.wall_lines)

    def graph(self, mode):
        layers = ("w",) if mode is Mode.WALK else (VEHICLE[mode], "w")
        graph: nx.MultiDiGraph = nx.MultiDiGraph()
        for layer in layers:
            for way in self.kind:
                for (start, end), bit in (((way[0], way[1]), 1), ((way[1], way[0]), 2)):
                    pace = self.pace(layer, way, bit)
                    if pace and self.open_to(layer, start) and self.open_to(layer, end):
                        graph.add_edge((start, layer), (end, layer), s=pace * self.line[way].length)
        if len(layers) > 1:
            for letter in self.at:
                if self.open_to(layers[0], letter) and self.open_to("w", letter):
                    graph.add_edge((letter, layers[0]), (letter, "w"), s=PARK_S)
        return graph, layers

    def seconds(self, mode, here, case):
        graph, layers = self.graph(mode)
        reached = {layer: self.attach(case, layer) for layer in layers}
        stretch = {layer: self.line[reached[layer]].distance(shapely.Point(case)) for layer in layers}
        for layer in layers:
            left = self.attach(here, layer)
            self.join(graph, layer, left, here, leaving=True)
            if stretch[layer] <= stretch["w"] + RIDE_UP_TO_M:
                self.join(graph, layer, reached[layer], case, leaving=False)
                if left == reached[layer]:
                    self.straight(graph, layer, left, here, case)
        graph.add_nodes_from([HERE, CASE])
        try:
            return nx.dijkstra_path_length(graph, HERE, CASE, weight="s")
        except nx.NetworkXNoPath:
            return np.inf

    def join(self, graph, layer, way, place, *, leaving):
        line, point = self.line[way], shapely.Point(place)
        along_m, foot_s = line.project(point), line.distance(point) / WALK_M_S
        for letter, metres, bits in (
            (way[0], along_m, (2, 1)),
            (way[1], line.length - along_m, (1, 2)),
        ):
            pace = self.pace(layer, way, bits[0] if leaving else bits[1])
            if pace and self.open_to(layer, letter):
                ends = (HERE, (letter, layer)) if leaving else ((letter, layer), CASE)
                graph.add_edge(*ends, s=foot_s + pace * metres)

    def straight(self, graph, layer, way, here, case):
        line = self.line[way]
        step_m = line.project(shapely.Point(case)) - line.project(shapely.Point(here))
        pace = self.pace(layer, way, 1 if step_m >= 0 else 2)
        foot_m = sum(line.distance(shapely.Point(place)) for place in (here, case))
        if pace:
            graph.add_edge(HERE, CASE, s=pace * abs(step_m) + foot_m / WALK_M_S)


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(list(Mode)))
def test_every_way_of_asking_agrees_with_the_rules(seed, mode):
    oracle = Oracle(seed)
    rng = np.random.default_rng(seed)
    here, case = rng.uniform(-40.0, 240.0, (4, 2)), rng.uniform(-10.0, 210.0, 2)
    slowly = [oracle.seconds(mode, tuple(place), tuple(case)) for place in here]
    net = oracle.net
    seconds, metres = net.travel(mode, here, case)
    assert seconds == pytest.approx(slowly, abs=1e-3)
    assert net.travel_many(mode, here, case)[0][0] == pytest.approx(slowly, abs=1e-6)
    found = net.nearest(mode, here, case, 4)
    assert found.seconds[0] == pytest.approx(sorted(slowly), abs=1e-6)
    for place, expected_s, expected_m in zip(here, seconds, metres, strict=True):
        line = net.route(mode, place, case)
        assert (len(line) == 0) == np.isinf(expected_s)
        if len(line):
            long_m = sum(float(np.hypot(*np.subtract(b, a))) for a, b in pairwise(line))
            assert long_m == pytest.approx(expected_m, rel=1e-3, abs=0.05)
