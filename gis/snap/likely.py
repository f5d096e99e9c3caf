"""The most probable micro-grids of each fix, with the most probable building in each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from gis.snap.index import BORDER_M, PlaceIndex
from gis.snap.posterior import GROUND, facade_density, reach_of, sums, tail

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Geometries = npt.NDArray[np.object_]

CANDIDATES = 3
BORDER_SIGMAS = 2.0
"""Micro-grids farther away than this get none of the open ground's share."""


@dataclass(frozen=True, slots=True)
class Fixes:
    """Positions as the model sees them; metres."""

    x: Floats
    y: Floats
    points: Geometries
    sigma_m: Floats
    heading_deg: Floats  # NaN where unknown
    pinned: Flags

    def rows(self, which: slice) -> Fixes:
        """Return some of the fixes."""
        return Fixes(
            self.x[which],
            self.y[which],
            self.points[which],
            self.sigma_m[which],
            self.heading_deg[which],
            self.pinned[which],
        )


@dataclass(frozen=True, slots=True)
class Likely:
    """The three most probable micro-grids of each fix; rows, -1 where there are fewer."""

    containing: Integers
    outside_m: Floats
    cell: Integers  # (n, 3)
    probability: Floats  # (n, 3)
    grid_probability: Floats  # of the grid of the most probable micro-grid
    building: Integers  # (n, 3) the most probable building in each
    building_probability: Floats  # (n, 3)


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Probabilities of (point, part of a building); part -1: the open ground of a micro-grid."""

    point: Integers
    cell: Integers
    part: Integers
    mass: Floats


@dataclass(frozen=True, slots=True)
class _Groups:
    """Probabilities of (point, micro-grid), each with the most probable part of a building in it."""

    point: Integers
    cell: Integers
    probability: Floats
    part: Integers
    part_probability: Floats


@dataclass(frozen=True, slots=True)
class _Ground:
    """Micro-grids near each fix, with the chance that the true place is in them."""

    point: Integers
    cell: Integers
    share: Floats
    containing: Integers
    outside_m: Floats


def likely_places(index: PlaceIndex, fixes: Fixes, outside_m: float) -> Likely:
    """Return the most probable micro-grids and buildings of fixes; `gis.snap.posterior` holds the model."""
    count = len(fixes.x)
    ground = _open_ground(index, fixes, outside_m)
    point, part, density = _facades_near(index, fixes, np.isfinite(ground.outside_m))
    total = sums(point, density, count) + GROUND
    ground_row = np.full(len(ground.point), -1, dtype=np.int64)
    pairs = _Pairs(
        point=np.concatenate([point, ground.point]),
        cell=np.concatenate([index.facades.cell[part], ground.cell]),
        part=np.concatenate([part, ground_row]),
        mass=np.concatenate([density / total[point], ground.share * GROUND / total[ground.point]]),
    )
    groups = _by_cell(pairs, len(index.cells))
    return _first_three(index, groups, ground)


def _open_ground(index: PlaceIndex, fixes: Fixes, outside_m: float) -> _Ground:
    """Return how the open ground's share is divided among micro-grids: by the chance of lying across their borders."""
    count = len(fixes.x)
    point, cell, away = _cells_within(index, fixes.points, BORDER_SIGMAS * fixes.sigma_m)
    nearest = np.full(count, np.inf)
    np.minimum.at(nearest, point, away)
    lost = (nearest > 0.0).nonzero()[0]
    if len(lost) and outside_m > 0.0:
        more, more_cell, more_away = _cells_within(
            index, fixes.points[lost], np.maximum(BORDER_SIGMAS * fixes.sigma_m[lost], outside_m)
        )
        kept = nearest[point] == 0.0
        point = np.concatenate([point[kept], lost[more]])
        cell = np.concatenate([cell[kept], more_cell])
        away = np.concatenate([away[kept], more_away])
        np.minimum.at(nearest, lost[more], more_away)
    nearest[nearest > outside_m] = np.inf
    kept = np.isfinite(nearest[point])
    order = np.lexsort((cell[kept], away[kept], point[kept]))
    point, cell, away = point[kept][order], cell[kept][order], away[kept][order]
    home = np.full(count, -1, dtype=np.int64)
    home[point[::-1]] = cell[::-1]  # the nearest, of equals the smallest, is written last
    share = tail(away - nearest[point], fixes.sigma_m[point])
    mine = home[point] == cell
    across = np.zeros(count)
    np.maximum.at(across, point[~mine], share[~mine])
    share[mine] = 1.0 - across[point[mine]]
    share /= sums(point, share, count)[point]
    return _Ground(point, cell, share, np.where(nearest == 0.0, home, -1), nearest)


