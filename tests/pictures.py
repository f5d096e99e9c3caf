"""Areas drawn as little pictures: each letter a cell, a dot nothing, a capital pair of letters where two overlap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.areas.columns import AreaRows
from gis.crs import MetricCrs, metric_crs
from gis.words import Level

METRIC: MetricCrs = metric_crs(4549)
CORNER = metric_crs(4549).project(123.415, 41.789)
STEP_M = 10.0


def drawn(picture: str, *, step_m: float = STEP_M) -> dict[str, BaseGeometry]:
    """Return the shape of each letter of a picture, metres; the last line is the southernmost."""
    lines = [line.strip() for line in picture.strip().splitlines()][::-1]
    boxes: dict[str, list[Any]] = {}
    for y, line in enumerate(lines):
        for x, letter in enumerate(line):
            if letter != ".":
                left, low = x * step_m, y * step_m
                boxes.setdefault(letter, []).append(shapely.box(left, low, left + step_m, low + step_m))
    return {letter: shapely.coverage_union_all(each) for letter, each in sorted(boxes.items())}


def degrees(shape: BaseGeometry) -> BaseGeometry:
    """Return a shape in metres from the pictures' corner as EPSG:4326."""
    placed = shapely.transform(shape, lambda xy: xy + np.array(CORNER))
    found: BaseGeometry = METRIC.unproject_geometries(np.array([placed], dtype=object))[0]
    return found


def rows_of(
    shapes: Mapping[str, BaseGeometry] | Sequence[BaseGeometry],
    level: Level = Level.MICRO_GRID,
    *,
    parent: Mapping[str, str] | None = None,
    **columns: Any,
) -> AreaRows:
    """Return shapes in metres as areas of a level: codes and names are the letters."""
    named = shapes if isinstance(shapes, Mapping) else {str(row): each for row, each in enumerate(shapes)}
    geometry = np.empty(len(named), dtype=object)
    geometry[:] = [degrees(shape) for shape in named.values()]
    codes = list(named)
    values: dict[str, Any] = {
        "code": codes,
        "name": [f"名{code}" for code in codes],
        "name_en": [""] * len(codes),
        "parent_code": [(parent or {}).get(code) for code in codes],
        "households": [None] * len(codes),
        "attributes": [{} for _ in codes],
    }
    return AreaRows(level=level, geometry=geometry, **(values | columns))


def picture_rows(picture: str, level: Level = Level.MICRO_GRID, **options: Any) -> AreaRows:
    """Return a picture as areas of a level."""
    return rows_of(drawn(picture), level, **options)
