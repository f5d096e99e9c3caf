"""The ladder: who is told when nobody takes a case or it is not done in time, once each, by jobs or by the sweep."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from gis.cases import ladder
from gis.cases.categories import category
from gis.errors import WeiwangError
from gis.flows.accept import accept
from gis.flows.arrive import arrive
from gis.flows.cancel import cancel
from gis.flows.climb import climb, look_after
from gis.flows.done import done
from gis.flows.refer import refer
from gis.flows.reject import reject
from gis.flows.release import release
from gis.flows.tasks import sweep
from gis.views.cases import find_case
from tests.loop import Loop, some_photo

NIGHT = datetime(2026, 6, 3, 16, 0, tzinfo=UTC)  # midnight in Shenyang


async def level(loop: Loop) -> int:
    return int(await loop.value('SELECT escalation FROM "case"'))


async def told(loop: Loop, kind: str = "escalated") -> list[tuple[str, int]]:
    rows = await loop.rows(
        "SELECT p.username, (n.data ->> 'level')::int AS level FROM notice n JOIN person p USING (person_id)"
        " WHERE n.kind = :kind ORDER BY 2, 1",
        kind=kind,
    )
    return [(row.username, row.level) for row in rows]


async def in_minutes(loop: Loop, minutes: float) -> int:
    loop.wait(60 * minutes)
    return await loop.run_due_jobs()


async def test_nobody_takes_it_each_level_is_an_event_and_a_notice(loop: Loop) -> None:
    await loop.report(category="gas_smell")  # five minutes to answer, on the wall clock
    seen = []
    for minute in (1, 2, 3, 4, 5, 6, 9, 10, 11, 600):
        loop.clock.at = datetime(2026, 6, 3, 4, minute % 60, tzinfo=UTC) + timedelta(hours=minute // 60)
        await loop.run_due_jobs()
        seen.append((minute, await level(loop)))
    assert seen == [(1, 0), (2, 1), (3, 1), (4, 2), (5, 3), (6, 3), (9, 3), (10, 4), (11, 4), (600, 4)]
    people = [("grid01", 1), ("grid01", 2), ("desk", 3), ("sub_district", 4)]
    assert await told(loop) == [*people, ("sub_district", 4)]  # hours later those at the top are told again
    events = await loop.rows("SELECT verb, reason, data FROM event ORDER BY event_id")
    assert [(one.verb, one.reason, one.data.get("level")) for one in events[1:]] == [
        *(("escalate", "not_answered", number) for number in (1, 2, 3, 4)),
        ("remind", "not_answered", 4),
    ]
    assert await loop.value("SELECT count(*) FROM procrastinate_jobs") == 1


async def test_the_sweep_does_what_a_lost_job_would_have_done(loop: Loop) -> None:
    await loop.report(category="gas_smell")
    async with loop.database.write() as session:
        await session.run(text("DELETE FROM procrastinate_jobs"))
    for _ in range(12):
        loop.wait(60)
        await sweep(loop.work)
    assert await level(loop) == 4
    assert len(await told(loop)) == 4


async def test_after_a_long_stop_it_climbs_to_where_it_belongs(loop: Loop) -> None:
    await loop.report(category="gas_smell")
    assert await in_minutes(loop, 120) == 1
    assert await level(loop) == 4
    assert await told(loop) == [("grid01", 1), ("grid01", 2), ("desk", 3), ("sub_district", 4)]


@pytest.mark.parametrize("others", [1, 7])
async def test_looked_at_by_many_at_once_it_climbs_once(loop: Loop, others: int) -> None:
    filed = await loop.report(category="gas_smell")
    loop.wait(100)
    acts = [loop.act(climb, "test", filed.case_id) for _ in range(others)]
    acts += [loop.act(look_after, "test", filed.case_id) for _ in range(others)]
    await asyncio.gather(*acts, sweep(loop.work))
    assert await level(loop) == 1
    assert await loop.verbs(filed.case_id) == ["submit", "escalate"]
    assert await told(loop) == [("grid01", 1)]


async def test_at_night_only_urgent_cases_climb(loop: Loop) -> None:
    loop.clock.at = NIGHT
    await loop.report(category="sewer")
    await in_minutes(loop, 6 * 60)
    await sweep(loop.work)
    assert await level(loop) == 0
    await in_minutes(loop, 60 + 9)  # 07:09
    assert await level(loop) == 0
    await in_minutes(loop, 1)
    assert await level(loop) == 1, "the half hour to answer began at seven"
    due = await loop.value('SELECT answer_due_at FROM "case"')
    assert due == datetime(2026, 6, 3, 23, 30, tzinfo=UTC)


async def test_what_the_office_settles_waits_for_its_hours(loop: Loop) -> None:
    loop.clock.at = datetime(2026, 9, 30, 9, 0, tzinfo=UTC)  # 17:00 on the eve of a week of holidays
    await loop.report(category="other")  # two working hours to answer, of which half an hour is left
    (row,) = await loop.rows('SELECT answer_due_at, resolve_due_at, climb_at FROM "case"')
    assert row.answer_due_at == datetime(2026, 10, 8, 2, 0, tzinfo=UTC)
    assert row.resolve_due_at == datetime(2026, 10, 10, 9, 0, tzinfo=UTC), "that Saturday is worked"
    assert row.climb_at == datetime(2026, 10, 8, 0, 40, tzinfo=UTC)
    await in_minutes(loop, 7 * 24 * 60)
    assert await level(loop) == 0
    await in_minutes(loop, 16 * 60)
    assert await level(loop) == 1


@pytest.mark.parametrize("act", ["accept", "refer", "reject", "cancel"])
async def test_an_answer_takes_it_down(loop: Loop, act: str) -> None:
    filed = await loop.report(category="gas_smell")
    await in_minutes(loop, 4)
    assert await level(loop) == 2
    flows = {
        "accept": lambda: loop.act(accept, loop.actor("grid01"), filed.case_id),
        "refer": lambda: loop.act(refer, loop.actor("desk"), filed.case_id, "water", "请处理"),
        "reject": lambda: loop.act(reject, loop.actor("desk"), filed.case_id, "不属实"),
        "cancel": lambda: loop.act(cancel, loop.actor("desk"), filed.case_id, "重复"),
    }
    await flows[act]()
    assert await level(loop) == 0
    await in_minutes(loop, 2)
    assert await level(loop) == 0
    assert len(await told(loop)) == 2


async def test_given_back_it_begins_at_the_foot(loop: Loop) -> None:
    filed = await loop.report(category="gas_smell")
    await in_minutes(loop, 4)
    await loop.act(accept, loop.actor("grid01"), filed.case_id)
    await loop.act(release, loop.actor("grid01"), filed.case_id, "有事")
    assert await level(loop) == 0
    await in_minutes(loop, 2)
    assert await level(loop) == 1
    assert (await told(loop))[:2] == [("grid01", 1), ("grid01", 1)], "told again, for it climbs again"


async def on_duty_for_gas(loop: Loop, username: str) -> None:
    """Put a rider on duty who may take what smells of gas."""
    async with loop.database.write() as session:
        await session.direct(
            "UPDATE responder SET skills = '{fire}' WHERE community_id = %(community)s AND person_id = %(person)s RETURNING 1",
            {"community": loop.community.community_id, "person": loop.community.id(username)},
        )
    await loop.on_duty(username, (40, 0))


async def test_taken_but_not_on_site_in_time(loop: Loop) -> None:
    """Ten minutes to be there: near at eight, missed at ten, and a level up for every five more."""
    await on_duty_for_gas(loop, "rider1")
    filed = await loop.report(category="gas_smell")
    await loop.act(accept, loop.actor("rider1"), filed.case_id)
    seen = []
    for _ in range(21):
        await in_minutes(loop, 1)
        seen.append(await level(loop))
    assert seen == [0] * 9 + [2] * 5 + [3] * 5 + [4] * 2
    assert [name for name, _ in await told(loop, "due_soon")] == ["grid01", "rider1"]
    assert await told(loop, "overdue") == [
        ("grid01", 2), ("rider1", 2), ("desk", 3), ("rider1", 3), ("rider1", 4), ("sub_district", 4),
    ]  # fmt: skip
    assert (await loop.verbs(filed.case_id))[-4:] == ["due_soon", "escalate", "escalate", "escalate"]
    await loop.act(arrive, loop.actor("rider1"), filed.case_id)
    assert await level(loop) == 0


async def test_on_site_but_not_settled_in_time(loop: Loop) -> None:
    await on_duty_for_gas(loop, "rider1")
    filed = await loop.report(category="gas_smell")  # two hours
    await loop.act(accept, loop.actor("rider1"), filed.case_id)
    await loop.act(arrive, loop.actor("rider1"), filed.case_id)
    levels = {}
    for minutes in range(5, 300, 5):
        await in_minutes(loop, 5)
        levels[minutes] = await level(loop)
    assert [minutes for minutes in levels if levels[minutes] != levels.get(minutes - 5, 0)] == [120, 180, 240]
    reasons = await loop.rows(
        "SELECT reason FROM event WHERE verb IN ('due_soon', 'escalate') ORDER BY event_id"
    )
    assert [row.reason for row in reasons] == ["resolve_soon", *3 * ["not_resolved"]]
    await loop.act(done, loop.actor("rider1"), filed.case_id, "", [await some_photo(loop.settings)])
    await in_minutes(loop, 24 * 60)
    assert await level(loop) == 0


async def test_referred_and_not_settled_in_time_the_office_hears_of_it(loop: Loop) -> None:
    filed = await loop.report(category="gas_smell")
    await loop.act(refer, loop.actor("desk"), filed.case_id, "water", "请处理")
    await in_minutes(loop, 121)
    assert await level(loop) == 2
    assert ("grid01", 2) in await told(loop, "overdue")


async def test_at_the_top_the_sub_district_sees_it_and_refers_it(loop: Loop) -> None:
    filed = await loop.report(category="gas_smell")
    office = loop.actor("sub_district")
    await in_minutes(loop, 6)
    with pytest.raises(WeiwangError, match="no such case"):
        await loop.act(refer, office, filed.case_id, "water", "请处理")
    await in_minutes(loop, 6)
    async with loop.database.read() as session:
        assert "refer" in (await find_case(session, office, filed.case_id)).legal
    await loop.act(refer, office, filed.case_id, "water", "请处理")
    assert await loop.value("SELECT level FROM referral") == "sub_district"


async def test_without_a_grid_worker_or_a_sub_district_the_desk_is_told(loop: Loop) -> None:
    async with loop.database.write() as session:
        await session.run(text("UPDATE person SET active = false WHERE role IN ('grid_worker', 'agency')"))
    await loop.report(category="gas_smell")
    await in_minutes(loop, 120)
    assert await told(loop) == [("desk", number) for number in (1, 2, 3, 4)]


async def test_a_case_in_a_final_state_is_left_alone(loop: Loop) -> None:
    filed = await loop.report(category="gas_smell")
    await loop.act(cancel, loop.actor("desk"), filed.case_id, "重复")
    assert await loop.value('SELECT climb_at FROM "case"') is None
    await in_minutes(loop, 120)
    await loop.act(climb, "test", filed.case_id)
    assert await loop.verbs(filed.case_id) == ["submit", "cancel"]
    with pytest.raises(WeiwangError):
        await loop.act(accept, loop.actor("grid01"), filed.case_id)


async def test_a_phone_with_a_wrong_clock_changes_no_deadline(loop: Loop) -> None:
    for years in (-10, 10):
        fixed_at = loop.clock.at.replace(year=loop.clock.at.year + years)
        await loop.report(category="gas_smell", where=(35 + years, 20), fixed_at=fixed_at, separate=True)
    due = await loop.rows('SELECT answer_due_at FROM "case"')
    assert {row.answer_due_at for row in due} == {loop.clock.at + timedelta(minutes=5)}
    kept = await loop.rows("SELECT fixed_at FROM report ORDER BY fixed_at")
    assert [row.fixed_at.year for row in kept] == [2016, 2036], "kept as it was said"


def test_the_table_is_whole() -> None:
    assert [rung.level for rung in ladder.LADDER] == list(range(ladder.TOP + 1))
    assert [ladder.asks(rung.level) for rung in ladder.LADDER] == [True, True, False, False, False]
    assert all((rung.wait is None) == (rung.level == ladder.TOP) for rung in ladder.LADDER)
    assert category("gas_smell").urgent
