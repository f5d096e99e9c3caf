"""Many at once: one winner, one row, nobody over capacity."""

import asyncio
from collections import Counter

import pytest

from gis.errors import ConflictError, WeiwangError
from gis.flows.accept import accept
from gis.flows.decline import decline
from gis.flows.duty import set_duty
from gis.flows.submit import submit
from gis.flows.tasks import sweep
from gis.words import Role
from tests.factories import add_person, add_responder
from tests.loop import Loop, draft_at

MANY = 50


async def test_fifty_racing_accepts_have_one_winner(loop: Loop) -> None:
    async with loop.database.write() as session:
        rivals = [
            await add_responder(
                session, loop.community, f"rival{number}", Role.WATCHER, micro_grids=["01-01"]
            )
            for number in range(MANY)
        ]
    filed = await loop.report()

    async def attempt(number: int) -> str:
        try:
            await loop.act(accept, rivals[number], filed.case_id)
        except ConflictError as error:
            return error.code
        return "won"

    outcomes = Counter(await asyncio.gather(*map(attempt, range(MANY))))
    assert outcomes == {"won": 1, "already_taken": MANY - 1}
    assert await loop.value("SELECT sum(live_load) FROM responder") == 1
    assert (await loop.verbs(filed.case_id)).count("accept") == 1


async def test_the_winner_may_ask_fifty_times(loop: Loop) -> None:
    await loop.on_duty("watcher01-01")
    filed = await loop.report()
    watcher = loop.actor("watcher01-01")
    answers = await asyncio.gather(*(loop.act(accept, watcher, filed.case_id) for _ in range(MANY)))
    assert len(set(answers)) == 1
    assert await loop.load("watcher01-01") == 1


async def test_fifty_replays_at_once_leave_one_row(loop: Loop) -> None:
    for username in ("watcher01-01", "watcher01-02", "watcher02-01"):
        await loop.on_duty(username)
    await loop.run_due_jobs()
    draft = draft_at((35, 20))
    answers = await asyncio.gather(*(loop.act(submit, loop.actor("resident"), draft) for _ in range(MANY)))
    assert len({(one.number, one.case_id, one.offer) for one in answers}) == 1
    assert sum(not one.replayed for one in answers) == 1
    counts = await loop.value(
        'SELECT ARRAY[(SELECT count(*) FROM report), (SELECT count(*) FROM "case"), (SELECT count(*) FROM offer),'
        " (SELECT count(*) FROM event), (SELECT count(*) FROM procrastinate_jobs), (SELECT sum(live_load) FROM responder)]"
    )
    assert counts == [1, 1, 1, 2, 1, 1]


async def test_reports_at_once_never_load_anybody_over_capacity_or_ask_twice(loop: Loop) -> None:
    for username in ("watcher01-01", "watcher01-02", "rider1", "rider2"):
        await loop.on_duty(username, (50, 0))
    filed = await asyncio.gather(*(loop.report(where=(30 + n, 20), separate=True) for n in range(20)))
    await sweep(loop.work)
    rows = await loop.rows("SELECT live_load, capacity FROM responder WHERE on_duty")
    assert all(row.live_load == row.capacity for row in rows)
    assert await loop.value("SELECT count(*) FROM offer WHERE status = 'live'") == 8
    assert await loop.value("SELECT count(*) FROM \"case\" WHERE status = 'offered'") == 8
    assert len({one.case_id for one in filed}) == 20


async def test_a_storm_of_acts_keeps_the_books(loop: Loop) -> None:
    """Accepts, declines, duty changes and sweeps at once: no error but conflicts, and loads that add up."""
    people = []
    async with loop.database.write() as session:
        for number in range(6):
            where = (20.0 * number, 0.0)
            people.append(
                await add_responder(
                    session, loop.community, f"r{number}", position=where, position_at=loop.clock.now()
                )
            )
        await add_person(session, loop.community, "neighbour", Role.RESIDENT)
    filed = await asyncio.gather(
        *(loop.report("neighbour", where=(30 + n, 20), separate=True) for n in range(15))
    )

    conflicts: set[str] = set()

    async def restless(number: int) -> None:
        person = people[number % 6]
        case = filed[number % 15]
        acts = (
            lambda: loop.act(accept, person, case.case_id),
            lambda: loop.act(decline, person, case.case_id),
            lambda: loop.act(set_duty, person, on=number % 4 != 0),
            lambda: sweep(loop.work),
        )
        try:
            await acts[number % 4 if number % 20 == 2 else number % 2]()
        except WeiwangError as error:
            conflicts.add(error.code)

    await asyncio.gather(*(restless(number) for number in range(120)))
    assert conflicts <= {"already_taken", "already_offered", "offer_ended", "case_not_found", "hands_full"}
    wrong = await loop.rows(
        """
        SELECT r.person_id, r.live_load, r.capacity FROM responder r WHERE r.live_load <> (
            SELECT count(*) FROM offer o WHERE o.responder_id = r.person_id AND o.status = 'live') + (
            SELECT count(*) FROM "case" c WHERE c.assignee_id = r.person_id AND c.status IN ('accepted', 'on_site'))
        """
    )
    assert wrong == []
    unmatched = await loop.value(
        """SELECT count(*) FROM "case" c WHERE (c.status = 'offered') <> EXISTS (
           SELECT FROM offer o WHERE o.case_id = c.case_id AND o.status = 'live')"""
    )
    assert unmatched == 0


@pytest.mark.parametrize("times", [2, 10])
async def test_an_expiry_that_comes_often_ends_one_offer_once(loop: Loop, times: int) -> None:
    from gis.flows.expire_offer import expire_offer

    await loop.on_duty("watcher01-01")
    filed = await loop.report()
    assert filed.offer is not None
    loop.wait(121)
    await asyncio.gather(*(loop.act(expire_offer, "test", filed.offer.offer_id) for _ in range(times)))
    assert await loop.verbs(filed.case_id) == ["submit", "offer", "expire"]
    assert await loop.load("watcher01-01") == 0


async def test_an_expiry_that_comes_early_comes_again(loop: Loop) -> None:
    from gis.flows.expire_offer import expire_offer

    await loop.on_duty("watcher01-01")
    filed = await loop.report()
    assert filed.offer is not None
    await loop.act(expire_offer, "test", filed.offer.offer_id)
    assert await loop.status(filed.case_id) == "offered"
    assert await loop.value("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'expire_offer'") == 2
