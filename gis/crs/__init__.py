"""Datums and metric coordinates: the one place that turns one kind of coordinate into another.

Stored geometry is WGS-84 (EPSG:4326), in degrees, longitude first. Positions come in through `parse_position`; every
length, area and distance is computed by a `MetricCrs`.
"""

from gis.crs.datums import Floats, Geometries, from_wgs84, parse_datum, to_wgs84, transform_datum
from gis.crs.metric import MetricCrs, choose_metric_srid, geodesic_m, metric_crs, parse_srid
from gis.crs.positions import parse_position

__all__ = [
    "Floats",
    "Geometries",
    "MetricCrs",
    "choose_metric_srid",
    "from_wgs84",
    "geodesic_m",
    "metric_crs",
    "parse_datum",
    "parse_position",
    "parse_srid",
    "to_wgs84",
    "transform_datum",
]
