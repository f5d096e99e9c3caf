"""Looking for somebody who is missing: who is called, when the radius grows, who sees what, and what is left of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from gis.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from gis.flows.missing.calling import MissingDraft, begin_search
from gis.flows.missing.erasing import due_searches, erase_searches
from gis.flows.missing.reading import list_searches, number_to_call, open_search, streets_of
from gis.flows.missing.searching import end_search, tick_street
from gis.flows.muster_answers import answer_muster
from gis.settings import ResidentSettings
from gis.words import Position
from tests.factories import at
from tests.loop import Loop, some_photo
from tests.residents import two_homes


def draft(loop: Loop, **fields: object) -> MissingDraft:
    """Return somebody last seen in the south-west of the community."""
    seen = loop.clock.now() - timedelta(hours=1)
    found = MissingDraft(
        uuid4(),
        None,
        "王奶奶",
        "紫色棉衣，灰帽子",
        "138-0000-1234",
        Position(*at(20, 20)),
        "六纬路2号门口",
        seen,
        4,
    )
    return replace(found, **fields)  # type: ignore[arg-type]


@pytest.fixture
def loop(loop: Loop) -> Loop:
    """Let the first radius be small, for the community is."""
    loop.settings = loop.settings.model_copy(update={"residents": ResidentSettings(search_radius_m=70.0)})
    return loop


async def called(loop: Loop) -> dict[str, int]:
    rows = await loop.rows(
        "SELECT p.username, c.wave FROM muster_call c JOIN person p USING (community_id, person_id) ORDER BY c.wave, p.username"
    )
    return {row.username: row.wave for row in rows}


async def all_on_duty(loop: Loop) -> None:
    for username, where in {"rider1": (30, 0), "rider2": (120, 0), "rider3": (200, 190)}.items():
        await loop.on_duty(username, where)


async def test_the_radius_grows_until_enough_are_coming(loop: Loop) -> None:
    await all_on_duty(loop)
    missing_id = await loop.act(begin_search, loop.actor("desk"), draft(loop))
    assert await called(loop) == {"rider1": 1}
    for _ in range(4):
        loop.wait(121)
        await loop.run_due_jobs()
    waves = await called(loop)
    assert 1 == waves["rider1"] < waves["rider2"] < waves["rider3"]
    shown = await loop.act(open_search, loop.actor("desk"), missing_id)
    assert (shown.name, shown.description, shown.phone) == ("王奶奶", "紫色棉衣，灰帽子", "13800001234")
    reached = [len(await loop.act(streets_of, loop.actor("desk"), missing_id))]
    assert reached[0] == await loop.value("SELECT count(*) FROM missing_street")


async def test_streets_come_in_rings(loop: Loop) -> None:
    await all_on_duty(loop)
    missing_id = await loop.act(begin_search, loop.actor("desk"), draft(loop))
    near = await loop.act(streets_of, loop.actor("desk"), missing_id)
    assert {one.ring for one in near} == {1}
    everything = await loop.rows("SELECT ring, count(*) AS n FROM missing_street GROUP BY 1 ORDER BY 1")
    assert len(everything) >= 3
    assert len(near) == everything[0].n
    assert near[0].line["type"] == "LineString"


async def test_only_those_who_were_called_see_who_is_missing(loop: Loop) -> None:
    await all_on_duty(loop)
    missing_id = await loop.act(begin_search, loop.actor("desk"), draft(loop))
    for username in ("desk", "admin", "grid01", "rider1"):
        assert (await loop.act(open_search, loop.actor(username), missing_id)).name == "王奶奶"
    for username in ("grid02", "rider2", "watcher01-01", "resident", "planner", "water"):
        with pytest.raises(NotFoundError):
            await loop.act(open_search, loop.actor(username), missing_id)
    assert [one.name for one in await loop.act(list_searches, loop.actor("rider1"))] == [""]
    assert await loop.act(number_to_call, loop.actor("rider1"), missing_id) == "13800001234"
    kinds = await loop.rows(
        "SELECT kind FROM access WHERE person_id = :id ORDER BY 1", id=loop.community.id("rider1")
    )
    assert [row.kind for row in kinds] == ["missing", "missing_call"]
    # the call that goes to everybody's phone names nobody
    notices = await loop.rows("SELECT data::text AS data FROM notice")
    assert all("王奶奶" not in row.data and "1380" not in row.data for row in notices)
    await loop.act(answer_muster, loop.actor("rider1"), await muster_of(loop, missing_id), coming=False)
    with pytest.raises(NotFoundError):
        await loop.act(open_search, loop.actor("rider1"), missing_id)


async def test_who_is_not_needed_any_more_sees_nothing_of_the_person(loop: Loop) -> None:
    for username, where in {"rider1": (30, 0), "rider2": (35, 0)}.items():
        await loop.on_duty(username, where)
    missing_id = await loop.act(begin_search, loop.actor("desk"), draft(loop, people=1))
    assert sorted(await called(loop)) == ["rider1", "rider2"]
    await loop.act(answer_muster, loop.actor("rider1"), await muster_of(loop, missing_id), coming=True)
    names = [(await loop.act(open_search, loop.actor(one), missing_id)).name for one in ("rider1", "rider2")]
    assert names == ["王奶奶", ""]
    street = (await loop.act(streets_of, loop.actor("rider2"), missing_id))[0].segment_id
    with pytest.raises(ConflictError):
        await loop.act(tick_street, loop.actor("rider2"), missing_id, street, searched=True)


async def muster_of(loop: Loop, missing_id: UUID) -> UUID:
    found: UUID = await loop.value(
        "SELECT muster_id FROM missing_person WHERE missing_id = :id", id=missing_id
    )
    return found


async def test_streets_are_ticked_off_and_all_hear_of_it(loop: Loop) -> None:
    await all_on_duty(loop)
    missing_id = await loop.act(begin_search, loop.actor("desk"), draft(loop))
    rider = loop.actor("rider1")
    street = (await loop.act(streets_of, rider, missing_id))[0].segment_id
    assert await loop.act(tick_street, rider, missing_id, street, searched=True)
    assert not await loop.act(tick_street, rider, missing_id, street, searched=True)
    last = (await loop.act(streets_of, rider, missing_id))[-1]
    assert (last.segment_id, last.searched_by) == (street, "测试rider1")
    assert (await loop.act(open_search, rider, missing_id)).row.searched == 1
    assert await loop.act(tick_street, loop.actor("desk"), missing_id, street, searched=False)
    with pytest.raises(NotFoundError):
        await loop.act(tick_street, rider, missing_id, uuid4(), searched=True)
    with pytest.raises(NotFoundError):
        await loop.act(tick_street, loop.actor("rider3"), missing_id, street, searched=True)
    verbs = await loop.rows("SELECT verb FROM muster_event ORDER BY muster_event_id")
    assert [row.verb for row in verbs] == ["call", "wave", "searched", "not_searched"]


async def test_found_all_are_told_and_those_called_see_it_no_more(loop: Loop) -> None:
    await all_on_duty(loop)
    missing_id = await loop.act(begin_search, loop.actor("grid01"), draft(loop))
    rider = loop.actor("rider1")
    await loop.act(answer_muster, rider, await muster_of(loop, missing_id), coming=True)
    with pytest.raises(NotAllowedError):
        await loop.act(end_search, rider, missing_id, "found", "在公园")
    with pytest.raises(InvalidInputError):
        await loop.act(end_search, loop.actor("grid01"), missing_id, "lost")
    for _ in range(2):
        await loop.act(end_search, loop.actor("grid01"), missing_id, "found", "在北五经街公园，平安")
    with pytest.raises(ConflictError):
        await loop.act(end_search, loop.actor("desk"), missing_id, "stood_down")
    told = await loop.rows(
        "SELECT kind FROM notice WHERE person_id = :id ORDER BY kind", id=rider.person_id
    )  # clocks stand still
    assert [row.kind for row in told] == ["missing_found", "muster_called"]
    over = await loop.act(open_search, rider, missing_id)
    assert (over.row.status, over.name, over.description, over.phone, over.outcome) == (
        "found",
        "",
        "",
        "",
        "",
    )
    with pytest.raises(NotFoundError):
        await loop.act(number_to_call, rider, missing_id)
    shown = await loop.act(open_search, loop.actor("desk"), missing_id)
    assert (shown.row.status, shown.outcome) == ("found", "在北五经街公园，平安")
    street = (await loop.act(streets_of, loop.actor("desk"), missing_id))[0].segment_id
    with pytest.raises(ConflictError):
        await loop.act(tick_street, loop.actor("desk"), missing_id, street, searched=True)


async def test_begun_from_a_record_by_who_looks_after_it(loop: Loop) -> None:
    homes = await two_homes(loop)
    await all_on_duty(loop)
    wang = homes.people["王秀英"]
    watcher = loop.actor("watcher01-01")
    with pytest.raises(NotAllowedError):
        await loop.act(begin_search, watcher, draft(loop))
    with pytest.raises(NotFoundError):
        await loop.act(begin_search, watcher, draft(loop, resident_id=homes.people["李建国"]))
    begun = draft(loop, resident_id=wang, name="", phone="")
    photo = await some_photo(loop.settings)
    for _ in range(2):
        missing_id = await loop.act(begin_search, watcher, begun, [photo])
    shown = await loop.act(open_search, loop.actor("rider1"), missing_id)
    assert (shown.name, shown.phone) == ("王秀英", "13900005678")
    assert await loop.value("SELECT count(*) FROM muster") == 1
    assert (
        await loop.value(
            "SELECT why FROM access WHERE kind = 'resident' AND person_id = :id LIMIT 1", id=watcher.person_id
        )
        == "寻人"
    )


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": " "}, "text_needed"), ({"description": ""}, "text_needed"), ({"phone": "x"}, "phone_invalid"), ({"people": 0}, "muster_nobody"),
        ({"people": 999}, "muster_too_many"), ({"position": Position(0.0, 0.0)}, "position_outside_community"),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_told_and_nobody_is_called(loop: Loop, fields: dict, code: str) -> None:
    with pytest.raises(InvalidInputError) as told:
        await loop.act(begin_search, loop.actor("desk"), draft(loop, **fields))
    assert told.value.code == code
    assert await loop.value("SELECT count(*) FROM muster") == 0
    for username in ("rider1", "resident", "planner", "water"):
        with pytest.raises(NotAllowedError):
            await loop.act(begin_search, loop.actor(username), draft(loop))


async def test_erased_after_the_search_with_a_proof(loop: Loop) -> None:
    await all_on_duty(loop)
    begun = draft(loop)
    missing_id = await loop.act(begin_search, loop.actor("desk"), begun, [await some_photo(loop.settings)])
    await loop.act(end_search, loop.actor("desk"), missing_id, "found", "平安")
    loop.wait(29 * 86400)
    assert await loop.act(erase_searches) == 0
    loop.wait(2 * 86400)
    found = await loop.act(lambda work: due_searches(work.session, loop.settings, loop.clock.now()))
    assert [one.missing_id for one in found] == [missing_id]
    assert await loop.act(erase_searches) == 1
    assert await loop.act(erase_searches) == 0
    (row,) = await loop.rows("SELECT kind, erased, kept FROM erasure")
    assert (row.kind, row.erased) == ("missing", {"told": 1, "photos": 1})
    (left,) = await loop.rows("SELECT name, told, outcome, geom, place_text FROM missing_person")
    assert (left.name, left.told, left.outcome, left.geom, left.place_text) == (None, None, None, None, "")
    assert await loop.value("SELECT count(*) FROM subject_photo") == 0
    assert await loop.value("SELECT count(*) FROM missing_street") == 0
    (call,) = await loop.rows("SELECT place, place_text, building_id, grid_code FROM muster")
    assert (call.place, call.place_text, call.building_id, call.grid_code) == ({}, "", None, None)
    middle = "st_distance(m.geom, st_centroid(k.geom)) = 0"
    assert await loop.value(f"SELECT {middle} FROM muster m JOIN community k USING (community_id)")
    shown = await loop.act(open_search, loop.actor("desk"), missing_id)
    assert (shown.name, shown.row.status) == ("", "found")
