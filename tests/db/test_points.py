"""Points: debts, limits, races for the last of a reward, codes at a counter, expiry that is announced, corrections."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest

from gis.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError, TooManyError
from gis.flows.record_patrol import PatrolDraft, record_patrol
from gis.flows.service.booking import Booking, book, take_back
from gis.flows.service.donating import give, neighbour
from gis.flows.service.expiring import expire_points, expiring, remind_of_codes
from gis.flows.service.handing_out import hand_out, look_at_code
from gis.flows.service.hours import Hours, confirm_patrols, correct_hours, enter_hours
from gis.flows.service.keeping import change_stock, put_reward, set_rules
from gis.flows.service.partners import appoint_keeper, dismiss_keeper, put_shop
from gis.flows.service.redeeming import redeem, refund
from gis.service.neighbours import neighbour_code
from gis.store import books, ledger
from gis.store.point_rules import PointRules
from gis.store.rewards import Reward
from gis.store.served import Served
from gis.store.shops import Shop
from gis.store.statements import points_of
from tests.loop import Loop


async def points(loop: Loop, username: str) -> ledger.Held:
    async with loop.database.read() as session:
        return await ledger.held_by(session, "test", loop.community.id(username))


async def earn(loop: Loop, username: str, hours: float) -> UUID:
    batch = uuid4()
    person = loop.community.id(username)
    today = loop.clock.at.date()
    await loop.act(enter_hours, loop.actor("desk"), batch, "大扫除", today, [Hours(person, hours)])
    return uuid5(batch, str(person))


async def offer(loop: Loop, cost: int = 10, stock: int = 5, **fields: Any) -> UUID:
    kept = {"limit_each": None, "limit_period": "month", "shop_id": None, "first_day": None, "last_day": None}
    reward = Reward(uuid4(), "鸡蛋", "Eggs", "", cost, **{**kept, **fields}, active=True)
    await loop.act(put_reward, loop.actor("desk"), reward)
    if stock:
        await loop.act(change_stock, loop.actor("desk"), uuid4(), reward.reward_id, stock, "进货")
    return reward.reward_id


async def findings(loop: Loop) -> list[books.Finding]:
    async with loop.database.read() as session:
        return await books.findings(session, "test")


async def test_what_is_taken_back_after_it_was_spent_is_owed_and_paid_from_what_comes_next(
    loop: Loop,
) -> None:
    rider = loop.actor("rider1")
    service = await earn(loop, "rider1", 2)
    await loop.act(redeem, rider, uuid4(), await offer(loop, 15))
    async with loop.work() as work:
        entry = await ledger.entry_of_service(work.session, "test", service)
        assert entry is not None
        await take_back(work, "test", [entry], "reopened")
    assert await points(loop, "rider1") == ledger.Held(0, 15)
    await earn(loop, "rider1", 1)
    assert await points(loop, "rider1") == ledger.Held(0, 5)
    await earn(loop, "rider1", 1)
    assert await points(loop, "rider1") == ledger.Held(5, 0)
    assert await findings(loop) == []


async def test_the_last_one_goes_to_one_of_many_and_nobody_spends_the_same_points_twice(loop: Loop) -> None:
    people = ("rider1", "rider2", "rider3", "watcher01-01")
    for username in people:
        await earn(loop, username, 4)
    reward = await offer(loop, 30, 3, limit_each=1)

    async def try_it(username: str) -> str:
        try:
            await loop.act(redeem, loop.actor(username), uuid4(), reward)
        except ConflictError as error:
            return error.code
        return "got"

    found = sorted(await asyncio.gather(*(try_it(one) for one in people * 3)))
    assert found.count("got") == 3
    assert set(found) <= {"got", "reward_sold_out", "reward_limit_reached", "points_too_few"}
    assert await loop.value("SELECT stock FROM reward") == 0
    assert await findings(loop) == []


async def test_limits_count_what_was_kept_in_their_period(loop: Loop) -> None:
    rider, reward = loop.actor("rider1"), await offer(loop, 5, 9, limit_each=1, limit_period="month")
    await earn(loop, "rider1", 4)
    first = uuid4()
    got = await loop.act(redeem, rider, first, reward)
    with pytest.raises(ConflictError) as refused:
        await loop.act(redeem, rider, uuid4(), reward)
    assert refused.value.code == "reward_limit_reached"
    await loop.act(hand_out, loop.actor("desk"), got.code)
    await loop.act(refund, loop.actor("desk"), first, "坏了", restock=False)
    await loop.act(redeem, rider, uuid4(), reward)
    loop.wait(28 * 86400)
    await loop.act(redeem, rider, uuid4(), reward)
    assert await loop.value("SELECT stock FROM reward") == 6
    assert await findings(loop) == []


async def test_a_shop_hands_out_its_own_rewards_and_learns_no_name(loop: Loop) -> None:
    desk, keeper, rider = loop.actor("desk"), loop.actor("resident"), loop.actor("rider1")
    shop = Shop(uuid4(), "粮油店", "", "", active=True)
    await loop.act(put_shop, desk, shop)
    await earn(loop, "rider1", 4)
    mine = await loop.act(redeem, rider, uuid4(), await offer(loop, shop_id=shop.shop_id))
    other = await loop.act(redeem, rider, uuid4(), await offer(loop))
    with pytest.raises(NotAllowedError) as outside:
        await loop.act(look_at_code, keeper, mine.code)
    assert outside.value.code == "not_at_a_counter"
    await loop.act(appoint_keeper, desk, shop.shop_id, "resident")
    seen = await loop.act(look_at_code, keeper, f" {mine.code[:4].lower()}-{mine.code[4:]} ")
    assert (seen.person, seen.reward, seen.status) == ("测**", "鸡蛋", "open")
    with pytest.raises(NotFoundError):
        await loop.act(hand_out, keeper, other.code)
    await loop.act(hand_out, keeper, f"http://weiwang.test/service/counter?code={mine.code}")
    with pytest.raises(ConflictError) as again:
        await loop.act(hand_out, desk, mine.code)
    assert again.value.code == "reward_code_used"
    await loop.act(dismiss_keeper, desk, shop.shop_id, keeper.person_id)
    with pytest.raises(NotAllowedError):
        await loop.act(look_at_code, keeper, mine.code)
    looks = await loop.rows("SELECT kind, count(*) AS n FROM access GROUP BY kind ORDER BY kind")
    assert [tuple(one) for one in looks] == [("reward_code", 1), ("wrong_reward_code", 1)]


async def test_who_tries_codes_out_waits(loop: Loop) -> None:
    desk = loop.actor("desk")
    for _ in range(20):
        with pytest.raises(NotFoundError):
            await loop.act(look_at_code, desk, "AAAABBBB")
    with pytest.raises(TooManyError):
        await loop.act(look_at_code, desk, "AAAABBBB")
    loop.wait(901)
    with pytest.raises(NotFoundError):
        await loop.act(look_at_code, desk, "AAAABBBB")


async def test_a_gift_goes_to_whom_the_giver_knows(loop: Loop) -> None:
    rider, to = loop.actor("rider1"), loop.actor("resident")
    await earn(loop, "rider1", 2)
    found = await loop.act(neighbour, rider, neighbour_code(to.person_id).lower())
    assert found.person_id == to.person_id
    assert (await loop.act(neighbour, rider, to.name)).person_id == to.person_id
    for nobody in ("张", "测试", "AAAA-AAAA"):
        with pytest.raises(NotFoundError):
            await loop.act(neighbour, rider, nobody)
    gift = uuid4()
    for _ in range(2):
        await loop.act(give, rider, gift, to.person_id, 12, "谢谢您")
    assert ((await points(loop, "rider1")).balance, (await points(loop, "resident")).balance) == (8, 12)
    with pytest.raises(ConflictError):
        await loop.act(give, rider, gift, to.person_id, 5)
    assert await loop.value("SELECT count(*) FROM notice WHERE kind = 'points_given'") == 1


async def test_givers_to_each_other_wait_for_nobody_for_ever(loop: Loop) -> None:
    await earn(loop, "rider1", 4)
    await earn(loop, "rider2", 4)
    one, other = loop.actor("rider1"), loop.actor("rider2")
    await asyncio.gather(
        *(loop.act(give, one, uuid4(), other.person_id, 1) for _ in range(8)),
        *(loop.act(give, other, uuid4(), one.person_id, 1) for _ in range(8)),
    )
    assert await findings(loop) == []


async def test_old_points_expire_after_they_were_announced_the_oldest_used_first(loop: Loop) -> None:
    await loop.act(set_rules, loop.actor("admin"), PointRules(expire_months=2))
    await earn(loop, "rider1", 3)  # June: expires with the run of September
    await loop.act(redeem, loop.actor("rider1"), uuid4(), await offer(loop, 10))
    gone = []
    for _ in range(4):  # June to September
        gone.append(await loop.act(expire_points, "test"))
        assert await loop.act(expire_points, "test") == 0
        loop.clock.at = (loop.clock.at.replace(day=1) + timedelta(days=32)).replace(day=3)
        if len(gone) == 2:
            await earn(loop, "rider1", 1)
    assert gone == [0, 0, 0, 20]
    assert (await points(loop, "rider1")).balance == 10
    assert await loop.value("SELECT count(*) FROM notice WHERE kind = 'points_expiring'") == 1
    assert await loop.act(expiring, "test", loop.community.id("rider1")) is None
    loop.clock.at = loop.clock.at.replace(day=2)
    assert await loop.act(expire_points, "test") == 0
    assert (await loop.act(expiring, "test", loop.community.id("rider1"))) == (10, date(2026, 11, 1))
    assert await findings(loop) == []


async def test_a_gift_is_as_old_as_it_was_with_who_gave_it(loop: Loop) -> None:
    await loop.act(set_rules, loop.actor("admin"), PointRules(expire_months=2))
    await earn(loop, "rider1", 3)  # in June
    loop.clock.at = loop.clock.at.replace(month=7)
    await earn(loop, "rider1", 1)
    ids = [loop.community.id(name) for name in ("rider1", "rider2")]
    await loop.act(give, loop.actor("rider1"), uuid4(), ids[1], 35)  # 30 of June, 5 of July
    await loop.act(give, loop.actor("rider2"), uuid4(), ids[0], 10)  # back again, and still of June
    rows = await loop.rows("SELECT month, points FROM gift_age ORDER BY points")
    assert [tuple(one) for one in rows] == [
        (date(2026, 7, 1), 5),
        (date(2026, 6, 1), 10),
        (date(2026, 6, 1), 30),
    ]
    gone = []
    for month in (7, 8, 9, 10):
        loop.clock.at = loop.clock.at.replace(month=month, day=3)
        gone.append(await loop.act(expire_points, "test"))
    assert gone == [0, 0, 30, 10]
    assert [(await points(loop, name)).balance for name in ("rider1", "rider2")] == [0, 0]
    assert await findings(loop) == []


async def test_who_has_something_waiting_is_reminded_once(loop: Loop) -> None:
    await loop.act(set_rules, loop.actor("admin"), PointRules(code_days=10))
    await earn(loop, "rider1", 3)
    reward = await offer(loop, 10)
    await loop.act(redeem, loop.actor("rider1"), uuid4(), reward)
    assert await loop.act(remind_of_codes) == 0
    loop.wait(8 * 86400)
    await loop.act(redeem, loop.actor("rider1"), uuid4(), reward)
    assert [await loop.act(remind_of_codes) for _ in range(2)] == [1, 0]
    [told] = await loop.rows("SELECT person_id, data FROM notice WHERE kind = 'code_expiring'")
    assert (told.person_id, told.data["name"]) == (loop.community.id("rider1"), "鸡蛋")


async def test_hours_are_corrected_with_a_reason_by_somebody_else(loop: Loop) -> None:
    desk = loop.actor("desk")
    service = await earn(loop, "rider1", 3)
    new = uuid4()
    with pytest.raises(InvalidInputError) as silent:
        await loop.act(correct_hours, desk, service, new, 1.0, " ")
    assert silent.value.code == "reason_needed"
    for _ in range(2):
        await loop.act(correct_hours, desk, service, new, 1.0, "只到了一小时")
    with pytest.raises(ConflictError) as gone:
        await loop.act(correct_hours, desk, service, uuid4(), 2.0, "x")
    assert gone.value.code == "already_corrected"
    async with loop.database.read() as session:
        found = await points_of(session, "test", loop.community.id("rider1"), now=loop.clock.at)
    assert (found.balance, found.hours) == (10, 1.0)
    await loop.act(correct_hours, desk, new, uuid4(), 0.0, "没有来")
    assert (await points(loop, "rider1")).balance == 0
    with pytest.raises(NotAllowedError):
        await loop.act(correct_hours, loop.actor("rider1"), new, uuid4(), 2.0, "x")


async def test_patrols_count_once_somebody_else_has_confirmed_them(loop: Loop) -> None:
    now = loop.clock.at
    draft = PatrolDraft(uuid4(), now - timedelta(hours=3), now - timedelta(hours=1))
    await loop.act(record_patrol, loop.actor("rider1"), draft)
    assert await loop.act(confirm_patrols, loop.actor("desk"), [draft.id]) == 1
    assert await loop.act(confirm_patrols, loop.actor("desk"), [draft.id]) == 0
    assert (await points(loop, "rider1")).balance == 20


async def test_rates_differ_by_category(loop: Loop) -> None:
    await loop.act(set_rules, loop.actor("admin"), PointRules(per_hour=20, by_category={"sewer": 5}))
    who, day = loop.community.id("rider1"), loop.clock.at.date()
    async with loop.work() as work:
        await book(
            work,
            "test",
            [Booking(Served(uuid4(), who, 2.0, day), "sewer"), Booking(Served(uuid4(), who, 1.0, day))],
        )
    assert (await points(loop, "rider1")).balance == 30
