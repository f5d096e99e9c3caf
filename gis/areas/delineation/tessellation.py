"""Divide the community among the building parts: along streets, lanes and walls first, midway between buildings then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from gis.areas.delineation.coverage import (
    as_array,
    borders,
    cleaned,
    common_border,
    nearest_shares,
    polygons_of,
    united,
)
from gis.areas.delineation.faces import enclose
from gis.areas.delineation.parts import Parts
from gis.areas.delineation.request import DelineationRequest, Geometries, Integers

SHRINK_M = 0.4
"""Seeds are drawn in by this much, so that the plots of two stairwells meet along the wall between them."""
SMALL_M2 = 60.0
"""Uninhabited buildings smaller than this (kiosks, sheds) get no plot of their own."""
MIN_SHARE = 0.02
"""A building gets a plot in each face that holds at least this share of it."""
SLIM_POLSBY_POPPER = 0.3
SLIVER_M2 = 60.0
"""Places without buildings smaller than this join the neighbour with the longest border."""
MIN_BORDER_M = 1.0
"""Plots are neighbours if they share a border at least this long."""


@dataclass(frozen=True, slots=True)
class Plots:
    """A coverage of the community: plots of building parts, and of places without buildings.

    Small buildings in which nobody lives may have no plot of their own; ``plot_of`` says on which they stand.
    """

    polygons: Geometries
    part: Integers
    """Index of the building part on the plot, -1 if none."""
    block: Integers
    """Index of the block between main streets."""

    def plot_of(self, parts: Geometries) -> Integers:
        """Find the plot of each part: its own, else the one under most of it."""
        plot = np.full(len(parts), -1, dtype=np.int64)
        own = self.part >= 0
        plot[self.part[own]] = np.flatnonzero(own)
        loose = np.flatnonzero(plot < 0)
        rows, plots = shapely.STRtree(self.polygons).query(parts[loose], predicate="intersects")
        shared = shapely.area(shapely.intersection(parts[loose[rows]], self.polygons[plots]))
        for row, under, _ in sorted(
            zip(rows, plots, shared, strict=True), key=lambda each: (each[2], -each[1])
        ):
            plot[loose[row]] = under
        return plot


def tessellate(request: DelineationRequest, parts: Parts) -> Plots:
    """Draw plots of all inhabited building parts and of all larger buildings; none reaches over a main street."""
    faces = enclose(request, parts)
    has_plot = (parts.households > 0) | (shapely.area(parts.polygons) >= SMALL_M2)
    seeds = shapely.buffer(parts.polygons, -SHRINK_M, join_style="mitre")
    seeds = np.where(shapely.is_empty(seeds), parts.polygons, seeds)
    places = np.flatnonzero(~faces.is_strip)
    rows, found = shapely.STRtree(seeds).query(faces.polygons[places], predicate="intersects")
    clipped = shapely.intersection(seeds[found], faces.polygons[places[rows]])
    enough = has_plot[found] & (shapely.area(clipped) >= MIN_SHARE * shapely.area(seeds[found]))
    polygons: list[Any] = []
    part: list[int] = []
    block: list[int] = []
    for row, place in enumerate(places):
        mine = np.flatnonzero((rows == row) & enough)
        if len(mine):
            shares, seed = nearest_shares(clipped[mine], faces.polygons[place])
            polygons += list(shares)
            part += list(found[mine][seed])
        else:
            polygons.append(faces.polygons[place])
            part.append(-1)
        block += [int(faces.block[place])] * (len(polygons) - len(block))
    strips = np.flatnonzero(faces.is_strip)
    coverage, origin = polygons_of(cleaned(as_array(polygons + list(faces.polygons[strips]))))
    is_strip = origin >= len(polygons)
    plots = Plots(
        coverage,
        np.array(part + [-1] * len(strips), dtype=np.int64)[origin],
        np.concatenate([np.array(block, dtype=np.int64), faces.block[strips]])[origin],
    )
    shared = _share_out(request, _settled(plots, is_strip))
    return _without_slivers(_share_out(request, (shared, _slim(shared))))


def _slim(plots: Plots) -> Any:
    """Tell which places without buildings are long and narrow: whole, they would stretch any cell."""
    shape = 4 * np.pi * shapely.area(plots.polygons) / shapely.length(plots.polygons) ** 2
    return (plots.part < 0) & (shape < SLIM_POLSBY_POPPER)


def _settled(plots: Plots, is_strip: Any) -> tuple[Plots, Any]:
    """Leave each part one plot, on the side of the main street where most of it is.

    A building over a street has a plot on either side: over a lane they are joined, over a main street the smaller
    one becomes a place without building.
    """
    polygons, part = plots.polygons.copy(), plots.part.copy()
    area = shapely.area(polygons)
    alive = np.ones(len(polygons), dtype=np.bool_)
    main: dict[int, int] = {}
    for row in np.argsort(-area, kind="stable"):
        if part[row] < 0:
            continue
        first = main.setdefault(int(part[row]), int(row))
        if first == row:
            continue
        joined = shapely.coverage_union_all(polygons[[first, row]])
        if plots.block[row] == plots.block[first] and joined.geom_type == "Polygon":
            polygons[first], alive[row] = joined, False
        else:
            part[row] = -1
    return Plots(polygons[alive], part[alive], plots.block[alive]), is_strip[alive]


def _share_out(request: DelineationRequest, found: tuple[Plots, Any]) -> Plots:
    """Give street space to the plots along it, each point to the nearest, not over a street if that can be helped."""
    plots, is_strip = found
    if is_strip.all() or not is_strip.any():
        return plots
    streets = shapely.union_all(shapely.buffer(request.streets, 0.5, quad_segs=2))
    shapely.prepare(streets)
    left, right, _ = borders(plots.polygons)
    pair = np.concatenate([np.column_stack([left, right]), np.column_stack([right, left])])
    pair = pair[is_strip[pair[:, 0]] & ~is_strip[pair[:, 1]]]
    edges = common_border(plots.polygons, pair[:, 0], pair[:, 1])
    open_edges = shapely.difference(edges, streets)
    same_block = plots.block[pair[:, 0]] == plots.block[pair[:, 1]]
    owner = np.arange(len(plots.polygons), dtype=np.int64)
    pieces, piece_owner = [plots.polygons[~is_strip]], [owner[~is_strip]]
    for strip in np.flatnonzero(is_strip):
        mine = pair[:, 0] == strip
        for allowed, lines in ((mine & same_block, open_edges), (mine & same_block, edges), (mine, edges)):
            usable = allowed & (shapely.length(lines) >= MIN_BORDER_M)
            if usable.any():
                shares, seed = nearest_shares(lines[usable], plots.polygons[strip])
                pieces.append(shares)
                piece_owner.append(pair[usable, 1][seed])
                break
        else:
            pieces.append(plots.polygons[[strip]])
            piece_owner.append(owner[[strip]])
    clean, origin = polygons_of(cleaned(np.concatenate(pieces)))
    return _merged(plots, clean, np.concatenate(piece_owner)[origin])


def _without_slivers(plots: Plots) -> Plots:
    """Join tiny places without buildings to the neighbour with the longest border, in the same block if it has one."""
    left, right, lengths = borders(plots.polygons)
    owner = np.arange(len(plots.polygons))
    small = (plots.part < 0) & (shapely.area(plots.polygons) < SLIVER_M2)
    for row in np.flatnonzero(small):
        touching = np.flatnonzero((left == row) | (right == row))
        others = left[touching] + right[touching] - row
        usable = ~small[others]
        if usable.any():
            same = plots.block[others] == plots.block[row]
            owner[row] = -max(zip(same[usable], lengths[touching][usable], -others[usable], strict=True))[2]
    return _merged(plots, plots.polygons, owner)


def _merged(plots: Plots, pieces: Geometries, owner: Integers) -> Plots:
    """Union of the pieces of each owner; what isn't connected to its largest piece becomes a plot of its own."""
    rows, group = np.unique(owner, return_inverse=True)
    polygons, origin = polygons_of(united(pieces, group))
    order = np.lexsort((-shapely.area(polygons), origin))
    polygons, origin = polygons[order], origin[order]
    part = np.where(np.diff(origin, prepend=-1) > 0, plots.part[rows[origin]], -1)
    return Plots(polygons, part, plots.block[rows[origin]])
