"""Reports while boundaries are published: each is kept in the version in force when it is kept, and fits it."""

import asyncio

import pytest

from gis.errors import ConflictError
from gis.flows.boundaries import publish
from gis.flows.submit import Submitted, submit
from tests.db.boundaries import areas_of, moved_border
from tests.loop import Loop, draft_at

VERSIONS, REPORTS = 16, 40


async def test_no_report_commits_against_a_stale_version(loop: Loop) -> None:
    """The border moves to and fro over the place that is reported: odd versions have 01-02 there, even ones 01-01."""
    first = await areas_of(loop)
    moved = moved_border(first)
    known = 1
    publishing = True
    seen: list[tuple[int, int, int, str]] = []

    async def keep_publishing() -> None:
        nonlocal known, publishing
        for version in range(2, VERSIONS + 2):
            areas = moved if version % 2 == 0 else first
            done = await loop.act(publish, loop.actor("desk"), areas, expected_version=version - 1, note="")
            known = done.version  # committed
            wanted = len(seen) + version % 4  # sometimes at once, sometimes after some reports
            for _ in range(2000):
                if len(seen) >= wanted:
                    break
                await asyncio.sleep(0.005)
        publishing = False

    async def keep_reporting() -> None:
        filed = 0
        while publishing or filed < REPORTS // 4:
            before = known
            try:
                submitted = await loop.report(where=(50, 110), separate=True)
            except ConflictError:  # published six times while one report was looked at: it is sent again
                continue
            code = submitted.place.micro_grid.code if submitted.place.micro_grid else ""
            version = await loop.value(
                f"SELECT area_version FROM \"case\" WHERE case_id = '{submitted.case_id}'"
            )
            seen.append((before, version, known, code))
            filed += 1

    await asyncio.gather(keep_publishing(), *(keep_reporting() for _ in range(4)))
    assert known == VERSIONS + 1
    assert len(seen) >= REPORTS
    assert {code for *_, code in seen} == {"01-01", "01-02"}
    for before, version, after, code in seen:
        assert before <= version <= after + 1
        assert code == ("01-01" if version % 2 == 0 else "01-02")


async def test_publishing_waits_for_a_report_that_is_being_filed(loop: Loop) -> None:
    areas = moved_border(await areas_of(loop))
    async with loop.work() as work:
        filed = await submit(work, loop.actor("resident"), draft_at((50, 110)))  # not committed yet
        publishing = asyncio.create_task(
            loop.act(publish, loop.actor("desk"), areas, expected_version=1, note="")
        )
        await asyncio.wait({publishing}, timeout=1.5)
        assert not publishing.done()
    assert (await publishing).version == 2
    assert await loop.value("SELECT area_version FROM report WHERE report_id = :id", id=filed.report_id) == 1


@pytest.mark.parametrize("opened", ["work", "brief_work"])
async def test_a_report_waits_for_a_publisher_and_is_snapped_anew(loop: Loop, opened: str) -> None:
    areas = moved_border(await areas_of(loop))
    await loop.report()  # the version in force is in memory
    async with loop.work() as work:
        await publish(work, loop.actor("desk"), areas, expected_version=1, note="")  # not committed yet
        filing = asyncio.create_task(_filed(loop, opened))
        await asyncio.wait({filing}, timeout=0.5)
        assert not filing.done()
    submitted = await filing
    assert submitted.place.micro_grid is not None
    assert submitted.place.micro_grid.code == "01-01"  # with the moved border
    query = "SELECT area_version FROM report WHERE report_id = :id"
    assert await loop.value(query, id=submitted.report_id) == 2


async def _filed(loop: Loop, opened: str) -> Submitted:
    async with getattr(loop, opened)() as work:
        return await submit(work, loop.actor("resident"), draft_at((50, 110)))
