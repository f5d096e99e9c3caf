"""Reports of any city: columns by their names, coordinates by where the streets are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely

from gis.crs import MetricCrs, to_wgs84
from gis.errors import InvalidInputError
from gis.flows.hotspots.streets_file import column_of
from gis.flows.table_files import read_pieces
from gis.hotspots.arrays import Flags, Floats, Integers
from gis.hotspots.streets import Streets
from gis.words import Datum

if TYPE_CHECKING:
    import pandas as pd

MARGIN, LEAST_MARGIN_M = 0.1, 500.0
"""Reports this far beyond the streets' bounds still belong to them: a part of their extent, and metres."""
MOST = 0.5
"""At least so many of the reports have to lie on the streets' ground for a reading of their coordinates to be right."""
NOT_AFTER_DAYS = 1.0
DAY_S = 86_400.0
WEB_MERCATOR = 3857
FALSE_EASTING_M = 500_000.0
USUAL = {
    "lon": ("lon", "lng", "longitude", "x", "经度"),
    "lat": ("lat", "latitude", "y", "纬度"),
    "time": (
        *("time", "date", "datetime", "created_at", "created", "opened_at", "requested_datetime"),
        *("dttime", "时间", "日期"),
    ),
    "category": ("category", "service_code", "type", "类别"),
}

Metres = tuple[Floats, Floats]


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns are called; empty: the first of the usual names that is there."""

    lon: str = ""
    lat: str = ""
    time: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Cases:
    """Reports with a position: metres, days, and a number for each category; and what was noticed about them.

    ``dated`` is False where the file tells no times: then every report is a thing of its own.
    """

    x: Floats
    y: Floats
    day: Floats
    category: Integers
    dated: bool
    rows: int
    noticed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """Where reports are to lie: the streets with their metric CRS, and what their coordinates are said to be in.

    ``srid`` 0: degrees, or whatever fits the streets.
    """

    streets: Streets
    metric: MetricCrs
    datum: Datum = Datum.WGS84
    srid: int = 0

    @property
    def streets_y(self) -> float:
        """Metres north of the streets' middle."""
        _, south, _, north = shapely.total_bounds(self.streets.lines)
        return float(south + north) / 2.0


def read_cases(path: Path, columns: Columns, ground: Ground) -> Cases:
    """Read reports; coordinates that are swapped or projected are noticed by where the streets are.

    Parameters
    ----------
    path
        CSV or Parquet.
    columns
        Their names.
    ground
        Where the streets are.

    Raises
    ------
    InvalidInputError
        ``columns_missing``, ``cases_none``, ``cases_elsewhere``, and those of ``read_pieces``.
    """
    frame, named = _read(path, columns)
    first, second = _numbers(frame, named.lon), _numbers(frame, named.lat)
    there = np.isfinite(first) & np.isfinite(second)
    noticed = [] if there.all() else [f"without_position:{int((~there).sum())}"]
    if not there.any():
        raise InvalidInputError(f"{path.name} holds no positions", code="cases_none", file=path.name)
    x, y, how = _placed((first, second), ground)
    noticed += [how] if how else []
    day, dated, strange = _days(frame, named.time)
    noticed += strange
    keep = there & np.isfinite(day)
    codes = (
        np.unique(frame[named.category].astype(str).to_numpy(), return_inverse=True)[1].reshape(-1)
        if named.category
        else np.zeros(len(frame), dtype=np.int64)
    )
    return Cases(x[keep], y[keep], day[keep], codes[keep].astype(np.int64), dated, len(frame), tuple(noticed))


def _read(path: Path, columns: Columns) -> tuple[pd.DataFrame, Columns]:
    import pandas as pd

    with closing(read_pieces(path)) as pieces:
        frames = [piece for piece, _done in pieces]
    if not frames or not sum(len(each) for each in frames):
        raise InvalidInputError(f"{path.name} holds no rows", code="cases_none", file=path.name)
    frame = pd.concat(frames, ignore_index=True)
    found = {
        field: column_of(frame, getattr(columns, field), USUAL[field])
        for field in ("lon", "lat", "time", "category")
    }
    missing = [
        getattr(columns, field) or field
        for field, name in found.items()
        if not name and _needed(columns, field)
    ]
    if missing:
        there = ", ".join(str(name) for name in frame.columns)
        raise InvalidInputError(
            f"no column {', '.join(missing)}; there are {there}",
            code="columns_missing",
            columns=", ".join(missing),
            found=there,
        )
    return frame, Columns(**found)


def _needed(columns: Columns, field: str) -> bool:
    return field in {"lon", "lat"} or bool(getattr(columns, field))


def _numbers(frame: pd.DataFrame, column: str) -> Floats:
    import pandas as pd

    return pd.to_numeric(frame[column], errors="coerce").to_numpy(np.float64, copy=True)


def _placed(frame: Metres, ground: Ground) -> tuple[Floats, Floats, str]:
    """Return metres, by the reading of the coordinates under which most reports lie where the streets are."""
    west, south, east, north = shapely.total_bounds(ground.streets.lines)
    margin = MARGIN * max(east - west, north - south) + LEAST_MARGIN_M
    there = np.isfinite(frame[0]) & np.isfinite(frame[1])
    for how, x, y in _readings(*frame, ground):
        inside: Flags = (
            (x > west - margin) & (x < east + margin) & (y > south - margin) & (y < north + margin)
        )
        if inside[there].mean() >= MOST:
            return x, y, how
    raise InvalidInputError(
        "most of the reports lie elsewhere than the streets: their coordinates are neither degrees, nor swapped, "
        "nor in a usual projection of the place",
        code="cases_elsewhere",
    )


def _readings(first: Floats, second: Floats, ground: Ground) -> Iterator[tuple[str, Floats, Floats]]:
    """Give the ways to read two columns of numbers, the plainest first."""
    if ground.srid:
        yield "", *_projected(first, second, ground.srid, ground.metric)
        return
    yield "", *_degrees(first, second, ground)
    yield "swapped", *_degrees(second, first, ground)
    lon, lat = ground.metric.unproject(FALSE_EASTING_M, float(ground.streets_y))
    utm = (32600 if lat >= 0.0 else 32700) + min(int((lon + 180.0) // 6.0) + 1, 60)
    for srid in (ground.metric.srid, utm, WEB_MERCATOR):
        yield f"projected:{srid}", *_projected(first, second, srid, ground.metric)
        yield f"projected_swapped:{srid}", *_projected(second, first, srid, ground.metric)


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


def _days(frame: pd.DataFrame, column: str) -> tuple[Floats, bool, list[str]]:
    """Return days since the first report; rows without a time, or later than tomorrow, get none."""
    import pandas as pd

    if not column:
        return np.zeros(len(frame)), False, ["without_times"]
    moment = pd.to_datetime(frame[column], errors="coerce", format="mixed", utc=True)
    future = moment > pd.Timestamp.now(tz="UTC") + pd.Timedelta(days=NOT_AFTER_DAYS)
    noticed = [f"time_unreadable:{int(moment.isna().sum())}"] if moment.isna().any() else []
    noticed += [f"in_the_future:{int(future.sum())}"] if future.any() else []
    moment = moment.where(~future)
    if future.any() and moment.isna().all():
        raise InvalidInputError("all reports lie in the future", code="cases_none", file=column)
    if moment.isna().all():
        return np.zeros(len(frame)), False, ["without_times"]
    day = np.asarray((moment - moment.min()).dt.total_seconds(), dtype=np.float64) / DAY_S
    return day, True, noticed
