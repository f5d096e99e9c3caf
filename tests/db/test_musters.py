"""Musters: called in waves until enough come, whoever answers at the same time; a call takes nothing of anybody's capacity."""

import asyncio
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from gis.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from gis.flows.muster_answers import answer_muster, arrive_at_muster, stand_down
from gis.flows.musters import LOST_S, MusterDraft, bind_musters, call_muster
from gis.views.musters import muster_detail, my_musters
from gis.words import Position
from tests.factories import add_responder, at
from tests.loop import Loop

ANSWER_S = 120


async def crowd(loop: Loop, people: int, drivers: int = 0) -> None:
    """Put volunteers on duty, each a few metres farther from the corner, drivers among them."""
    async with loop.database.write() as session:
        for number in range(people + drivers):
            await add_responder(
                session,
                loop.community,
                f"v{number:02d}",
                position=(5.0 + 4 * number, 2.0),
                position_at=loop.clock.at,
                mode="car" if number >= people else "walk",
            )


async def call(loop: Loop, people: int, vehicles: int = 0, **fields) -> UUID:
    draft = MusterDraft(uuid4(), "积水", people, vehicles, Position(*at(5, 2)), **fields)
    return await loop.act(call_muster, loop.actor("desk"), draft)


async def answer(loop: Loop, username: str, muster_id: UUID, *, coming: bool = True) -> str:
    return await loop.act(answer_muster, loop.actor(username), muster_id, coming=coming)


async def stand(loop: Loop, muster_id: UUID) -> dict[str, str]:
    rows = await loop.rows(
        "SELECT p.username, c.status FROM muster_call c JOIN person p USING (community_id, person_id)"
        " WHERE c.muster_id = :muster ORDER BY p.username",
        muster=muster_id,
    )
    return {row.username: row.status for row in rows}


async def test_the_first_wave_is_the_nearest_and_takes_no_capacity(loop: Loop) -> None:
    await crowd(loop, 6, 3)
    muster_id = await call(loop, 2, 1)
    assert await stand(loop, muster_id) == dict.fromkeys(("v00", "v01", "v02", "v06", "v07"), "called")
    assert await loop.load("v00") == 0
    told = await loop.rows("SELECT kind, urgent, silent FROM notice")
    assert {tuple(row) for row in told} == {("muster_called", True, False)}
    assert len(told) == 5
    again = MusterDraft(muster_id, "积水", 2, 1, Position(*at(5, 2)))
    await loop.act(call_muster, loop.actor("desk"), again)
    assert len(await stand(loop, muster_id)) == 5


async def test_it_fills_and_the_rest_are_stood_down(loop: Loop) -> None:
    await crowd(loop, 5)
    muster_id = await call(loop, 2)
    assert await answer(loop, "v00", muster_id) == "on_the_way"
    assert await answer(loop, "v00", muster_id) == "on_the_way"
    assert await loop.act(arrive_at_muster, loop.actor("v01"), muster_id) == "arrived"
    assert await stand(loop, muster_id) == {"v00": "on_the_way", "v01": "arrived", "v02": "stood_down"}
    with pytest.raises(ConflictError):
        await answer(loop, "v02", muster_id)
    loop.wait(ANSWER_S)
    await loop.run_due_jobs()
    assert len(await stand(loop, muster_id)) == 3


async def test_a_decline_that_makes_it_short_calls_more_at_once(loop: Loop) -> None:
    await crowd(loop, 6)
    muster_id = await call(loop, 2)
    await answer(loop, "v00", muster_id, coming=False)
    assert len(await stand(loop, muster_id)) == 3
    await answer(loop, "v01", muster_id, coming=False)
    now = await stand(loop, muster_id)
    assert now == {"v00": "declined", "v01": "declined", "v02": "called", "v03": "called", "v04": "called"}
    assert await loop.value("SELECT wave FROM muster") == 2


async def test_silence_calls_the_next_wave_after_its_time(loop: Loop) -> None:
    await crowd(loop, 8)
    muster_id = await call(loop, 2)
    await answer(loop, "v00", muster_id)
    loop.wait(ANSWER_S - 1)
    await loop.run_due_jobs()
    assert len(await stand(loop, muster_id)) == 3
    loop.wait(1)
    await loop.run_due_jobs()
    now = await stand(loop, muster_id)
    assert now == {
        "v00": "on_the_way", "v01": "no_answer", "v02": "no_answer", "v03": "called", "v04": "called",
    }  # fmt: skip
    assert await answer(loop, "v01", muster_id) == "on_the_way"
    assert set((await stand(loop, muster_id)).values()) == {"on_the_way", "no_answer", "stood_down"}


async def test_a_lost_job_is_made_up_for(loop: Loop) -> None:
    await crowd(loop, 8)
    muster_id = await call(loop, 2)
    async with loop.database.write() as session:
        await session.run(text("DELETE FROM procrastinate_jobs"))
    loop.wait(ANSWER_S + LOST_S + 1)
    await bind_musters(loop.work)["sweep_musters"]()
    assert len(await stand(loop, muster_id)) == 6


