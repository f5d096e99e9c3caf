"""Checks of areas, drawn as pictures: every kind of fault is found where it is, and nothing else is."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from gis.areas.checks import BuildingFacts, Finding, Kind, Limits, Severity, check_areas, errors_of
from gis.areas.columns import AreaRows
from gis.areas.read_vector import read_vector
from gis.crs import metric_crs
from gis.words import Level
from tests.pictures import METRIC, degrees, drawn, picture_rows, rows_of

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "boundaries"
WHOLE = """
aaabbb
aaabbb
cccccc
"""


def kinds(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(one.kind.value, " ".join(one.codes)) for one in findings]


def check(*areas: AreaRows, **options) -> tuple[Finding, ...]:
    return check_areas(areas, METRIC, **options)


def outline(picture: str) -> AreaRows:
    return rows_of({"heping": shapely.union_all(list(drawn(picture).values()))}, Level.COMMUNITY)


def test_a_sound_partition_has_no_fault() -> None:
    assert check(outline(WHOLE), picture_rows(WHOLE)) == ()


def test_a_gap_is_found_with_its_neighbours_place_and_size() -> None:
    (gap,) = check(
        picture_rows("""
            aaabbb
            aa.bbb
            cccccc
            """)
    )
    assert (gap.kind, gap.codes, gap.severity, gap.unit) == (Kind.GAP, ("a", "b", "c"), Severity.ERROR, "m2")
    assert gap.size == pytest.approx(100, abs=0.1)
    assert gap.width_m == pytest.approx(10, rel=0.15)
    assert gap.geometry is not None
    assert gap.lon is not None
    assert gap.lat is not None
    inside = degrees(shapely.box(20, 10, 30, 20))
    assert inside.contains(shapely.Point(gap.lon, gap.lat))
    assert gap.geometry.symmetric_difference(inside).area < 1e-13


def test_a_notch_at_the_outline_is_a_gap_only_where_the_outline_is_known() -> None:
    notched = """
        aaabb.
        aaabbb
        cccccc
        """
    assert check(picture_rows(notched)) == ()
    assert kinds(check(outline(WHOLE), picture_rows(notched))) == [("gap", "b")]


def test_cells_apart_from_the_rest_are_strays_where_no_outline_says_otherwise() -> None:
    island = """
        aabb..
        aabb.c
        """
    (found,) = check(picture_rows(island))
    assert (found.kind, found.codes, found.severity) == (Kind.STRAY_PART, ("c",), Severity.ERROR)


def test_a_slit_between_cells_that_is_open_to_the_outside_is_a_gap() -> None:
    shapes = drawn(WHOLE)
    shapes["a"] = shapely.box(0, 10, 29.7, 30)
    shapes["c"] = shapely.box(0, 0, 60, 10)
    assert kinds(check(rows_of(shapes)))[0] == ("gap", "a b c")
    shapes["a"] = shapely.box(0, 10, 28, 30)  # so wide it may be meant: only an outline can tell
    assert "gap" not in dict(kinds(check(rows_of(shapes))))
    assert kinds(check(outline(WHOLE), rows_of(shapes)))[0] == ("gap", "a b c")


def test_a_lake_in_the_outline_is_no_gap() -> None:
    ring = """
        aaaa
        a..b
        bbbb
        """
    assert kinds(check(picture_rows(ring))) == [("gap", "a b")]
    assert check(outline(ring), picture_rows(ring)) == ()


def test_an_overlap_is_found_once_for_the_pair() -> None:
    shapes = drawn(WHOLE)
    shapes["a"] = shapely.union(shapes["a"], shapely.box(30, 10, 32, 30))
    (overlap,) = check(rows_of(shapes))
    assert (overlap.kind, overlap.codes) == (Kind.OVERLAP, ("a", "b"))
    assert overlap.size == pytest.approx(40, abs=0.1)
    assert overlap.width_m == pytest.approx(2, rel=0.15)


def test_the_same_area_twice_overlaps_as_a_whole() -> None:
    shapes = drawn(WHOLE)
    found = check(rows_of(shapes | {"z": shapes["b"]}))
    assert kinds(found) == [("overlap", "b z")]
    assert found[0].size == pytest.approx(600, abs=1)


def test_a_border_with_a_vertex_on_one_side_only_is_a_mismatch() -> None:
    shapes = drawn(WHOLE)
    shapes["c"] = shapely.box(0, 0, 60, 10)  # without the vertex where a and b meet
    found = check(rows_of(shapes))
    assert {one.kind for one in found} == {Kind.MISMATCH}
    assert errors_of(found) == found
    assert all(one.unit == "m" and one.size > 5 for one in found)


def test_parts_apart_from_their_cell_are_strays() -> None:
    found = check(
        picture_rows("""
            aaabba
            aaabbb
            cccccc
            """)
    )
    assert kinds(found) == [("stray_part", "a")]
    assert found[0].size == pytest.approx(100, abs=0.1)


def test_a_community_in_two_parts_is_only_a_warning() -> None:
    island = """
        aa.bb
        aa.bb
        """
    (found,) = check(outline(island), picture_rows(island))
    assert (found.kind, found.level, found.severity) == (Kind.STRAY_PART, Level.COMMUNITY, Severity.WARNING)


def test_a_self_crossing_area_is_found_where_it_crosses() -> None:
    shapes = drawn(WHOLE)
    bow = shapely.Polygon([(0, 30), (30, 45), (30, 30), (0, 45)])
    found = check(rows_of(shapes | {"z": bow}))
    invalid = found[0]
    assert (invalid.kind, invalid.codes, invalid.features) == (Kind.INVALID, ("z",), ("4",))
    assert invalid.lon is not None
    assert invalid.lat is not None
    crossing = degrees(shapely.Point(15, 37.5))
    assert shapely.Point(invalid.lon, invalid.lat).distance(crossing) < 1e-7
    assert "Self-intersection" in invalid.note


def test_a_sliver_of_a_cell_is_a_warning() -> None:
    shapes = drawn(WHOLE) | {"z": shapely.box(0, 30, 60, 31)}
    shapes["a"], shapes["b"] = shapely.box(0, 10, 30, 30), shapely.box(30, 10, 60, 30)
    shapes["z"] = shapely.Polygon([(0, 30), (30, 30), (60, 30), (60, 31), (0, 31)])
    shapes["c"] = shapely.Polygon([(0, 0), (60, 0), (60, 10), (30, 10), (0, 10)])
    (found,) = check(rows_of(shapes))
    assert (found.kind, found.codes, found.severity) == (Kind.SLIVER, ("z",), Severity.WARNING)


def test_micro_grids_lie_in_their_grid_and_grids_in_the_community() -> None:
    grids = picture_rows("XXXYYY\nXXXYYY\nXXXXXX", Level.GRID)
    nested = picture_rows(WHOLE, parent={"a": "X", "b": "Y", "c": "X"})
    assert check(outline(WHOLE), grids, nested) == ()
    crossed = picture_rows(WHOLE, parent={"a": "X", "b": "X", "c": "X"})
    found = check(outline(WHOLE), grids, crossed)
    assert kinds(found) == [("outside_parent", "b")]
    assert found[0].size == pytest.approx(600, abs=1)
    lost = picture_rows(WHOLE, parent={"a": "X", "b": "Q", "c": "X"})
    (orphan,) = check(outline(WHOLE), grids, lost)
    assert (orphan.kind, orphan.codes, orphan.note) == (Kind.NO_PARENT, ("b",), "Q")


def pushed(shape: BaseGeometry, by_m: float) -> BaseGeometry:
    """Return a shape whose eastern end above y = 10 is pushed farther east."""
    return shapely.transform(
        shape, lambda xy: xy + np.where((xy[:, :1] == 60) & (xy[:, 1:] >= 10), [by_m, 0.0], 0.0)
    )


def test_levels_may_differ_by_the_rounding_of_files_but_not_by_more() -> None:
    grids = picture_rows("XXXXXX\nXXXXXX\nXXXXXX", Level.GRID)
    for by_m, faults in ((0.009, 0), (0.06, 2)):
        shapes = drawn(WHOLE)
        shapes["b"] = pushed(shapes["b"], by_m)
        shapes["c"] = pushed(shapes["c"], by_m)
        found = check(grids, rows_of(shapes, parent=dict.fromkeys("abc", "X")))
        assert len(found) == faults, found


def test_there_is_one_community() -> None:
    two = rows_of({"p": shapely.box(0, 0, 30, 30), "q": shapely.box(30, 0, 60, 30)}, Level.COMMUNITY)
    (found,) = check(two)
    assert (found.kind, found.codes) == (Kind.NO_COMMUNITY, ("p", "q"))


def test_codes_and_names() -> None:
    rows = picture_rows(WHOLE)
    assert kinds(check(replace(rows, name=["甲", " ", "丙"]))) == [("unnamed", "b")]
    (twice,) = check(replace(rows, name=["甲", "甲", "丙"]))
    assert (twice.kind, twice.codes, twice.note, twice.severity) == (
        Kind.DOUBLY_NAMED,
        ("a", "b"),
        "甲",
        Severity.WARNING,
    )
    (coded,) = check(replace(rows, code=["a", "a", "c"]))
    assert (coded.kind, coded.features, coded.severity) == (Kind.DOUBLY_CODED, ("1", "2"), Severity.ERROR)
    (bare,) = check(replace(rows, code=["a", "", "c"]))
    assert (bare.kind, bare.features) == (Kind.UNCODED, ("2",))


def slab(x_m: float, doors: tuple[float, ...]) -> BuildingFacts:
    """Return a slab building of 40 x 12 m with doors at so many metres from its western end."""
    shapes = [degrees(shapely.box(x_m, 10, x_m + 40, 22))]
    points = [degrees(shapely.Point(x_m + door, 10)) for door in doors]
    return BuildingFacts(
        ["b1"],
        np.array(shapes, dtype=object),
        np.array(points, dtype=object).reshape(-1),
        np.zeros(len(doors), dtype=np.int64),
    )


HALVES = """
aaabbb
aaabbb
aaabbb
"""


@pytest.mark.parametrize(
    ("x_m", "doors", "cut"),
    [
        (10, (10, 30), False),  # the border at 30 m runs between the doors at 20 and 40
        (10, (3, 10), True),  # both doors in the western cell: the eastern part has none
        (10, (10,), True),
        (10, (), True),
        (-10 + 0.3, (10, 30), False),  # ends 0.3 m behind the border: drawn beside the wall
        (-10 + 3, (10, 30), True),
    ],
)
def test_a_border_cuts_a_building_only_between_two_stairwells(x_m: float, doors, cut: bool) -> None:
    found = check(picture_rows(HALVES), buildings=slab(x_m + 0.0, doors))
    assert [one.kind for one in found] == ([Kind.BUILDING_CUT] if cut else [])
    if cut:
        assert found[0].features == ("b1",)
        assert found[0].severity is Severity.WARNING
        assert found[0].size == pytest.approx(12, abs=0.5)  # the border's way through it


def test_a_border_along_a_building_is_a_cut_even_if_both_halves_have_doors() -> None:
    lengthwise = """
        aaaaaa
        bbbbbb
        """
    footprint = degrees(shapely.box(10, 4, 50, 16))
    doors = [degrees(shapely.Point(x, y)) for x, y in ((20, 4), (40, 16))]
    facts = BuildingFacts(
        ["b1"],
        np.array([footprint], dtype=object),
        np.array(doors, dtype=object),
        np.zeros(2, dtype=np.int64),
    )
    assert [one.kind for one in check(picture_rows(lengthwise), buildings=facts)] == [Kind.BUILDING_CUT]


def test_courtyards_hold_their_buildings_whole() -> None:
    facts = slab(5, (10, 30))
    whole = rows_of({"Y1": shapely.box(0, 5, 50, 25)}, Level.COURTYARD)
    assert check(whole, buildings=facts) == ()
    partly = rows_of({"Y1": shapely.box(0, 5, 40, 25)}, Level.COURTYARD)
    (found,) = check(partly, buildings=facts)
    assert (found.kind, found.codes, found.features) == (Kind.COURTYARD_CUTS, ("Y1",), ("b1",))
    assert found.size == pytest.approx(5 * 12, abs=0.5)


def test_faults_of_courtyards_do_not_forbid_publishing() -> None:
    yards = rows_of({"Y1": shapely.box(0, 5, 40, 25), "Y2": shapely.box(30, 5, 70, 25)}, Level.COURTYARD)
    found = check(outline(WHOLE), yards)
    assert {one.kind for one in found} == {Kind.OVERLAP, Kind.OUTSIDE_PARENT}
    assert errors_of(found) == ()


def test_a_ring_of_fifty_thousand_vertices_is_told() -> None:
    heavy = rows_of({"z": shapely.Point(30, 80).buffer(30, quad_segs=12_500)})
    found = check(heavy)
    assert [(one.kind, one.codes, one.unit) for one in found] == [(Kind.HEAVY, ("z",), "vertices")]
    assert found[0].size == 50_001


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        (shapely.LineString([(123.4, 41.7), (123.5, 41.8)]), Kind.NOT_POLYGON),
        (shapely.Polygon(), Kind.NOT_POLYGON),
        (shapely.box(-179.9, 41, 179.9, 42), Kind.ANTIMERIDIAN),
        (shapely.box(500_000, 4_000_000, 500_100, 4_000_100), Kind.OUT_OF_RANGE),
        (shapely.box(123, 95, 124, 96), Kind.OUT_OF_RANGE),
    ],
)
def test_what_cannot_be_measured_is_named_and_the_rest_is_still_checked(shape, kind: Kind) -> None:
    rows = picture_rows("""
        aaabbbz
        aa.bbbz
        cccccc.
        """)
    geometry = rows.geometry.copy()
    geometry[3] = shape
    found = check(replace(rows, geometry=geometry))
    assert kinds(found) == [(kind.value, "z"), ("gap", "a b c")]
    assert found[0].features == ("4",)


def test_findings_come_in_one_order_whatever_the_order_of_the_rows() -> None:
    rows = picture_rows("""
        aa.bb.cc
        a...b..c
        dddddddd
        """)
    whole = outline("xxxxxxxx\nxxxxxxxx\nxxxxxxxx")
    first = check(whole, rows)
    assert len(first) == 2
    back = list(range(len(rows)))[::-1]
    turned = AreaRows(
        rows.level,
        [rows.code[row] for row in back],
        [rows.name[row] for row in back],
        rows.name_en,
        rows.parent_code,
        rows.households,
        rows.attributes,
        rows.geometry[back],
    )
    assert [(one.kind, one.codes, round(one.size, 6)) for one in first] == [
        (one.kind, tuple(sorted(one.codes)), round(one.size, 6)) for one in check(whole, turned)
    ]
    assert [one.size for one in first] == sorted((one.size for one in first), reverse=True)


def test_findings_are_features_to_draw() -> None:
    (gap,) = check(picture_rows("aaa\na.a\naab"), limits=Limits())
    feature = json.loads(json.dumps(gap.as_feature()))
    assert feature["geometry"]["type"] == "Polygon"
    assert feature["properties"]["kind"] == "gap"
    assert "gap" in gap.detail
    assert "m2" in gap.detail


def thousands(count: int, spoiled: int = 0) -> AreaRows:
    """Return a bent raster of count x count cells, some of them pushed over their neighbours."""
    steps = np.linspace(0, count * 50.0, count + 1)
    x, y = np.meshgrid(steps, steps)
    bent = np.dstack([x + 8 * np.sin(y / 90), y + 8 * np.cos(x / 70)])
    shapes = {
        f"{row:02}{column:02}": shapely.Polygon(
            [bent[row, column], bent[row, column + 1], bent[row + 1, column + 1], bent[row + 1, column]]
        )
        for row in range(count)
        for column in range(count)
    }
    for code in list(shapes)[:: max(len(shapes) // spoiled, 1)] if spoiled else ():
        shapes[code] = shapely.affinity.scale(shapes[code], 1.02, 1.01)
    return rows_of(shapes)


def test_five_thousand_cells_are_checked() -> None:
    sound, spoiled = thousands(71), thousands(71, spoiled=500)
    assert check(sound) == ()
    assert len(check(spoiled)) > 1000


@pytest.mark.skipif(not REAL.exists(), reason="the real boundaries are not here")
def test_real_boundaries() -> None:
    def cells(name: str) -> AreaRows:
        frame = read_vector(REAL / name)
        return rows_named(frame)

    assert check_areas([cells("seoul_clean.geojson")], metric_crs(5186)) == ()
    found = check_areas([cells("zurich_slivers.geojson")], metric_crs(32632), limits=Limits(noise_m2=0))
    count = {kind: sum(one.kind is kind for one in found) for kind in Kind}
    assert count[Kind.INVALID] == 7
    assert count[Kind.OVERLAP] >= 50
    assert count[Kind.GAP] >= 700


def rows_named(frame) -> AreaRows:
    from gis.areas.columns import area_rows

    return area_rows(frame, Level.MICRO_GRID, "file")


def test_the_demo_has_no_fault() -> None:
    from gis.areas.columns import area_rows

    folder = Path("data/boundaries")
    levels = (
        ("community", Level.COMMUNITY),
        ("grids", Level.GRID),
        ("micro_grids", Level.MICRO_GRID),
        ("courtyards", Level.COURTYARD),
    )
    areas = [area_rows(read_vector(folder / f"{name}.geojson"), level, name) for name, level in levels]
    assert check_areas(areas, METRIC) == ()
