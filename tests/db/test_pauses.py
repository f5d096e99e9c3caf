"""Pauses: asked for, decided, begun and ended; the clock stands still meanwhile, and what was left is left."""

from datetime import UTC, datetime, timedelta

import pytest

from gis.errors import ConflictError, IllegalTransitionError, InvalidInputError, NotAllowedError, WeiwangError
from gis.flows.accept import accept
from gis.flows.arrive import arrive
from gis.flows.cancel import cancel
from gis.flows.pause import approve_pause, ask_pause, end_pause, refuse_pause, resume
from gis.flows.refer import refer
from gis.flows.release import release
from gis.flows.tasks import sweep
from tests.loop import Loop

HOUR = timedelta(hours=1)
COLUMNS = "answer_due_at, on_site_soon_at, on_site_due_at, resolve_soon_at, resolve_due_at"


async def taken(loop: Loop, kind: str = "sewer"):
    await loop.on_duty("rider1", (40, 0))
    filed = await loop.report(category=kind)
    await loop.act(accept, loop.actor("rider1"), filed.case_id)
    return filed.case_id


async def due(loop: Loop):
    (row,) = await loop.rows(f'SELECT {COLUMNS}, escalation, climb_at, paused_at, pause_ends_at FROM "case"')
    return row


async def ask(  # noqa: PLR0917
    loop: Loop,
    case_id,
    username: str = "rider1",
    hours: float = 4,
    kind: str = "materials",
    reason: str = "等配件",
) -> None:
    await loop.act(ask_pause, loop.actor(username), case_id, kind, reason, loop.clock.at + hours * HOUR)


async def test_asked_for_approved_and_ended_by_itself(loop: Loop) -> None:
    case_id = await taken(loop)
    before = await due(loop)
    await ask(loop, case_id)
    assert (await due(loop)).paused_at is None, "the clock runs until somebody has approved"
    loop.wait(600)
    await loop.act(approve_pause, loop.actor("desk"), case_id)
    held = await due(loop)
    assert (held.paused_at, held.climb_at) == (loop.clock.at, None)
    loop.wait(3 * 3600)
    await loop.run_due_jobs()
    assert (await due(loop)).paused_at is not None
    assert await loop.value("SELECT count(*) FROM event WHERE verb IN ('due_soon', 'escalate')") == 0
    loop.clock.at = held.pause_ends_at
    await loop.run_due_jobs()
    after = await due(loop)
    assert after.paused_at is None
    assert after.on_site_due_at - before.on_site_due_at == held.pause_ends_at - held.paused_at
    assert after.climb_at == after.on_site_soon_at
    assert (await loop.verbs(case_id))[-3:] == ["pause", "approve_pause", "resume"]
    kinds = await loop.rows(
        "SELECT DISTINCT kind FROM notice WHERE kind LIKE 'pause%' OR kind = 'resumed' ORDER BY 1"
    )
    assert [row.kind for row in kinds] == ["pause_asked", "paused", "resumed"]
    assert await loop.value("SELECT status FROM pause") == "ended"
    assert await loop.value("SELECT ended_by FROM pause") is None


async def test_only_the_time_that_counts_is_added(loop: Loop) -> None:
    """Paused from Thursday 17:00 over a holiday to Monday 09:00: that was an hour of the office's time."""
    loop.clock.at = datetime(2026, 6, 18, 8, 30, tzinfo=UTC)  # Thursday 16:30, the eve of 端午
    filed = await loop.report(category="other")
    await loop.act(refer, loop.actor("desk"), filed.case_id, "water", "请处理")
    before = await due(loop)
    loop.wait(1800)
    await ask(loop, filed.case_id, "desk", hours=88)
    loop.clock.at = datetime(2026, 6, 22, 1, 0, tzinfo=UTC)
    await loop.run_due_jobs()
    after = await due(loop)
    assert after.paused_at is None
    assert before.resolve_due_at == datetime(2026, 6, 24, 8, 30, tzinfo=UTC)
    assert after.resolve_due_at - before.resolve_due_at == HOUR
    moved = await loop.value("SELECT due_at FROM referral")
    assert moved == after.resolve_due_at, "the agency's own deadline moves with it"


async def test_resumed_early_and_paused_again(loop: Loop) -> None:
    case_id = await taken(loop)
    before = await due(loop)
    for _ in range(2):
        await ask(loop, case_id, "desk")
        loop.wait(1200)
        await loop.act(resume, loop.actor("rider1"), case_id)
    after = await due(loop)
    assert after.on_site_due_at - before.on_site_due_at == 2 * timedelta(seconds=1200)
    loop.wait(4 * 3600)
    await loop.run_due_jobs()  # the ends of both pauses come, and find nothing to end
    assert (await loop.verbs(case_id)).count("resume") == 2


