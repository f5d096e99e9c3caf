"""The ways into a scope lead to the very cases that the scope reaches, in order and page by page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from gis.people.permissions import scope_of
from gis.store.case_reading import CaseFilters, case_count, case_rows, narrowed
from gis.store.reach import reaches
from gis.store.report_reading import ReportFilters, report_count, report_rows
from gis.store.session import Database
from gis.store.tables import case, report
from gis.store.ways import SAID_CASES
from gis.words import Scope
from tests.factories import Community

CASES = 200
PEOPLE = "SELECT person_id, row_number() OVER (ORDER BY username) - 1 AS nth, count(*) OVER () AS of FROM person WHERE community_id = 'test'"
FILL = f"""
CREATE TEMP TABLE who ON COMMIT DROP AS {PEOPLE};
INSERT INTO "case" (community_id, case_id, category, status, escalation, place, area_version, grid_code, micro_grid_code, geom,
    reporter_id, assignee_id, agency_code, opened_at, answer_due_at, resolve_due_at, summary)
SELECT 'test', md5('case' || n)::uuid, 'sewer', (ARRAY['closed', 'closed', 'closed', 'open', 'cancelled'])[1 + n % 5], n % 5, '{{}}', 1,
    (ARRAY['01', '02', NULL])[1 + n % 3], (ARRAY['01-01', '01-02', '02-01', '02-02', NULL])[1 + n % 5],
    st_setsrid(st_makepoint(123.415, 41.789), 4326), r.person_id, a.person_id, (ARRAY['water', 'roads', NULL, NULL])[1 + n % 4],
    timestamptz '2026-06-01' - n / 3 * interval '1 hour', now(), now(), 'words ' || n % 7
FROM generate_series(1, {CASES}) n LEFT JOIN who r ON r.nth = n % 29 LEFT JOIN who a ON a.nth = n % 31;
INSERT INTO report (community_id, report_id, case_id, reporter_id, category, stated_datum, stated_lon, stated_lat, position_source,
    geom, place, received_at, body_hash, description)
SELECT 'test', md5('report' || n)::uuid, md5('case' || n)::uuid, w.person_id, 'sewer', 'wgs84', 123, 41, 'pin',
    st_setsrid(st_makepoint(123.415, 41.789), 4326), '{{}}', timestamptz '2026-06-01' - n / 2 * interval '1 hour', '\\x00', 'said ' || n % 7
FROM generate_series(1, {CASES}) n JOIN who w ON w.nth = n % w.of;
INSERT INTO offer (community_id, offer_id, case_id, responder_id, status, travel_s, distance_m, offered_at, expires_at)
SELECT 'test', md5('offer' || n)::uuid, md5('case' || n)::uuid, r.person_id, CASE WHEN n % 2 = 0 THEN 'live' ELSE 'expired' END, 1, 1, now(), now()
FROM generate_series(1, {CASES}) n JOIN (SELECT person_id, row_number() OVER (ORDER BY person_id) AS nth FROM responder
    WHERE community_id = 'test') r ON r.nth = n % 50;
INSERT INTO hand_over (community_id, hand_over_id, case_id, to_id, asked_by, asked_at, by_office, status, ended_at)
SELECT 'test', md5('asked' || n)::uuid, md5('case' || n)::uuid, w.person_id, w.person_id, now(), false,
    CASE WHEN n % 2 = 0 THEN 'asked' ELSE 'refused' END, CASE WHEN n % 2 = 0 THEN NULL ELSE now() END
FROM generate_series(1, {CASES}) n JOIN who w ON w.nth = n % 41;
INSERT INTO referral (community_id, referral_id, case_id, agency_code, from_agency, level, status, referred_by, referred_at, due_at, ended_at)
SELECT 'test', md5('called' || n)::uuid, md5('case' || n)::uuid, 'fire', (ARRAY['water', 'sub_district', NULL])[1 + n % 3], 'community',
    CASE WHEN n % 2 = 0 THEN 'sent' ELSE 'verified' END, w.person_id, now(), now(), CASE WHEN n % 2 = 0 THEN NULL ELSE now() END
