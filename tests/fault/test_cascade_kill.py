"""kill -9 in the middle of every step of the cascade: no case is forgotten, none is doubled."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from gis.clock import SettableClock
from gis.flows.accept import accept
from gis.flows.pause import ask_pause
from gis.flows.tasks import sweep
from gis.store.session import Database
from scripts.faults.checks import FORGOTTEN
from tests.extent import steps
from tests.fault.workers import Mortals, Order
from tests.loop import Loop

LATER = datetime(2031, 6, 4, 4, 0, tzinfo=UTC)
"""So that jobs wait by the database's clock until a test makes them due."""
MOST_STEPS = 60


DOUBLED = ("case", "offer", "event", "responder", "notice", "pause", "referral")
TABLES = (*DOUBLED, "dispatch")  # every round of asking is explained, also one that found nobody
SNAPSHOT = " UNION ALL ".join(
    f"SELECT '{table}', count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{table}\" t"
    for table in TABLES
)
JOBS = "SELECT task_name, args, scheduled_at FROM procrastinate_jobs WHERE status IN ('todo', 'doing') ORDER BY 1, 2, 3"


async def snapshot(loop: Loop) -> list[Any]:
    """Return everything that a flow may change."""
    async with loop.database.read() as session:
        return [*await session.rows(text(SNAPSHOT)), *map(str, await session.rows(text(JOBS)))]


async def make_due(loop: Loop, task: str, status: str) -> None:
    """Have the database's clock reach a task that waits, or free one from the worker that died with it."""
    async with loop.database.write() as session:
        changed = await session.run(
            text(
                "UPDATE procrastinate_jobs SET scheduled_at = '2020-01-01', status = 'todo', worker_id = NULL"
                " WHERE task_name = :task AND status::text = :status"
            ),
            {"task": task, "status": status},
        )
        assert changed >= 1, f"no {task} awaits anything: the case would be forgotten"


async def forgotten(loop: Loop) -> list[str]:
    """Return what no job and no sweep would ever come back to, and what is there twice."""
    return [name for name, query in FORGOTTEN.items() if await loop.value(query)]


@dataclass(frozen=True)
class Scene:
    """What stands before the job that is killed, and what must stand after it was carried out in the end."""

    prepare: Callable[[Loop], Awaitable[None]]
    task: str
    verbs: list[str]
    after_s: float = 0
    levels: list[int] = field(default_factory=list)


async def nobody(loop: Loop) -> None:
    await loop.report(category="water_leak")


async def one_came(loop: Loop) -> None:
    await loop.report(category="water_leak")
    await loop.on_duty("rider1", (40, 0))
    async with loop.database.write() as session:
        await session.run(text("DELETE FROM procrastinate_jobs WHERE task_name <> 'climb'"))
        await loop.jobs.defer(session, "offer_case", community_id="test", case_id=str(await case_id(loop)))


async def two_there(loop: Loop) -> None:
    for username, where in (("rider1", (40, 0)), ("rider2", (60, 0))):
        await loop.on_duty(username, where)
    await loop.report(category="water_leak")


async def last_one(loop: Loop) -> None:
    loop.settings.dispatch.max_offers = 1
    await two_there(loop)


async def on_level(loop: Loop, level: int) -> None:
    await nobody(loop)
    async with loop.database.write() as session:
        await session.run(text('UPDATE "case" SET escalation = :level'), {"level": level})


async def in_hand(loop: Loop) -> None:
    await loop.on_duty("rider1", (40, 0))
    filed = await loop.report(category="water_leak")
    await loop.act(accept, loop.actor("rider1"), filed.case_id)
    async with loop.database.write() as session:
        await session.run(text("DELETE FROM procrastinate_jobs WHERE task_name <> 'climb'"))


async def paused(loop: Loop) -> None:
    await in_hand(loop)
    until = loop.clock.at + timedelta(hours=1)
    await loop.act(ask_pause, loop.actor("desk"), await case_id(loop), "materials", "等配件", until)


async def case_id(loop: Loop) -> Any:
    return await loop.value('SELECT case_id FROM "case"')


SCENES = {
    "offer": Scene(one_came, "offer_case", ["submit", "offer"]),
    "expire and ask the next": Scene(two_there, "expire_offer", ["submit", "offer", "expire", "offer"], 61),
    "widen": Scene(nobody, "climb", ["submit", "escalate"], 200, [1]),
    "to the grid worker": Scene(lambda loop: on_level(loop, 1), "climb", ["submit", "escalate"], 200, [2]),
    "to the desk": Scene(lambda loop: on_level(loop, 2), "climb", ["submit", "escalate"], 200, [3]),
    "to the sub-district": Scene(lambda loop: on_level(loop, 3), "climb", ["submit", "escalate"], 200, [4]),
    "due soon": Scene(in_hand, "climb", ["submit", "offer", "accept", "due_soon"], 961),
    "overdue": Scene(in_hand, "climb", ["submit", "offer", "accept", "escalate"], 1201, [2]),
    "end of a pause": Scene(
        paused, "end_pause", ["submit", "offer", "accept", "pause", "approve_pause", "resume"], 3600
    ),
}


@pytest.fixture
def clock() -> SettableClock:
    """Give a clock far ahead of the database's."""
    return SettableClock(LATER)


async def test_killed_in_every_step_nothing_is_forgotten_or_doubled(
    loop: Loop, database_url: str, mortals: Mortals
) -> None:
    for number, (name, scene) in enumerate(SCENES.items()):
        await clear(loop.database)
        loop.clock.at = LATER
        await scene.prepare(loop)
        loop.wait(scene.after_s)
        last = await kill_at(steps(number, MOST_STEPS), loop, mortals, database_url, scene.task)
        assert last > 5, name
        assert await loop.verbs(await case_id(loop)) == scene.verbs, name
        levels = await loop.rows("SELECT (data ->> 'level')::int AS n FROM event WHERE verb = 'escalate'")
        assert [row.n for row in levels] == scene.levels, name


async def kill_at(each: range, loop: Loop, mortals: Mortals, url: str, task: str) -> int:
    """Kill a worker at the first of some steps, another at the next, until the job is done; return at which it was."""
    before = await snapshot(loop)
    for step in each:
        await make_due(loop, task, "todo" if step == each[0] else "doing")
        end = mortals.work(Order(url, loop.settings.state, loop.clock.at, step)).how
        after = await snapshot(loop)
        changed = [row for row in after[: len(TABLES)] if row not in before]
        if changed:  # it died after the commit, or it lived: the job comes again, or the sweep, and finds nothing to do
            assert await forgotten(loop) == [], f"{task}, killed at step {step}"
            if end == "killed":
                await make_due(loop, task, "doing")
                assert mortals.work(Order(url, loop.settings.state, loop.clock.at)).how == "done"
            assert await forgotten(loop) == [], f"{task}, killed at step {step}, taken over"
            await sweep(loop.work)
            again = await snapshot(loop)
            assert again[: len(DOUBLED)] == after[: len(DOUBLED)], f"{task} was done twice"
            return step
        assert end == "killed", f"{task} did nothing, and lived: {end}"
    raise AssertionError(f"{task} has more than {MOST_STEPS} steps")


async def clear(database: Database) -> None:
    """Take away cases and jobs; people and places stay."""
    async with database.write() as session:
        await session.run(text('TRUNCATE "case", procrastinate_jobs, procrastinate_workers CASCADE'))
        await session.run(text("UPDATE responder SET live_load = 0, on_duty = false, geom = NULL"))
