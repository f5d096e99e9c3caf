"""Back from metres to degrees, so that what a repair left alone keeps the very coordinates it had."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from gis.areas.checks.subject import Geometries
from gis.crs import MetricCrs

SAME_M = 0.0005
DECIMALS = 9
"""New vertices are kept to a ninth decimal of a degree: a tenth of a millimetre."""


def restored(old: Geometries, old_m: Geometries, new_m: Geometries, metric: MetricCrs) -> Geometries:
    """Return new shapes in degrees; vertices that were there before keep the very coordinates that they had.

    Parameters
    ----------
    old, old_m
        Shapes before, degrees and metres, vertex by vertex the same; any number of them.
    new_m
        Shapes after, metres.
    metric
        The community's metric coordinates.
    """
    from scipy.spatial import cKDTree

    degrees = shapely.get_coordinates(old)
    tree = cKDTree(shapely.get_coordinates(old_m))

    def back(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        places, first = np.unique(xy, axis=0, return_inverse=True)
        away_m, nearest = tree.query(places, distance_upper_bound=SAME_M)
        lon, lat = metric.unproject(places[:, 0].copy(), places[:, 1].copy())
        answer = np.column_stack([lon, lat]).round(DECIMALS)
        known = np.flatnonzero(np.isfinite(away_m))
        answer[known] = degrees[np.asarray(nearest)[known]]
        return answer[first.reshape(-1)]

    return np.asarray(shapely.transform(new_m, back), dtype=object)


def alike(one: Any, other: Any) -> npt.NDArray[np.bool_]:
    """Tell which shapes have the same rings, wherever these begin."""
    return np.asarray(shapely.equals_exact(shapely.normalize(one), shapely.normalize(other), 0.0))
