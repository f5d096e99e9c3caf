"""Checks of a level's areas against one another: overlaps, gaps, borders that don't match."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.areas.checks.finding import Finding, Kind
from gis.areas.checks.subject import Subject, closed, polygons_in, surface, wider

NEAR_M = 0.001


def check_coverage(subject: Subject, outline: BaseGeometry | None) -> list[Finding]:
    """Return overlaps, gaps and mismatched borders.

    Parameters
    ----------
    subject
        A level that covers the community.
    outline
        What it has to cover, metres; None where that is not known: then only gaps between cells are found.
    """
    overlaps, places = find_overlaps(subject)
    gaps = gap_shapes(subject, outline)
    return [
        *overlaps,
        *(_gap(subject, gap) for gap in gaps),
        *(_apart(subject) if outline is None else ()),
        *_mismatches(subject, [*places, *gaps]),
    ]


def find_overlaps(subject: Subject) -> tuple[list[Finding], list[BaseGeometry]]:
    """Return one finding for each pair of areas that overlap, and where they do, metres."""
    if subject.covers:
        return [], []
    one, other = subject.tree.query(subject.shapes, predicate="intersects")
    once = one < other
    one, other = one[once], other[once]
    common = shapely.intersection(subject.shapes[one], subject.shapes[other])
    findings, places = [], []
    for pair in np.flatnonzero(shapely.area(common) > subject.limits.noise_m2).tolist():
        shape = surface(common[pair])
        places.append(shape)
        findings.append(subject.finding(Kind.OVERLAP, [int(one[pair]), int(other[pair])], shape=shape))
    return findings, places


def gap_shapes(subject: Subject, outline: BaseGeometry | None) -> list[BaseGeometry]:
    """Return where no cell is: every hole between cells, and what is missing at the outline.

    At the outline differences narrower than the precision are none: there two levels meet whose vertices differ.
    """
    parts = polygons_in([subject.whole])
    rings, owner = shapely.get_rings(parts, return_index=True)
    inner = rings[1:][owner[1:] == owner[:-1]]
    holes = np.asarray(shapely.polygons(inner), dtype=object)
    holes = holes[shapely.area(holes) > subject.limits.noise_m2]
    if outline is None:
        return [*holes, *_slits(subject)]
    shapely.prepare(outline)
    enclosed = shapely.covers(outline, holes)
    missing = polygons_in(
        [
            *shapely.intersection(holes[~enclosed], outline),
            shapely.difference(outline, _filled(subject.whole)),
        ]
    )
    missing = missing[shapely.area(missing) > subject.limits.noise_m2]
    return [*holes[enclosed], *missing[wider(missing, subject.limits.precision_m)]]


def _slits(subject: Subject) -> list[BaseGeometry]:
    """Return gaps between cells that are open at an end, where no outline says what is outside."""
    limits = subject.limits
    open_ended = shapely.difference(closed(subject.whole, limits.slit_m), _filled(subject.whole))
    parts = polygons_in([open_ended])
    parts = parts[(shapely.area(parts) > limits.noise_m2) & wider(parts, limits.precision_m)]
    return [part for part in parts if len(_beside(subject, part)) > 1]


def _filled(shape: BaseGeometry) -> BaseGeometry:
    """Return a shape without holes."""
    return shapely.union_all(shapely.polygons(shapely.get_exterior_ring(polygons_in([shape]))))


def _gap(subject: Subject, gap: BaseGeometry) -> Finding:
    return subject.finding(Kind.GAP, _beside(subject, gap), shape=gap)


def _apart(subject: Subject) -> list[Finding]:
    """Return groups of cells that touch the rest nowhere, where no outline says that this may be so."""
    parts = polygons_in([subject.whole])
    if len(parts) < 2:  # noqa: PLR2004
        return []
    largest = int(np.argmax(shapely.area(parts)))
    inner = shapely.point_on_surface(subject.shapes)
    part, cell = shapely.STRtree(inner).query(parts, predicate="contains")
    return [
        subject.finding(Kind.STRAY_PART, cell[part == each].tolist(), shape=parts[each])
        for each in np.unique(part[part != largest]).tolist()
    ]


def _beside(subject: Subject, gap: BaseGeometry) -> list[int]:
    """Return the cells that share a border with a gap, not those that touch it with a corner only."""
    around = shapely.buffer(gap, NEAR_M)
    near = subject.tree.query(around, predicate="intersects")
    shared = shapely.area(shapely.intersection(subject.shapes[near], around)) > NEAR_M * NEAR_M * 10.0
    found: list[int] = near[shared].tolist()
    return found


def _mismatches(subject: Subject, explained: list[BaseGeometry]) -> list[Finding]:
    """Return the borders whose neighbours have other vertices there, where no overlap or gap says so already."""
    if subject.covers:
        return []
    shapes = subject.shapes[subject.sound]
    edges = shapely.coverage_invalid_edges(shapes)
    lines, owner = shapely.get_parts(edges, return_index=True)
    lines, owner = lines[~shapely.is_empty(lines)], owner[~shapely.is_empty(lines)]
    if len(explained) and len(lines):
        near, _ = shapely.STRtree(explained).query(lines, predicate="dwithin", distance=NEAR_M)
        kept = np.setdiff1d(np.arange(len(lines)), near)
        lines, owner = lines[kept], owner[kept]
    return [
        subject.finding(
            Kind.MISMATCH,
            [int(subject.sound[row])],
            shape=shapely.line_merge(shapely.multilinestrings(lines[owner == row])),
            unit="m",
        )
        for row in np.unique(owner).tolist()
    ]
