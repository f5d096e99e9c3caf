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
class _Ground:
    """Micro-grids near each fix, with the chance that the true place is in them."""

    point: Integers
    cell: Integers
    share: Floats
    containing: Integers
    outside_m: Floats


def likely_places(index: PlaceIndex, fixes: Fixes, outside_m: float) -> Likely:
    """Return the most probable micro-grids and buildings of fixes; `gis.snap.posterior` holds the model."""
    ground = _open_ground(index, fixes, outside_m)
    near = np.isfinite(ground.outside_m)
    point, part, density = _facades_near(index, fixes, near)
    total = sums(point, density, len(near)) + GROUND
    building_probability = density / total[point]
    cells = len(index.cells)
    key = np.concatenate([point * cells + index.facades.cell[part], ground.point * cells + ground.cell])
    mass = np.concatenate([building_probability, ground.share * GROUND / total[ground.point]])
    keys, place = np.unique(key, return_inverse=True)
    probability = sums(place, mass, len(keys))
    row, cell = keys // cells if cells else keys, keys % cells if cells else keys
    best, best_probability = _first_three(row, cell, probability, len(near))
    building, its_probability = _best_buildings(
        index, best, point * cells + index.facades.cell[part], part, building_probability
    )
    return Likely(
        containing=ground.containing,
        outside_m=ground.outside_m,
        cell=best,
        probability=best_probability,
        grid_probability=_same_grid(index, row, cell, probability, best[:, 0]),
        building=building,
        building_probability=its_probability,
    )


def _open_ground(index: PlaceIndex, fixes: Fixes, outside_m: float) -> _Ground:
    """Return how the open ground's share is divided among micro-grids: by the chance of lying across their borders."""
    count = len(fixes.x)
    point, cell, away = _cells_within(index, fixes.points, BORDER_SIGMAS * fixes.sigma_m)
    nearest = np.full(count, np.inf)
    np.minimum.at(nearest, point, away)
    lost = np.flatnonzero(nearest > 0.0)
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
    rows = np.flatnonzero(near)
    if len(rows) == 0 or len(index.facades.parts) == 0:
        nothing = np.empty(0, dtype=np.int64)
        return nothing, nothing, np.empty(0)
    which, part = index.facades.tree.query(
        fixes.points[rows], predicate="dwithin", distance=reach_of(fixes.sigma_m[rows])
    )
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


def _first_three(row: Integers, cell: Integers, probability: Floats, count: int) -> tuple[Integers, Floats]:
    """Return of each fix the three most probable micro-grids, of equals those with the smaller codes."""
    cells = np.full((count, CANDIDATES), -1, dtype=np.int64)
    chances = np.zeros((count, CANDIDATES))
    if len(row):
        order = np.lexsort((cell, -np.round(probability, 12), row))
        sorted_row = row[order]
        rank = np.arange(len(order)) - np.searchsorted(sorted_row, sorted_row)
        chosen = rank < CANDIDATES
        cells[sorted_row[chosen], rank[chosen]] = cell[order][chosen]
        chances[sorted_row[chosen], rank[chosen]] = probability[order][chosen]
    return cells, chances


def _best_buildings(
    index: PlaceIndex, best: Integers, key: Integers, part: Integers, probability: Floats
) -> tuple[Integers, Floats]:
    """Return the most probable building in each of the most probable micro-grids."""
    building = np.full(best.shape, -1, dtype=np.int64)
    chance = np.zeros(best.shape)
    if len(key) == 0:
        return building, chance
    order = np.lexsort((part, -np.round(probability, 12), key))
    keys, first = np.unique(key[order], return_index=True)
    wanted = np.arange(len(best))[:, None] * len(index.cells) + best
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    found = (keys[place] == wanted) & (best >= 0)
    pair = order[first[place[found]]]
    building[found] = index.facades.building[part[pair]]
    chance[found] = probability[pair]
    return building, chance


def _same_grid(
    index: PlaceIndex, row: Integers, cell: Integers, probability: Floats, best: Integers
) -> Floats:
    """Return the probability of the grid that holds the most probable micro-grid."""
    if len(row) == 0:
        return np.zeros(len(best))
    same = index.cell_grid[cell] == index.cell_grid[best[row]]
    return sums(row[same], probability[same], len(best))
