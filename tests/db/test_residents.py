"""Records of residents: sealed, seen by those responsible only, each look written down, changes kept, erased with a proof."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text as statement_of

from gis.errors import (
    ConflictError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
    NotSignedInError,
)
from gis.flows.residents.consents import ConsentDraft, record_consent
from gis.flows.residents.erasing import erase, erase_by_rule
from gis.flows.residents.exporting import export_resident
from gis.flows.residents.facts import household_facts
from gis.flows.residents.flags import FlagDraft, keep_flag
from gis.flows.residents.households import HouseholdDraft, add_household
from gis.flows.residents.opening import call_from, open_record, own_record, whole_number
from gis.flows.residents.reading import Query, find_people
from gis.flows.residents.suggestions import decide, open_suggestions, suggest_change
from gis.flows.sealing import add_key, drop_old_keys, key_uses, seal_with_newest
from gis.people.residents import Sight
from gis.store.sealed_columns import SEALED
from tests.loop import Loop
from tests.residents import GROUNDS, ID, WANG, household, resident, two_homes

GONE = "UPDATE resident SET moved_out_on = :day WHERE resident_id = :id"


async def change(loop: Loop, statement: str, **parameters: object) -> None:
    async with loop.database.write() as session:
        await session.run(statement_of(statement), parameters)


async def found(loop: Loop, username: str, text: str = "", **fields: Any) -> list[str]:
    answer = await loop.act(find_people, loop.actor(username), Query(text, **fields))
    return [one.name for one in answer.items]


async def test_nothing_that_tells_who_it_is_lies_open(loop: Loop) -> None:
    homes = await two_homes(loop)
    await loop.act(
        suggest_change,
        loop.actor("watcher01-01"),
        uuid4(),
        homes.people["王秀英"],
        replace(WANG, phone="13811112222"),
    )
    for table in ("household", "resident", "resident_change", "resident_suggestion", "access", "erasure"):
        rows = await loop.rows(f"SELECT t::text AS all FROM {table} t")
        stored = "".join(row.all for row in rows)
        for secret in ("王秀英", "13800001234", ID, "12-31", "王强", "13811112222"):
            assert secret not in stored
            assert secret.encode().hex() not in stored


async def test_each_sees_their_own_areas(loop: Loop) -> None:
    await two_homes(loop)
    both = ["王秀英", "李建国"]
    expected = {
        "desk": both,
        "admin": both,
        "grid01": both[:1],
        "grid02": both[1:],
        "watcher01-01": both[:1],
        "watcher01-02": [],
    }
    assert {name: await found(loop, name) for name in expected} == expected
    for nobody in ("rider1", "resident", "planner", "water"):
        with pytest.raises(NotAllowedError):
            await found(loop, nobody)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("wxy", ["王秀英"]), ("lijian", ["李建国"]), ("英", ["王秀英"]), ("138 0000 1234", []), ("138-0000-1234", ["王秀英"]),
        (ID.lower(), ["王秀英"]), ("测试街1号", ["王秀英"]), ("独居", ["王秀英"]), ("301", ["王秀英", "李建国"]), ("301 李", ["李建国"]),
        ("%", []), ("13800001235", []),
    ],
)  # fmt: skip
async def test_people_are_found(loop: Loop, text: str, names: list[str]) -> None:
    await two_homes(loop)
    assert await found(loop, "desk", text, flag_words={"独居": "lives_alone"}) == names


async def test_flags_of_age_follow_from_the_year(loop: Loop) -> None:
    await two_homes(loop)
    assert await found(loop, "desk", flag="age90") == ["李建国"]
    assert await found(loop, "desk", flag="dementia") == ["王秀英"]


async def test_a_watcher_sees_what_they_need(loop: Loop) -> None:
    homes = await two_homes(loop)
    wang = homes.people["王秀英"]
    full = await loop.act(open_record, loop.actor("grid01"), wang)
    assert (full.sight, full.person.id_number, full.person.birth_day) == (
        Sight.FULL,
        "110***********002X",
        "12-31",
    )
    seen = await loop.act(open_record, loop.actor("watcher01-01"), wang)
    assert seen.sight is Sight.NEEDED
    assert (seen.person.id_number, seen.person.birth_year, seen.person.birth_day) == ("", None, "")
    assert seen.person.contacts == WANG.contacts
    for other in ("watcher01-02", "grid02", "rider1", "resident"):
        with pytest.raises(NotFoundError):
            await loop.act(open_record, loop.actor(other), wang)


async def test_the_office_says_what_watchers_see(loop: Loop) -> None:
    home = await household(loop, "01-01")
    await loop.act(keep_flag, loop.actor("admin"), FlagDraft("parole", "帮教", for_watchers=False))
    person = await resident(loop, home, replace(WANG, flags=("parole", "mobility")))
    assert (await loop.act(open_record, loop.actor("watcher01-01"), person)).card.flags == ("mobility",)
    assert await found(loop, "watcher01-01", flag="parole") == []
    assert await found(loop, "grid01", flag="parole") == ["王秀英"]
    facts = await loop.act(lambda work: household_facts(work.session, work.clock, loop.actor("watcher01-01")))
    assert [(one.people, one.flags) for one in facts] == [(1, frozenset({"mobility"}))]
    # what a watcher doesn't see, their suggestion leaves as it is
    await loop.act(
        suggest_change, loop.actor("watcher01-01"), suggestion := uuid4(), person, replace(WANG, flags=())
    )
    await loop.act(decide, loop.actor("grid01"), [suggestion], approve=True)
    assert (await loop.act(open_record, loop.actor("grid01"), person)).card.flags == ("parole",)


async def test_who_leaves_a_post_loses_access_at_once(loop: Loop) -> None:
    homes = await two_homes(loop)
    wang, worker, watcher = homes.people["王秀英"], loop.actor("grid01"), loop.actor("watcher01-01")
    await loop.act(open_record, worker, wang)
    # the actor is what a session remembers; the database says something else by now
    await change(loop, "DELETE FROM person_area WHERE person_id = :id", id=worker.person_id)
    with pytest.raises(NotFoundError):
        await loop.act(open_record, worker, wang)
    assert await found(loop, "grid01") == []
    await change(loop, "UPDATE person SET role = 'rider' WHERE person_id = :id", id=watcher.person_id)
    with pytest.raises(NotFoundError):
        await loop.act(open_record, watcher, wang)
    with pytest.raises(NotAllowedError):
        await loop.act(suggest_change, watcher, uuid4(), wang, WANG)
    desk = loop.actor("desk")
    await change(loop, "UPDATE person SET active = false WHERE person_id = :id", id=desk.person_id)
    for act in (open_record, call_from, whole_number, export_resident):
        more = {call_from: (0,), whole_number: ("因为",)}.get(act, ())
        with pytest.raises(NotSignedInError):
            await loop.act(act, desk, wang, *more)


async def test_every_look_is_written_down(loop: Loop) -> None:
    homes = await two_homes(loop)
    wang, grid = homes.people["王秀英"], loop.actor("grid01")
    await found(loop, "grid01")
    await loop.act(open_record, grid, wang)
    assert await loop.act(whole_number, grid, wang, "办理高龄补贴") == ID
    assert await loop.act(call_from, grid, wang, 1) == "13900005678"
    await loop.act(export_resident, grid, wang)
    rows = await loop.rows(
        "SELECT kind, why, subject_id FROM access WHERE person_id = :id ORDER BY access_id", id=grid.person_id
    )
    assert [(row.kind, row.why) for row in rows] == [
        ("resident_listed", ""), ("resident", ""), ("resident_number", "办理高龄补贴"), ("resident_call", ""), ("resident_export", ""),
    ]  # fmt: skip
    assert {row.subject_id for row in rows} == {str(wang)}
    with pytest.raises(InvalidInputError):
        await loop.act(whole_number, grid, wang, " ")
    with pytest.raises(NotAllowedError):
        await loop.act(whole_number, loop.actor("watcher01-01"), wang, "好奇")
    with pytest.raises(InvalidInputError):
        await loop.act(call_from, grid, wang, 7)


async def test_residents_see_their_own_record_and_who_looked(loop: Loop) -> None:
    homes = await two_homes(loop)
    wang, self_ = homes.people["王秀英"], loop.actor("resident")
    assert await loop.act(own_record, self_) is None
    await change(
        loop, "UPDATE resident SET account_id = :a WHERE resident_id = :id", a=self_.person_id, id=wang
    )
    await loop.act(open_record, loop.actor("grid01"), wang)
    mine = await loop.act(own_record, self_)
    assert mine is not None
    assert (mine.sight, mine.person.id_number) == (Sight.OWN, "110***********002X")
    taken = await loop.act(export_resident, self_, wang)
    assert taken["person"]["id_number"] == ID
    assert [(one["by"], one["kind"]) for one in taken["looks"]] == [
        ("测试resident", "resident_export"),
        ("测试grid01", "resident"),
    ]
    draft = ConsentDraft(
        uuid4(), "care", given=False, how="written", said_by="family", said_on=date(2020, 1, 1)
    )
    await loop.act(record_consent, self_, wang, draft)
    (said,) = (await loop.act(export_resident, self_, wang))["consents"]
    assert (said["given"], said["how"], said["said_by"], said["said_on"]) == (
        False,
        "online",
        "self",
        "2026-06-03",
    )
    with pytest.raises(NotFoundError):
        await loop.act(export_resident, self_, homes.people["李建国"])


async def test_erased_with_a_proof_that_holds_nothing(loop: Loop) -> None:
    homes = await two_homes(loop)
    wang, admin = homes.people["王秀英"], loop.actor("admin")
    await loop.act(
        suggest_change, loop.actor("watcher01-01"), uuid4(), wang, replace(WANG, phone="13811112222")
    )
    await loop.act(
        record_consent,
        loop.actor("grid01"),
        wang,
        ConsentDraft(uuid4(), "care", True, "written", "self", date(2026, 6, 1)),
    )
    with pytest.raises(NotAllowedError):
        await loop.act(erase, loop.actor("grid01"), wang, "本人要求")
    await loop.act(erase, admin, wang, "本人要求")
    (row,) = await loop.rows("SELECT kind, reason, erased, kept FROM erasure")
    assert (row.kind, row.reason, row.erased) == (
        "resident",
        "本人要求",
        {"record": 1, "old_values": 2, "suggestions": 1},
    )
    assert {name: one["why"] for name, one in row.kept.items()} == {
        "consents": "evidence_of_lawfulness",
        "changes": "accountability",
    }
    with pytest.raises(NotFoundError):
        await loop.act(open_record, admin, wang)
    with pytest.raises(NotFoundError):
        await loop.act(erase, admin, wang, "再一次")
    assert await loop.act(open_suggestions, loop.actor("grid01")) == []
    left = await loop.rows("SELECT * FROM resident WHERE resident_id = :id", id=wang)
    assert [
        name
        for name in ("name", "identity", "contacts", "phone_mark", "id_mark", "birth_year")
        if getattr(left[0], name)
    ] == []
    assert (
        await loop.value(
            "SELECT count(*) FROM resident_change WHERE resident_id = :id AND data IS NOT NULL", id=wang
        )
        == 0
    )


async def test_erased_by_rule_after_some_years(loop: Loop) -> None:
    homes = await two_homes(loop)
    await change(loop, GONE, day=date(2023, 6, 1), id=homes.people["王秀英"])
    await change(loop, GONE, day=date(2024, 6, 1), id=homes.people["李建国"])
    assert await found(loop, "desk", gone=True) == ["王秀英", "李建国"]
    assert await loop.act(erase_by_rule) == 1
    assert await loop.act(erase_by_rule) == 0
    assert await found(loop, "desk", gone=True) == ["李建国"]
    assert await loop.value("SELECT reason FROM erasure WHERE actor_id IS NULL") == "moved_out 2023-06-01"


async def test_keys_change_while_people_are_found(loop: Loop) -> None:
    homes = await two_homes(loop)
    old = await loop.rows(
        "SELECT name, phone_mark FROM resident WHERE resident_id = :id", id=homes.people["王秀英"]
    )
    add_key(loop.settings)
    assert await found(loop, "desk", "13800001234") == ["王秀英"]
    with pytest.raises(ConflictError) as told:
        await loop.act(lambda work: drop_old_keys(work.session, loop.settings, SEALED))
    assert told.value.code == "sealing_key_in_use"
    assert await seal_with_newest(loop.database.write, loop.settings, SEALED) == 8
    assert await seal_with_newest(loop.database.write, loop.settings, SEALED) == 0
    new = await loop.rows(
        "SELECT name, phone_mark FROM resident WHERE resident_id = :id", id=homes.people["王秀英"]
    )
    assert (old[0].name, old[0].phone_mark) != (new[0].name, new[0].phone_mark)
    assert old[0].phone_mark != new[0].phone_mark
    assert await loop.act(lambda work: drop_old_keys(work.session, loop.settings, SEALED)) == 1
    uses = await loop.act(lambda work: key_uses(work.session, loop.settings, SEALED))
    assert [(one.known, one.newest, one.texts) for one in uses] == [(True, True, 8)]
    assert await found(loop, "desk", "13800001234") == ["王秀英"]
    record = await loop.act(open_record, loop.actor("desk"), homes.people["王秀英"])
    assert record.person.contacts == WANG.contacts


async def test_a_household_is_there_once(loop: Loop) -> None:
    first = await household(loop, "01-01", note="有狗")
    assert await household(loop, "01-01") == first
    assert await loop.value("SELECT micro_grid_code || ' ' || grid_code FROM household") == "01-01 01"
    draft = HouseholdDraft(uuid4(), loop.community.buildings["02-01"], "1", "101", "owner", "", GROUNDS)
    with pytest.raises(NotFoundError):
        await loop.act(add_household, loop.actor("grid01"), draft)
    assert await loop.value("SELECT count(*) FROM household") == 1
