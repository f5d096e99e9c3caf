"""The boundary layers as GeoJSON: community, grids, micro-grids, courtyards, stations."""

from __future__ import annotations

import json
import random
from typing import Any

import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from scripts.demo.cells import Cell
from scripts.demo.facts import Courtyard, Facts
from scripts.demo.frame import DECIMALS, Frame
from scripts.demo.shapes import Point, insert_in_ring
from scripts.demo.slabs import Yard

DIGITS = "零一二三四五六七八九十"
TENS = 10
Feature = dict[str, Any]


def chinese_number(n: int) -> str:
    """1 to 99 in Chinese figures."""
    tens, units = divmod(n, TENS)
    head = "" if tens == 0 else ("十" if tens == 1 else DIGITS[tens] + "十")
    return head + (DIGITS[units] if units else "")


def english_courtyard(facts: Facts, court: Courtyard) -> str:
    """Return the English name of a courtyard."""
    return f"Courtyard {court.number}, {facts.street(court.street).name_en}"


def feature_collection(features: list[Feature]) -> str:
    """GeoJSON text, a feature a line."""
    rows = ",\n".join(json.dumps(f, ensure_ascii=False) for f in features)
    return f'{{"type": "FeatureCollection", "features": [\n{rows}\n]}}\n'


def _feature(geometry: BaseGeometry, properties: dict[str, Any]) -> Feature:
    return {"type": "Feature", "properties": properties, "geometry": _rounded(geometry)}


def _rounded(geometry: BaseGeometry) -> dict[str, Any]:
    if geometry.geom_type == "Point":
        return {"type": "Point", "coordinates": list(geometry.coords[0])}
    if not isinstance(geometry, Polygon) or geometry.interiors:
        raise ValueError(f"expected a polygon without holes, got {geometry.geom_type}")
    ring = [[round(x, DECIMALS), round(y, DECIMALS)] for x, y in _from_lowest(geometry)]
    return {"type": "Polygon", "coordinates": [ring]}


def _from_lowest(polygon: Polygon) -> list[Point]:
    """Return the outer ring, counter-clockwise from its lowest vertex: the same bytes whatever made the polygon."""
    ring = [(float(x), float(y)) for x, y in shapely.orient_polygons(polygon).exterior.coords[:-1]]
    k = ring.index(min(ring))
    turned = [*ring[k:], *ring[:k]]
    return [*turned, turned[0]]


def people(facts: Facts, cells: list[Cell]) -> dict[str, tuple[int, int]]:
    """Residents and residents over 60 of every micro-grid; the shares vary, the total follows the table."""
    rng = random.Random(f"{facts.seed}-people")
    residents = {c.code: round(c.households * rng.uniform(1.9, 2.5)) for c in cells}
    weights = {c.code: rng.betavariate(6, 19) for c in cells}
    drawn = sum(residents[code] * weights[code] for code in residents)
    scale = facts.raw["elderly_share"] * sum(residents.values()) / drawn
    return {code: (count, round(count * weights[code] * scale)) for code, count in residents.items()}


def area_layers(facts: Facts, frame: Frame, cells: list[Cell]) -> dict[str, str]:
    """Community, grids and micro-grids from the same rings, so that they nest exactly."""
    polygons = {c.code: Polygon(frame.ring(c.ring)) for c in cells}
    shapes = list(polygons.values())
    if not shapely.coverage_is_valid(shapes):
        raise ValueError("the micro-grids are not a valid coverage")
    grids = {}
    for code in sorted({c.grid for c in cells}):
        grids[code] = shapely.coverage_union_all([polygons[c.code] for c in cells if c.grid == code])
    community = shapely.coverage_union_all(shapes)
    return {
        "community.geojson": feature_collection([_community(facts, community, cells)]),
        "grids.geojson": feature_collection([_grid(facts, code, g) for code, g in grids.items()]),
        "micro_grids.geojson": feature_collection(_micro_grids(facts, polygons, cells)),
    }


def _community(facts: Facts, shape: BaseGeometry, cells: list[Cell]) -> Feature:
    own = facts.raw["community"]
    names = {"code": own["code"], "name": own["name"], "name_en": own["name_en"]}
    return _feature(shape, {**names, "households": sum(c.households for c in cells)})


def _grid(facts: Facts, code: str, shape: BaseGeometry) -> Feature:
    n = int(code)
    names = {"code": code, "name": f"第{chinese_number(n)}网格", "name_en": f"Grid {n}"}
    return _feature(shape, {**names, "community_code": facts.raw["community"]["code"]})


def _micro_grids(facts: Facts, polygons: dict[str, Polygon], cells: list[Cell]) -> list[Feature]:
    counts = people(facts, cells)
    features = []
    for cell in cells:
        grid, k = (int(part) for part in cell.code.split("-"))
        properties = {
            "code": cell.code,
            "name": f"第{chinese_number(grid)}网格第{chinese_number(k)}微网格",
            "name_en": f"Micro-grid {cell.code}",
            "grid_code": cell.grid,
            "households": cell.households,
            "residents": counts[cell.code][0],
            "elderly": counts[cell.code][1],
        }
        features.append(_feature(polygons[cell.code], properties))
    return features


def courtyard_layer(facts: Facts, frame: Frame, yards: list[Yard]) -> str:
    """Return the walls as polygons, with the corners of the facades that stand on them."""
    features = []
    for yard in yards:
        corners = [p for slab in yard.slabs for p in slab.box.corners]
        shape = Polygon(frame.ring(insert_in_ring(yard.inner.corners, corners)))
        names = {"code": yard.facts.code, "name": yard.facts.name}
        features.append(_feature(shape, {**names, "name_en": english_courtyard(facts, yard.facts)}))
    return feature_collection(features)


def station_layer(facts: Facts, frame: Frame) -> str:
    """Return the stations as points."""
    features = []
    for k, row in enumerate(facts.raw["station"], start=1):
        place = shapely.Point(frame.lonlat((row["at"][0], row["at"][1])))
        properties = {
            "code": f"S{k:02d}",
            "name": row["name"],
            "name_en": row["name_en"],
            "amenities": ";".join(row["amenities"]),
            "opening_hours": row["opening_hours"],
        }
        features.append(_feature(place, properties))
    return feature_collection(features)
