"""Editing a draft: moving stairwells, splitting, merging, renaming; borders stay matched and nothing is lost."""

import json
from dataclasses import replace
from uuid import UUID, uuid4

import numpy as np
import pytest
import shapely

from gis.areas.checks import BuildingFacts, Kind, check_areas, errors_of
from gis.areas.editing import (
    AssignGridWorker,
    AssignWatcher,
    Cell,
    Draft,
    Edit,
    Ground,
    HousedBuildings,
    Merge,
    MoveCell,
    MovePart,
    Rename,
    Split,
    apply_edit,
    draft_of,
    edit_as_json,
    edit_from_json,
    make_ground,
)
from gis.errors import ConflictError, InvalidInputError
from gis.words import Level
from tests.pictures import METRIC, degrees, drawn, rows_of

CELLS = """
aaaaabbbbb
aaaaabbbbb
aaaaabbbbb
cccccddddd
cccccddddd
cccccddddd
"""
PARENT = {"a": "X", "b": "X", "c": "Y", "d": "Y"}
# a slab of 40 x 12 m with four stairwells of 10 flats in a, one with two in b, one in c, none in d
SLABS = {1: (5, 40, (5, 15, 25, 35)), 2: (55, 40, (10, 30)), 3: (5, 5, (15,))}


def building_id(number: int) -> UUID:
    return UUID(int=number)


def ground() -> Ground:
    shapes, doors, owner, unit = [], [], [], []
    for place, (x_m, y_m, along) in enumerate(SLABS.values()):
        shapes.append(degrees(shapely.box(x_m, y_m, x_m + 40, y_m + 12)))
        for number, metres in enumerate(along, start=1):
            doors.append(degrees(shapely.Point(x_m + metres, y_m)))
            owner.append(place)
            unit.append(str(number))
    facts = BuildingFacts(
        [str(building_id(number)) for number in SLABS],
        np.array(shapes, dtype=object),
        np.array(doors, dtype=object),
        np.array(owner, dtype=np.int64),
    )
    unknown = np.full(len(SLABS), np.nan)
    housed = HousedBuildings(
        facts, ["apartments"] * len(SLABS), unknown, unknown, unit, np.full(len(doors), 10.0)
    )
    return make_ground(METRIC, degrees(shapely.box(0, 0, 100, 60)), housed)


def draft() -> Draft:
    shapes = drawn(CELLS)
    grids = {
        "X": shapely.union_all([shapes["a"], shapes["b"]]),
        "Y": shapely.union_all([shapes["c"], shapes["d"]]),
    }
    cells = rows_of(shapes, parent=PARENT, households=[40, 20, 10, 0])
    return draft_of(
        [
            rows_of({"heping": shapely.union_all(list(grids.values()))}, Level.COMMUNITY),
            rows_of(grids, Level.GRID, parent=dict.fromkeys("XY", "heping")),
            cells,
        ],
        {(Level.MICRO_GRID, "a"): (UUID(int=7),), (Level.MICRO_GRID, "b"): (UUID(int=8),)},
    )


def cell(of: Draft, code: str, level: Level = Level.MICRO_GRID) -> Cell:
    return of.cells[level, code]


def area_m2(of: Draft, code: str, level: Level = Level.MICRO_GRID) -> float:
    shape = METRIC.project_geometries(np.array([cell(of, code, level).geometry], dtype=object))[0]
    return float(shapely.area(shape))


def sound(of: Draft, *, torn_grids: bool = False) -> None:
    """Assert that a draft could be published, but for grids in parts, and that grids are unions of their micro-grids."""
    errors = errors_of(check_areas(of.areas, METRIC))
    torn = [(Level.GRID, Kind.STRAY_PART)] if torn_grids else []
    assert [one.detail for one in errors if (one.level, one.kind) not in torn] == []
    for grid in of.of(Level.GRID):
        mine = [each.geometry for each in of.of(Level.MICRO_GRID) if each.parent_code == grid.code]
        assert shapely.equals(grid.geometry, shapely.coverage_union_all(np.array(mine, dtype=object)))