FROM generate_series(1, {CASES}, 11) n JOIN who w ON w.nth = 0;
"""
FILTERS = (
    CaseFilters(),
    CaseFilters(statuses=("closed", "open")),
    CaseFilters(grid="01", categories=("sewer",)),
    CaseFilters(words="words 3"),
)


@pytest.fixture
async def filled(database: Database, community: Community) -> Community:
    """Give a community with some hundred cases of everybody's."""
    async with database.write() as session:
        for statement in FILL.split(";\n"):
            if statement.strip():
                await session.run(text(statement.replace(":", r"\:")))
    return community


def scopes(community: Community) -> list[Scope]:
    """Return a scope of each kind, and two by which cases are taken out."""
    names = ("desk", "resident", "grid01", "watcher01-01", "rider1", "water", "sub_district")
    every = [scope_of(community.people[name]) for name in names]
    return [*every, *(replace(every[place], person_id=None) for place in (2, 5))]


async def pages(read: Any, *, limit: int) -> list[Any]:
    """Return all rows of a list, page by page."""
    found: list[Any] = []
    after: tuple[Any, UUID] | None = None
    while True:
        rows = await read(limit=limit, after=after)
        found += rows
        if len(rows) < limit:
            return found
        after = (rows[-1][0], rows[-1][1])


async def test_cases_are_those_that_the_scope_reaches(database: Database, filled: Community) -> None:
    counts = set()
    async with database.read() as session:
        for scope in scopes(filled):
            for filters in FILTERS:
                whole = (
                    select(case.c.opened_at, case.c.case_id)
                    .select_from(SAID_CASES.source)
                    .where(narrowed(scope, filters))
                )
                whole = whole.order_by(case.c.opened_at.desc(), case.c.case_id.desc())
                wanted = [tuple(row) for row in await session.rows(whole)]

                async def read(
                    scope: Scope = scope, filters: CaseFilters = filters, **page: Any
                ) -> list[Any]:
                    rows = await case_rows(session, scope, filters, **page)
                    return [(one.opened_at, one.case_id) for one in rows]

                assert await pages(read, limit=45) == wanted
                assert await case_count(session, scope, filters) == len(wanted)
                counts.add(len(wanted))
    assert len(counts) > 10


async def test_reports_are_ones_own_and_those_of_cases_in_reach(
    database: Database, filled: Community
) -> None:
    counts = set()
    async with database.read() as session:
        for scope in scopes(filled):
            own = report.c.reporter_id == scope.person_id
            joined = (case.c.community_id == report.c.community_id) & (case.c.case_id == report.c.case_id)
            whole = select(report.c.received_at, report.c.report_id).select_from(report.join(case, joined))
            whole = whole.where(report.c.community_id == "test", reaches(scope) | own)
            whole = whole.order_by(report.c.received_at.desc(), report.c.report_id.desc())
            wanted = [tuple(row) for row in await session.rows(whole)]

            async def read(scope: Scope = scope, **page: Any) -> list[Any]:
                rows = await report_rows(session, scope, ReportFilters(), **page)
                return [(one.received_at, one.report_id) for one in rows]

            assert await pages(read, limit=45) == wanted
            assert await report_count(session, scope, ReportFilters()) == len(wanted)
            counts.add(len(wanted))
    assert len(counts) > 5


async def test_no_more_is_counted_or_searched_than_somebody_reads(
    database: Database, filled: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gis.store.ways.COUNTED_TO", 50)
    monkeypatch.setattr("gis.store.ways.SEARCHED", 70)
    everything = Scope("test", everything=True)
    async with database.read() as session:
        assert await case_count(session, everything, CaseFilters()) == 50
        assert await case_count(session, everything, CaseFilters(), to_the_last=True) == CASES
        said = await case_rows(session, everything, CaseFilters(words="words 3"), limit=CASES)
        newest = await case_rows(session, everything, CaseFilters(), limit=70)
        assert [one.case_id for one in said] == [one.case_id for one in newest if one.summary == "words 3"]
