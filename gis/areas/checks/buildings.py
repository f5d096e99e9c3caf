"""Checks of borders against buildings: cut only between two stairwells, and whole in their courtyard."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from gis.areas.checks.finding import Finding, Kind
from gis.areas.checks.subject import BuildingFacts, Geometries, Subject, surface, wider

Floats = npt.NDArray[np.float64]


def check_cuts(subject: Subject, buildings: BuildingFacts) -> list[Finding]:
    """Return buildings that a border cuts elsewhere than between two stairwells.

    Each cell's share of a building is a stretch of its longer axis. The border is where it should be when every share
    holds a door and none of its ends lies beyond the next door: so it runs across the building, between two doors.

    Parameters
    ----------
    subject
        Micro-grids.
    buildings
        With their doors.
    """
    footprints = polygons_of(subject, buildings)
    doors = subject.metric.project_geometries(buildings.stairwells)
    found = []
    for building, cells, shares in shared(subject, footprints):
        mine = doors[buildings.stairwell_building == building]
        if not _between_doors(footprints[building], shares, mine):
            cut = _cut_line(footprints[building], shares)
            name = (buildings.id[building],)
            found.append(subject.finding(Kind.BUILDING_CUT, cells, shape=cut, unit="m", features=name))
    return found


def check_courtyards(subject: Subject, buildings: BuildingFacts) -> list[Finding]:
    """Return courtyards that hold a part of a building only.

    Parameters
    ----------
    subject
        Courtyards.
    buildings
        Of the community.
    """
    footprints = polygons_of(subject, buildings)
    building, yard = subject.tree.query(footprints, predicate="intersects")
    partly = ~shapely.covered_by(footprints[building], subject.shapes[yard])
    building, yard = building[partly], yard[partly]
    inside = shapely.intersection(footprints[building], subject.shapes[yard])
    outside = shapely.difference(footprints[building], subject.shapes[yard])
    cut = np.flatnonzero(
        wider(inside, subject.limits.beside_wall_m) & wider(outside, subject.limits.beside_wall_m)
    )
    return [
        subject.finding(
            Kind.COURTYARD_CUTS,
            [int(yard[each])],
            shape=surface(outside[each]),
            features=(buildings.id[building[each]],),
        )
        for each in cut.tolist()
    ]


def polygons_of(subject: Subject, buildings: BuildingFacts) -> Geometries:
    """Return the footprints in metres, valid."""
    footprints = np.array(subject.metric.project_geometries(buildings.geometry), dtype=object)
    for row in np.flatnonzero(~shapely.is_valid(footprints)):
        footprints[row] = surface(shapely.make_valid(footprints[row]))
    return footprints


def shared(subject: Subject, footprints: Geometries) -> list[tuple[int, list[int], Geometries]]:
    """Return the buildings that several cells share: building, cells, and the share of each."""
    building, cell = subject.tree.query(footprints, predicate="intersects")
    several = np.bincount(building, minlength=len(footprints))[building] > 1
    building, cell = building[several], cell[several]
    share = shapely.intersection(footprints[building], subject.shapes[cell])
    real = wider(share, subject.limits.beside_wall_m)
    building, cell, share = building[real], cell[real], share[real]
    order = np.lexsort((cell, building))
    building, cell, share = building[order], cell[order], share[order]
    several = np.bincount(building, minlength=len(footprints))[building] > 1
    return [
        (one, cell[rows].tolist(), share[rows])
        for one in np.unique(building[several]).tolist()
        for rows in [np.flatnonzero(building == one)]
    ]


def _between_doors(footprint: BaseGeometry, shares: Geometries, doors: Geometries) -> bool:
    if len(doors) < len(shares):
        return False
    origin, along = long_axis(footprint)
    places = np.sort((shapely.get_coordinates(doors) - origin) @ along)
    stretches = sorted(_stretch(share, origin, along) for share in shares)
    for start, end in stretches:
        if not np.any((places >= start) & (places <= end)):
            return False
    for (_, end), (start, _) in pairwise(stretches):
        if np.any((places > min(start, end)) & (places < max(start, end))):
            return False
    return True


def _stretch(share: BaseGeometry, origin: Floats, along: Floats) -> tuple[float, float]:
    places = (shapely.get_coordinates(surface(share)) - origin) @ along
    return float(places.min()), float(places.max())


def long_axis(footprint: BaseGeometry) -> tuple[Floats, Floats]:
    """Return a corner of the box around a building, and the unit vector along its longer side."""
    corners = shapely.get_coordinates(shapely.oriented_envelope(footprint))[:4]
    sides = corners[1:3] - corners[:2]
    side = sides[int(np.argmax(np.hypot(*sides.T)))]
    return corners[0], side / np.hypot(*side)


def _cut_line(footprint: BaseGeometry, shares: Geometries) -> BaseGeometry:
    """Return where shares of a building meet, else where they end inside it."""
    outlines = shapely.boundary(shares)
    one, other = np.triu_indices(len(shares), 1)
    common = shapely.union_all(shapely.intersection(outlines[one], outlines[other]))
    if shapely.length(common) > 0.0:
        return shapely.line_merge(common)
    return shapely.difference(shapely.union_all(outlines), shapely.buffer(shapely.boundary(footprint), 0.01))
