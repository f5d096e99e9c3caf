"""Coordinate systems of answers: by their URIs, with the order of axes that the register gives them."""

from __future__ import annotations

from functools import lru_cache

import pyproj

from gis.errors import InvalidInputError
from gis.store.feature_reading import Crs

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
OFFERED = (4326, 4490, 4549, 3857)
_CRS84 = Crs(CRS84, 4326, swapped=False, digits=7)
_SHORT = ("http://www.opengis.net/def/crs/EPSG//", "urn:ogc:def:crs:EPSG::", "EPSG:")


def offered(metric_srid: int) -> list[str]:
    """Return the URIs of a community's coordinate systems, the default first.

    Parameters
    ----------
    metric_srid
        Its own projection.
    """
    return [CRS84, *(f"{EPSG}{srid}" for srid in dict.fromkeys((*OFFERED, metric_srid)))]


def parse_crs(given: str | None, name: str, metric_srid: int) -> Crs:
    """Return a coordinate system by its URI, or the default.

    Parameters
    ----------
    given, name
        What was sent, in which parameter.
    metric_srid
        The community's own projection.

    Raises
    ------
    InvalidInputError
        ``crs_unknown``.
    """
    if not given or given in (CRS84, "urn:ogc:def:crs:OGC:1.3:CRS84", "OGC:CRS84"):
        return _CRS84
    uri = next((f"{EPSG}{given[len(short) :]}" for short in _SHORT if given.startswith(short)), given)
    known = offered(metric_srid)
    if uri not in known:
        raise InvalidInputError(
            "not one of this collection's", code="crs_unknown", field=name, expected=", ".join(known)
        )
    return _by_number(int(uri.removeprefix(EPSG)))


@lru_cache(maxsize=32)
def _by_number(srid: int) -> Crs:
    crs = pyproj.CRS.from_epsg(srid)
    swapped = crs.axis_info[0].direction.lower() in ("north", "south")
    return Crs(f"{EPSG}{srid}", srid, swapped=swapped, digits=3 if crs.is_projected else 7)
