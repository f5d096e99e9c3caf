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
MAX_GAP_M = 0.2
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
    for snap_m in SNAPS_M:
        try:
            clean = shapely.coverage_clean(polygons, snapping_distance=snap_m)  # type: ignore[attr-defined]
        except shapely.errors.GEOSException:
            continue
        if shapely.coverage_is_valid(clean):
            return np.asarray(clean, dtype=object)
    rebuilt = _rebuilt(polygons)
    if shapely.coverage_is_valid(rebuilt):
        return rebuilt
    raise InvalidInputError("the cells can't be made a coverage", code="delineation_not_coverable")


def _rebuilt(polygons: Geometries) -> Geometries:
    """Coverage from all borders laid over one another, where GEOS can't clean it (it refuses some overlaps).

    Each face goes to the first polygon that holds it; slivers that none holds to the neighbour along most of them.
    """
    lines = shapely.union_all(shapely.boundary(polygons), grid_size=GRID_M)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    owner = np.full(len(faces), -1, dtype=np.int64)
    rows, holders = shapely.STRtree(polygons).query(shapely.point_on_surface(faces), predicate="intersects")
    order = np.argsort(-holders, kind="stable")
    owner[rows[order]] = holders[order]
    left, right, length = borders(faces)
    thin = 2 * shapely.area(faces) < MAX_GAP_M * shapely.length(faces)
    for face in np.flatnonzero((owner < 0) & thin):
        near = (left == face) | (right == face)
        others = left[near] + right[near] - face
        held = owner[others] >= 0
        if held.any():
            owner[face] = owner[others[held][int(np.argmax(length[near][held]))]]
    result = as_array([shapely.Polygon()] * len(polygons))
    groups, group = np.unique(owner[owner >= 0], return_inverse=True)
    result[groups] = united(faces[owner >= 0], group)
    return result


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


def _voronoi(points: Floats) -> Geometries:
    """Draw the Voronoi cell of each point.

    By Qhull: GEOS's own diagram has overlapping cells where many points lie on one circle, as on parallel walls.
    """
    from scipy.spatial import Voronoi

    low, high = points.min(axis=0), points.max(axis=0)
    middle, reach = (low + high) / 2, 20 * float(np.max(high - low)) + 1000
    angles = np.arange(8) * np.pi / 4
    # a ring of points far away closes the outer cells
    ring = middle + reach * np.column_stack([np.cos(angles), np.sin(angles)])
    diagram = Voronoi(np.concatenate([points, ring]))
    corners = [diagram.regions[region] for region in diagram.point_region[: len(points)]]
    lengths = np.array([len(each) for each in corners])
    rings = shapely.linearrings(
        diagram.vertices[np.concatenate(corners)], indices=np.repeat(np.arange(len(points)), lengths)
    )
    return np.asarray(shapely.polygons(rings), dtype=object)


def _united_by_overlay(polygons: Geometries, group: Integers) -> Geometries:
    """Union by group of polygons that are not quite a coverage."""
    sound = shapely.make_valid(polygons)
    return as_array(
        [shapely.union_all(sound[group == index], grid_size=GRID_M) for index in range(int(group.max()) + 1)]
    )


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
    diagram = _voronoi(points)
    try:
        shares = shapely.intersection(united(diagram, group), place)
    except shapely.errors.GEOSException:
        # cells that rounding has made not quite a coverage
        shares = shapely.intersection(_united_by_overlay(diagram, group), place, grid_size=GRID_M)
    shares, origin = polygons_of(shares)
    return shares, seed[origin]
