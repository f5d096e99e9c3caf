"""Waiting cases and free responders solved together: urgent first, nobody twice, whoever works at the same time."""

import asyncio
from typing import Any
from uuid import UUID

from gis.flows.accept import accept
from gis.flows.decline import decline
from gis.flows.duty import set_duty
from gis.flows.match_waiting import match_waiting
from gis.flows.reject import reject
from gis.words import Role
from tests.factories import add_responder
from tests.loop import Loop

BOOKS = """
    SELECT (SELECT count(*) FROM responder r WHERE r.live_load <> (
                SELECT count(*) FROM offer o WHERE o.responder_id = r.person_id AND o.status = 'live') + (
                SELECT count(*) FROM "case" c WHERE c.assignee_id = r.person_id AND c.status IN ('accepted', 'on_site')))
         + (SELECT count(*) FROM "case" c WHERE (c.status = 'offered') <> EXISTS (
                SELECT FROM offer o WHERE o.case_id = c.case_id AND o.status = 'live'))
"""


async def offered(loop: Loop) -> dict[UUID, UUID]:
    """Return who is asked for which case."""
    rows = await loop.rows("SELECT case_id, responder_id FROM offer WHERE status = 'live'")
    return {row.case_id: row.responder_id for row in rows}


async def responder(loop: Loop, name: str, where: tuple[float, float], **columns: Any) -> UUID:
    """Add a walker on duty at metres east and north, without anybody noticing."""
    async with loop.database.write() as session:
        actor = await add_responder(
            session,
            loop.community,
            name,
            position=where,
            position_at=loop.clock.now(),
            mode="walk",
            **{"capacity": 1, **columns},
        )
    return actor.person_id


async def test_two_cases_get_two_people_at_the_least_total_way(loop: Loop) -> None:
    """The middle one is the nearest to both; who asks case by case sends the far one all the way."""
    west = await loop.report(where=(90, 100), separate=True)
    east = await loop.report(where=(180, 100), separate=True)
    middle = await responder(loop, "middle", (110, 100))
    far_west = await responder(loop, "far_west", (0, 100))
    assert await loop.act(match_waiting, "test") == 2
    assert await offered(loop) == {west.case_id: far_west, east.case_id: middle}
    told = await loop.value(
        "SELECT explanation FROM dispatch WHERE offer_id IS NOT NULL AND case_id = :case", case=west.case_id
    )
    assert told["matched_with"] == 1
    assert [one["name"] for one in told["candidates"]] == ["测试middle", "测试far_west"]
    assert told["chosen"] == str(far_west)
    assert await loop.verbs(west.case_id) == ["submit", "offer"]
    assert await loop.value(BOOKS) == 0


async def test_the_urgent_one_is_served_first_though_it_came_later(loop: Loop) -> None:
    ordinary = await loop.report(where=(60, 0), category="rubbish")
    urgent = await loop.report(where=(190, 0), category="manhole")
    only = await responder(loop, "only", (50, 0))
    assert await loop.act(match_waiting, "test") == 1
    assert await offered(loop) == {urgent.case_id: only}
    assert await loop.status(ordinary.case_id) == "open"


async def test_nobody_gets_more_than_they_have_room_for(loop: Loop) -> None:
    for n in range(5):
        await loop.report(where=(30 + 20 * n, 0), separate=True)
    await responder(loop, "two", (50, 0), capacity=3, live_load=1)
    await loop.rows("SELECT 1")
    assert await loop.act(match_waiting, "test") == 2
    assert await loop.value("SELECT live_load FROM responder WHERE capacity = 3") == 3


