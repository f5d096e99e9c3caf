"""Metres: every length, area and distance is computed in the metric coordinate system of its community."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, overload

import numpy as np
import pyproj
import shapely

from gis.crs.datums import Floats, Geometries
from gis.crs.positions import MAINLAND_LAT, MAINLAND_LON
from gis.errors import InvalidInputError

# CGCS2000 / 3-degree Gauss-Kruger, by central meridian: EPSG:4534 is 75 E, EPSG:4550 is 123 E, EPSG:4554 is 135 E.
GAUSS_KRUGER_FIRST = 4534
GAUSS_KRUGER_MERIDIANS_DEG = (75, 135)


class MetricCrs:
    """A projected coordinate system in metres, in which a community measures.

    Parameters
    ----------
    srid
        EPSG number of the projection; use `metric_crs`, which keeps one object for each.
    """

    def __init__(self, srid: int) -> None:
        self.srid = srid
        try:
            crs = pyproj.CRS.from_epsg(srid)
        except pyproj.exceptions.CRSError as error:
            raise InvalidInputError(
                f"EPSG:{srid} is no known coordinate system", code="metric_crs_unknown", crs=f"EPSG:{srid}"
            ) from error
        if not crs.is_projected or any(axis.unit_name != "metre" for axis in crs.axis_info):
            raise InvalidInputError(
                f"EPSG:{srid} ({crs.name}) does not measure in metres",
                code="metric_crs_not_metric",
                crs=f"EPSG:{srid}",
            )
        self._forward = pyproj.Transformer.from_crs(4326, crs, always_xy=True).transform
        self._back = pyproj.Transformer.from_crs(crs, 4326, always_xy=True).transform

    @overload
    def project(self, lon: float, lat: float) -> tuple[float, float]: ...
    @overload
    def project(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]: ...
    def project(self, lon: Any, lat: Any) -> tuple[Any, Any]:
        """Return metres east and north for WGS-84 degrees."""
        x, y = self._forward(lon, lat)
        return x, y

    @overload
    def unproject(self, x: float, y: float) -> tuple[float, float]: ...
    @overload
    def unproject(self, x: Floats, y: Floats) -> tuple[Floats, Floats]: ...
    def unproject(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Return WGS-84 degrees for metres east and north."""
        lon, lat = self._back(x, y)
        return lon, lat

    def project_geometries(self, geometries: Geometries) -> Geometries:
        """Return WGS-84 geometries in metres."""
        return np.asarray(
            shapely.transform(
                geometries, lambda c: np.column_stack(self._forward(c[:, 0].copy(), c[:, 1].copy()))
            )
        )

    def unproject_geometries(self, geometries: Geometries) -> Geometries:
        """Return geometries in metres as WGS-84."""
        return np.asarray(
            shapely.transform(
                geometries, lambda c: np.column_stack(self._back(c[:, 0].copy(), c[:, 1].copy()))
            )
        )


@lru_cache(maxsize=64)
def metric_crs(srid: int) -> MetricCrs:
    """Return the metric coordinate system with that EPSG number, always the same object."""
    return MetricCrs(srid)


def parse_srid(text: str | int) -> int:
    """Return the number of ``EPSG:4550`` or ``4550``; raises ``metric_crs_unknown``."""
    number = str(text).strip().upper().removeprefix("EPSG:")
    if not number.isdigit():
        raise InvalidInputError(f"{text!r} is no EPSG code", code="metric_crs_unknown", crs=str(text))
    return metric_crs(int(number)).srid


def choose_metric_srid(lon: float, lat: float) -> int:
    """Return the EPSG number of the projection to measure in around a WGS-84 position.

    In China the CGCS2000 3-degree Gauss-Kruger zone whose central meridian is nearest (123 E: EPSG:4550); elsewhere the
    WGS-84 UTM zone. Both keep lengths within 0.04% inside their zone.
    """
    first, last = GAUSS_KRUGER_MERIDIANS_DEG
    mainland = MAINLAND_LON[0] <= lon <= MAINLAND_LON[1] and MAINLAND_LAT[0] <= lat <= MAINLAND_LAT[1]
    if mainland:
        meridian = min(max(round(lon / 3.0) * 3, first), last)
        return GAUSS_KRUGER_FIRST + (meridian - first) // 3
    zone = min(int((lon + 180.0) // 6.0) + 1, 60)
    return (32600 if lat >= 0.0 else 32700) + zone


def geodesic_m(from_lon: float, from_lat: float, to_lon: float, to_lat: float) -> float:
    """Return how far two places anywhere are apart, along the ellipsoid of WGS 84, metres.

    Parameters
    ----------
    from_lon, from_lat, to_lon, to_lat
        Degrees, EPSG:4326.
    """
    return float(pyproj.Geod(ellps="WGS84").inv(from_lon, from_lat, to_lon, to_lat)[2])
