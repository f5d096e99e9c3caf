"""Where a place meets the network: the nearest passable segment, not through a wall."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from gis.streets.extract import Flags, Geometries, Integers

Floats = npt.NDArray[np.float64]

LOOK_FURTHER_M = 40.0
"""Segments this much farther than the nearest are considered when a wall stands before the nearest."""
REMEMBERED = 4096
"""Places kept at the most; then all are forgotten."""
WALL_M = 150.0
"""What a wall in between counts for: a way around it is taken when it is shorter than this."""


@dataclass(frozen=True, slots=True)
class Attached:
    """Places on the network, one row a place."""

    segment: Integers  # -1: no segment of this mode at all
    along_m: Floats  # from the segment's first node
    stretch_m: Floats  # between the place and the street, on foot

    def rows(self, which: slice) -> Attached:
        """Return some of the places."""
        return Attached(self.segment[which], self.along_m[which], self.stretch_m[which])


class Attacher:
    """Finds for places the segment where they enter the network of one mode.

    Parameters
    ----------
    lines
        All segments, metres.
    passable
        Those by which the mode enters.
    length_m
        Their lengths.
    walls
        Lines that nobody walks through.
    """

    def __init__(self, lines: Geometries, passable: Flags, length_m: Floats, walls: Geometries) -> None:
        self.rows = np.flatnonzero(passable)
        self.lines = lines[self.rows]
        self.length_m = length_m[self.rows]
        self.tree = shapely.STRtree(self.lines)
        self.walls = shapely.STRtree(walls) if len(walls) else None
        self._known: dict[tuple[float, float], tuple[int, float, float]] = {}

    def attach(self, xy: Floats) -> Attached:
        """Return where places enter the network; those that were asked for lately are remembered.

        The same people wait at the same places for case after case, and finding the way around walls is most of a search.

        Parameters
        ----------
        xy
            Metres, shape (n, 2).
        """
        places = [(x, y) for x, y in xy.tolist()]
        remembered = self._known  # another thread may begin anew meanwhile
        found = {place: remembered[place] for place in places if place in remembered}
        new = [place for place in dict.fromkeys(places) if place not in found]
        if new:
            entered = self._enter(np.array(new))
            columns = entered.segment.tolist(), entered.along_m.tolist(), entered.stretch_m.tolist()
            found.update(zip(new, zip(*columns, strict=True), strict=True))
            if len(self._known) > REMEMBERED:
                self._known = {}
            self._known.update((place, found[place]) for place in new)
        segment, along_m, stretch_m = zip(*(found[place] for place in places), strict=True)
        return Attached(np.array(segment), np.array(along_m), np.array(stretch_m))

    def _enter(self, xy: Floats) -> Attached:
        count = len(xy)
        if len(self.rows) == 0:
            return Attached(np.full(count, -1), np.zeros(count), np.full(count, np.inf))
        points: Geometries = np.asarray(shapely.points(xy))
        row: Integers = np.asarray(self.tree.nearest(points), dtype=np.int64)
        if self.walls is not None:
            row = self._not_through_walls(points, row)
        lines = self.lines[row]
        return Attached(
            segment=self.rows[row],
            along_m=np.clip(shapely.line_locate_point(lines, points), 0.0, self.length_m[row]),
            stretch_m=np.asarray(shapely.distance(lines, points), dtype=np.float64),
        )

    def _not_through_walls(self, points: Geometries, row: Integers) -> Integers:
        """Return the nearest segment of each point, looking further only for those with a wall in between."""
        straight = shapely.shortest_line(points, self.lines[row])
        blocked = np.unique(self._tree().query(straight, predicate="intersects")[0])
        if len(blocked) == 0:
            return row
        answer = row.copy()
        reach = shapely.length(straight[blocked]) + LOOK_FURTHER_M
        which, candidate = self.tree.query(points[blocked], predicate="dwithin", distance=reach)
        ways = shapely.shortest_line(points[blocked][which], self.lines[candidate])
        through = np.bincount(self._tree().query(ways, predicate="intersects")[0], minlength=len(ways))
        cost = shapely.length(ways) + WALL_M * through
        order = np.lexsort((candidate, cost, which))
        best, first = np.unique(which[order], return_index=True)
        answer[blocked[best]] = candidate[order][first]
        return answer

    def _tree(self) -> shapely.STRtree:
        assert self.walls is not None  # noqa: S101 - callers have looked
        return self.walls
