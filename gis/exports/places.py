"""Files of places: GeoJSON, GeoPackage, Shapefile and GeoParquet, written batch by batch."""

from __future__ import annotations

import json
import tempfile
import warnings
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, tzinfo
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import shapely

from gis.exports.files import Content, Row, moved
from gis.exports.frames import Frame
from gis.exports.sheets import Column, Sheet, write_csv

if TYPE_CHECKING:
    import pyarrow as pa

UTC_OFFSET = 100
"""What GDAL calls UTC; a quarter of an hour is one."""
SHORTEST = 10
"""Characters in the name of a Shapefile's field."""
_NUMPY = {
    "integer": np.int64,
    "number": np.float64,
    "percent": np.float64,
    "money": np.float64,
    "flag": np.bool_,
}


def write_geojson(target: Path, content: Content, frame: Frame, zone: tzinfo) -> int:
    """Write GeoJSON; other coordinates than WGS-84 are named in it (``crs``, or ``datum`` where no register knows them).

    Parameters
    ----------
    target, content, frame, zone
        As for ``gis.exports.files.write_file``.
    """
    _ = zone
    count = 0
    keys = [column.key for column in content.columns]
    with target.open("wb") as file:
        file.write(
            b'{"type":"FeatureCollection","name":'
            + orjson.dumps(content.name)
            + _named(frame)
            + b',"features":['
        )
        for batch in content.batches:
            shapes = shapely.to_geojson(_rounded(moved([row[-1] for row in batch], frame), frame))
            for row, shape in zip(batch, shapes, strict=True):
                properties = orjson.dumps(dict(zip(keys, row, strict=False)), default=str)
                geometry = b"null" if shape is None else shape.encode()
                file.write(b",\n" if count else b"\n")
                file.write(
                    b'{"type":"Feature","properties":' + properties + b',"geometry":' + geometry + b"}"
                )
                count += 1
        file.write(b"\n]}\n")
    return count


def write_geopackage(target: Path, content: Content, frame: Frame, zone: tzinfo) -> int:
    """Write a GeoPackage of one layer.

    Parameters
    ----------
    target, content, frame, zone
        As for ``gis.exports.files.write_file``.
    """
    _ = zone
    names = [column.key for column in content.columns]
    return _write_by_gdal(target, "GPKG", content, frame, names)


def write_shapefile(target: Path, content: Content, frame: Frame, zone: tzinfo) -> int:
    """Write a zipped Shapefile in UTF-8; a list in it tells which short name of a field stands for which.

    Parameters
    ----------
    target, content, frame, zone
        As for ``gis.exports.files.write_file``; times are texts by its clock, for the format has none.
    """
    names = short_names([column.key for column in content.columns])
    with tempfile.TemporaryDirectory(dir=target.parent) as made:
        folder = Path(made)
        count = _write_by_gdal(
            folder / f"{content.name}.shp", "ESRI Shapefile", content, frame, names, clock=zone
        )
        titles = (
            Column("name", "name"),
            Column("key", "key"),
            Column("title", "title"),
            Column("unit", "unit"),
        )
        told = [
            (name, column.key, column.title, column.unit)
            for name, column in zip(names, content.columns, strict=True)
        ]
        write_csv(folder / "fields.csv", Sheet("fields", titles, told))
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(folder.iterdir()):
                archive.write(part, part.name)
    return count


def write_parquet(target: Path, content: Content, frame: Frame, zone: tzinfo) -> int:
    """Write GeoParquet 1.1.

    Parameters
    ----------
    target, content, frame, zone
        As for ``gis.exports.files.write_file``.
    """
    import pyarrow as pa
    from pyarrow import parquet

    _ = zone
    kinds = {
        "integer": pa.int64(),
        "number": pa.float64(),
        "percent": pa.float64(),
        "money": pa.float64(),
        "flag": pa.bool_(),
        "date": pa.date32(),
        "moment": pa.timestamp("ms", tz="UTC"),
    }
    fields = [pa.field(column.key, kinds.get(column.kind, pa.string())) for column in content.columns]
    schema = pa.schema([*fields, pa.field("geometry", pa.binary())]).with_metadata(
        {"geo": json.dumps(_geo(content, frame))}
    )
    count = 0
    with parquet.ParquetWriter(target, schema, compression="zstd") as writer:
        for batch in content.batches:
            writer.write_table(_arrow(batch, schema, frame))
            count += len(batch)
    return count


