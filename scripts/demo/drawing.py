"""What is drawn: ways and tagged nodes in plan coordinates."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from scripts.demo.shapes import Box, Point, Tags, insert_points, on_segment, point


@dataclass
class Way:
    """A line or a ring with its tags."""

    points: list[Point]  # closed ways repeat the first point
    tags: Tags
    group: str  # net, wall, building, area


@dataclass
class Drawing:
    """The ways and tagged nodes of the map, in the order they were drawn."""

    ways: list[Way] = field(default_factory=list)
    nodes: dict[Point, Tags] = field(default_factory=dict)
    buildings: list[Box] = field(default_factory=list)

    def line(self, points: list[Point], tags: Tags, group: str = "net") -> None:
        """Draw an open way."""
        cleaned = [point(*p) for p in points]
        kept = [p for k, p in enumerate(cleaned) if k == 0 or p != cleaned[k - 1]]
        if len(kept) > 1:
            self.ways.append(Way(kept, tags, group))

    def area(self, box: Box, tags: Tags, group: str = "area") -> None:
        """Draw a closed way around a box."""
        self.ways.append(Way([*box.corners, box.corners[0]], tags, group))
        if group == "building":
            self.buildings.append(box)

    def node(self, at: Point, tags: Tags) -> None:
        """Tag a place; tags given before stay."""
        self.nodes.setdefault(point(*at), {}).update(tags)

    def group(self, name: str) -> list[Way]:
        """Return the ways of a group."""
        return [way for way in self.ways if way.group == name]

    def is_clear(self, box: Box, margin_m: float = 1.2) -> bool:
        """Whether a box keeps clear of buildings and of the axes of paths."""
        wide = box.grow(margin_m)
        if any(wide.overlaps(b) for b in self.buildings):
            return False
        return not any(
            wide.overlaps(_span(a, b)) for way in self.group("net") for a, b in pairwise(way.points)
        )

    def weave(self) -> None:
        """Make ways that meet share nodes: the network with itself, walls with gates and facades, outlines with doors."""
        net = self.group("net")
        net_points = sorted({p for way in net for p in way.points} | _crossings(net))
        gates = sorted(p for p, tags in self.nodes.items() if "barrier" in tags)
        doors = sorted(p for p, tags in self.nodes.items() if "entrance" in tags)
        facades = sorted({p for box in self.buildings for p in box.corners})
        extra = {"net": sorted({*net_points, *gates}), "wall": [*gates, *facades], "building": doors}
        for way in self.ways:
            if way.group in extra:
                way.points = insert_points(way.points, extra[way.group])


def _span(a: Point, b: Point) -> Box:
    return Box(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])).grow(0.1)


def _crossings(ways: list[Way]) -> set[Point]:
    """Where axis-parallel segments of the network cross."""
    segments = [(a, b) for way in ways for a, b in pairwise(way.points)]
    across = [(a, b) for a, b in segments if a[1] == b[1]]
    upward = [(a, b) for a, b in segments if a[0] == b[0]]
    found = set()
    for a, b in across:
        for c, d in upward:
            p = point(c[0], a[1])
            if on_segment(p, a, b) and on_segment(p, c, d):
                found.add(p)
    return found
