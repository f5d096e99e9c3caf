"""Repairs: proposed and measured, never farther than the tolerance, and what is sound is not touched."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from gis.areas.checks import Kind, errors_of
from gis.areas.columns import AreaRows, area_rows
from gis.areas.read_vector import read_vector
from gis.areas.repair import RepairProposal, propose_repair
from gis.areas.repair.movement import Borders
from gis.crs import metric_crs
from gis.errors import InvalidInputError
from gis.words import Level
from tests.extent import examples, only_whole
from tests.pictures import CORNER, METRIC, drawn, rows_of

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "boundaries"
WHOLE = """
aaabbb
aaabbb
cccccc
"""


def metres(rows: AreaRows) -> dict[str, BaseGeometry]:
    """Return areas in metres from the pictures' corner."""
    plain = shapely.transform(METRIC.project_geometries(rows.geometry), lambda xy: xy - np.array(CORNER))
    return dict(zip(rows.code, plain, strict=True))


def repair(shapes: Mapping[str, BaseGeometry], tolerance_m: float = 0.5) -> RepairProposal:
    return propose_repair([rows_of(shapes)], METRIC, tolerance_m=tolerance_m)


def kinds(proposal: RepairProposal) -> list[tuple[str, str]]:
    return [(one.kind.value, " ".join(one.codes)) for one in proposal.remaining]


def is_coverage(rows: AreaRows) -> bool:
    return bool(shapely.is_valid(rows.geometry).all() and shapely.coverage_is_valid(rows.geometry))


def test_sound_areas_come_back_as_they_are() -> None:
    rows = rows_of(drawn(WHOLE))
    proposal = propose_repair([rows], METRIC)
    assert proposal.areas[0] is rows
    assert (proposal.changes, proposal.remaining, proposal.moved_m2, proposal.largest_move_m) == (
        (),
        (),
        0,
        0,
    )


def test_a_narrow_gap_goes_to_the_neighbour_with_the_longest_border() -> None:
    shapes = drawn(WHOLE)
    shapes["a"] = shapely.box(0, 10, 29.7, 30)
    shapes["b"] = shapely.Polygon([(30, 10), (60, 10), (60, 30), (30, 30), (30, 25), (30, 15)])
    shapes["c"] = shapely.Polygon([(0, 0), (60, 0), (60, 10), (30, 10), (29.7, 10), (0, 10)])
    outline = rows_of({"heping": shapely.box(0, 0, 60, 30)}, Level.COMMUNITY)
    cells = rows_of(shapes, parent={})
    refused = propose_repair([outline, cells], METRIC, tolerance_m=0.1)
    assert [one.kind for one in refused.remaining] == [Kind.GAP]
    shapes["d"] = shapely.Polygon([(0, 30), (29.7, 30), (30, 30), (60, 30), (60, 40), (0, 40)])
    proposal = repair(shapes)
    assert proposal.remaining == ()
    assert proposal.largest_move_m == pytest.approx(0.3, abs=0.02)
    assert proposal.moved_m2 == pytest.approx(0.3 * 20, rel=0.02)
    after = metres(proposal.areas[0])
    assert max(after["a"].area - shapes["a"].area, after["b"].area - shapes["b"].area) == pytest.approx(
        6, rel=0.02
    )


def test_an_overlap_goes_to_one_of_the_two() -> None:
    shapes = drawn(WHOLE)
    shapes["a"] = shapely.union(shapes["a"], shapely.box(30, 10, 30.4, 30))
    proposal = repair(shapes)
    assert proposal.remaining == ()
    assert is_coverage(proposal.areas[0])
    assert proposal.moved_m2 == pytest.approx(8, rel=0.02)


