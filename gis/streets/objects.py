"""Buildings with their addresses and doors, and the features that a map draws, from OpenStreetMap's tags."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.streets.access import Tags
from gis.streets.extract import Buildings, Features, Flags, Geometries, Stairwells, geometries

NO_DOORS = frozenset({"emergency", "exit", "service", "garage", "loading_dock", "no"})
LINES = {
    "barrier": frozenset({"wall", "fence", "hedge", "retaining_wall", "city_wall"}),
    "natural": frozenset({"tree_row"}),
    "waterway": frozenset({"river", "stream", "canal", "drain", "ditch"}),
}
AREAS = {
    "landuse": frozenset(
        {"grass", "forest", "meadow", "village_green", "flowerbed", "cemetery", "recreation_ground"}
    ),
    "leisure": frozenset(
        {"park", "garden", "pitch", "playground", "sports_centre", "track", "swimming_pool"}
    ),
    "natural": frozenset({"water", "wood", "scrub", "grassland"}),
    "amenity": frozenset(
        {"school", "kindergarten", "hospital", "clinic", "university", "college", "parking"}
    ),
}
POINTS = {"natural": frozenset({"tree"}), "highway": frozenset({"street_lamp"})}
SHAPES = {"line": LINES, "area": AREAS, "point": POINTS}
RANGE = re.compile(r"^\s*(\d+)\s*-\s*(\d+)\s*$")
LARGEST_COUNT = 10_000


@dataclass(frozen=True, slots=True)
class RawBuilding:
    """A building as it is in the file."""

    ref: str
    tags: Tags
    polygon: BaseGeometry
    outline: list[int]  # nodes of the outer rings


@dataclass(frozen=True, slots=True)
class RawFeature:
    """Something that a map draws."""

    ref: str
    kind: str
    tags: Tags
    shape: BaseGeometry


def feature_kind(tags: Tags, *, shape: str) -> str:
    """Return what a map calls a point, line or area with these tags; empty when it draws nothing."""
    return next((tags[key] for key, kinds in SHAPES[shape].items() if tags.get(key) in kinds), "")


def is_line_feature(tags: Tags) -> bool:
    """Tell whether a way is drawn as a line: walls and fences, rows of trees, small waters."""
    return bool(feature_kind(tags, shape="line"))


def is_door(tags: Tags) -> bool:
    """Tell whether people go in here."""
    return tags.get("entrance", "no") not in NO_DOORS


def count(text: str | None) -> int | None:
    """Return a number of things: of ``12``, of the range ``1-12``, of the list ``1;2;5-8``; None where it says none."""
    if not text:
        return None
    total = 0
    parts = [part.strip() for part in text.replace(",", ";").split(";") if part.strip()]
    for part in parts:
        span = RANGE.match(part)
        if span:
            total += abs(int(span[2]) - int(span[1])) + 1
        elif part.isdigit() and len(parts) == 1:
            total += int(part)
        else:
            total += 1
    single_word = len(parts) == 1 and not RANGE.match(parts[0]) and not parts[0].isdigit()
    return None if single_word or not 0 < total <= LARGEST_COUNT else total


def _levels(tags: Tags) -> int | None:
    try:
        levels = round(float(tags.get("building:levels", "")))
    except (ValueError, OverflowError):
        return None
    return levels if 0 < levels < 300 else None  # noqa: PLR2004


def build_buildings(
    buildings: list[RawBuilding],
    doors: Mapping[int, tuple[float, float, Tags]],
    features: list[RawFeature],
    *,
    boundary: BaseGeometry | None,
    near: BaseGeometry | None,
) -> tuple[Buildings, Stairwells, Features]:
    """Return buildings inside the boundary with their doors, and the features near it."""
    kept, polygons = _inside(buildings, boundary)
    columns = Buildings(
        geometry=geometries(list(polygons)),
        ref=[item.ref for item in kept],
        name=[item.tags.get("name", "") for item in kept],
        name_en=[item.tags.get("name:en", "") for item in kept],
        street=[item.tags.get("addr:street", "") for item in kept],
        housenumber=[item.tags.get("addr:housenumber", "") for item in kept],
        kind=[item.tags.get("building", "yes") for item in kept],
        levels=[_levels(item.tags) for item in kept],
        flats=[count(item.tags.get("building:flats")) for item in kept],
    )
    return columns, _stairwells(kept, doors), _features(features, near)


def _inside(
    buildings: list[RawBuilding], boundary: BaseGeometry | None
) -> tuple[list[RawBuilding], list[BaseGeometry]]:
    """Return the buildings that lie inside, each with its largest valid polygon."""
    if not buildings:
        return [], []
    polygons = largest_polygons(np.array([item.polygon for item in buildings], dtype=object))
    keep: Flags = ~shapely.is_empty(polygons)
    if boundary is not None:
        shapely.prepare(boundary)
        keep[keep] = shapely.intersects(boundary, shapely.point_on_surface(polygons[keep]))
    rows = np.flatnonzero(keep)
    return [buildings[row] for row in rows], [polygons[row] for row in rows]


def largest_polygons(shapes: Geometries) -> Geometries:
    """Return of each shape its largest valid polygon; empty where it has none."""
    valid = shapely.make_valid(shapes, method="structure", keep_collapsed=False)
    parts, owner = shapely.get_parts(valid, return_index=True)
    polygonal = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    parts, owner = parts[polygonal], owner[polygonal]
    answer = np.full(len(shapes), shapely.Polygon(), dtype=object)
    order = np.argsort(shapely.area(parts), kind="stable")
    answer[owner[order]] = parts[order]  # the largest is written last
    return answer


def _stairwells(buildings: list[RawBuilding], doors: Mapping[int, tuple[float, float, Tags]]) -> Stairwells:
    found: dict[int, int] = {}
    for row, building in enumerate(buildings):
        for node in building.outline:
            if node in doors:
                found.setdefault(node, row)
    nodes = sorted(found, key=lambda node: (found[node], node))
    tags = [doors[node][2] for node in nodes]
    return Stairwells(
        geometry=geometries([shapely.Point(doors[node][:2]) for node in nodes]),
        ref=[f"node/{node}" for node in nodes],
        building=np.array([found[node] for node in nodes], dtype=np.int64),
        unit=[each.get("addr:unit", each.get("ref", "")) for each in tags],
        flats=[count(each.get("addr:flats")) for each in tags],
    )


def _features(features: list[RawFeature], near: BaseGeometry | None) -> Features:
    if features and near is not None:
        shapely.prepare(near)
        keep = shapely.intersects(near, np.array([item.shape for item in features], dtype=object))
        features = [item for item, inside in zip(features, keep, strict=True) if inside]
    return Features(
        geometry=geometries([item.shape for item in features]),
        ref=[f"{item.ref}/{item.kind}" for item in features],
        kind=[item.kind for item in features],
        name=[item.tags.get("name", "") for item in features],
    )