def short_names(keys: Sequence[str]) -> list[str]:
    """Return names that fit a Shapefile, none of them twice.

    Parameters
    ----------
    keys
        The full ones.
    """
    taken: list[str] = []
    for key in keys:
        name, number = key[:SHORTEST], 1
        while name in taken:
            number += 1
            name = f"{key[: SHORTEST - len(str(number))]}{number}"
        taken.append(name)
    return taken


def _write_by_gdal(
    target: Path,
    driver: str,
    content: Content,
    frame: Frame,
    names: Sequence[str],
    *,
    clock: tzinfo | None = None,
) -> int:
    from pyogrio.raw import write

    count = 0
    for batch in chain(
        [()], content.batches
    ):  # the first one makes the file: no rows are a file too, with its fields
        arrays, masks, zones = _arrays(content.columns, names, batch, clock)
        with warnings.catch_warnings():  # that no CRS is given for GCJ-02 and BD-09 is meant
            warnings.filterwarnings("ignore", message="'crs' was not provided")
            write(
                target,
                geometry=shapely.to_wkb(moved([row[-1] for row in batch], frame)),
                field_data=arrays,
                fields=np.asarray(names, dtype=object),
                field_mask=masks,
                layer=content.name,
                driver=driver,
                geometry_type=content.geometry,
                crs=f"EPSG:{frame.epsg}" if frame.epsg else None,
                encoding="UTF-8",
                append=target.exists(),
                promote_to_multi=content.geometry.startswith("Multi"),
                gdal_tz_offsets=zones,
            )
        count += len(batch)
    return count


def _arrays(
    columns: Sequence[Column], names: Sequence[str], batch: Sequence[Row], clock: tzinfo | None
) -> tuple[list[Any], list[Any], dict[str, Any]]:
    arrays: list[Any] = []
    masks: list[Any] = []
    zones: dict[str, Any] = {}
    for at, (column, name) in enumerate(zip(columns, names, strict=True)):
        values = [row[at] for row in batch]
        empty = np.asarray([value is None for value in values], dtype=bool)
        if column.kind == "moment" and clock is None:
            zones[name] = np.full(len(values), UTC_OFFSET, dtype=np.int16)
        arrays.append(_array(column, values, clock))
        masks.append(empty)
    return arrays, masks, zones


def _array(column: Column, values: Sequence[Any], clock: tzinfo | None) -> Any:
    if column.kind in _NUMPY:
        return np.asarray([0 if value is None else value for value in values], dtype=_NUMPY[column.kind])
    if column.kind == "moment" and clock is None:
        return np.asarray(
            ["NaT" if value is None else _utc(value) for value in values], dtype="datetime64[ms]"
        )
    return np.asarray([None if value is None else _text(value, clock) for value in values], dtype=object)


def _utc(value: datetime) -> str:
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")


def _text(value: Any, clock: tzinfo | None) -> str:
    if isinstance(value, datetime) and clock is not None:
        return value.astimezone(clock).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else str(value)


def _arrow(batch: Sequence[Row], schema: pa.Schema, frame: Frame) -> pa.Table:
    import pyarrow as pa

    columns = []
    for at, field in enumerate(list(schema)[:-1]):
        values = [row[at] for row in batch]
        if field.type == pa.string():
            values = [None if value is None else str(value) for value in values]
        columns.append(pa.array(values, type=field.type))
    shapes = shapely.to_wkb(moved([row[-1] for row in batch], frame))
    return pa.Table.from_arrays([*columns, pa.array(shapes, type=pa.binary())], schema=schema)


def _geo(content: Content, frame: Frame) -> dict[str, Any]:
    """Return what GeoParquet says of its geometry; unknown coordinates are null, not WGS-84."""
    import pyproj

    crs = pyproj.CRS.from_epsg(frame.epsg).to_json_dict() if frame.epsg else None
    column = {"encoding": "WKB", "geometry_types": [content.geometry], "crs": crs}
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}


def _named(frame: Frame) -> bytes:
    if frame.epsg is None:
        return b',"datum":' + orjson.dumps(frame.name)
    if frame.epsg == 4326:  # noqa: PLR2004 - what GeoJSON is in anyhow
        return b""
    name = {"name": f"urn:ogc:def:crs:EPSG::{frame.epsg}"}
    return b',"crs":' + orjson.dumps({"type": "name", "properties": name})


def _rounded(shapes: Any, frame: Frame) -> Any:
    return shapely.transform(shapes, lambda at: at.round(frame.digits))
