"""What a vector file is, settled before the library that reads all kinds is asked: it chooses by content, and some kinds lead elsewhere.

GDAL knows files that are no data but say where data is: other files of this machine, addresses of other machines. Whoever may send
a file of areas must not thereby read or call upon them. So a file must be what its name says, and GeoJSON is written anew
with nothing but its features: its ``crs`` may be an address that would be fetched.
"""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath
from typing import Any
from xml.parsers import expat

import orjson

from gis.areas.tables import text_of
from gis.errors import InvalidInputError

GEOMETRIES = frozenset(
    {
        *("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"),
        "GeometryCollection",
    }
)
NAMED = frozenset({"name", "epsg"})
"""Kinds of ``crs`` that name a system; the others, ``link`` and ``url``, say where it would be fetched."""
SHAPEFILE, GEOPACKAGE = b"\x00\x00\x27\x0a", b"SQLite format 3\x00"
STARTS = {".shp": SHAPEFILE, ".gpkg": GEOPACKAGE}
JSON = frozenset({".geojson", ".json"})
INSIDE = (".shp", ".geojson", ".gpkg")


def source_of(file: Path) -> str | bytes:
    """Return what GDAL is to open: a path, or the bytes of GeoJSON.

    Parameters
    ----------
    file
        There; inside a zip the first Shapefile, GeoPackage or GeoJSON counts, in whatever folder it lies.

    Raises
    ------
    InvalidInputError
        ``vector_unreadable``: it isn't what its name says.
    """
    ending = file.suffix.lower()
    try:
        if ending == ".zip":
            return _in_zip(file)
        if ending in JSON:
            return plain_geojson(file.read_bytes())
        if ending == ".kml":
            _check_kml(file.read_bytes())
        elif ending in STARTS:
            with file.open("rb") as opened:
                _check_start(ending, opened.read(16))
    except (OSError, ValueError, TypeError, RuntimeError, EOFError, zipfile.BadZipFile) as error:
        raise unreadable(file, error) from error
    return str(file)


def unreadable(file: Path, reason: object) -> InvalidInputError:
    """Return the refusal of a file, with why in a line."""
    text = " ".join(str(reason).split())[:200]
    return InvalidInputError(
        f"{file.name} can't be read: {text}", code="vector_unreadable", file=file.name, reason=text
    )


def plain_geojson(data: bytes) -> bytes:
    """Return GeoJSON with nothing but features and the name of their coordinate system.

    Parameters
    ----------
    data
        As sent: UTF-8, or what Chinese desktop programs write.

    Raises
    ------
    ValueError
        It is no GeoJSON, or its coordinate system is an address.
    """
    whole = orjson.loads(text_of(data))
    kind = whole.get("type") if isinstance(whole, dict) else None
    if kind == "FeatureCollection":
        features = whole.get("features")
        if not isinstance(features, list):
            raise ValueError("a collection without features")
        plain = [_feature(one) for one in features]
    elif kind == "Feature" or kind in GEOMETRIES:
        plain = [_feature(whole if kind == "Feature" else {"type": "Feature", "geometry": whole})]
    else:
        raise ValueError("it is no GeoJSON")
    found: dict[str, Any] = {"type": "FeatureCollection", "features": plain}
    if isinstance(whole.get("name"), str):
        found["name"] = whole["name"]
    if whole.get("crs") is not None:
        found["crs"] = _named_crs(whole["crs"])
    return orjson.dumps(found)


def _named_crs(crs: Any) -> Any:
    if not isinstance(crs, dict) or str(crs.get("type", "")).lower() not in NAMED:
        raise ValueError("its coordinate system has no name")
    return {"type": crs["type"], "properties": crs.get("properties")}


def _feature(one: Any) -> dict[str, Any]:
    if not isinstance(one, dict) or one.get("type") != "Feature":
        raise ValueError("a feature that is none")
    plain: dict[str, Any] = {
        "type": "Feature",
        "properties": one.get("properties"),
        "geometry": _geometry(one.get("geometry")),
    }
    return plain | ({"id": one["id"]} if isinstance(one.get("id"), str | int | float) else {})


def _geometry(one: Any) -> dict[str, Any] | None:
    if one is None:
        return None
    if not isinstance(one, dict) or one.get("type") not in GEOMETRIES:
        raise ValueError("a geometry of an unknown kind")
    if one["type"] != "GeometryCollection":
        return {"type": one["type"], "coordinates": one.get("coordinates")}
    parts = one.get("geometries")
    return {
        "type": one["type"],
        "geometries": [_geometry(part) for part in parts if part] if isinstance(parts, list) else [],
    }


def _check_kml(data: bytes) -> None:
    """Refuse XML whose root isn't that of KML, or that defines entities."""
    names: list[str] = []

    def begin(name: str, _attributes: object) -> None:
        names.append(name.rpartition("}")[2].rpartition(":")[2].lower())

    def refuse(*_: object) -> None:
        raise ValueError("a document type is not allowed")

    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartElementHandler = begin
    parser.StartDoctypeDeclHandler = refuse
    for at in range(0, len(data), 4096):
        try:
            parser.Parse(data[at : at + 4096])
        except expat.ExpatError as error:
            raise ValueError(error) from None
        if names:
            break
    if not names or names[0] != "kml":
        raise ValueError("it is no KML")


def _check_start(ending: str, data: bytes) -> None:
    if not data.startswith(STARTS[ending]):
        raise ValueError(f"it is no {ending} file")


def _in_zip(file: Path) -> str | bytes:
    with zipfile.ZipFile(file) as archive:
        members = sorted(name for name in archive.namelist() if not name.startswith("__MACOSX"))
        found = [name for name in members if name.lower().endswith(INSIDE)]
        if not found:
            raise ValueError("the zip holds no Shapefile")
        ending = PurePosixPath(found[0]).suffix.lower()
        if ending in JSON:
            return plain_geojson(archive.read(found[0]))
        with archive.open(found[0]) as opened:
            _check_start(ending, opened.read(16))
    return f"/vsizip/{file.resolve()}/{found[0]}"
