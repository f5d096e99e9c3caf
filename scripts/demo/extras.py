"""What makes the drawing a neighbourhood: shops, sheds, kiosks, gardens, trees, lamps."""

from __future__ import annotations

import random

from scripts.demo.cells import Cell
from scripts.demo.drawing import Drawing
from scripts.demo.facts import Facts, Street
from scripts.demo.shapes import Box, Point, Tags, point
from scripts.demo.slabs import STRIP_M, Slab, Yard

SHOP_DEPTH_M = 7.6
SHOP_LENGTH_M = (6.0, 22.0)
TREE_STEP_M = 13.0
LAMP_STEP_M = 32.0


def draw_small_buildings(drawing: Drawing, facts: Facts, yards: list[Yard], cells: list[Cell]) -> None:
    """Sheds, gatehouses, transformer rooms, kiosks; then shops until the number in the table is reached."""
    rng = random.Random(f"{facts.seed}-small")
    small = facts.raw["small_buildings"]
    by_yard = {yard.facts.code: [c for c in cells if c.courtyard == yard.facts.code] for yard in yards}
    for row in small:
        width, height = row["size_m"]
        for code in row["courtyards"]:
            _fit(drawing, yards, by_yard[code], (width, height), row["tags"], rng, "building")
    for row in facts.raw["kiosk"]:
        x, y = row["at"]
        drawing.area(Box(x - 1.6, y - 1.3, x + 1.6, y + 1.3), {"building": "kiosk", **row["tags"]}, "building")
    left = facts.raw["other_buildings"] - sum(1 for way in drawing.group("building") if _is_other(way.tags))
    _shops(drawing, facts, yards, cells, left)


def _is_other(tags: Tags) -> bool:
    return tags["building"] != "apartments"


def _fit(
    drawing: Drawing,
    yards: list[Yard],
    cells: list[Cell],
    size_m: tuple[float, float],
    tags: Tags,
    rng: random.Random,
    group: str,
) -> None:
    """Put a box somewhere free in a courtyard, inside one micro-grid."""
    inner = next(y.inner for y in yards if y.facts.code == cells[0].courtyard)
    for _ in range(400):
        home = rng.choice(cells).home
        width, height = size_m if rng.random() < 0.7 else (size_m[1], size_m[0])
        x, y = rng.uniform(home.x0, home.x1 - width), rng.uniform(home.y0, home.y1 - height)
        box = Box(round(x, 1), round(y, 1), round(x + width, 1), round(y + height, 1))
        if inner.grow(-0.8).covers(box) and home.grow(-0.4).covers(box) and _clear(drawing, box):
            drawing.area(box, tags, group)
            return
    raise ValueError(f"{cells[0].courtyard}: no room for {tags}")


def _clear(drawing: Drawing, box: Box) -> bool:
    if not drawing.corridor_clear(box):
        return False
    used = [w.points for w in drawing.group("area") if w.tags.get("leisure") or w.tags.get("amenity")]
    return not any(box.grow(1.0).overlaps(Box(*ring[0], *ring[2])) for ring in used)


def _shops(drawing: Drawing, facts: Facts, yards: list[Yard], cells: list[Cell], wanted: int) -> None:
    """Low shops between pavement and wall, each within the front of one micro-grid; the longest are kept."""
    rng = random.Random(f"{facts.seed}-shops")
    found: list[tuple[Box, Street]] = []
    for yard in yards:
        for side, treatment in yard.facts.sides.items():
            if treatment == "strip":
                street = _street_on(facts, side, yard.facts.plot)
                for cell in cells:
                    if cell.courtyard == yard.facts.code:
                        found += [(box, street) for box in _pieces(drawing, side, yard, cell, street, rng)]
    found.sort(key=lambda item: -max(item[0].width_m, item[0].height_m))
    kinds = facts.raw["shops"]
    for box, street in sorted(found[:wanted]):
        kind, zh, en = rng.choice(kinds)
        tags = {"building": "retail", "building:levels": rng.choice(["1", "1", "2"]), "addr:street": street.name}
        drawing.area(box, {**tags, **_shop_tags(kind, zh, en)}, "building")


def _shop_tags(kind: str, zh: str, en: str) -> Tags:
    key, value = kind.split("=")
    return {key: value, "name": zh, "name:en": en}


def _street_on(facts: Facts, side: str, plot: Box) -> Street:
    at = {"W": plot.x0, "E": plot.x1, "S": plot.y0, "N": plot.y1}[side]
    return next(s for s in facts.streets if s.at == at and s.axis == ("y" if side in "WE" else "x"))


def _pieces(
    drawing: Drawing, side: str, yard: Yard, cell: Cell, street: Street, rng: random.Random
) -> list[Box]:
    """The shops in front of one micro-grid, with passages left for the gates."""
    home, plot, inner = cell.home, yard.facts.plot, yard.inner
    edge = {"W": home.x0 - plot.x0, "E": home.x1 - plot.x1, "S": home.y0 - plot.y0, "N": home.y1 - plot.y1}
    if edge[side]:
        return []
    upward = side in "WE"
    low, high = (home.y0, home.y1) if upward else (home.x0, home.x1)
    low = max(low, (inner.y0 if upward else inner.x0)) + 0.8
    high = min(high, (inner.y1 if upward else inner.x1)) - 0.8
    near = street.half_width + 0.5
    boxes = []
    for a, b in _free_spans(drawing, low, high, (side, plot, near)):
        count = max(1, round((b - a) / rng.uniform(12.0, SHOP_LENGTH_M[1])))
        step = (b - a) / count
        boxes += [
            _front_box(side, plot, near, (a + k * step, a + (k + 1) * step - 0.4), rng) for k in range(count)
        ]
    return boxes


