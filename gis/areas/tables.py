"""Text in the files of an office: tables with a WKT column, attribute tables in GBK, byte order marks."""

from __future__ import annotations

import codecs
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from gis.errors import InvalidInputError

if TYPE_CHECKING:
    import geopandas as gpd

WKT_COLUMNS = ("wkt", "geometry", "geom", "the_geom", "wkt_geom", "几何", "图形")
ENCODINGS = ("utf-8-sig", "gb18030")
MOST_COLLECTIONS = 32
"""Collections may hold collections: some thousands deep they end the whole process in the library that reads them."""


def text_of(data: bytes) -> str:
    """Return bytes as text: UTF-8 with or without a mark, marked UTF-16, else GB18030 (which holds GBK and GB2312)."""
    marked = data[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}
    for encoding in ("utf-16", *ENCODINGS) if marked else ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def decoded(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a frame that was read as Latin-1 with its text and column names in the encoding that they are in."""
    every = " ".join(str(name) for name in frame.columns)
    words = [
        name
        for name in frame.columns
        if name != frame.geometry.name and frame[name].dtype.kind not in "biufM"
    ]
    every += " ".join(str(value) for name in words for value in frame[name].dropna())
    try:
        every.encode("latin-1").decode("utf-8")
        encoding = "utf-8"
    except UnicodeDecodeError:
        encoding = "gb18030"
    except UnicodeEncodeError:
        return frame

    def mend(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return value.encode("latin-1", "replace").decode(encoding, "replace")

    for name in words:
        frame[name] = frame[name].map(mend)
    return frame.rename(columns={name: mend(name) for name in frame.columns if name != frame.geometry.name})


def read_table(file: Path) -> gpd.GeoDataFrame:
    """Read a CSV file whose geometry is well-known text; degrees, of no stated coordinate system.

    Raises
    ------
    InvalidInputError
        ``vector_unreadable``, ``vector_no_wkt``, ``vector_bad_wkt``.
    """
    import geopandas as gpd
    import pandas as pd

    try:
        table = pd.read_csv(io.StringIO(text_of(file.read_bytes())), dtype=str, keep_default_na=False)
    except (ValueError, OSError) as error:  # pandas' own errors are ValueErrors
        reason = " ".join(str(error).split())[:200]
        raise InvalidInputError(
            f"{file.name} can't be read: {reason}", code="vector_unreadable", file=file.name, reason=reason
        ) from error
    by_name = {str(name).strip().lower(): name for name in table.columns}
    column = next((by_name[name] for name in WKT_COLUMNS if name in by_name), None)
    if column is None:
        raise InvalidInputError(
            f"{file.name} has no column with WKT ({', '.join(WKT_COLUMNS[:3])})",
            code="vector_no_wkt",
            file=file.name,
        )
    texts = [text if _is_flat(text) else None for text in table[column]]
    shapes = shapely.from_wkt(np.array(texts, dtype=object), on_invalid="ignore")
    bad = np.flatnonzero(shapely.is_missing(shapes))
    if len(bad):
        lines = ", ".join(str(row + 2) for row in bad[:5])
        raise InvalidInputError(
            f"{file.name}: no WKT on line {lines}", code="vector_bad_wkt", file=file.name, lines=lines
        )
    return gpd.GeoDataFrame(table.drop(columns=[column]), geometry=shapely.force_2d(shapes))


def _is_flat(text: str) -> bool:
    return text.upper().count("COLLECTION") <= MOST_COLLECTIONS
