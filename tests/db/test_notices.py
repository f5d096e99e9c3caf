"""Notices: once each, for active people, in the caller's transaction; robots are told at most once."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from gis.flows.deliver import AGAIN_S, LOST_S, deliver, sweep_notices
from gis.flows.notify import notify
from gis.flows.robots import RobotDraft, put_robot
from gis.store.deliveries import begin, delivery_states
from gis.store.notices import people_of
from gis.words import Notice, Role
from tests.loop import Loop
from tests.receiver import Receiver, receiving
from web.notices import robot_text

NIGHT = datetime(2026, 6, 3, 15, 0, tzinfo=UTC)  # 23:00 in Shenyang


@pytest.fixture
def receiver(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with receiving() as found:
        loop.settings.robots.origins = (found.origin,)
        yield found
        loop.settings.robots.origins = ()


async def add_robot(loop: Loop, receiver: Receiver, **fields: Any) -> None:
    given: dict[str, Any] = {"kinds": ("escalated",), "enabled": True} | fields
    draft = RobotDraft(uuid4(), "值班群", "wecom", receiver.address(), **given)
    await loop.act(put_robot, loop.community.community_id, draft)


async def tell(loop: Loop, notice: Notice) -> None:
    await loop.act(notify, loop.community.community_id, notice)


async def told(loop: Loop) -> list[tuple[str, str]]:
    rows = await loop.rows(
        "SELECT p.username, n.kind FROM notice n JOIN person p USING (community_id, person_id) ORDER BY n.serial"
    )
    return [tuple(row) for row in rows]


async def states(loop: Loop) -> list[str]:
    return [row.state for row in await loop.rows("SELECT state FROM delivery ORDER BY created_at")]


async def send_due(loop: Loop) -> None:
    rows = await loop.rows("SELECT delivery_id FROM delivery")
    for row in rows:
        await deliver(loop.work, robot_text, loop.community.community_id, row.delivery_id)


async def test_nobody_is_told_twice_of_the_same(loop: Loop) -> None:
    case_id = (await loop.report()).case_id
    desk, grid = loop.community.id("desk"), loop.community.id("grid01")
    for _ in range(2):
        await tell(loop, Notice("escalated", (desk, grid, desk), case_id, data={"level": 2}))
    assert sorted(await told(loop)) == [("desk", "escalated"), ("grid01", "escalated")]
    await tell(loop, Notice("escalated", (desk,), case_id, data={"level": 3}))
    await tell(loop, Notice("overdue", (desk,), case_id, key="7"))
    await tell(loop, Notice("overdue", (desk,), case_id, key="7", data={"level": 9}))
    await tell(loop, Notice("overdue", (desk,), case_id, key="8"))
    assert len(await told(loop)) == 5


async def test_two_at_once_tell_one(loop: Loop) -> None:
    case_id = (await loop.report()).case_id
    people = [actor.person_id for actor in loop.community.people.values()]
    await asyncio.gather(
        *(
            tell(loop, Notice("overdue", people if turn % 2 else people[::-1], case_id, key="1"))
            for turn in range(6)
        )
    )
    assert len(await told(loop)) == len(people)


async def test_what_is_rolled_back_was_not_told(loop: Loop) -> None:
    with suppress(RuntimeError):
        async with loop.work() as work:
            await notify(
                work, loop.community.community_id, Notice("task_ordered", (loop.community.id("desk"),))
            )
            raise RuntimeError
    assert await told(loop) == []


async def test_only_active_people_are_told_and_found(loop: Loop) -> None:
    community_id, grid = loop.community.community_id, loop.community.id("grid01")
    async with loop.database.write() as session:
        await session.run(text("UPDATE person SET active = false WHERE username = 'grid01'"))
        assert await people_of(session, community_id, role=Role.GRID_WORKER, grid_code="01") == []
        found = await people_of(session, community_id, role=Role.GRID_WORKER, grid_code="02")
        assert found == [loop.community.id("grid02")]
        assert await people_of(session, community_id, agency_code="water") == [loop.community.id("water")]
        assert await people_of(session, "elsewhere", role=Role.DESK) == []
    await tell(loop, Notice("overdue", (grid, uuid4())))
    assert await told(loop) == []


async def test_quiet_hours_silence_what_can_wait(loop: Loop, receiver: Receiver) -> None:
    await add_robot(loop, receiver)
    loop.clock.at = NIGHT
    desk = loop.community.id("desk")
    await tell(loop, Notice("escalated", (desk,), key="slow"))
    await tell(loop, Notice("escalated", (desk,), key="urgent", urgent=True))
    assert [row.silent for row in await loop.rows("SELECT silent FROM notice ORDER BY serial")] == [
        True,
        False,
    ]
    await loop.run_due_jobs()
    assert len(receiver.got) == 1
    assert receiver.texts[0].startswith("【紧急】")
    loop.clock.at = NIGHT + timedelta(hours=8)
    await loop.run_due_jobs()
    assert len(receiver.got) == 2


async def test_a_robot_says_number_category_grid_and_nothing_of_people(
    loop: Loop, receiver: Receiver
) -> None:
    await add_robot(loop, receiver)
    submitted = await loop.report(description="王秀英家 301 漏水", category="water_leak")
    loop.settings.public_url = "https://weiwang.example"
    data: dict[str, str | int | float] = {
        "reason": "王秀英 13900000000",
        "level": 2,
        "agency": "water",
        "lon": 123.4,
    }
    await tell(loop, Notice("escalated", (), submitted.case_id, data=data))
    await loop.run_due_jobs()
    title, facts, link = receiver.texts[0].splitlines()
    assert (title, link) == ("案件已升级", f"https://weiwang.example/cases/{submitted.case_id}")
    assert facts == f"{submitted.number} · 跑水漏水 · 网格 01 · 请网格员处理"


async def test_a_robot_that_is_off_or_wants_other_kinds_is_not_told(loop: Loop, receiver: Receiver) -> None:
    await add_robot(loop, receiver, enabled=False)
    await add_robot(loop, receiver, kinds=("overdue",))
    await tell(loop, Notice("escalated", (loop.community.id("desk"),)))
    assert await states(loop) == []


async def test_two_workers_send_one(loop: Loop, receiver: Receiver) -> None:
    await add_robot(loop, receiver)
    receiver.wait_s = 0.2
    await tell(loop, Notice("escalated", ()))
    await tell(loop, Notice("escalated", ()))
    await asyncio.gather(*(send_due(loop) for _ in range(4)))
    assert len(receiver.got) == 1
    assert await states(loop) == ["sent"]


async def test_a_receiver_that_is_down_is_tried_again_then_given_up(loop: Loop, receiver: Receiver) -> None:
    await add_robot(loop, receiver)
    receiver.status = 500
    await tell(loop, Notice("escalated", (), urgent=True))
    for again_s in AGAIN_S:
        await loop.run_due_jobs()
        assert await states(loop) == ["waiting"]
        await loop.run_due_jobs()
        loop.wait(again_s)
    await loop.run_due_jobs()
    assert await states(loop) == ["failed"]
    assert len(receiver.got) == len(AGAIN_S) + 1
    async with loop.database.read() as session:
        (found,) = await delivery_states(session, loop.clock.at - timedelta(days=1))
    assert (found.failed, found.unknown, found.waiting, found.error) == (1, 0, 0, "HTTP 500")


async def test_a_receiver_that_comes_back_is_told(loop: Loop, receiver: Receiver) -> None:
    await add_robot(loop, receiver)
    receiver.body = b'{"errcode":45009,"errmsg":"api freq out of limit"}'
    await tell(loop, Notice("escalated", ()))
    await loop.run_due_jobs()
    receiver.body = b'{"errcode":0}'
    loop.wait(AGAIN_S[0])
    await loop.run_due_jobs()
    assert await states(loop) == ["sent"]


async def test_what_was_perhaps_sent_is_not_sent_again(loop: Loop, receiver: Receiver) -> None:
    await add_robot(loop, receiver)
    receiver.drop = True
    await tell(loop, Notice("escalated", ()))
    await loop.run_due_jobs()
    assert await states(loop) == ["unknown"]
    loop.wait(3600)
    await sweep_notices(loop.work, robot_text)
    assert len(receiver.got) == 1


async def test_a_worker_that_dies_while_sending_leaves_it_given_up(loop: Loop, receiver: Receiver) -> None:
    await add_robot(loop, receiver)
    await tell(loop, Notice("escalated", ()))
    delivery_id = await loop.value("SELECT delivery_id FROM delivery")
    async with loop.database.write() as session:
        assert await begin(session, loop.community.community_id, delivery_id, loop.clock.at)
    loop.wait(LOST_S + 1)
    await sweep_notices(loop.work, robot_text)
    await loop.run_due_jobs()
    assert await states(loop) == ["unknown"]
    assert receiver.got == []


async def test_a_lost_job_is_made_up_for_and_old_news_is_not_sent(loop: Loop, receiver: Receiver) -> None:
    await add_robot(loop, receiver)
    await tell(loop, Notice("escalated", (), key="1"))
    async with loop.database.write() as session:
        await session.run(text("DELETE FROM procrastinate_jobs"))
    loop.wait(LOST_S + 1)
    await sweep_notices(loop.work, robot_text)
    assert len(receiver.got) == 1
    await tell(loop, Notice("escalated", (), key="2"))
    loop.wait(2 * 86_400)
    await sweep_notices(loop.work, robot_text)
    assert sorted(await states(loop)) == ["failed", "sent"]


async def test_an_origin_that_is_no_longer_allowed_is_not_called(loop: Loop, receiver: Receiver) -> None:
    await add_robot(loop, receiver)
    loop.settings.robots.origins = ()
    await tell(loop, Notice("escalated", ()))
    await loop.run_due_jobs()
    assert receiver.got == []