async def test_whatever_is_done_to_it_ends_the_pause(loop: Loop) -> None:
    case_id = await taken(loop)
    await ask(loop, case_id, "desk")
    loop.wait(600)
    await loop.act(arrive, loop.actor("rider1"), case_id)
    assert (await due(loop)).paused_at is None
    await ask(loop, case_id)
    await loop.act(release, loop.actor("rider1"), case_id, "有事")
    assert await loop.value("SELECT count(*) FROM pause WHERE ended_at IS NULL") == 0
    assert (await due(loop)).climb_at is not None


async def test_refused_the_clock_runs_on(loop: Loop) -> None:
    case_id = await taken(loop)
    before = await due(loop)
    await ask(loop, case_id)
    await loop.act(refuse_pause, loop.actor("grid01"), case_id, "附近能买到")
    assert await due(loop) == before
    assert await loop.value("SELECT answer FROM pause") == "附近能买到"
    await ask(loop, case_id)  # one may ask again


async def test_the_sweep_ends_what_a_lost_job_would_have_ended(loop: Loop) -> None:
    from sqlalchemy import text

    case_id = await taken(loop)
    await ask(loop, case_id, "desk")
    async with loop.database.write() as session:
        await session.run(text("DELETE FROM procrastinate_jobs"))
    loop.wait(4 * 3600 + 1)
    for _ in range(3):
        await sweep(loop.work)
        await loop.act(end_pause, "test", case_id)
    assert (await loop.verbs(case_id)).count("resume") == 1


@pytest.mark.parametrize(
    ("username", "given", "code"),
    [
        ("rider1", {"hours": 0}, "pause_end_past"),
        ("rider1", {"hours": -48}, "pause_end_past"),  # a phone whose clock is two days slow
        ("rider1", {"hours": 24 * 31}, "pause_end_too_far"),
        ("rider1", {"reason": " "}, "reason_needed"),
        ("rider1", {"kind": "weather"}, "pause_kind_unknown"),
        ("rider2", {}, "case_not_found"),
        ("resident", {}, "not_allowed"),
    ],
)
async def test_what_can_not_be_asked_for(loop: Loop, username: str, given: dict, code: str) -> None:
    case_id = await taken(loop)
    before = await loop.verbs(case_id)
    with pytest.raises(WeiwangError) as refused:
        await ask(loop, case_id, username, **given)
    assert refused.value.code == code
    assert await loop.verbs(case_id) == before
    assert await loop.value("SELECT count(*) FROM pause") == 0


async def test_the_order_of_things(loop: Loop) -> None:
    case_id = await taken(loop)
    with pytest.raises(ConflictError, match="nobody has asked"):
        await loop.act(approve_pause, loop.actor("desk"), case_id)
    await ask(loop, case_id, "grid01")
    with pytest.raises(ConflictError) as again:
        await ask(loop, case_id)
    assert again.value.code == "pause_asked_already"
    with pytest.raises(NotAllowedError) as own:
        await loop.act(approve_pause, loop.actor("grid01"), case_id)
    assert own.value.code == "own_pause"
    with pytest.raises(NotAllowedError):
        await loop.act(approve_pause, loop.actor("rider1"), case_id)
    await loop.act(approve_pause, loop.actor("desk"), case_id)
    with pytest.raises(ConflictError) as running:
        await ask(loop, case_id)
    assert running.value.code == "paused_already"


async def test_an_end_that_came_before_anybody_approved(loop: Loop) -> None:
    case_id = await taken(loop)
    await ask(loop, case_id, hours=1)
    loop.wait(3601)
    with pytest.raises(InvalidInputError) as late:
        await loop.act(approve_pause, loop.actor("desk"), case_id)
    assert late.value.code == "pause_end_past"


async def test_neither_open_nor_finished_cases_are_paused(loop: Loop) -> None:
    filed = await loop.report()
    with pytest.raises(IllegalTransitionError):
        await ask(loop, filed.case_id, "desk")
    await loop.act(cancel, loop.actor("desk"), filed.case_id, "重复")
    with pytest.raises(IllegalTransitionError) as final:
        await ask(loop, filed.case_id, "desk")
    assert final.value.values["legal"] == ["reopen"]
