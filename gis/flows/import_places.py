"""The buildings of an office's own file, and its stations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.areas import read_vector
from gis.areas.columns import duplicates, texts
from gis.areas.read_vector import name_rows
from gis.errors import InvalidInputError
from gis.flows.import_request import SourceFile
from gis.streets import Buildings
from gis.streets.objects import count, largest_polygons

Row = dict[str, Any]

BUILDING_COLUMNS = {
    "ref": ("ref", "code", "id", "osm_id", "编号", "楼栋编号"),
    "name": ("name", "名称", "楼栋名称", "楼名"),
    "name_en": ("name_en", "name:en"),
    "street": ("street", "addr:street", "addr_street", "街路", "道路", "路名"),
    "housenumber": ("housenumber", "addr:housenumber", "addr_house", "number", "门牌号", "门牌", "楼号"),
    "kind": ("kind", "building", "type", "类型", "用途"),
    "levels": ("levels", "building:levels", "floors", "层数", "楼层"),
    "flats": ("flats", "building:flats", "households", "户数"),
}
STATION_COLUMNS = {
    "code": ("code", "id", "编号"),
    "name": ("name", "名称", "站名"),
    "name_en": ("name_en", "name:en"),
    "amenities": ("amenities", "设施"),
    "opening_hours": ("opening_hours", "开放时间"),
}


def read_buildings(source: SourceFile, boundary: BaseGeometry) -> Buildings:
    """Read buildings from an office's file: those inside the community.

    Raises
    ------
    InvalidInputError
        ``building_not_polygon``, ``building_ref_twice``, ``buildings_outside``.
    """
    frame = read_vector(source.path, source.layer, source.datum)
    file = source.path.name
    polygons = largest_polygons(frame.geometry.to_numpy())
    wrong = np.flatnonzero(shapely.is_empty(polygons))
    if len(wrong):
        rows = name_rows(wrong)
        raise InvalidInputError(
            f"{file}: buildings must be polygons; features {rows} are not",
            code="building_not_polygon",
            file=file,
            features=rows,
        )
    shapely.prepare(boundary)
    inside = np.flatnonzero(shapely.intersects(boundary, shapely.point_on_surface(polygons)))
    if len(inside) == 0:
        raise InvalidInputError(
            f"{file} has no building in the community; is its datum right?",
            code="buildings_outside",
            file=file,
        )
    columns = _columns(frame, BUILDING_COLUMNS)
    refs = columns["ref"] if any(columns["ref"]) else [f"row/{row + 1}" for row in range(len(frame))]
    twice = duplicates(refs)
    if twice:
        raise InvalidInputError(
            f"{file}: the reference {twice[0]!r} stands for several buildings",
            code="building_ref_twice",
            file=file,
            ref=twice[0],
        )

    def pick(values: list[Any]) -> list[Any]:
        return [values[row] for row in inside]

    return Buildings(
        geometry=polygons[inside],
        ref=pick(refs),
        name=pick(columns["name"]),
        name_en=pick(columns["name_en"]),
        street=pick(columns["street"]),
        housenumber=pick(columns["housenumber"]),
        kind=[kind or "yes" for kind in pick(columns["kind"])],
        levels=[count(text) for text in pick(columns["levels"])],
        flats=[count(text) for text in pick(columns["flats"])],
    )


def read_stations(source: SourceFile) -> list[Row]:
    """Read stations (暖心驿站): points with a code and a name.

    Raises
    ------
    InvalidInputError
        ``station_not_point``, ``station_code_twice``.
    """
    frame = read_vector(source.path, source.layer, source.datum)
    shapes = frame.geometry.to_numpy()
    wrong = np.flatnonzero(shapely.get_type_id(shapes) != shapely.GeometryType.POINT)
    if len(wrong):
        rows = name_rows(wrong)
        raise InvalidInputError(
            f"{source.path.name}: stations must be points; features {rows} are not",
            code="station_not_point",
            file=source.path.name,
            features=rows,
        )
    columns = _columns(frame, STATION_COLUMNS)
    codes = [code or f"S{row + 1:02}" for row, code in enumerate(columns["code"])]
    twice = duplicates(codes)
    if twice:
        raise InvalidInputError(
            f"{source.path.name}: the station code {twice[0]} is there twice",
            code="station_code_twice",
            file=source.path.name,
            station=twice[0],
        )
    return [
        {
            "code": code,
            "name": columns["name"][row] or code,
            "name_en": columns["name_en"][row],
            "amenities": [part.strip() for part in columns["amenities"][row].split(";") if part.strip()],
            "opening_hours": columns["opening_hours"][row],
            "geom": shapely.to_wkb(shapes[row]),
        }
        for row, code in enumerate(codes)
    ]


def _columns(frame: Any, aliases: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    by_name = {str(name).strip().lower(): name for name in frame.columns}
    chosen = {
        ours: next((by_name[n] for n in names if n in by_name), None) for ours, names in aliases.items()
    }
    return {ours: texts(frame, column) for ours, column in chosen.items()}
