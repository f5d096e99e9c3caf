"""Households lie in the areas in force, and the demo's register is made set by set."""

from __future__ import annotations

from sqlalchemy import text

from gis.flows.boundaries.publish import publish
from gis.flows.residents.demo import seed_residents
from gis.flows.residents.reading import Query, find_people
from tests.db.boundaries import areas_of, square, with_cells
from tests.loop import Loop
from tests.residents import two_homes


async def test_households_move_with_the_borders(loop: Loop) -> None:
    await two_homes(loop)
    areas = with_cells(await areas_of(loop), c01_01=square(0, 100, 100, 100), c01_02=square(0, 0, 100, 100))
    await loop.act(publish, loop.actor("desk"), areas, expected_version=1, note="对调")
    rows = await loop.rows("SELECT micro_grid_code FROM household ORDER BY 1")
    assert [row.micro_grid_code for row in rows] == ["01-02", "02-01"]
    seen = {}
    for name in ("watcher01-01", "watcher01-02"):
        seen[name] = (await loop.act(find_people, loop.actor(name), Query())).total
    assert seen == {"watcher01-01": 0, "watcher01-02": 1}


async def test_the_demos_register(loop: Loop) -> None:
    made = await loop.act(seed_residents, "test", households=120)
    assert made.households == 120
    assert 2.0 < made.people / made.households < 2.7
    assert 0.15 < made.over_60 / made.people < 0.35
    assert (await loop.act(seed_residents, "test")).people == 0
    assert await loop.value("SELECT count(*) FROM household WHERE micro_grid_code IS NULL") == 0
    found = await loop.act(find_people, loop.actor("grid01"), Query(limit=500))
    assert 0 < found.total < made.people
    assert len({one.name for one in found.items}) > found.total / 2
    assert await loop.value("SELECT count(*) FROM resident WHERE account_id IS NOT NULL") == 1


async def test_the_same_seed_makes_the_same_people(loop: Loop) -> None:
    await loop.act(seed_residents, "test", households=12)
    first = [one.name for one in (await loop.act(find_people, loop.actor("desk"), Query(limit=99))).items]
    async with loop.database.write() as session:
        await session.run(text("DELETE FROM resident"))
        await session.run(text("DELETE FROM household"))
    await loop.act(seed_residents, "test", households=12)
    assert [
        one.name for one in (await loop.act(find_people, loop.actor("desk"), Query(limit=99))).items
    ] == first
