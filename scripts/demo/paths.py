"""Streets, lanes, the paths of the courtyards, and the gates between them."""

from __future__ import annotations

from scripts.demo.drawing import Drawing
from scripts.demo.facts import Facts, Lane, Plot, Street
from scripts.demo.shapes import Box, Point, Tags, point
from scripts.demo.slabs import Slab, Yard, inner_box

STUB_M = 45.0  # how far the streets go on outside the community
SIDE_NAMES = {
    "N": ("北门", "north gate"),
    "S": ("南门", "south gate"),
    "E": ("东门", "east gate"),
    "W": ("西门", "west gate"),
}
SPEEDS = {
    "primary": "60",
    "secondary": "50",
    "tertiary": "40",
    "residential": "30",
    "living_street": "10",
    "service": "15",
}

GATES: dict[str, Tags] = {
    "motor": {"barrier": "gate", "foot": "yes", "bicycle": "yes", "motor_vehicle": "yes"},
    "cycle": {"barrier": "gate", "foot": "yes", "bicycle": "yes", "motor_vehicle": "no"},
    "foot": {"barrier": "kissing_gate", "foot": "yes", "bicycle": "no", "motor_vehicle": "no"},
    "locked": {"barrier": "gate", "access": "private", "locked": "yes"},
}
FOOTWAY: Tags = {"highway": "footway", "bicycle": "yes", "surface": "paving_stones"}
FOOT_ONLY: Tags = {"highway": "footway", "bicycle": "no", "surface": "paving_stones"}
DRIVE: Tags = {"highway": "service", "service": "driveway", "surface": "asphalt"}
GATE_PATHS = {"motor": DRIVE, "cycle": FOOTWAY, "foot": FOOT_ONLY, "locked": FOOTWAY, "open": FOOTWAY}


def draw_streets(drawing: Drawing, facts: Facts) -> None:
    """Draw the centre lines, with traffic lights where two larger streets cross."""
    for street in facts.streets:
        others = [s for s in facts.streets if s.axis != street.axis]
        stops = sorted(s.at for s in others)
        stops = [stops[0] - STUB_M, *stops, stops[-1] + STUB_M]
        drawing.line([_along(street.axis, street.at, stop) for stop in stops], _street_tags(street))
        for other in others:
            if {street.highway, other.highway} <= {"primary", "secondary", "tertiary"}:
                drawing.node(_along(street.axis, street.at, other.at), {"highway": "traffic_signals"})
    for lane in facts.lanes:
        drawing.line(
            [_along(lane.axis, lane.at, lane.start), _along(lane.axis, lane.at, lane.end)], _lane_tags(lane)
        )


def _along(axis: str, at: float, place: float) -> Point:
    return point(place, at) if axis == "x" else point(at, place)


def _street_tags(street: Street) -> Tags:
    return {
        "highway": street.highway,
        "name": street.name,
        "name:en": street.name_en,
        "lanes": str(street.lanes),
        "maxspeed": SPEEDS[street.highway],
        "surface": "asphalt",
        "sidewalk": "both",
        "lit": "yes",
    }


def _lane_tags(lane: Lane) -> Tags:
    return {
        "highway": lane.highway,
        "name": lane.name,
        "name:en": lane.name_en,
        "maxspeed": SPEEDS[lane.highway],
        "surface": "asphalt",
    }


def draw_yard_paths(drawing: Drawing, yard: Yard) -> None:
    """Wall, gates, the paths along the rows and across them, a stub to every door."""
    drives = _gates(drawing, yard)
    _spines(drawing, yard, drives)
    for k, column in enumerate(yard.columns):
        sides = [yard.spines[k], yard.spines[min(k + 1, len(yard.spines) - 1)]]
        for row in column.rows:
            if not column.vertical:
                drawing.line([(sides[0], row.path_y), (sides[1], row.path_y)], FOOTWAY)
            for slab in row.slabs:
                _doors(drawing, slab, row.path_y if not column.vertical else sides[0])


def _doors(drawing: Drawing, slab: Slab, path: float) -> None:
    for k in range(slab.stairwells):
        door = slab.door(k)
        tags = {"entrance": "staircase", "addr:unit": str(k + 1), "addr:flats": str(slab.flats[k])}
        drawing.node(door, tags)
        drawing.line([door, (path, door[1]) if slab.vertical else (door[0], path)], FOOTWAY)


def _row_paths(yard: Yard, k: int) -> list[float]:
    return [row.path_y for row in yard.columns[k].rows]


def _levels(yard: Yard, spine: int) -> list[float]:
    """Heights of everything that meets a spine."""
    beside = [c for c in (spine - 1, spine) if 0 <= c < len(yard.columns)]
    levels = []
    for k in beside:
        column = yard.columns[k]
        slabs = [s for row in column.rows for s in row.slabs]
        if column.vertical:
            levels += [slab.door(n)[1] for slab in slabs for n in range(slab.stairwells)]
        else:
            levels += _row_paths(yard, k)
    return levels


