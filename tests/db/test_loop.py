"""The loop from report to points, through the real flows and tables."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import text

from gis.dispatch.explaining import unfolded
from gis.errors import (
    ConflictError,
    IllegalTransitionError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
)
from gis.flows.accept import accept
from gis.flows.arrive import arrive
from gis.flows.cancel import cancel
from gis.flows.decline import decline
from gis.flows.done import done
from gis.flows.duty import set_duty, set_position
from gis.flows.refer import refer
from gis.flows.reject import reject
from gis.flows.release import release
from gis.flows.reopen import reopen
from gis.flows.return_case import return_case
from gis.flows.submit import submit
from gis.flows.verify import verify
from gis.flows.withdraw import withdraw
from gis.store import cases, ledger, submission
from gis.store.claims import Ask
from gis.store.moments import DEADLINES
from gis.store.submission import InForce, NewCase, NewReport
from gis.words import Position, Status, Verb
from tests.factories import at
from tests.loop import Loop, draft_at, some_photo


async def points(loop: Loop, username: str) -> int:
    async with loop.database.read() as session:
        return (await ledger.held_by(session, "test", loop.community.id(username))).balance


async def test_a_report_becomes_points(loop: Loop) -> None:
    await loop.on_duty("watcher01-01")
    filed = await loop.report(category="road_damage")
    assert filed.place.micro_grid is not None
    assert filed.place.micro_grid.code == "01-01"
    assert filed.number.startswith("20260603-")
    assert filed.offer is not None
    assert filed.offer.responder_id == loop.community.id("watcher01-01")
    assert 0 < filed.offer.travel_s < 200
    watcher, desk, case_id = loop.actor("watcher01-01"), loop.actor("desk"), filed.case_id
    loop.wait(60)
    await loop.act(accept, watcher, case_id)
    assert await loop.load("watcher01-01") == 1
    loop.wait(300)
    await loop.act(arrive, watcher, case_id)
    loop.wait(5400 - 300)
    with pytest.raises(InvalidInputError) as refused:
        await loop.act(done, watcher, case_id, "补好了")
    assert refused.value.code == "after_photo_required"
    photo = await some_photo(loop.settings)
    await loop.act(done, watcher, case_id, "补好了", [photo])
    assert await loop.load("watcher01-01") == 0
    with pytest.raises(NotAllowedError) as own:
        await loop.act(verify, watcher, case_id)
    assert own.value.code == "own_work"
    state = await loop.act(verify, desk, case_id)
    assert state.status == "closed"
    assert await points(loop, "watcher01-01") == 15
    assert await loop.verbs(case_id) == ["submit", "offer", "accept", "arrive", "done", "verify"]
    assert await loop.value("SELECT hours FROM service") == 1.5
    await loop.act(reopen, desk, case_id, "又坏了")
    assert await points(loop, "watcher01-01") == 0
    assert await loop.value("SELECT count(*) FROM ledger") == 2


async def test_repeats_change_nothing(loop: Loop) -> None:
    await loop.on_duty("watcher01-01")
    draft = draft_at((35, 20))
    first = await loop.act(submit, loop.actor("resident"), draft)
    loop.wait(30)
    again = await loop.act(submit, loop.actor("resident"), draft)
    assert again.replayed
    assert (again.number, again.case_id, again.offer, again.place) == (
        first.number,
        first.case_id,
        first.offer,
        first.place,
    )
    assert again.duplicates == first.duplicates == ()
    other = draft_at((35, 20), report_id=draft.id, description="另一件事")
    for sender, body in (("resident", other), ("rider1", draft)):
        with pytest.raises(ConflictError) as conflict:
            await loop.act(submit, loop.actor(sender), body)
        assert conflict.value.code == "report_id_reused"
    watcher = loop.actor("watcher01-01")
    once = await loop.act(accept, watcher, first.case_id)
    assert await loop.act(accept, watcher, first.case_id) == once
    once = await loop.act(arrive, watcher, first.case_id)
    assert await loop.act(arrive, watcher, first.case_id) == once
    photo = await some_photo(loop.settings)
    once = await loop.act(done, watcher, first.case_id, "通了", [photo])
    assert await loop.act(done, watcher, first.case_id, "通了", [photo]) == once
    assert await loop.load("watcher01-01") == 0
    assert await loop.value("SELECT count(*) FROM report") == 1


async def test_nearby_open_cases_of_the_category_are_named_nearest_first(loop: Loop) -> None:
    near = await loop.report(where=(35, 20))
    nearest = await loop.report(where=(40, 20), separate=True)
    await loop.report(where=(35, 20), category="rubbish")
    await loop.report(where=(180, 180))
    closed = await loop.report(where=(41, 20), separate=True)
    await loop.act(reject, loop.actor("desk"), closed.case_id, "重复")
    found = await loop.report(where=(42, 20), separate=True)
    assert [one.case_id for one in found.duplicates] == [nearest.case_id, near.case_id]
    assert found.duplicates[0].distance_m == pytest.approx(2.0, abs=0.2)
    assert found.duplicates[0].number == nearest.number


async def test_nobody_on_duty_leaves_it_open_and_says_why(loop: Loop) -> None:
    filed = await loop.report()
    assert filed.offer is None
    assert await loop.status(filed.case_id) == "open"
    assert await loop.value("SELECT explanation->>'outcome' FROM dispatch") == "nobody_available"
    await loop.on_duty("watcher01-01")
    await loop.run_due_jobs()
    assert await loop.status(filed.case_id) == "offered"


async def test_outside_the_community_it_is_kept_for_the_desk(loop: Loop) -> None:
    await loop.on_duty("watcher01-01")
    filed = await loop.report(where=(5000, 0))
    assert filed.place.community is None
    assert (filed.offer, await loop.status(filed.case_id)) == (None, "open")
    loop.wait(86_400)
    await loop.run_due_jobs()
    await loop.act(reject, loop.actor("desk"), filed.case_id, "不在辖区")


async def test_who_is_asked_and_why_others_are_not(loop: Loop) -> None:
    await loop.on_duty("watcher01-01")
    await loop.on_duty("watcher02-02")
    await loop.on_duty("rider1", (190, 0))
    await loop.on_duty("rider2")  # on duty without a position
    await loop.on_duty("rider3", (35, 20))
    filed = await loop.report("rider3", where=(35, 20))
    told = unfolded(await loop.value("SELECT explanation FROM dispatch"))
    assert told["chosen"] == str(loop.community.id("watcher01-01"))
    assert {one["person_id"]: one["reason"] for one in told["excluded"]} == {
        str(loop.community.id("rider2")): "no_fresh_position",
        str(loop.community.id("rider3")): "reporter",
    }
    costs = [one["cost_s"] for one in told["candidates"]]
    assert costs == sorted(costs)
    assert len(costs) == 3
    assert told["candidates"][0]["penalties_s"] == {"owner": -60.0}
    assert filed.offer is not None
    assert await loop.value("SELECT offer_id FROM dispatch") == filed.offer.offer_id


async def test_old_positions_are_not_used(loop: Loop) -> None:
    await loop.on_duty("rider1", (40, 0))
    loop.wait(loop.settings.dispatch.fresh_position_s + 1)
    assert (await loop.report()).offer is None


async def test_offers_run_out_pass_on_and_climb_to_the_grid_worker(loop: Loop) -> None:
    for username in ("watcher01-01", "watcher01-02", "watcher02-01", "watcher02-02"):
        await loop.on_duty(username)
    await loop.run_due_jobs()
    filed = await loop.report()
    asked = []
    for level in (0, 1):  # first those near by, then those farther off as well
        for _ in range(loop.settings.dispatch.max_offers):
            assert await loop.value('SELECT escalation FROM "case"') == level
            asked.append(await loop.value("SELECT responder_id FROM offer WHERE status = 'live'"))
            loop.wait(119)
            assert await loop.run_due_jobs() == 0
            loop.wait(2)
            assert await loop.run_due_jobs() == 1
    assert len(set(asked)) == 4
    assert await loop.status(filed.case_id) == "open"
    assert await loop.value('SELECT escalation FROM "case"') == 2
    assert (await loop.verbs(filed.case_id))[-2:] == ["expire", "escalate"]
    assert await loop.value("SELECT sum(live_load) FROM responder") == 0
    worker = loop.actor("grid01")
    await loop.act(accept, worker, filed.case_id)
    assert await loop.status(filed.case_id) == "accepted"


async def test_a_case_nobody_answered_in_time_climbs_too(loop: Loop) -> None:
    from gis.flows.tasks import sweep

    filed = await loop.report()  # a blocked sewer: half an hour to answer
    loop.wait(9 * 60)
    await sweep(loop.work)
    assert await loop.value('SELECT escalation FROM "case"') == 0
    loop.wait(2 * 60)
    await sweep(loop.work)
    await sweep(loop.work)
    assert await loop.value('SELECT escalation FROM "case"') == 1
    assert await loop.verbs(filed.case_id) == ["submit", "escalate"]
    loop.wait(10 * 60)
    await sweep(loop.work)
    assert await loop.value('SELECT escalation FROM "case"') == 2


async def test_declining_is_free_and_passes_on(loop: Loop) -> None:
    await loop.on_duty("watcher01-01")
    await loop.on_duty("watcher01-02")
    filed = await loop.report()
    watcher = loop.actor("watcher01-01")
    await loop.act(decline, watcher, filed.case_id, "有事")
    await loop.act(decline, watcher, filed.case_id, "有事")
    assert await loop.value("SELECT responder_id FROM offer WHERE status = 'live'") == loop.community.id(
        "watcher01-02"
    )
    assert await loop.load("watcher01-01") == 0
    assert await loop.verbs(filed.case_id) == ["submit", "offer", "decline", "offer"]
    with pytest.raises(ConflictError) as conflict:
        await loop.act(accept, watcher, filed.case_id)
    assert conflict.value.code == "already_offered"


async def test_an_offer_is_accepted_by_whom_it_was_made_to_and_in_time(loop: Loop) -> None:
    await loop.on_duty("rider1", (40, 0))
    filed = await loop.report()
    with pytest.raises(NotFoundError):
        await loop.act(accept, loop.actor("rider2"), filed.case_id)
    with pytest.raises(ConflictError) as taken:
        await loop.act(accept, loop.actor("watcher01-01"), filed.case_id)
    assert taken.value.code == "already_offered"
    loop.wait(120)
    with pytest.raises(ConflictError) as late:
        await loop.act(accept, loop.actor("rider1"), filed.case_id)
    assert late.value.code == "offer_ended"
    await loop.run_due_jobs()
    assert await loop.status(filed.case_id) == "open"
    later = await loop.act(accept, loop.actor("rider1"), filed.case_id)  # near by and on duty: claimed
    assert later.status == "accepted"
    assert await loop.load("rider1") == 1


async def test_watchers_claim_open_cases_of_their_area_up_to_their_capacity(loop: Loop) -> None:
    watcher = loop.actor("watcher01-01")
    for _ in range(2):
        filed = await loop.report(separate=True)
        await loop.act(accept, watcher, filed.case_id)
    third = await loop.report(separate=True)
    with pytest.raises(ConflictError) as full:
        await loop.act(accept, watcher, third.case_id)
    assert full.value.code == "hands_full"
    assert await loop.status(third.case_id) == "open"
    elsewhere = await loop.report(where=(150, 150))
    with pytest.raises(NotFoundError):
        await loop.act(accept, watcher, elsewhere.case_id)


async def test_going_off_duty_passes_offers_on_and_forgets_the_position(loop: Loop) -> None:
    await loop.on_duty("rider1", (40, 0))
    await loop.on_duty("rider2", (60, 0))
    filed = await loop.report()
    await loop.act(set_duty, loop.actor("rider1"), on=False)
    assert await loop.value("SELECT responder_id FROM offer WHERE status = 'live'") == loop.community.id(
        "rider2"
    )
    assert await loop.value("SELECT count(*) FROM responder WHERE geom IS NOT NULL") == 1
    with pytest.raises(ConflictError) as refused:
        await loop.act(set_position, loop.actor("rider1"), Position(*at(0, 0)))
    assert refused.value.code == "not_on_duty"
    assert await loop.status(filed.case_id) == "offered"


async def test_a_released_task_goes_to_another(loop: Loop) -> None:
    await loop.on_duty("watcher01-01")
    await loop.on_duty("watcher01-02")
    filed = await loop.report()
    await loop.act(accept, loop.actor("watcher01-01"), filed.case_id)
    await loop.act(release, loop.actor("watcher01-01"), filed.case_id, "家里有事")
    assert await loop.load("watcher01-01") == 0
    assert await loop.value("SELECT responder_id FROM offer WHERE status = 'live'") == loop.community.id(
        "watcher01-02"
    )


async def test_the_desk_withdraws_an_offer(loop: Loop) -> None:
    await loop.on_duty("watcher01-01")
    filed = await loop.report()
    await loop.act(withdraw, loop.actor("desk"), filed.case_id)
    assert (await loop.status(filed.case_id), await loop.load("watcher01-01")) == ("open", 0)


async def test_referral_acceptance_return_and_end(loop: Loop) -> None:
    await loop.on_duty("watcher01-01")
    filed = await loop.report(category="water_leak")
    desk, water, case_id = loop.actor("desk"), loop.actor("water"), filed.case_id
    with pytest.raises(InvalidInputError) as unknown:
        await loop.act(refer, desk, case_id, "nobody", "管线")
    assert unknown.value.code == "agency_unknown"
    with pytest.raises(NotFoundError):
        await loop.act(accept, water, case_id)
    await loop.act(refer, desk, case_id, None, "管线")
    assert await loop.load("watcher01-01") == 0
    with pytest.raises(NotFoundError):
        await loop.act(accept, loop.actor("roads"), case_id)
    await loop.act(accept, water, case_id)
    await loop.act(return_case, water, case_id, "不是我们的管线")
    await loop.act(refer, desk, case_id, "water", "是你们的")
    await loop.act(done, water, case_id, "已修", [await some_photo(loop.settings)])
    await loop.act(verify, loop.actor("watcher01-01"), case_id)
    assert await loop.value("SELECT count(*) FROM service") == 0
    assert await loop.value("SELECT sum(live_load) FROM responder") == 0


async def test_reporters_cancel_their_own_and_others_cannot(loop: Loop) -> None:
    filed = await loop.report()
    with pytest.raises(NotFoundError):
        await loop.act(cancel, loop.actor("rider1"), filed.case_id, "x")
    with pytest.raises(InvalidInputError) as empty:
        await loop.act(cancel, loop.actor("resident"), filed.case_id, " \x00 ")
    assert empty.value.code == "reason_needed"
    await loop.act(cancel, loop.actor("resident"), filed.case_id, "已自行解决")
    with pytest.raises(IllegalTransitionError) as illegal:
        await loop.act(cancel, loop.actor("resident"), filed.case_id, "已自行解决")
    assert illegal.value.values["legal"] == []
    with pytest.raises(IllegalTransitionError) as illegal:
        await loop.act(verify, loop.actor("desk"), filed.case_id)
    assert illegal.value.values["legal"] == ["reopen"]


async def test_planners_look_and_do_not_touch(loop: Loop) -> None:
    filed = await loop.report()
    with pytest.raises(NotAllowedError):
        await loop.act(reject, loop.actor("planner"), filed.case_id, "x")
    with pytest.raises(NotAllowedError):
        await loop.report("planner")


async def test_no_such_case(loop: Loop) -> None:
    with pytest.raises(NotFoundError):
        await loop.act(reject, loop.actor("desk"), uuid4(), "x")


async def test_photos_come_with_a_report(loop: Loop) -> None:
    photo = await some_photo(loop.settings)
    draft = draft_at((35, 20), photos=(photo,))
    await loop.act(submit, loop.actor("resident"), draft)
    await loop.act(submit, loop.actor("resident"), draft)
    assert await loop.value("SELECT count(*) FROM photo") == 1
    assert await loop.value("SELECT manifest FROM report") == [photo.sha256]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"category": "unknown"}, "category_unknown"),
        ({"source": "elsewhere"}, "source_unknown"),
        ({"description": "长" * 2001}, "text_too_long"),
        ({"manifest": tuple(f"{n:064x}" for n in range(10))}, "too_many_photos"),
    ],
)
async def test_bad_reports_leave_nothing(loop: Loop, fields: dict[str, object], code: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        await loop.report(**fields)  # type: ignore[arg-type]
    assert refused.value.code == code
    assert await loop.value("SELECT (SELECT count(*) FROM report) + (SELECT count(*) FROM event)") == 0


async def test_control_characters_are_taken_out_of_words(loop: Loop) -> None:
    await loop.report(description="井盖\x00坏了\ud800\n第二行")
    assert await loop.value("SELECT description FROM report") == "井盖坏了\n第二行"
    assert await loop.value('SELECT summary FROM "case"') == "井盖坏了"


async def test_a_report_is_never_written_on_boundaries_that_are_no_longer_in_force(loop: Loop) -> None:
    from sqlalchemy import text

    await loop.report()
    async with loop.database.write() as session:
        await session.run(
            text("INSERT INTO area_version SELECT community_id, 2, published_at FROM area_version")
        )
        await session.run(
            text(
                "INSERT INTO area SELECT community_id, 2, level, code, gen_random_uuid(), 'new ' || name, name_en,"
                " parent_code, households, attributes, geom FROM area"
            )
        )
        await session.run(text("UPDATE community SET area_version = 2"))
    filed = await loop.report(separate=True)
    assert filed.place.micro_grid is not None
    assert filed.place.micro_grid.name == "new micro_grid 01-01"
    assert [
        row.area_version for row in await loop.rows('SELECT area_version FROM "case" ORDER BY number')
    ] == [1, 2]


async def test_a_version_published_between_looking_and_writing_writes_nothing(loop: Loop) -> None:
    filed = await loop.report()
    draft = draft_at((35, 20))
    now = loop.clock.now()
    new = NewReport(
        report_id=draft.id,
        case_id=uuid4(),
        reporter_id=loop.community.id("resident"),
        category="sewer",
        urgent=False,
        description="",
        summary="",
        source="app",
        detail="",
        position=draft.position,
        place=filed.place,
        fixed_at=None,
        moments=dict.fromkeys([*DEADLINES, "climb_at"], now),
        body_hash=b"",
        manifest=(),
        duplicates=(),
    )
    for version, written in ((7, False), (1, True)):
        async with loop.database.write() as session:
            held = InForce("test", version, now)
            found = await submission.write(session, held, [NewCase(new, Ask((), (), (), now))])
        assert bool(found) == written
    assert await loop.value("SELECT count(*) FROM report") == 2


async def test_a_case_that_was_changed_meanwhile_is_not_changed(loop: Loop) -> None:
    filed = await loop.report()
    async with loop.database.write() as session:
        case = await cases.lock(session, "test", filed.case_id)
        assert case is not None
        for stale in (replace(case.facts, revision=9), replace(case.facts, status=Status.DONE)):
            at = loop.clock.now()
            changed = await cases.change(
                session, "test", stale, Verb.REJECT, Status.REJECTED, at=at, actor_id=None
            )
            assert changed is None
    assert await loop.verbs(filed.case_id) == ["submit"]


async def test_what_a_sweep_cannot_do_does_not_hold_up_the_rest(loop: Loop) -> None:
    from gis.flows.tasks import sweep

    for username in ("watcher01-01", "watcher01-02"):
        await loop.on_duty(username)
    broken, whole = [(await loop.report(separate=True)).case_id for _ in range(2)]
    async with loop.database.write() as session:  # as no flow would leave it
        await session.run(
            text("UPDATE \"case\" SET status = 'cancelled' WHERE case_id = :case"), {"case": broken}
        )
        await session.run(text("DELETE FROM procrastinate_jobs"))
    loop.wait(600)
    late = "SELECT case_id FROM offer WHERE status = 'live' AND expires_at < :now"
    assert len(await loop.rows(late, now=loop.clock.now())) == 2
    for _ in range(2):  # found anew each time, and in nobody's way
        await sweep(loop.work)
        assert [row.case_id for row in await loop.rows(late, now=loop.clock.now())] == [broken]
    assert "expire" in await loop.verbs(whole)
