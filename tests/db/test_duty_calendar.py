"""A calendar puts people on duty and takes them off; a tap holds until its next border."""

import asyncio
from datetime import UTC, datetime, time, timedelta

import pytest

from gis.errors import InvalidInputError, NotAllowedError, NotFoundError
from gis.flows.duty import set_duty
from gis.flows.duty_calendar import keep_duty, read_calendar, replace_calendar
from gis.flows.tasks import sweep
from gis.people.duty import Exemption, Kind, Shift
from tests.loop import Loop

WHO = "watcher01-01"
WEDNESDAY = Shift(3, time(13), time(17))  # the loop's clock stands at Wednesday, 12:00
ONE, FIVE = datetime(2026, 6, 3, 5, tzinfo=UTC), datetime(2026, 6, 3, 9, tzinfo=UTC)


async def plan(loop: Loop, *shifts: Shift, exemptions: tuple[Exemption, ...] = ()) -> None:
    """Give the watcher a calendar."""
    who = loop.actor(WHO)
    await loop.act(replace_calendar, who, who.person_id, shifts, exemptions)


async def on_duty(loop: Loop) -> bool:
    """Tell whether the watcher is on duty."""
    return bool(
        await loop.value("SELECT on_duty FROM responder WHERE person_id = :who", who=loop.community.id(WHO))
    )


async def go_to(loop: Loop, moment: datetime) -> None:
    """Let time pass up to a moment and carry out what was due on the way."""
    loop.clock.at = moment
    await loop.run_due_jobs()


async def test_the_calendar_puts_on_and_takes_off_at_its_borders(loop: Loop) -> None:
    await plan(loop, WEDNESDAY)
    await go_to(loop, ONE - timedelta(seconds=1))
    assert not await on_duty(loop)
    await go_to(loop, ONE)
    assert await on_duty(loop)
    await go_to(loop, FIVE)
    assert not await on_duty(loop)
    await go_to(loop, ONE + timedelta(days=7))
    assert await on_duty(loop)


async def test_a_tap_holds_until_the_next_border(loop: Loop) -> None:
    await plan(loop, WEDNESDAY)
    await loop.act(set_duty, loop.actor(WHO), on=True)
    await go_to(loop, ONE)
    assert await on_duty(loop)
    await loop.act(set_duty, loop.actor(WHO), on=False)
    await go_to(loop, FIVE - timedelta(minutes=1))
    assert not await on_duty(loop)
    await go_to(loop, FIVE)
    assert not await on_duty(loop)
    await loop.act(set_duty, loop.actor(WHO), on=True)
    await go_to(loop, FIVE + timedelta(days=2))
    assert await on_duty(loop)


async def test_the_end_of_a_shift_passes_offers_on_and_leaves_no_position(loop: Loop) -> None:
    await plan(loop, WEDNESDAY)
    await go_to(loop, FIVE - timedelta(minutes=10))
    filed = await loop.report()
    assert filed.offer is not None
    assert filed.offer.responder_id == loop.community.id(WHO)
    await loop.on_duty("watcher01-02")
    loop.clock.at = FIVE
    await loop.act(keep_duty, "test", loop.community.id(WHO))
    asked = await loop.value("SELECT responder_id FROM offer WHERE status = 'live'")
    assert asked in {loop.community.id("watcher01-02"), None}
    assert (
        await loop.value("SELECT reason FROM offer WHERE status <> 'live' ORDER BY offered_at LIMIT 1")
        == "off_duty"
    )


async def test_nobody_is_asked_whose_shift_ends_before_they_could_be_there(loop: Loop) -> None:
    await plan(loop, WEDNESDAY)
    await go_to(loop, ONE)
    loop.clock.at = FIVE  # the job is late
    filed = await loop.report()
    assert filed.offer is None
    told = await loop.value("SELECT explanation FROM dispatch")
    assert [one["reason"] for one in told["excluded"]] == ["off_shift"]


async def test_a_lost_job_is_made_up_for_by_the_sweep(loop: Loop) -> None:
    await plan(loop, WEDNESDAY)
    async with loop.database.write() as session:
        from sqlalchemy import text

        await session.run(text("DELETE FROM procrastinate_jobs"))
    loop.clock.at = ONE + timedelta(minutes=3)
    await sweep(loop.work)
    assert await on_duty(loop)
    queued = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'keep_duty'"
    assert await loop.value(queued) == 1


async def test_a_border_is_passed_once_by_many_workers(loop: Loop) -> None:
    await plan(loop, WEDNESDAY)
    loop.clock.at = ONE
    who = loop.community.id(WHO)
    await asyncio.gather(*(loop.act(keep_duty, "test", who) for _ in range(10)))
    assert await on_duty(loop)
    at_five = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'keep_duty' AND scheduled_at = :at"
    assert await loop.value(at_five, at=FIVE) == 1


async def test_leave_that_begins_now_holds_at_once_and_a_save_that_changes_nothing_leaves_a_tap(
    loop: Loop,
) -> None:
    await plan(loop, WEDNESDAY)
    await go_to(loop, ONE)
    await loop.act(set_duty, loop.actor(WHO), on=False)
    await plan(loop, WEDNESDAY)
    assert not await on_duty(loop)
    await loop.act(set_duty, loop.actor(WHO), on=True)
    ill = Exemption(Kind.LEAVE, loop.clock.now() - timedelta(hours=1), loop.clock.now() + timedelta(days=7))
    await plan(loop, WEDNESDAY, exemptions=(ill,))
    assert not await on_duty(loop)
    await plan(loop, WEDNESDAY)
    assert await on_duty(loop)
    await plan(loop)
    assert not await on_duty(loop)
    assert await loop.value("SELECT count(*) FROM responder WHERE duty_border_at IS NOT NULL") == 0


async def test_who_may_plan_whose_calendar_and_what_is_refused(loop: Loop) -> None:
    watcher, rider, desk = (loop.actor(name) for name in (WHO, "rider1", "desk"))
    await loop.act(replace_calendar, desk, watcher.person_id, (WEDNESDAY,), ())
    async with loop.database.read() as session:
        assert (await read_calendar(session, watcher, watcher.person_id)).calendar.shifts == (WEDNESDAY,)
        with pytest.raises(NotAllowedError):
            await read_calendar(session, rider, watcher.person_id)
        with pytest.raises(NotFoundError):
            await read_calendar(session, desk, loop.community.id("resident"))
    for shifts, exemptions, code in (
        ((Shift(1, time(9), time(9)),), (), "shift_empty"),
        ((), (Exemption(Kind.EXTRA, FIVE, ONE),), "exception_order"),
        (tuple(Shift(1, time(n // 60, n % 60), time(23)) for n in range(61)), (), "too_many_entries"),
    ):
        with pytest.raises(InvalidInputError) as refused:
            await loop.act(replace_calendar, watcher, watcher.person_id, shifts, exemptions)
        assert refused.value.code == code