async def test_reporters_refusals_and_missing_skills_hold_for_several_cases_too(loop: Loop) -> None:
    ann = await responder(loop, "ann", (35, 0), skills=["mediation"])
    await loop.act(set_duty, loop.actor("ann"), on=False)
    own = await loop.report("ann", where=(35, 0), category="rubbish")
    quarrel = await loop.report(where=(150, 0), category="dispute")
    await responder(loop, "bob", (150, 0))
    await loop.on_duty("ann", (35, 0))
    await loop.act(match_waiting, "test")
    bob = loop.community.id("bob")
    assert await offered(loop) == {own.case_id: bob, quarrel.case_id: ann}
    await loop.act(decline, loop.actor("ann"), quarrel.case_id)
    await loop.act(decline, loop.actor("bob"), own.case_id)
    await loop.run_due_jobs()
    assert await offered(loop) == {}  # each was asked, and nobody else may be
    assert await loop.act(match_waiting, "test") == 0
    assert await loop.value(BOOKS) == 0


async def test_whoever_becomes_free_is_given_what_waits(loop: Loop) -> None:
    await responder(loop, "only", (50, 0))
    first = await loop.report(where=(40, 0), separate=True)
    second = await loop.report(where=(60, 0), separate=True)
    assert (await offered(loop)).keys() == {first.case_id}
    await loop.act(accept, loop.actor("only"), first.case_id)
    await loop.run_due_jobs()
    assert await loop.status(second.case_id) == "open"
    await loop.act(reject, loop.actor("desk"), first.case_id, "不存在")
    await loop.run_due_jobs()
    assert (await offered(loop)).keys() == {second.case_id}


async def test_a_position_or_duty_is_enough_to_be_asked(loop: Loop) -> None:
    filed = await loop.report(where=(40, 0))
    await loop.on_duty("rider1", (50, 0))
    loop.wait(2)
    await loop.run_due_jobs()
    assert await offered(loop) == {filed.case_id: loop.community.id("rider1")}


async def test_jobs_that_pile_up_are_carried_out_as_one(loop: Loop) -> None:
    await loop.report(where=(40, 0))
    for _ in range(4):
        await loop.act(set_duty, loop.actor("rider1"), on=True)
    queued = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'match_waiting' AND status = 'todo'"
    assert await loop.value(queued) >= 4
    await loop.act(match_waiting, "test")
    assert await loop.value(queued) == 0


async def test_many_matchers_at_once_share_the_work_without_an_error(loop: Loop) -> None:
    for n in range(24):
        await loop.report(where=(10 + 7 * n, 0), separate=True)
    for n in range(9):
        await responder(loop, f"r{n}", (20.0 * n, 0), capacity=2)
    made = await asyncio.gather(*(loop.act(match_waiting, "test") for _ in range(8)))
    loop.wait(2)
    await loop.run_due_jobs()
    assert sum(made) <= 18
    assert len(await offered(loop)) == 18
    assert await loop.value("SELECT count(*) FROM offer") == 18
    assert await loop.value("SELECT count(*) FROM event WHERE verb = 'offer'") == 18
    assert await loop.value(BOOKS) == 0


async def test_matchers_accepts_and_declines_at_once_keep_the_books(loop: Loop) -> None:
    async with loop.database.write() as session:
        for n in range(12):
            await add_responder(
                session,
                loop.community,
                f"w{n}",
                Role.WATCHER,
                position=(15.0 * n, 0),
                position_at=loop.clock.now(),
            )
    filed = [await loop.report(where=(12.0 * n, 0), separate=True) for n in range(14)]

    async def restless(turn: int) -> None:
        asked = await offered(loop)
        case = filed[turn % len(filed)].case_id
        who = next((one for one in loop.community.people.values() if one.person_id == asked.get(case)), None)
        if who is not None and turn % 3:
            await loop.act(accept if turn % 3 == 1 else decline, who, case)
        await loop.act(match_waiting, "test")

    results = await asyncio.gather(*(restless(turn) for turn in range(40)), return_exceptions=True)
    codes = {getattr(one, "code", one) for one in results if one is not None}
    assert codes <= {"already_taken", "already_offered", "offer_ended"}
    assert await loop.value(BOOKS) == 0
