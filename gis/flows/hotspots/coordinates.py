"""Two columns of numbers as places: degrees, swapped, or any projection of the country, by where the streets are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely

from gis.crs import MetricCrs, to_wgs84
from gis.errors import InvalidInputError
from gis.hotspots.arrays import Flags, Floats
from gis.hotspots.streets import Streets
from gis.words import Datum

if TYPE_CHECKING:
    import pandas as pd

MARGIN, LEAST_MARGIN_M = 0.1, 500.0
"""Reports this far beyond the streets' bounds still belong to them: a part of their extent, and metres."""
MOST = 0.5
"""At least so many of the reports have to lie on the streets' ground for a reading of their coordinates to be right."""
SAMPLE = 400
"""So many reports decide between projections."""
NEAR_M = 15.0
"""Reports half of which lie so near to a street are read rightly: no other projection is looked for."""
CLEARLY_M = 2.0
"""A projection that is less usual must bring reports nearer to the streets by this."""
FULL_TURN_DEG = 360.0
WEB_MERCATOR = 3857
FALSE_EASTING_M = 500_000.0
_SPREADSHEET = r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?"
_COMMA = r"-?\d+,\d+"
_PAIR = r"(-?\d+(?:\.\d+)?)[\s,;]+(-?\d+(?:\.\d+)?)\s*[)\]]*\s*$"

Metres = tuple[Floats, Floats]


@dataclass(frozen=True)
class Ground:
    """Where reports are to lie: the streets with their metric CRS, and what their coordinates are said to be in.

    ``srid`` 0: degrees, or whatever fits the streets.
    """

    streets: Streets
    metric: MetricCrs
    datum: Datum = Datum.WGS84
    srid: int = 0

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The streets, to find the nearest."""
        return shapely.STRtree(self.streets.lines)

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the streets with a margin, metres."""
        west, south, east, north = (float(one) for one in shapely.total_bounds(self.streets.lines))
        margin = MARGIN * max(east - west, north - south) + LEAST_MARGIN_M
        return west - margin, south - margin, east + margin, north + margin

    @property
    def middle(self) -> tuple[float, float]:
        """Longitude and latitude of the middle of the bounds."""
        west, south, east, north = self.bounds
        lon, lat = self.metric.unproject((west + east) / 2.0, (south + north) / 2.0)
        return float(lon), float(lat)

    def share_inside(self, x: Floats, y: Floats) -> float:
        """Return how many of some places lie inside the bounds, 0 to 1."""
        west, south, east, north = self.bounds
        inside: Flags = (x > west) & (x < east) & (y > south) & (y < north)
        return float(inside.mean()) if len(inside) else 0.0

    def usual_distance_m(self, x: Floats, y: Floats) -> float:
        """Return the median distance of places to the nearest street."""
        there = np.isfinite(x) & np.isfinite(y)
        if not there.any():
            return np.inf
        at = shapely.points(x[there], y[there])
        _, distance_m = self.tree.query_nearest(at, return_distance=True, all_matches=False)
        return float(np.median(distance_m))


def numbers_of(cells: pd.Series) -> Floats:
    """Return numbers as they are written, 41,789 and 4,627,345.5 and 41.789° too; NaN where there is none."""
    import pandas as pd

    number = pd.to_numeric(cells, errors="coerce")
    strange = number.isna()
    if strange.any():
        text = cells[strange].astype(str).str.normalize("NFKC").str.strip(" °'\"ENenSWsw")
        text = text.where(~text.str.fullmatch(_SPREADSHEET), text.str.replace(",", "", regex=False))
        text = text.where(~text.str.fullmatch(_COMMA), text.str.replace(",", ".", regex=False))
        number = number.astype("float64")
        number[strange] = pd.to_numeric(text, errors="coerce")
    return number.to_numpy(np.float64, copy=True)


def pair_of(cells: pd.Series) -> Metres:
    """Return the two numbers that a cell ends with: POINT (123.4 41.8), (41.8, 123.4)."""
    found = cells.astype(str).str.normalize("NFKC").str.extract(_PAIR)
    return numbers_of(found[0]), numbers_of(found[1])


