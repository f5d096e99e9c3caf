"""Referrals: a day of one, what comes back, three levels, deadlines of their own."""

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest

from gis.errors import (
    ConflictError,
    IllegalTransitionError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
    WeiwangError,
)
from gis.flows.accept import accept
from gis.flows.cancel import cancel
from gis.flows.decide import decide
from gis.flows.done import done
from gis.flows.progress import progress
from gis.flows.refer import refer
from gis.flows.release import release
from gis.flows.reopen import reopen
from gis.flows.return_case import return_case
from gis.flows.tasks import sweep
from gis.flows.verify import verify
from gis.views.history import levels
from gis.views.referrals import inbox
from gis.words import Decision, DecisionLevel
from tests.loop import Loop, some_photo


async def referral(loop: Loop, case_id: UUID) -> list[tuple[str, str, int]]:
    """Return agency, status and how often it came back, of every referral of a case in order."""
    rows = await loop.rows(
        "SELECT agency_code, status, reopened FROM referral WHERE case_id = :case ORDER BY referred_at, ended_at",
        case=case_id,
    )
    return [tuple(row) for row in rows]


async def told(loop: Loop, username: str) -> list[str]:
    rows = await loop.rows(
        "SELECT kind FROM notice WHERE person_id = :person ORDER BY created_at, kind",
        person=loop.community.id(username),
    )
    return [row.kind for row in rows]


async def test_a_day_of_one_referral(loop: Loop) -> None:
    case_id = (await loop.report(category="sewer")).case_id
    desk, water, watcher = (loop.actor(name) for name in ("desk", "water", "watcher01-01"))
    due = loop.clock.now() + timedelta(hours=6)
    await loop.act(refer, desk, case_id, "water", "主管道", due)
    assert await referral(loop, case_id) == [("water", "sent", 0)]
    assert await loop.value("SELECT due_at FROM referral") == due
    assert await told(loop, "water") == ["referred"]
    loop.wait(600)
    await loop.act(accept, water, case_id)
    loop.wait(600)
    under_way = await some_photo(loop.settings, 1)
    await loop.act(progress, water, case_id, "已开挖", [under_way])
    with pytest.raises(InvalidInputError) as refused:  # work under way is no proof of its outcome
        await loop.act(done, water, case_id, "通了")
    assert refused.value.code == "after_photo_required"
    await loop.act(done, water, case_id, "通了", [under_way])
    assert await referral(loop, case_id) == [("water", "done", 0)]
    assert await told(loop, "watcher01-01") == ["to_verify"]
    assert sorted(await told(loop, "desk")) == ["referral_progress"]
    with pytest.raises(NotAllowedError):
        await loop.act(verify, water, case_id)
    state = await loop.act(verify, watcher, case_id, on_site=True)
    assert state.status == "closed"
    assert await referral(loop, case_id) == [("water", "verified", 0)]
    assert await loop.verbs(case_id) == ["submit", "refer", "accept", "progress", "done", "verify"]
    assert await loop.value("SELECT data->>'on_site' FROM event WHERE verb = 'verify'") == "true"
    kinds = await loop.rows("SELECT kind FROM photo ORDER BY kind")
    assert [row.kind for row in kinds] == ["after", "progress"]


async def test_what_is_returned_is_offered_and_may_be_referred_again(loop: Loop) -> None:
    case_id = (await loop.report(category="sewer")).case_id
    desk, water = loop.actor("desk"), loop.actor("water")
    await loop.act(refer, desk, case_id, "water", "主管道")
    with pytest.raises(InvalidInputError) as refused:
        await loop.act(return_case, water, case_id, " ")
    assert refused.value.code == "reason_needed"
    loop.wait(60)
    await loop.on_duty("watcher01-01")
    await loop.act(return_case, water, case_id, "不属于我单位职责")
    assert await loop.status(case_id) == "offered"
    assert await told(loop, "desk") == ["referral_returned"]
    with pytest.raises(NotFoundError):
        await loop.act(accept, water, case_id)
    loop.wait(60)
    await loop.act(refer, desk, case_id, "roads", "路面")
    assert await referral(loop, case_id) == [("water", "returned", 0), ("roads", "sent", 0)]
    with pytest.raises(ConflictError) as again:
        await loop.act(refer, desk, case_id, "roads", "路面")
    assert again.value.code == "already_referred"
    loop.wait(60)
    await loop.act(refer, desk, case_id, "water", "还是水务")  # corrected without waiting for its return
    assert await referral(loop, case_id) == [
        ("water", "returned", 0),
        ("roads", "withdrawn", 0),
        ("water", "sent", 0),
    ]
    loop.wait(60)
    await loop.act(return_case, desk, case_id, "社区自己处理")
    assert (await referral(loop, case_id))[-1] == ("water", "withdrawn", 0)


