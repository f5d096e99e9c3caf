"""Disputes in a simulated year: who quarrels, what was said and agreed is made up, and sealed as everything in a mediation."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from gis.flows.mediation.concluding import conclude
from gis.flows.mediation.opening import open_mediation
from gis.flows.mediation.writing import (
    PartyDraft,
    SessionDraft,
    finish_follow_up,
    plan_follow_up,
    put_party,
    put_session,
    write_agreement,
)
from gis.flows.simulation.calendar import DAYTIME, moment
from gis.flows.simulation.plan import YEAR, Arrival
from gis.flows.today import today_in
from gis.flows.work import Work
from gis.store import mediation, mediation_reading
from gis.words import Actor, Position, PositionSource, Role

if TYPE_CHECKING:
    from gis.flows.simulation.year import Year

NAMES = ("演示甲", "演示乙", "演示丙", "演示丁", "演示戊", "演示己")
SAID = ("希望对方晚上安静一些", "愿意赔一部分，但要分两次", "东西先挪走，车位轮着停", "以后遛狗拴绳")
PLACES = ("社区调解室", "单元门口", "居民议事厅")
AGREED = ("双方握手言和，约定互相体谅。", "约定十日之内修好漏水处，费用各半。", "公共走廊清空，不再堆放。")
FOLLOWED_UP = timedelta(days=30)
UNSETTLED = (
    ("楼上装修裂了墙，赔多少谈不拢", "failed"),
    ("车位到底归谁，两家各执一词", "passed_on"),
    ("狗咬了人，医药费谈不拢", "failed"),
)
"""Disputes besides the 23 that the pilots settled, which mediation doesn't settle: what is quarrelled about, and how that ends."""


def unsettled(year: Year) -> dict[UUID, tuple[Arrival, str]]:
    """Return the disputes of a year that aren't settled, by the id of their report; fewer in a shorter time.

    Parameters
    ----------
    year
        Whose people and time; nothing of its own chance is used up.
    """
    planner = year.planner
    choose = random.Random(f"unsettled-{year.behaviour.seed}")  # noqa: S311 - not a secret
    found = {}
    for turn, (words, outcome) in enumerate(UNSETTLED[: round(len(UNSETTLED) * planner.days / YEAR)]):
        day = planner.first + timedelta(days=round(planner.days * (turn + 1) / (len(UNSETTLED) + 1)))
        reporter = choose.choice(year.of(Role.RESIDENT))
        building = planner.atlas.places.buildings[choose.choice(planner.homes)].representative_point()
        lon, lat = planner.atlas.metric.unproject(building.x, building.y)
        arrival = Arrival(
            moment(day, DAYTIME, planner.zone, choose),
            reporter,
            "dispute",
            words,
            Position(lon, lat, source=PositionSource.PIN),
            "app",
            photo=False,
            separate=True,
            certain=True,
        )
        found[report_id(arrival)] = (arrival, outcome)
    return found


def report_id(arrival: Arrival) -> UUID:
    """Return the id of an arrival's report: the same for the same words at the same time."""
    return uuid5(arrival.reporter.person_id, f"{arrival.at.isoformat()}{arrival.description}")


async def mediate(work: Work, year: Year, who: Actor, case_id: UUID) -> None:
    """Have a dispute that is settled mediated as well: opened by the desk, by whoever may mediate it.

    Parameters
    ----------
    work, year
        Whose people and time.
    who
        Did the work of the case: mediates where their skill counts.
    case_id
        Which, done already.
    """
    desk, now = year.of(Role.DESK)[0], work.clock.now()
    if await mediation.get(work.session, desk.community_id, case_id, now) is not None:
        return
    able = [
        one.person_id
        for one in await mediation_reading.mediators(work.session, desk.community_id, case_id, now)
    ]
    if not able:
        return
    choose = random.Random(f"mediation-{case_id}")  # noqa: S311 - not a secret
    chosen = who.person_id if who.person_id in able else choose.choice(able)
    await open_mediation(work, desk, case_id, str(chosen))
    parties = []
    for name in choose.sample(NAMES, 2):
        party = PartyDraft(uuid5(case_id, name), name, words=choose.choice(SAID))
        await put_party(work, desk, case_id, party)
        parties.append(party.party_id)
    held = SessionDraft(
        uuid5(case_id, "session"), now, choose.choice(PLACES), parties, words=choose.choice(SAID)
    )
    await put_session(work, desk, case_id, held)
    _, report = year.acts.filed.get(case_id, (None, None))
    ended = unsettled(year).get(report) if report else None
    if ended is not None:
        await conclude(work, desk, case_id, ended[1], note="双方意见不一，未达成协议")
        year.counts["not settled"] += 1
        return
    await write_agreement(work, desk, case_id, choose.choice(AGREED), signed_by="、".join(NAMES[:2]))
    await conclude(work, desk, case_id, "agreed")
    year.counts["mediated"] += 1
    due = uuid5(case_id, "follow-up")
    day = await today_in(work.session, work.clock, desk.community_id) + FOLLOWED_UP
    await plan_follow_up(work, desk, case_id, due, day)
    year.after(FOLLOWED_UP, lambda later: finish_follow_up(later, desk, case_id, due, kept="kept"))
