"""The desk's own acts: choosing by hand, another category, urgency, and taking back what was done last."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from gis.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError, WeiwangError
from gis.flows.accept import accept
from gis.flows.assign import assign, who_could
from gis.flows.cancel import cancel
from gis.flows.claim import claimable
from gis.flows.classify import classify
from gis.flows.desk import begin_shift, drop_filter, end_shift, keep_filter, settle_note, write_note
from gis.flows.done import done
from gis.flows.merge import merge
from gis.flows.refer import refer
from gis.flows.reject import reject
from gis.flows.tasks import sweep
from gis.flows.undo import undo
from gis.flows.urgency import set_urgent
from gis.flows.verify import verify
from gis.store.desk import filters_of, notes, shifts
from tests.loop import Loop, some_photo


async def told(loop: Loop, username: str) -> list[str]:
    rows = await loop.rows(
        "SELECT kind FROM notice WHERE person_id = :person ORDER BY created_at, kind",
        person=loop.community.id(username),
    )
    return [row.kind for row in rows]


async def offeree(loop: Loop, case_id) -> str | None:
    rows = await loop.rows(
        "SELECT username FROM offer JOIN person ON person_id = responder_id WHERE case_id = :case AND status = 'live'",
        case=case_id,
    )
    return rows[0].username if rows else None


async def test_the_desk_chooses_who_is_asked(loop: Loop) -> None:
    await loop.on_duty("watcher01-01", (50, 50))
    await loop.on_duty("rider1", (150, 150))
    desk = loop.actor("desk")
    case_id = (await loop.report()).case_id
    assert await offeree(loop, case_id) == "watcher01-01"
    ranking = await loop.act(who_could, desk, case_id)
    assert [one["name"] for one in ranking["candidates"]] == ["测试watcher01-01", "测试rider1"]
    assert ranking["candidates"][1]["penalties_s"]
    await loop.act(assign, desk, case_id, "rider1", "离得近，有工具")
    assert await offeree(loop, case_id) == "rider1"
    assert (await loop.load("watcher01-01"), await loop.load("rider1")) == (0, 1)
    assert sorted(await told(loop, "watcher01-01")) == ["offer_withdrawn", "offered"]
    again = await loop.act(assign, desk, case_id, "rider1")  # the same question again changes nothing
    assert again.status == "offered"
    offered = await loop.rows("SELECT actor_id, reason FROM event WHERE verb = 'offer' ORDER BY event_id")
    assert [(one.actor_id, one.reason) for one in offered] == [
        (None, ""),
        (desk.person_id, "离得近，有工具"),
    ]
    for name, code in (("nobody", "colleague_unknown"), ("rider2", "colleague_off_duty")):
        with pytest.raises(WeiwangError) as refused:
            await loop.act(assign, desk, case_id, name)
        assert refused.value.code == code
    with pytest.raises(NotAllowedError):
        await loop.act(assign, loop.actor("watcher01-01"), case_id, "rider1")
    await loop.act(accept, loop.actor("rider1"), case_id)
    await loop.act(
        assign, desk, case_id, "watcher01-01"
    )  # in hand: it stays there until the colleague has answered
    assert await loop.status(case_id) == "accepted"
    assert "hand_over_asked" in await told(loop, "watcher01-01")


async def test_another_category_brings_its_own_deadlines_and_can_be_taken_back(loop: Loop) -> None:
    desk, case_id = loop.actor("desk"), (await loop.report(category="noise")).case_id
    columns = 'SELECT category, urgent, resolve_due_at, escalation FROM "case"'
    (before,) = await loop.rows(columns)
    loop.wait(60)
    await loop.act(classify, desk, case_id, "water_leak", "其实是漏水")
    (after,) = await loop.rows(columns)
    assert (after.category, after.urgent) == ("water_leak", True)
    assert after.resolve_due_at < before.resolve_due_at
    assert await loop.value("SELECT category FROM report") == "noise"  # what was reported stays as it was
    with pytest.raises(InvalidInputError) as refused:
        await loop.act(classify, desk, case_id, "nonsense")
    assert refused.value.code == "category_unknown"
    await loop.act(undo, desk, case_id)
    (back,) = await loop.rows(columns)
    assert tuple(back) == tuple(before)
    await loop.act(set_urgent, desk, case_id, urgent=True)
    await loop.act(set_urgent, desk, case_id, urgent=True)
    assert (await loop.verbs(case_id))[-1:] == ["set_urgent"]
    assert (await loop.verbs(case_id)).count("set_urgent") == 1
    await loop.act(undo, desk, case_id)
    assert await loop.value('SELECT urgent FROM "case"') is False
    with pytest.raises(NotFoundError):
        await loop.act(classify, loop.actor("grid02"), case_id, "sewer")
    with pytest.raises(NotAllowedError):
        await loop.act(classify, loop.actor("resident"), case_id, "sewer")


async def test_what_was_done_last_is_taken_back_as_a_new_event(loop: Loop) -> None:
    desk, case_id = loop.actor("desk"), (await loop.report()).case_id
    opened = await loop.value('SELECT resolve_due_at FROM "case"')
    acts: list[tuple[Any, tuple[str, ...]]] = [
        (cancel, ("误点",)),
        (reject, ("误点",)),
        (refer, ("water", "误点")),
    ]
    for act, args in acts:
        loop.wait(5)
        await loop.act(act, desk, case_id, *args)
        state = await loop.act(undo, desk, case_id)
        assert state.status == "open"
    assert await loop.verbs(case_id) == ["submit", "cancel", "undo", "reject", "undo", "refer", "undo"]
    row = await loop.rows('SELECT closed_at, agency_code, answered_at, reopened, resolve_due_at FROM "case"')
    assert [tuple(one) for one in row] == [(None, None, None, 0, opened)]
    assert await loop.value("SELECT status FROM referral") == "withdrawn"
    with pytest.raises(ConflictError) as refused:
        await loop.act(undo, desk, case_id)
    assert refused.value.code == "undo_nothing"


async def test_nothing_is_taken_back_after_others_went_on(loop: Loop) -> None:
    desk, case_id = loop.actor("desk"), (await loop.report()).case_id
    await loop.act(refer, desk, case_id, "water", "主管道")
    with pytest.raises(ConflictError) as refused:
        await loop.act(undo, loop.actor("grid01"), case_id)  # not theirs
    assert refused.value.code == "undo_nothing"
    await loop.act(accept, loop.actor("water"), case_id)
    with pytest.raises(ConflictError) as refused:
        await loop.act(undo, desk, case_id)
    assert refused.value.code == "undo_nothing"
    other = (await loop.report(where=(150, 150))).case_id
    await loop.act(cancel, desk, other, "误点")
    event = await loop.value("SELECT max(event_id) FROM event")
    with pytest.raises(ConflictError) as refused:
        await loop.act(undo, desk, other, event - 1)
    assert refused.value.code == "undo_too_late"
    loop.wait(25 * 3600)
    with pytest.raises(ConflictError) as refused:
        await loop.act(undo, desk, other)
    assert refused.value.code == "undo_too_late"


async def test_a_closing_that_is_taken_back_takes_its_points_with_it(loop: Loop) -> None:
    await loop.on_duty("watcher01-01", (50, 50))
    desk, watcher = loop.actor("desk"), loop.actor("watcher01-01")
    case_id = (await loop.report()).case_id
    await loop.act(accept, watcher, case_id)
    loop.wait(3600)
    await loop.act(done, watcher, case_id, "通了", [await some_photo(loop.settings, 5)])
    await loop.act(verify, desk, case_id, 1.0)
    assert await loop.value("SELECT sum(points) FROM ledger WHERE reverses IS NULL") == 10
    state = await loop.act(undo, desk, case_id)
    assert state.status == "done"
    assert await loop.value("SELECT count(*) FROM ledger WHERE reverses IS NOT NULL") == 1
    await loop.act(verify, desk, case_id, 2.0)
    assert await loop.status(case_id) == "closed"


async def test_an_agencys_closing_is_taken_back_to_its_verification(loop: Loop) -> None:
    desk, water, case_id = (
        loop.actor("desk"),
        loop.actor("water"),
        (await loop.report(category="noise")).case_id,
    )
    await loop.act(refer, desk, case_id, "water", "请处理")
    await loop.act(accept, water, case_id, loop.clock.now() + timedelta(hours=5))
    assert await loop.value("SELECT expected_at - accepted_at FROM referral") == timedelta(hours=5)
    await loop.act(done, water, case_id, "好了")
    await loop.act(verify, desk, case_id)
    await loop.act(undo, desk, case_id)
    assert (await loop.status(case_id), await loop.value("SELECT status FROM referral")) == ("done", "done")
    await loop.act(verify, desk, case_id)
    assert await loop.value("SELECT status FROM referral") == "verified"


async def test_a_merge_is_taken_back(loop: Loop) -> None:
    desk = loop.actor("desk")
    first = (await loop.report(where=(35, 20))).case_id
    second = (await loop.report(where=(150, 150), description="井盖响")).case_id
    await loop.act(merge, desk, second, str(first), "同一处")
    assert await loop.value("SELECT count(*) FROM report WHERE case_id = :case", case=first) == 2
    state = await loop.act(undo, desk, second)
    assert state.status == "open"
    for case_id in (first, second):
        assert await loop.value("SELECT count(*) FROM report WHERE case_id = :case", case=case_id) == 1
    assert await loop.value('SELECT count(*) FROM "case" WHERE merged_into IS NOT NULL') == 0
    assert (await loop.verbs(first))[-2:] == ["link", "unmerge"]


async def test_an_agency_that_does_not_answer_is_told_of_higher_up(loop: Loop) -> None:
    case_id = (await loop.report(category="sewer")).case_id
    await loop.act(refer, loop.actor("desk"), case_id, "water", "主管道")
    due = await loop.value("SELECT accept_due_at FROM referral")
    loop.clock.at = due - timedelta(seconds=1)
    await sweep(loop.work)
    assert "referral_unanswered" not in await told(loop, "desk")
    loop.clock.at = due
    for _ in range(2):  # twice: once is enough
        await sweep(loop.work)
    assert (await told(loop, "desk")).count("referral_unanswered") == 1
    assert (await told(loop, "water")).count("referral_unanswered") == 1
    assert await loop.value('SELECT escalation FROM "case"') == 3
    assert "referral_unanswered" not in await told(loop, "sub_district")
    loop.clock.at = due + (due - await loop.value("SELECT referred_at FROM referral"))
    await sweep(loop.work)
    assert await loop.value('SELECT escalation FROM "case"') == 4
    assert "referral_unanswered" in await told(loop, "sub_district")
    await loop.act(accept, loop.actor("water"), case_id)
    assert await loop.value('SELECT escalation FROM "case"') == 0


async def test_at_the_top_of_the_ladder_people_are_told_again(loop: Loop) -> None:
    case_id = (await loop.report(category="sewer")).case_id
    for _ in range(60):
        if await loop.value('SELECT escalation FROM "case"') == 4:
            break
        loop.wait(3600)
        await loop.run_due_jobs()
        await sweep(loop.work)
    before = await told(loop, "sub_district")
    loop.wait(48 * 3600)
    await loop.run_due_jobs()
    assert len(await told(loop, "sub_district")) == len(before) + 1
    assert (await loop.verbs(case_id))[-1] == "remind"
    assert await loop.value('SELECT climb_at > :now FROM "case"', now=loop.clock.now())


async def test_two_desks_at_once_leave_one_act(loop: Loop) -> None:
    case_id = (await loop.report()).case_id
    acts = [
        loop.act(cancel, loop.actor("desk"), case_id, "撤"),
        loop.act(reject, loop.actor("admin"), case_id, "不受理"),
        loop.act(cancel, loop.actor("admin"), case_id, "撤"),
    ]
    found = await asyncio.gather(*acts, return_exceptions=True)
    assert sum(isinstance(one, Exception) for one in found) == 2
    assert len(await loop.verbs(case_id)) == 2


async def test_shifts_notes_and_filters_are_kept(loop: Loop) -> None:
    desk, admin, grid = loop.actor("desk"), loop.actor("admin"), loop.actor("grid01")
    case_id = (await loop.report()).case_id
    with pytest.raises(ConflictError) as refused:
        await loop.act(end_shift, desk, "没接班")
    assert refused.value.code == "no_shift"
    await loop.act(begin_shift, desk)
    await loop.act(begin_shift, desk)
    pinned = await loop.act(write_note, desk, "等自来水回电", case_id)
    await loop.act(write_note, desk, "复印机坏了")
    await loop.act(end_shift, desk, "北五经街要盯着")
    loop.wait(60)
    await loop.act(begin_shift, admin)
    async with loop.database.read() as session:
        known = await shifts(session, "test", limit=10)
        assert [(one.person_name, one.words, one.taken_by) for one in known] == [
            ("测试admin", "", None),
            ("测试desk", "北五经街要盯着", "测试admin"),
        ]
        assert {one.words for one in await notes(session, "test")} == {"等自来水回电", "复印机坏了"}
    await loop.act(settle_note, admin, pinned)
    async with loop.database.read() as session:
        assert [one.words for one in await notes(session, "test")] == ["复印机坏了"]
        (of_case,) = await notes(session, "test", case_id=case_id)
        assert (of_case.settled_by, of_case.number is not None) == ("测试admin", True)
    with pytest.raises(NotAllowedError):
        await loop.act(write_note, grid, "x")
    kept = await loop.act(keep_filter, desk, "超时限", "light=red", shared=True, is_default=True)
    await loop.act(keep_filter, desk, "紧急", "q=x", is_default=True)
    assert await loop.act(keep_filter, desk, "超时限", "light=red,yellow", shared=True) == kept
    await loop.act(keep_filter, grid, "我的", "grid=01", shared=True)
    async with loop.database.read() as session:
        mine = await filters_of(session, "test", desk.person_id)
        assert [(one.name, one.query, one.is_default) for one in mine] == [
            ("紧急", "q=x", True),
            ("超时限", "light=red,yellow", False),
        ]
        assert [one.name for one in await filters_of(session, "test", admin.person_id)] == ["超时限"]
    with pytest.raises(NotFoundError):
        await loop.act(drop_filter, admin, kept)
    await loop.act(drop_filter, desk, kept)


async def test_claims_go_by_the_rules_of_dispatch(loop: Loop) -> None:
    mediation = (await loop.report(where=(150, 150), category="dispute")).case_id
    await loop.on_duty("rider1", (150, 150))
    await loop.run_due_jobs()
    assert await loop.status(mediation) == "open"
    with pytest.raises(ConflictError) as refused:
        await loop.act(accept, loop.actor("rider1"), mediation)
    assert refused.value.code == "claim_lacks_skill"
    async with loop.database.read() as session:
        atlas = await loop.atlas.get(session, "test")
        found = await claimable(session, atlas, loop.settings.dispatch, loop.clock, loop.actor("rider1"))
    assert mediation not in [one.case_id for one in found.items]
