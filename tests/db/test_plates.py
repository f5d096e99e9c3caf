"""Plates over real tables: who prints which, what a scanned one names, and reports by plate."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import insert, text

from gis.errors import ConflictError, InvalidInputError, NotAllowedError
from gis.flows.locate_plate import locate_plate
from gis.flows.plates import PlateFilter, PlateKind, plates_for, read_plate, renew_plate_key
from gis.flows.submit import submit
from gis.people.permissions import scope_of
from gis.plates import encode, plate_of
from gis.store.tables import building, stairwell
from gis.words import Position, PositionSource, Scope
from tests.factories import at, draw_community
from tests.loop import Loop, draft_at

NOW = datetime(2026, 6, 3, 4, 0, tzinfo=UTC)


async def plates(loop: Loop, kind=PlateKind.STAIRWELL, username="desk", limit=2000, offset=0, **wanted):
    async with loop.database.write() as session:
        scope = scope_of(loop.actor(username))
        return await plates_for(
            session, scope, kind, PlateFilter(**wanted), now=NOW, limit=limit, offset=offset
        )


async def read(loop: Loop, code: str, community_id: str = "test"):
    async with loop.database.read() as session:
        return await read_plate(session, community_id, code)


async def refused(loop: Loop, code: str, community_id: str = "test") -> str:
    with pytest.raises(InvalidInputError) as error:
        await read(loop, code, community_id)
    assert error.value.field == "plate"
    return error.value.code


async def test_every_door_has_a_plate_with_those_who_look_after_it(loop: Loop) -> None:
    found = await plates(loop)
    assert (found.total, len(found.items)) == (8, 8)
    assert len({one.code for one in found.items}) == 8
    first = found.items[0].place
    assert (first.address, first.unit, first.micro_grid, first.grid) == ("测试街1号", "1", "01-01", "01")
    assert (first.watchers, first.grid_workers) == (("测试watcher01-01",), ("测试grid01",))
    doors = [(one.place.micro_grid, one.place.address, one.place.unit) for one in found.items]
    assert doors == sorted(doors)


@pytest.mark.parametrize(
    ("username", "wanted", "count"),
    [
        ("desk", {}, 8),
        ("admin", {"grid": "02"}, 4),
        ("desk", {"micro_grid": "02-01"}, 2),
        ("desk", {"grid": "01", "micro_grid": "02-01"}, 0),
        ("desk", {"courtyard": "01"}, 0),
        ("desk", {"grid": "99"}, 0),
        ("grid01", {}, 4),
        ("grid01", {"grid": "02"}, 0),
        ("watcher01-02", {}, 2),
        ("resident", {}, 0),
    ],
)
async def test_plates_of_own_areas_only(loop: Loop, username, wanted, count) -> None:
    assert (await plates(loop, username=username, **wanted)).total == count


async def test_a_list_comes_in_parts(loop: Loop) -> None:
    whole = (await plates(loop)).items
    part = await plates(loop, limit=3, offset=6)
    assert (part.items, part.total) == (whole[6:], 8)
    assert (await plates(loop, limit=3, offset=9)).items == ()


async def test_barred_people_are_not_named(loop: Loop) -> None:
    async with loop.database.write() as session:
        await session.run(text("UPDATE person SET active = false WHERE username = 'watcher01-01'"))
    assert (await plates(loop, micro_grid="01-01")).items[0].place.watchers == ()


@pytest.mark.parametrize("kind", list(PlateKind))
async def test_a_plate_names_its_place(loop: Loop, kind) -> None:
    for one in (await plates(loop, kind)).items:
        assert await read(loop, one.code) == one.place


async def test_micro_grids_by_code_outlive_a_version(loop: Loop) -> None:
    plate = (await plates(loop, PlateKind.MICRO_GRID, grid="01")).items[1]
    async with loop.database.write() as session:
        await session.run(
            text("INSERT INTO area_version (community_id, version, published_at) VALUES ('test', 2, now())")
        )
        await session.run(
            text(
                "INSERT INTO area (community_id, version, level, code, area_id, name, parent_code, geom) SELECT"
                " community_id, 2, level, code, gen_random_uuid(), name, parent_code, geom FROM area WHERE version = 1"
            )
        )
        await session.run(text("UPDATE community SET area_version = 2"))
    assert (await read(loop, plate.code)).micro_grid == "01-02"


async def test_forged_and_foreign_plates(loop: Loop) -> None:
    async with loop.database.write() as session:
        await draw_community(session, "other")
    mine = (await plates(loop)).items[0].code
    async with loop.database.write() as session:
        theirs = (
            (
                await plates_for(
                    session, Scope("other", everything=True), PlateKind.STAIRWELL, PlateFilter(), now=NOW
                )
            )
            .items[0]
            .code
        )
    assert await refused(loop, theirs) == "plate_of_other_community"
    assert await refused(loop, mine, "other") == "plate_of_other_community"
    assert (
        await refused(loop, encode(plate_of("test", PlateKind.MICRO_GRID, "01-01"), b"x" * 32))
        == "plate_forged"
    )
    for code in ("", "X", mine.lower(), mine[:-1], f"{mine} ", "码", "A" * 5000, "\x00"):
        assert await refused(loop, code) == "plate_forged"
    flips = [
        mine[:spot] + ("A" if mine[spot] != "A" else "B") + mine[spot + 1 :] for spot in range(len(mine))
    ]
    assert {await refused(loop, flip) for flip in flips} == {"plate_forged"}


async def test_a_place_that_is_gone(loop: Loop) -> None:
    door, house = (await plates(loop)).items[0], (await plates(loop, PlateKind.BUILDING)).items[0]
    async with loop.database.write() as session:
        await session.run(text("UPDATE building SET kind = 'gone' WHERE housenumber = '1'"))
    assert await refused(loop, door.code) == "plate_unknown"
    assert await refused(loop, house.code) == "plate_unknown"
    async with loop.database.read() as session:
        key = await session.value(text("SELECT key FROM signing_key"))
    for plate in (
        plate_of("test", PlateKind.STAIRWELL, uuid4()),
        plate_of("test", PlateKind.MICRO_GRID, "09-99"),
    ):
        assert await refused(loop, encode(plate, bytes(key))) == "plate_unknown"


async def test_first_uses_at_once_make_one_key(loop: Loop) -> None:
    lists = await asyncio.gather(*[plates(loop) for _ in range(8)])
    assert len({one.items for one in lists}) == 1
    assert await loop.value("SELECT count(*) FROM signing_key") == 1


async def test_a_new_key_signs_and_the_old_one_holds_until_it_is_revoked(loop: Loop) -> None:
    old = (await plates(loop)).items[0].code
    await loop.act(renew_plate_key, loop.actor("admin"))
    new = (await plates(loop)).items[0].code
    assert old != new
    assert await read(loop, old) == await read(loop, new)
    await loop.act(renew_plate_key, loop.actor("admin"), revoke=True)
    assert [await refused(loop, code) for code in (old, new)] == ["plate_forged"] * 2
    assert await read(loop, (await plates(loop)).items[0].code)
    with pytest.raises(NotAllowedError):
        await loop.act(renew_plate_key, loop.actor("desk"))


async def test_a_report_by_plate_is_exactly_there(loop: Loop) -> None:
    await loop.on_duty("watcher02-01", (150, 50))
    plate = await read(loop, (await plates(loop, micro_grid="02-01")).items[1].code)
    basement = Position(*at(20, 180), accuracy_m=300.0)  # what the phone believes down there
    draft = replace(draft_at((0, 0), plate=plate), position=basement)
    filed = await loop.act(submit, loop.actor("resident"), draft)
    place = filed.place
    assert place.micro_grid
    assert place.building
    assert place.grid
    assert place.community
    assert (place.micro_grid.code, place.micro_grid.probability, place.micro_grid.distance_m) == (
        "02-01",
        1.0,
        0.0,
    )
    assert (place.building.id, place.building.probability, place.building.distance_m) == (
        loop.community.buildings["02-01"],
        1.0,
        0.0,
    )
    assert (place.grid.code, place.ambiguous, place.candidates) == ("02", False, ())
    assert place.street
    assert filed.offer
    assert filed.offer.responder_name == "测试watcher02-01"
    (row,) = await loop.rows(
        "SELECT position_source, st_x(geom) AS lon, st_y(geom) AS lat, stated_lon, stated_lat, accuracy_m, place FROM report"
    )
    assert (row.position_source, row.accuracy_m) == (PositionSource.PLATE, None)
    assert (row.lon, row.lat) == pytest.approx(at(160, 60), abs=1e-9)
    assert (row.stated_lon, row.stated_lat) == pytest.approx(at(20, 180), abs=1e-9)
    assert row.place["micro_grid"]["probability"] == 1.0
    (case,) = await loop.rows('SELECT micro_grid_code, grid_code, building_id FROM "case"')
    assert (case.micro_grid_code, case.grid_code, case.building_id) == (
        "02-01",
        "02",
        loop.community.buildings["02-01"],
    )


async def test_a_report_by_the_plate_of_a_micro_grid(loop: Loop) -> None:
    plate = await read(loop, (await plates(loop, PlateKind.MICRO_GRID)).items[3].code)
    filed = await loop.act(submit, loop.actor("rider1"), draft_at((10, 10), plate=plate))
    assert filed.place.micro_grid
    assert filed.place.grid
    assert (filed.place.micro_grid.code, filed.place.grid.code, filed.place.building) == ("02-02", "02", None)


async def test_the_same_report_again_even_with_a_new_plate_of_the_place(loop: Loop) -> None:
    actor, report_id = loop.actor("resident"), uuid4()
    plate = await read(loop, (await plates(loop)).items[0].code)
    first = await loop.act(submit, actor, draft_at((1, 1), report_id=report_id, plate=plate))
    await loop.act(renew_plate_key, loop.actor("admin"))
    again = await read(loop, (await plates(loop)).items[0].code)
    second = await loop.act(submit, actor, draft_at((90, 90), report_id=report_id, plate=again))
    assert second.replayed
    assert second.case_id == first.case_id
    other = await read(loop, (await plates(loop)).items[1].code)
    with pytest.raises(ConflictError):
        await loop.act(submit, actor, draft_at((1, 1), report_id=report_id, plate=other))


async def test_a_door_outside_all_micro_grids(loop: Loop) -> None:
    """It has a plate for those who see everything, and lies where its position does."""
    async with loop.database.write() as session:
        key = {"community_id": "test", "building_id": uuid4()}
        shape = "SRID=4326;POLYGON((123.414 41.789,123.4141 41.789,123.4141 41.7891,123.414 41.7891,123.414 41.789))"
        await session.run(
            insert(building).values(**key, source_ref="way/9", street="外街", housenumber="9", geom=shape)
        )
        await session.run(
            insert(stairwell).values(
                **key, stairwell_id=uuid4(), unit="1", geom="SRID=4326;POINT(123.414 41.789)"
            )
        )
    found = await plates(loop)
    outside = found.items[-1]
    assert (found.total, outside.place.address, outside.place.micro_grid, outside.place.grid) == (
        9,
        "外街9号",
        None,
        None,
    )
    async with loop.database.read() as session:
        atlas = await loop.atlas.get(session, "test")
    assert locate_plate(atlas, await read(loop, outside.code)).community is None
    assert (await plates(loop, username="grid01")).total == 4


async def test_each_door_of_the_list_snaps_to_what_the_list_says(loop: Loop) -> None:
    async with loop.database.read() as session:
        atlas = await loop.atlas.get(session, "test")
    for kind in PlateKind:
        for one in (await plates(loop, kind)).items:
            place = locate_plate(atlas, one.place)
            assert place.micro_grid
            assert place.grid
            assert (place.micro_grid.code, place.grid.code) == (one.place.micro_grid, one.place.grid)
            assert (place.building.id if place.building else None) == one.place.building_id
