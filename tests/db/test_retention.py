"""What is past its period is taken away, nothing else; counted first, done once, proven in the audit log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from gis.errors import InvalidInputError, NotAllowedError
from gis.flows.attach_photo import attach_photo
from gis.flows.audit.chaining import ANCHORS, chain_waiting
from gis.flows.audit.verifying import verify
from gis.flows.office.record import record
from gis.flows.retention import rules
from gis.flows.retention.running import bind_retention, dry_run, run
from gis.retention import PURPOSES
from gis.store import access_log, retention
from gis.store.tables import metadata
from tests.db.test_mediation import SECRETS, dispute, quarrel
from tests.loop import Loop, some_photo
from web.retention_words import PURPOSE_NAMES

PLACE = "test"


async def counted(loop: Loop) -> dict[str, int]:
    """Return what is due."""
    found = await loop.act(dry_run, PLACE)
    return {code: count for code, count in found.counts.items() if count}


async def ran(loop: Loop) -> dict[str, int]:
    """Return what a run took away."""
    found = await run(loop.work, PLACE)
    assert found is not None
    return {code: count for code, count in found.counts.items() if count}


async def closed_case(loop: Loop) -> Any:
    """Return a report with a photo whose case has ended, with an order of asking and a look."""
    photo = await some_photo(loop.settings)
    filed = await loop.report(detail="3单元 401", manifest=(photo.sha256,))
    await loop.act(attach_photo, loop.actor("resident"), photo, report_id=filed.report_id)
    await loop.act(
        lambda work: access_log.log_access(
            work.session, PLACE, at=work.clock.now(), person_id=loop.community.id("desk"), kind="case",
            subject_id=str(filed.case_id), why="复核",
        )
    )  # fmt: skip
    async with loop.work() as work:
        await work.session.direct(
            """UPDATE "case" SET status = 'closed', closed_at = %(now)s WHERE case_id = %(case)s""",
            {"now": work.clock.now(), "case": filed.case_id},
        )
    return filed, photo


async def everything(loop: Loop) -> dict[str, int]:
    """Return how many rows there are of what is never forgotten."""
    names = ("case", "report", "event", "photo", "service", "ledger", "rating")
    return {name: await loop.value(f'SELECT count(*) FROM "{name}"') for name in names}


def test_every_purpose_has_a_period_a_name_and_an_act() -> None:
    assert list(PURPOSES) == list(PURPOSE_NAMES)
    own = {"originals", "mediations", "missing", "residents", "meals", "access_log"}
    assert set(PURPOSES) == set(retention.SWEEPS) | own
    for name in ("retention_rule",):
        assert name in metadata.tables


async def test_a_case_stays_and_who_reported_it_is_forgotten(loop: Loop) -> None:
    filed, photo = await closed_case(loop)
    before = await everything(loop)
    loop.clock.at += timedelta(days=364)
    due = await counted(loop)
    assert not {"reporters", "originals", "access_log"} & set(due)
    loop.clock.at += timedelta(days=2)
    assert (await counted(loop))["originals"] == 1
    loop.clock.at += timedelta(days=730)
    due = await counted(loop)
    assert due["reporters"] == 1
    assert due["access_log"] == 1
    await chain_waiting(loop.work)
    assert await ran(loop) == due
    assert await counted(loop) == {}
    assert await ran(loop) == {}, "again: nothing is left to do"
    assert await everything(loop) == before
    (row,) = await loop.rows(
        'SELECT r.detail, p.username, c.status, r.description FROM report r JOIN person p ON p.person_id = r.reporter_id JOIN "case" c'
        " ON c.case_id = r.case_id"
    )
    assert tuple(row) == ("", retention.NO_NAME, "closed", "下水堵了")
    actors = await loop.rows("SELECT actor_id FROM event WHERE verb = 'submit'")
    assert {one.actor_id for one in actors} == {retention.nobody(PLACE)}
    assert not loop.photos.path(PLACE, photo.sha256, "original").exists()
    assert loop.photos.path(PLACE, photo.sha256, "view").exists()
    assert await loop.value("SELECT exif FROM photo") == {}
    await chain_waiting(loop.work)
    async with loop.database.read() as session:
        found = await verify(session, PLACE)
    assert found.finding is None
    proof = await loop.rows("SELECT data FROM audit_note WHERE kind = 'retention_done' ORDER BY at, note_id")
    assert [one.data for one in proof if one.data] == [due]
    assert filed.case_id


async def test_bytes_that_a_live_case_shares_are_kept(loop: Loop) -> None:
    _, photo = await closed_case(loop)
    loop.clock.at += timedelta(days=800)
    other = await loop.report(report_id=uuid4(), where=(150, 150), manifest=(photo.sha256,))
    await loop.act(attach_photo, loop.actor("resident"), photo, report_id=other.report_id)
    assert "originals" not in await counted(loop)
    await ran(loop)
    assert loop.photos.path(PLACE, photo.sha256, "original").exists()


async def test_a_mediation_ends_as_its_outcome(loop: Loop) -> None:
    case_id = await dispute(loop)
    await quarrel(loop, case_id)
    async with loop.work() as work:
        await work.session.direct(
            "UPDATE mediation SET outcome = 'agreed', outcome_at = %(now)s, outcome_by = keeper_id",
            {"now": loop.clock.at},
        )
    loop.clock.at += timedelta(days=1100)
    assert (await counted(loop))["mediations"] == 1
    assert (await ran(loop))["mediations"] == 1
    assert [await loop.value(f"SELECT count(*) FROM mediation_{name}") for name in ("party", "session")] == [
        0,
        0,
    ]
    assert await loop.value("SELECT outcome FROM mediation") == "agreed"
    (proof,) = await loop.rows("SELECT kind, erased FROM erasure")
    assert (proof.kind, proof.erased) == ("mediation", {"parties": 1, "sessions": 1})
    assert not [one for one in SECRETS if one in str(proof)]
    assert "mediations" not in await counted(loop)


async def test_an_office_chooses_within_the_law_and_only_for_itself(loop: Loop) -> None:
    admin = loop.actor("admin")
    assert await loop.act(rules.choose_days, admin, {"originals": 30, "residents": 400}) == 2
    assert await loop.act(rules.choose_days, admin, {"originals": 30}) == 0
    async with loop.database.read() as session:
        days = await rules.days_in(session, loop.settings, PLACE)
        others = await rules.days_in(session, loop.settings, "elsewhere")
    assert (days["originals"], days["residents"]) == (30, 400)
    assert (others["originals"], round(others["residents"])) == (365, 1096)
    for wanted in ({"access_log": 100}, {"positions": 30}, {"visits": 0}, {"notices": 99_999}):
        with pytest.raises(InvalidInputError) as told:
            await loop.act(rules.choose_days, admin, wanted)
        assert told.value.code == "retention_days"
    for username in ("desk", "planner", "resident"):
        with pytest.raises(NotAllowedError):
            await loop.act(rules.choose_days, loop.actor(username), {"originals": 30})
    await closed_case(loop)
    loop.clock.at += timedelta(days=31)
    assert (await counted(loop))["originals"] == 1
    assert await loop.act(rules.choose_days, admin, {"originals": None}) == 1
    assert "originals" not in await counted(loop)
    changes = await loop.rows(
        "SELECT key, data FROM change WHERE subject = 'retention' ORDER BY at, change_id"
    )
    assert {one.key for one in changes} == {"originals", "residents"}


async def test_once_a_day_by_rule_whoever_is_first_and_the_ends_are_written_down(loop: Loop) -> None:
    await loop.act(lambda work: record(work, loop.actor("admin"), "person", "x", "changed"))
    await chain_waiting(loop.work)
    first, second = bind_retention(loop.work)["keep_retention"], bind_retention(loop.work)["keep_retention"]
    for keep in (first, second, first):
        await keep()
    kinds = "SELECT count(*) FROM audit_note WHERE kind = 'retention'"
    assert await loop.value(kinds) == 1
    assert (loop.settings.state / ANCHORS).read_text().count('"seq":1') == 2
    loop.clock.at += timedelta(days=1)
    await first()
    assert await loop.value(kinds) == 2


async def test_positions_sessions_notices_and_askings_go(loop: Loop) -> None:
    await loop.on_duty("rider1", (30, 30))
    await loop.report()
    async with loop.work() as work:
        await work.session.direct(
            "INSERT INTO session (community_id, token_hash, person_id, csrf, created_at, expires_at)"
            " VALUES ('test', '\\x01', %(id)s, 'x', %(now)s, %(now)s)",
            {"id": loop.community.id("rider1"), "now": loop.clock.at},
        )
    assert await loop.value("SELECT count(*) FROM dispatch") == 1
    loop.clock.at += timedelta(days=2)
    assert await ran(loop) == {"positions": 1, "sessions": 1}
    assert await loop.value("SELECT geom FROM responder WHERE on_duty") is None
    loop.clock.at += timedelta(days=200)
    due = await ran(loop)
    assert due["dispatches"] == 1
    assert await loop.value("SELECT count(*) FROM notice") == 0
    assert await loop.value("SELECT count(*) FROM offer") == 1
