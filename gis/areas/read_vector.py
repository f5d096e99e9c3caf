"""Read any vector file of an office: GeoJSON, zipped Shapefile, GeoPackage, KML, CSV with WKT."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from gis.areas.kinds import source_of, unreadable
from gis.areas.tables import decoded, read_table
from gis.crs import parse_datum, transform_datum
from gis.errors import InvalidInputError
from gis.words import Datum

if TYPE_CHECKING:
    import geopandas as gpd

HEIGHTS = "had_heights"
"""In the frame's ``attrs``: rows whose coordinates had heights, which are left out."""
LISTED = 5
"""So many features are named in an error; the rest are counted."""
GEOGRAPHIC_CGCS2000 = 4490
KML_OWN = frozenset(
    {
        *("id", "timestamp", "begin", "end", "altitudeMode", "tessellate", "extrude"),
        *("visibility", "drawOrder", "icon", "snippet"),
    }
)
"""Columns that the KML format has for itself; its id is made up where the file has none."""


def read_vector(
    path: str | Path, layer: str | None = None, datum: str | Datum = Datum.WGS84
) -> gpd.GeoDataFrame:
    """Read a vector file as EPSG:4326, in two dimensions.

    Parameters
    ----------
    path
        ``.geojson``, ``.json``, ``.zip`` or ``.shp`` (Shapefile), ``.gpkg``, ``.kml``, or ``.csv`` with a WKT column.
    layer
        Which layer of a file with several; the first where None.
    datum
        What the file's coordinates are in: a file drawn over Amap is ``gcj02`` whatever it says of itself.

    Returns
    -------
    GeoDataFrame
        With the file's own columns; rows numbered from 0; ``attrs[HEIGHTS]`` names those that had heights.

    Raises
    ------
    InvalidInputError
        ``file_missing``, ``vector_unreadable``, ``vector_empty``, ``vector_no_geometry``, ``vector_crs_missing``,
        ``vector_axes_swapped``, ``vector_out_of_range``, ``datum_unknown``.
    """
    file = Path(path)
    known = parse_datum(datum)
    if not file.is_file():
        raise InvalidInputError(f"no file {file}", code="file_missing", file=str(file))
    frame = read_table(file) if file.suffix.lower() == ".csv" else _read(file, layer)
    if len(frame) == 0:
        raise InvalidInputError(f"{file.name} holds no features", code="vector_empty", file=file.name)
    frame = frame.reset_index(drop=True)
    _check_present(file, frame)
    high = np.flatnonzero(shapely.has_z(frame.geometry.to_numpy())).tolist()
    frame = frame.set_geometry(shapely.force_2d(frame.geometry.to_numpy()), crs=frame.crs)
    frame = _as_degrees(file, frame)
    frame = frame.set_geometry(transform_datum(frame.geometry.to_numpy(), known), crs=4326)
    _check_range(file, shapely.total_bounds(frame.geometry.to_numpy()))
    frame.attrs[HEIGHTS] = high
    return frame


def name_rows(rows: Any, names: Any = None) -> str:
    """Return ``1, 2, 3 and 4 more`` for features, counted from 1 as a person would, or by their names."""
    labels = [str(row + 1) if names is None else str(names[row]) for row in rows]
    more = f" and {len(labels) - LISTED} more" if len(labels) > LISTED else ""
    return ", ".join(labels[:LISTED]) + more


def _read(file: Path, layer: str | None) -> gpd.GeoDataFrame:
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    source = source_of(file)
    try:
        # rings that aren't closed come back as nothing, and are named as features without geometry
        frame = pyogrio.read_dataframe(source, layer=layer, on_invalid="ignore", **_encoding(file))
    except (DataSourceError, DataLayerError, ValueError, UnicodeError, RuntimeError) as error:
        raise unreadable(file, error) from error
    if not hasattr(frame, "geometry"):
        raise unreadable(file, "it holds a table without geometry")
    if file.suffix.lower() == ".kml":
        frame = frame.drop(columns=[name for name in frame.columns if name in KML_OWN])
    return decoded(frame) if _is_shapefile(file) else frame


def _is_shapefile(file: Path) -> bool:
    return file.suffix.lower() in {".zip", ".shp"}


def _encoding(file: Path) -> dict[str, str]:
    """Read a Shapefile's text byte by byte: what it says of its encoding is often missing or wrong."""
    return {"encoding": "ISO-8859-1"} if _is_shapefile(file) else {}


def _check_present(file: Path, frame: gpd.GeoDataFrame) -> None:
    shapes = frame.geometry.to_numpy()
    lacking = np.flatnonzero(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    if len(lacking):
        rows = name_rows(lacking)
        raise InvalidInputError(
            f"{file.name}: features without geometry: {rows}",
            code="vector_no_geometry",
            file=file.name,
            features=rows,
        )


def _as_degrees(file: Path, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the features in degrees, whatever projection they come in."""
    west, south, east, north = shapely.total_bounds(frame.geometry.to_numpy())
    if frame.crs is None:
        if max(abs(west), abs(east)) > 360.0 or max(abs(south), abs(north)) > 360.0:  # noqa: PLR2004
            raise InvalidInputError(
                f"{file.name} has no coordinate system (.prj) and its coordinates are no degrees",
                code="vector_crs_missing",
                file=file.name,
            )
        return frame.set_crs(4326)
    if frame.crs.to_epsg() in {4326, GEOGRAPHIC_CGCS2000}:
        return frame.set_crs(4326, allow_override=True)
    return frame.to_crs(4326)


def _check_range(file: Path, bounds: Any) -> None:
    west, south, east, north = (float(value) for value in bounds)
    latitude_first = 73.0 <= south <= north <= 136.0 and 3.0 <= west <= east <= 54.0  # noqa: PLR2004
    if latitude_first:
        raise InvalidInputError(
            f"{file.name} has latitude and longitude swapped", code="vector_axes_swapped", file=file.name
        )
    farthest = max(abs(west), abs(east)) / 180.0, max(abs(south), abs(north)) / 90.0
    inside = np.isfinite(bounds).all() and max(farthest) <= 1.0
    if not inside:
        raise InvalidInputError(
            f"{file.name} has coordinates out of range", code="vector_out_of_range", file=file.name
        )
