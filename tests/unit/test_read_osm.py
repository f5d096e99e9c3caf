"""OpenStreetMap files to segments, gates, buildings with doors, and features."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.errors import InvalidInputError
from gis.streets import read_osm
from gis.streets.objects import count

SHARED = Path(__file__).parents[3] / "shared/data/osm"
DEMO = Path("data/boundaries/heping-demo.osm")
STEP_DEG = 0.0005
Nodes = dict[int, tuple[float, float, dict[str, str]]]
there = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data folder is not there")


def osm(
    folder: Path,
    nodes: Nodes,
    ways: list[tuple[list[int], dict[str, str]]],
) -> Path:
    """Write an .osm file; nodes stand at columns and rows of 0.0005 degrees."""

    def tags(values: dict[str, str]) -> str:
        return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in values.items())

    lines = [
        f'<node id="{number}" version="1" lon="{123.4 + x * STEP_DEG:.7f}" lat="{41.78 + y * STEP_DEG:.7f}">{tags(values)}</node>'
        for number, (x, y, values) in nodes.items()
    ]
    lines += [
        f'<way id="{number}" version="1">{"".join(f"""<nd ref="{ref}"/>""" for ref in refs)}{tags(values)}</way>'
        for number, (refs, values) in enumerate(ways, start=100)
    ]
    file = folder / "map.osm"
    file.write_text(f'<?xml version="1.0"?><osm version="0.6">{"".join(lines)}</osm>', "utf-8")
    return file


def pieces(segments) -> int:
    ids, flat = np.unique(np.concatenate([segments.from_node, segments.to_node]), return_inverse=True)
    half = len(segments)
    graph = coo_array((np.ones(half), (flat[:half], flat[half:])), shape=(len(ids), len(ids))).tocsr()
    return int(connected_components(graph, directed=False)[0])


@pytest.mark.parametrize(
    ("tags", "underground"),
    [
        ({}, False),
        ({"tunnel": "yes"}, True),
        ({"tunnel": "no"}, False),
        ({"tunnel": "building_passage"}, False),
        ({"layer": "-1"}, False),  # an underpass in the open divides people all the same
        ({"location": "underground"}, True),
        ({"indoor": "yes"}, True),
    ],
)
def test_a_street_that_goes_underground_is_a_segment_of_its_own(tmp_path, tags, underground):
    nodes: Nodes = {number: (number, 0.0, {}) for number in range(1, 5)}
    plain = {"highway": "primary", "name": "长街"}
    segments = read_osm(
        osm(tmp_path, nodes, [([1, 2], plain), ([2, 3], plain | tags), ([3, 4], plain)])
    ).segments
    assert segments.underground.tolist() == ([False, True, False] if underground else [False])


def test_ways_become_segments_between_crossings(tmp_path):
    nodes: Nodes = {number: (number, 0.0, {}) for number in range(1, 6)} | {6: (3, 1, {}), 7: (3, -1, {})}
    ways = [
        (
            [1, 2, 3],
            {
                "highway": "residential",
                "name": "八经街",
                "name:en": "Bajing Street",
                "old_name": "浪速通; 八经",
            },
        ),
        (
            [5, 4, 3],
            {"highway": "residential", "name": "八经街", "name:en": "Bajing Street", "oneway": "yes"},
        ),
        ([6, 3, 7], {"highway": "footway"}),
    ]
    segments = read_osm(osm(tmp_path, nodes, ways)).segments
    ends = sorted(
        tuple(sorted(pair))
        for pair in zip(segments.from_node.tolist(), segments.to_node.tolist(), strict=True)
    )
    assert ends == [(1, 3), (3, 5), (3, 6), (3, 7)]
    row = segments.ref.index("3-5/1")
    # the one-way street is drawn from 5 to 3, the segment from 3 to 5
    assert (segments.walk[row], segments.e_bike[row], segments.car[row]) == (3, 2, 2)
    assert (segments.name[row], segments.name_en[row], segments.kind[row]) == (
        "八经街",
        "Bajing Street",
        "residential",
    )
    assert len(segments.geometry[row].coords) == 3
    # a way without the other name goes on with the one that has it
    assert segments.aliases[segments.ref.index("1-3/1")] == ["浪速通", "八经"]
    assert segments.aliases[row] == []


def test_gates_stay_nodes(tmp_path):
    nodes: Nodes = {number: (number, 0.0, {}) for number in range(1, 6)}
    nodes[3] = (3, 0.0, {"barrier": "gate", "name": "东门", "motor_vehicle": "no"})
    nodes[4] = (4, 0.0, {"barrier": "kerb"})
    nodes |= {8: (8, 8, {"barrier": "gate"})}  # in a wall, on no street
    extract = read_osm(osm(tmp_path, nodes, [([1, 2, 3, 4, 5], {"highway": "service"})]))
    assert extract.segments.ref == ["1-3/1", "3-5/1"]
    gates = extract.gates
    assert (gates.node_id.tolist(), gates.kind, gates.name) == ([3], ["gate"], ["东门"])
    assert (gates.walk[0], gates.e_bike[0], gates.car[0]) == (True, True, False)


def test_buildings_doors_and_features(tmp_path):
    nodes: Nodes = {
        1: (1, 1, {}),
        2: (2, 1, {"entrance": "staircase", "addr:unit": "1", "addr:flats": "12"}),
        3: (3, 1, {"entrance": "service"}),
        4: (3, 2, {}),
        5: (1, 2, {}),
        6: (0, 0, {}),
        7: (4, 0, {}),
        8: (5, 5, {"natural": "tree"}),
        9: (9, 9, {"entrance": "yes"}),
    }
    ways = [
        (
            [1, 2, 3, 4, 5, 1],
            {
                "building": "apartments",
                "addr:street": "八经街",
                "addr:housenumber": "46",
                "building:levels": "6",
                "building:flats": "24",
            },
        ),
        ([6, 7], {"highway": "residential"}),
        ([6, 1, 5], {"barrier": "wall"}),
        ([6, 7, 4, 6], {"landuse": "grass", "name": "绿地"}),
        ([1, 4, 5, 1], {"building": "no"}),
    ]
    extract = read_osm(osm(tmp_path, nodes, ways))
    buildings, doors = extract.buildings, extract.stairwells
    assert (buildings.street, buildings.housenumber, buildings.levels, buildings.flats) == (
        ["八经街"],
        ["46"],
        [6],
        [24],
    )
    assert buildings.ref == ["way/100"]
    assert (doors.ref, doors.unit, doors.flats, doors.building.tolist()) == (["node/2"], ["1"], [12], [0])
    assert sorted(zip(extract.features.kind, extract.features.name, strict=True)) == [
        ("grass", "绿地"),
        ("tree", ""),
        ("wall", ""),
    ]


def test_cutting_keeps_the_network_in_one_piece(tmp_path):
    """Two streets that meet only far outside the box stay joined by the way around."""
    nodes: Nodes = {
        1: (0, 0, {}),
        2: (40, 0, {}),
        3: (40, 4, {}),
        4: (0, 4, {}),
        5: (60, 0, {}),
        6: (1, 9, {}),
        7: (40, 90, {}),
    }
    ways = [
        ([1, 2, 3, 4], {"highway": "residential", "name": "回头路"}),
        ([2, 5], {"highway": "residential"}),
        ([3, 7], {"highway": "residential"}),
    ]
    box = shapely.box(123.3999, 41.7795, 123.4030, 41.7830)
    extract = read_osm(osm(tmp_path, nodes, ways), box)
    assert pieces(extract.segments) == 1
    assert set(extract.segments.name) == {"回头路"}  # what leads away isn't kept


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"no map at all", "a.osm", "osm_unreadable"),
        (b"", "a.osm", "osm_unreadable"),
        (b"", "a.osm.pbf", "osm_unreadable"),
        (b"\x00\x00\x00\x0d\x0a\x09OSMHeader" + bytes(50), "a.osm.pbf", "osm_unreadable"),
        (b"{}", "a.geojson", "osm_unreadable"),
        (b'<?xml version="1.0"?><osm version="0.6"></osm>', "a.osm", "osm_empty"),
        (b'<?xml version="1.0"?><osm version="0.6"><node id="1" lon="1" lat="1">', "a.osm", "osm_unreadable"),
    ],
)
def test_files_that_are_no_map(tmp_path, content, name, code):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InvalidInputError) as refused:
        read_osm(tmp_path / name)
    assert refused.value.code == code
    assert "\n" not in str(refused.value)


def test_missing_file_no_streets_and_elsewhere(tmp_path):
    with pytest.raises(InvalidInputError) as refused:
        read_osm(tmp_path / "nowhere.osm")
    assert refused.value.code == "file_missing"
    nodes: Nodes = {1: (1, 1, {}), 2: (2, 1, {}), 3: (2, 2, {})}
    file = osm(tmp_path, nodes, [([1, 2, 3, 1], {"building": "yes"})])
    with pytest.raises(InvalidInputError) as refused:
        read_osm(file)
    assert refused.value.code == "osm_no_streets"
    with pytest.raises(InvalidInputError) as refused:
        read_osm(file, shapely.box(7, 43, 8, 44))
    assert refused.value.code == "boundary_outside_data"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        ("1-12", 12),
        ("1;2;5-8", 6),
        ("A", None),
        ("", None),
        (None, None),
        ("0", None),
        ("101,102", 2),
        ("1-99999999", None),
    ],
)
def test_counting_flats(text, number):
    assert count(text) == number


def test_the_demo_community():
    extract = read_osm(DEMO)
    assert pieces(extract.segments) == 1
    assert len(extract.buildings) == 220
    assert sum(flats or 0 for flats in extract.stairwells.flats) == 3018
    assert len(extract.gates) == 78
    assert extract.gates.walk.sum() > extract.gates.e_bike.sum() > extract.gates.car.sum() > 0
    assert {"八经街", "六纬路", "北五经街"} <= set(extract.segments.name)


@there
@pytest.mark.parametrize(
    ("name", "box", "least"),
    [
        ("beijing_tsinghua.osm", (116.315, 39.995, 116.325, 40.005), (500, 25, 130)),
        ("monaco_20231121.osm.pbf", None, (4000, 80, 1200)),
        ("liechtenstein-2013-08-03.osm.pbf", None, (4500, 40, 3600)),
    ],
)
def test_real_extracts(name, box, least):
    extract = read_osm(SHARED / name, shapely.box(*box) if box else None)
    assert len(extract.segments) > least[0]
    assert len(extract.gates) > least[1]
    assert len(extract.buildings) > least[2]
    assert shapely.is_valid(extract.buildings.geometry).all()
    assert len(set(extract.segments.ref)) == len(extract.segments)
    assert len(set(extract.features.ref)) == len(extract.features)


@there
def test_buildings_alone_are_no_community():
    with pytest.raises(InvalidInputError) as refused:
        read_osm(SHARED / "shenyang_buildings_only.osm.pbf")
    assert refused.value.code == "osm_no_streets"
