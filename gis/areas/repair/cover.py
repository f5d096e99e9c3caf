"""Make the areas of one level a coverage: no gaps, no overlaps, common borders vertex by vertex; metres."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.areas.checks.subject import Geometries, Integers, closed, polygons_in, surface, wider
from gis.areas.repair.movement import Borders, differences

SNAPS_M = (-1.0, 0.01, 0.05)
"""Snapping distances to try in turn; -1 is GEOS's own choice, a hundred-millionth of the extent."""
LEAST_M2 = 1e-6
"""Strips along the outline that are smaller than this are rounding."""


def covers(
    shapes: Geometries,
    tolerance_m: float,
    outline: BaseGeometry | None = None,
    *,
    snaps_m: Sequence[float] = SNAPS_M,
) -> Iterator[tuple[Geometries, int]]:
    """Yield shapes as a coverage as far as no border moves by more than the tolerance, with how many had to stay.

    What overlaps more widely stays as it is; gaps that are wider stay; of groups of neighbours in which a border would
    move farther all stay as they are. There is an answer for each snapping distance that GEOS manages; the first is
    mostly good.

    Parameters
    ----------
    shapes
        Valid polygons; metres.
    tolerance_m
        The farthest that a border may move.
    outline
        What they should cover: they are drawn out to it, or cut at it, where it is that near. None: what they cover
        once slits between them are closed that are open to the outside.
    snaps_m
        Snapping distances.
    """
    known = outline if outline is not None else closed(shapely.union_all(shapes), tolerance_m)
    borders = Borders(shapes)
    for snap_m in snaps_m:
        if snap_m > tolerance_m / 2.0:
            continue
        try:
            covered, loose = _cleaned(shapes, known, tolerance_m, snap_m)
        except shapely.errors.GEOSException:
            continue  # rarely GEOS can't clean a coverage with one of the distances
        covered = _placed(covered, loose, borders, tolerance_m)
        covered = _strays_joined(covered, borders, tolerance_m)
        kept = _refused(shapes, covered, borders, tolerance_m)
        covered[kept] = shapes[kept]
        yield covered, len(kept)


def cover(
    shapes: Geometries,
    tolerance_m: float,
    outline: BaseGeometry | None,
    finish: Callable[[Geometries], Geometries],
    *,
    snaps_m: Sequence[float] = SNAPS_M,
) -> Geometries:
    """Return the best coverage as it is once it is finished: brought back to the coordinates in which it is kept.

    Parameters
    ----------
    shapes, tolerance_m, outline, snaps_m
        As for ``covers``.
    finish
        From metres to what is kept.
    """
    best, fewest = None, None
    for covered, kept in covers(shapes, tolerance_m, outline, snaps_m=snaps_m):
        finished = finish(covered)
        invalid = int(np.count_nonzero(~shapely.is_valid(finished)))
        faults = invalid, kept, 0 if invalid else int(not shapely.coverage_is_valid(finished))
        if fewest is None or faults < fewest:
            best, fewest = finished, faults
        if fewest == (0, 0, 0):
            break
    return finish(shapes) if best is None else best


def _cleaned(
    shapes: Geometries, outline: BaseGeometry, tolerance_m: float, snap_m: float
) -> tuple[Geometries, Geometries]:
    """Close overlaps, and return with the shapes the narrow strips between them and along the outline: nobody's yet.

    Overlaps wider than the tolerance are kept aside meanwhile and given back to both.
    """
    inside = _cut_at(shapes, outline, tolerance_m)
    one, other, common = _wide_overlaps(inside, tolerance_m)
    for row in np.unique(np.concatenate([one, other])).tolist():
        mine = common[(one == row) | (other == row)]
        inside[row] = surface(shapely.difference(inside[row], shapely.union_all(mine)))
    strips = _narrow(shapely.difference(outline, shapely.union_all([*inside, *common])), tolerance_m)
    merged = shapely.coverage_clean(  # type: ignore[attr-defined] # newer than its stubs
        np.concatenate([inside, common, strips]), snapping_distance=snap_m, gap_width=tolerance_m
    )
    count = len(shapes)
    covered = np.array([surface(shape) for shape in merged[:count]], dtype=object)
    for place, (first, second) in enumerate(zip(one.tolist(), other.tolist(), strict=True)):
        for row in (first, second):
            covered[row] = shapely.union(covered[row], merged[count + place])
    return covered, polygons_in(merged[count + len(common) :])