async def test_work_that_is_not_good_goes_back_to_its_agency(loop: Loop) -> None:
    case_id = (await loop.report(category="noise")).case_id
    desk, water, watcher = (loop.actor(name) for name in ("desk", "water", "watcher01-01"))
    await loop.act(refer, desk, case_id, "water", "请处理")
    await loop.act(accept, water, case_id)
    await loop.act(done, water, case_id, "好了")
    loop.wait(60)
    state = await loop.act(reopen, watcher, case_id, "还在响")
    assert state.status == "referred"
    assert await referral(loop, case_id) == [("water", "sent", 1)]
    assert (await told(loop, "water"))[-1] == "reopened"
    await loop.act(accept, water, case_id)
    await loop.act(done, water, case_id, "这回好了")
    await loop.act(verify, desk, case_id)
    loop.wait(3600)
    state = await loop.act(reopen, desk, case_id, "又响了")
    assert state.status == "referred"
    assert await referral(loop, case_id) == [("water", "verified", 1), ("water", "sent", 1)]
    await loop.act(cancel, desk, case_id, "误报")
    assert (await referral(loop, case_id))[-1][1] == "withdrawn"
    state = await loop.act(reopen, desk, case_id, "不是误报")
    assert state.status == "open"


async def test_three_levels_decide(loop: Loop) -> None:
    case_id = (await loop.report(category="dispute")).case_id
    watcher, desk, street, roads = (
        loop.actor(name) for name in ("watcher01-01", "desk", "sub_district", "roads")
    )
    with pytest.raises(NotAllowedError) as refused:
        await loop.act(decide, watcher, case_id, Decision.SETTLE, "我来定", DecisionLevel.COMMUNITY)
    assert refused.value.code == "level_not_yours"
    await loop.act(decide, watcher, case_id, Decision.RAISE, "院里谈不拢")
    assert await told(loop, "desk") == ["escalated"]
    assert await loop.value('SELECT escalation FROM "case"') == 3
    state = await loop.act(decide, desk, case_id, Decision.RAISE, "需要街道吹哨")
    assert state.status == "referred"
    assert await referral(loop, case_id) == [("sub_district", "sent", 0)]
    with pytest.raises(InvalidInputError) as top:
        await loop.act(decide, street, case_id, Decision.RAISE, "再往上")
    assert top.value.code == "no_level_above"
    loop.wait(60)
    await loop.act(refer, street, case_id, "roads", "请市政报到")
    assert await referral(loop, case_id) == [("sub_district", "passed_on", 0), ("roads", "sent", 0)]
    await loop.act(accept, roads, case_id)
    async with loop.database.read() as session:
        seen = await inbox(session, street, loop.clock.now(), "open")
    assert [one.row.agency_code for one in seen.page.items] == ["roads"]
    assert seen.page.items[0].case is not None  # who called a department goes on seeing the case
    with pytest.raises(NotFoundError):
        await loop.act(return_case, street, case_id, "撤回")
    async with loop.database.read() as session:
        from gis.store.timeline import timeline_rows

        decided = levels(await timeline_rows(session, "test", case_id))
    assert [(one.level, one.decision, one.by) for one in decided] == [
        ("courtyard", "raise", "测试watcher01-01"),
        ("community", "raise", "测试desk"),
        ("sub_district", "refer", "测试sub_district"),
    ]


async def told_of_deadlines(loop: Loop, username: str) -> list[str]:
    return [kind for kind in await told(loop, username) if kind != "referral_unanswered"]


