"""Background jobs: part of the caller's transaction, run by the service's own worker, and not lost with one."""

import asyncio
from contextlib import asynccontextmanager, suppress

from sqlalchemy import text

from gis.clock import SystemClock
from gis.flows import tasks
from gis.store.jobs import JobRunner, ProcrastinateJobs
from gis.store.session import Database
from tests.loop import Loop


@asynccontextmanager
async def running(runner: JobRunner):
    task = asyncio.create_task(runner.run())
    try:
        yield
    finally:
        runner.stop()
        await asyncio.wait_for(task, timeout=15)


async def until(condition, seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - it is the database that is watched
            await asyncio.sleep(0.05)


async def count(database: Database, where: str = "true") -> int:
    async with database.read() as session:
        return int(await session.value(text(f"SELECT count(*) FROM procrastinate_jobs WHERE {where}")))


async def test_a_job_exists_only_if_its_transaction_commits(database: Database) -> None:
    jobs = ProcrastinateJobs()
    with suppress(RuntimeError):
        async with database.write() as session:
            await jobs.defer(session, "sweep")
            raise RuntimeError
    assert await count(database) == 0
    async with database.write() as session:
        await jobs.defer(session, "sweep")
    assert await count(database, "status = 'todo'") == 1


async def test_the_worker_carries_out_what_is_due_and_stops_when_asked(
    database: Database, database_url: str
) -> None:
    seen: list[str] = []

    async def note(word: str) -> None:
        seen.append(word)

    async def noted() -> bool:
        return bool(seen)

    async with running(JobRunner(database_url, {"note": note})):
        async with database.write() as session:
            await ProcrastinateJobs().defer(session, "note", word="now")
        await until(noted)
    assert seen == ["now"]


async def test_a_job_that_fails_is_tried_again(database: Database, database_url: str) -> None:
    tries: list[int] = []

    async def shaky() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError("not yet")

    async def twice() -> bool:
        return len(tries) == 2

    async with running(JobRunner(database_url, {"shaky": shaky})):
        async with database.write() as session:
            await ProcrastinateJobs().defer(session, "shaky")
        await until(twice)


async def test_jobs_of_a_worker_that_died_are_taken_over(database: Database, database_url: str) -> None:
    seen: list[int] = []

    async def note() -> None:
        seen.append(1)

    async with database.write() as session:
        await ProcrastinateJobs().defer(session, "note")
        await session.run(text("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL"))

    async def noted() -> bool:
        return bool(seen)

    async with running(JobRunner(database_url, {"note": note})):
        await until(noted)


async def test_the_worker_outlives_its_connections(database: Database, database_url: str) -> None:
    seen: list[int] = []

    async def note() -> None:
        seen.append(1)

    async def noted() -> bool:
        return bool(seen)

    async def connected() -> bool:
        async with database.read() as session:
            return bool(await session.value(text("SELECT count(*) FROM procrastinate_workers")))

    async with running(JobRunner(database_url, {"note": note})):
        await until(connected)
        async with database.write() as session:
            await session.run(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND pid <> pg_backend_pid()"
                )
            )
        async with database.write() as session:
            await ProcrastinateJobs().defer(session, "note")
        await until(noted, 15)


async def test_an_offer_runs_out_by_the_clock_on_the_wall(loop: Loop, database_url: str) -> None:
    loop.clock = SystemClock()  # type: ignore[assignment]
    await loop.on_duty("watcher01-01")
    await loop.on_duty("watcher01-02")
    filed = await loop.report()
    async with loop.database.write() as session:
        await session.run(text("UPDATE offer SET expires_at = now() - interval '1 s'"))
        await session.run(text("UPDATE procrastinate_jobs SET scheduled_at = now()"))

    async def passed_on() -> bool:
        return (await loop.verbs(filed.case_id))[2:] == ["expire", "offer"]

    async with running(JobRunner(database_url, tasks.bind(loop.work), every_minute=tasks.EVERY_MINUTE)):
        await until(passed_on)
