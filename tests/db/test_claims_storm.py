"""Claims by many at once, through the store: scripts/bench_claims.py does the same 100,000 times."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from gis.store import matching
from gis.store.matching import Pair
from gis.store.session import Database
from scripts.bench.claims_storm import COMMUNITY, claim_once, draw, offers_made, storm, wrong


async def test_a_storm_of_claims_has_no_double_assignment_and_no_error(database: Database) -> None:
    world = await draw(database, waiting=30, people=12)
    tally = await storm(database, world, clients=12, attempts=900, seed=7)
    assert not tally.errors
    assert await wrong(database) == {}
    assert tally.won == await offers_made(database) > 100


async def test_of_many_who_claim_the_same_case_one_wins(database: Database) -> None:
    world = await draw(database, waiting=1, people=20)
    won = await asyncio.gather(*(claim_once(database, world.cases[0], world.people[n:]) for n in range(20)))
    assert sum(won) == 1
    assert await wrong(database) == {}


async def test_of_many_who_claim_the_same_person_as_many_win_as_there_is_room(database: Database) -> None:
    world = await draw(database, waiting=20, people=1)
    for _ in range(20):  # whoever finds the person held by another asks again
        won = await asyncio.gather(*(claim_once(database, case, world.people) for case in world.cases))
        if sum(won) == 0:
            break
    assert await offers_made(database) == 2
    assert await wrong(database) == {}


async def test_pairs_beyond_somebodys_room_and_cases_that_changed_are_left_out(database: Database) -> None:
    world = await draw(database, waiting=5, people=1)
    now = datetime.now(UTC)
    pairs = [
        Pair(case, 1 if number else 9, uuid4(), world.people[0], 60.0, 80.0, now + timedelta(seconds=60))
        for number, case in enumerate(world.cases)
    ]
    async with database.write() as session:
        made = await matching.claim_all(session, COMMUNITY, pairs, now=now)
    assert made == {pairs[1].offer_id, pairs[2].offer_id}
    assert await wrong(database) == {}
