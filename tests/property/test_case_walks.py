"""Random walks: whoever tries whatever on a case, it stays in the table and every change has its event."""

import itertools
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest

from gis.cases.transitions import TRANSITIONS
from gis.errors import UnavailableError, WeiwangError
from gis.flows.accept import accept
from gis.flows.arrive import arrive
from gis.flows.assign import assign
from gis.flows.cancel import cancel
from gis.flows.classify import classify
from gis.flows.decide import decide
from gis.flows.decline import decline
from gis.flows.done import done
from gis.flows.hand_over import accept_hand_over, hand_over, refuse_hand_over, withdraw_hand_over
from gis.flows.pause import approve_pause, ask_pause, refuse_pause, resume
from gis.flows.progress import progress
from gis.flows.refer import refer
from gis.flows.reject import reject
from gis.flows.release import release
from gis.flows.reopen import reopen
from gis.flows.return_case import return_case
from gis.flows.undo import undo
from gis.flows.urgency import set_urgent
from gis.flows.verify import verify
from gis.flows.withdraw import withdraw
from gis.intake import CleanPhoto
from gis.words import Actor, CaseState, Decision, Status, Verb
from tests.extent import WHOLE
from tests.loop import Loop, some_photo

ACTS = 200
PEOPLE = (
    "desk",
    "grid01",
    "grid02",
    "watcher01-01",
    "watcher01-02",
    "rider1",
    "resident",
    "water",
    "sub_district",
    "planner",
)


def acts(
    loop: Loop, actor: Actor, case_id: UUID, photo: CleanPhoto, colleague: str
) -> list[Callable[[], Awaitable[CaseState]]]:
    return [
        lambda: loop.act(accept, actor, case_id),
        lambda: loop.act(accept, actor, case_id),
        lambda: loop.act(decline, actor, case_id),
        lambda: loop.act(arrive, actor, case_id),
        lambda: loop.act(done, actor, case_id, "", [photo]),
        lambda: loop.act(release, actor, case_id),
        lambda: loop.act(refer, actor, case_id, "water", "转办"),
        lambda: loop.act(refer, actor, case_id, "sub_district", "吹哨"),
        lambda: loop.act(return_case, actor, case_id, "退回"),
        lambda: loop.act(verify, actor, case_id),
        lambda: loop.act(undo, actor, case_id),
        lambda: loop.act(undo, actor, case_id),
        lambda: loop.act(assign, actor, case_id, colleague),
        lambda: loop.act(classify, actor, case_id, "rubbish"),
        lambda: loop.act(set_urgent, actor, case_id, urgent=True),
        lambda: loop.act(reject, actor, case_id, "驳回"),
        lambda: loop.act(cancel, actor, case_id, "取消"),
        lambda: loop.act(withdraw, actor, case_id),
        *[lambda: loop.act(reopen, actor, case_id, "重开")] * 4,
        lambda: loop.act(progress, actor, case_id, "在办"),
        lambda: loop.act(hand_over, actor, case_id, colleague),
        lambda: loop.act(accept_hand_over, actor, case_id),
        lambda: loop.act(refuse_hand_over, actor, case_id),
        lambda: loop.act(withdraw_hand_over, actor, case_id),
        lambda: loop.act(decide, actor, case_id, Decision.SETTLE, "研判"),
        lambda: loop.act(decide, actor, case_id, Decision.RAISE, "上报"),
        lambda: loop.act(ask_pause, actor, case_id, "materials", "等", loop.clock.at + timedelta(seconds=90)),
        lambda: loop.act(approve_pause, actor, case_id),
        lambda: loop.act(refuse_pause, actor, case_id, "不等"),
        lambda: loop.act(resume, actor, case_id),
    ]


@pytest.mark.parametrize("seed", range(5 if WHOLE else 2))
async def test_a_walk_stays_in_the_table(loop: Loop, seed: int) -> None:
    choose = random.Random(seed)
    for username in ("watcher01-01", "watcher01-02"):
        await loop.on_duty(username)
    await loop.on_duty("rider1", (60, 0))
    loop.settings.dispatch.remember_refusal_s = 30
    case_id = (await loop.report(category="sewer")).case_id
    for number in range(ACTS):
        loop.wait(choose.choice((1, 5, 40, 130)))
        await loop.run_due_jobs()
        photo = await some_photo(loop.settings, seed=1000 * seed + number)
        actor = loop.actor(choose.choice(PEOPLE))
        try:
            await choose.choice(acts(loop, actor, case_id, photo, choose.choice(PEOPLE)))()
        except UnavailableError:
            raise
        except WeiwangError:
            continue
    events = await loop.rows(
        "SELECT verb, from_status, to_status FROM event WHERE case_id = :case ORDER BY event_id", case=case_id
    )
    assert (events[0].verb, events[0].to_status) == ("submit", "open")
    for before, event in itertools.pairwise(events):
        assert event.from_status == before.to_status
        if event.verb in set(Verb):
            row = TRANSITIONS[Status(event.from_status), Verb(event.verb)]
            assert event.to_status in {row.to, row.to_agency}
    status, revision = (
        await loop.rows('SELECT status, revision FROM "case" WHERE case_id = :case', case=case_id)
    )[0]
    assert status == events[-1].to_status
    assert len({event.verb for event in events}) >= 5, "the walk went somewhere"
    # an offer made in the report's own statement is part of the case's first revision
    assert revision in {len(events), len(events) - 1}
    wrong = await loop.value(
        """
        SELECT count(*) FROM responder r WHERE r.live_load <> (
            SELECT count(*) FROM offer o WHERE o.responder_id = r.person_id AND o.status = 'live') + (
            SELECT count(*) FROM "case" c WHERE c.assignee_id = r.person_id AND c.status IN ('accepted', 'on_site'))
        """
    )
    assert wrong == 0
    paused = """SELECT count(*) FROM "case" c WHERE (paused_at IS NOT NULL) <> EXISTS (
        SELECT FROM pause p WHERE p.case_id = c.case_id AND p.status = 'running')"""
    assert await loop.value(paused) == 0
    astray = await loop.value(  # a case at an agency has one open referral there, any other has none
        """
        SELECT count(*) FROM "case" c FULL JOIN (SELECT * FROM referral WHERE ended_at IS NULL) r
            ON r.community_id = c.community_id AND r.case_id = c.case_id AND r.agency_code = c.agency_code
        WHERE (r.case_id IS NOT NULL) <> coalesce(
            c.agency_code IS NOT NULL AND c.status IN ('referred', 'accepted', 'on_site', 'done'), false)
        """
    )
    assert astray == 0
    left_asking = await loop.value(
        """
        SELECT count(*) FROM hand_over h JOIN "case" c USING (community_id, case_id)
        WHERE h.status = 'asked' AND c.status NOT IN ('open', 'offered', 'accepted', 'on_site')
        """
    )
    assert left_asking == 0
    assert await loop.value(
        "SELECT count(*) FROM (SELECT reverses FROM ledger) l WHERE reverses IS NOT NULL"
    ) <= len([event for event in events if event.verb == "verify"])