def placed(first: Floats, second: Floats, ground: Ground) -> tuple[Floats, Floats, str]:
    """Return metres, by the reading of two columns under which reports lie where the streets are.

    Parameters
    ----------
    first, second
        What is called longitude and latitude.
    ground
        Where the streets are.

    Returns
    -------
    tuple
        Metres east and north; and what was noticed: empty for what was to be expected, else ``swapped``,
        ``projected:EPSG`` or ``projected_swapped:EPSG``.

    Raises
    ------
    InvalidInputError
        ``cases_elsewhere``.
    """
    if ground.srid:
        x, y = _projected(first, second, ground.srid, ground.metric)
        return *_checked(x, y, ground), ""
    for how, lon, lat in (("", first, second), ("swapped", second, first)):
        x, y = _degrees(lon, lat, ground)
        if _fits(x, y, ground):
            return x, y, how
    best = _best_projection(first, second, ground)
    if best is None:
        return *_checked(np.full(len(first), np.nan), np.full(len(first), np.nan), ground), ""
    srid, swapped = best
    x, y = _projected(*((second, first) if swapped else (first, second)), srid, ground.metric)
    return x, y, f"{'projected_swapped' if swapped else 'projected'}:{srid}"


def _fits(x: Floats, y: Floats, ground: Ground) -> bool:
    there = np.isfinite(x)
    return bool(there.any()) and ground.share_inside(x, y) >= MOST


def _checked(x: Floats, y: Floats, ground: Ground) -> Metres:
    if _fits(x, y, ground):
        return x, y
    raise InvalidInputError(
        "most of the reports lie elsewhere than the streets: their coordinates are neither degrees, nor swapped, "
        "nor in a projection of the place",
        code="cases_elsewhere",
    )


def _best_projection(first: Floats, second: Floats, ground: Ground) -> tuple[int, bool] | None:
    """Return the projection, and whether its axes are swapped, under which reports lie nearest to the streets."""
    some = np.linspace(0, len(first) - 1, min(SAMPLE, len(first))).astype(np.int64)
    some = np.unique(some)
    if (np.abs(first[some]) <= FULL_TURN_DEG).mean() > MOST and (
        np.abs(second[some]) <= FULL_TURN_DEG
    ).mean() > MOST:
        return None  # degrees of somewhere else
    best, least = None, np.inf
    for candidates in (_usual(ground), _of_the_country(ground)):
        for srid in candidates:
            for swapped in (False, True):
                pair = (second[some], first[some]) if swapped else (first[some], second[some])
                try:
                    x, y = _projected(*pair, srid, ground.metric)
                except pyproj.exceptions.ProjError:  # made for something else than maps
                    break
                if not _fits(x, y, ground):
                    continue
                distance_m = ground.usual_distance_m(x, y)
                if distance_m < least - CLEARLY_M:
                    best, least = (srid, swapped), distance_m
        if least <= NEAR_M:
            break
    return best


def _usual(ground: Ground) -> Iterator[int]:
    """Give the projections that are tried first: ours, the UTM zone, the one of maps in browsers."""
    lon, lat = ground.middle
    yield ground.metric.srid
    yield (32600 if lat >= 0.0 else 32700) + min(int((lon + 180.0) // 6.0) + 1, 60)
    yield WEB_MERCATOR


def _of_the_country(ground: Ground) -> Iterator[int]:
    """Give all projections that are made for the place, in metres or feet."""
    lon, lat = ground.middle
    here = pyproj.aoi.AreaOfInterest(lon - 1e-4, lat - 1e-4, lon + 1e-4, lat + 1e-4)
    kinds = [pyproj.enums.PJType.PROJECTED_CRS]
    for one in pyproj.database.query_crs_info("EPSG", kinds, area_of_interest=here, contains=True):
        yield int(one.code)


def _degrees(lon: Floats, lat: Floats, ground: Ground) -> Metres:
    sane = (np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0)  # noqa: PLR2004
    x, y = np.full(len(lon), np.nan), np.full(len(lon), np.nan)
    if sane.any():
        x[sane], y[sane] = ground.metric.project(*to_wgs84(lon[sane], lat[sane], ground.datum))
    return x, y


def _projected(first: Floats, second: Floats, srid: int, metric: MetricCrs) -> Metres:
    to = pyproj.Transformer.from_crs(srid, metric.srid, always_xy=True)
    x, y = to.transform(first, second)
    return np.asarray(x), np.asarray(y)
