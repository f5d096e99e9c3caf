"""Cut the community into micro-grids: along streets, lanes, walls, yards, and walls between stairwells."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from scripts.demo.facts import Facts, Plot
from scripts.demo.shapes import Box, Point, insert_in_ring
from scripts.demo.slabs import Column, Row, Slab, Yard

LONG_SLAB = 4  # stairwells: a slab this long is shared by two micro-grids


@dataclass
class Cell:
    """A micro-grid: its boxes in the plan and the stairwells it holds."""

    grid: str
    courtyard: str
    boxes: list[Box]
    slab: Slab
    first: int
    last: int  # one past the last stairwell
    code: str = ""
    ring: list[Point] = field(default_factory=list)

    @property
    def households(self) -> int:
        """How many flats the stairwells of the cell hold."""
        return sum(self.slab.flats[self.first : self.last])

    @property
    def home(self) -> Box:
        """The part with the stairwells, without what was joined to it later."""
        return self.boxes[0]


def cut_yard(yard: Yard) -> list[Cell]:
    """Return the micro-grids of a courtyard, which fill its plot."""
    cells = []
    for column in yard.columns:
        for band, slabs in _bands(yard, column):
            cells.extend(_cut_band(yard, band, slabs, vertical=column.vertical))
    return cells


def _bands(yard: Yard, column: Column) -> list[tuple[Box, list[Slab]]]:
    """Return each row of slabs with half the yard on both sides; an upright column is one band."""
    plot = yard.facts.plot
    if column.vertical:
        slabs = [s for row in column.rows for s in row.slabs]
        return [(Box(column.x0, plot.y0, column.x1, plot.y1), slabs)]
    middles = [_middle_y(a, b) for a, b in pairwise(column.rows)]
    edges = [plot.y0, *middles, plot.y1]
    return [
        (Box(column.x0, edges[k], column.x1, edges[k + 1]), row.slabs) for k, row in enumerate(column.rows)
    ]


def _middle_y(lower: Row, upper: Row) -> float:
    return round((lower.slabs[0].box.y1 + upper.slabs[0].box.y0) / 2, 2)


def _cut_band(yard: Yard, band: Box, slabs: list[Slab], *, vertical: bool) -> list[Cell]:
    pieces: list[tuple[Slab, int, int]] = []
    cuts: list[float] = []
    for k, slab in enumerate(slabs):
        if k:
            cuts.append(_between(slabs[k - 1], slab))
        if slab.stairwells >= LONG_SLAB:
            half = slab.stairwells // 2
            cuts.append(slab.wall_at(half))
            pieces += [(slab, 0, half), (slab, half, slab.stairwells)]
        else:
            pieces.append((slab, 0, slab.stairwells))
    edges = [band.y0, *cuts, band.y1] if vertical else [band.x0, *cuts, band.x1]
    cells = []
    for k, (slab, first, last) in enumerate(pieces):
        low, high = edges[k], edges[k + 1]
        box = Box(band.x0, low, band.x1, high) if vertical else Box(low, band.y0, high, band.y1)
        cells.append(Cell(yard.facts.grid, yard.facts.code, [box], slab, first, last))
    return cells


def _between(a: Slab, b: Slab) -> float:
    if a.vertical:
        return round((a.box.y1 + b.box.y0) / 2, 2)
    return round((a.box.x1 + b.box.x0) / 2, 2)


def join_plots(facts: Facts, cells: list[Cell]) -> None:
    """Give every plot without dwellings to the micro-grid of its grid with the longest common border."""
    waiting = list(facts.plots)
    while waiting:
        best = max(
            ((plot, cell) for plot in waiting for cell in cells if cell.grid == plot.grid),
            key=lambda pair: (round(_border(pair[0], pair[1]), 2), pair[0].key),
        )
        best[1].boxes.append(best[0].box)
        waiting.remove(best[0])


def _border(plot: Plot, cell: Cell) -> float:
    """Length shared by a plot and the home of a cell, or less readily by what the cell already took."""
    home = shared_border_m(cell.home, plot.box)
    return home if len(cell.boxes) == 1 else 0.3 * max(shared_border_m(b, plot.box) for b in cell.boxes)


def shared_border_m(a: Box, b: Box) -> float:
    """Length of the common border of two boxes that do not overlap."""
    across = min(a.x1, b.x1) - max(a.x0, b.x0)
    up = min(a.y1, b.y1) - max(a.y0, b.y0)
    if across > 0 and up == 0:
        return across
    return up if up > 0 and across == 0 else 0.0


def outline(boxes: list[Box]) -> list[Point]:
    """Return the outline of touching boxes, counter-clockwise: edges walked twice in opposite directions cancel."""
    corners = [p for box in boxes for p in box.corners]
    edges: dict[Point, Point] = {}
    for box in boxes:
        ring = insert_in_ring(box.corners, corners)
        for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
            if edges.get(b) == a:
                del edges[b]
            else:
                edges[a] = b
    start = min(edges)
    walk = [start]
    while edges[walk[-1]] != start:
        walk.append(edges[walk[-1]])
    if len(walk) != len(edges):
        raise ValueError("the boxes do not touch, or touch in a point only")
    return walk


def draw_rings(cells: list[Cell]) -> None:
    """Give every cell its ring, with the corners of the neighbours as vertices, so that borders are shared."""
    rings = [outline(cell.boxes) for cell in cells]
    corners = sorted({p for ring in rings for p in _true_corners(ring)})
    for cell, ring in zip(cells, rings, strict=True):
        cell.ring = insert_in_ring(_true_corners(ring), corners)


def _true_corners(ring: list[Point]) -> list[Point]:
    """Return the ring without vertices in the middle of a straight side."""
    around = zip([ring[-1], *ring[:-1]], ring, [*ring[1:], ring[0]], strict=True)
    return [b for a, b, c in around if not (a[0] == b[0] == c[0] or a[1] == b[1] == c[1])]


def number(cells: list[Cell]) -> list[Cell]:
    """Codes within each grid in reading order: courtyard by courtyard, rows from the north, then from the west."""
    ordered = sorted(cells, key=lambda c: (c.grid, c.courtyard, -round(c.home.y1 / 12), c.home.x0))
    counts: dict[str, int] = {}
    for cell in ordered:
        counts[cell.grid] = counts.get(cell.grid, 0) + 1
        cell.code = f"{cell.grid}-{counts[cell.grid]:02d}"
    return ordered
