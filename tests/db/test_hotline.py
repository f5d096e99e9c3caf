"""Calls to the 12345 hotline: taken once, with the hotline's deadline, and numbers that are nobody else's business."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from gis.errors import ConflictError, InvalidInputError, NotAllowedError, WeiwangError
from gis.flows.hotline import HotlineCall, bind_hotline, callback_of, change_call, masked, take_call
from gis.flows.reject import reject
from gis.store import hotline
from gis.words import Position, PositionSource
from tests.factories import at
from tests.loop import Loop


def call(loop: Loop, **fields: Any) -> HotlineCall:
    now = loop.clock.now()
    given = {
        "id": uuid4(),
        "category": "sewer",
        "words": "下水堵了，电话13912345678",
        "position": Position(*at(35, 20), source=PositionSource.PLATE),
        "received_at": now - timedelta(hours=1),
        "order_number": "SY20260603-1",
        "due_at": now + timedelta(days=5),
        "callback": "024-23456789",
        "building_id": loop.community.buildings["01-01"],
    }
    return HotlineCall(**(given | fields))  # type: ignore[arg-type]


async def test_a_call_becomes_a_case_with_the_hotlines_deadline_and_again_changes_nothing(loop: Loop) -> None:
    desk, one = loop.actor("desk"), call(loop)
    taken = await loop.act(take_call, desk, one)
    again = await loop.act(take_call, desk, one)
    assert (again.replayed, again.case_id) == (True, taken.case_id)
    (row,) = await loop.rows('SELECT resolve_due_at, resolve_soon_at, status FROM "case"')
    assert row.resolve_due_at == one.due_at
    assert row.resolve_soon_at == loop.clock.now() + timedelta(days=4)
    assert await loop.verbs(taken.case_id) == ["submit", "hotline"]
    (filed,) = await loop.rows("SELECT source, description FROM report")
    assert tuple(filed) == ("hotline", "下水堵了，电话139****5678")
    assert taken.place.building is not None
    assert taken.place.chosen == one.building_id


async def test_one_number_is_one_order_and_a_second_leaves_no_report_behind(loop: Loop) -> None:
    desk = loop.actor("desk")
    await loop.act(take_call, desk, call(loop))
    with pytest.raises(ConflictError, match="number") as refused:
        await loop.act(take_call, desk, call(loop, category="street_lamp"))
    assert refused.value.code == "order_number_used"
    assert await loop.value("SELECT count(*) FROM report") == 1
    await loop.act(take_call, desk, call(loop, order_number="", category="street_lamp"))
    await loop.act(take_call, desk, call(loop, order_number="", category="dispute"))


async def test_joining_an_open_case_the_nearer_deadline_holds(loop: Loop) -> None:
    desk = loop.actor("desk")
    first = await loop.report(category="sewer")
    due = await loop.value('SELECT resolve_due_at FROM "case"')
    loop.wait(60)
    joined = await loop.act(take_call, desk, call(loop, same_as=first.case_id))
    assert joined.linked
    assert await loop.value('SELECT resolve_due_at FROM "case"') == due
    soon = loop.clock.now() + timedelta(hours=1)
    await loop.act(take_call, desk, call(loop, order_number="2", due_at=soon, same_as=first.case_id))
    assert await loop.value('SELECT resolve_due_at FROM "case"') == soon


async def test_what_the_hotline_changes_moves_the_deadline_and_is_told(loop: Loop) -> None:
    desk, one = loop.actor("desk"), call(loop)
    taken = await loop.act(take_call, desk, one)

    async def kept() -> hotline.Kept:
        async with loop.database.read() as session:
            return (await hotline.by_numbers(session, "test", [one.order_number]))[one.order_number]

    assert one.due_at is not None
    later = one.due_at + timedelta(days=2)
    assert not await loop.act(change_call, desk, await kept(), one.words, one.due_at)
    assert await loop.act(change_call, desk, await kept(), one.words, later)
    assert not await loop.act(change_call, desk, await kept(), one.words, None)
    assert await loop.value('SELECT resolve_due_at FROM "case"') == later
    assert await loop.verbs(taken.case_id) == ["submit", "hotline", "hotline_change"]


async def test_a_number_is_for_the_desk_each_look_is_recorded_and_it_is_erased(loop: Loop) -> None:
    desk, one = loop.actor("desk"), call(loop)
    taken = await loop.act(take_call, desk, one)
    for name in ("resident", "grid01", "planner", "rider1", "water"):
        with pytest.raises(NotAllowedError):
            await loop.act(callback_of, loop.actor(name), one.id)
    assert await loop.act(callback_of, desk, one.id) == "024-23456789"
    assert await loop.value("SELECT count(*) FROM access WHERE kind = 'callback'") == 1
    sweep = bind_hotline(loop.work)["sweep_callbacks"]
    loop.wait(91 * 86_400)
    await sweep()
    assert await loop.act(callback_of, desk, one.id) == "024-23456789"  # its case goes on
    await loop.act(reject, desk, taken.case_id, "查无此事")
    loop.wait(91 * 86_400)
    await sweep()
    assert await loop.act(callback_of, desk, one.id) == ""
    assert await loop.value("SELECT callback_erased_at FROM hotline_order") == loop.clock.now()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"received_at": 1}, "received_in_future"),
        ({"due_at": -2}, "hotline_due_backwards"),
        ({"callback": "<script>"}, "callback_invalid"),
        ({"order_number": "1" * 65}, "text_too_long"),
        ({"category": "nothing"}, "category_unknown"),
        ({"words": "长" * 2001}, "text_too_long"),
    ],
    ids=lambda one: one if isinstance(one, str) else next(iter(one)),
)
async def test_bad_calls_are_refused_and_leave_nothing(
    loop: Loop, changed: dict[str, Any], code: str
) -> None:
    now = loop.clock.now()
    moments = {key: now + timedelta(hours=value) for key, value in changed.items() if isinstance(value, int)}
    with pytest.raises((InvalidInputError, WeiwangError)) as refused:
        await loop.act(take_call, loop.actor("desk"), replace(call(loop), **(changed | moments)))
    assert refused.value.code == code
    assert await loop.value("SELECT count(*) FROM report") == 0


async def test_only_the_desk_takes_calls(loop: Loop) -> None:
    for name in ("resident", "rider1", "grid01", "water", "planner"):
        with pytest.raises(NotAllowedError):
            await loop.act(take_call, loop.actor(name), call(loop))


def test_numbers_in_words_are_masked() -> None:
    assert masked("找13912345678或024-23456789，工单20260603000123456") == (
        "找139****5678或024****6789，工单20260603000123456"
    )
