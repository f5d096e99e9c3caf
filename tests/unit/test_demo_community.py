"""The shipped demo community: counts, partition, nesting, routable paths, and that the script still draws it."""

import json
import math
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
from collections import Counter, deque
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from web.romanise import place_name

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "data" / "boundaries"
LATITUDE = 41.789
METRES = np.array([111_320 * math.cos(math.radians(LATITUDE)), 111_132])  # of a degree, good to 0.3% here


def features(name):
    return json.loads((FOLDER / f"{name}.geojson").read_text(encoding="utf-8"))["features"]


def polygons(name):
    return {f["properties"]["code"]: shape(f["geometry"]) for f in features(name)}


def metric(geometry):
    return shapely.transform(geometry, lambda xy: xy * METRES)


class Osm:
    def __init__(self):
        root = ET.parse(FOLDER / "heping-demo.osm").getroot()
        self.bounds = next(root.iter("bounds")).attrib
        self.places, self.node_tags, self.ways = {}, {}, []
        for node in root.iter("node"):
            self.places[node.get("id")] = (float(node.attrib["lon"]), float(node.attrib["lat"]))
            self.node_tags[node.get("id")] = tags_of(node)
        for way in root.iter("way"):
            self.ways.append(([nd.get("ref") for nd in way.iter("nd")], tags_of(way)))
        self.slabs = [(refs, tags) for refs, tags in self.ways if tags.get("building") == "apartments"]
        self.others = [
            (refs, tags) for refs, tags in self.ways if tags.get("building", "apartments") != "apartments"
        ]
        self.walls = [(refs, tags) for refs, tags in self.ways if tags.get("landuse") == "residential"]

    def polygon(self, refs):
        return shapely.Polygon([self.places[r] for r in refs])

    def doors(self, refs=None):
        nodes = refs or self.node_tags
        return [r for r in dict.fromkeys(nodes) if self.node_tags[r].get("entrance") == "staircase"]


def tags_of(element):
    return {tag.get("k"): tag.get("v") for tag in element.iter("tag")}


@pytest.fixture(scope="module")
def osm():
    return Osm()


@pytest.fixture(scope="module")
def cells():
    return polygons("micro_grids")


def test_counts():
    assert len(features("community")) == 1
    assert [f["properties"]["code"] for f in features("grids")] == [f"{k:02d}" for k in range(1, 16)]
    assert len(polygons("micro_grids")) == 141
    assert list(polygons("courtyards")) == [f"Y{k:02d}" for k in range(1, 27)]
    assert len(polygons("stations")) == 12


def test_manifest_names_files_that_exist():
    manifest = tomllib.loads((FOLDER / "community.toml").read_text(encoding="utf-8"))
    assert manifest["community"]["id"] == features("community")[0]["properties"]["code"] == "heping"
    assert all((FOLDER / name).is_file() for name in manifest["files"].values())


def test_people():
    rows = [f["properties"] for f in features("micro_grids")]
    households = [row["households"] for row in rows]
    mean = sum(households) / len(households)
    assert 2_900 <= sum(households) <= 3_100
    assert features("community")[0]["properties"]["households"] == sum(households)
    assert sum(abs(h - mean) <= 0.2 * mean for h in households) >= 0.95 * len(households)
    assert 0.23 <= sum(r["elderly"] for r in rows) / sum(r["residents"] for r in rows) <= 0.25


@pytest.mark.parametrize("layer", ["micro_grids", "grids"])
def test_coverage_is_valid(layer):
    shapes = list(polygons(layer).values())
    assert all(s.is_valid and s.geom_type == "Polygon" and not s.interiors for s in shapes)
    assert shapely.coverage_is_valid(shapes)


def test_layers_nest_exactly(cells):
    grids, community = polygons("grids"), next(iter(polygons("community").values()))
    parents = {f["properties"]["code"]: f["properties"]["grid_code"] for f in features("micro_grids")}
    for code, grid in grids.items():
        assert shapely.coverage_union_all([c for k, c in cells.items() if parents[k] == code]).equals(grid)
    assert shapely.coverage_union_all(list(grids.values())).equals(community)
    assert set(shapely.get_coordinates(community).ravel()) <= set(
        shapely.get_coordinates(list(cells.values())).ravel()
    )


