"""What indicators count besides cases: visits and what they found, records, mediation, meals, hours of other service."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from gis.store.indicator_counts import counts
from tests.loop import Loop

ROWS = (
    # visits: two in grid 01 (one of them with nobody at home), one in 02, one before the period
    """
    INSERT INTO visit (community_id, visit_id, kind, outcome, person_id, visited_at, recorded_at, grid_code,
        micro_grid_code, geom, body_hash)
    SELECT 'test', gen_random_uuid(), 'visit', v.outcome, :person, v.at, v.at, v.grid, v.grid || '-01',
        st_setsrid(st_makepoint(123.4, 41.8), 4326), ''
    FROM (VALUES ('done', '01', timestamptz '2026-06-02 10:00+8'), ('not_home', '01', '2026-06-02 11:00+8'),
        ('done', '02', '2026-06-03 23:30+8'), ('done', '01', '2026-05-31 23:59+8'), ('done', '01', '2026-06-09 09:00+8'))
        v(outcome, grid, at)
    """,
    # problems: on the spot, passed on and answered, passed on and waiting, open
    """
    INSERT INTO finding (community_id, finding_id, category, words, state, answered_at, found_by, found_at, recorded_at,
        grid_code, micro_grid_code)
    SELECT 'test', gen_random_uuid(), 'rubbish', 'x', f.state, f.answered_at, :person, '2026-06-02 10:00+8', now(), '01', '01-01'
    FROM (VALUES ('on_spot', now()), ('transferred', now()), ('transferred', NULL), ('open', NULL))
        f(state, answered_at)
    """,
    """
    INSERT INTO household (community_id, household_id, building_id, unit, flat, grid_code, micro_grid_code, purpose, source,
        recorded_on, created_at, changed_at)
    SELECT 'test', :home, building_id, '1', '301', '02', '02-01', 'care', 'visit', '2026-06-01', now(), now()
    FROM building WHERE community_id = 'test' LIMIT 1
    """,
    # one record changed twice on a day and once on the next; looking at it changes nothing
    """
    INSERT INTO resident_change (community_id, change_id, household_id, at, verb)
    SELECT 'test', gen_random_uuid(), :home, c.at, c.verb FROM (VALUES (timestamptz '2026-06-02 09:00+8', 'added'),
        ('2026-06-02 18:00+8', 'changed'), ('2026-06-03 00:30+8', 'changed'), ('2026-06-04 09:00+8', 'consent')) c(at, verb)
    """,
    """
    INSERT INTO patrol (community_id, patrol_id, person_id, started_at, ended_at)
    VALUES ('test', gen_random_uuid(), :person, '2026-06-05 09:00+8', '2026-06-05 10:00+8')
    """,
)
STARTS = [datetime(2026, 5, 31, 16, tzinfo=UTC) + timedelta(days=7) * n for n in range(3)]
"""Two weeks by the clock of Shenyang, from the first of June on."""


async def filled(loop: Loop) -> dict[str, Any]:
    """Store what is counted, and return who did it."""
    given = {
        "person": await loop.value("SELECT person_id FROM person WHERE username = 'grid01'"),
        "home": await loop.value("SELECT gen_random_uuid()"),
    }
    async with loop.database.write() as session:
        for statement in ROWS:
            names = {name: value for name, value in given.items() if f":{name}" in statement}
            await session.run(text(statement), names)
    return given


async def read(loop: Loop, kind: str, keys: list[str]) -> dict[tuple[str, int, str], int]:
    async with loop.database.read() as session:
        found = await counts(session, "test", kind, keys, STARTS, "Asia/Shanghai")
    return {(one.key, one.slot, one.measure): one.amount for one in found}


async def test_all_together_and_by_area(loop: Loop) -> None:
    given = await filled(loop)
    assert await read(loop, "all", [""]) == {
        ("", 0, "visits"): 2,
        ("", 1, "visits"): 1,
        ("", 0, "problems"): 4,
        ("", 0, "problems_on_spot"): 1,
        ("", 0, "problems_transferred"): 2,
        ("", 0, "problems_answered"): 2,
        ("", 0, "records"): 2,
        ("", 0, "patrols"): 1,
    }
    assert (await read(loop, "grid", ["02"])) == {("02", 0, "visits"): 1, ("02", 0, "records"): 2}
    assert (await read(loop, "micro_grid", ["01-01"]))["01-01", 0, "visits"] == 1
    person = str(given["person"])
    assert (await read(loop, "person", [person]))[person, 0, "patrols"] == 1
    assert await read(loop, "category", ["rubbish"]) == {}


@pytest.mark.parametrize(("outcome", "settled"), [("agreed", 0), ("failed", -1), ("withdrawn", -1)])
async def test_a_dispute_without_agreement_is_not_settled(loop: Loop, outcome: str, settled: int) -> None:
    case_id = (await loop.report(category="dispute")).case_id
    async with loop.database.write() as session:
        await session.run(
            text(
                "UPDATE \"case\" SET status = 'closed', closed_at = '2026-06-03 09:00+8', grid_code = '01' WHERE case_id = :case"
            ),
            {"case": case_id},
        )
        await session.run(
            text(
                "INSERT INTO mediation (community_id, case_id, keeper_id, opened_at, outcome, outcome_at, agreement)"
                " SELECT 'test', :case, person_id, now(), :outcome, now(), 'x' FROM person WHERE username = 'desk'"
            ),
            {"case": case_id, "outcome": outcome},
        )
    found = await read(loop, "grid", ["01"])
    assert found.get(("01", 0, "disputes_settled"), 0) == settled


async def test_hours_that_are_not_of_cases(loop: Loop) -> None:
    async with loop.database.write() as session:
        person = await session.value(text("SELECT person_id FROM person WHERE username = 'rider1'"))
        for number, (day, stands) in enumerate(((date(2026, 6, 2), True), (date(2026, 6, 3), False))):
            await session.run(
                text(
                    "WITH s AS (INSERT INTO service (community_id, service_id, person_id, occasion, hours, served_on, at)"
                    " VALUES ('test', gen_random_uuid(), :person, 'x', 1.5, :day, now()) RETURNING service_id),"
                    " a AS (INSERT INTO account (community_id, account_id, kind) VALUES ('test', gen_random_uuid(), 'issuer'),"
                    " ('test', gen_random_uuid(), 'issuer') ON CONFLICT DO NOTHING RETURNING account_id)"
                    " INSERT INTO ledger (community_id, entry_id, from_account, to_account, points, memo, service_id, at)"
                    " SELECT 'test', gen_random_uuid(), (SELECT min(account_id::text)::uuid FROM a),"
                    " (SELECT max(account_id::text)::uuid FROM a), 15, '', service_id, now() FROM s"
                ),
                {"person": person, "day": day},
            )
            if not stands:
                await session.run(
                    text(
                        "INSERT INTO ledger (community_id, entry_id, from_account, to_account, points, memo, reverses, at)"
                        " SELECT 'test', gen_random_uuid(), to_account, from_account, points, '', entry_id, now() FROM ledger"
                        " JOIN service s USING (community_id, service_id) WHERE s.served_on = :day"
                    ),
                    {"day": day},
                )
            assert number < 2
    assert await read(loop, "all", [""]) == {("", 0, "hours"): 150, ("", 0, "points"): 15}
    assert (await read(loop, "person", [str(person)]))[str(person), 0, "hours"] == 150