def test_households_are_those_of_the_stairwells() -> None:
    stands = ground()
    assert stands.households.tolist() == [10] * 4 + [10] * 2 + [10]
    assert sorted(stands.units[:4]) == [("1",), ("2",), ("3",), ("4",)]


def test_a_stairwell_moves_with_its_plot_and_its_households() -> None:
    before, stands = draft(), ground()
    after = apply_edit(before, MovePart(building_id(1), "b", "4"), stands)
    sound(after)
    assert [cell(after, code).households for code in "abcd"] == [30, 30, 10, 0]
    # the plot is nearer to the fourth stairwell than to the third: from the wall between them to the border
    assert area_m2(before, "a") - area_m2(after, "a") == pytest.approx(15 * 30, rel=0.02)
    assert area_m2(after, "a") + area_m2(after, "b") == pytest.approx(3000, abs=0.5)
    assert cell(after, "a").people == (UUID(int=7),)
    # what was there keeps its very coordinates
    for place in shapely.get_coordinates(cell(before, "d").geometry).tolist():
        assert place in shapely.get_coordinates(cell(after, "d").geometry).tolist()
    assert stands.cells_of(
        METRIC.project_geometries(
            np.array([each.geometry for each in after.of(Level.MICRO_GRID)], dtype=object)
        )
    ).tolist() == [0, 0, 0, 1, 1, 1, 2]
    assert [f.kind for f in check_areas(after.areas, METRIC, buildings=stands.buildings)] == []


def test_two_stairwells_move_into_a_cell_of_another_grid_and_the_grids_follow() -> None:
    before, stands = draft(), ground()
    merged = apply_edit(before, Merge(("a", "b")), stands)
    after = apply_edit(merged, MovePart(building_id(2), "d"), stands)
    sound(after)
    assert [cell(after, code).households for code in "acd"] == [40, 10, 20]
    assert cell(after, "Y", Level.GRID).households == 30
    assert area_m2(after, "Y", Level.GRID) > area_m2(before, "Y", Level.GRID) + 1000


def test_the_last_building_stays() -> None:
    with pytest.raises(ConflictError) as refused:
        apply_edit(draft(), MovePart(building_id(2), "d"), ground())
    assert (refused.value.code, refused.value.values["cell"]) == ("edit_empties_cell", "b")


def test_a_cell_is_not_emptied_nor_torn_by_moving() -> None:
    stands = ground()
    with pytest.raises(ConflictError) as refused:
        apply_edit(draft(), MovePart(building_id(1), "d", "2"), stands)
    assert refused.value.code == "edit_not_adjacent"
    with pytest.raises(ConflictError) as refused:
        apply_edit(draft(), MovePart(building_id(1), "b", "2"), stands)
    assert refused.value.code in {"edit_not_adjacent", "edit_splits_cell"}
    with pytest.raises(ConflictError) as refused:
        apply_edit(draft(), MovePart(building_id(1), "c", "2"), stands)
    assert refused.value.code == "edit_splits_cell"  # the plot reaches from north to south
    with pytest.raises(ConflictError) as refused:
        apply_edit(draft(), MovePart(building_id(1), "a", "2"), stands)
    assert refused.value.code == "edit_changes_nothing"
    with pytest.raises(InvalidInputError) as unknown:
        apply_edit(draft(), MovePart(uuid4(), "a"), stands)
    assert unknown.value.code == "edit_building_unknown"
    with pytest.raises(InvalidInputError) as unknown:
        apply_edit(draft(), MovePart(building_id(1), "q"), stands)
    assert unknown.value.code == "edit_cell_unknown"


def line(*places: tuple[float, float]) -> tuple[tuple[float, float], ...]:
    return tuple(
        (point.x, point.y) for place in places for point in [shapely.centroid(degrees(shapely.Point(place)))]
    )


