"""A simulated month: through the real flows, by a seed, leaving books that add up."""

from zoneinfo import ZoneInfo

import pytest

from gis.cases.categories import category
from gis.errors import ConflictError
from gis.flows.simulate import SimulationParts, simulate
from gis.flows.simulation import mediating, seeking
from gis.flows.simulation.plan import Period, Planner
from gis.store import books, certificates
from gis.store.indicator_counts import counts
from gis.store.sessions import actors
from gis.words import Role
from tests.extent import only_whole
from tests.factories import add_person
from tests.loop import Loop

BOOKS = """
SELECT (SELECT sum(CASE WHEN l.to_account = a.account_id THEN l.points ELSE -l.points END)
        FROM ledger l JOIN account a ON a.account_id IN (l.to_account, l.from_account)) AS total,
       (SELECT count(*) FROM responder r WHERE r.live_load <> (
            SELECT count(*) FROM offer o WHERE o.responder_id = r.person_id AND o.status = 'live') + (
            SELECT count(*) FROM "case" c WHERE c.assignee_id = r.person_id AND c.status IN ('accepted', 'on_site'))
       ) AS wrong_loads,
       (SELECT count(*) FROM "case" c WHERE c.status <> (
            SELECT e.to_status FROM event e WHERE e.case_id = c.case_id ORDER BY e.event_id DESC LIMIT 1)) AS untold,
       (SELECT count(*) FROM event WHERE at > :now) AS in_the_future,
       (SELECT count(*) FROM event a JOIN event b ON b.case_id = a.case_id AND b.event_id > a.event_id
        AND b.at < a.at) AS out_of_order
"""


def parts(loop: Loop) -> SimulationParts:
    return SimulationParts(loop.database, loop.settings, loop.photos, loop.atlas, loop.jobs, loop.clock)


async def test_a_month_is_lived_through_the_flows(loop: Loop) -> None:
    reported: list[float] = []
    async with loop.database.write() as session:
        watchers = [loop.community.id(f"watcher{code}") for code in ("01-01", "02-02")]
        await certificates.learn(session, "test", watchers, "mediation")
    summary = await simulate(
        parts(loop), "test", days=30, seed=3, report=lambda _, share: reported.append(share)
    )
    assert reported[-1] == 1.0
    assert reported == sorted(reported)
    assert summary.counts["patrols"] == 66
    assert (summary.counts["teams"], summary.counts["activities"]) == (5, 3)
    assert summary.counts["attended"] > 0
    settled = await loop.value(
        "SELECT count(*) FROM \"case\" WHERE category = 'dispute' AND status IN ('done', 'closed')"
    )
    agreed = "SELECT count(*) FROM mediation WHERE outcome = 'agreed' AND agreement IS NOT NULL"
    assert await loop.value(agreed) == settled > 0
    (books,) = await loop.rows(BOOKS, now=loop.clock.now())
    assert tuple(books) == (0, 0, 0, 0, 0)
    closed = await loop.value(
        "SELECT avg((status IN ('closed', 'rejected'))::int) FROM \"case\" WHERE opened_at < :day",
        day=loop.clock.at.replace(day=1),
    )
    assert closed > 0.95
    shown = await loop.value(
        "SELECT count(*) FROM \"case\" c JOIN category k ON k.code = c.category WHERE k.family = 'hazard'"
        " AND c.status = 'closed' AND NOT EXISTS (SELECT FROM photo p WHERE p.case_id = c.case_id AND p.kind = 'after')"
    )
    assert shown == 0
    assert await loop.value("SELECT count(*) FROM responder WHERE on_duty AND geom IS NOT NULL") == 3
    offered = await loop.value("SELECT count(*) FROM offer WHERE status = 'live'")
    assert (
        await loop.value("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'expire_offer'")
        == offered
    )


