"""The audit log: what is written is chained once, and any edit by whoever can write to the database is found."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any, LiteralString
from uuid import uuid4

import pytest
from psycopg.errors import GeneratedAlways, IntegrityError
from sqlalchemy.dialects import postgresql

from gis.audit import Anchor, Wrong
from gis.flows.audit.chaining import anchor_line, chain_some, chain_waiting, write_anchors
from gis.flows.audit.verifying import Verdict, read_anchors, verify
from gis.store import access_log, audit, audit_excuses, changes, erasures
from gis.store.audit_sources import SOURCES
from gis.store.session import WriteSession
from gis.store.tables import metadata
from tests.loop import Loop

CHAIN = ("audit_link", "audit_head")
TABLES = [source.table for source in SOURCES.values()] + list(CHAIN)
_POSTGRES = postgresql.dialect()
OTHERWISE: dict[str, LiteralString] = {
    "text": "{c} || 'x'",
    "uuid": "gen_random_uuid()",
    "bigint": "{c} + 1000",
    "jsonb": """'{{"x": 1}}'""",
    "bytea": "'\\x00'",
    "timestamp with time zone": "{c} + interval '1 microsecond'",
}


class Back(Exception):  # noqa: N818 - not an error: takes back what was tried
    """What was done is undone."""


async def write_some(loop: Loop) -> None:
    """Write an entry of each kind."""
    async with loop.work() as work:
        session, now, place = work.session, work.clock.now(), loop.community.community_id
        admin = loop.community.id("admin")
        for why in ("", "家属来电", "复查"):
            await access_log.log_access(
                session, place, at=now, person_id=admin, kind="resident", subject_id=str(uuid4()), why=why
            )
        for name in ("张三", "李四"):
            await changes.append(
                session, place, at=now, person_id=admin, subject="person", key=str(uuid4()), name=name,
                verb="changed", data={"role": ["rider", "watcher"]},
            )  # fmt: skip
        await erasures.prove(
            session, place, "resident", uuid4(), at=now, actor_id=admin, reason="本人要求", erased={"record": 1}, kept={}
        )  # fmt: skip
        await audit.note(session, place, "signed_in", at=now, person_id=admin, data={"address": "::1"})


async def look_over(session: WriteSession, loop: Loop, anchors: list[Anchor] | None = None) -> Verdict:
    """Look the log over."""
    return await verify(session, loop.community.community_id, anchors or [])


async def found_after(loop: Loop, statement: LiteralString, values: dict[str, Any] | None = None) -> Any:
    """Return what is found once a statement has been carried out, and take it back."""
    found: Any = None
    try:
        async with loop.work() as work:
            assert await work.session.direct(statement, values or {}), "nothing was edited"
            found = (await look_over(work.session, loop)).finding
            raise Back  # noqa: TRY301 - so that the transaction ends without a commit
    except Back:
        return found


async def chained_log(loop: Loop) -> None:
    """Write entries and chain them, in two runs."""
    for _ in range(2):
        await write_some(loop)
        assert await chain_waiting(loop.work) == 7
        loop.clock.at += timedelta(minutes=1)


async def test_what_is_written_is_chained_and_whole(loop: Loop) -> None:
    await chained_log(loop)
    assert await chain_waiting(loop.work) == 0
    await write_some(loop)
    async with loop.database.read() as session:
        await audit.steady(session)
        found = await verify(session, loop.community.community_id)
        heads = await audit.heads(session)
    assert (found.seq, found.waiting, found.finding) == (14, 7, None)
    assert [(one.seq, one.hash) for one in heads] == [(14, found.hash)]


def test_every_column_of_the_log_is_part_of_its_text() -> None:
    for source in SOURCES.values():
        named = {"community_id", "at", source.key, *source.fixed, *source.told} | (
            {"salt"} if source.told else set()
        )
        assert named == set(metadata.tables[source.table].columns.keys())


@pytest.mark.parametrize("table", TABLES)
async def test_any_edit_of_any_column_of_any_row_is_found(loop: Loop, table: str) -> None:
    await chained_log(loop)
    key = next(iter(SOURCES[one].key for one in SOURCES if SOURCES[one].table == table), "seq")
    rows = await loop.rows(f'SELECT {key} AS key FROM "{table}"')
    for column in metadata.tables[table].columns:
        kind = column.type.compile(_POSTGRES).lower()
        wanted: list[str] = [OTHERWISE[kind].format(c=f'"{column.name}"')]
        wanted += ["NULL"] if column.nullable else []
        if column.name == "source":
            wanted.append("CASE source WHEN 'note' THEN 'access' ELSE 'note' END")
        tried = 0
        for row in rows:
            for value in wanted:
                edit: Any = (
                    f'UPDATE "{table}" SET "{column.name}" = {value} WHERE {key} = %(key)s'
                    f' AND "{column.name}" IS DISTINCT FROM {value} RETURNING 1'
                )
                try:
                    found = await found_after(loop, edit, {"key": row.key})
                except (IntegrityError, GeneratedAlways, AssertionError):
                    continue  # refused by the database, or nothing was edited
                tried += 1
                assert found is not None, (table, column.name, value, row.key)
        assert tried or column.name in {"community_id", "access_id"}, (table, column.name)


async def test_what_is_removed_inserted_or_cut_is_found(loop: Loop) -> None:
    await chained_log(loop)
    for source in SOURCES.values():
        gone: Any = f"DELETE FROM {source.table} WHERE {source.key} = (SELECT min({source.key}::text) FROM {source.table})::{source.key_type} RETURNING 1"
        assert (await found_after(loop, gone)).wrong is Wrong.REMOVED
    put_in = await found_after(
        loop,
        "INSERT INTO access (community_id, at, person_id, kind, subject_id)"
        " SELECT community_id, at, person_id, kind, subject_id FROM access LIMIT 1 RETURNING 1",
    )
    assert (put_in.wrong, put_in.source) == (Wrong.INSERTED, "access")
    assert put_in.key
    left_out = await found_after(loop, "DELETE FROM audit_link WHERE seq = 3 RETURNING 1")
    assert (left_out.wrong, left_out.seq) == (Wrong.LINK_MISSING, 3)
    assert (await found_after(loop, "DELETE FROM audit_link WHERE seq > 9 RETURNING 1")).wrong is Wrong.CUT
    assert (await found_after(loop, "DELETE FROM audit_head RETURNING 1")).wrong is Wrong.HEAD_CHANGED
    await write_some(loop)
    waits = await found_after(loop, "DELETE FROM audit_waiting RETURNING 1")
    assert waits.wrong is Wrong.INSERTED
    assert (await found_after(loop, "DELETE FROM access WHERE access_id = (SELECT max(access_id) FROM access) RETURNING 1")).wrong is Wrong.REMOVED  # fmt: skip
    twice = "INSERT INTO audit_waiting (community_id, source, key) SELECT community_id, source, key FROM audit_link LIMIT 1 RETURNING 1"
    assert await found_after(loop, twice) is not None


async def test_a_tail_cut_off_with_its_head_shows_against_an_anchor(loop: Loop, tmp_path: Path) -> None:
    await chained_log(loop)
    async with loop.database.read() as session:
        heads = await audit.heads(session)
    anchors = read_anchors(write_anchors(loop.settings, heads))
    assert anchors == [
        Anchor(loop.community.community_id, 14, bytes.fromhex(str(anchor_line(heads[0])["hash"])))
    ]
    async with loop.work() as work:
        await work.session.direct(
            "WITH cut AS (DELETE FROM audit_link WHERE seq > 7 RETURNING source, key), a AS (DELETE FROM access USING cut"
            " WHERE cut.source = 'access' AND cut.key = access_id::text), b AS (DELETE FROM change USING cut"
            " WHERE cut.key = change_id::text), c AS (DELETE FROM erasure USING cut WHERE cut.key = erasure_id::text),"
            " d AS (DELETE FROM audit_note USING cut WHERE cut.key = note_id::text)"
            " UPDATE audit_head SET (seq, hash, at) = (SELECT seq, hash, linked_at FROM audit_link WHERE seq = 7) RETURNING 1",
            {},
        )
        assert (await look_over(work.session, loop)).finding is None, "without an anchor it can't be seen"
        found = (await look_over(work.session, loop, anchors)).finding
    assert found is not None
    assert (found.wrong, found.seq) == (Wrong.CUT, 8)


async def test_two_jobs_chain_each_entry_once(loop: Loop) -> None:
    await write_some(loop)
    place = loop.community.community_id
    done = await asyncio.gather(*(loop.act(chain_some, place) for _ in range(4)))
    assert sorted(done)[:3] == [0, 0, 0] or sum(done) == 7
    await chain_waiting(loop.work)
    async with loop.work() as work:
        found = await look_over(work.session, loop)
    assert (found.seq, found.waiting, found.finding) == (7, 0, None)


async def test_words_are_erased_with_a_person_and_old_looks_by_rule_and_both_are_on_record(
    loop: Loop,
) -> None:
    await chained_log(loop)
    place = loop.community.community_id
    (row, *_) = await loop.rows("SELECT subject_id FROM access WHERE why <> '' ORDER BY access_id")
    async with loop.work() as work:
        count = await audit_excuses.erase_words(work.session, place, [row.subject_id], at=work.clock.now())
    assert count == 1
    await chain_waiting(loop.work)
    async with loop.work() as work:
        assert (await look_over(work.session, loop)).finding is None
    emptied = "UPDATE access SET why = '', salt = NULL WHERE why <> '' RETURNING 1"
    assert (await found_after(loop, emptied)).wrong is Wrong.WORDS_GONE
    loop.clock.at += timedelta(days=400)
    before = loop.clock.at - timedelta(days=365)
    us = int(before.timestamp() * 1_000_000)
    async with loop.work() as work:
        assert await audit_excuses.remove_old(work.session, place, "access", before, limit=100) == 6
        finding = (await look_over(work.session, loop)).finding
        assert finding is not None
        assert finding.wrong is Wrong.REMOVED, "nothing on record says why"
        await audit.note(
            work.session, place, "retention", at=loop.clock.at, person_id=None, data={"log": {"access": us}}
        )
        assert (await look_over(work.session, loop)).finding is None
    young = {"log": {"access": us, "change": int(loop.clock.at.timestamp() * 1_000_000)}}
    async with loop.work() as work:
        await audit.note(work.session, place, "retention", at=loop.clock.at, person_id=None, data=young)
        await work.session.direct("DELETE FROM change", {})
        finding = (await look_over(work.session, loop)).finding
    assert finding is not None
    assert finding.wrong is Wrong.REMOVED, "nothing younger than six months is excused"
