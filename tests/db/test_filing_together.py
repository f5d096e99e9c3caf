"""Reports gathered into one statement: each is answered as if it had come alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import uuid4

import psycopg
import pytest
from psycopg.errors import ForeignKeyViolation

from gis.errors import ConflictError, InvalidInputError, NotFoundError, UnavailableError, WeiwangError
from gis.flows.filing_together import FilingTogether
from gis.flows.report_draft import ReportDraft, Submitted
from gis.flows.rosters import Rosters
from gis.flows.work import Work
from gis.words import Actor
from tests.loop import Loop, draft_at, some_photo

BATCHES = "SELECT count(DISTINCT transaction_id) FROM event WHERE verb = 'submit'"


@pytest.fixture
async def together(loop: Loop) -> FilingTogether:
    """Give the place where the service files reports; its community is in memory."""
    loop.rosters = Rosters(600.0)
    await loop.report("rider3", where=(150, 150))
    return loop.together()


async def filed(
    together: FilingTogether, actor: Actor, drafts: list[ReportDraft]
) -> list[Submitted | BaseException]:
    """File reports at once; return answers and errors."""
    return await asyncio.gather(*(together.submit(actor, one) for one in drafts), return_exceptions=True)


def answers(found: list[Submitted | BaseException]) -> list[Submitted]:
    """Return the answers, of which none may be an error."""
    wrong = [one for one in found if isinstance(one, BaseException)]
    assert not wrong
    return [one for one in found if isinstance(one, Submitted)]


async def test_those_that_come_at_once_are_written_at_once(loop: Loop, together: FilingTogether) -> None:
    await loop.on_duty("rider1", (40, 20))
    await loop.on_duty("rider2", (60, 20))
    drafts = eight()
    found = answers(await filed(together, loop.actor("resident"), drafts))
    assert await loop.value(BATCHES) == 2  # and that of the report before
    assert [one.report_id for one in found] == [one.id for one in drafts]
    assert len({one.number for one in found}) == 8
    for one in found:
        assert (await loop.verbs(one.case_id))[0] == "submit"
        offered = await loop.value("SELECT count(*) FROM offer WHERE case_id = :id", id=one.case_id)
        assert offered == (one.offer is not None)
        told = await loop.value("SELECT explanation FROM dispatch WHERE case_id = :id", id=one.case_id)
        assert told["outcome"] == ("offered" if one.offer else "nobody_available")
        assert told["chosen"] == (str(one.offer.responder_id) if one.offer else None)


async def test_batches_of_about_the_same_size_take_turns(loop: Loop, together: FilingTogether) -> None:
    """Nobody goes alone while four are under way: the next four go together."""
    gate = asyncio.Event()
    slow = gated(loop, gate, gate)
    first = asyncio.gather(*(slow.submit(loop.actor("resident"), one) for one in eight()[:4]))
    await asyncio.sleep(0.02)
    later = []
    for draft in eight()[4:]:
        later.append(asyncio.create_task(slow.submit(loop.actor("resident"), draft)))
        await asyncio.sleep(0.02)
    gate.set()
    await asyncio.gather(first, *later)
    assert await loop.value(BATCHES) == 1 + 2


async def test_who_comes_first_after_a_batch_waits_for_the_others(
    loop: Loop, together: FilingTogether
) -> None:
    """A lane that is done doesn't go on with two while four are under way in the other one."""
    gates = asyncio.Event(), asyncio.Event(), asyncio.Event()
    slow = gated(loop, *gates)

    def sent(drafts: list[ReportDraft]) -> asyncio.Future[list[Submitted]]:
        return asyncio.gather(*(slow.submit(loop.actor("resident"), one) for one in drafts))

    first = sent(eight()[:4])
    await asyncio.sleep(0.02)
    second = sent(eight()[:4])
    await asyncio.sleep(0.02)
    two = sent(eight()[4:6])
    gates[0].set()
    await first
    two_more = sent(eight()[6:])
    gates[2].set()
    await asyncio.gather(two, two_more)
    assert not second.done()
    gates[1].set()
    await second
    assert await loop.value(BATCHES) == 1 + 3


def eight() -> list[ReportDraft]:
    """Return drafts that have nothing to do with one another."""
    return [draft_at((20 + 15 * n, 20), category="sewer", separate=True) for n in range(8)]


