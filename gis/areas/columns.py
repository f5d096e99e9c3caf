"""Columns of an office's files under the names that the service uses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely

from gis.areas.read_vector import HEIGHTS, name_rows
from gis.errors import InvalidInputError
from gis.words import Level

if TYPE_CHECKING:
    import geopandas as gpd

ALIASES = {
    "code": (
        "code",
        "id",
        "编号",
        "编码",
        "代码",
        "网格编号",
        "网格编码",
        "微网格编号",
        "微网格编码",
        "院落编号",
    ),
    "name": ("name", "名称", "名字", "网格名称", "微网格名称", "社区名称", "院落名称", "楼院名称", "网格"),
    "name_en": ("name_en", "name:en", "english", "英文名", "英文名称"),
    "parent": (
        "grid_code",
        "parent_code",
        "parent",
        "grid",
        "所属网格",
        "所属网格编号",
        "上级编号",
        "上级网格",
    ),
    "households": ("households", "户数", "总户数", "住户数", "居民户数"),
}
NUMBERED = 2
"""Areas without codes are numbered with at least so many digits."""


@dataclass(frozen=True, slots=True)
class AreaRows:
    """Areas of one level as read from a file; EPSG:4326."""

    level: Level
    code: list[str]
    name: list[str]
    name_en: list[str]
    parent_code: list[str | None]
    households: list[int | None]
    attributes: list[dict[str, Any]]
    geometry: npt.NDArray[np.object_]
    had_heights: tuple[int, ...] = ()
    """Rows whose coordinates had heights in the file."""

    def __len__(self) -> int:
        return len(self.code)


def area_rows(frame: gpd.GeoDataFrame, level: Level, file: str, *, strict: bool = True) -> AreaRows:
    """Return areas from a file's features.

    Columns are found under their English names or the headings usual in offices (编号, 名称, 网格, 户数); areas are
    numbered where there is no column of codes. Without ``strict`` faulty areas are returned for the checks to find.

    Raises
    ------
    InvalidInputError
        ``area_not_polygon``, ``area_code_missing``, ``area_code_twice``.
    """
    if strict:
        _check_polygons(frame, file)
    columns = find_columns(frame)
    codes = _codes(frame, columns.get("code"), file, level, strict=strict)
    names = texts(frame, columns.get("name"))
    used = {*columns.values(), frame.geometry.name}
    rest = [name for name in frame.columns if name not in used]
    return AreaRows(
        level=level,
        code=codes,
        name=[name or code for name, code in zip(names, codes, strict=True)],
        name_en=texts(frame, columns.get("name_en")),
        parent_code=[text or None for text in texts(frame, columns.get("parent"))],
        households=[_whole(text) for text in texts(frame, columns.get("households"))],
        attributes=[{str(name): plain(frame[name].iloc[row]) for name in rest} for row in range(len(frame))],
        geometry=frame.geometry.to_numpy(),
        had_heights=tuple(frame.attrs.get(HEIGHTS, ())),
    )


def find_columns(frame: gpd.GeoDataFrame) -> dict[str, Any]:
    """Return the file's column for each of ours that it has."""
    by_name = {str(name).strip().lower(): name for name in frame.columns}
    found: dict[str, Any] = {}
    for ours, names in ALIASES.items():
        column = next((by_name[name] for name in names if name in by_name), None)
        if column is not None and column not in found.values():
            found[ours] = column
    return found


def texts(frame: gpd.GeoDataFrame, column: Any) -> list[str]:
    """Return a column as text, empty where there is none; whole numbers without a point."""
    if column is None:
        return [""] * len(frame)
    values = (plain(value) for value in frame[column])
    return ["" if value is None else str(value).strip() for value in values]


def plain(value: Any) -> Any:
    """Return a cell as JSON knows it: a text, a number, a yes or no, a list, or None."""
    if isinstance(value, list | tuple | np.ndarray):
        return [plain(each) for each in value]
    if value is None or value != value or str(value) in {"NaT", "<NA>"}:  # noqa: PLR0124 - NaN
        return None
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | float | np.number):
        return int(value) if float(value).is_integer() else float(value)
    return str(value)


def _check_polygons(frame: gpd.GeoDataFrame, file: str) -> None:
    kinds = shapely.get_type_id(frame.geometry.to_numpy())
    wrong = np.flatnonzero(~np.isin(kinds, [shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON]))
    if len(wrong):
        rows = name_rows(wrong)
        raise InvalidInputError(
            f"{file}: areas must be polygons; features {rows} are not",
            code="area_not_polygon",
            file=file,
            features=rows,
        )


def _codes(
    frame: gpd.GeoDataFrame, column: Any, file: str, level: Level, *, strict: bool = True
) -> list[str]:
    if column is None:
        digits = max(NUMBERED, len(str(len(frame))))
        return [str(row + 1).zfill(digits) for row in range(len(frame))]
    codes = texts(frame, column)
    if not strict:
        return codes
    missing = [row for row, code in enumerate(codes) if not code]
    if missing:
        rows = name_rows(missing)
        raise InvalidInputError(
            f"{file}: features {rows} have no code", code="area_code_missing", file=file, features=rows
        )
    twice = duplicates(codes)
    if twice:
        raise InvalidInputError(
            f"{file}: the {level} code {twice[0]} stands for several areas",
            code="area_code_twice",
            file=file,
            level=level.value,
            area=", ".join(twice[:5]),
        )
    return codes


def duplicates(values: Iterable[str]) -> list[str]:
    """Return the values that come more than once."""
    seen: set[str] = set()
    twice: dict[str, None] = {}
    for value in values:
        if value in seen:
            twice[value] = None
        seen.add(value)
    return list(twice)


def _whole(text: str) -> int | None:
    try:
        return max(round(float(text)), 0)
    except (ValueError, OverflowError):
        return None
