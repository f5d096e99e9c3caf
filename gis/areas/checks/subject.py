"""What is checked: one level of areas in degrees and in metres, with what the checks share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from gis.areas.checks.finding import Finding, Kind, severity_of
from gis.areas.columns import AreaRows
from gis.crs import MetricCrs
from gis.words import Level

Geometries = npt.NDArray[np.object_]
Integers = npt.NDArray[np.int64]
POLYGONAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
HALF_TURN = 180.0


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on a fault is one."""

    noise_m2: float = 1e-4
    """Overlaps and gaps between cells are listed from a square centimetre on."""
    precision_m: float = 0.02
    """Borders of two levels this near to each other are the same: seven decimals of a degree are a centimetre."""
    sliver_m: float = 2.0
    """A cell nowhere wider than this can't be meant."""
    slit_m: float = 0.5
    """Where no outline is known, what is narrower between two cells at the outside is a gap."""
    beside_wall_m: float = 0.5
    """Borders are drawn a little beside walls: what reaches less far into a building doesn't cut it."""
    vertices: int = 20_000
    """A ring with more is slow to draw."""


@dataclass(frozen=True, slots=True)
class BuildingFacts:
    """Buildings with their stairwells; EPSG:4326."""

    id: list[str]
    geometry: Geometries
    stairwells: Geometries = field(default_factory=lambda: np.empty(0, dtype=object))
    stairwell_building: Integers = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def __len__(self) -> int:
        return len(self.id)


class Subject:
    """One level of areas as all checks see it.

    Parameters
    ----------
    rows
        The areas; EPSG:4326.
    metric
        The community's metric coordinates.
    limits
        From where on a fault is one.
    """

    def __init__(self, rows: AreaRows, metric: MetricCrs, limits: Limits) -> None:
        self.rows = rows
        self.metric = metric
        self.limits = limits
        self.sound = sound_rows(rows.geometry)

    @property
    def level(self) -> Level:
        """Which level it is."""
        return self.rows.level

    @cached_property
    def shapes(self) -> Geometries:
        """The areas in metres, made valid; empty where there is nothing that could be measured."""
        shapes = np.full(len(self.rows), shapely.Polygon(), dtype=object)
        shapes[self.sound] = polygonal(self.metric.project_geometries(self.rows.geometry[self.sound]))
        return shapes

    @cached_property
    def covers(self) -> bool:
        """Whether neighbours share their borders exactly, without overlaps, in the very coordinates that are kept."""
        stored = self.rows.geometry[self.sound]
        return bool(
            np.all(shapely.is_valid(stored))
            and shapely.coverage_is_valid(stored)
            and shapely.coverage_is_valid(self.shapes[self.sound])
        )

    @cached_property
    def whole(self) -> BaseGeometry:
        """The union of the areas, metres."""
        return _union(self.shapes, covers=self.covers)

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Finds areas by place, metres."""
        return shapely.STRtree(self.shapes)

    def finding(
        self,
        kind: Kind,
        rows: Iterable[int] = (),
        *,
        shape: BaseGeometry | None = None,
        size: float | None = None,
        unit: str = "m2",
        features: tuple[str, ...] | None = None,
        note: str = "",
    ) -> Finding:
        """Return a finding about areas of this level.

        Parameters
        ----------
        kind
            What it is.
        rows
            Areas concerned.
        shape
            Where it is, metres; its area, or length, is the size unless one is given.
        size, unit
            The size; none without a shape.
        features
            Identifiers, if other than the rows.
        note
            As in the finding.
        """
        which = sorted(rows)
        named = features if features is not None else tuple(str(row + 1) for row in which)
        codes = tuple(self.rows.code[row] for row in which)
        severity = severity_of(kind, self.level)
        if shape is None or shapely.is_empty(shape):
            return Finding(
                kind,
                severity,
                self.level,
                codes,
                named,
                size=size or 0.0,
                unit=unit if size else "",
                note=note,
            )
        inner = shapely.point_on_surface(shape)
        lon, lat = self.metric.unproject(float(shapely.get_x(inner)), float(shapely.get_y(inner)))
        drawn = self.metric.unproject_geometries(np.array([shape], dtype=object))[0]
        if size is None:
            size = float(shapely.length(shape) if unit == "m" else shapely.area(shape))
        wide = width_m(shape) if unit == "m2" else 0.0
        return Finding(kind, severity, self.level, codes, named, lon, lat, drawn, size, unit, wide, note)


def sound_rows(geometry: Geometries) -> Integers:
    """Return the rows whose shapes are polygons with coordinates in degrees that don't reach around the world."""
    west, south, east, north = shapely.bounds(geometry).T
    with np.errstate(invalid="ignore"):
        known = (np.maximum(-west, east) <= HALF_TURN) & (np.maximum(-south, north) <= HALF_TURN / 2.0)
        known &= east - west < HALF_TURN
    return np.flatnonzero(known & np.isin(shapely.get_type_id(geometry), POLYGONAL)).astype(np.int64)


def polygonal(shapes: Geometries) -> Geometries:
    """Return shapes made valid, of polygons only."""
    found = np.array(shapes, dtype=object)
    for row in np.flatnonzero(~shapely.is_valid(found)):
        found[row] = surface(shapely.make_valid(found[row], method="structure"))
    return found


def surface(shape: BaseGeometry) -> BaseGeometry:
    """Return the polygons of a shape that may hold lines and points too."""
    if shapely.get_type_id(shape) in POLYGONAL:
        return shape
    parts = shapely.get_parts(shapely.get_parts(shape))
    kept = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return shapely.union_all(kept) if len(kept) else shapely.Polygon()


def width_m(shape: BaseGeometry) -> float:
    """Return how wide a shape is where it is widest, metres, within an eighth; a long sliver is as wide as it is thin."""
    parts = shapely.get_parts(surface(shape))
    parts = parts[shapely.area(parts) > 0.0]
    if len(parts) == 0:
        return 0.0
    # the inscribed circle is at least as wide as the mean width, 2 A / P
    exact = np.maximum(0.5 * shapely.area(parts) / shapely.length(parts), 1e-6)
    return 2.0 * float(shapely.length(shapely.maximum_inscribed_circle(parts, tolerance=exact)).max())


def wider(shapes: Geometries, than_m: float) -> npt.NDArray[np.bool_]:
    """Tell which shapes are wider than that somewhere."""
    return np.asarray(~shapely.is_empty(shapely.buffer(shapes, -than_m / 2.0, quad_segs=2)))


def closed(shape: BaseGeometry, width_m: float) -> BaseGeometry:
    """Return a shape with slits closed that are open at an end and narrower than a width."""
    grown = shapely.buffer(shape, width_m / 2.0, join_style="mitre")
    shrunk: BaseGeometry = shapely.buffer(grown, -width_m / 2.0, join_style="mitre")
    return shrunk


def polygons_in(shapes: Iterable[BaseGeometry]) -> Geometries:
    """Return the polygons of which shapes consist, one by one."""
    parts = shapely.get_parts(np.array([surface(shape) for shape in shapes], dtype=object))
    return np.asarray(parts[~shapely.is_empty(parts)], dtype=object)


def _union(shapes: Geometries, *, covers: bool) -> BaseGeometry:
    filled = shapes[~shapely.is_empty(shapes)]
    if len(filled) == 0:
        return shapely.MultiPolygon()
    return shapely.coverage_union_all(filled) if covers else shapely.union_all(filled)
