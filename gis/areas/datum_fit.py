"""Which datum a file is in: the one in which its borders and buildings lie where known streets and buildings are.

Offices draw boundaries over Amap (GCJ-02) or Baidu (BD-09) maps and seldom write it down; taken for WGS-84 they land 360 to
1,380 m off. Then borders run through buildings instead of along streets, and buildings lie over gardens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from gis.crs import Geometries, MetricCrs, from_wgs84, transform_datum
from gis.words import Datum

CANDIDATES = (Datum.WGS84, Datum.GCJ02, Datum.BD09)
"""CGCS2000 is WGS-84 to within decimetres: no file tells one from the other."""
STREET_M = 10.0
"""So near to the middle of a street a border runs along it."""
STEP_M = 5.0
MOST_SAMPLES = 20_000
CLEARLY, DOUBTFUL = 0.25, 0.12
"""By so much another datum must fit better than the stated one to be proposed, or to be mentioned."""


@dataclass(frozen=True, slots=True)
class DatumFit:
    """How well a file fits in each datum."""

    stated: Datum
    scores: Mapping[Datum, float]

    @property
    def best(self) -> Datum:
        """The datum that fits best; of equals the stated one."""
        return max(CANDIDATES, key=lambda datum: (self.scores[datum], datum is _plain(self.stated)))

    @property
    def margin(self) -> float:
        """By how much the best one fits better than the stated one."""
        return self.scores[self.best] - self.scores[_plain(self.stated)]

    @property
    def proposal(self) -> Datum | None:
        """The datum to use instead, None where the stated one does."""
        return self.best if self.margin >= CLEARLY else None


def propose_datum(
    shapes: Geometries,
    known_buildings: Geometries,
    known_streets: Geometries,
    metric: MetricCrs,
    *,
    stated: Datum = Datum.WGS84,
    are_buildings: bool = False,
) -> DatumFit:
    """Score the datums that a file may be in.

    The score of areas is the share of their borders along streets, less twice the share inside buildings; that of buildings
    is the share of their ground that known buildings cover. Outside China all are equal.

    Parameters
    ----------
    shapes
        Polygons of the file, EPSG:4326, taken to be in `stated` and changed from it.
    known_buildings, known_streets
        What is known around, EPSG:4326, a kilometre and a half farther than the file reaches.
    metric
        To measure in.
    stated
        What the file was taken to be in.
    are_buildings
        The file holds buildings, not areas.
    """
    raw = shapely.transform(
        shapely.force_2d(shapes),
        lambda at: np.column_stack(from_wgs84(at[:, 0].copy(), at[:, 1].copy(), stated)),
    )
    houses = shapely.make_valid(metric.project_geometries(known_buildings))
    streets = metric.project_geometries(known_streets)
    trees = shapely.STRtree(houses), shapely.STRtree(streets)
    scores = {}
    for datum in CANDIDATES:
        placed = metric.project_geometries(transform_datum(np.asarray(raw, dtype=object), datum))
        score = _covered(placed, trees[0]) if are_buildings else _along(placed, *trees)
        scores[datum] = round(score, 4)
    return DatumFit(stated, scores)


def _plain(datum: Datum) -> Datum:
    return Datum.WGS84 if datum is Datum.CGCS2000 else datum


def _along(shapes: Geometries, houses: shapely.STRtree, streets: shapely.STRtree) -> float:
    """Return the share of points of borders along streets, less twice those inside buildings."""
    borders = shapely.get_parts(shapely.boundary(shapes))
    length_m = shapely.length(borders)
    step_m = max(STEP_M, float(length_m.sum()) / MOST_SAMPLES)
    each = np.maximum((length_m / step_m).astype(np.int64), 1)
    line = np.arange(len(borders)).repeat(each)
    if len(line) == 0:
        return 0.0
    nth = np.arange(len(line)) - (np.cumsum(each) - each)[line]
    points = shapely.line_interpolate_point(borders[line], (nth + 0.5) / each[line], normalized=True)
    return _share(points, streets, STREET_M) - 2.0 * _share(points, houses, 0.0)


def _share(points: Geometries, tree: shapely.STRtree, within_m: float) -> float:
    if len(tree.geometries) == 0:
        return 0.0
    found, _ = tree.query(points, predicate="dwithin", distance=within_m)
    return len(np.unique(found)) / len(points)


def _covered(shapes: Geometries, houses: shapely.STRtree) -> float:
    """Return the share of the shapes' ground that buildings cover."""
    valid = shapely.make_valid(shapes)
    whole_m2 = float(shapely.area(valid).sum())
    if whole_m2 == 0.0 or len(houses.geometries) == 0:
        return 0.0
    mine, other = houses.query(valid, predicate="intersects")
    shared = shapely.intersection(valid[mine], np.asarray(houses.geometries)[other])
    return min(float(shapely.area(shared).sum()) / whole_m2, 1.0)
