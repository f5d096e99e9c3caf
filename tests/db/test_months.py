"""Events by month: made ahead, taken in from elsewhere, read by the months they are in, hung out and in again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from alembic import command
from sqlalchemy import create_engine, insert, select, text

from gis.errors import ConflictError, NotFoundError
from gis.store.event_reading import bookmark_now, events_after, settled_before
from gis.store.migrate import configuration
from gis.store.months import hang_in, hang_out, make_months, parts
from gis.store.session import Database, WriteSession
from gis.store.tables import case, event
from tests import server
from tests.factories import Community
from tests.loop import Loop


@pytest.fixture
async def own(worker_id: str):
    """Give a database whose parts a test may change, with a case."""
    with server.new_database(f"{worker_id}_months") as url:
        database = Database(url)
        yield database
        await database.close()


async def happened(session: WriteSession, case_id: UUID, *moments: datetime) -> None:
    for moment in moments:
        await session.run(insert(event).values(community_id="test", case_id=case_id, at=moment, verb="note"))


async def some_case(database: Database) -> UUID:
    from tests.factories import draw_community

    case_id = uuid4()
    async with database.write() as session:
        await draw_community(session)
        await session.run(
            insert(case).values(
                community_id="test",
                case_id=case_id,
                category="noise",
                status="open",
                place={},
                area_version=1,
                geom="SRID=4326;POINT(123.415 41.789)",
                opened_at=datetime(2026, 6, 1, tzinfo=UTC),
                answer_due_at=datetime(2026, 6, 1, tzinfo=UTC),
                resolve_due_at=datetime(2026, 6, 1, tzinfo=UTC),
            )
        )
    return case_id


async def where(session: WriteSession) -> list[str]:
    rows = await session.rows(text("SELECT tableoid::regclass::text FROM event ORDER BY at"))
    return [row[0] for row in rows]


async def test_parts_are_made_ahead_and_once(own: Database) -> None:
    async with own.read() as session:
        first = await parts(session)
    assert first[0].name == "event_past"
    assert first[-1].name == "event_other"
    last = max(part.ends for part in first if part.ends)
    async with own.write() as session:
        made = await make_months(session, last)
        assert len(made) == 4
        assert await make_months(session, last) == []
        assert await make_months(session, last - timedelta(days=300)) == []
    async with own.read() as session:
        ends = [part.ends for part in await parts(session) if part.ends]
    assert ends == sorted(ends)
    assert all(1 <= (late - early).days <= 31 for early, late in pairwise(ends))


async def test_no_clock_bars_an_event_and_its_part_takes_it_in_later(own: Database) -> None:
    case_id = await some_case(own)
    async with own.read() as session:
        last = max(part.ends for part in await parts(session) if part.ends)
    late = last + timedelta(days=3)
    async with own.write() as session:
        await happened(session, case_id, datetime(1990, 1, 1, tzinfo=UTC), late)
        assert await where(session) == ["event_past", "event_other"]
        made = await make_months(session, last, ahead=0)
        assert await where(session) == ["event_past", made[0]]
        assert (await session.value(select(event.c.event_id).where(event.c.at == late))) is not None


async def test_only_months_that_are_asked_for_are_read(own: Database) -> None:
    async with own.read() as session:
        last = max(part.ends for part in await parts(session) if part.ends)
        plan = await session.rows(
            text(
                "EXPLAIN SELECT * FROM event WHERE community_id = 'test'"
                f" AND at >= '{last - timedelta(days=40)}' AND at < '{last - timedelta(days=32)}'"
            )
        )
    read = {word for row in plan for word in row[0].split() if word.startswith("event_")}
    assert len({word for word in read if word.count("_") == 2}) == 1, plan
    assert "event_past" not in read


async def test_old_parts_are_hung_out_and_in(own: Database) -> None:
    case_id = await some_case(own)
    async with own.write() as session:
        await happened(session, case_id, datetime(2026, 6, 2, tzinfo=UTC), datetime(2027, 1, 5, tzinfo=UTC))
        here = (await where(session))[0]
    later = datetime(2029, 6, 1, tzinfo=UTC)
    async with own.write() as session:
        with pytest.raises(ConflictError):
            await hang_out(session, "past", datetime(2027, 3, 1, tzinfo=UTC))
        with pytest.raises(NotFoundError):
            await hang_out(session, "1999-01; drop table event", later)
        assert await hang_out(session, "past", later) == here == "event_past"
    async with own.write() as session:
        assert await where(session) == ["event_2027_01"]
        assert [part.name for part in await parts(session) if part.archived] == ["event_past"]
        with pytest.raises(NotFoundError):
            await hang_out(session, "past", later)
        await hang_in(session, "past")
        assert await where(session) == ["event_past", "event_2027_01"]


async def test_the_stream_goes_on_across_months(own: Database) -> None:
    case_id = await some_case(own)
    async with own.read() as session:
        start = await bookmark_now(session)
    moments = [datetime(2027, month, 1, tzinfo=UTC) for month in (3, 1, 2)]
    for moment in moments:
        async with own.write() as session:
            await happened(session, case_id, moment)
    async with own.read() as session:
        settled = await settled_before(session)
        told = await events_after(session, start, settled=settled, limit=10)
        assert [one.at for one in told] == moments  # in the order of transactions, whatever their months
        rest = await events_after(session, told[0].bookmark, settled=settled, limit=10)
    assert [one.at for one in rest] == moments[1:]


async def test_what_was_there_stays_where_it_is(own: Database) -> None:
    """A database with events is brought from one table to months: all are there, in the same file, numbered on."""
    case_id = await some_case(own)
    engine = create_engine(own.engine.url)
    look = text("SELECT event_id, at FROM event ORDER BY event_id")
    try:
        with engine.begin() as connection:
            command.downgrade(configuration(connection), "0037")
        moment = datetime.now(UTC)
        async with own.write() as session:
            await happened(session, case_id, moment, moment - timedelta(days=400), moment)
            before = await session.rows(look)
            file = await session.value(text("SELECT pg_relation_filenode('event')"))
        with engine.begin() as connection:
            command.upgrade(configuration(connection), "0038")
        async with own.write() as session:
            assert await session.rows(look) == before
            assert await session.value(text("SELECT pg_relation_filenode('event_past')")) == file
            await happened(session, case_id, moment)
            assert max(row.event_id for row in await session.rows(look)) > before[-1].event_id
    finally:
        engine.dispose()


async def test_a_report_and_its_timeline(loop: Loop, community: Community) -> None:
    """What people do goes on as before: a report's events are stored in its month and told in its timeline."""
    filed = await loop.report()
    async with loop.database.read() as session:
        rows = await session.rows(
            text("SELECT tableoid::regclass::text, verb FROM event WHERE case_id = :case ORDER BY event_id"),
            {"case": filed.case_id},
        )
    assert {row[0] for row in rows} == {"event_past"}
    assert rows[0][1] == "submit"
