"""Mediation: only its mediator and one social worker see it, each look is written down, everything said is sealed."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from gis.errors import (
    ConflictError,
    IllegalTransitionError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
)
from gis.flows.accept import accept
from gis.flows.mediation.concluding import conclude
from gis.flows.mediation.opening import name_mediator, open_mediation, pass_mediation
from gis.flows.mediation.reading import mediation_list, opened, waiting_list
from gis.flows.mediation.reminders import bind_mediation
from gis.flows.mediation.writing import (
    PartyDraft,
    SessionDraft,
    finish_follow_up,
    plan_follow_up,
    put_party,
    put_session,
    write_agreement,
)
from gis.store import certificates, mediation_reading
from gis.store.tables import metadata
from gis.words import Role
from tests.factories import add_person
from tests.loop import Loop

SECRETS = ("张秀英", "13900001111", "楼上半夜拖椅子", "三单元会客室", "每晚十点后不搬动家具")


async def dispute(loop: Loop, mediator: str = "watcher01-01") -> UUID:
    """Return a case of a dispute in grid 01, kept by the desk, mediated by a watcher."""
    async with loop.database.write() as session:
        await certificates.learn(
            session, loop.community.community_id, [loop.community.id(mediator)], "mediation"
        )
    case_id = (await loop.report(category="dispute")).case_id
    await loop.act(open_mediation, loop.actor("desk"), case_id, mediator)
    return case_id


async def quarrel(loop: Loop, case_id: UUID, who: str = "watcher01-01") -> UUID:
    party, actor = uuid4(), loop.actor(who)
    await loop.act(put_party, actor, case_id, PartyDraft(party, SECRETS[0], SECRETS[1], SECRETS[2]))
    held = SessionDraft(uuid4(), loop.clock.at, SECRETS[3], [party], SECRETS[2])
    await loop.act(put_session, actor, case_id, held)
    await loop.act(
        write_agreement, actor, case_id, SECRETS[4], signed_by=SECRETS[0], signed_on=date(2026, 6, 3)
    )
    return party


async def test_two_see_it_and_each_look_is_written_down(loop: Loop) -> None:
    case_id = await dispute(loop)
    party = await quarrel(loop, case_id)
    for name in ("desk", "watcher01-01"):
        found = await loop.act(opened, loop.actor(name), case_id)
        (one,) = found.parties
        assert (one.name, one.contact, one.words) == SECRETS[:3]
        assert (found.sessions[0].place, found.sessions[0].present) == (SECRETS[3], [party])
        assert (found.agreement, found.signed_by) == (SECRETS[4], SECRETS[0])
    for name in ("admin", "planner", "grid01", "watcher01-02", "resident", "rider1"):
        with pytest.raises(NotFoundError):
            await loop.act(opened, loop.actor(name), case_id)
    looks = await loop.rows("SELECT person_id FROM access WHERE kind = 'mediation' ORDER BY access_id")
    assert [row.person_id for row in looks] == [loop.community.id("desk"), loop.community.id("watcher01-01")]


async def test_no_column_of_any_table_holds_a_word_of_it(loop: Loop) -> None:
    case_id = await dispute(loop)
    await loop.on_duty("watcher01-01", (50, 50))
    await loop.act(accept, loop.actor("watcher01-01"), case_id)
    await quarrel(loop, case_id)
    due = uuid4()
    await loop.act(plan_follow_up, loop.actor("desk"), case_id, due, date(2026, 6, 10))
    await loop.act(conclude, loop.actor("watcher01-01"), case_id, "agreed", note="已达成协议")
    await loop.act(finish_follow_up, loop.actor("desk"), case_id, due, kept="kept", words=SECRETS[2])
    async with loop.database.read() as session:
        for table in metadata.sorted_tables:
            rows = await session.rows(text(f'SELECT "{table.name}"::text AS whole FROM "{table.name}"'))
            for row in rows:
                hexes = [one.encode().hex() for one in SECRETS]  # as bytes are written
                assert not [one for one in (*SECRETS, *hexes) if one in row.whole], table.name


async def test_who_leaves_the_post_sees_nothing_at_once(loop: Loop) -> None:
    case_id = await dispute(loop)
    await quarrel(loop, case_id)
    watcher, desk = loop.actor("watcher01-01"), loop.actor("desk")
    for change, back in (
        ("UPDATE responder SET skills = '{}'", "UPDATE responder SET skills = '{mediation}'"),
        ("UPDATE person SET role = 'resident'", "UPDATE person SET role = 'watcher'"),
    ):
        for statement, seen in ((change, False), (back, True)):
            async with loop.database.write() as session:
                await session.run(text(f"{statement} WHERE person_id = :id"), {"id": watcher.person_id})
            if seen:
                await loop.act(opened, watcher, case_id)
            else:
                with pytest.raises(NotFoundError):
                    await loop.act(opened, watcher, case_id)
    async with loop.database.write() as session:
        await session.run(
            text("UPDATE person SET role = 'planner' WHERE person_id = :id"), {"id": desk.person_id}
        )
    with pytest.raises(NotFoundError):
        await loop.act(opened, desk, case_id)


async def test_another_mediator_or_keeper_takes_the_first_ones_place(loop: Loop) -> None:
    case_id = await dispute(loop)
    async with loop.database.write() as session:
        community_id = loop.community.community_id
        await certificates.learn(session, community_id, [loop.community.id("rider1")], "mediation")
        await add_person(session, loop.community, "desk2", Role.DESK)
    with pytest.raises(InvalidInputError) as refused:
        await loop.act(name_mediator, loop.actor("desk"), case_id, "rider2")
    assert refused.value.code == "mediator_unable"
    with pytest.raises(NotAllowedError):
        await loop.act(name_mediator, loop.actor("watcher01-01"), case_id, "rider1")
    await loop.act(name_mediator, loop.actor("desk"), case_id, "rider1")
    await loop.act(opened, loop.actor("rider1"), case_id)
    with pytest.raises(NotFoundError):
        await loop.act(opened, loop.actor("watcher01-01"), case_id)
    with pytest.raises(NotAllowedError):
        await loop.act(pass_mediation, loop.actor("admin"), case_id, "desk2")
    with pytest.raises(InvalidInputError):
        await loop.act(pass_mediation, loop.actor("desk"), case_id, "planner")
    await loop.act(pass_mediation, loop.actor("desk"), case_id, "desk2")
    await loop.act(opened, loop.actor("desk2"), case_id)
    with pytest.raises(NotFoundError):
        await loop.act(opened, loop.actor("desk"), case_id)


async def test_only_disputes_are_mediated_and_by_nobody_who_reported_them(loop: Loop) -> None:
    other = (await loop.report()).case_id
    with pytest.raises(InvalidInputError):
        await loop.act(open_mediation, loop.actor("desk"), other)
    with pytest.raises(NotAllowedError):
        await loop.act(open_mediation, loop.actor("watcher01-01"), other)
    case_id = await dispute(loop)
    await loop.act(open_mediation, loop.actor("desk"), case_id)
    with pytest.raises(ConflictError):
        await loop.act(open_mediation, loop.actor("admin"), case_id)
    own = (await loop.report("watcher01-01", category="dispute", separate=True)).case_id
    with pytest.raises(InvalidInputError) as refused:
        await loop.act(open_mediation, loop.actor("desk"), own, "watcher01-01")
    assert refused.value.code == "mediator_unable"


async def test_the_office_knows_that_there_is_one_and_no_more(loop: Loop) -> None:
    case_id = await dispute(loop)
    second = (await loop.report(category="noise", where=(150, 150))).case_id
    async with loop.database.read() as session:
        now = loop.clock.at
        for name, known in (("admin", 1), ("grid01", 1), ("grid02", 0), ("watcher01-01", 1), ("rider1", 0)):
            assert len(await mediation_list(session, loop.actor(name), now)) == known, name
        assert [one.case_id for one in await waiting_list(session, loop.actor("desk"))] == [second]
        assert [one.case_id for one in await waiting_list(session, loop.actor("grid01"))] == []
    assert case_id != second


async def test_each_outcome_takes_the_cases_own_way(loop: Loop) -> None:
    case_id = await dispute(loop)
    mediator, desk = loop.actor("watcher01-01"), loop.actor("desk")
    with pytest.raises(ConflictError) as refused:
        await loop.act(conclude, mediator, case_id, "failed")
    assert refused.value.code == "mediation_untaken"
    with pytest.raises(ConflictError) as refused:
        await loop.act(conclude, mediator, case_id, "agreed")
    assert refused.value.code == "agreement_missing"
    await loop.act(accept, mediator, case_id)
    await quarrel(loop, case_id)
    with pytest.raises((NotAllowedError, IllegalTransitionError)):
        await loop.act(conclude, desk, case_id, "agreed")
    await loop.act(conclude, mediator, case_id, "agreed", note="双方签了协议")
    await loop.act(conclude, mediator, case_id, "agreed")
    assert await loop.status(case_id) == "done"
    with pytest.raises(ConflictError):
        await loop.act(conclude, desk, case_id, "withdrawn", note="x")
    with pytest.raises(ConflictError):
        await quarrel(loop, case_id)
    for outcome, status in (("withdrawn", "cancelled"), ("passed_on", "referred")):
        other = (await loop.report(category="dispute", separate=True)).case_id
        await loop.act(open_mediation, desk, other)
        with pytest.raises(InvalidInputError):
            await loop.act(conclude, desk, other, outcome, agency="water")
        await loop.act(conclude, desk, other, outcome, note="双方自行解决", agency="water")
        assert await loop.status(other) == status
    async with loop.database.read() as session:
        span = loop.clock.at - timedelta(days=1), loop.clock.at + timedelta(days=1)
        found = await mediation_reading.outcomes(session, loop.community.community_id, *span)
    assert found == {"agreed": 1, "withdrawn": 1, "passed_on": 1}


async def test_sessions_and_follow_ups_are_reminded_of_without_a_name(loop: Loop) -> None:
    case_id = await dispute(loop)
    desk, sweep = loop.actor("desk"), bind_mediation(loop.work)["sweep_mediation"]
    planned = SessionDraft(uuid4(), loop.clock.at + timedelta(hours=30), SECRETS[3])
    await loop.act(put_session, desk, case_id, planned)
    await loop.act(plan_follow_up, desk, case_id, uuid4(), date(2026, 6, 6))
    for hours, soon, later in ((0, 0, 0), (10, 2, 0), (70, 2, 2)):
        loop.wait(3600 * hours)
        await sweep()
        await sweep()
        for kind, expected in (("mediation_soon", soon), ("mediation_follow_up", later)):
            assert await loop.value("SELECT count(*) FROM notice WHERE kind = :kind", kind=kind) == expected
    assert {
        row.data == {} for row in await loop.rows("SELECT data FROM notice WHERE kind LIKE 'mediation%'")
    } == {True}


async def test_what_was_written_up_stays(loop: Loop) -> None:
    case_id = await dispute(loop)
    desk, session_id, party = loop.actor("desk"), uuid4(), uuid4()
    await loop.act(put_party, desk, case_id, PartyDraft(party, "甲"))
    await loop.act(put_party, desk, case_id, PartyDraft(party, "甲方", words="同意"))
    await loop.act(put_session, desk, case_id, SessionDraft(session_id, loop.clock.at, "会议室"))
    await loop.act(
        put_session, desk, case_id, SessionDraft(session_id, loop.clock.at, "会议室", [party], "谈了")
    )
    with pytest.raises(ConflictError):
        await loop.act(
            put_session, desk, case_id, SessionDraft(session_id, loop.clock.at, "会议室", [], "没谈")
        )
    with pytest.raises(InvalidInputError):
        await loop.act(put_session, desk, case_id, SessionDraft(uuid4(), loop.clock.at, "会议室", [uuid4()]))
    found = await loop.act(opened, desk, case_id)
    assert [one.name for one in found.parties] == ["甲方"]
    assert [one.words for one in found.sessions] == ["谈了"]