def test_what_needs_more_than_the_tolerance_stays_and_is_told_and_the_rest_is_repaired() -> None:
    shapes = drawn("""
        aaabbbddd
        aaabbbddd
        cccccceee
        """)
    shapes["a"] = shapely.union(shapes["a"], shapely.box(30, 10, 33, 30))  # 3 m into b
    shapes["e"] = shapely.union(shapes["e"], shapely.box(60, 10, 90, 10.3))  # 0.3 m into d
    proposal = repair(shapes)
    assert kinds(proposal) == [("overlap", "a b")]
    assert proposal.remaining[0].size == pytest.approx(60, rel=0.01)
    assert proposal.largest_move_m <= 0.5
    assert {change.code for change in proposal.changes} >= {"d"} or {
        change.code for change in proposal.changes
    } >= {"e"}


def test_a_bow_tie_is_made_valid_and_its_small_lobe_joins_the_neighbour() -> None:
    shapes = drawn(WHOLE)
    # the eastern border of a crosses itself at the top: a lobe of 0.2 m inside b
    shapes["a"] = shapely.Polygon([(0, 10), (30, 10), (30, 29), (29.8, 30), (30.0, 30), (29.8, 29), (0, 30)])
    assert not shapes["a"].is_valid
    proposal = repair(shapes)
    assert errors_of(proposal.remaining) == ()
    assert is_coverage(proposal.areas[0])
    assert all(shape.geom_type == "Polygon" for shape in metres(proposal.areas[0]).values())


def test_a_stray_part_joins_the_neighbour_when_that_is_near_enough() -> None:
    shapes = drawn("""
        aaabba
        aaabbb
        cccccc
        """)
    assert kinds(repair(shapes, 0.5)) == [("stray_part", "a")]
    proposal = repair(shapes, 12)
    assert proposal.remaining == ()
    assert metres(proposal.areas[0])["b"].area == pytest.approx(600, rel=0.001)
    assert 5 <= proposal.largest_move_m <= 12


def test_a_long_gap_along_many_cells_is_shared_out_among_them() -> None:
    """Given whole to the cell with the longest border it would grow a tentacle along the others."""
    north = {f"n{n}": shapely.box(20 * n, 10.3, 20 * n + 20, 30) for n in range(5)}
    south = {f"s{n}": shapely.box(20 * n, -10, 20 * n + 20, 10) for n in range(5)}
    west, east = {"w": shapely.box(-10, -10, 0, 30)}, {"x": shapely.box(100, -10, 110, 30)}
    west["w"] = shapely.Polygon([(-10, -10), (0, -10), (0, 10), (0, 10.3), (0, 30), (-10, 30)])
    east["x"] = shapely.Polygon([(110, -10), (110, 30), (100, 30), (100, 10.3), (100, 10), (100, -10)])
    proposal = repair(north | south | west | east)
    assert proposal.remaining == ()
    assert proposal.largest_move_m <= 0.5
    assert all(shapely.get_num_geometries(shape) == 1 for shape in proposal.areas[0].geometry)


