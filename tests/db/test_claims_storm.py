"""Claims by many at once, through the store: scripts/bench_claims.py does the same 100,000 times."""

import asyncio

from gis.store.session import Database
from scripts.bench.claims_storm import claim_once, draw, offers_made, storm, wrong


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
