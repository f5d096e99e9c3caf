"""What was written down at a door goes when nobody is left behind it."""

from uuid import uuid4

from gis.flows.residents.erasing import erase
from gis.flows.visits.draft import VisitDraft
from gis.flows.visits.record import record_visit
from tests.loop import Loop
from tests.residents import two_homes


async def test_a_home_is_forgotten_with_the_last_who_lived_there(loop: Loop) -> None:
    homes = await two_homes(loop)
    rows = await loop.rows(
        "SELECT r.resident_id, r.household_id, h.building_id FROM resident r JOIN household h USING (household_id)"
    )
    of_home = {
        one.household_id: [each for each in rows if each.household_id == one.household_id] for one in rows
    }
    for people in of_home.values():
        draft = VisitDraft(
            uuid4(),
            "visit",
            building_id=people[0].building_id,
            household_id=people[0].household_id,
            words="都好",
        )
        await loop.act(record_visit, loop.actor("admin"), draft)
        for number, one in enumerate(people, start=1):
            await loop.act(erase, loop.actor("admin"), one.resident_id, "本人要求")
            kept = await loop.value("SELECT words FROM visit WHERE visit_id = :id", id=draft.visit_id)
            assert kept == ("" if number == len(people) else "都好")
    assert len(homes.people) >= 2