def test_cells_are_compact(cells):
    scores = sorted(4 * math.pi * m.area / m.length**2 for m in map(metric, cells.values()))
    assert scores[0] >= 0.25
    assert scores[len(scores) // 2] >= 0.6


def test_community_lies_where_it_says():
    middle = next(iter(polygons("community").values())).centroid
    offset = (np.array([middle.x, middle.y]) - [123.415, LATITUDE]) * METRES
    assert np.hypot(*offset) < 30
    assert 0.30e6 < metric(next(iter(polygons("community").values()))).area < 0.42e6


def test_buildings(osm):
    assert len(osm.slabs) == 100
    assert len(osm.others) == 120
    kinds = Counter(tags["building"] for _, tags in osm.others)
    assert kinds["retail"] >= 40
    assert {"school", "kindergarten", "kiosk", "industrial", "chimney", "shed", "public"} <= set(kinds)
    for refs, tags in osm.slabs:
        doors = osm.doors(refs)
        assert 2 <= len(doors) <= 4
        assert sorted(osm.node_tags[d]["addr:unit"] for d in doors) == list("1234"[: len(doors)])
        assert sum(int(osm.node_tags[d]["addr:flats"]) for d in doors) == int(tags["building:flats"])
        assert 5 <= int(tags["building:levels"]) <= 7


def test_buildings_keep_apart(osm):
    shapes = [metric(osm.polygon(refs)) for refs, _ in osm.slabs + osm.others]
    tree = shapely.STRtree(shapes)
    for a, b in tree.query(shapes, predicate="intersects").T:
        assert a == b or shapes[a].intersection(shapes[b]).area < 0.01


def test_named_addresses(osm):
    addresses = Counter((tags["addr:street"], tags["addr:housenumber"]) for _, tags in osm.slabs)
    assert {("八经街", "46号"), ("八经街", "32号"), ("六纬路", "2号")} <= set(addresses)
    assert max(addresses.values()) == 1


def test_courtyards_cover_their_slabs(osm):
    yards = list(polygons("courtyards").values())
    for refs, _ in osm.slabs:
        slab = osm.polygon(refs)
        assert sum(yard.covers(slab) for yard in yards) == 1
    assert all(metric(yard).area > 2_000 for yard in yards)
    assert not any(a.crosses(b) or a.overlaps(b) for a in yards for b in yards)


def test_every_door_is_in_one_micro_grid_with_its_households(osm, cells):
    tree, codes = shapely.STRtree(list(cells.values())), list(cells)
    flats: Counter[str] = Counter()
    for door in osm.doors():
        found = tree.query(shapely.Point(osm.places[door]), predicate="intersects")
        assert len(found) == 1
        flats[codes[found[0]]] += int(osm.node_tags[door]["addr:flats"])
    assert flats == {f["properties"]["code"]: f["properties"]["households"] for f in features("micro_grids")}


def test_borders_cut_slabs_only_between_stairwells(osm, cells):
    borders = metric(shapely.union_all([c.boundary for c in cells.values()]))
    cuts = 0
    for refs, _ in osm.slabs:
        slab = metric(osm.polygon(refs))
        inside = borders.intersection(slab.buffer(-0.3))
        if inside.is_empty:
            continue
        cuts += 1
        count = len(osm.doors(refs))
        start, along = long_side(slab)
        length = np.hypot(*along)
        places = (shapely.get_coordinates(inside) - start) @ along / length
        walls = [length * k / count for k in range(1, count)]
        assert all(min(abs(p - w) for w in walls) < 0.5 for p in places)
    assert cuts == 41


def long_side(slab):
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(slab))
    sides = [(corners[k], corners[k + 1] - corners[k]) for k in range(2)]
    return max(sides, key=lambda side: np.hypot(*side[1]))


