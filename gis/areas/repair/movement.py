"""How far a repair moves borders.

A place may change hands only if it lies within the tolerance of an old border of the area that gains or loses it. So
the movement of an area's border is the greatest distance from any place that it gains or loses to its old border. It is
measured along the outlines of what was gained and lost, to a centimetre, and by the widest circle inside.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from gis.areas.checks.subject import Geometries, polygons_in, surface, width_m

Floats = npt.NDArray[np.float64]
EXACT_M = 0.01


def differences(old: Geometries, new: Geometries) -> Geometries:
    """Return what each area gains or loses."""
    return np.array(
        [surface(each) for each in np.atleast_1d(shapely.symmetric_difference(old, new))], dtype=object
    )


class Borders:
    """The old borders of areas, each as a tree of its stretches, made when it is first asked for.

    Parameters
    ----------
    shapes
        Areas before the repair; metres.
    """

    def __init__(self, shapes: Geometries) -> None:
        self._shapes = shapes
        self._trees: dict[int, shapely.STRtree] = {}

    def stays(self, row: int, difference: BaseGeometry, tolerance_m: float) -> bool:
        """Tell whether an area's border moves by no more than the tolerance when it gains or loses a difference."""
        return self.move_m(row, difference, enough_m=tolerance_m) <= tolerance_m

    def move_m(self, row: int, difference: BaseGeometry, *, enough_m: float = 0.0) -> float:
        """Return the greatest distance from any place in the difference to the old border of an area.

        Parameters
        ----------
        row
            The area.
        difference
            What it gains or loses.
        enough_m
            A distance below this need not be exact.
        """
        parts = polygons_in([difference])
        if len(parts) == 0:
            return 0.0
        farthest = self._farthest_m(row, parts, enough_m)
        # inside a lost piece whose whole outline is old border, the middle is the farthest place
        widest = parts[shapely.area(parts) > np.pi * max(farthest, enough_m) ** 2]
        return max([farthest, *(width_m(part) / 2.0 for part in widest)])

    def _farthest_m(self, row: int, parts: Geometries, enough_m: float) -> float:
        """Return the greatest distance from the outlines of parts.

        Along a stretch the distance can't change by more than the way: stretches that can't hold the farthest place
        are dropped, the others halved.
        """
        places, ring = shapely.get_coordinates(rings_of(parts), return_index=True)
        inside = ring[1:] == ring[:-1]
        away = self._away_m(row, places)
        start, end, near, far = places[:-1][inside], places[1:][inside], away[:-1][inside], away[1:][inside]
        farthest = float(away.max())
        while True:
            reach = (near + far + np.hypot(*(end - start).T)) / 2.0
            left = reach > max(farthest, enough_m) + EXACT_M
            if not left.any():
                return farthest
            start, end, near, far = start[left], end[left], near[left], far[left]
            middle = (start + end) / 2.0
            half = self._away_m(row, middle)
            farthest = max(farthest, float(half.max()))
            start, end = np.concatenate([start, middle]), np.concatenate([middle, end])
            near, far = np.concatenate([near, half]), np.concatenate([half, far])

    def _away_m(self, row: int, places: Floats) -> Floats:
        tree = self._trees.get(row)
        if tree is None:
            places_of, ring = shapely.get_coordinates(rings_of(self._shapes[[row]]), return_index=True)
            inside = ring[1:] == ring[:-1]
            ends = np.stack([places_of[:-1][inside], places_of[1:][inside]], axis=1)
            lines = np.asarray(shapely.linestrings(ends), dtype=object)
            tree = self._trees[row] = shapely.STRtree(lines)
        points = np.asarray(shapely.points(places), dtype=object)
        _, away = tree.query_nearest(points, return_distance=True, all_matches=False)
        return np.asarray(away, dtype=np.float64)


def rings_of(shapes: Geometries) -> Geometries:
    """Return all outlines of all parts of shapes."""
    return np.asarray(shapely.get_rings(shapely.get_parts(shapes)), dtype=object)