def _spines(drawing: Drawing, yard: Yard, drives: set[int]) -> None:
    for k, x in enumerate(yard.spines):
        levels = _levels(yard, k)
        drawing.line([(x, min(levels)), (x, max(levels))], DRIVE if k in drives else FOOTWAY)


def _gates(drawing: Drawing, yard: Yard) -> set[int]:
    """Gates and the paths through them; which of the paths across the courtyard are driven on."""
    court, drives = yard.facts, set()
    for text in court.gates:
        place, kind = text.split()
        side, k = place[0], int(place[1:]) - 1
        spine = {"W": 0, "E": len(yard.spines) - 1}.get(side, k)
        start = _gate_start(yard, side, k, spine)
        gate, outside = through(start, side, yard.inner, court.plot)
        zh, en = SIDE_NAMES[side]
        name = {"name": f"{court.name}{zh}", "name:en": f"{en} of {court.code}"}
        drawing.node(gate, {**GATES[kind], **name})
        drawing.line([start, gate, outside], GATE_PATHS[kind])
        if kind == "motor":
            drives.add(spine)
    return drives


def _gate_start(yard: Yard, side: str, k: int, spine: int) -> Point:
    """Where the path from a gate joins the paths of the courtyard."""
    if side in "WE":
        column = yard.columns[0 if side == "W" else -1]
        return (yard.spines[spine], column.rows[k].path_y)
    levels = _levels(yard, spine)
    return (yard.spines[spine], min(levels) if side == "S" else max(levels))


def through(start: Point, side: str, inner: Box, plot: Box) -> tuple[Point, Point]:
    """Return the places where a straight path from a point meets the wall and the centre line outside."""
    if side in "WE":
        x, far = (inner.x0, plot.x0) if side == "W" else (inner.x1, plot.x1)
        return point(x, start[1]), point(far, start[1])
    y, far = (inner.y0, plot.y0) if side == "S" else (inner.y1, plot.y1)
    return point(start[0], y), point(start[0], far)


def draw_walls(drawing: Drawing, yard: Yard, name_en: str) -> None:
    """Draw the wall or fence of a courtyard as one closed way."""
    court = yard.facts
    tags = {"landuse": "residential", "barrier": court.wall, "name": court.name, "name:en": name_en}
    drawing.area(yard.inner, tags, "wall")


def draw_plot(drawing: Drawing, facts: Facts, plot: Plot) -> None:
    """Draw a school, a park, a market: its edge, gates, walks, buildings and areas."""
    inner = inner_box(facts, plot.box, {})
    drawing.area(inner, plot.tags, "wall" if "barrier" in plot.tags else "area")
    for part in plot.areas:
        drawing.area(_shift(part.box, inner), part.tags)
    for part in plot.buildings:
        drawing.area(_shift(part.box, inner), part.tags, "building")
    for gateway in plot.gates:
        _plot_gate(drawing, plot, inner, gateway)
    for walk in plot.walks:
        places = [point(inner.x0 + x, inner.y0 + y) for x, y in walk]
        drawing.line(places, FOOTWAY)
        _door_on_wall(drawing, places[-1])


def _shift(box: Box, inner: Box) -> Box:
    x, y, width, height = box
    return Box(inner.x0 + x, inner.y0 + y, inner.x0 + x + width, inner.y0 + y + height)


def _plot_gate(drawing: Drawing, plot: Plot, inner: Box, gateway: tuple[str, float, float, str]) -> None:
    """Draw a straight path from outside to its end, which may be the door of a building."""
    side, along, reach, kind = gateway
    start = {
        "W": point(inner.x0 + reach, inner.y0 + along),
        "E": point(inner.x1 - reach, inner.y0 + along),
        "S": point(inner.x0 + along, inner.y0 + reach),
        "N": point(inner.x0 + along, inner.y1 - reach),
    }[side]
    gate, outside = through(start, side, inner, plot.box)
    if kind != "open" and "barrier" in plot.tags:
        zh, en = SIDE_NAMES[side]
        name = {"name": f"{plot.tags['name']}{zh}", "name:en": f"{plot.tags['name:en']}, {en}"}
        drawing.node(gate, {**GATES[kind], **name})
    drawing.line([start, gate, outside], GATE_PATHS[kind])
    _door_on_wall(drawing, start)


def _door_on_wall(drawing: Drawing, at: Point) -> None:
    """Make the end of a path a door if it lies on the outline of a building."""
    if any(b.grow(0.01).covers(Box(*at, *at)) for b in drawing.buildings):
        drawing.node(at, {"entrance": "main"})
