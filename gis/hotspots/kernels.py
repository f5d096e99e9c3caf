"""Densities of cases: along the streets, and, to compare with, over the plane."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis.hotspots.arrays import Floats
from gis.hotspots.lixels import Lixels
from gis.hotspots.streets import summed

if TYPE_CHECKING:
    from scipy.sparse import csr_array

PLANE_M = 100.0
CELL_M = 25.0


def along_streets(distances: csr_array, lixels: Lixels, counts: Floats, bandwidth_m: float) -> Floats:
    """Return the network kernel density of each piece, cases a metre (Epanechnikov, distances along the streets).

    Parameters
    ----------
    distances
        ``lixels.near`` up to the bandwidth or farther.
    lixels, counts
        Pieces, and the cases on each.
    bandwidth_m
        The kernel's reach.
    """
    from scipy.sparse import csr_array

    weights = csr_array(distances, copy=True)
    weights.data = np.clip(1.0 - (weights.data / bandwidth_m) ** 2, 0.0, None)
    metres = weights @ lixels.length_m
    density: Floats = np.divide(weights @ counts, metres, out=np.zeros(len(lixels)), where=metres > 0.0)
    return density


def over_plane(lixels: Lixels, x: Floats, y: Floats, bandwidth_m: float = PLANE_M) -> Floats:
    """Return the ordinary heat map's density at each piece: a quartic kernel over the plane, streets ignored.

    Parameters
    ----------
    lixels
        Where it is read.
    x, y
        Cases, metres; gathered in cells of 25 m first.
    bandwidth_m
        The kernel's reach.
    """
    from scipy.spatial import cKDTree

    cells, count = np.unique(
        np.floor(np.column_stack([x, y]) / CELL_M).astype(np.int64), axis=0, return_counts=True
    )
    if not len(cells):
        return np.zeros(len(lixels))
    here, there = cKDTree(_centres(lixels)), cKDTree((cells + 0.5) * CELL_M)
    pairs = here.sparse_distance_matrix(there, bandwidth_m, output_type="coo_matrix")
    weight = (1.0 - (pairs.data / bandwidth_m) ** 2) ** 2
    return summed(pairs.row.astype(np.int64), weight * count[pairs.col], len(lixels))


def _centres(lixels: Lixels) -> Floats:
    number = np.arange(len(lixels)) - np.repeat(lixels.first, lixels.count)
    along_m = (number + 0.5) * lixels.length_m
    points = shapely.line_interpolate_point(lixels.streets.lines[lixels.street], along_m)
    return np.asarray(shapely.get_coordinates(points), dtype=np.float64)
