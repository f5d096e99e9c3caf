"""Many at once: a suggestion is carried out once, a record is made once, a street is ticked once, a search ends once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from uuid import uuid4

from gis.errors import ConflictError, WeiwangError
from gis.flows.missing.calling import begin_search
from gis.flows.missing.reading import streets_of
from gis.flows.missing.searching import end_search, tick_street
from gis.flows.residents.households import HouseholdDraft, add_household
from gis.flows.residents.records import add_resident, change_resident
from gis.flows.residents.suggestions import decide, suggest_change
from tests.db.test_missing import draft
from tests.loop import Loop
from tests.residents import GROUNDS, LI, WANG, two_homes

TOGETHER = 8


async def test_suggestions_are_carried_out_once(loop: Loop) -> None:
    homes = await two_homes(loop)
    ids = [uuid4() for _ in range(3)]
    for number, one in enumerate(ids):
        changed = replace(
            WANG, flags=("dementia", *(("mobility",) * (number == 0))), phone=f"1381111000{number}"
        )
        await loop.act(suggest_change, loop.actor("watcher01-01"), one, homes.people["王秀英"], changed)
    outcomes = await asyncio.gather(
        *(loop.act(decide, loop.actor("grid01"), ids[:1], approve=True) for _ in range(TOGETHER))
    )
    assert sum(one.decided for one in outcomes) == 1
    assert all(not one.failed for one in outcomes)
    assert await loop.value("SELECT count(*) FROM resident_change WHERE suggestion_id IS NOT NULL") == 1


async def test_one_change_wins_and_the_others_are_told(loop: Loop) -> None:
    homes = await two_homes(loop)

    async def change(number: int) -> bool:
        try:
            person = replace(WANG, phone=f"1382222000{number}")
            return await loop.act(
                change_resident, loop.actor("grid01"), homes.people["王秀英"], person, revision=1
            )
        except ConflictError:
            return False

    assert sum(await asyncio.gather(*(change(number) for number in range(TOGETHER)))) == 1
    assert await loop.value("SELECT max(revision) FROM resident") == 2


async def test_records_are_made_once(loop: Loop) -> None:
    home, person = uuid4(), uuid4()
    household = HouseholdDraft(home, loop.community.buildings["01-01"], "1", "301", "owner", "", GROUNDS)
    made = await asyncio.gather(
        *(
            loop.act(add_household, loop.actor("desk"), replace(household, household_id=uuid4()))
            for _ in range(TOGETHER)
        )
    )
    assert len(set(made)) == 1
    await asyncio.gather(
        *(loop.act(add_resident, loop.actor("desk"), person, made[0], LI, GROUNDS) for _ in range(TOGETHER))
    )
    assert await loop.value("SELECT count(*) FROM resident") == 1
    assert await loop.value("SELECT count(*) FROM resident_change WHERE resident_id = :id", id=person) == 1


async def test_a_search_is_begun_ticked_and_ended_once(loop: Loop) -> None:
    await loop.on_duty("rider1", (30, 0))
    begun = draft(loop)
    desk = loop.actor("desk")
    found = await asyncio.gather(*(loop.act(begin_search, desk, begun) for _ in range(TOGETHER)))
    assert set(found) == {begun.missing_id}
    assert await loop.value("SELECT count(*) FROM muster_call") == 1
    street = (await loop.act(streets_of, desk, begun.missing_id))[0].segment_id
    ticks = await asyncio.gather(
        *(loop.act(tick_street, desk, begun.missing_id, street, searched=True) for _ in range(TOGETHER))
    )
    assert sum(ticks) == 1

    async def end(outcome: str) -> str | None:
        try:
            await loop.act(end_search, desk, begun.missing_id, outcome)
        except WeiwangError:
            return None
        return outcome

    ended = await asyncio.gather(*(end(("found", "stood_down")[number % 2]) for number in range(TOGETHER)))
    assert len({one for one in ended if one}) == 1
    assert await loop.value("SELECT status FROM missing_person") in {one for one in ended if one}
