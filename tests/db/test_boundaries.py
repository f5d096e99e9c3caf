"""Boundaries as versions on real PostGIS: publishing, rolling back, one winner, old cases and their new areas."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID

import numpy as np
import pytest
import shapely

from gis.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from gis.flows.boundaries import (
    compare_versions,
    list_versions,
    preview_reassign,
    publish,
    reassign_cases,
    roll_back,
)
from gis.words import Level
from tests.db.boundaries import areas_of, moved_border, square, with_cells
from tests.loop import Loop


async def test_publishing_is_a_new_version_that_snapping_uses_at_once(loop: Loop) -> None:
    before = await loop.report(where=(50, 110))
    assert before.place.micro_grid is not None
    assert before.place.micro_grid.code == "01-02"
    published = await loop.act(
        publish, loop.actor("desk"), moved_border(await areas_of(loop)), expected_version=1, note="北移"
    )
    assert published.version == 2
    after = await loop.report(where=(50, 110), category="street_lamp")
    assert after.place.micro_grid is not None
    assert after.place.micro_grid.code == "01-01"
    rows = await loop.rows('SELECT case_id, area_version FROM "case" ORDER BY number')
    assert [row.area_version for row in rows] == [1, 2]
    async with loop.database.read() as session:
        listed = await list_versions(session, loop.actor("admin"))
    assert [(one.version, one.in_force, one.micro_grids, one.note) for one in listed] == [
        (2, True, 4, "北移"),
        (1, False, 4, ""),
    ]
    assert listed[0].publisher == loop.actor("desk").name


async def test_a_version_with_a_fault_is_refused_with_its_findings_and_nothing_changes(loop: Loop) -> None:
    gap = with_cells(await areas_of(loop), c01_01=square(0, 0, 100, 95))
    with pytest.raises(InvalidInputError) as refused:
        await loop.act(publish, loop.actor("desk"), gap, expected_version=1, note="")
    assert refused.value.code == "boundaries_have_errors"
    found: Any = refused.value.values["findings"]
    (finding,) = found
    assert (finding["kind"], finding["codes"]) == ("gap", ["01-01", "01-02", "02-01"])
    assert finding["size"] == pytest.approx(500, rel=0.01)
    assert await loop.value("SELECT count(*) FROM area_version") == 1
    assert await loop.value("SELECT area_version FROM community") == 1


async def test_levels_must_all_be_there(loop: Loop) -> None:
    areas = [rows for rows in await areas_of(loop) if rows.level is not Level.GRID]
    with pytest.raises(InvalidInputError) as refused:
        await loop.act(publish, loop.actor("desk"), areas, expected_version=1, note="")
    assert refused.value.code == "boundaries_incomplete"


async def test_of_many_who_publish_at_once_one_wins(loop: Loop) -> None:
    areas = await areas_of(loop)

    async def try_it(number: int) -> int | str:
        try:
            published = await loop.act(
                publish,
                loop.actor("desk"),
                moved_border(areas, 5 + number),
                expected_version=1,
                note=str(number),
            )
        except ConflictError as error:
            return error.code
        return published.version

    answers = await asyncio.gather(*(try_it(number) for number in range(8)))
    assert sorted(map(str, answers)) == ["2"] + ["area_version_changed"] * 7
    assert await loop.value("SELECT count(*) FROM area_version") == 2
    assert await loop.value("SELECT count(*) FROM area WHERE version = 2") == await loop.value(
        "SELECT count(*) FROM area WHERE version = 1"
    )


async def test_rolling_back_publishes_the_older_version_anew(loop: Loop) -> None:
    first = await areas_of(loop)
    await loop.act(publish, loop.actor("desk"), moved_border(first), expected_version=1, note="")
    back = await loop.act(roll_back, loop.actor("admin"), 1, expected_version=2, reason="画错了")
    assert back.version == 3
    again = await areas_of(loop, 3)
    for old, new in zip(first, again, strict=True):
        assert old.code == new.code
        assert shapely.equals_exact(old.geometry, new.geometry).all()
    assert await loop.value("SELECT count(*) FROM area_version") == 3
    with pytest.raises(NotFoundError) as unknown:
        await loop.act(roll_back, loop.actor("admin"), 9, expected_version=3, reason="没有")
    assert unknown.value.code == "area_version_unknown"
    with pytest.raises(InvalidInputError) as silent:
        await loop.act(roll_back, loop.actor("admin"), 1, expected_version=3, reason=" ")
    assert silent.value.code == "reason_needed"


async def test_versions_are_compared_by_cell_with_areas(loop: Loop) -> None:
    areas = moved_border(await areas_of(loop))
    named = [
        replace(
            rows,
            name=[
                "新名" if code == "02-01" else name for code, name in zip(rows.code, rows.name, strict=True)
            ],
        )
        for rows in areas
    ]
    await loop.act(publish, loop.actor("desk"), named, expected_version=1, note="")
    async with loop.database.read() as session:
        changes = await compare_versions(session, loop.actor("desk"), 1, 2)
    assert [(one.code, one.what, one.facts) for one in changes] == [
        ("01-01", "changed", ("geometry",)),
        ("01-02", "changed", ("geometry",)),
        ("02-01", "changed", ("name",)),
    ]
    assert changes[0].gained_m2 == pytest.approx(2000, rel=0.01)
    assert changes[0].lost_m2 == 0
    assert changes[1].lost_m2 == pytest.approx(2000, rel=0.01)


async def test_only_the_office_publishes_and_reassigns(loop: Loop) -> None:
    areas = await areas_of(loop)
    for username in ("grid01", "watcher01-01", "rider1", "resident", "planner", "water"):
        with pytest.raises(NotAllowedError):
            await loop.act(publish, loop.actor(username), areas, expected_version=1, note="")
        with pytest.raises(NotAllowedError):
            await loop.act(reassign_cases, loop.actor(username), reason="x", grid="01")


async def case_row(loop: Loop, case_id: UUID):
    (row,) = await loop.rows('SELECT * FROM "case" WHERE case_id = :case', case=case_id)
    return row


async def test_old_open_cases_keep_their_version_until_they_are_reassigned(loop: Loop) -> None:
    moved = await loop.report(where=(50, 110))
    other = await loop.report(where=(150, 150))
    areas = moved_border(await areas_of(loop))
    await loop.act(publish, loop.actor("desk"), areas, expected_version=1, note="")
    assert (await case_row(loop, moved.case_id)).micro_grid_code == "01-02"

    loop.wait(60)
    done = await loop.act(reassign_cases, loop.actor("desk"), reason="边界北移", grid="01")
    assert [(one.case_id, one.from_micro_grid, one.micro_grid, one.moved) for one in done] == [
        (moved.case_id, "01-02", "01-01", True)
    ]
    row = await case_row(loop, moved.case_id)
    assert (row.micro_grid_code, row.area_version, row.place["micro_grid"]["code"]) == ("01-01", 2, "01-01")
    assert (await case_row(loop, other.case_id)).area_version == 1
    (event,) = await loop.rows("SELECT * FROM event WHERE verb = 'reassign'")
    assert (event.case_id, event.reason, event.actor_id) == (
        moved.case_id,
        "边界北移",
        loop.community.id("desk"),
    )
    assert event.from_status == event.to_status == row.status
    assert event.data == {
        "from": {"version": 1, "grid": "01", "micro_grid": "01-02"},
        "to": {"version": 2, "grid": "01", "micro_grid": "01-01"},
    }
    assert await loop.act(reassign_cases, loop.actor("desk"), reason="再来", grid="01") == []


async def test_closed_cases_are_never_reassigned(loop: Loop) -> None:
    from gis.flows.reject import reject

    report = await loop.report(where=(50, 110))
    await loop.act(reject, loop.actor("desk"), report.case_id, reason="重复")
    await loop.act(
        publish, loop.actor("desk"), moved_border(await areas_of(loop)), expected_version=1, note=""
    )
    assert await loop.act(reassign_cases, loop.actor("desk"), reason="x", case_ids=[report.case_id]) == []
    assert (await case_row(loop, report.case_id)).area_version == 1


async def test_reassigning_asks_for_cases_and_a_reason(loop: Loop) -> None:
    for wanted, code in (
        ({"reason": "x"}, "cases_needed"),
        ({"reason": "", "grid": "01"}, "reason_needed"),
        ({"reason": "x", "case_ids": [UUID(int=n) for n in range(1001)]}, "too_many_cases"),
    ):
        with pytest.raises(InvalidInputError) as refused:
            await loop.act(reassign_cases, loop.actor("desk"), **wanted)
        assert refused.value.code == code


async def test_heights_are_dropped_when_publishing(loop: Loop) -> None:
    areas = [
        replace(rows, geometry=np.asarray(shapely.force_3d(rows.geometry, 12.5)))
        for rows in await areas_of(loop)
    ]
    published = await loop.act(publish, loop.actor("desk"), areas, expected_version=1, note="")
    assert not any(shapely.has_z(rows.geometry).any() for rows in await areas_of(loop, published.version))


async def test_what_reassigning_would_do_is_looked_at_first_and_then_done_for_all(loop: Loop) -> None:
    moved = await loop.report(where=(50, 110))
    stays = await loop.report(where=(150, 150))
    await loop.act(
        publish, loop.actor("desk"), moved_border(await areas_of(loop)), expected_version=1, note=""
    )
    async with loop.database.read() as session:
        atlas = await loop.atlas.get(session, loop.community.community_id)
        snap = loop.settings.snap
        seen = await preview_reassign(session, loop.actor("desk"), atlas, snap)
        west = await preview_reassign(session, loop.actor("desk"), atlas, snap, grid="01")
    assert {(one.case_id, one.from_micro_grid, one.micro_grid, one.moved) for one in seen} == {
        (moved.case_id, "01-02", "01-01", True),
        (stays.case_id, "02-02", "02-02", False),
    }
    assert [one.case_id for one in west] == [moved.case_id]
    assert await loop.value("SELECT count(*) FROM event WHERE verb = 'reassign'") == 0
    with pytest.raises(ConflictError) as refused:
        await loop.act(reassign_cases, loop.actor("desk"), reason="x", every=True, expected_version=1)
    assert refused.value.code == "area_version_changed"
    done = await loop.act(reassign_cases, loop.actor("desk"), reason="x", every=True, expected_version=2)
    assert set(done) == set(seen)
    assert {(await case_row(loop, one.case_id)).area_version for one in done} == {2}


async def test_a_building_that_a_person_named_stays_named(loop: Loop) -> None:
    """The position alone lies in another micro-grid than the building that the reporter chose."""
    building = str(loop.community.buildings["01-01"])
    report = await loop.report(where=(50, 130), chosen_place=building)
    assert report.place.micro_grid is not None
    assert report.place.micro_grid.code == "01-01"
    await loop.act(
        publish, loop.actor("desk"), moved_border(await areas_of(loop)), expected_version=1, note=""
    )
    (done,) = await loop.act(reassign_cases, loop.actor("desk"), reason="x", every=True)
    assert not done.moved
    row = await case_row(loop, report.case_id)
    assert (row.place["chosen"], row.area_version) == (building, 2)
