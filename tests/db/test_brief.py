"""A brief session: one look and one statement, each durable by itself; anything more is an ordinary transaction."""

import asyncio

import pytest
from sqlalchemy import text

from gis.errors import UnavailableError
from gis.flows.submit import submit
from gis.store.session import Database
from tests.loop import Loop, draft_at, some_photo

COUNT = "SELECT (SELECT count(*) FROM report) AS reports, (SELECT count(*) FROM procrastinate_jobs) AS jobs"


async def counted(loop: Loop) -> tuple[int, int]:
    (row,) = await loop.rows(COUNT)
    return row.reports, row.jobs


async def test_a_report_is_durable_with_its_job_before_the_block_ends(loop: Loop) -> None:
    await loop.on_duty("rider1", (40, 20))
    await loop.report()  # the community is in memory: nothing else needs the database
    async with loop.brief_work() as work:
        filed = await submit(work, loop.actor("resident"), draft_at((50, 20), separate=True))
        assert filed.offer is not None
        assert (await counted(loop))[0] == 2
        (job,) = await loop.rows(
            "SELECT task_name, scheduled_at, queue_name FROM procrastinate_jobs WHERE args->>'offer_id' = :offer",
            offer=str(filed.offer.offer_id),
        )
        assert (job.task_name, job.scheduled_at) == ("expire_offer", filed.offer.expires_at)
        with pytest.raises(RuntimeError, match="ended"):
            await work.session.value(text("SELECT 1"))


async def test_with_a_photo_it_is_one_statement_too(loop: Loop) -> None:
    await loop.report()
    photo = await some_photo(loop.settings)
    async with loop.brief_work() as work:
        filed = await submit(work, loop.actor("resident"), draft_at((50, 20), photos=(photo,)))
        seen = await loop.value("SELECT sha256 FROM photo WHERE report_id = :id", id=filed.report_id)
        assert seen == photo.sha256
        assert loop.photos.path("test", photo.sha256, "original").read_bytes() == photo.original
        with pytest.raises(RuntimeError, match="ended"):
            await work.session.value(text("SELECT 1"))


async def test_a_repeat_is_answered_the_same(loop: Loop) -> None:
    draft = draft_at((50, 20))
    answers = []
    for _ in range(2):
        async with loop.brief_work() as work:
            answers.append(await submit(work, loop.actor("resident"), draft))
    assert [one.replayed for one in answers] == [False, True]
    assert answers[0].case_id == answers[1].case_id
    assert (await counted(loop))[0] == 1


async def test_a_connection_that_was_lost_is_not_used_again(loop: Loop) -> None:
    await loop.report()
    async with loop.brief_work() as work:
        await submit(work, loop.actor("resident"), draft_at((50, 20)))
    await loop.rows(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"  # and waits until they are gone
        " WHERE pid <> pg_backend_pid() AND datname = current_database() AND query LIKE 'WITH%'"
    )
    async with loop.brief_work() as work:
        await submit(work, loop.actor("resident"), draft_at((60, 20), separate=True))
    assert (await counted(loop))[0] == 3


async def test_a_connection_that_is_lost_in_the_middle_is_told(loop: Loop) -> None:
    with pytest.raises(UnavailableError):
        async with loop.brief_work() as work:
            await work.session.glance("SELECT pg_terminate_backend(pg_backend_pid())", {})
    assert (await counted(loop))[0] == 0


async def test_nobody_waits_for_a_database_that_is_down() -> None:
    database = Database("postgresql://weiwang@127.0.0.1:1/none")
    for _ in range(20):  # more often than there are connections: none is lost
        with pytest.raises(UnavailableError):
            async with database.brief() as session:
                await session.glance("SELECT 1 AS one", {})
    await database.close()


async def test_the_end_waits_for_what_is_under_way(database_url: str) -> None:
    database, done = Database(database_url), []

    async def ask(how: str) -> None:
        async with database.brief() as brief, database.read() as read:
            await (brief.glance if how == "brief" else read.direct)("SELECT pg_sleep(0.2)::text", {})
        done.append(how)

    tasks = [asyncio.create_task(ask(how)) for how in ("brief", "read")]
    while not any(used for _, used in database.pools().values()):  # noqa: ASYNC110 - no pool tells
        await asyncio.sleep(0.01)
    await database.close()
    assert sorted(done) == ["brief", "read"]
    await asyncio.gather(*tasks)
