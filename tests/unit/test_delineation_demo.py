"""The demo community delineated: as good as the cells drawn by hand, and every aim met."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pyproj
import pytest
import shapely

from gis.areas.delineation import Delineation, DelineationRequest, delineate
from gis.areas.delineation.outline import polsby_popper

BOUNDARIES = Path(__file__).parents[2] / "data" / "boundaries"
MAIN = {"primary", "secondary", "tertiary"}
LANES = {"residential", "living_street", "service"}

pytestmark = pytest.mark.skipif(not (BOUNDARIES / "heping-demo.osm").exists(), reason="the demo is not drawn")


def metres(lon, lat):
    return np.column_stack(pyproj.Transformer.from_crs(4326, 4549, always_xy=True).transform(lon, lat))


def polygons(name):
    features = json.loads((BOUNDARIES / f"{name}.geojson").read_text(encoding="utf-8"))["features"]
    degrees = [shapely.from_geojson(json.dumps(each["geometry"])) for each in features]
    shapes = shapely.transform(np.array(degrees, dtype=object), lambda xy: metres(xy[:, 0], xy[:, 1]))
    return shapes, [each["properties"] for each in features]


@cache
def request_of_demo():
    root = ET.parse(BOUNDARIES / "heping-demo.osm").getroot()
    nodes = {each.get("id"): each for each in root.iter("node")}
    xy = metres(
        [float(each.attrib["lon"]) for each in nodes.values()],
        [float(each.attrib["lat"]) for each in nodes.values()],
    )
    place = dict(zip(nodes, xy, strict=True))
    doors = {
        key: float(tags.get("addr:flats", "nan"))
        for key, each in nodes.items()
        if (tags := tags_of(each)).get("entrance") == "staircase"
    }
    buildings: list[object] = []
    owner: dict[str | None, int] = {}
    households, streets, main, walls = [], [], [], []
    for way in root.iter("way"):
        tags, references = tags_of(way), [each.attrib["ref"] for each in way.iter("nd")]
        if "building" in tags:
            owner |= {each: len(buildings) for each in references if each in doors}
            buildings.append(shapely.Polygon([place[each] for each in references]))
            households.append(float(tags.get("building:flats", 0)))
        elif tags.get("highway") in MAIN | LANES:
            streets.append(shapely.LineString([place[each] for each in references]))
            main.append(tags["highway"] in MAIN)
        elif tags.get("barrier") in {"wall", "fence"}:
            walls.append(shapely.LineString([place[each] for each in references]))
    return DelineationRequest(
        community=polygons("community")[0][0],
        buildings=np.array(buildings, dtype=object),
        households=np.array(households),
        micro_grids=141,
        grids=15,
        stairwell_xy=np.array([place[each] for each in owner]),
        stairwell_building=np.array(list(owner.values())),
        stairwell_flats=np.array([doors[each] for each in owner]),
        streets=np.array(streets, dtype=object),
        street_is_main=np.array(main),
        courtyards=polygons("courtyards")[0],
        walls=np.array(walls, dtype=object),
    )


def tags_of(element):
    return {each.get("k"): each.get("v") for each in element.iter("tag")}


@cache
def drawn() -> Delineation:
    return delineate(request_of_demo())


def test_the_aims_are_met():
    report = drawn().report
    micro = report.micro_grids
    assert report.buildings > 200
    assert micro.cells == 141
    assert micro.contiguous
    assert micro.coverage_valid
    assert micro.main_street_crossings == 0
    assert micro.within_20_percent >= 0.95
    assert micro.polsby_popper_median >= 0.6
    assert micro.polsby_popper_min >= 0.25
    assert micro.best_within_20_percent == 1
    assert report.buildings_cut_elsewhere == 0
    assert report.outside_area_m2 < 10
    assert report.grids is not None
    assert report.grids.cells == 15
    assert report.grids.main_street_crossings == 0
    assert report.grids.within_20_percent >= 0.9


def test_the_cells_are_as_good_as_those_drawn_by_hand():
    shapes, facts = polygons("micro_grids")
    households = np.array([each["households"] for each in facts], dtype=float)
    by_hand = float(np.mean(np.abs(households / households.mean() - 1) <= 0.2))
    report = drawn().report.micro_grids
    assert report.within_20_percent >= by_hand - 0.02
    assert report.polsby_popper_median >= np.median(polsby_popper(shapes)) - 0.1


def test_no_border_follows_the_wrong_side_of_a_courtyard_for_long():
    """Nearly all cells keep to one courtyard: a watcher doesn't climb walls."""
    assert drawn().report.cells_over_courtyard_walls <= 14