async def test_a_deadline_is_told_of_twice_and_no_more(loop: Loop) -> None:
    case_id = (await loop.report(category="sewer")).case_id
    due = loop.clock.now() + timedelta(hours=10)
    await loop.act(refer, loop.actor("desk"), case_id, "water", "主管道", due)
    loop.wait(7 * 3600)
    await sweep(loop.work)
    assert await told_of_deadlines(loop, "water") == ["referred"]
    loop.wait(1.5 * 3600)
    for _ in range(3):
        await sweep(loop.work)
    assert await told_of_deadlines(loop, "water") == ["referred", "due_soon"]
    async with loop.database.read() as session:
        soon = await inbox(session, loop.actor("water"), loop.clock.now(), "due_soon")
    assert [one.light for one in soon.page.items] == ["yellow"]
    loop.wait(2 * 3600)
    await asyncio.gather(*(sweep(loop.work) for _ in range(4)))
    assert await told_of_deadlines(loop, "water") == ["referred", "due_soon", "overdue"]
    assert "overdue" in await told(loop, "desk")
    verbs = await loop.verbs(case_id)
    assert (verbs.count("referral_due_soon"), verbs.count("referral_overdue")) == (1, 1)
    async with loop.database.read() as session:
        late = await inbox(session, loop.actor("water"), loop.clock.now(), "overdue")
    assert (late.counts["overdue"], late.counts["due_soon"]) == (1, 0)


async def test_bad_referrals_change_nothing(loop: Loop) -> None:
    case_id = (await loop.report(category="sewer")).case_id
    desk, now = loop.actor("desk"), loop.clock.now()
    bad = {
        "agency_unknown": ("moon", "请办", None),
        "reason_needed": ("water", "", None),
        "due_in_past": ("water", "请办", now - timedelta(seconds=1)),
        "due_too_far": ("water", "请办", now + timedelta(days=400)),
    }
    for code, given in bad.items():
        with pytest.raises(InvalidInputError) as refused:
            await loop.act(refer, desk, case_id, *given)
        assert refused.value.code == code
    assert await loop.verbs(case_id) == ["submit"]
    await loop.act(cancel, desk, case_id, "误报")
    with pytest.raises(IllegalTransitionError):
        await loop.act(refer, desk, case_id, "water", "请办")
    assert await referral(loop, case_id) == []


async def test_an_agency_returns_and_does_not_release(loop: Loop) -> None:
    case_id = (await loop.report(category="sewer")).case_id
    await loop.act(refer, loop.actor("desk"), case_id, "water", "主管道")
    await loop.act(accept, loop.actor("water"), case_id)
    with pytest.raises(NotAllowedError) as refused:
        await loop.act(release, loop.actor("water"), case_id)
    assert refused.value.code == "not_allowed"
    await loop.act(release, loop.actor("desk"), case_id, "换人")
    assert await loop.value('SELECT agency_code FROM "case"') is None
    assert await referral(loop, case_id) == [("water", "withdrawn", 0)]


async def test_of_accept_return_and_refer_at_once_one_wins(loop: Loop) -> None:
    case_id = (await loop.report(category="sewer")).case_id
    desk, water = loop.actor("desk"), loop.actor("water")
    await loop.act(refer, desk, case_id, "water", "主管道")

    async def attempt(number: int) -> str:
        acts = (
            lambda: loop.act(accept, water, case_id),
            lambda: loop.act(return_case, water, case_id, "不归我们"),
            lambda: loop.act(refer, desk, case_id, "roads", "换单位"),
        )
        try:
            return str((await acts[number % 3]()).status)
        except WeiwangError as error:
            return error.code

    outcomes = Counter(await asyncio.gather(*map(attempt, range(18))))
    assert set(outcomes) <= {
        "accepted", "open", "referred", "case_not_found", "illegal_transition", "not_allowed", "offer_ended",
        "already_referred", "already_taken",
    }  # fmt: skip
    rows = await referral(loop, case_id)
    assert sum(status in {"sent", "accepted"} for _, status, _ in rows) <= 1
    agency = await loop.value('SELECT agency_code FROM "case"')
    assert [one for one, status, _ in rows if status in {"sent", "accepted"}] == ([agency] if agency else [])