def _front_box(side: str, plot: Box, near: float, span: tuple[float, float], rng: random.Random) -> Box:
    depth = round(SHOP_DEPTH_M - rng.choice([0.0, 0.0, 0.6, 1.0]), 1)
    a, b = round(span[0], 1), round(span[1], 1)
    far = near + depth
    return {
        "W": Box(plot.x0 + near, a, plot.x0 + far, b),
        "E": Box(plot.x1 - far, a, plot.x1 - near, b),
        "S": Box(a, plot.y0 + near, b, plot.y0 + far),
        "N": Box(a, plot.y1 - far, b, plot.y1 - near),
    }[side]


def _free_spans(
    drawing: Drawing, low: float, high: float, front: tuple[str, Box, float]
) -> list[tuple[float, float]]:
    """The front less the passages to the gates."""
    side, plot, near = front
    line = {
        "W": Box(plot.x0 + near, low, plot.x0 + near + SHOP_DEPTH_M, high),
        "E": Box(plot.x1 - near - SHOP_DEPTH_M, low, plot.x1 - near, high),
        "S": Box(low, plot.y0 + near, high, plot.y0 + near + SHOP_DEPTH_M),
        "N": Box(low, plot.y1 - near - SHOP_DEPTH_M, high, plot.y1 - near),
    }[side]
    k = 1 if side in "WE" else 0
    cuts = sorted(
        {
            a[k]
            for way in drawing.group("net")
            for a, b in zip(way.points, way.points[1:], strict=False)
            if a[k] == b[k] and line.grow(2.5).overlaps(Box(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]) + 0.01, max(a[1], b[1]) + 0.01))
        }
    )
    spans, start = [], low
    for cut in cuts:
        spans.append((start, cut - 2.6))
        start = max(start, cut + 2.6)
    spans.append((start, high))
    return [(a, b) for a, b in spans if b - a >= SHOP_LENGTH_M[0]]


def draw_ground_floor_shops(drawing: Drawing, facts: Facts, slabs: list[Slab]) -> None:
    """A shop in the lowest floor by every second stairwell of a slab on the street."""
    rng = random.Random(f"{facts.seed}-ground")
    for slab in slabs:
        if not slab.shops:
            continue
        for k in range(slab.stairwells):
            kind, zh, en = rng.choice(facts.raw["shops"])
            drawing.node(_shop_front(slab, k), {**_shop_tags(kind, zh, en), "level": "0"})


def _shop_front(slab: Slab, k: int) -> Point:
    door = slab.door(k)
    depth = (slab.box.width_m if slab.vertical else slab.box.height_m) - 2.5
    step = {"N": (0.0, -depth), "S": (0.0, depth), "W": (depth, 0.0), "E": (-depth, 0.0)}[slab.doors]
    return point(door[0] + step[0], door[1] + step[1])


def draw_gardens(drawing: Drawing, facts: Facts, yards: list[Yard], cells: list[Cell]) -> None:
    """Playgrounds, seats and parking in the yards; lawns before the slabs."""
    rng = random.Random(f"{facts.seed}-gardens")
    for row in facts.raw["yard_places"]:
        width, height = row["size_m"]
        for code in row["courtyards"]:
            own = [c for c in cells if c.courtyard == code]
            _fit(drawing, yards, own, (width, height), row["tags"], rng, "area")
    for yard in yards:
        for slab in yard.slabs:
            b = slab.box
            lawn = Box(b.x0, round(b.y0 - 4.6, 1), b.x1, round(b.y0 - 0.8, 1))
            if not slab.vertical and yard.inner.covers(lawn) and _clear(drawing, lawn.grow(-0.6)):
                drawing.area(lawn, {"landuse": "grass"})


def draw_trees(drawing: Drawing, facts: Facts, yards: list[Yard]) -> None:
    """Street trees, lamps, and a few trees on the lawns."""
    rng = random.Random(f"{facts.seed}-trees")
    for street in facts.streets:
        crossing = [s for s in facts.streets if s.axis != street.axis]
        low, high = min(s.at for s in crossing), max(s.at for s in crossing)
        for offset in (-street.half_width + STRIP_M / 4, street.half_width - STRIP_M / 4):
            _street_line(drawing, street, offset, (low, high), (TREE_STEP_M, {"natural": "tree"}))
        lamp = {"highway": "street_lamp"}
        _street_line(drawing, street, street.half_width - 3.6, (low, high), (LAMP_STEP_M, lamp))
    for yard in yards:
        for _ in range(14):
            b = yard.inner.grow(-1.5)
            at = point(rng.uniform(b.x0, b.x1), rng.uniform(b.y0, b.y1))
            if drawing.corridor_clear(Box(*at, *at), 1.6):
                drawing.node(at, {"natural": "tree"})


def _street_line(
    drawing: Drawing, street: Street, offset: float, span: tuple[float, float], kind: tuple[float, Tags]
) -> None:
    step, tags = kind
    place = span[0] + step / 2
    while place < span[1]:
        at = (place, street.at + offset) if street.axis == "x" else (street.at + offset, place)
        if drawing.corridor_clear(Box(*at, *at), 2.2):
            drawing.node(at, tags)
        place += step
