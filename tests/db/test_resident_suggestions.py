"""Changes of residents' records: by one's own word, or proposed by a watcher and decided by a grid worker."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from gis.errors import (
    ConflictError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
)
from gis.flows.residents import approving
from gis.flows.residents.approving import approve_all, count_open
from gis.flows.residents.exporting import export_resident
from gis.flows.residents.opening import open_record
from gis.flows.residents.reading import Query, find_people
from gis.flows.residents.records import change_resident
from gis.flows.residents.suggestions import (
    decide,
    open_suggestions,
    suggest_change,
    suggest_resident,
)
from gis.store.resident_changes import records_updated
from tests.loop import Loop
from tests.residents import ID, LI, WANG, two_homes


async def found(loop: Loop, username: str, text: str = "", **fields: Any) -> list[str]:
    answer = await loop.act(find_people, loop.actor(username), Query(text, **fields))
    return [one.name for one in answer.items]


async def test_changes_keep_the_old_values(loop: Loop) -> None:
    homes = await two_homes(loop)
    wang, grid = homes.people["王秀英"], loop.actor("grid01")
    assert not await loop.act(change_resident, grid, wang, WANG)
    loop.wait(1)
    assert await loop.act(change_resident, grid, wang, replace(WANG, phone="13811112222"), revision=1)
    with pytest.raises(ConflictError):
        await loop.act(change_resident, grid, wang, WANG, revision=1)
    with pytest.raises(NotFoundError):
        await loop.act(change_resident, loop.actor("grid02"), wang, LI)
    with pytest.raises(ConflictError) as told:
        await loop.act(
            change_resident,
            loop.actor("desk"),
            homes.people["李建国"],
            replace(LI, id_number=ID, birth_year=None),
        )
    assert told.value.code == "id_number_recorded"
    history = (await loop.act(export_resident, grid, wang))["changes"]
    assert history[0]["fields"] == {"phone": ["13800001234", "13811112222"]}
    assert history[1]["verb"] == "added"
    assert await found(loop, "desk", "13800001234") == []
    assert await found(loop, "desk", "13811112222") == ["王秀英"]


async def test_all_that_waited_are_approved_some_at_a_time(
    loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approving, "MOST_AT_ONCE", 2)
    homes = await two_homes(loop)
    watcher, grid = loop.actor("watcher01-01"), loop.actor("grid01")
    home, wang = homes.households["01-01"], homes.people["王秀英"]
    for number in range(4):
        person = replace(LI, name=f"新邻居{number}", flags=())
        await loop.act(suggest_resident, watcher, uuid4(), home, person)
    for phone in ("13811112222", "13833334444"):  # the one that comes second has been overtaken
        await loop.act(suggest_change, watcher, uuid4(), wang, replace(WANG, phone=phone))
    seen = loop.clock.at
    loop.wait(60)
    late = uuid4()
    await loop.act(suggest_resident, watcher, late, home, replace(LI, name="后来的", flags=()))
    assert await loop.act(count_open, grid) == 7
    assert (await approve_all(loop.work, loop.actor("grid02"), seen)).decided == 0
    done = await approve_all(loop.work, grid, seen)
    assert (done.decided, [one.code for one in done.failed.values()]) == (5, ["changed_meanwhile"])
    left = await loop.act(open_suggestions, grid)
    assert late in {one.row.suggestion_id for one in left}
    assert await loop.act(count_open, grid) == len(left) == 2
    page = await loop.act(find_people, grid, Query("", offset=2, limit=2))
    assert (len(page.items), page.total, page.next) == (2, 5, 4)
    with pytest.raises(NotAllowedError):
        await approve_all(loop.work, watcher, loop.clock.at)


async def test_a_watcher_suggests_and_a_grid_worker_decides(loop: Loop) -> None:
    homes = await two_homes(loop)
    wang, watcher, grid = homes.people["王秀英"], loop.actor("watcher01-01"), loop.actor("grid01")
    phone, moved, person = uuid4(), uuid4(), uuid4()
    # a watcher sees no identity number and no year of birth: leaving them out takes nothing away
    seen = replace(WANG, id_number="", birth_year=None)
    for _ in range(2):
        await loop.act(suggest_change, watcher, phone, wang, replace(seen, phone="13811112222"))
    await loop.act(suggest_change, watcher, moved, wang, replace(seen, moved_out_on=date(2026, 6, 2)))
    await loop.act(suggest_resident, watcher, person, homes.households["01-01"], replace(LI, name="赵梅"))
    assert not await loop.act(suggest_change, watcher, uuid4(), wang, seen)
    with pytest.raises(NotFoundError):
        await loop.act(suggest_change, loop.actor("watcher02-01"), uuid4(), wang, seen)
    with pytest.raises(NotAllowedError):
        await loop.act(decide, watcher, [phone], approve=True)
    with pytest.raises(NotFoundError):
        await loop.act(decide, loop.actor("grid02"), [phone], approve=True)
    waiting = await loop.act(open_suggestions, grid)
    assert [(one.name, dict(one.changes)) for one in waiting if one.row.suggestion_id == phone] == [
        ("王秀英", {"phone": ["13800001234", "13811112222"]})
    ]
    assert len(waiting) == 3
    with pytest.raises(InvalidInputError):
        await loop.act(decide, grid, [moved], approve=False)
    await loop.act(decide, grid, [moved], approve=False, reason="刚出院，已回家")
    loop.wait(1)
    assert (await loop.act(decide, grid, [phone, person, moved], approve=True)).decided == 2
    assert sorted(await found(loop, "grid01")) == ["王秀英", "赵梅"]
    record = await loop.act(open_record, grid, wang)
    assert (record.person.phone, record.person.id_number) == ("13811112222", "110***********002X")
    history = (await loop.act(export_resident, grid, wang))["changes"]
    assert (history[0]["by"], history[0]["suggested_by"]) == ("测试grid01", "测试watcher01-01")
    kinds = await loop.rows("SELECT kind FROM notice WHERE person_id = :id", id=watcher.person_id)
    assert [row.kind for row in kinds] == ["suggestion_declined"]
    own = await loop.act(open_suggestions, watcher)
    assert sorted(one.row.status for one in own) == ["approved", "approved", "declined"]


async def test_a_suggestion_that_time_has_overtaken_stays_open(loop: Loop) -> None:
    homes = await two_homes(loop)
    wang, grid = homes.people["王秀英"], loop.actor("grid01")
    late, fine = uuid4(), uuid4()
    await loop.act(suggest_change, loop.actor("watcher01-01"), late, wang, replace(WANG, phone="13811112222"))
    await loop.act(suggest_change, loop.actor("watcher01-01"), fine, wang, replace(WANG, flags=("dementia",)))
    await loop.act(change_resident, grid, wang, replace(WANG, phone="13833334444"))
    outcome = await loop.act(decide, grid, [late, fine], approve=True)
    assert (outcome.decided, [error.code for error in outcome.failed.values()]) == (1, ["changed_meanwhile"])
    (left,) = await loop.act(open_suggestions, grid)
    assert (left.row.suggestion_id, left.changed_since) == (late, True)


async def test_updates_are_counted_once_a_day(loop: Loop) -> None:
    homes = await two_homes(loop)
    grid, wang = loop.actor("grid01"), homes.people["王秀英"]
    await loop.act(change_resident, grid, wang, replace(WANG, phone="13811112222"))
    loop.wait(86400)
    await loop.act(change_resident, grid, wang, replace(WANG, phone="13833334444"))
    async with loop.database.read() as session:
        now = loop.clock.now()
        days = await records_updated(
            session, "test", now - timedelta(days=9), now + timedelta(days=1), "Asia/Shanghai"
        )
    assert days == {date(2026, 6, 3): 4, date(2026, 6, 4): 1}