def test_a_cell_is_split_along_a_line_and_the_smaller_half_is_new() -> None:
    before = draft()
    after = apply_edit(before, Split("a", line((35, 60), (35, 30)), "e", "新格"), ground())
    sound(after)
    assert (cell(after, "a").households, cell(after, "e").households) == (30, 10)
    assert cell(after, "e").name == "新格"
    assert cell(after, "e").parent_code == "X"
    assert cell(after, "e").people == cell(after, "a").people == (UUID(int=7),)
    assert area_m2(after, "a") == pytest.approx(35 * 30, rel=0.001)
    assert area_m2(after, "e") == pytest.approx(15 * 30, rel=0.001)


@pytest.mark.parametrize(
    ("places", "parts"),
    [(((10, 35), (20, 55)), 1), (((60, 35), (70, 55)), 1), (((-5, 35), (25, 58), (25, 40), (10, 70)), 3)],
)
def test_a_line_that_does_not_make_two_halves_is_refused(places, parts: int) -> None:
    with pytest.raises(InvalidInputError) as refused:
        apply_edit(draft(), Split("a", line(*places), "e", "新格"), ground())
    assert (refused.value.code, refused.value.values["parts"]) == ("edit_line_does_not_cut", parts)


def test_codes_are_used_once() -> None:
    with pytest.raises(ConflictError) as refused:
        apply_edit(draft(), Split("a", line((35, 60), (35, 30)), "b", "新格"), ground())
    assert refused.value.code == "edit_code_taken"
    with pytest.raises(ConflictError) as refused:
        apply_edit(draft(), Rename(Level.MICRO_GRID, "a", "b", "乙"), ground())
    assert refused.value.code == "edit_code_taken"


def test_cells_are_merged_with_their_households_and_people() -> None:
    after = apply_edit(draft(), Merge(("a", "b")), ground())
    sound(after)
    assert (Level.MICRO_GRID, "b") not in after.cells
    assert cell(after, "a").households == 60
    assert cell(after, "a").people == (UUID(int=7), UUID(int=8))
    assert area_m2(after, "a") == pytest.approx(3000, abs=0.1)
    with pytest.raises(ConflictError) as refused:
        apply_edit(draft(), Merge(("a", "d")), ground())
    assert refused.value.code == "edit_not_adjacent"
    with pytest.raises(InvalidInputError) as few:
        apply_edit(draft(), Merge(("a",)), ground())
    assert few.value.code == "edit_too_few_cells"


def test_merging_over_grids_moves_the_grids_border_and_drops_an_empty_grid() -> None:
    after = apply_edit(draft(), Merge(("a", "c")), ground())
    sound(after)
    assert area_m2(after, "X", Level.GRID) == pytest.approx(4500, abs=0.1)
    whole = apply_edit(apply_edit(after, Merge(("a", "b")), ground()), Merge(("a", "d")), ground())
    sound(whole)
    assert [each.code for each in whole.of(Level.GRID)] == ["X"]


def test_a_cell_moves_to_another_grid_or_to_a_new_one() -> None:
    after = apply_edit(draft(), MoveCell("b", "Y"), ground())
    sound(after)
    assert cell(after, "b").parent_code == "Y"
    assert cell(after, "Y", Level.GRID).households == 30
    new = apply_edit(draft(), MoveCell("b", "Z", "第三网格"), ground())
    sound(new)
    assert cell(new, "Z", Level.GRID).name == "第三网格"
    assert cell(new, "Z", Level.GRID).parent_code == "heping"
    with pytest.raises(InvalidInputError) as unknown:
        apply_edit(draft(), MoveCell("b", "Z"), ground())
    assert unknown.value.code == "edit_cell_unknown"


