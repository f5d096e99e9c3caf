"""Files of places: one table of rows with a geometry each, written batch by batch in any of the formats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from gis.exports.frames import Frame
from gis.exports.sheets import Column, Sheet, write_csv, write_xlsx

Row = Sequence[Any]
"""A value for every column, then the geometry as WKB (EPSG:4326), or None."""
Batches = Iterable[Sequence[Row]]


class Format(StrEnum):
    """What a file may be."""

    XLSX = "xlsx"
    CSV = "csv"
    GEOJSON = "geojson"
    GPKG = "gpkg"
    SHP = "shp"
    PARQUET = "parquet"


SUFFIX = {Format.SHP: "shp.zip"}
MEDIA_TYPES = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "text/csv; charset=utf-8",
    Format.GEOJSON: "application/geo+json",
    Format.GPKG: "application/geopackage+sqlite3",
    Format.SHP: "application/zip",
    Format.PARQUET: "application/vnd.apache.parquet",
}
SHEETS = frozenset({Format.XLSX, Format.CSV})


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds.

    Parameters
    ----------
    name
        English, without blanks: the name of the layer in a file of places.
    title
        For people: the name of a sheet.
    columns
        Keys name the fields of files of places, titles those of sheets.
    geometry
        ``Point``, ``MultiPolygon`` or ``MultiLineString``.
    batches
        Rows as they come; taken once.
    word
        Shows a stored value of a column as people say it, on sheets only.
    """

    name: str
    title: str
    columns: Sequence[Column]
    geometry: str
    batches: Batches
    word: Callable[[str, Any], Any] = lambda _key, value: value


def write_file(target: Path, kind: Format, content: Content, frame: Frame, zone: tzinfo) -> int:
    """Write a file and return how many rows it has.

    Parameters
    ----------
    target
        Where; its folder must be there.
    kind, content
        What.
    frame
        In which coordinates.
    zone
        The clock of sheets.
    """
    if kind in SHEETS:
        sheet = Sheet(content.title, (*content.columns, *_position(frame)), _flat(content, frame), zone)
        return write_xlsx(target, [sheet]) if kind is Format.XLSX else write_csv(target, sheet)
    from gis.exports import places

    writers = {
        Format.GEOJSON: places.write_geojson,
        Format.GPKG: places.write_geopackage,
        Format.SHP: places.write_shapefile,
        Format.PARQUET: places.write_parquet,
    }
    return writers[kind](target, content, frame, zone)


def _position(frame: Frame) -> tuple[Column, Column]:
    if frame.digits == 7:  # noqa: PLR2004 - degrees
        return Column("lon", "lon", "number", frame.name), Column("lat", "lat", "number", frame.name)
    return Column("x", "x", "number", frame.name), Column("y", "y", "number", frame.name)


def _flat(content: Content, frame: Frame) -> Iterator[Row]:
    """Return rows for a sheet: words for codes, and a point inside the place for its geometry."""
    keys = [column.key for column in content.columns]
    for batch in content.batches:
        shapes = moved([row[-1] for row in batch], frame)
        points = shapes if content.geometry == "Point" else shapely.point_on_surface(shapes)
        x, y = shapely.get_x(points).round(frame.digits), shapely.get_y(points).round(frame.digits)
        for row, east, north in zip(batch, x, y, strict=True):
            yield *(content.word(key, value) for key, value in zip(keys, row, strict=False)), east, north


def moved(geometries: Sequence[bytes | None], frame: Frame) -> Any:
    """Return stored geometries in a file's coordinates.

    Parameters
    ----------
    geometries
        WKB, EPSG:4326.
    frame
        The file's.
    """
    return frame.move(shapely.from_wkb(np.asarray(geometries, dtype=object)))
