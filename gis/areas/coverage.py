"""Check that areas cover a community: valid, without gaps, overlaps or stray parts, one level inside the next.

Files carry centimetres of rounding. What is narrower than `TOLERANCE_M` is taken for that and closed by `tidy`, which
never moves a border by more; what is wider is a fault, and a version with one is not published.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from gis.areas.columns import AreaRows
from gis.crs import MetricCrs

Geometries = npt.NDArray[np.object_]

TOLERANCE_M = 0.2


class Fault(StrEnum):
    """What can be wrong with areas."""

    INVALID = "area_invalid"
    OVERLAP = "area_overlap"
    GAP = "area_gap"
    NOT_NESTED = "area_not_nested"
    NO_PARENT = "area_no_parent"
    STRAY_PART = "area_stray_part"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, with its place (EPSG:4326) and size."""

    fault: Fault
    level: str
    codes: tuple[str, ...]
    lon: float
    lat: float
    size_m2: float
    width_m: float
    detail: str


def check_coverage(
    cells: AreaRows, metric: MetricCrs, within: AreaRows | None = None, *, covering: bool = True
) -> list[Finding]:
    """Return what is wrong with a level of areas, the largest faults first; an empty list lets it be published.

    Parameters
    ----------
    cells
        The areas of one level; EPSG:4326.
    metric
        The community's metric coordinates.
    within
        The level above: every cell lies in its parent (by `parent_code`, else in any), and all cells cover it.
    covering
        False for courtyards, which cover nothing: they only must be valid and apart from one another.
    """
    shapes = metric.project_geometries(cells.geometry)
    findings = _invalid(cells, shapes, metric)
    if findings:
        return findings  # nothing else can be said of shapes that aren't any
    findings = _overlaps(cells, shapes, metric)
    if not covering:
        return findings
    findings += _stray_parts(cells, shapes, metric)
    whole = shapely.union_all(shapes, grid_size=0.001)
    if within is None:
        findings += _holes(cells, whole, metric)
    else:
        above = metric.project_geometries(within.geometry)
        findings += _nesting(cells, shapes, within, above, metric=metric)
        findings += _uncovered(cells, whole, shapely.union_all(above, grid_size=0.001), metric)
    return sorted(findings, key=lambda each: -each.size_m2)


def width_m(shape: Any) -> float:
    """Return how wide a shape is where it is widest, metres; a long sliver is as wide as it is thin."""
    if shapely.area(shape) <= 0.0:
        return 0.0
    return 2.0 * float(shapely.length(shapely.maximum_inscribed_circle(shape, 0.02)))


def _finding(
    fault: Fault, cells: AreaRows, rows: list[int], shape: BaseGeometry, metric: MetricCrs
) -> Finding:
    point = shapely.point_on_surface(shape)
    lon, lat = metric.unproject(float(shapely.get_x(point)), float(shapely.get_y(point)))
    codes = tuple(cells.code[row] for row in rows)
    size, width = float(shapely.area(shape)), width_m(shape)
    where = f"at {lon:.6f},{lat:.6f}, {size:.1f} m2, {width:.1f} m wide"
    detail = f"{cells.level} {' and '.join(codes) or '-'}: {fault.value.removeprefix('area_').replace('_', ' ')} {where}"
    return Finding(fault, cells.level.value, codes, lon, lat, size, width, detail)


def _invalid(cells: AreaRows, shapes: Geometries, metric: MetricCrs) -> list[Finding]:
    findings = []
    for row in np.flatnonzero(~shapely.is_valid(shapes)).tolist():
        # no reason names a coordinate in degrees: these are metres
        reason = str(shapely.is_valid_reason(shapes[row])).split("[")[0].strip()
        at = shapely.get_point(shapely.get_exterior_ring(shapely.get_geometry(shapes[row], 0)), 0)
        lon, lat = metric.unproject(float(shapely.get_x(at)), float(shapely.get_y(at)))
        code = cells.code[row]
        detail = f"{cells.level} {code}: {reason}"
        size = float(shapely.area(shapely.make_valid(shapes[row])))
        findings.append(Finding(Fault.INVALID, cells.level.value, (code,), lon, lat, size, 0.0, detail))
    return findings