def _cells_within(
    index: PlaceIndex, points: Geometries, reach_m: Floats
) -> tuple[Integers, Integers, Floats]:
    if len(index.cells) == 0:
        nothing = np.empty(0, dtype=np.int64)
        return nothing, nothing, np.empty(0)
    point, cell = index.cell_tree.query(points, predicate="dwithin", distance=reach_m)
    away = np.asarray(shapely.distance(points[point], index.cells[cell]))
    return point, cell, np.where(away <= BORDER_M, 0.0, away)


def _facades_near(index: PlaceIndex, fixes: Fixes, near: Flags) -> tuple[Integers, Integers, Floats]:
    """Return point, part and density for the parts of buildings within reach."""
    rows = near.nonzero()[0]
    if len(rows) == 0 or len(index.facades.parts) == 0:
        nothing = np.empty(0, dtype=np.int64)
        return nothing, nothing, np.empty(0)
    points, reach_m = (fixes.points, reach_of(fixes.sigma_m))
    if len(rows) < len(near):
        points, reach_m = points[rows], reach_m[rows]
    which, part = index.facades.tree.query(points, predicate="dwithin", distance=reach_m)
    point = rows[which]
    density = facade_density(
        index.facades,
        point,
        part,
        x=fixes.x,
        y=fixes.y,
        sigma_m=fixes.sigma_m,
        heading_deg=fixes.heading_deg,
        pinned=fixes.pinned,
    )
    return point, part, density


def _by_cell(pairs: _Pairs, cells: int) -> _Groups:
    """Return for each point and micro-grid the sum of its masses and its most probable building."""
    key = pairs.point * max(cells, 1) + pairs.cell
    of_building = np.where(pairs.part >= 0, pairs.mass, 0.0)
    order = np.lexsort((pairs.part, -of_building, key))  # open ground comes last in its group
    sorted_key = key[order]
    new = np.ones(len(order), dtype=np.bool_)
    np.not_equal(sorted_key[1:], sorted_key[:-1], out=new[1:])
    start = new.nonzero()[0]
    first = order[start]
    mass = pairs.mass[order]
    return _Groups(
        point=pairs.point[first],
        cell=pairs.cell[first],
        probability=np.add.reduceat(mass, start) if len(start) else mass,
        part=pairs.part[first],
        part_probability=of_building[first],
    )


def _first_three(index: PlaceIndex, groups: _Groups, ground: _Ground) -> Likely:
    """Return of each fix the three most probable micro-grids, of equals those with the smaller codes."""
    count = len(ground.containing)
    order = np.lexsort((groups.cell, -np.round(groups.probability, 12), groups.point))
    point = groups.point[order]
    rank = np.arange(len(order)) - np.searchsorted(point, point)
    chosen = rank < CANDIDATES
    at = point[chosen], rank[chosen]
    rows = order[chosen]
    cell = np.full((count, CANDIDATES), -1, dtype=np.int64)
    probability = np.zeros((count, CANDIDATES))
    building = np.full((count, CANDIDATES), -1, dtype=np.int64)
    building_probability = np.zeros((count, CANDIDATES))
    cell[at] = groups.cell[rows]
    probability[at] = groups.probability[rows]
    building_probability[at] = groups.part_probability[rows]
    if len(index.facades.building):
        part = groups.part[rows]
        building[at] = np.where(part >= 0, index.facades.building[part], -1)
    return Likely(
        containing=ground.containing,
        outside_m=ground.outside_m,
        cell=cell,
        probability=probability,
        grid_probability=_same_grid(index, groups, cell[:, 0]),
        building=building,
        building_probability=building_probability,
    )


def _same_grid(index: PlaceIndex, groups: _Groups, best: Integers) -> Floats:
    """Return the probability of the grid that holds the most probable micro-grid."""
    if len(groups.point) == 0:
        return np.zeros(len(best))
    same = index.cell_grid[groups.cell] == index.cell_grid[best[groups.point]]
    return sums(groups.point, groups.probability * same, len(best))
