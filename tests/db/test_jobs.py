"""Background jobs: part of the caller's transaction, run by the service's own worker, and not lost with one."""

import asyncio
from contextlib import asynccontextmanager, suppress

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import text

from gis.clock import SystemClock
from gis.errors import UnavailableError
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
        await asyncio.wait_for(task, timeout=30)


async def until(condition, seconds: float = 30.0) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - it is the database that is watched
            await asyncio.sleep(0.05)


async def count(database: Database, where: str = "true") -> int:
    async with database.read() as session:
        return int(await session.value(text(f"SELECT count(*) FROM procrastinate_jobs WHERE {where}")))


class Way:
    """The only way to a database, for those who are given its address: when it is closed, the database is gone."""

    def __init__(self, url: str) -> None:
        self._to = conninfo_to_dict(url)
        self._ends: list[asyncio.StreamWriter] = []
        self._closed = False
        self.url = ""

    async def open(self) -> asyncio.Server:
        server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        here = {"host": "127.0.0.1", "port": server.sockets[0].getsockname()[1]}
        self.url = make_conninfo(**self._to | here)
        return server

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._ends.append(writer)  # at once: the way may be closed while the database is still being asked
        host, port = str(self._to["host"]), str(self._to.get("port", 5432))
        there = (
            await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
            if host.startswith("/")
            else await asyncio.open_connection(host, port)
        )
        self._ends.append(there[1])
        if self._closed:
            self.close()
        await asyncio.gather(self._carry(reader, there[1]), self._carry(there[0], writer))

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while part := await reader.read(65536):
                writer.write(part)
        writer.close()

    def close(self) -> None:
        self._closed = True
        for end in self._ends:
            end.close()


@asynccontextmanager
async def way_to(url: str):
    way = Way(url)
    async with await way.open() as server:
        yield way
        server.close()
        way.close()


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

    async def deferred() -> bool:
        try:
            async with database.write() as session:
                await ProcrastinateJobs().defer(session, "note")
        except UnavailableError:  # over a connection that is just being ended
            return False
        return True

    async with running(JobRunner(database_url, {"note": note})):
        await until(connected)
        async with database.write() as session:
            await session.run(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND pid <> pg_backend_pid()"
                )
            )
        await until(deferred)
        await until(noted)


async def test_the_worker_ends_though_the_database_is_gone(database_url: str) -> None:
    async with way_to(database_url) as way:
        runner = JobRunner(way.url, {}, give_up_s=0.5)
        task = asyncio.create_task(runner.run())
        with psycopg.connect(database_url, autocommit=True) as connection:
            await until(lambda: asyncio.to_thread(registered, connection))
    runner.stop()
    await asyncio.wait_for(task, timeout=30)


async def test_the_worker_waits_for_a_database_that_is_not_there_yet_and_ends_when_asked() -> None:
    runner = JobRunner("postgresql://weiwang@127.0.0.1:1/none", {}, give_up_s=0.2)
    async with running(runner):
        await asyncio.sleep(0.5)  # it has given up once


def registered(connection: psycopg.Connection) -> bool:
    return connection.execute("SELECT FROM procrastinate_workers").fetchone() is not None


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