def _overlaps(cells: AreaRows, shapes: Geometries, metric: MetricCrs) -> list[Finding]:
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    first = one < other
    one, other = one[first], other[first]
    common = shapely.intersection(shapes[one], shapes[other])
    findings = []
    for pair in np.flatnonzero(shapely.area(common) > 0.0).tolist():
        shape = _surface(common[pair])
        if width_m(shape) > TOLERANCE_M:
            rows = [int(one[pair]), int(other[pair])]
            findings.append(_finding(Fault.OVERLAP, cells, rows, shape, metric))
    return findings


def _surface(shape: BaseGeometry) -> BaseGeometry:
    """Return the polygons of a shape that also has lines and points."""
    parts = shapely.get_parts(shape)
    return shapely.union_all(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])


def _stray_parts(cells: AreaRows, shapes: Geometries, metric: MetricCrs) -> list[Finding]:
    """Return parts of micro-grids that are apart from the rest: a micro-grid is one piece."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    largest = np.zeros(len(shapes))
    np.maximum.at(largest, owner, shapely.area(parts))
    stray = np.flatnonzero(shapely.area(parts) < largest[owner]).tolist()
    return [
        _finding(Fault.STRAY_PART, cells, [int(owner[part])], parts[part], metric)
        for part in stray
        if width_m(parts[part]) > TOLERANCE_M
    ]


def _holes(cells: AreaRows, whole: BaseGeometry, metric: MetricCrs) -> list[Finding]:
    """Return holes in what the cells cover, and parts that don't touch the rest."""
    parts = shapely.get_parts(shapely.buffer(whole, TOLERANCE_M / 2.0, join_style="mitre"))
    gaps = [shapely.Polygon(ring) for part in parts for ring in part.interiors]
    findings = [
        _finding(Fault.GAP, cells, [], gap, metric) for gap in gaps if width_m(gap) > TOLERANCE_M / 2.0
    ]
    for part in sorted(parts, key=shapely.area)[:-1]:
        inner = shapely.point_on_surface(metric.project_geometries(cells.geometry))
        rows = np.flatnonzero(shapely.intersects(part, inner)).tolist()
        findings.append(_finding(Fault.STRAY_PART, cells, rows, part, metric))
    return findings


def _uncovered(cells: AreaRows, whole: BaseGeometry, above: BaseGeometry, metric: MetricCrs) -> list[Finding]:
    gaps = shapely.get_parts(shapely.difference(above, whole, grid_size=0.001))
    return [_finding(Fault.GAP, cells, [], gap, metric) for gap in gaps if width_m(gap) > TOLERANCE_M]


def _nesting(
    cells: AreaRows, shapes: Geometries, within: AreaRows, above: Geometries, *, metric: MetricCrs
) -> list[Finding]:
    rows = {code: row for row, code in enumerate(within.code)}
    whole = shapely.union_all(above, grid_size=0.001)
    findings = []
    for row, parent in enumerate(cells.parent_code):
        if parent is not None and parent not in rows:
            findings.append(_finding(Fault.NO_PARENT, cells, [row], shapes[row], metric))
            continue
        holder = whole if parent is None else above[rows[parent]]
        parts = shapely.get_parts(shapely.difference(shapes[row], holder, grid_size=0.001))
        findings += [
            _finding(Fault.NOT_NESTED, cells, [row], part, metric)
            for part in parts
            if width_m(part) > TOLERANCE_M
        ]
    return findings


def tidy(shapes: Geometries, metric: MetricCrs) -> Geometries:
    """Return areas whose shared borders are exactly the same, closing gaps and overlaps of rounding; EPSG:4326.

    A valid coverage comes back as it is. Only areas that `check_coverage` finds no fault with may be given.
    """
    projected = metric.project_geometries(shapes)
    if shapely.coverage_is_valid(projected, gap_width=TOLERANCE_M):
        return shapes
    clean = shapely.coverage_clean(  # type: ignore[attr-defined] # newer than its stubs
        projected, snapping_distance=TOLERANCE_M, gap_width=TOLERANCE_M
    )
    return metric.unproject_geometries(np.asarray(clean, dtype=object))
