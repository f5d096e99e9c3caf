"""Boxes and points of the drawing plan, in metres."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

Point = tuple[float, float]
Tags = dict[str, str]


class Box(NamedTuple):
    """A rectangle along the axes of the plan."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width_m(self) -> float:
        """Extent along the x axis."""
        return self.x1 - self.x0

    @property
    def height_m(self) -> float:
        """Extent along the y axis."""
        return self.y1 - self.y0

    @property
    def centre(self) -> Point:
        """The middle of the box."""
        return point((self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2)

    @property
    def corners(self) -> list[Point]:
        """The corners, counter-clockwise from the south-west, without repeating the first."""
        return [
            point(self.x0, self.y0),
            point(self.x1, self.y0),
            point(self.x1, self.y1),
            point(self.x0, self.y1),
        ]

    def grow(self, by_m: float) -> Box:
        """Return the box with a margin on every side."""
        return Box(self.x0 - by_m, self.y0 - by_m, self.x1 + by_m, self.y1 + by_m)

    def overlaps(self, other: Box) -> bool:
        """Whether the insides of two boxes meet."""
        return self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1

    def covers(self, other: Box) -> bool:
        """Whether the other box lies inside or on the edge."""
        return self.x0 <= other.x0 and self.y0 <= other.y0 and self.x1 >= other.x1 and self.y1 >= other.y1


def point(x: float, y: float) -> Point:
    """Return a plan point at the centimetre, so that equal places compare equal."""
    return (round(x, 2) + 0.0, round(y, 2) + 0.0)


def on_segment(p: Point, a: Point, b: Point) -> bool:
    """Whether p lies strictly inside the axis-parallel segment a-b."""
    if a[0] == b[0] == p[0]:
        return min(a[1], b[1]) < p[1] < max(a[1], b[1])
    if a[1] == b[1] == p[1]:
        return min(a[0], b[0]) < p[0] < max(a[0], b[0])
    return False


def insert_points(line: list[Point], points: list[Point]) -> list[Point]:
    """Return the line with every given point that lies on it added as a vertex."""
    out = [line[0]]
    for a, b in pairwise(line):
        inside = {p for p in points if on_segment(p, a, b)}
        out.extend(sorted(inside, key=lambda p: abs(p[0] - a[0]) + abs(p[1] - a[1])))
        out.append(b)
    return out


def insert_in_ring(ring: list[Point], points: list[Point]) -> list[Point]:
    """Return the same for a ring given without its closing vertex."""
    return insert_points([*ring, ring[0]], points)[:-1]
