"""Who is on duty, kept for a moment: it says whom to ask; the claim decides."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from gis.dispatch.explaining import unfolded
from gis.flows.rosters import Rosters
from gis.flows.submit import Submitted, submit
from tests.loop import Loop, draft_at

KEEP_S = 600.0


@pytest.fixture
def kept(loop: Loop) -> Loop:
    """Give a loop that keeps its rosters as the service does, only longer."""
    loop.rosters = Rosters(KEEP_S)
    return loop


async def filed(loop: Loop) -> Submitted:
    """File a report as the interface does."""
    async with loop.brief_work() as work:
        return await submit(work, loop.actor("resident"), draft_at((35, 20), separate=True))


async def change(loop: Loop, statement: str, username: str) -> None:
    """Change a responder behind the service's back, as another process would."""
    async with loop.database.write() as session:
        await session.run(text(f"{statement} WHERE person_id = :id"), {"id": loop.actor(username).person_id})


async def load_told(loop: Loop, one: Submitted) -> dict[str, int]:
    """Return what the explanation of a case says everybody had in hand."""
    (row,) = await loop.rows("SELECT explanation FROM dispatch WHERE case_id = :case", case=str(one.case_id))
    return {who["name"]: who["load"] for who in unfolded(row.explanation)["candidates"]}


async def test_ones_own_offers_are_counted_without_asking_the_database(kept: Loop) -> None:
    await kept.on_duty("rider1", (40, 20))
    first, second = await filed(kept), await filed(kept)
    assert first.offer is not None
    before, after = await load_told(kept, first), await load_told(kept, second)
    name = first.offer.responder_name
    assert (before[name], after[name]) == (0, 1)


async def test_an_old_roster_gives_nobody_more_than_they_may_have(kept: Loop) -> None:
    await kept.on_duty("rider1", (40, 20))
    await kept.on_duty("rider2", (80, 20))
    assert (await filed(kept)).offer is not None
    await change(kept, "UPDATE responder SET live_load = capacity", "rider1")
    await change(kept, "UPDATE responder SET on_duty = false, geom = NULL, position_at = NULL", "rider2")
    assert (await filed(kept)).offer is None  # both stand in the roster
    (row,) = await kept.rows("SELECT count(*) AS n FROM responder WHERE live_load > capacity")
    assert row.n == 0


async def test_that_nobody_is_there_is_read_anew(kept: Loop) -> None:
    assert (await filed(kept)).offer is None
    await change(kept, "UPDATE responder SET on_duty = true", "watcher01-01")
    assert (await filed(kept)).offer is not None


async def test_whoever_comes_on_duty_here_is_seen_at_once(kept: Loop) -> None:
    await kept.on_duty("rider1", (190, 20))
    first = await filed(kept)
    await kept.on_duty("rider2", (36, 20))
    second = await filed(kept)
    assert first.offer is not None
    assert second.offer is not None
    assert first.offer.responder_id == kept.actor("rider1").person_id
    assert second.offer.responder_id == kept.actor("rider2").person_id


async def test_one_reads_for_all_who_wait_and_a_change_meanwhile_is_not_lost(kept: Loop) -> None:
    await kept.on_duty("rider1", (40, 20))
    rosters, now = kept.rosters, kept.clock.now()
    async with kept.work() as work:
        seen = await rosters.get(work.session, "test", now)
        assert await rosters.get(work.session, "test", now) is seen
        rosters.forget("test")
        assert await rosters.get(work.session, "test", now) is not seen
        kept.wait(KEEP_S)
        assert await rosters.get(work.session, "test", kept.clock.now()) is not seen
