"""Shops: low ones in strips before the walls, others in the lowest floor of slabs on the street."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import pairwise

from scripts.demo.cells import Cell
from scripts.demo.drawing import Drawing
from scripts.demo.facts import Facts, Street
from scripts.demo.shapes import Box, Point, Tags, point
from scripts.demo.slabs import Slab, Yard

DEPTH_M = 7.6
SHORTEST_M = 6.0
LENGTH_M = (18.0, 34.0)
PASSAGE_M = 2.6  # kept free on both sides of a path to a gate
PAVEMENT_M = 0.5  # from the edge of the street to the shops


@dataclass(frozen=True)
class Front:
    """The side of a courtyard on which a strip of shops stands."""

    side: str
    plot: Box
    street: Street

    @property
    def upward(self) -> bool:
        """Whether the front runs along the 经街."""
        return self.side in "WE"

    def strip(self, low: float, high: float, depth_m: float = DEPTH_M) -> Box:
        """Return the ground of shops between two places along the front."""
        plot, near = self.plot, self.street.half_width + PAVEMENT_M
        far = near + depth_m
        return {
            "W": Box(plot.x0 + near, low, plot.x0 + far, high),
            "E": Box(plot.x1 - far, low, plot.x1 - near, high),
            "S": Box(low, plot.y0 + near, high, plot.y0 + far),
            "N": Box(low, plot.y1 - far, high, plot.y1 - near),
        }[self.side]

    def touches(self, home: Box) -> bool:
        """Whether a micro-grid reaches the street on this side."""
        edges = {"W": home.x0, "E": home.x1, "S": home.y0, "N": home.y1}
        own = {"W": self.plot.x0, "E": self.plot.x1, "S": self.plot.y0, "N": self.plot.y1}
        return edges[self.side] == own[self.side]


def draw_strips(drawing: Drawing, facts: Facts, yards: list[Yard], cells: list[Cell], wanted: int) -> None:
    """Draw the wanted number of low shops, each within one micro-grid; the longest are kept."""
    rng = random.Random(f"{facts.seed}-shops")
    found: list[tuple[Box, Street]] = []
    for yard in yards:
        own = [c for c in cells if c.courtyard == yard.facts.code]
        for front in _fronts(facts, yard):
            for cell in own:
                if front.touches(cell.home):
                    found += [(box, front.street) for box in _pieces(drawing, front, yard, cell.home, rng)]
    if len(found) < wanted:
        raise ValueError(f"room for {len(found)} shops, {wanted} wanted")
    found.sort(key=lambda item: -max(item[0].width_m, item[0].height_m))
    for box, street in sorted(found[:wanted], key=lambda item: item[0]):
        levels = rng.choice(["1", "1", "2"])
        tags = {"building": "retail", "building:levels": levels, "addr:street": street.name}
        drawing.area(box, {**tags, **_shop(facts, rng)}, "building")


def _fronts(facts: Facts, yard: Yard) -> list[Front]:
    plot = yard.facts.plot
    places = {"W": plot.x0, "E": plot.x1, "S": plot.y0, "N": plot.y1}
    fronts = []
    for side, treatment in yard.facts.sides.items():
        if treatment == "strip":
            axis = "y" if side in "WE" else "x"
            street = next(s for s in facts.streets if s.axis == axis and s.at == places[side])
            fronts.append(Front(side, plot, street))
    return fronts


def _pieces(drawing: Drawing, front: Front, yard: Yard, home: Box, rng: random.Random) -> list[Box]:
    """Return the shops before one micro-grid, with passages left for the gates."""
    inner = yard.inner
    if front.upward:
        low, high = max(home.y0, inner.y0), min(home.y1, inner.y1)
    else:
        low, high = max(home.x0, inner.x0), min(home.x1, inner.x1)
    boxes = []
    for a, b in _free_spans(drawing, front, low + 0.8, high - 0.8):
        count = max(1, round((b - a) / rng.uniform(*LENGTH_M)))
        step = (b - a) / count
        for k in range(count):
            depth = DEPTH_M - rng.choice([0.0, 0.0, 0.6, 1.0])
            start = a + k * step
            boxes.append(front.strip(round(start, 1), round(start + step - 0.4, 1), depth))
    return boxes


def _free_spans(drawing: Drawing, front: Front, low: float, high: float) -> list[tuple[float, float]]:
    """Return the front less the passages to the gates."""
    strip = front.strip(low, high).grow(PASSAGE_M)
    k = 1 if front.upward else 0
    cuts = {
        a[k]
        for way in drawing.group("net")
        for a, b in pairwise(way.points)
        if a[k] == b[k]
        and strip.overlaps(Box(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])))
    }
    spans, start = [], low
    for cut in sorted(cuts):
        spans.append((start, cut - PASSAGE_M))
        start = max(start, cut + PASSAGE_M)
    spans.append((start, high))
    return [(a, b) for a, b in spans if b - a >= SHORTEST_M]


def _shop(facts: Facts, rng: random.Random) -> Tags:
    kind, zh, en = rng.choice(facts.raw["shops"])
    key, value = kind.split("=")
    return {key: value, "name": zh, "name:en": en}


def draw_ground_floor_shops(drawing: Drawing, facts: Facts, slabs: list[Slab]) -> None:
    """Draw a shop as a node in the lowest floor, one a stairwell."""
    rng = random.Random(f"{facts.seed}-ground")
    for slab in slabs:
        if slab.shops:
            for k in range(slab.stairwells):
                drawing.node(_behind_door(slab, k), {**_shop(facts, rng), "level": "0"})


def _behind_door(slab: Slab, k: int) -> Point:
    """Return a place near the street facade, which is opposite the doors."""
    x, y = slab.door(k)
    depth = (slab.box.width_m if slab.vertical else slab.box.height_m) - 2.5
    step = {"N": (0.0, -depth), "S": (0.0, depth), "W": (depth, 0.0), "E": (-depth, 0.0)}[slab.doors]
    return point(x + step[0], y + step[1])