def test_where_the_library_goes_wrong_its_group_stays_and_the_others_are_repaired(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With some inputs ``coverage_clean`` answers a valid coverage with borders hundreds of metres away."""
    clean = shapely.coverage_clean  # type: ignore[attr-defined]

    def wrong(shapes, **options):
        answer = clean(shapes, **options)
        both = shapely.union(answer[0], answer[1])
        west, south, east, north = both.bounds
        answer[0] = both.intersection(shapely.box(west, south, east - 10, north))
        answer[1] = both.difference(answer[0])
        return answer

    monkeypatch.setattr(shapely, "coverage_clean", wrong)
    shapes = drawn("""
        aaabbb..cccddd
        aaabbb..cccddd
        """)
    shapes["a"] = shapely.union(shapes["a"], shapely.box(30, 0, 30.3, 20))
    shapes["c"] = shapely.union(shapes["c"], shapely.box(110, 0, 110.3, 20))
    outline = rows_of(
        {"heping": shapely.MultiPolygon([shapely.box(0, 0, 60, 20), shapely.box(80, 0, 140, 20)])},
        Level.COMMUNITY,
    )
    proposal = propose_repair([outline, rows_of(shapes)], METRIC, tolerance_m=0.5)
    assert [(one.kind, one.codes) for one in errors_of(proposal.remaining)] == [(Kind.OVERLAP, ("a", "b"))]
    assert {change.code for change in proposal.changes} <= {"c", "d"}
    assert proposal.largest_move_m <= 0.5


def test_a_missing_vertex_is_added_without_moving_anything() -> None:
    shapes = drawn(WHOLE)
    shapes["c"] = shapely.box(0, 0, 60, 10)
    proposal = repair(shapes)
    assert proposal.remaining == ()
    assert "c" in {change.code for change in proposal.changes}
    assert proposal.largest_move_m < 0.001


def test_untouched_vertices_keep_their_very_coordinates() -> None:
    shapes = drawn(WHOLE)
    shapes["a"] = shapely.union(shapes["a"], shapely.box(30, 10, 30.4, 30))
    rows = rows_of(shapes)
    (after,) = propose_repair([rows], METRIC, tolerance_m=0.5).areas
    before = {tuple(xy) for xy in shapely.get_coordinates(rows.geometry)}
    kept = [tuple(xy) in before for xy in shapely.get_coordinates(after.geometry)]
    assert sum(kept) / len(kept) > 0.8
    untouched = [row for row in range(len(rows)) if after.geometry[row] is rows.geometry[row]]
    assert rows.code.index("c") not in untouched or is_coverage(after)


def test_grids_and_the_community_become_the_unions_of_their_micro_grids() -> None:
    shapes = drawn(WHOLE)
    shapes["a"] = shapely.union(shapes["a"], shapely.box(30, 10, 30.4, 30))
    grids = rows_of(
        {
            "X": shapely.box(0, 10, 30.1, 30),
            "Y": shapely.union(shapely.box(30, 10, 60, 30), shapely.box(0, 0, 60, 10)),
        },
        Level.GRID,
    )
    community = rows_of({"heping": shapely.box(0, 0, 60.1, 30)}, Level.COMMUNITY)
    cells = rows_of(shapes, parent={"a": "X", "b": "Y", "c": "Y"})
    proposal = propose_repair([community, grids, cells], METRIC, tolerance_m=0.5)
    assert proposal.remaining == ()
    whole, united, fine = proposal.areas
    for row, code in enumerate(united.code):
        mine = fine.geometry[np.array(fine.parent_code) == code]
        assert shapely.equals(united.geometry[row], shapely.union_all(mine))
    assert shapely.equals(whole.geometry[0], shapely.union_all(united.geometry))
    apart = propose_repair([community, grids, cells], METRIC, tolerance_m=0.5, unite=False)
    assert apart.areas[0].geometry[0] is community.geometry[0]
    assert Kind.OUTSIDE_PARENT in {one.kind for one in apart.remaining}


def test_a_grid_that_is_meant_otherwise_is_not_redrawn() -> None:
    grids = rows_of({"X": shapely.box(0, 0, 20, 30), "Y": shapely.box(20, 0, 60, 30)}, Level.GRID)
    cells = rows_of(drawn(WHOLE), parent={"a": "X", "b": "Y", "c": "Y"})
    proposal = propose_repair([grids, cells], METRIC, tolerance_m=0.5)
    assert proposal.areas[0].geometry[0] is grids.geometry[0]
    assert Kind.OUTSIDE_PARENT in {one.kind for one in proposal.remaining}


def test_cells_are_drawn_out_to_the_outline_and_cut_at_it() -> None:
    shapes = drawn(WHOLE)
    shapes["c"] = shapely.Polygon([(0, -0.3), (60, -0.3), (60, 10), (30, 10), (0, 10)])
    shapes["b"] = shapely.Polygon([(30, 10), (59.8, 10), (59.8, 30), (30, 30)])
    whole = shapely.box(0, 0, 60, 30)
    proposal = propose_repair(
        [rows_of({"heping": whole}, Level.COMMUNITY), rows_of(shapes)], METRIC, tolerance_m=0.5
    )
    assert proposal.remaining == ()
    assert proposal.largest_move_m == pytest.approx(0.3, abs=0.02)
    after = metres(proposal.areas[1])
    assert shapely.symmetric_difference(shapely.union_all(list(after.values())), whole).area < 0.01
    assert shapely.symmetric_difference(metres(proposal.areas[0])["heping"], whole).area < 0.01


def test_courtyards_are_only_made_valid() -> None:
    bow = shapely.Polygon([(0, 0), (20, 10), (20, 0), (0, 10)])
    yards = rows_of({"Y1": bow, "Y2": shapely.box(15, 0, 30, 10)}, Level.COURTYARD)
    proposal = propose_repair([yards], METRIC)
    assert shapely.is_valid(proposal.areas[0].geometry).all()
    assert proposal.areas[0].geometry[1] is yards.geometry[1]


def test_what_is_no_area_is_left_for_the_person() -> None:
    rows = rows_of(drawn(WHOLE))
    geometry = rows.geometry.copy()
    geometry[1] = shapely.LineString([(123.4, 41.7), (123.5, 41.8)])
    proposal = propose_repair([replace(rows, geometry=geometry)], METRIC)
    assert proposal.remaining[0].kind is Kind.NOT_POLYGON
    assert proposal.areas[0].geometry[1] is geometry[1]


@pytest.mark.parametrize("tolerance_m", [0, -1, 25, float("nan")])
def test_the_tolerance_is_limited(tolerance_m: float) -> None:
    with pytest.raises(InvalidInputError) as refused:
        propose_repair([rows_of(drawn(WHOLE))], METRIC, tolerance_m=tolerance_m)
    assert refused.value.code == "tolerance_out_of_range"


def test_changes_are_features_to_draw() -> None:
    shapes = drawn(WHOLE)
    shapes["a"] = shapely.union(shapes["a"], shapely.box(30, 10, 30.4, 30))
    proposal = repair(shapes)
    feature = max(
        (change.as_feature() for change in proposal.changes), key=lambda one: one["properties"]["moved_m2"]
    )
    assert feature["geometry"]["type"] in {"Polygon", "MultiPolygon"}
    assert feature["properties"]["moved_m2"] == pytest.approx(8, rel=0.02)


@pytest.mark.parametrize(
    ("gained", "move_m"),
    [
        (shapely.box(10, 2, 13, 8), 3),  # beyond the eastern border
        (shapely.box(2, 2, 4, 4), 4),  # inside
        (shapely.box(0, 0, 10, 10), 5),  # everything: the middle is the farthest
        (shapely.Polygon([(10, 0), (10, 10), (17, 5)]), 7),
        (shapely.Polygon(), 0),
    ],
)
def test_movement_is_the_distance_of_the_farthest_place_from_the_old_border(gained, move_m: float) -> None:
    borders = Borders(np.array([shapely.box(0, 0, 10, 10)], dtype=object))
    assert borders.move_m(0, gained) == pytest.approx(move_m, rel=0.13)
    assert borders.stays(0, gained, move_m + 0.05)
    assert not borders.stays(0, gained, move_m * 0.8 - 0.05)


@st.composite
def spoiled_partitions(draw: st.DrawFn) -> tuple[dict[str, BaseGeometry], BaseGeometry]:
    """Draw a bent raster of cells and spoil it with slivers up to 0.4 m wide, and self-crossings."""
    columns, rows = draw(st.integers(2, 4)), draw(st.integers(2, 4))
    bend = st.integers(-40, 40).map(lambda tenth: tenth / 10)
    places = {
        (x, y): (
            20.0 * x + (draw(bend) if 0 < x < columns else 0.0),
            20.0 * y + (draw(bend) if 0 < y < rows else 0.0),
        )
        for x in range(columns + 1)
        for y in range(rows + 1)
    }
    shapes: dict[str, BaseGeometry] = {}
    for x in range(columns):
        for y in range(rows):
            ring = [places[x, y], places[x + 1, y], places[x + 1, y + 1], places[x, y + 1]]
            shapes[f"{x}{y}"] = shapely.Polygon(ring)
    whole = shapely.coverage_union_all(list(shapes.values()))
    for code, sound in list(shapes.items()):
        width = draw(st.integers(-40, 40)) / 100
        if abs(width) >= 0.02 and draw(st.booleans()):
            cell = sound.buffer(width, join_style="mitre")
            shapes[code] = cell.intersection(whole) if width > 0 else _punched(sound, cell, draw)
    return shapes, whole


def _punched(cell: BaseGeometry, inner: BaseGeometry, draw: st.DrawFn) -> BaseGeometry:
    """Return a cell drawn in on one of its sides."""
    sides = [shapely.LineString(pair) for pair in pairwise(shapely.get_coordinates(cell))]
    side = draw(st.sampled_from(sides))
    taken = side.buffer(0.3, cap_style="flat").difference(inner)
    return shapely.get_parts(cell.difference(taken))[
        int(np.argmax(shapely.area(shapely.get_parts(cell.difference(taken)))))
    ]


@settings(max_examples=examples(30), deadline=None)
@given(spoiled_partitions())
def test_any_partition_with_slivers_is_repaired_within_the_tolerance(
    spoiled: tuple[dict[str, BaseGeometry], BaseGeometry],
) -> None:
    shapes, whole = spoiled
    outline = rows_of({"heping": whole}, Level.COMMUNITY)
    proposal = propose_repair([outline, rows_of(shapes)], METRIC, tolerance_m=1.0)
    assert errors_of(proposal.remaining) == ()
    assert is_coverage(proposal.areas[1])
    assert proposal.largest_move_m <= 1.0
    after = metres(proposal.areas[1])
    assert (
        shapely.hausdorff_distance(
            shapely.boundary(shapely.union_all(list(after.values()))), shapely.boundary(whole)
        )
        <= 1.0
    )
    for code, shape in shapes.items():
        # whatever lies deeper inside than the tolerance is still the same cell's
        assert shapely.covers(after[code], shapely.buffer(shape, -1.0))


@only_whole
@pytest.mark.skipif(not REAL.exists(), reason="the real boundaries are not here")
def test_real_boundaries() -> None:
    seoul = area_rows(read_vector(REAL / "seoul_clean.geojson"), Level.MICRO_GRID, "seoul")
    same = propose_repair([seoul], metric_crs(5186))
    assert (same.changes, same.remaining) == ((), ())
    assert [shape.wkb for shape in same.areas[0].geometry] == [shape.wkb for shape in seoul.geometry]

    zurich = area_rows(read_vector(REAL / "zurich_slivers.geojson"), Level.MICRO_GRID, "zurich")
    clean = propose_repair([zurich], metric_crs(32632), tolerance_m=0.5)
    assert clean.remaining == ()
    assert is_coverage(clean.areas[0])
    assert 0.3 < clean.largest_move_m < 0.5
    assert clean.moved_m2 < 1000
    less = propose_repair([zurich], metric_crs(32632), tolerance_m=0.2)
    assert 0 < less.largest_move_m <= 0.2
    assert {one.kind for one in less.remaining} == {Kind.GAP, Kind.OVERLAP}


def test_a_strip_with_steps_is_shared_out_to_its_last_triangle() -> None:
    """One of its triangles touches no cell with a side until those beside it are placed."""
    steps: dict[str, list[tuple[float, float]]] = {
        "a": [
            (0, 0),
            (0, 20),
            (19.7, 20),
            (19.7, 19.98),
            (19.98, 19.98),
            (19.98, 0.02),
            (19.7, 0.02),
            (19.7, 0),
        ],
        "b": [
            (0, 20),
            (0, 40),
            (19.7, 40),
            (19.7, 39.87),
            (19.87, 39.87),
            (19.87, 20.13),
            (19.7, 20.13),
            (19.7, 20),
        ],
        "c": [(20, 0), (40, 0), (40, 20), (20, 20)],
        "d": [(20, 20), (40, 20), (40, 40), (20, 40)],
    }
    outline = rows_of({"heping": shapely.box(0, 0, 40, 40)}, Level.COMMUNITY)
    cells = rows_of({code: shapely.Polygon(ring) for code, ring in steps.items()})
    assert propose_repair([outline, cells], METRIC, tolerance_m=1.0).remaining == ()
