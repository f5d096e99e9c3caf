"""Operations on coverages: polygons that share their borders vertex by vertex."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from gis.areas.delineation.request import Floats, Geometries, Integers
from gis.errors import InvalidInputError

GRID_M = 0.001
SNAPS_M = (0.01, 0.02, 0.05, 0.1, 0.0, 0.25)
"""Snapping distances to try in turn: rarely GEOS can't clean a coverage with one of them."""
SEGMENT_M = 1.0


def as_array(geometries: list[Any]) -> Geometries:
    """Geometries as a numpy array of objects."""
    array = np.empty(len(geometries), dtype=object)
    array[:] = geometries
    return array


def polygons_of(geometries: Geometries) -> tuple[Geometries, Integers]:
    """List the polygons of which geometries consist, and the row of each."""
    parts, origin = shapely.get_parts(geometries, return_index=True)
    while np.any(shapely.get_type_id(parts) > shapely.GeometryType.POLYGON):
        parts, inner = shapely.get_parts(parts, return_index=True)
        origin = origin[inner]
    flat = (shapely.get_dimensions(parts) == 2) & ~shapely.is_empty(parts)  # noqa: PLR2004
    return np.asarray(parts[flat], dtype=object), np.asarray(origin[flat], dtype=np.int64)


def cleaned(polygons: Geometries) -> Geometries:
    """Coverage without gaps and overlaps; rows stay what they were, some may come out empty or in several parts."""
    failure: Exception | None = None
    for snap_m in SNAPS_M:
        try:
            clean = shapely.coverage_clean(polygons, snapping_distance=snap_m)  # type: ignore[attr-defined]
        except shapely.errors.GEOSException as error:
            failure = error
            continue
        if shapely.coverage_is_valid(clean):
            return np.asarray(clean, dtype=object)
    raise InvalidInputError(
        f"the cells can't be made a coverage: {failure}", code="delineation_not_coverable"
    )


def borders(polygons: Geometries) -> tuple[Integers, Integers, Floats]:
    """Pairs of neighbouring polygons of a coverage (left < right) and the length of their common border."""
    left, right = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    once = left < right
    left, right = left[once].astype(np.int64), right[once].astype(np.int64)
    lengths = np.asarray(shapely.length(common_border(polygons, left, right)), dtype=np.float64)
    shared = lengths > 0
    order = np.lexsort((right[shared], left[shared]))
    return left[shared][order], right[shared][order], lengths[shared][order]


def common_border(polygons: Geometries, left: Integers, right: Integers) -> Geometries:
    """Return the line along which two polygons of a coverage touch, pair by pair."""
    outlines = shapely.boundary(polygons)
    return np.asarray(shapely.intersection(outlines[left], outlines[right]), dtype=object)


def united(polygons: Geometries, group: Integers) -> Geometries:
    """Union of a coverage's polygons by group (0, 1, 2, ...)."""
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(int(group.max()) + 1))
    return as_array([shapely.coverage_union_all(each) for each in np.split(polygons[order], starts[1:])])


def nearest_shares(seeds: Geometries, place: Any) -> tuple[Geometries, Integers]:
    """Divide a polygon among lines or polygons, every point to the nearest: shares and the seed of each.

    A Voronoi diagram of points every ``SEGMENT_M`` along the seeds' outlines, dissolved by seed.
    """
    points, owner = shapely.get_coordinates(shapely.segmentize(seeds, SEGMENT_M), return_index=True)
    points, first = np.unique(np.round(points, 3), axis=0, return_index=True)
    owner = owner[first].astype(np.int64)
    seed, group = np.unique(owner, return_inverse=True)
    if len(seed) == 1:
        return as_array([place]), seed
    diagram = shapely.voronoi_polygons(shapely.multipoints(points), extend_to=place, ordered=True)
    shares, origin = polygons_of(shapely.intersection(united(shapely.get_parts(diagram), group), place))
    return shares, seed[origin]