async def test_who_comes_on_duty_later_is_called_to_a_muster_that_is_short(loop: Loop) -> None:
    muster_id = await call(loop, 1)
    assert await stand(loop, muster_id) == {}
    await crowd(loop, 1)
    loop.wait(ANSWER_S)
    await loop.run_due_jobs()
    assert await stand(loop, muster_id) == {"v00": "called"}


async def test_one_too_many_at_the_same_moment_is_thanked(loop: Loop) -> None:
    await crowd(loop, 9)
    muster_id = await call(loop, 6)
    answers = await asyncio.gather(
        *(answer(loop, f"v{number:02d}", muster_id) for number in range(9)), return_exceptions=True
    )
    assert sum(one == "on_the_way" for one in answers) == 6
    assert sum(isinstance(one, ConflictError) for one in answers) == 3
    now = await stand(loop, muster_id)
    assert sorted(now.values()) == ["on_the_way"] * 6 + ["stood_down"] * 3


async def test_two_musters_never_call_the_same_person(loop: Loop) -> None:
    await crowd(loop, 6)
    first, second = await asyncio.gather(call(loop, 4), call(loop, 4))
    mine, theirs = set(await stand(loop, first)), set(await stand(loop, second))
    assert len(mine | theirs) == 6
    assert not mine & theirs


async def test_standing_down_tells_everybody_once(loop: Loop) -> None:
    await crowd(loop, 3)
    muster_id = await call(loop, 2)
    await answer(loop, "v00", muster_id)
    await answer(loop, "v01", muster_id, coming=False)
    for _ in range(2):
        await loop.act(stand_down, loop.actor("desk"), muster_id)
    assert await stand(loop, muster_id) == {"v00": "stood_down", "v01": "declined", "v02": "stood_down"}
    rows = await loop.rows("SELECT 1 FROM notice WHERE kind = 'muster_stood_down'")
    assert len(rows) == 2
    with pytest.raises(ConflictError):
        await answer(loop, "v00", muster_id)
    loop.wait(3 * ANSWER_S)
    await loop.run_due_jobs()
    assert len(await stand(loop, muster_id)) == 3
    verbs = [row.verb for row in await loop.rows("SELECT verb FROM muster_event ORDER BY muster_event_id")]
    assert verbs == ["call", "wave", "coming", "decline", "stand_down"]


async def test_skills_and_the_place_of_a_case(loop: Loop) -> None:
    await crowd(loop, 2)
    async with loop.database.write() as session:
        await add_responder(
            session,
            loop.community,
            "medic",
            position=(180, 180),
            position_at=loop.clock.at,
            skills=["first_aid"],
        )
    case_id = (await loop.report()).case_id
    draft = MusterDraft(uuid4(), "急救", 1, case_id=case_id, skills=("first_aid",))
    muster_id = await loop.act(call_muster, loop.actor("desk"), draft)
    assert await stand(loop, muster_id) == {"medic": "called"}


async def test_off_duty_watchers_at_home_only_when_asked_for(loop: Loop) -> None:
    assert await stand(loop, await call(loop, 2)) == {}
    muster_id = await call(loop, 2, off_duty=True)
    assert set(await stand(loop, muster_id)) == {"watcher01-01", "watcher01-02", "watcher02-01"}


async def test_who_may_call_see_and_answer(loop: Loop) -> None:
    await crowd(loop, 2)
    draft = MusterDraft(uuid4(), "x", 1, 0, Position(*at(5, 2)))
    with pytest.raises(NotAllowedError):
        await loop.act(call_muster, loop.actor("rider1"), draft)
    muster_id = await call(loop, 1)
    with pytest.raises(NotFoundError):
        await answer(loop, "rider1", muster_id)
    async with loop.database.read() as session:
        with pytest.raises(NotFoundError):
            await muster_detail(session, loop.actor("resident"), muster_id)
        (mine,) = await my_musters(session, loop.actor("v00"))
        assert mine.calls == []
        assert len((await muster_detail(session, loop.actor("grid01"), muster_id)).calls) == 2


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"people": 0}, "muster_nobody"),
        ({"people": 201}, "muster_too_many"),
        ({"people": 1, "skills": ("juggling",)}, "skill_unknown"),
        ({"people": 1, "position": None}, "muster_place_missing"),
        ({"people": 1, "position": Position(121.0, 31.0)}, "position_outside_community"),
    ],
)
async def test_bad_input(loop: Loop, fields: dict, code: str) -> None:
    draft = MusterDraft(**{"muster_id": uuid4(), "title": "", "position": Position(*at(5, 2))} | fields)
    with pytest.raises(InvalidInputError) as refused:
        await loop.act(call_muster, loop.actor("desk"), draft)
    assert refused.value.code == code
