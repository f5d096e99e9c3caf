"""From the plan to the earth: the blocks' slight irregularity, the turn, the projection, the rounding."""

from __future__ import annotations

import math
from bisect import bisect_right

from pyproj import Transformer

from scripts.demo.facts import Facts
from scripts.demo.shapes import Point

DECIMALS = 7  # about a centimetre
BEYOND_M = 80.0  # the plan goes on this far outside, for the ends of the streets


class Frame:
    """Maps plan points to longitude and latitude.

    Inside a block the map is bilinear, so a line along either axis of the plan stays straight and a point that
    lies on a border in the plan lies on it on the earth.
    """

    def __init__(self, facts: Facts) -> None:
        raw = facts.raw
        self._xs = _with_margin([s.at for s in facts.streets if s.axis == "y"])
        self._ys = _with_margin([s.at for s in facts.streets if s.axis == "x"])
        # Outside the community the shifts of its edge go on.
        rows = [[row[0], *row, row[-1]] for row in raw["shifts"]]
        self._shifts = [rows[0], *rows, rows[-1]]
        turn = math.radians(raw["turn_deg"])
        self._cos, self._sin = math.cos(turn), math.sin(turn)
        self._middle = ((self._xs[1] + self._xs[-2]) / 2, (self._ys[1] + self._ys[-2]) / 2)
        to_metric = Transformer.from_crs("EPSG:4326", raw["metric_crs"], always_xy=True)
        self._origin = to_metric.transform(raw["centre_lon"], raw["centre_lat"])
        self._to_lonlat = Transformer.from_crs(raw["metric_crs"], "EPSG:4326", always_xy=True)
        self._known: dict[Point, Point] = {}

    def lonlat(self, p: Point) -> Point:
        """Return rounded longitude and latitude of a plan point; the same point always gives the same answer."""
        if p not in self._known:
            x, y = self._shifted(p)
            dx, dy = x - self._middle[0], y - self._middle[1]
            east = self._origin[0] + dx * self._cos - dy * self._sin
            north = self._origin[1] + dx * self._sin + dy * self._cos
            lon, lat = self._to_lonlat.transform(east, north)
            self._known[p] = (round(lon, DECIMALS), round(lat, DECIMALS))
        return self._known[p]

    def ring(self, corners: list[Point]) -> list[Point]:
        """Return a closed ring of rounded coordinates."""
        return [self.lonlat(p) for p in [*corners, corners[0]]]

    def _shifted(self, p: Point) -> Point:
        column, across = _place(self._xs, p[0])
        row, up = _place(self._ys, p[1])
        out = []
        for k in (0, 1):
            low = self._shifts[row][column][k] * (1 - across) + self._shifts[row][column + 1][k] * across
            high = (
                self._shifts[row + 1][column][k] * (1 - across)
                + self._shifts[row + 1][column + 1][k] * across
            )
            out.append(p[k] + low * (1 - up) + high * up)
        return (out[0], out[1])


def _with_margin(places: list[float]) -> list[float]:
    ordered = sorted(places)
    return [ordered[0] - BEYOND_M, *ordered, ordered[-1] + BEYOND_M]


def _place(stops: list[float], at: float) -> tuple[int, float]:
    """Return the interval that holds the place, and how far along it."""
    k = min(max(bisect_right(stops, at) - 1, 0), len(stops) - 2)
    return k, (at - stops[k]) / (stops[k + 1] - stops[k])