def test_other_buildings_lie_in_one_micro_grid(osm, cells):
    tree = shapely.STRtree(list(cells.values()))
    for refs, tags in osm.others:
        assert len(tree.query(osm.polygon(refs), predicate="within")) == 1, tags


def walk(osm, start, *, closed=()):
    links: dict[str, list[str]] = {}
    for refs, tags in osm.ways:
        if "highway" in tags:
            for a, b in pairwise(refs):
                links.setdefault(a, []).append(b)
                links.setdefault(b, []).append(a)
    reached, queue = {start}, deque([start])
    while queue:
        for other in links[queue.popleft()]:
            if other not in reached and other not in closed:
                reached.add(other)
                queue.append(other)
    return reached, links


def test_every_door_is_reached_on_foot(osm):
    street = next(refs for refs, tags in osm.ways if tags.get("name") == "八经街")
    locked = {n for n, tags in osm.node_tags.items() if tags.get("access") == "private"}
    reached, links = walk(osm, street[0], closed=locked)
    doors = osm.doors()
    assert len(locked) >= 3
    assert sum(d in reached for d in doors) >= 0.99 * len(doors)
    assert set(links) - locked <= reached


def test_walls_are_crossed_at_gates_only(osm):
    assert len(osm.walls) == 26
    gates = {n for n, tags in osm.node_tags.items() if "barrier" in tags}
    paths = [
        (shapely.LineString([osm.places[r] for r in refs]), refs) for refs, t in osm.ways if "highway" in t
    ]
    for refs, tags in osm.walls:
        wall = shapely.LinearRing([osm.places[r] for r in refs])
        own = [osm.places[r] for r in refs if r in gates]
        assert len(own) >= 2, tags
        for line, _ in paths:
            for p in shapely.get_parts(wall.intersection(line)):
                assert p.is_empty or min(p.distance(shapely.Point(g)) for g in own) < 1e-6, tags
    kinds = Counter(osm.node_tags[g]["barrier"] for g in gates)
    assert kinds["gate"] > kinds["kissing_gate"] > 5


def test_paths_keep_out_of_buildings(osm):
    shapes = [metric(osm.polygon(refs)).buffer(-0.3) for refs, _ in osm.slabs + osm.others]
    tree = shapely.STRtree(shapes)
    lines = [
        metric(shapely.LineString([osm.places[r] for r in refs])) for refs, t in osm.ways if "highway" in t
    ]
    assert tree.query(lines, predicate="intersects").size == 0


def test_stations_lie_in_the_community():
    community = next(iter(polygons("community").values()))
    for f in features("stations"):
        assert community.contains(shape(f["geometry"]))
        known = {"charging", "microwave", "first_aid", "water", "toilet", "wifi", "rest"}
        assert set(f["properties"]["amenities"].split(";")) <= known
        assert f["properties"]["opening_hours"]


def test_extract_is_bounded_and_complete(osm):
    lons, lats = zip(*osm.places.values(), strict=True)
    assert float(osm.bounds["minlon"]) <= min(lons) <= max(lons) <= float(osm.bounds["maxlon"])
    assert float(osm.bounds["minlat"]) <= min(lats) <= max(lats) <= float(osm.bounds["maxlat"])
    assert all(r in osm.places for refs, _ in osm.ways for r in refs)
    assert all("name:en" in tags for _, tags in osm.ways if "name" in tags)


def test_streets_are_called_alike_on_the_map_and_in_lists(osm):
    streets = {
        tags["name"]: tags["name:en"]
        for _, tags in osm.ways
        if tags.get("name", "")[-1:] in {"路", "街", "巷"} and "highway" in tags
    }
    assert {"南五马路", "五纬南巷", "六纬二巷"} <= streets.keys()
    assert {name: place_name("en", name) for name in streets} == streets | {
        "和平新村巷": "Hepingxincun Lane"  # where a name ends and 新村 begins no table says
    }


def test_files_are_what_the_script_draws():
    script = ROOT / "scripts" / "draw_demo_community.py"
    done = subprocess.run(
        [sys.executable, str(script), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