def test_renaming_a_grid_takes_its_micro_grids_along() -> None:
    after = apply_edit(draft(), Rename(Level.GRID, "X", "09", "第九网格", "Grid 9"), ground())
    sound(after)
    assert cell(after, "a").parent_code == "09"
    assert cell(after, "09", Level.GRID).name_en == "Grid 9"
    with pytest.raises(InvalidInputError) as refused:
        apply_edit(draft(), Rename(Level.COMMUNITY, "heping", "other", "别处"), ground())
    assert refused.value.code == "edit_value_invalid"


def test_people_are_assigned() -> None:
    one, other = uuid4(), uuid4()
    after = apply_edit(draft(), AssignWatcher("c", (one, other)), ground())
    assert cell(after, "c").people == (one, other)
    after = apply_edit(after, AssignGridWorker("X", (one,)), ground())
    assert cell(after, "X", Level.GRID).people == (one,)
    with pytest.raises(ConflictError) as same:
        apply_edit(after, AssignGridWorker("X", (one,)), ground())
    assert same.value.code == "edit_changes_nothing"


EDITS: list[Edit] = [
    MovePart(building_id(1), "b", "4"),
    MovePart(building_id(1), "b"),
    Split("a", ((123.4, 41.7), (123.5, 41.8)), "e", "新格"),
    Merge(("a", "b", "c")),
    Rename(Level.GRID, "X", "09", "第九网格", "Grid 9"),
    MoveCell("b", "Z", "第三网格"),
    AssignWatcher("c", (building_id(4), building_id(5))),
    AssignGridWorker("X", ()),
]


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.kind)
def test_edits_are_stored_as_json_and_read_again(edit: Edit) -> None:
    assert edit_from_json(json.loads(json.dumps(edit_as_json(edit)))) == edit


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({}, "edit_kind_unknown"),
        ({"kind": "explode"}, "edit_kind_unknown"),
        ({"kind": "merge"}, "edit_value_invalid"),
        ({"kind": "merge", "cells": "ab"}, "edit_value_invalid"),
        ({"kind": "move_part", "building": "x", "to": "a"}, "edit_value_invalid"),
        ({"kind": "split", "cell": "a", "code": "e", "name": "x", "line": [[1, 2]]}, "edit_value_invalid"),
        (
            {"kind": "split", "cell": "a", "code": "e", "name": "x", "line": [[1, 2], [1, 999]]},
            "edit_value_invalid",
        ),
        (
            {"kind": "split", "cell": "a", "code": "e", "name": "x", "line": [[1, 2], [1, float("nan")]]},
            "edit_value_invalid",
        ),
        ({"kind": "rename", "level": "planet", "cell": "a", "code": "b", "name": "x"}, "edit_value_invalid"),
        (
            {"kind": "rename", "level": "grid", "cell": "a", "code": "\u0000", "name": "x"},
            "edit_value_invalid",
        ),
        ({"kind": "assign_watcher", "cell": "a", "people": ["me"]}, "edit_value_invalid"),
        ({"kind": "assign_watcher", "cell": 5, "people": []}, "edit_value_invalid"),
    ],
)
def test_edits_that_can_not_be_read_are_refused(sent, code: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        edit_from_json(sent)
    assert refused.value.code == code


def test_any_sequence_of_moves_keeps_the_draft_sound_and_the_households_together() -> None:
    generator = np.random.default_rng(5)
    now, stands, done = draft(), ground(), 0
    for _ in range(60):
        part = int(generator.integers(len(stands.shape)))
        to = "abcd"[int(generator.integers(4))]
        try:
            now = apply_edit(now, MovePart(stands.building[part], to, stands.units[part][0]), stands)
        except ConflictError:
            continue
        done += 1
        sound(now, torn_grids=True)
        assert sum(each.households or 0 for each in now.of(Level.MICRO_GRID)) == 70
    assert done >= 5


def test_a_draft_tells_what_differs() -> None:
    before = draft()
    after = before.changed([replace(cell(before, "a"), name="新名")], without=[(Level.MICRO_GRID, "d")])
    put, gone = before.differences(after)
    assert ([each.code for each in put], gone) == (["a"], [(Level.MICRO_GRID, "d")])