async def test_a_year_is_planned_with_the_figures_of_the_pilots(loop: Loop) -> None:
    async with loop.database.read() as session:
        people = await actors(session, "test")
        atlas = await loop.atlas.get(session, "test")
    period = Period(loop.clock.now(), 365, ZoneInfo("Asia/Shanghai"))
    plan = Planner(atlas, people, period, seed=1).plan()
    kinds = {
        "patrols": len(plan.patrols),
        "hazards": sum(one.source == "patrol" for one in plan.arrivals),
        "urgent": sum(category(one.category).urgent for one in plan.arrivals),
        "disputes": sum(one.category == "dispute" for one in plan.arrivals),
        "hotline": sum(one.source == "hotline" for one in plan.arrivals),
        "left": sum(one.left for one in plan.arrivals),
    }
    assert kinds == {
        "patrols": 800,
        "hazards": 320,
        "urgent": 48,
        "disputes": 23,
        "hotline": 50,
        "left": 1,
    }
    assert all(one.separate and one.certain for one in plan.arrivals if one.source == "hotline")


@only_whole
async def test_the_same_seed_lives_the_same(loop: Loop) -> None:
    once = await simulate(parts(loop), "test", days=5, seed=7)
    async with loop.database.write() as session:
        from tests.factories import draw_community

        other = await draw_community(session, "other")
    again = await simulate(parts(loop), other.community_id, days=5, seed=7)
    plain = {name: number for name, number in once.counts.items() if name in {"patrols", "reports"}}
    assert plain == {name: again.counts[name] for name in plain}


async def test_somebody_is_missing_found_and_forgotten_and_some_disputes_are_not_settled(
    loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seeking, "ENDED_BEFORE", 5)
    monkeypatch.setattr(mediating, "YEAR", 7)  # so that a week holds all of them
    loop.settings.residents.missing_days = 1
    async with loop.database.write() as session:
        watchers = [loop.community.id(f"watcher{code}") for code in ("01-01", "02-02")]
        await certificates.learn(session, "test", watchers, "mediation")
    summary = await simulate(parts(loop), "test", days=7, seed=3)
    assert (summary.counts["searches"], summary.counts["searches erased"]) == (1, 1)
    assert summary.counts["streets searched"] > 0
    [told] = await loop.rows("SELECT status, name, told, erased_at FROM missing_person")
    assert (told.status, told.name, told.told) == ("found", None, None)
    assert told.erased_at is not None
    assert await loop.value("SELECT count(*) FROM erasure WHERE kind = 'missing'") == 1
    ended = await loop.rows("SELECT outcome, count(*) AS n FROM mediation GROUP BY outcome ORDER BY outcome")
    assert {one.outcome: one.n for one in ended if one.outcome != "agreed"} == {"failed": 2, "passed_on": 1}
    assert summary.counts["not settled"] == 3


async def test_people_of_every_role_are_needed(loop: Loop) -> None:
    async with loop.database.write() as session:
        from sqlalchemy import text

        await add_person(session, loop.community, "spare", Role.RESIDENT)
        await session.run(text("UPDATE person SET active = false WHERE role = 'rider'"))
    with pytest.raises(ConflictError) as refused:
        await simulate(parts(loop), "test", days=1)
    assert refused.value.code == "simulation_needs_people"
    assert refused.value.values["role"] == "rider"


async def test_the_register_and_the_campaign_are_lived_through_their_flows(loop: Loop) -> None:
    summary = await simulate(parts(loop), "test", days=20, seed=5)
    people = await loop.value("SELECT count(*) FROM resident")
    assert people == summary.counts["residents"] > 0
    async with loop.database.read() as session:
        starts = [summary.first, summary.until]
        found = await counts(session, "test", "all", [""], starts, "Asia/Shanghai")
    figures = {one.measure: one.amount for one in found}
    assert figures["records"] == summary.counts["records"] > 0
    assert figures["visits"] == summary.counts["visits"] > 0
    problems = figures["problems"]
    assert problems == figures["problems_answered"] == summary.counts["problems"] == round(614 * 20 / 365)
    assert figures["problems_on_spot"] + figures["problems_transferred"] == problems
    assert not [
        name
        for name in summary.counts
        if name.startswith("refused: ") and ("resident" in name or "visit" in name)
    ]
    assert summary.counts["rewards"] == 5  # and the points of its market
    assert summary.counts["redeemed"] > 2
    assert summary.counts["patrols confirmed"] > 10
    async with loop.database.read() as session:
        assert await books.findings(session, "test") == []
