"""Handing over, claiming near by, and going off duty with tasks in hand."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from gis.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from gis.flows.accept import accept
from gis.flows.arrive import arrive
from gis.flows.claim import ClaimableCases, claimable
from gis.flows.done import done
from gis.flows.hand_over import accept_hand_over, hand_over, refuse_hand_over, withdraw_hand_over
from gis.flows.off_duty import go_off_duty
from gis.flows.refer import refer
from gis.flows.release import release
from gis.words import Leave
from tests.loop import Loop


async def in_hand(loop: Loop, username: str = "rider1", *others: str):
    """Return a case that somebody has accepted; they and others are on duty at the place."""
    for name in (username, *others):
        await loop.on_duty(name, (40, 0))
    case_id = (await loop.report(category="noise", separate=True)).case_id
    if await loop.status(case_id) == "offered":
        asked = await loop.value(
            "SELECT responder_id FROM offer WHERE status = 'live' AND case_id = :c", c=case_id
        )
        username = next(one for one, actor in loop.community.people.items() if actor.person_id == asked)
    await loop.act(accept, loop.actor(username), case_id)
    return case_id, username


async def assignee(loop: Loop, case_id) -> str:
    found = await loop.value('SELECT assignee_id FROM "case" WHERE case_id = :c', c=case_id)
    return next((one for one, actor in loop.community.people.items() if actor.person_id == found), "")


async def test_the_case_stays_until_the_colleague_accepts(loop: Loop) -> None:
    case_id, _ = await in_hand(loop)
    await loop.act(arrive, loop.actor("rider1"), case_id)
    await loop.on_duty("rider2", (60, 0))
    one, two = loop.actor("rider1"), loop.actor("rider2")
    with pytest.raises(NotFoundError):
        await loop.act(accept_hand_over, two, case_id)
    first = await loop.act(hand_over, one, case_id, "测试rider2", "马上下班")
    assert await loop.act(hand_over, one, case_id, "rider2") == first
    await loop.on_duty("rider3", (60, 0))
    with pytest.raises(ConflictError) as pending:
        await loop.act(hand_over, one, case_id, "rider3")
    assert pending.value.code == "hand_over_pending"
    assert await assignee(loop, case_id) == "rider1"
    assert (await loop.load("rider1"), await loop.load("rider2")) == (1, 0)
    state = await loop.act(accept_hand_over, two, case_id)
    assert await loop.act(accept_hand_over, two, case_id) == state
    assert state.status == "accepted"  # the new one isn't on site
    assert await assignee(loop, case_id) == "rider2"
    assert (await loop.load("rider1"), await loop.load("rider2")) == (0, 1)
    notices = await loop.rows(
        "SELECT kind FROM notice WHERE kind LIKE 'hand_over%' ORDER BY created_at, kind"
    )
    assert [row.kind for row in notices] == ["hand_over_answered", "hand_over_asked"]
    assert (await loop.verbs(case_id))[-2:] == ["hand_over", "accept_hand_over"]


async def test_refused_and_withdrawn_leave_everything(loop: Loop) -> None:
    case_id, _ = await in_hand(loop)
    await loop.on_duty("rider2", (60, 0))
    one, two = loop.actor("rider1"), loop.actor("rider2")
    await loop.act(hand_over, one, case_id, "rider2")
    await loop.act(refuse_hand_over, two, case_id, "手上有事")
    with pytest.raises(ConflictError) as ended:
        await loop.act(accept_hand_over, two, case_id)
    assert ended.value.code == "hand_over_ended"
    await loop.act(hand_over, one, case_id, "rider2")
    with pytest.raises(NotAllowedError):
        await loop.act(withdraw_hand_over, two, case_id)
    await loop.act(withdraw_hand_over, one, case_id)
    with pytest.raises(ConflictError) as withdrawn:
        await loop.act(accept_hand_over, two, case_id)
    assert withdrawn.value.code == "hand_over_ended"
    assert (await loop.load("rider1"), await loop.load("rider2")) == (1, 0)
    assert await assignee(loop, case_id) == "rider1"


async def test_a_case_is_not_passed_round(loop: Loop) -> None:
    loop.settings.dispatch.max_hand_overs = 2
    case_id, _ = await in_hand(loop)
    for name in ("rider2", "rider3"):
        await loop.on_duty(name, (60, 0))

    async def pass_on(giver: str, taker: str) -> None:
        loop.wait(5)
        await loop.act(hand_over, loop.actor(giver), case_id, taker)
        await loop.act(accept_hand_over, loop.actor(taker), case_id)

    await pass_on("rider1", "rider2")
    with pytest.raises(ConflictError) as back:
        await pass_on("rider2", "rider1")
    assert back.value.code == "hand_over_back"
    await pass_on("rider2", "rider3")
    with pytest.raises(ConflictError) as loop_of_them:
        await pass_on("rider3", "rider1")
    assert (loop_of_them.value.code, loop_of_them.value.values["most"]) == ("hand_over_loop", 2)
    await loop.act(hand_over, loop.actor("desk"), case_id, "rider2")  # the desk may
    await loop.act(accept_hand_over, loop.actor("rider2"), case_id)
    assert await assignee(loop, case_id) == "rider2"
    assert [await loop.load(f"rider{n}") for n in (1, 2, 3)] == [0, 1, 0]


async def test_whom_one_may_ask(loop: Loop) -> None:
    case_id, _ = await in_hand(loop)
    one = loop.actor("rider1")
    for name in ("", "nobody", "resident", "water", "rider1", "desk"):
        with pytest.raises(InvalidInputError) as unknown:
            await loop.act(hand_over, one, case_id, name)
        assert unknown.value.code == "colleague_unknown"
    with pytest.raises(ConflictError) as off:
        await loop.act(hand_over, one, case_id, "rider2")
    assert off.value.code == "colleague_off_duty"
    await loop.on_duty("rider2", (60, 0))
    async with loop.database.write() as session:
        from sqlalchemy import text

        await session.run(text("UPDATE responder SET live_load = capacity WHERE person_id = :p"),
                          {"p": loop.community.id("rider2")})  # fmt: skip
        await session.run(text("UPDATE person SET name = '同名' WHERE username IN ('rider2', 'rider3')"))
    with pytest.raises(ConflictError) as busy:
        await loop.act(hand_over, one, case_id, "rider2")
    assert busy.value.code == "colleague_busy"
    with pytest.raises(InvalidInputError) as unclear:
        await loop.act(hand_over, one, case_id, "同名")
    assert unclear.value.code == "colleague_unclear"
    with pytest.raises(NotFoundError):
        await loop.act(hand_over, loop.actor("rider2"), case_id, "rider1")


async def test_the_desk_assigns_what_nobody_has(loop: Loop) -> None:
    for name in ("rider1", "rider2"):
        await loop.on_duty(name, (40, 0))
    case_id = (await loop.report(category="noise")).case_id
    assert await loop.status(case_id) == "offered"
    offered = await loop.value("SELECT responder_id FROM offer WHERE status = 'live'")
    other = "rider1" if offered == loop.community.id("rider2") else "rider2"
    await loop.act(hand_over, loop.actor("desk"), case_id, other)
    await loop.act(accept_hand_over, loop.actor(other), case_id)
    assert await assignee(loop, case_id) == other
    assert await loop.value("SELECT status FROM offer") == "withdrawn"
    assert sorted([await loop.load("rider1"), await loop.load("rider2")]) == [0, 1]


async def test_the_end_of_a_task_ends_the_question(loop: Loop) -> None:
    for number, finish in enumerate(
        (
            lambda case_id: loop.act(done, loop.actor("rider1"), case_id),
            lambda case_id: loop.act(release, loop.actor("rider1"), case_id),
            lambda case_id: loop.act(refer, loop.actor("desk"), case_id, "water", "转"),
        )
    ):
        case_id, who = await in_hand(loop)
        assert who == "rider1", number
        await loop.on_duty("rider2", (60, 0))
        await loop.act(hand_over, loop.actor("rider1"), case_id, "rider2")
        await finish(case_id)
        with pytest.raises(ConflictError) as ended:
            await loop.act(accept_hand_over, loop.actor("rider2"), case_id)
        assert ended.value.code == "hand_over_ended"
        await loop.act(go_off_duty, loop.actor("rider2"))


async def test_of_accept_refuse_and_withdraw_at_once_one_wins(loop: Loop) -> None:
    case_id, _ = await in_hand(loop)
    await loop.on_duty("rider2", (60, 0))
    one, two = loop.actor("rider1"), loop.actor("rider2")
    await loop.act(hand_over, one, case_id, "rider2")

    async def attempt(number: int) -> str:
        acts = (
            lambda: loop.act(accept_hand_over, two, case_id),
            lambda: loop.act(withdraw_hand_over, one, case_id),
            lambda: loop.act(refuse_hand_over, two, case_id),
        )
        try:
            await acts[number % 3]()
        except (ConflictError, NotFoundError, NotAllowedError) as error:
            return error.code
        return ("accepted", "withdrawn", "refused")[number % 3]

    outcomes = Counter(await asyncio.gather(*map(attempt, range(30))))
    assert set(outcomes) <= {
        "accepted",
        "withdrawn",
        "refused",
        "hand_over_ended",
        "case_not_found",
        "not_allowed",
    }
    ended = await loop.value("SELECT status FROM hand_over")
    assert outcomes[ended] >= 1
    assert sum(outcomes[one] > 0 for one in ("accepted", "withdrawn", "refused")) == 1
    assert await loop.load("rider1") + await loop.load("rider2") == 1


async def test_two_who_swap_tasks_do_not_wait_for_one_another(loop: Loop) -> None:
    """Each asks the other and both accept at once: in one order everywhere, so that nobody deadlocks."""
    for round_ in range(5):
        pairs = []
        for first, second in (("rider1", "rider2"), ("rider2", "rider1")):
            await loop.on_duty("rider1", (40, 0))
            await loop.on_duty("rider2", (40, 0))
            case_id = (await loop.report(category="noise", where=(30 + round_, 20), separate=True)).case_id
            await loop.act(hand_over, loop.actor("desk"), case_id, first)
            await loop.act(accept_hand_over, loop.actor(first), case_id)
            await loop.act(hand_over, loop.actor(first), case_id, second)
            pairs.append((second, case_id))
        await asyncio.gather(*(loop.act(accept_hand_over, loop.actor(who), case) for who, case in pairs))
        for who, case in pairs:
            assert await assignee(loop, case) == who
            await loop.act(done, loop.actor(who), case)
    assert (await loop.load("rider1"), await loop.load("rider2")) == (0, 0)


async def list_of(loop: Loop, username: str) -> ClaimableCases:
    async with loop.database.read() as session:
        atlas = await loop.atlas.get(session, "test")
        return await claimable(session, atlas, loop.settings.dispatch, loop.clock, loop.actor(username))


async def test_what_is_open_near_by_may_be_claimed(loop: Loop) -> None:
    near = (await loop.report(where=(150, 20))).case_id
    nearer = (await loop.report("rider2", category="rubbish", where=(110, 10))).case_id
    assert (await list_of(loop, "rider1")).why == "off_duty"
    loop.settings.dispatch.max_offers = 0
    await loop.on_duty("rider1")
    assert (await list_of(loop, "rider1")).why == "no_fresh_position"
    with pytest.raises(NotFoundError):
        await loop.act(accept, loop.actor("rider1"), near)
    from gis.flows.duty import set_position
    from gis.words import Position
    from tests.factories import at

    await loop.act(set_position, loop.actor("rider1"), Position(*at(100, 0)))
    listed = await list_of(loop, "rider1")
    assert [one.case_id for one in listed.items] == [nearer, near]
    assert 0 < listed.items[0].travel_s < listed.items[1].travel_s
    await loop.act(accept, loop.actor("rider1"), near)
    assert await assignee(loop, near) == "rider1"
    assert [one.case_id for one in (await list_of(loop, "rider1")).items] == [nearer]
    # who is too far off neither sees nor takes it; who reported it may
    loop.settings.dispatch.claim_radius_m = 50
    await loop.on_duty("rider3", (0, 190))
    with pytest.raises(NotFoundError):
        await loop.act(accept, loop.actor("rider3"), nearer)
    await loop.on_duty("rider2", (0, 190))
    assert [one.case_id for one in (await list_of(loop, "rider2")).items] == [nearer]
    await loop.act(accept, loop.actor("rider2"), nearer)
    assert (
        await loop.value(
            "SELECT count(*) FROM event WHERE verb = 'accept' AND data->>'self_claimed' = 'true'"
        )
        == 2
    )


async def test_watchers_claim_in_their_own_area_only(loop: Loop) -> None:
    own = (await loop.report(where=(35, 20))).case_id
    await loop.report(where=(150, 150), category="rubbish")
    await loop.on_duty("watcher01-01")
    listed = await list_of(loop, "watcher01-01")
    assert {one.case_id for one in listed.items} <= {own}


async def test_off_duty_with_tasks_is_asked_and_the_task_goes_on(loop: Loop) -> None:
    case_id, _ = await in_hand(loop)
    rider = loop.actor("rider1")
    with pytest.raises(ConflictError) as asked:
        await loop.act(go_off_duty, rider)
    assert asked.value.code == "tasks_in_hand"
    tasks: Any = asked.value.values["tasks"]
    assert [one["id"] for one in tasks] == [str(case_id)]
    assert await loop.value("SELECT on_duty FROM responder WHERE person_id = :p", p=rider.person_id)
    await loop.act(go_off_duty, rider, Leave.KEEP)
    assert (await assignee(loop, case_id), await loop.load("rider1")) == ("rider1", 1)
    await loop.on_duty("rider1", (40, 0))
    await loop.on_duty("rider2", (60, 0))
    with pytest.raises(InvalidInputError) as who:
        await loop.act(go_off_duty, rider, Leave.HAND_OVER)
    assert who.value.code == "colleague_needed"
    await loop.act(go_off_duty, rider, Leave.HAND_OVER, "rider2")
    assert await assignee(loop, case_id) == "rider1"
    await loop.act(withdraw_hand_over, rider, case_id)
    await loop.on_duty("rider1", (40, 0))
    await loop.act(go_off_duty, rider, Leave.RELEASE)
    assert await loop.status(case_id) == "offered"
    assert await loop.value("SELECT responder_id FROM offer WHERE status = 'live'") == loop.community.id(
        "rider2"
    )
    assert (await loop.load("rider1"), await loop.load("rider2")) == (0, 1)


async def test_a_colleague_that_refuses_keeps_who_leaves_on_duty(loop: Loop) -> None:
    """Nothing is half done: where the colleague can't be asked, one is still on duty."""
    await in_hand(loop)
    with pytest.raises(ConflictError):
        await loop.act(go_off_duty, loop.actor("rider1"), Leave.HAND_OVER, "rider2")
    rider = loop.community.id("rider1")
    assert await loop.value("SELECT on_duty FROM responder WHERE person_id = :p", p=rider)
