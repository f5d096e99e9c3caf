"""Cut buildings between their stairwells: the parts are the atoms of which cells are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from gis.areas.delineation.coverage import as_array
from gis.areas.delineation.request import DelineationRequest, Floats, Geometries, Integers

MIN_PART_WIDTH_M = 5.0
"""Entrances nearer to each other along the building belong to one stairwell (front and back door)."""
MIN_PART_M2 = 12.0
INSIDE_SHARE = 0.5
"""A building belongs to the community if at least this share of its area lies inside."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Parts of buildings inside the community."""

    polygons: Geometries
    building: Integers
    households: Floats
    stairwell_part: Integers
    building_inside: Integers
    """Indices of the buildings that were taken."""


def cut_buildings(request: DelineationRequest) -> Parts:
    """Parts of all buildings that lie inside the community; buildings over it are clipped to it."""
    inside, footprints = _inside(request.community, request.buildings)
    owner = _owners(footprints)
    polygons: list[Any] = []
    building: list[int] = []
    households: list[float] = []
    stairwell_part = np.full(len(request.stairwell_building), -1, dtype=np.int64)
    part_of_row: dict[int, int] = {}
    for row, index in enumerate(inside):
        if owner[row] != row:
            continue
        stairwells = np.flatnonzero(request.stairwell_building == index)
        pieces, piece_of = cut_building(footprints[row], request.stairwell_xy[stairwells])
        shares = _shares(request.stairwell_flats[stairwells], piece_of, len(pieces))
        part_of_row[row] = len(polygons)
        stairwell_part[stairwells] = len(polygons) + piece_of
        polygons += pieces
        building += [int(index)] * len(pieces)
        households += [float(request.households[index]) * share for share in shares]
    for row, index in enumerate(inside):  # drawn inside another building: its households are counted there
        if owner[row] != row:
            part = part_of_row[owner[row]]
            households[part] += float(request.households[index])
            stairwell_part[request.stairwell_building == index] = part
    return Parts(
        polygons=as_array(_without_overlaps(polygons)),
        building=np.array(building, dtype=np.int64),
        households=np.array(households, dtype=np.float64),
        stairwell_part=stairwell_part,
        building_inside=inside,
    )


def cut_building(footprint: Any, entrances_xy: Floats) -> tuple[list[Any], Integers]:
    """Cut one building across its long axis, midway between neighbouring entrances.

    Returns the parts in order along the axis and, for every entrance, the index of its part. A cut that would not
    leave two sound parts is left out: the stairwells beside it then share a part.
    """
    whole = [footprint], np.zeros(len(entrances_xy), dtype=np.int64)
    if len(entrances_xy) < 2:  # noqa: PLR2004
        return whole
    origin, along, across, reach = _axes(footprint)
    places = (entrances_xy - origin) @ along
    ordered = np.sort(places)
    gaps = np.flatnonzero(np.diff(ordered) >= MIN_PART_WIDTH_M)
    cuts: list[float] = []
    pieces = [footprint]
    for gap in gaps:
        cut = float(ordered[gap] + ordered[gap + 1]) / 2
        near = _strip(origin, along, across, (-reach, cut), reach)
        far = _strip(origin, along, across, (cut, reach), reach)
        halves = [shapely.intersection(pieces[-1], near), shapely.intersection(pieces[-1], far)]
        if all(half.geom_type == "Polygon" and half.area >= MIN_PART_M2 for half in halves):
            pieces[-1:] = halves
            cuts.append(cut)
    return pieces, np.searchsorted(np.array(cuts), places).astype(np.int64)


def _axes(footprint: Any) -> tuple[Floats, Floats, Floats, float]:
    """Centre, unit vector along the longer side, the one across, and a length that passes the building's end."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(footprint))[:4]
    sides = corners[1:3] - corners[:2]
    lengths = np.hypot(sides[:, 0], sides[:, 1])
    along = sides[int(np.argmax(lengths))] / lengths.max()
    across = np.array([-along[1], along[0]])
    return corners.mean(axis=0), along, across, float(lengths.sum())


def _strip(origin: Floats, along: Floats, across: Floats, span: tuple[float, float], reach: float) -> Any:
    """Draw the rectangle between two places on the long axis."""
    corners = [(span[0], -reach), (span[1], -reach), (span[1], reach), (span[0], reach)]
    return shapely.Polygon([origin + a * along + b * across for a, b in corners])


def _shares(flats: Floats, piece_of: Integers, pieces: int) -> Floats:
    """Share of the building's households in each part: by the stairwells' flats, else alike."""
    if not len(piece_of):
        return np.ones(1)
    weights = flats if len(flats) and np.all(flats >= 0) and flats.sum() > 0 else np.ones(len(piece_of))
    shares = np.bincount(piece_of, weights=weights, minlength=pieces)
    return np.asarray(shares / shares.sum(), dtype=np.float64)


def _inside(community: Any, buildings: Geometries) -> tuple[Integers, Geometries]:
    """Find indices and footprints of the buildings of which most lies inside, clipped to the community."""
    shapely.prepare(community)
    contained = np.asarray(shapely.contains_properly(community, buildings))
    footprints = np.array(buildings, dtype=object)
    for index in np.flatnonzero(~contained):
        clipped = _largest(shapely.intersection(buildings[index], community))
        enough = clipped is not None and clipped.area >= INSIDE_SHARE * buildings[index].area
        footprints[index] = clipped if enough else None
    inside = np.flatnonzero(~shapely.is_missing(footprints))
    return inside.astype(np.int64), footprints[inside]


def _owners(footprints: Geometries) -> Integers:
    """For each footprint the row of the larger building inside which it is drawn, else its own row."""
    owner = np.arange(len(footprints), dtype=np.int64)
    areas = shapely.area(footprints)
    left, right = shapely.STRtree(footprints).query(footprints, predicate="intersects")
    smaller = (areas[left] < areas[right]) | ((areas[left] == areas[right]) & (left > right))
    left, right = left[smaller], right[smaller]
    shared = shapely.area(shapely.intersection(footprints[left], footprints[right]))
    mostly = shared > INSIDE_SHARE * areas[left]
    for small, large in sorted(
        zip(left[mostly], right[mostly], strict=True), key=lambda pair: -areas[pair[1]]
    ):
        if owner[small] == small:
            owner[small] = owner[large]
    return owner


def _without_overlaps(polygons: list[Any]) -> list[Any]:
    """Take from each part what a larger one covers already."""
    parts = as_array(polygons)
    left, right = shapely.STRtree(parts).query(parts, predicate="overlaps")
    areas = shapely.area(parts)
    smaller = (areas[left] < areas[right]) | ((areas[left] == areas[right]) & (left > right))
    for small, large in zip(left[smaller], right[smaller], strict=True):
        kept = _largest(shapely.difference(parts[small], parts[large]))
        if kept is not None and kept.area > 1.0:
            parts[small] = kept
    return list(parts)


def _largest(geometry: Any) -> Any:
    """Take the largest polygon of a geometry, ``None`` if it holds none."""
    polygons = [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"]
    return max(polygons, key=lambda part: part.area, default=None)
