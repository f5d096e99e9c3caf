"""Drafts of boundaries on real PostGIS: begun, edited, undone, repaired, published with their people."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import numpy as np
import pytest
import shapely

from gis.areas.editing import AssignWatcher, Draft, Edit, Merge, MovePart, Rename, Split
from gis.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from gis.flows.boundaries import (
    DraftState,
    apply_repair,
    discard_draft,
    edit_draft,
    list_drafts,
    preview_renewal,
    propose_draft_repair,
    publish,
    publish_draft,
    read_draft,
    redo,
    renew_draft,
    start_draft,
    undo,
)
from gis.flows.boundaries.loading import draft_at
from gis.words import Level
from tests.db.boundaries import areas_of, square, with_cells
from tests.factories import at
from tests.loop import Loop

SPLIT = Split("01-01", (at(52, -5), at(52, 105)), "01-09", "新微网格")  # the eastern half is the smaller one


async def begun(loop: Loop) -> DraftState:
    return await loop.act(start_draft, loop.actor("desk"), "春季调整")


async def cells_of(loop: Loop, state: DraftState) -> Draft:
    async with loop.database.read() as session:
        facts = (await read_draft(session, loop.actor("desk"), state.facts.draft_id)).facts
        return await draft_at(session, loop.community.community_id, facts)


async def edited(loop: Loop, state: DraftState, edit: Edit, **options) -> DraftState:
    return await loop.act(edit_draft, loop.actor("desk"), state.facts.draft_id, edit, **options)


async def test_a_draft_begins_as_the_version_in_force_with_its_people(loop: Loop) -> None:
    state = await begun(loop)
    assert (state.facts.based_on, state.facts.position, state.can_undo, state.can_redo) == (
        1,
        0,
        False,
        False,
    )
    assert state.findings == ()
    people = {cell.code: cell.people for cell in state.cells if cell.level is Level.MICRO_GRID}
    assert people["01-01"] == (loop.community.id("watcher01-01"),)
    assert {cell.people for cell in state.cells if cell.code == "02"} == {(loop.community.id("grid02"),)}
    for rows in await areas_of(loop):
        stored = [cell for cell in state.cells if cell.level is rows.level]
        assert [cell.geometry.wkb for cell in stored] == [shape.wkb for shape in rows.geometry]


async def test_edits_are_undone_and_redone_to_the_last_coordinate(loop: Loop) -> None:
    state = await begun(loop)
    steps = [await cells_of(loop, state)]
    for edit in (SPLIT, Merge(("01-09", "01-02")), Rename(Level.GRID, "02", "07", "第七网格")):
        answer = await edited(loop, state, edit)
        assert answer.findings == ()
        steps.append(await cells_of(loop, state))
    assert answer.facts.position == 3
    desk, draft_id = loop.actor("desk"), state.facts.draft_id
    for before in reversed(steps[:-1]):
        answer = await loop.act(undo, desk, draft_id)
        assert (await cells_of(loop, state)).differences(before) == ([], [])
    assert (answer.can_undo, answer.can_redo) == (False, True)
    with pytest.raises(ConflictError) as nothing:
        await loop.act(undo, desk, draft_id)
    assert nothing.value.code == "nothing_to_undo"
    for after in steps[1:]:
        answer = await loop.act(redo, desk, draft_id)
        assert (await cells_of(loop, state)).differences(after) == ([], [])
    assert (answer.can_undo, answer.can_redo) == (True, False)
    with pytest.raises(ConflictError) as nothing:
        await loop.act(redo, desk, draft_id)
    assert nothing.value.code == "nothing_to_redo"


async def test_an_edit_after_undoing_begins_another_branch_and_loses_nothing_from_the_log(loop: Loop) -> None:
    state = await begun(loop)
    desk, draft_id = loop.actor("desk"), state.facts.draft_id
    await edited(loop, state, SPLIT)
    await edited(loop, state, Rename(Level.MICRO_GRID, "01-09", "01-10", "改名"))
    await loop.act(undo, desk, draft_id)
    answer = await edited(loop, state, Rename(Level.MICRO_GRID, "01-09", "01-11", "另名"))
    assert (answer.facts.position, answer.can_redo) == (3, False)
    codes = {cell.code for cell in (await cells_of(loop, state)).of(Level.MICRO_GRID)}
    assert "01-11" in codes
    assert "01-10" not in codes
    rows = await loop.rows("SELECT edit, after, kind FROM area_draft_edit ORDER BY edit")
    assert [tuple(row) for row in rows] == [(1, 0, "split"), (2, 1, "rename"), (3, 1, "rename")]


async def test_an_edit_answers_what_it_changed_with_households(loop: Loop) -> None:
    async with loop.database.write() as session:
        from sqlalchemy import text

        await session.run(text("UPDATE area SET households = 24 WHERE level = 'micro_grid'"))
    state = await begun(loop)
    merged = await edited(loop, state, Merge(("01-01", "01-02")))
    assert merged.households[Level.MICRO_GRID, "01-01"] == 48
    assert merged.gone == ((Level.MICRO_GRID, "01-02"),)
    moved = await edited(loop, state, MovePart(loop.community.buildings["01-01"], "02-01", "2"))
    assert {cell.code for cell in moved.cells} >= {"01-01", "02-01", "01", "02"}
    assert moved.households[Level.MICRO_GRID, "01-01"] == 36
    assert moved.households[Level.MICRO_GRID, "02-01"] == 36
    assert moved.households[Level.GRID, "02"] == 60
    assert [one.kind.value for one in moved.findings] == []


async def test_two_who_edit_at_once_do_not_overwrite_one_another(loop: Loop) -> None:
    state = await begun(loop)

    async def name(number: int) -> str:
        try:
            edit = Rename(Level.MICRO_GRID, "01-01", "01-01", f"名{number}")
            await edited(loop, state, edit, position=0)
        except ConflictError as error:
            return error.code
        return "done"

    answers = await asyncio.gather(*(name(number) for number in range(6)))
    assert sorted(answers) == ["done"] + ["draft_changed"] * 5
    assert await loop.value("SELECT count(*) FROM area_draft_edit") == 1


async def test_publishing_a_draft_puts_cells_and_people_in_force(loop: Loop) -> None:
    state = await begun(loop)
    await edited(loop, state, SPLIT)
    await edited(loop, state, Rename(Level.MICRO_GRID, "02-01", "02-05", "改号"))
    await edited(loop, state, AssignWatcher("01-09", (loop.community.id("watcher02-02"),)))
    published = await loop.act(publish_draft, loop.actor("admin"), state.facts.draft_id, note="春季")
    assert published.version == 2
    rows = await loop.rows(
        "SELECT a.code, p.username FROM person_area a JOIN person p USING (community_id, person_id)"
        " WHERE level = 'micro_grid' ORDER BY a.code, p.username"
    )
    assert [tuple(row) for row in rows] == [
        ("01-01", "watcher01-01"),
        ("01-02", "watcher01-02"),
        ("01-09", "watcher02-02"),
        ("02-02", "watcher02-02"),
        ("02-05", "watcher02-01"),
    ]
    report = await loop.report(where=(75, 20))
    assert report.place.micro_grid is not None
    assert report.place.micro_grid.code == "01-09"
    with pytest.raises(ConflictError) as closed:
        await edited(loop, state, SPLIT)
    assert closed.value.code == "draft_closed"
    async with loop.database.read() as session:
        assert await list_drafts(session, loop.actor("desk")) == []


async def test_people_changed_elsewhere_meanwhile_stay_unless_the_draft_changes_them(loop: Loop) -> None:
    state = await begun(loop)
    await edited(loop, state, SPLIT)
    async with loop.database.write() as session:
        from sqlalchemy import text

        await session.run(
            text("UPDATE person_area SET person_id = :new WHERE level = 'micro_grid' AND code = '02-01'"),
            {"new": loop.community.id("watcher02-02")},
        )
    await loop.act(publish_draft, loop.actor("admin"), state.facts.draft_id)
    assert await loop.value(
        "SELECT person_id FROM person_area WHERE level = 'micro_grid' AND code = '02-01'"
    ) == loop.community.id("watcher02-02")


async def test_a_draft_of_an_older_version_is_not_published(loop: Loop) -> None:
    state = await begun(loop)
    other = await begun(loop)
    await edited(loop, state, SPLIT)
    await loop.act(publish_draft, loop.actor("desk"), state.facts.draft_id)
    with pytest.raises(ConflictError) as refused:
        await loop.act(publish_draft, loop.actor("desk"), other.facts.draft_id)
    assert refused.value.code == "area_version_changed"
    assert await loop.value("SELECT count(*) FROM area_version") == 2


async def test_two_drafts_published_at_once_leave_one_version_and_its_people(loop: Loop) -> None:
    states = [await begun(loop) for _ in range(4)]
    for number, state in enumerate(states):
        await edited(loop, state, Rename(Level.MICRO_GRID, "01-01", f"01-2{number}", f"名{number}"))

    async def try_it(state: DraftState) -> str:
        try:
            await loop.act(publish_draft, loop.actor("desk"), state.facts.draft_id)
        except ConflictError as error:
            return error.code
        return "published"

    answers = await asyncio.gather(*map(try_it, states))
    assert sorted(answers) == ["area_version_changed"] * 3 + ["published"]
    winner = answers.index("published")
    rows = await loop.rows("SELECT code FROM person_area WHERE level = 'micro_grid' AND code LIKE '01-2%'")
    assert [row.code for row in rows] == [f"01-2{winner}"]


async def test_a_faulty_file_becomes_a_draft_that_is_repaired_before_it_is_published(loop: Loop) -> None:
    faulty = with_cells(await areas_of(loop), c01_01=square(0, 0, 100.3, 100))
    micro = [rows for rows in faulty if rows.level is Level.MICRO_GRID]
    state = await loop.act(start_draft, loop.actor("desk"), "文件", micro, source="file")
    assert [(one.kind.value, one.codes) for one in state.findings][:1] == [("overlap", ("01-01", "02-01"))]
    with pytest.raises(InvalidInputError) as refused:
        await loop.act(publish_draft, loop.actor("desk"), state.facts.draft_id)
    assert refused.value.code == "boundaries_have_errors"
    async with loop.database.read() as session:
        proposal = await propose_draft_repair(
            session, loop.actor("desk"), state.facts.draft_id, tolerance_m=0.5
        )
    assert proposal.remaining == ()
    assert 0.2 < proposal.largest_move_m < 0.4
    assert (await cells_of(loop, state)).differences(Draft(state.cells)) == ([], [])  # shown, not applied
    repaired = await loop.act(
        apply_repair, loop.actor("desk"), state.facts.draft_id, position=0, tolerance_m=0.5
    )
    assert repaired.findings == ()
    undone = await loop.act(undo, loop.actor("desk"), state.facts.draft_id)
    assert undone.findings != ()
    await loop.act(redo, loop.actor("desk"), state.facts.draft_id)
    published = await loop.act(publish_draft, loop.actor("desk"), state.facts.draft_id)
    assert published.version == 2
    with pytest.raises(ConflictError) as closed:
        await loop.act(apply_repair, loop.actor("desk"), state.facts.draft_id, position=2)
    assert closed.value.code == "draft_closed"


async def test_self_crossing_areas_can_be_drafted_but_not_lines(loop: Loop) -> None:
    areas = await areas_of(loop)
    micro = next(rows for rows in areas if rows.level is Level.MICRO_GRID)
    bow = micro.geometry.copy()
    corners = [at(0, 0), at(100, 100), at(100, 0), at(0, 100)]
    bow[0] = shapely.Polygon(corners)
    state = await loop.act(
        start_draft, loop.actor("desk"), "文件", [replace(micro, geometry=bow)], source="file"
    )
    assert state.findings[0].kind.value == "invalid"
    line = np.array([shapely.LineString(corners), *micro.geometry[1:]], dtype=object)
    with pytest.raises(InvalidInputError) as refused:
        await loop.act(
            start_draft, loop.actor("desk"), "文件", [replace(micro, geometry=line)], source="file"
        )
    assert refused.value.code == "boundaries_have_errors"


async def test_micro_grids_of_a_file_without_grids_find_theirs(loop: Loop) -> None:
    micro = next(rows for rows in await areas_of(loop) if rows.level is Level.MICRO_GRID)
    loose = replace(micro, parent_code=[None] * len(micro))
    state = await loop.act(start_draft, loop.actor("desk"), "文件", [loose], source="file")
    parents = {cell.code: cell.parent_code for cell in state.cells if cell.level is Level.MICRO_GRID}
    assert parents == {"01-01": "01", "01-02": "01", "02-01": "02", "02-02": "02"}


async def test_only_watchers_watch(loop: Loop) -> None:
    state = await begun(loop)
    for person in (loop.community.id("rider1"), uuid4()):
        with pytest.raises(InvalidInputError) as refused:
            await edited(loop, state, AssignWatcher("01-01", (person,)))
        assert refused.value.code == "person_unknown"


async def test_a_discarded_draft_is_closed_but_readable(loop: Loop) -> None:
    state = await begun(loop)
    await loop.act(discard_draft, loop.actor("desk"), state.facts.draft_id)
    with pytest.raises(ConflictError):
        await loop.act(discard_draft, loop.actor("desk"), state.facts.draft_id)
    async with loop.database.read() as session:
        assert len((await read_draft(session, loop.actor("desk"), state.facts.draft_id)).cells) == 7


async def test_drafts_are_the_offices_and_the_communitys_own(loop: Loop) -> None:
    state = await begun(loop)
    with pytest.raises(NotAllowedError):
        await loop.act(start_draft, loop.actor("grid01"), "x")
    with pytest.raises(NotAllowedError):
        await loop.act(edit_draft, loop.actor("watcher01-01"), state.facts.draft_id, SPLIT)
    stranger = replace(loop.actor("desk"), community_id="elsewhere")
    with pytest.raises(NotFoundError) as unknown:
        await loop.act(edit_draft, stranger, state.facts.draft_id, SPLIT)
    assert unknown.value.code == "draft_not_found"


async def test_publishing_directly_closes_no_draft_but_outdates_it(loop: Loop) -> None:
    state = await begun(loop)
    await loop.act(publish, loop.actor("desk"), await areas_of(loop), expected_version=1, note="")
    async with loop.database.read() as session:
        (listed,) = await list_drafts(session, loop.actor("desk"))
    assert (listed.draft_id, listed.based_on, listed.creator) == (
        state.facts.draft_id,
        1,
        loop.actor("desk").name,
    )


EAST = Split("02-01", (at(152, -5), at(152, 105)), "02-09", "东边的新格")
WATCHED = Rename(Level.MICRO_GRID, "01-02", "01-02", "改了名", "")


async def outdated(loop: Loop, mine: Edit, theirs: Edit) -> DraftState:
    """Return a draft with an edit, after another draft with another edit was published."""
    state, other = await begun(loop), await begun(loop)
    await edited(loop, other, theirs)
    await loop.act(publish_draft, loop.actor("desk"), other.facts.draft_id)
    return await edited(loop, state, mine)


async def test_a_draft_of_an_older_version_is_merged_where_both_changed_other_cells(loop: Loop) -> None:
    state = await outdated(loop, SPLIT, EAST)
    async with loop.database.read() as session:
        found = await preview_renewal(session, loop.actor("desk"), state.facts.draft_id)
    assert found is not None
    assert found.conflicts == ()
    merged = await loop.act(renew_draft, loop.actor("desk"), state.facts.draft_id, "merge")
    assert (merged.facts.based_on, merged.facts.name, merged.can_undo) == (2, "春季调整", True)
    codes = {cell.code for cell in merged.cells if cell.level is Level.MICRO_GRID}
    assert {"01-09", "02-09"} <= codes
    assert not [one for one in merged.findings if one.severity == "error"], merged.findings
    published = await loop.act(publish_draft, loop.actor("desk"), merged.facts.draft_id)
    assert published.version == 3
    with pytest.raises(ConflictError) as refused:
        await edited(loop, state, WATCHED)
    assert refused.value.code == "draft_closed"


async def test_cells_that_both_changed_are_named_and_there_are_two_other_ways(loop: Loop) -> None:
    other = Split("01-01", (at(-5, 52), at(105, 52)), "01-08", "别的切法")
    state = await outdated(loop, SPLIT, other)
    state = await edited(loop, state, WATCHED)
    with pytest.raises(ConflictError) as refused:
        await loop.act(renew_draft, loop.actor("desk"), state.facts.draft_id, "merge")
    assert (refused.value.code, refused.value.values["cells"]) == ("draft_conflicts", "01-01")
    async with loop.database.read() as session:
        assert (await read_draft(session, loop.actor("desk"), state.facts.draft_id)).facts.open
    kept = await loop.act(renew_draft, loop.actor("desk"), state.facts.draft_id, "keep")
    codes = {cell.code for cell in kept.cells}
    assert "01-09" in codes
    assert "01-08" not in codes
    back = await loop.act(undo, loop.actor("desk"), kept.facts.draft_id)
    assert {cell.code for cell in back.cells} >= {"01-08"}  # as it is in force


async def test_names_and_people_are_carried_over_to_the_borders_in_force(loop: Loop) -> None:
    other = Split("01-01", (at(-5, 52), at(105, 52)), "01-08", "别的切法")
    state = await outdated(loop, SPLIT, other)
    watcher = loop.community.id("watcher02-02")
    state = await edited(loop, state, AssignWatcher("01-02", (watcher,)))
    state = await edited(loop, state, WATCHED)
    carried = await loop.act(renew_draft, loop.actor("desk"), state.facts.draft_id, "names")
    cells = {cell.code: cell for cell in carried.cells}
    assert "01-09" not in cells
    assert (cells["01-02"].name, cells["01-02"].people) == ("改了名", (watcher,))
    await loop.act(publish_draft, loop.actor("desk"), carried.facts.draft_id)
    watched = await loop.rows(
        "SELECT code FROM person_area WHERE person_id = :one ORDER BY code", one=watcher
    )
    assert [row.code for row in watched] == ["01-02", "02-02"]


async def test_a_draft_of_the_version_in_force_needs_no_renewal(loop: Loop) -> None:
    state = await begun(loop)
    async with loop.database.read() as session:
        assert await preview_renewal(session, loop.actor("desk"), state.facts.draft_id) is None
    with pytest.raises(ConflictError) as refused:
        await loop.act(renew_draft, loop.actor("desk"), state.facts.draft_id, "merge")
    assert refused.value.code == "draft_is_current"
