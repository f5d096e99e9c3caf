"""Divide the community among the building parts: along streets, lanes and walls first, midway between buildings then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from gis.areas.delineation.parts import Parts
from gis.areas.delineation.request import DelineationRequest, Geometries, Integers
from gis.errors import InvalidInputError

SHRINK_M = 0.4
SEGMENT_M = 1.0
GRID_M = 0.001
SNAPS_M = (0.05, 0.02, 0.1, 0.0, 0.25)
"""Snapping distances to try in turn: rarely GEOS can't clean a coverage with one of them."""
THIN_M = 25.0
"""Places without buildings narrower than this (verges, medians of a dual carriageway) go to the plots along them."""
THIN_POLSBY_POPPER = 0.45
SLIVER_M2 = 60.0
"""Places without buildings smaller than this join the neighbour with the longest border."""
MIN_BORDER_M = 1.0
"""Plots are neighbours if they share a border at least this long."""


@dataclass(frozen=True, slots=True)
class Plots:
    """A coverage of the community: one plot for every building part, further ones for places without buildings."""

    polygons: Geometries
    part: Integers
    """Index of the building part on the plot, -1 if none."""
    block: Integers
    """Index of the block between main streets."""


def tessellate(request: DelineationRequest, parts: Parts) -> Plots:
    """Plots of all building parts; no plot of a building reaches over a main street."""
    import geopandas
    import momepy

    community = request.community
    outline = [community.exterior, *community.interiors]
    main = _inside(request.streets[request.street_is_main], community)
    lanes = _inside(request.streets[~request.street_is_main], community)
    compounds = _inside(shapely.boundary(request.courtyards), community)
    walls = _inside(request.walls, community)
    blocks = _faces([*outline, *main], community)
    faces = _faces([*outline, *main, *lanes, *compounds, *walls], community)
    block_of_face = shapely.STRtree(blocks).nearest(shapely.point_on_surface(faces))
    cells = momepy.enclosed_tessellation(
        geopandas.GeoSeries(parts.polygons),
        geopandas.GeoSeries(faces, name="geometry"),
        shrink=SHRINK_M,
        segment=SEGMENT_M,
        threshold=0.02,
        n_jobs=1,
    )
    plots = _settle(
        np.asarray(cells.geometry.array, dtype=object),
        np.maximum(cells.index.to_numpy(), -1).astype(np.int64),
        block_of_face[cells["enclosure_index"].to_numpy().astype(np.int64)],
    )
    return _without_slivers(_share_out_thin(plots))


def borders(polygons: Geometries) -> tuple[Integers, Integers, Any]:
    """Pairs of neighbouring polygons of a coverage (left < right) and the length of their common border."""
    left, right = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    once = left < right
    left, right = left[once], right[once]
    outlines = shapely.boundary(polygons)
    lengths = shapely.length(shapely.intersection(outlines[left], outlines[right]))
    shared = lengths > 0
    order = np.lexsort((right[shared], left[shared]))
    return left[shared][order], right[shared][order], lengths[shared][order]


def cleaned(polygons: Geometries) -> Geometries:
    """Coverage without gaps and overlaps; rows stay what they were, some may come out empty or in several parts."""
    failure: Exception | None = None
    for snap_m in SNAPS_M:
        try:
            clean = shapely.coverage_clean(polygons, snapping_distance=snap_m)
        except shapely.errors.GEOSException as error:
            failure = error
            continue
        if shapely.coverage_is_valid(clean):
            return np.asarray(clean, dtype=object)
    raise InvalidInputError(
        f"the tessellation can't be made a coverage: {failure}", code="delineation_not_coverable"
    )


def _inside(lines: Geometries, community: Any) -> Geometries:
    if not len(lines):
        return lines
    clipped = shapely.get_parts(shapely.intersection(lines, community))
    return np.asarray(clipped[shapely.get_dimensions(clipped) == 1], dtype=object)


def _faces(lines: list[Any], community: Any) -> Geometries:
    """Polygons enclosed by lines, inside the community."""
    noded = shapely.union_all(np.array(lines, dtype=object), grid_size=GRID_M)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    inside = shapely.dwithin(shapely.point_on_surface(faces), community, SNAPS_M[0])
    return np.asarray(faces[inside], dtype=object)


def _polygons(geometries: Geometries) -> tuple[Geometries, Integers]:
    """The polygons of which geometries consist, and the row of each."""
    parts, origin = shapely.get_parts(geometries, return_index=True)
    flat = (shapely.get_dimensions(parts) == 2) & ~shapely.is_empty(parts)  # noqa: PLR2004
    return np.asarray(parts[flat], dtype=object), origin[flat]


