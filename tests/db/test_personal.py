"""All that is kept of a person as a file; and erased so that no table holds name, number or bytes any more."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from gis.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from gis.flows.attach_photo import attach_photo
from gis.flows.audit.chaining import chain_waiting
from gis.flows.audit.verifying import verify
from gis.flows.office.record import record
from gis.flows.personal.erasing import erase_person
from gis.flows.personal.exporting import collect, write_file
from gis.flows.residents.erasing import erase
from gis.store import access_log, audit_excuses, person_data
from gis.store.tables import metadata
from tests.loop import Loop, some_photo
from tests.residents import WANG, two_homes

PLACE, NAME, PHONE = "test", "欧阳测试甲", "13955554444"


async def busy_person(loop: Loop) -> UUID:
    """Return a resident whose name and number stand in many places."""
    person = loop.community.id("resident")
    async with loop.work() as work:
        await work.session.direct(
            "UPDATE person SET name = %(name)s WHERE person_id = %(id)s", {"name": NAME, "id": person}
        )
    photo = await some_photo(loop.settings, 5)
    filed = await loop.report(description=f"我是{NAME}，电话{PHONE}", detail="401", manifest=(photo.sha256,))
    await loop.act(attach_photo, loop.actor("resident"), photo, report_id=filed.report_id)
    async with loop.work() as work:
        for table, column in (("case", "summary"), ("report", "description")):
            await work.session.direct(f'UPDATE "{table}" SET {column} = {column} || %(name)s', {"name": NAME})
        await work.session.direct(
            "INSERT INTO notice (community_id, notice_id, person_id, kind, dedup, data, created_at)"
            " VALUES ('test', gen_random_uuid(), %(desk)s, 'x', 'x', jsonb_build_object('who', %(name)s::text), %(now)s)",
            {"desk": loop.community.id("desk"), "name": NAME, "now": loop.clock.at},
        )
        await access_log.log_access(
            work.session,
            PLACE,
            at=loop.clock.at,
            person_id=loop.community.id("desk"),
            kind="case",
            subject_id="x",
            why=NAME,
        )
        await record(
            work,
            loop.actor("admin"),
            "person",
            str(person),
            "changed",
            name=NAME,
            data={"name": [NAME, "甲"]},
        )
    return person


async def places_of(loop: Loop, word: str) -> list[str]:
    """Return every column of every table in which a word stands: text, JSON, lists and bytes."""
    columns = await loop.rows(
        "SELECT table_name AS place, column_name AS named, data_type AS kind FROM information_schema.columns"
        " WHERE table_schema = 'public' AND data_type IN ('text', 'character varying', 'jsonb', 'json', 'ARRAY', 'bytea')"
    )
    found = []
    for one in columns:
        held = (
            f"position(convert_to(:word, 'UTF8') in \"{one.named}\") > 0"
            if one.kind == "bytea"
            else f'position(:word in "{one.named}"::text) > 0'
        )
        if await loop.value(f'SELECT count(*) FROM "{one.place}" WHERE {held}', word=word):
            found.append(f"{one.place}.{one.named}")
    return found


def test_every_table_that_refers_to_people_is_named() -> None:
    named: dict[str, set[str]] = {table: set(columns) for table, columns in person_data.FOR_OTHERS.items()}
    for own, column in person_data.OWN.values():
        named.setdefault(own, set()).add(column)
    for table in metadata.sorted_tables:
        theirs = {
            key.parent.name
            for key in table.foreign_keys
            if key.column.table.name in {"person", "responder"} and key.column.name == "person_id"
        }
        assert theirs <= named.get(table.name, set()), table.name


async def test_all_of_it_comes_as_one_file(loop: Loop, tmp_path: Path) -> None:
    person = await busy_person(loop)
    async with loop.work() as work:
        found = await collect(work, loop.actor("resident"), PLACE, person)
    await write_file(tmp_path / "data.zip", PLACE, found, loop.photos)
    with zipfile.ZipFile(tmp_path / "data.zip") as file:
        names = file.namelist()
        whole = json.loads(file.read("data.json"))
        photo = next(one for one in names if one.startswith("photos/"))
        assert file.read(photo) == (await some_photo(loop.settings, 5)).original
        assert NAME in file.read("tables/reports.csv").decode()
    assert whole["own"]["person"][0]["name"] == NAME
    assert "password_hash" not in json.dumps(whole)
    assert whole["own"]["reports"][0]["detail"] == "401"
    (note,) = await loop.rows("SELECT kind, subject_id FROM audit_note WHERE kind = 'person_export'")
    assert note.subject_id == str(person)
    for username in ("desk", "rider1"):
        with pytest.raises(NotAllowedError):
            await loop.act(collect, loop.actor(username), PLACE, person)


async def test_after_erasing_nothing_holds_the_name_the_number_or_the_bytes(loop: Loop) -> None:
    person = await busy_person(loop)
    await chain_waiting(loop.work)
    assert len(await places_of(loop, NAME)) >= 6
    admin: Any = loop.actor("admin")
    with pytest.raises(ConflictError) as told:
        await loop.act(erase_person, admin, PLACE, person, "本人要求")
    assert told.value.code == "person_at_work"
    async with loop.work() as work:
        await work.session.direct("UPDATE person SET active = false WHERE person_id = %(id)s", {"id": person})
    for username in ("desk", "rider1"):
        with pytest.raises(NotAllowedError):
            await loop.act(erase_person, loop.actor(username), PLACE, person, "本人要求")
    with pytest.raises(InvalidInputError):
        await loop.act(erase_person, admin, PLACE, person, " ")
    await loop.act(erase_person, admin, PLACE, person, "本人要求")
    assert await places_of(loop, NAME) == []
    assert await places_of(loop, PHONE) == []
    sha = (await some_photo(loop.settings, 5)).sha256
    assert not loop.photos.path(PLACE, sha, "original").exists()
    assert await loop.value("SELECT count(*) FROM report") == 1, "nothing that was reported is forgotten"
    (proof,) = await loop.rows("SELECT kind, erased, kept FROM erasure")
    assert proof.kept["reports"] == {"n": 1, "why": "nothing_reported_is_forgotten"}
    assert NAME not in str(proof)
    with pytest.raises(NotFoundError):
        await loop.act(erase_person, admin, PLACE, person, "又一次")
    await chain_waiting(loop.work)
    async with loop.database.read() as session:
        assert (await verify(session, PLACE)).finding is None, "the log says itself what was erased from it"


async def test_books_balance_after_a_rider_was_erased(loop: Loop) -> None:
    rider = loop.community.id("rider1")
    async with loop.work() as work:
        await work.session.direct(
            "WITH a AS (INSERT INTO account (community_id, account_id, kind, person_id, balance) VALUES"
            " ('test', gen_random_uuid(), 'issuer', NULL, 0), ('test', gen_random_uuid(), 'person', %(id)s, 10) RETURNING *)"
            " INSERT INTO ledger (community_id, entry_id, from_account, to_account, points, at) SELECT 'test',"
            " gen_random_uuid(), (SELECT account_id FROM a WHERE kind = 'issuer'),"
            " (SELECT account_id FROM a WHERE kind = 'person'), 10, %(now)s",
            {"id": rider, "now": loop.clock.at},
        )
        await work.session.direct("UPDATE person SET active = false WHERE person_id = %(id)s", {"id": rider})
    before = await loop.rows("SELECT sum(points) AS points, count(*) AS n FROM ledger")
    await loop.act(erase_person, None, PLACE, rider, "本人要求")
    assert await loop.rows("SELECT sum(points) AS points, count(*) AS n FROM ledger") == before
    assert await loop.value("SELECT balance FROM account WHERE person_id = :id", id=rider) == 10
    assert await loop.value(
        "SELECT geom IS NULL AND home IS NULL FROM responder WHERE person_id = :id", id=rider
    )


async def test_a_resident_who_is_erased_stands_nowhere_either(loop: Loop) -> None:
    homes = await two_homes(loop)
    await loop.report(description=f"{WANG.name}家没人应门，电话{WANG.phone}")
    resident = homes.people[WANG.name]
    async with loop.work() as work:
        await work.session.direct(
            "INSERT INTO meal_subscription (community_id, subscription_id, resident_id, contact, servings, weekdays, way,"
            " first_day, source, created_at) VALUES ('test', gen_random_uuid(), %(id)s, '\\x01', 1, '{1}', 'collect',"
            " '2026-06-01', 'desk', %(now)s)",
            {"id": resident, "now": loop.clock.at},
        )
        await access_log.log_access(
            work.session, PLACE, at=loop.clock.at, person_id=loop.community.id("desk"), kind="resident",
            subject_id=str(resident), why=f"{WANG.name}的儿子来电",
        )  # fmt: skip
    await loop.act(erase, loop.actor("admin"), resident, "家属要求")
    assert await places_of(loop, WANG.name) == []
    assert await places_of(loop, WANG.phone) == []
    assert await loop.value("SELECT contact IS NULL AND resident_id IS NULL FROM meal_subscription")
    assert await loop.value("SELECT count(*) FROM audit_note WHERE kind = 'words_erased'") >= 1


async def test_short_names_are_not_looked_for_everywhere(loop: Loop) -> None:
    from gis.store.scrubbing import scrub

    await loop.report(description="和平路上有个坑")
    async with loop.work() as work:
        assert await scrub(work.session, PLACE, ["和平", ""]) == {}
        assert await audit_excuses.erase_mentions(work.session, PLACE, [""], at=loop.clock.at) == 0