def _cut_at(shapes: Geometries, outline: BaseGeometry, tolerance_m: float) -> Geometries:
    """Return shapes without what reaches over the outline by no more than the tolerance."""
    over = shapely.difference(shapes, outline)
    found = shapes.copy()
    for row in np.flatnonzero(shapely.area(over) > LEAST_M2).tolist():
        narrow = _narrow(over[row], tolerance_m)
        if len(narrow):
            found[row] = surface(shapely.difference(shapes[row], shapely.union_all(narrow)))
    return found


def _narrow(shape: BaseGeometry, tolerance_m: float) -> Geometries:
    parts = polygons_in([shape])
    parts = parts[shapely.area(parts) > LEAST_M2]
    return parts[~wider(parts, tolerance_m)]


def _placed(covered: Geometries, loose: Geometries, borders: Borders, tolerance_m: float) -> Geometries:
    """Give every loose strip to the neighbour with the longest common border; long ones triangle by triangle.

    A triangle in the middle of a strip has neighbours only when those beside it have found theirs: rounds are made as
    long as one finds something.
    """
    result = covered.copy()
    pending = list(loose)
    while pending:
        left: list[BaseGeometry] = []
        progress = False
        for strip in pending:
            beside = shapely.STRtree(result).query(strip, predicate="intersects")
            taker = _nearest(strip, beside, borders, result, tolerance_m)
            if taker is not None:
                result[taker] = surface(shapely.union(result[taker], strip))
                progress = True
                continue
            triangles = shapely.get_parts(shapely.constrained_delaunay_triangles(strip))
            progress |= len(triangles) > 1
            left += sorted(triangles, key=shapely.area, reverse=True) if len(triangles) > 1 else [strip]
        if not progress:
            break
        pending = left
    return result


def _wide_overlaps(shapes: Geometries, tolerance_m: float) -> tuple[Integers, Integers, Geometries]:
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    once = one < other
    one, other = one[once], other[once]
    common = shapely.intersection(shapes[one], shapes[other])
    large = np.flatnonzero(shapely.area(common) > tolerance_m**2)
    parts, pair = shapely.get_parts(
        np.array([surface(common[row]) for row in large], dtype=object), return_index=True
    )
    wide = wider(parts, tolerance_m) & ~shapely.is_empty(parts)
    return one[large][pair[wide]], other[large][pair[wide]], parts[wide]


def _nearest(
    piece: BaseGeometry, takers: Integers, borders: Borders, now: Geometries, tolerance_m: float
) -> int | None:
    """Return the area with the longest common border that may take a piece without moving its border too far."""
    shared = shapely.length(shapely.intersection(shapely.boundary(piece), shapely.boundary(now[takers])))
    for taker in takers[np.lexsort((takers, -shared))].tolist():
        if shared[takers == taker][0] > 0.0 and borders.stays(taker, piece, tolerance_m):
            return int(taker)
    return None


def _strays_joined(covered: Geometries, borders: Borders, tolerance_m: float) -> Geometries:
    """Give parts that are apart from the rest of their area to the neighbour with the longest common border."""
    result = covered.copy()
    for row in np.flatnonzero(shapely.get_num_geometries(covered) > 1).tolist():
        parts = polygons_in([result[row]])
        order = np.argsort(-shapely.area(parts), kind="stable")
        kept = [parts[order[0]]] if len(parts) else []
        for part in parts[order[1:]]:
            beside = shapely.STRtree(result).query(part, predicate="intersects")
            taker = _nearest(part, np.setdiff1d(beside, [row]), borders, result, tolerance_m)
            if taker is not None and borders.stays(row, part, tolerance_m):
                result[taker] = surface(shapely.union(result[taker], part))
            else:
                kept.append(part)
        result[row] = shapely.union_all(kept)
    return result


def _refused(old: Geometries, covered: Geometries, borders: Borders, tolerance_m: float) -> Integers:
    """Return the areas that have to stay as they are: those that would move too far, with all that change with them."""
    difference = differences(old, covered)
    changed = np.flatnonzero(shapely.area(difference) > 0.0)
    bad = shapely.is_empty(covered)
    for row in changed.tolist():
        bad[row] |= not borders.stays(row, difference[row], tolerance_m)
    if not bad.any():
        return np.empty(0, dtype=np.int64)
    tree = shapely.STRtree(difference[changed])
    one, other = tree.query(difference[changed], predicate="intersects")
    while True:
        spread = bad.copy()
        spread[changed[other[bad[changed[one]]]]] = True
        if spread.sum() == bad.sum():
            return np.flatnonzero(bad).astype(np.int64)
        bad = spread