def _settle(polygons: Geometries, part: Integers, block: Integers) -> Plots:
    """Make a valid coverage in which each part has one plot, on the side of the main street where most of it is.

    A building over a street leaves a piece of plot on either side: over a lane the pieces are joined, over a main
    street the smaller one becomes a place without building.
    """
    kept = ~shapely.is_missing(polygons)
    polygons = cleaned(polygons[kept])
    pieces, origin = _polygons(polygons)
    part, block = part[kept][origin], block[kept][origin]
    area = shapely.area(pieces)
    of_part: dict[int, list[int]] = {}
    for row in np.argsort(-area, kind="stable"):
        if part[row] >= 0:
            of_part.setdefault(int(part[row]), []).append(int(row))
    alive = np.ones(len(pieces), dtype=np.bool_)
    for rows in of_part.values():
        first, rest = rows[0], rows[1:]
        for row in rest:
            if block[row] == block[first]:
                joined = shapely.coverage_union_all(pieces[[first, row]])
                if joined.geom_type == "Polygon":
                    pieces[first], alive[row] = joined, False
                    continue
            part[row] = -1
    return Plots(pieces[alive], part[alive], block[alive])


def _share_out_thin(plots: Plots) -> Plots:
    """Give narrow places without buildings to the plots along them, each point to the nearest."""
    import geopandas
    from libpysal.cg import voronoi_frames

    polygons, part = plots.polygons, plots.part
    area, perimeter = shapely.area(polygons), shapely.length(polygons)
    thin = (part < 0) & (2 * area < THIN_M * perimeter)
    thin &= 4 * np.pi * area < THIN_POLSBY_POPPER * perimeter**2
    if not thin.any() or thin.all():
        return plots
    rest = np.flatnonzero(~thin)
    tree = shapely.STRtree(polygons[rest])
    pieces, owner = list(polygons[rest]), list(rest)
    for strip in shapely.get_parts(shapely.coverage_union_all(polygons[thin])):
        along = rest[np.sort(tree.query(strip, predicate="intersects"))]
        edges = shapely.intersection(shapely.boundary(polygons[along]), strip.boundary)
        long = shapely.length(edges) >= MIN_BORDER_M
        along = along[long]
        if not long.any():
            continue
        lines = shapely.line_merge(edges[long])
        shrunk = shapely.segmentize(lines, SEGMENT_M)
        shares = voronoi_frames(
            geopandas.GeoSeries(shrunk), clip=strip, segment=SEGMENT_M, shrink=0, as_gdf=False, return_input=False
        )
        shared, origin = _polygons(np.asarray(shares.array))
        pieces += list(shared)
        owner += list(along[shares.index.to_numpy()[origin]])
    clean, origin = _polygons(cleaned(np.array(pieces, dtype=object)))
    return _merged(plots, clean, np.array(owner)[origin])


def _without_slivers(plots: Plots) -> Plots:
    """Join tiny places without buildings to the neighbour with the longest border, in the same block if it has one."""
    left, right, lengths = borders(plots.polygons)
    owner = np.arange(len(plots.polygons))
    small = (plots.part < 0) & (shapely.area(plots.polygons) < SLIVER_M2)
    for row in np.flatnonzero(small):
        touching = np.flatnonzero((left == row) | (right == row))
        others = left[touching] + right[touching] - row
        usable = ~small[others]
        if not usable.any():
            continue
        same = plots.block[others] == plots.block[row]
        best = max(zip(same[usable], lengths[touching][usable], -others[usable], strict=True))
        owner[row] = -best[2]
    return _merged(plots, plots.polygons, owner)


def _merged(plots: Plots, pieces: Geometries, owner: Integers) -> Plots:
    """Union of the pieces of each owner; what isn't connected to the owner's largest piece becomes a plot of its own."""
    polygons: list[Any] = []
    rows: list[int] = []
    part: list[int] = []
    order = np.argsort(owner, kind="stable")
    for group in np.split(order, np.flatnonzero(np.diff(owner[order])) + 1):
        row = int(owner[group[0]])
        joined = shapely.get_parts(shapely.coverage_union_all(pieces[group]))
        for rank, index in enumerate(np.argsort(-shapely.area(joined), kind="stable")):
            polygons.append(joined[index])
            rows.append(row)
            part.append(int(plots.part[row]) if rank == 0 else -1)
    return Plots(np.array(polygons, dtype=object), np.array(part, dtype=np.int64), plots.block[rows])