def gated(loop: Loop, *gates: asyncio.Event) -> FilingTogether:
    """Return where reports are filed, the batches one after the other when their gates open."""
    ahead = iter(gates)

    @asynccontextmanager
    async def when_it_opens() -> AsyncIterator[Work]:
        await next(ahead).wait()
        async with loop.brief_work() as work:
            yield work

    return FilingTogether(when_it_opens, loop.settings, loop.clock, loop.atlas, loop.photos)


async def test_each_is_ranked_on_what_those_before_it_leave(loop: Loop, together: FilingTogether) -> None:
    await loop.on_duty("rider1", (40, 20))
    await loop.on_duty("rider2", (60, 20))
    drafts = [draft_at((35, 20), category="sewer", separate=True) for _ in range(6)]
    found = answers(await filed(together, loop.actor("resident"), drafts))
    loads = await loop.rows("SELECT live_load, capacity FROM responder WHERE on_duty")
    assert all(row.live_load == row.capacity for row in loads)
    assert sum(one.offer is not None for one in found) == sum(row.capacity for row in loads)


async def test_fifty_at_once_and_one_is_free(loop: Loop, together: FilingTogether) -> None:
    await loop.on_duty("rider1", (40, 20))
    drafts = [draft_at((20 + n, 20), category="sewer", separate=True) for n in range(50)]
    found = answers(await filed(together, loop.actor("resident"), drafts))
    (row,) = await loop.rows("SELECT live_load, capacity FROM responder WHERE on_duty")
    assert row.live_load == row.capacity == sum(one.offer is not None for one in found)
    assert await loop.value('SELECT count(*) FROM "case"') == 51
    assert await loop.value("SELECT count(*) FROM offer WHERE status = 'live'") == row.capacity


async def test_an_old_roster_crowds_nobody(loop: Loop, together: FilingTogether) -> None:
    async with loop.work() as work:
        await work.session.direct("UPDATE responder SET capacity = 5", {})
    await loop.on_duty("rider1", (40, 20))
    await filed(together, loop.actor("resident"), [draft_at((35, 20), separate=True)])
    async with loop.work() as work:  # another process has filled his hands, this one believes in four places
        await work.session.direct("UPDATE responder SET live_load = 4 WHERE on_duty", {})
    drafts = [draft_at((20 + n, 20), separate=True) for n in range(8)]
    found = answers(await filed(together, loop.actor("resident"), drafts))
    assert await loop.load("rider1") == 5
    assert sum(one.offer is not None for one in found) == 1
    assert (
        await loop.value(BATCHES) == 6
    )  # the two before, the batch, and the three for whom there was no place in it


async def test_what_is_wrong_in_a_batch_is_told_to_whom_it_belongs(
    loop: Loop, together: FilingTogether
) -> None:
    stranger = replace(loop.actor("resident"), person_id=uuid4())  # the statement itself fails
    drafts = [draft_at((20 + 15 * n, 20), category="sewer", separate=True) for n in range(8)]
    drafts[2] = replace(drafts[2], separate=False, same_as=uuid4())
    drafts[3] = replace(drafts[3], category="nonsense")
    drafts[4] = replace(drafts[4], chosen_place="nowhere")
    actors = [stranger if n == 5 else loop.actor("resident") for n in range(8)]
    found = await asyncio.gather(*map(together.submit, actors, drafts), return_exceptions=True)
    kinds = [type(one) for one in found]
    assert kinds[2:6] == [NotFoundError, InvalidInputError, InvalidInputError, ForeignKeyViolation]
    assert kinds[:2] + kinds[6:] == [Submitted] * 4
    assert await loop.value("SELECT count(*) FROM report") == 5


async def test_the_same_id_twice_in_a_batch(loop: Loop, together: FilingTogether) -> None:
    draft = draft_at((35, 20), separate=True)
    other = replace(draft, description="anders")
    same, again, another = await filed(together, loop.actor("resident"), [draft, draft, other])
    assert isinstance(same, Submitted)
    assert isinstance(again, Submitted)
    assert isinstance(another, ConflictError)
    assert [same.replayed, again.replayed] == [False, True]
    assert replace(again, replayed=False) == same


async def test_what_is_about_the_same_joins_the_first(loop: Loop, together: FilingTogether) -> None:
    drafts = [draft_at((35 + n % 2, 55), category="sewer") for n in range(12)]
    found = answers(await filed(together, loop.actor("resident"), drafts))
    assert len({one.case_id for one in found}) == 1
    assert [one.linked for one in found] == [False] + [True] * 11
    assert await loop.value('SELECT count(*) FROM "case"') == 2


