"""What makes the drawing a neighbourhood: sheds, gatehouses, kiosks, gardens, trees, lamps."""

from __future__ import annotations

import random
from typing import Any

from scripts.demo.cells import Cell
from scripts.demo.drawing import Drawing
from scripts.demo.facts import Facts, Street
from scripts.demo.shapes import Box, Point, Tags, point
from scripts.demo.slabs import Yard

GATEHOUSE_M = (1.7, 3.2)  # between the wall and the driveway along it
KERB_M = 2.4  # of the street trees and lamps, from the edge of the street
TREE_STEP_M = 13.0
LAMP_STEP_M = 32.0
YARD_TREES = 14
TRIES = 400
GREEN = ("leisure", "amenity")


def draw_small_buildings(drawing: Drawing, facts: Facts, yards: list[Yard], cells: list[Cell]) -> None:
    """Draw gatehouses, sheds, garages, transformer rooms and kiosks."""
    for yard in yards:
        if yard.facts.code in facts.raw["gatehouses"]:
            _gatehouse(drawing, yard)
    for row in facts.raw["small_buildings"]:
        _fit_all(drawing, facts, yards, cells, row)
    for row in facts.raw["kiosk"]:
        x, y = row["at"]
        box = Box(x - 1.6, y - 1.3, x + 1.6, y + 1.3)
        drawing.area(box, {"building": "kiosk", **row["tags"]}, "building")


def _gatehouse(drawing: Drawing, yard: Yard) -> None:
    """Draw a small house inside the wall, beside the motor gate."""
    width, depth = GATEHOUSE_M
    for gate, tags in list(drawing.nodes.items()):
        if tags.get("motor_vehicle") != "yes" or not yard.inner.covers(Box(*gate, *gate)):
            continue
        for offset in (-2.8 - depth, 2.8):
            box = _beside(yard.inner, gate, offset, (width, depth))
            if drawing.is_clear(box, 0.2):
                drawing.area(box, {"building": "guardhouse", "building:levels": "1"}, "building")
                return
    raise ValueError(f"{yard.facts.code}: no room for the gatehouse")


def _beside(inner: Box, gate: Point, offset: float, size_m: tuple[float, float]) -> Box:
    x, y = gate
    width, depth = size_m
    if x in (inner.x0, inner.x1):
        west = inner.x0 + 0.3 if x == inner.x0 else inner.x1 - 0.3 - width
        return Box(west, y + offset, west + width, y + offset + depth)
    south = inner.y0 + 0.3 if y == inner.y0 else inner.y1 - 0.3 - width
    return Box(x + offset, south, x + offset + depth, south + width)


def _fit_all(
    drawing: Drawing, facts: Facts, yards: list[Yard], cells: list[Cell], row: dict[str, Any]
) -> None:
    """Put one thing of a row of the table into each of its courtyards."""
    inner = {yard.facts.code: yard.inner for yard in yards}
    group = "building" if "building" in row["tags"] else "area"
    for code in row["courtyards"]:
        rng = random.Random(f"{facts.seed}-{code}-{row['tags']}")
        homes = [c.home for c in cells if c.courtyard == code]
        box = _free_place(drawing, inner[code], homes, row["size_m"], rng)
        if box is None:
            raise ValueError(f"{code}: no room for {row['tags']}")
        drawing.area(box, row["tags"], group)


def _free_place(
    drawing: Drawing, inner: Box, homes: list[Box], size_m: list[float], rng: random.Random
) -> Box | None:
    """Return a free place inside the wall and inside one micro-grid."""
    for _ in range(TRIES):
        home = rng.choice(homes)
        width, height = rng.choice([size_m, size_m, size_m[::-1]])
        x, y = rng.uniform(home.x0, home.x1 - width), rng.uniform(home.y0, home.y1 - height)
        box = Box(round(x, 1), round(y, 1), round(x + width, 1), round(y + height, 1))
        if inner.grow(-0.8).covers(box) and home.grow(-0.4).covers(box) and _unused(drawing, box):
            return box
    return None


def _unused(drawing: Drawing, box: Box) -> bool:
    if not drawing.is_clear(box):
        return False
    used = [way.points for way in drawing.group("area") if any(key in way.tags for key in GREEN)]
    return not any(box.grow(1.0).overlaps(Box(*ring[0], *ring[2])) for ring in used)


def draw_gardens(drawing: Drawing, facts: Facts, yards: list[Yard], cells: list[Cell]) -> None:
    """Draw playgrounds, seats and parking in the yards, and lawns before the slabs."""
    for row in facts.raw["yard_places"]:
        _fit_all(drawing, facts, yards, cells, row)
    for yard in yards:
        for slab in yard.slabs:
            b = slab.box
            lawn = Box(b.x0, round(b.y0 - 4.6, 1), b.x1, round(b.y0 - 0.8, 1))
            if not slab.vertical and yard.inner.covers(lawn) and _unused(drawing, lawn.grow(-0.6)):
                drawing.area(lawn, {"landuse": "grass"})


def draw_trees(drawing: Drawing, facts: Facts, yards: list[Yard]) -> None:
    """Draw street trees, lamps, and a few trees in the yards."""
    for street in facts.streets:
        crossing = [s.at for s in facts.streets if s.axis != street.axis]
        span = (min(crossing), max(crossing))
        for offset in (KERB_M - street.half_width, street.half_width - KERB_M):
            _street_line(drawing, street, offset, span, (TREE_STEP_M, {"natural": "tree"}))
        lamps = street.half_width - KERB_M - 1.2
        _street_line(drawing, street, lamps, span, (LAMP_STEP_M, {"highway": "street_lamp"}))
    for yard in yards:
        rng = random.Random(f"{facts.seed}-{yard.facts.code}-trees")
        ground = yard.inner.grow(-1.5)
        for _ in range(YARD_TREES):
            at = point(rng.uniform(ground.x0, ground.x1), rng.uniform(ground.y0, ground.y1))
            if drawing.is_clear(Box(*at, *at), 1.6):
                drawing.node(at, {"natural": "tree"})


def _street_line(
    drawing: Drawing, street: Street, offset: float, span: tuple[float, float], kind: tuple[float, Tags]
) -> None:
    """Draw nodes at equal steps along a street, where no path or building is in the way."""
    step, tags = kind
    place = span[0] + step / 2
    while place < span[1]:
        at = (place, street.at + offset) if street.axis == "x" else (street.at + offset, place)
        if drawing.is_clear(Box(*at, *at), 2.2):
            drawing.node(at, tags)
        place += step
