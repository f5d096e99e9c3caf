"""Reports of any city: columns by their names, coordinates by where the streets are, moments however they are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gis.errors import InvalidInputError
from gis.flows.hotspots.coordinates import Ground, Metres, numbers_of, pair_of, placed
from gis.flows.hotspots.report_times import moments_of
from gis.flows.hotspots.reports_table import read_reports
from gis.flows.hotspots.streets_file import named_column
from gis.hotspots.arrays import Flags, Floats, Integers

if TYPE_CHECKING:
    import pandas as pd

NOT_AFTER_DAYS = 1.0
DAY_S = 86_400.0
USUAL = {
    "lon": (
        *("lon", "lng", "long", "longitude", "x", "x_coord", "x_coordinate", "coord_x", "point_x", "gps_x"),
        *("easting", "gps_lon", "经度"),
    ),
    "lat": (
        *(
            "lat",
            "latitude",
            "y",
            "y_coord",
            "y_coordinate",
            "coord_y",
            "point_y",
            "gps_y",
            "northing",
            "gps_lat",
        ),
        "纬度",
    ),
    "both": (
        *("location", "point", "geometry", "geom", "the_geom", "wkt", "coordinates", "position", "latlon"),
        *("坐标", "经纬度", "位置"),
    ),
    "time": (
        *("time", "date", "datetime", "timestamp", "created_at", "created", "created_date", "opened_at"),
        *("requested_datetime", "dttime", "report_date", "reported", "open_date", "时间", "日期", "上报时间"),
    ),
    "category": ("category", "service_code", "service_name", "type", "类别"),
}


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
        ``columns_missing``, ``cases_none``, ``cases_elsewhere``, and those of ``read_reports``.
    """
    found: dict[str, str] = {}

    def choose(names: Sequence[str]) -> Sequence[str]:
        found.update(_chosen(names, columns))
        return [name for name in dict.fromkeys(found.values()) if name]

    frame = read_reports(path, choose)
    if not len(frame):
        raise InvalidInputError(f"{path.name} holds no rows", code="cases_none", file=path.name)
    first, second = _pair(frame, found)
    there = _stated(first, second)
    noticed = [] if there.all() else [f"without_position:{int((~there).sum())}"]
    if not there.any():
        raise InvalidInputError(f"{path.name} holds no positions", code="cases_none", file=path.name)
    day, dated, strange = _days(frame, found["time"])
    x, y, how = placed(first[there], second[there], ground)
    noticed += [how] if how else []
    keep = np.isfinite(day[there]) & np.isfinite(x) & np.isfinite(y)
    codes = _codes(frame, found["category"])[there]
    return Cases(x[keep], y[keep], day[there][keep], codes[keep], dated, len(frame), tuple(noticed + strange))


def _chosen(names: Sequence[str], columns: Columns) -> dict[str, str]:
    """Return the column of each field, empty where there is none; a column with both coordinates stands for two."""
    found = {
        field: named_column(names, getattr(columns, field), USUAL[field])
        for field in ("lon", "lat", "time", "category")
    }
    found["both"] = ""
    if not (found["lon"] and found["lat"]) and not (columns.lon or columns.lat):
        found["both"] = named_column(names, "", USUAL["both"])
    if found["both"]:
        found |= {"lon": "", "lat": ""}
        return found
    missing = [
        getattr(columns, field) or field
        for field in ("lon", "lat", "time", "category")
        if not found[field] and (field in {"lon", "lat"} or getattr(columns, field))
    ]
    if missing:
        there = ", ".join(names)
        raise InvalidInputError(
            f"no column {', '.join(missing)}; there are {there}",
            code="columns_missing",
            columns=", ".join(missing),
            found=there,
        )
    return found


def _pair(frame: pd.DataFrame, found: dict[str, str]) -> Metres:
    if found["both"]:
        return pair_of(frame[found["both"]])
    return numbers_of(frame[found["lon"]]), numbers_of(frame[found["lat"]])


def _stated(first: Floats, second: Floats) -> Flags:
    """Tell which rows have a position; two zeros are how many programs write none."""
    stated: Flags = np.isfinite(first) & np.isfinite(second) & ~((first == 0.0) & (second == 0.0))
    return stated


def _codes(frame: pd.DataFrame, column: str) -> Integers:
    if not column:
        return np.zeros(len(frame), dtype=np.int64)
    numbered = np.unique(frame[column].astype(str).to_numpy(), return_inverse=True)[1]
    return numbered.reshape(-1).astype(np.int64)


def _days(frame: pd.DataFrame, column: str) -> tuple[Floats, bool, list[str]]:
    """Return days since the first report; rows without a time, or later than tomorrow, get none."""
    import pandas as pd

    if not column:
        return np.zeros(len(frame)), False, ["without_times"]
    moment = moments_of(frame[column])
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
