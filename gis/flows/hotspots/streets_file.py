"""Streets of any city: from OpenStreetMap or a vector file of lines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis.areas import read_vector
from gis.crs import MetricCrs, choose_metric_srid, metric_crs
from gis.errors import InvalidInputError
from gis.hotspots.streets import Streets, streets_of
from gis.streets import read_osm

if TYPE_CHECKING:
    import pandas as pd

OSM = (".osm", ".pbf", ".bz2", ".gz")
NAMES = ("name", "street", "street_nam", "strname", "label", "full_name", "名称", "路名")


def read_streets(path: Path, *, name_column: str = "") -> tuple[Streets, MetricCrs]:
    """Read streets from OpenStreetMap or any vector file of lines.

    Parameters
    ----------
    path
        ``.osm``, ``.osm.pbf``, or what ``gis.areas.read_vector`` reads.
    name_column
        Of a vector file; empty: a usual one.

    Raises
    ------
    InvalidInputError
        ``osm_no_streets``, ``streets_no_lines``, and those of the readers.
    """
    if path.suffix.lower() in OSM:
        segments = read_osm(path).segments
        lines, names, kinds = list(segments.geometry), segments.name, segments.kind
        keys = segments.ref
    else:
        frame = read_vector(path)
        parts, row = shapely.get_parts(frame.geometry.to_numpy(), return_index=True)
        straight = shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING
        lines, row = list(parts[straight]), row[straight]
        column = column_of(frame, name_column, NAMES)
        names = [str(frame[column].iloc[each] or "") for each in row] if column else [""] * len(lines)
        keys, kinds = [str(each + 1) for each in row], []
    if not lines:
        raise InvalidInputError(f"{path.name} holds no lines", code="streets_no_lines", file=path.name)
    west, south, east, north = shapely.total_bounds(np.array(lines, dtype=object))
    metric = metric_crs(choose_metric_srid((west + east) / 2.0, (south + north) / 2.0))
    shapes = np.empty(len(lines), dtype=object)
    shapes[:] = lines
    return streets_of(list(metric.project_geometries(shapes)), keys, names, kinds), metric


def column_of(frame: pd.DataFrame, wanted: str, usual: tuple[str, ...]) -> str:
    """Return the column that is wanted, or the first of the usual ones; empty where there is none."""
    return named_column([str(name) for name in frame.columns], wanted, usual)


def named_column(names: Sequence[str], wanted: str, usual: Sequence[str]) -> str:
    """Return the name that is wanted, or the first of the usual ones, however it is spelt; empty where there is none."""
    if wanted in names:
        return wanted
    by_name = {_plain(name): name for name in reversed(names)}
    return next(
        (by_name[_plain(one)] for one in ([wanted] if wanted else usual) if _plain(one) in by_name), ""
    )


def _plain(name: str) -> str:
    """Return Dt_Time, dt time and dtTime alike."""
    return "".join(sign for sign in name.lower() if sign.isalnum())