async def test_photos_go_with_the_statement(loop: Loop, together: FilingTogether) -> None:
    photos = [await some_photo(loop.settings, seed=n) for n in range(3)]
    drafts = [
        draft_at((20 + 40 * n, 20), photos=(photo, photo), separate=True) for n, photo in enumerate(photos)
    ]
    found = answers(await filed(together, loop.actor("resident"), drafts))
    again = answers(await filed(together, loop.actor("resident"), drafts))
    assert all(one.replayed for one in again)
    rows = await loop.rows("SELECT report_id, case_id, sha256, kind, added_by FROM photo")
    expected = {(one.report_id, one.case_id, p.sha256) for one, p in zip(found, photos, strict=True)}
    assert {(row.report_id, row.case_id, row.sha256) for row in rows} == expected
    assert len(rows) == 3
    for photo in photos:
        assert loop.photos.path("test", photo.sha256, "original").read_bytes() == photo.original


async def test_a_photo_just_after_another_waits_for_company(
    loop: Loop, together: FilingTogether, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gis.flows.filing_together.COMPANY_S", 60.0)
    resident = loop.actor("resident")

    async def photographed(seed: int) -> ReportDraft:
        return replace(
            draft_at((20 * seed, 20), separate=True), photos=(await some_photo(loop.settings, seed),)
        )

    await asyncio.wait_for(together.submit(resident, await photographed(1)), 10)  # nobody went before
    second = asyncio.create_task(together.submit(resident, await photographed(2)))
    third = asyncio.create_task(together.submit(resident, await photographed(3)))
    while len(together._waiting) < 2:  # noqa: ASYNC110 - nothing tells
        await asyncio.sleep(0.01)
    assert not second.done()
    await together.submit(
        resident, draft_at((100, 20), separate=True)
    )  # it waits for nobody, and takes them along
    await asyncio.gather(second, third)
    assert await loop.value(BATCHES) == 3


async def test_nobody_waits_for_company_in_vain(
    loop: Loop, together: FilingTogether, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gis.flows.filing_together.COMPANY_S", 0.3)
    photo = await some_photo(loop.settings, 1)
    drafts = [replace(draft_at((20 * n, 20), separate=True), photos=(photo,)) for n in range(3)]
    found = await asyncio.wait_for(filed(together, loop.actor("resident"), drafts), 30)
    assert len(answers(found)) == 3


async def test_what_was_acknowledged_is_there_whatever_becomes_of_the_database(
    loop: Loop, together: FilingTogether, database_url: str
) -> None:
    """Connections are ended again and again; whoever is not answered asks again with the same id."""
    await loop.on_duty("rider1", (40, 20))
    drafts = [draft_at((20 + 2 * n, 20), category="sewer", separate=True) for n in range(40)]
    acknowledged: list[Submitted] = []
    failures = 0

    async def persistent(draft: ReportDraft) -> None:
        nonlocal failures
        while True:
            try:
                acknowledged.append(await together.submit(loop.actor("resident"), draft))
            except UnavailableError:
                failures += 1
            else:
                return

    async def one_after_another(theirs: list[ReportDraft]) -> None:
        for draft in theirs:
            await persistent(draft)

    async def killer() -> None:
        async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
            for _ in range(12):
                await asyncio.sleep(0.01)
                await connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE pid <> pg_backend_pid() AND datname = current_database()"
                )

    # one after another, so that it takes as long as connections are ended
    lanes = (one_after_another(drafts[lane::4]) for lane in range(4))
    await asyncio.gather(killer(), *lanes, return_exceptions=True)
    assert failures
    stored = await loop.rows("SELECT report_id, case_id FROM report")
    there = {row.report_id: row.case_id for row in stored}
    assert len(there) == 41
    assert {one.report_id: one.case_id for one in acknowledged}.items() <= there.items()
    live = await loop.value("SELECT count(*) FROM offer WHERE status = 'live'")
    (row,) = await loop.rows("SELECT live_load FROM responder WHERE on_duty")
    assert row.live_load == live
    jobs = await loop.value("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'expire_offer'")
    assert jobs == live


async def test_without_a_database_everybody_is_told_at_once(loop: Loop) -> None:
    from gis.store.session import Database

    await loop.report()
    await loop.database.close()
    loop.database = Database("postgresql://weiwang@127.0.0.1:1/none")
    drafts = [draft_at((20 + n, 20), separate=True) for n in range(20)]
    found = await filed(loop.together(), loop.actor("resident"), drafts)
    assert {type(one) for one in found} == {UnavailableError}
    assert all(isinstance(one, WeiwangError) for one in found)
