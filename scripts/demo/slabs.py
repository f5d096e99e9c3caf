"""Lay out a courtyard: its wall, the rows of slab buildings, the paths along the rows and across them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from scripts.demo.facts import Courtyard, Facts
from scripts.demo.shapes import Box, Point, point

STRIP_M = 9.5  # low shops between the pavement and the wall, with the gap behind them
LANE_HALF_M = 3.2
SHARED_WALL_M = 0.4
END_MARGIN_M = 5.0  # between the side wall and the first slab: room for a path
SPINE_M = 2.4  # from the side wall to that path
COLUMN_GAP_M = 7.0
FRONT_M = 6.0  # garden between the south wall and the first row
BACK_M = 8.0  # behind the last row: its doors and their path
PATH_M = 3.2  # from a facade with doors to the path along it
LOST_FLAT = 0.16  # of stairwells: one ground-floor flat is a store room or an office
ONE_SIDED_M = 12.0  # a longer rest of a row is left free at one end
UPRIGHT_M = 10.8  # depth of a slab along the 经街
STAIRWELL_M = (12.4, 15.6)


@dataclass
class Slab:
    """A residential building: stairwells in a row, counted from the west (or the south)."""

    courtyard: Courtyard
    box: Box
    vertical: bool
    doors: str  # side of the doors: N, S, E, W
    stairwells: int
    floors: int
    shops: bool
    flats: list[int] = field(default_factory=list)

    def wall_at(self, k: int) -> float:
        """Where stairwell k begins, along the slab."""
        start, length = (self.box.y0, self.box.height_m) if self.vertical else (self.box.x0, self.box.width_m)
        return round(start + length * k / self.stairwells, 2)

    def door(self, k: int) -> Point:
        """Return the door of stairwell k, on the outline."""
        along = (self.wall_at(k) + self.wall_at(k + 1)) / 2
        if self.vertical:
            return point(self.box.x0 if self.doors == "W" else self.box.x1, along)
        return point(along, self.box.y1 if self.doors == "N" else self.box.y0)


@dataclass
class Row:
    """Slabs side by side and the path along their doors."""

    slabs: list[Slab]
    path_y: float


@dataclass
class Column:
    """Rows one behind the other."""

    x0: float  # limits for cells: the spines on both sides, or the plot's edge
    x1: float
    vertical: bool
    rows: list[Row]


@dataclass
class Yard:
    """A courtyard laid out."""

    facts: Courtyard
    inner: Box  # the wall
    columns: list[Column]
    spines: list[float]

    @property
    def slabs(self) -> list[Slab]:
        """Every slab of the courtyard, column by column from the south."""
        return [s for c in self.columns for r in c.rows for s in r.slabs]


def edge_inset(facts: Facts, side: str, plot: Box, treatment: str = "plain") -> float:
    """From the edge of a plot (a centre line) to its wall."""
    axis = "y" if side in "WE" else "x"
    at = {"W": plot.x0, "E": plot.x1, "S": plot.y0, "N": plot.y1}[side]
    for street in facts.streets:
        if street.axis == axis and street.at == at:
            return street.half_width + (STRIP_M if treatment == "strip" else 0.0)
    low, high = (plot.y0, plot.y1) if axis == "y" else (plot.x0, plot.x1)
    for lane in facts.lanes:
        if lane.axis == axis and lane.at == at and lane.start < high and low < lane.end:
            return LANE_HALF_M
    return SHARED_WALL_M


def inner_box(facts: Facts, plot: Box, sides: dict[str, str]) -> Box:
    """Return the wall of a plot: its edges less half the street, the lane or the strip of shops."""
    inset = {side: edge_inset(facts, side, plot, sides.get(side, "plain")) for side in "WSEN"}
    return Box(plot.x0 + inset["W"], plot.y0 + inset["S"], plot.x1 - inset["E"], plot.y1 - inset["N"])


def lay_out(facts: Facts, court: Courtyard) -> Yard:
    """Place the slabs of a courtyard."""
    rng = random.Random(f"{facts.seed}-{court.code}")
    inner = inner_box(facts, court.plot, court.sides)
    spans, spines = _columns(court, inner)
    edges = [court.plot.x0, *spines[1 : len(court.columns)], court.plot.x1]
    columns = []
    for k, (rows, span) in enumerate(zip(court.columns, spans, strict=True)):
        limits = Box(span[0], inner.y0, span[1], inner.y1)
        vertical = rows[0].startswith("|")
        placed = _upright(court, rows, limits, rng) if vertical else _rows(court, rows, limits, rng)
        columns.append(Column(edges[k], edges[k + 1], vertical, placed))
    return Yard(court, inner, columns, spines)


def _columns(court: Courtyard, inner: Box) -> tuple[list[tuple[float, float]], list[float]]:
    """Return the span of each column, and the paths between and beside them. Upright columns stand at the east end."""
    uprights = sum(1 for rows in court.columns if rows[0].startswith("|"))
    x0, x1 = inner.x0 + END_MARGIN_M, inner.x1 - (0.0 if uprights else END_MARGIN_M)
    count = len(court.columns)
    free = x1 - x0 - (count - 1) * COLUMN_GAP_M - uprights * UPRIGHT_M
    spans: list[tuple[float, float]] = []
    spines = [round(inner.x0 + SPINE_M, 2)]
    for rows in court.columns:
        width = UPRIGHT_M if rows[0].startswith("|") else free / (count - uprights)
        spans.append((round(x0, 2), round(x0 + width, 2)))
        x0 += width + COLUMN_GAP_M
        spines.append(round(x0 - COLUMN_GAP_M / 2, 2))
    spines[-1] = round(inner.x1 - SPINE_M, 2)
    return spans, spines[: -1 if uprights else None]


def _parse(text: str) -> tuple[int, int, bool]:
    """Return  "4x6s": stairwells, floors, shops below."""
    stairwells, floors = text.strip("|s").split("x")
    return int(stairwells), int(floors), text.endswith("s")


def _slab(court: Courtyard, text: str, box: Box, doors: str, rng: random.Random) -> Slab:
    stairwells, floors, shops = _parse(text)
    full = 2 * (floors - (1 if shops else 0))
    # Here and there a ground-floor flat has become a store room or an office.
    flats = [full - (1 if rng.random() < LOST_FLAT else 0) for _ in range(stairwells)]
    return Slab(court, box, doors in "EW", doors, stairwells, floors, shops, flats)


def _rows(court: Courtyard, rows: list[str], limits: Box, rng: random.Random) -> list[Row]:
    south, north = court.sides.get("S") == "flush", court.sides.get("N") == "flush"
    depths = [rng.choice([10.2, 10.6, 11.0, 11.4]) for _ in rows]
    bottom = limits.y0 + (0.0 if south else FRONT_M)
    top = limits.y1 - (0.0 if north else BACK_M)
    gap = (top - bottom - sum(depths)) / max(len(rows) - 1, 1)
    placed, y = [], bottom
    for k, (text, depth) in enumerate(zip(rows, depths, strict=True)):
        last = k == len(rows) - 1
        ends = (k == 0 and south) or (last and north)
        wobble = 0.0 if ends else rng.uniform(-1.2, 1.2 if not last else 0.0)
        y0 = round(y + wobble, 1) if not ends else (y if not last else top - depth)
        doors = "S" if last and north else "N"
        placed.append(_row(court, text, Box(limits.x0, y0, limits.x1, y0 + depth), doors, rng))
        y += depth + gap
    return placed


def _row(court: Courtyard, text: str, band: Box, doors: str, rng: random.Random) -> Row:
    """Slabs side by side; what is left over becomes the gaps, or a free place at one end."""
    kinds = text.split()
    count = sum(_parse(kind)[0] for kind in kinds)
    between = len(kinds) - 1
    length = min(STAIRWELL_M[1], (band.width_m - 4.5 * between) / count) - rng.uniform(0.0, 0.4)
    length = round(length, 1)
    if length < STAIRWELL_M[0]:
        raise ValueError(f"{court.code}: row {text!r} needs {STAIRWELL_M[0]} m a stairwell, has {length} m")
    spare = band.width_m - length * count
    gap = min(spare / max(between, 1), 7.5) if between else 0.0
    x = band.x0 + (spare - gap * between) * (rng.choice([0.1, 0.9]) if spare > ONE_SIDED_M else 0.5)
    slabs = []
    for kind in kinds:
        width = length * _parse(kind)[0]
        box = Box(round(x, 1), round(band.y0, 2), round(x + width, 1), round(band.y1, 2))
        slabs.append(_slab(court, kind, box, doors, rng))
        x += width + gap
    path_y = slabs[0].box.y1 + PATH_M if doors == "N" else slabs[0].box.y0 - PATH_M
    return Row(slabs, round(path_y, 2))


def _upright(court: Courtyard, rows: list[str], limits: Box, rng: random.Random) -> list[Row]:
    """Slabs along the 经街 on the east side, doors to the west."""
    count = sum(_parse(text)[0] for text in rows)
    flush = court.sides.get("S") == "flush"
    room = limits.height_m - 5.0 - (0.0 if flush else FRONT_M) - 5.0 * (len(rows) - 1)
    length = round(min(STAIRWELL_M[1], room / count), 1)
    y = limits.y0 + (END_MARGIN_M if flush else FRONT_M) + max(0.0, (room - length * count) / 2)
    placed = []
    for text in rows:
        height = length * _parse(text)[0]
        box = Box(limits.x0, round(y, 1), limits.x1, round(y + height, 1))
        placed.append(Row([_slab(court, text, box, "W", rng)], 0.0))
        y += height + 5.0
    return placed
