"""What streets, lanes and walls enclose, and the street space between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from gis.areas.delineation.coverage import GRID_M, SNAPS_M, as_array, borders, polygons_of, united
from gis.areas.delineation.parts import Parts
from gis.areas.delineation.request import DelineationRequest, Geometries, Integers

HALF_WIDTH_M = 12.0
"""Places narrower than twice this, in which nobody lives, are street space: verges, medians, strips before a wall."""
INHABITED_SHARE = 0.3
"""People live in a place that holds more than this share of an inhabited building or stairwell."""
STRIP_POLSBY_POPPER = 0.4
"""Rounder places stay whole."""
MIN_STRIP_M2 = 60.0
SLIVER_M = 0.5
"""Faces thinner than this lie between a line and the same line drawn once more: a wall and the edge of its courtyard."""


@dataclass(frozen=True, slots=True)
class Faces:
    """A partition of the community into places for buildings and strips of street space."""

    polygons: Geometries
    block: Integers
    """Index of the block between main streets in which each face lies."""
    is_strip: np.ndarray[Any, np.dtype[np.bool_]]


def enclose(request: DelineationRequest, parts: Parts) -> Faces:
    """Faces between streets, lanes, walls and courtyards, with the street space cut off."""
    community = request.community
    outline = [community.exterior, *community.interiors]
    main = _inside(request.streets[request.street_is_main], community)
    softer = [
        *_inside(request.streets[~request.street_is_main], community),
        *_inside(shapely.boundary(request.courtyards), community),
        *_inside(request.walls, community),
    ]
    blocks = _polygonized([*outline, *main], community)
    lines = [*outline, *main, *softer]
    strips = _strips(_polygonized(lines, community), parts)
    polygons = _without_slivers(_polygonized([*lines, *shapely.boundary(strips)], community))
    points = shapely.point_on_surface(polygons)
    is_strip = np.zeros(len(polygons), dtype=np.bool_)
    is_strip[shapely.STRtree(strips).query(points, predicate="within")[0]] = True
    block = np.asarray(shapely.STRtree(blocks).nearest(points), dtype=np.int64)
    return Faces(polygons, block, is_strip)


def _inside(lines: Geometries, community: Any) -> list[Any]:
    clipped = shapely.get_parts(shapely.intersection(lines, community))
    return list(clipped[shapely.get_dimensions(clipped) == 1])


def _polygonized(lines: list[Any], community: Any) -> Geometries:
    """Polygons enclosed by lines, inside the community."""
    noded = shapely.union_all(as_array(lines), grid_size=GRID_M)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    inside = shapely.dwithin(shapely.point_on_surface(faces), community, SNAPS_M[0])
    return np.asarray(faces[inside], dtype=object)


def _without_slivers(faces: Geometries) -> Geometries:
    """Join slivers to the face along most of them: left between, they would part plots from the street before them."""
    left, right, length = borders(faces)
    thin = 2 * shapely.area(faces) < SLIVER_M * shapely.length(faces)
    owner = np.arange(len(faces), dtype=np.int64)
    for sliver in np.flatnonzero(thin):
        near = (left == sliver) | (right == sliver)
        others = left[near] + right[near] - sliver
        usable = ~thin[others]
        if usable.any():
            owner[sliver] = others[usable][int(np.argmax(length[near][usable]))]
    joined, _ = polygons_of(united(faces, np.unique(owner, return_inverse=True)[1].astype(np.int64)))
    return joined


def _strips(faces: Geometries, parts: Parts) -> Geometries:
    """Find the narrow arms of each face (what is lost by shrinking and growing it) in which nobody lives."""
    cores = shapely.buffer(
        shapely.buffer(faces, -HALF_WIDTH_M), HALF_WIDTH_M, join_style="mitre", mitre_limit=2.0
    )
    arms, _ = polygons_of(shapely.difference(faces, cores, grid_size=GRID_M))
    homes = parts.polygons[parts.households > 0]
    rows, found = shapely.STRtree(homes).query(arms, predicate="intersects")
    mostly = shapely.area(shapely.intersection(homes[found], arms[rows])) > INHABITED_SHARE * shapely.area(
        homes[found]
    )
    inhabited = np.zeros(len(arms), dtype=np.bool_)
    inhabited[rows[mostly]] = True
    slim = 4 * np.pi * shapely.area(arms) < STRIP_POLSBY_POPPER * shapely.length(arms) ** 2
    taken = ~inhabited & slim & (shapely.area(arms) >= MIN_STRIP_M2)
    return np.asarray(arms[taken], dtype=object)
