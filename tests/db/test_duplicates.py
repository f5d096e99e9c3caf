"""Reports of one hazard join one case, and the desk puts right what was joined wrongly: nothing of a report is lost."""

import asyncio
from uuid import UUID, uuid4

import pytest

from gis.errors import (
    ConflictError,
    IllegalTransitionError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
    WeiwangError,
)
from gis.flows.accept import accept
from gis.flows.arrive import arrive
from gis.flows.attach_photo import attach_photo
from gis.flows.cancel import cancel
from gis.flows.done import done
from gis.flows.merge import merge
from gis.flows.reject import reject
from gis.flows.reopen import reopen
from gis.flows.submit import Submitted, submit
from gis.flows.unlink import unlink
from gis.flows.verify import verify
from gis.settings import DuplicateSettings
from gis.store.photo_rows import photos_missing
from gis.words import Role
from tests.factories import add_person
from tests.loop import Loop, draft_at, some_photo

HERE, NEAR, FAR = (35, 55), (37, 56), (160, 160)


async def neighbours(loop: Loop, count: int = 2) -> list[str]:
    """Add residents."""
    names = [f"neighbour{n}" for n in range(count)]
    async with loop.database.write() as session:
        for name in names:
            await add_person(session, loop.community, name, Role.RESIDENT)
    return names


async def reports_of(loop: Loop, case_id: UUID) -> set[UUID]:
    rows = await loop.rows("SELECT report_id FROM report WHERE case_id = :case", case=case_id)
    return {row.report_id for row in rows}


async def both(loop: Loop) -> tuple[Submitted, Submitted]:
    """File two reports of one hazard."""
    first = await loop.report(where=HERE)
    loop.wait(300)
    return first, await loop.report("rider1", where=NEAR)


async def test_the_second_report_joins_the_case_and_nobody_is_asked_again(loop: Loop) -> None:
    await loop.on_duty("watcher01-01")
    await loop.on_duty("watcher01-02")
    first, second = await both(loop)
    assert first.offer is not None
    assert not first.linked
    assert second.linked
    assert (second.case_id, second.number, second.offer) == (first.case_id, first.number, None)
    (duplicate,) = second.duplicates
    assert (duplicate.case_id, duplicate.linked) == (first.case_id, True)
    assert duplicate.score >= 0.8
    assert duplicate.distance_m == pytest.approx(2.2, abs=0.2)
    assert duplicate.building is not None
    assert duplicate.building["name"].startswith("测试街1")
    assert await loop.verbs(first.case_id) == ["submit", "offer", "link"]
    assert await loop.value("SELECT count(*) FROM offer") == 1
    data = await loop.value("SELECT data FROM event WHERE verb = 'link'")
    assert data == {"report_id": str(second.report_id), "score": duplicate.score, "how": "score"}
    stored = await loop.rows(
        "SELECT description, st_x(geom) AS lon, place FROM report WHERE report_id = :id", id=second.report_id
    )
    assert stored[0].lon != first.place
    assert stored[0].place["micro_grid"]["code"] == "01-01"


async def test_a_repeat_is_answered_the_same_even_after_the_desk_moved_it(loop: Loop) -> None:
    await loop.on_duty("watcher01-01")
    first = await loop.act(submit, loop.actor("resident"), draft_at(HERE, report_id=UUID(int=1)))
    draft = draft_at(NEAR, report_id=UUID(int=2))  # at the very same moment as the first
    once = await loop.act(submit, loop.actor("rider1"), draft)
    assert once.linked

    def as_answered(found: Submitted) -> tuple:
        return (found.case_id, found.number, found.place, found.offer, found.duplicates, found.linked)

    for _ in range(2):
        again = await loop.act(submit, loop.actor("rider1"), draft)
        assert again.replayed
        assert as_answered(again) == as_answered(once)
        await loop.act(unlink, loop.actor("desk"), first.case_id, draft.id, "不是一件") if _ == 0 else None
    opener = await loop.act(submit, loop.actor("resident"), draft_at(HERE, report_id=UUID(int=1)))
    assert as_answered(opener) == as_answered(first)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"separate": True}, "said to be another"),
        ({"where": (80, 20)}, "too far off"),
        ({"category": "rubbish"}, "another category"),
    ],
)
async def test_what_is_another_problem_gets_its_own_case(loop: Loop, fields: dict, why: str) -> None:
    first = await loop.report(where=HERE)
    second = await loop.report("rider1", **{"where": NEAR, **fields})
    assert second.case_id != first.case_id, why
    assert not second.linked


async def test_personal_matters_are_never_joined_nor_named_to_others(loop: Loop) -> None:
    first = await loop.report(where=HERE, category="elderly_care", description="帮老人买药")
    second = await loop.report("rider1", where=HERE, category="elderly_care", description="帮老人买药")
    assert second.case_id != first.case_id
    assert second.duplicates == ()
    third = await loop.report("desk", where=HERE, category="elderly_care", description="帮老人买药")
    assert {one.case_id for one in third.duplicates} == {first.case_id, second.case_id}


async def test_the_office_may_turn_links_without_asking_off(loop: Loop) -> None:
    loop.settings = loop.settings.model_copy(
        update={"duplicates": DuplicateSettings(link_automatically=False)}
    )
    first, second = await both(loop)
    assert second.case_id != first.case_id
    assert [one.case_id for one in second.duplicates] == [first.case_id]


async def test_the_reporter_says_that_it_is_the_same(loop: Loop) -> None:
    first = await loop.report(where=HERE)
    # another category, other words, 60 m away: the score says no, the reporter says yes
    second = await loop.report(
        "rider1", where=(95, 20), category="rubbish", description="有味道", same_as=first.case_id
    )
    assert second.linked
    assert second.case_id == first.case_id
    assert second.duplicates[0].linked
    assert await loop.value("SELECT data ->> 'how' FROM event WHERE verb = 'link'") == "reporter"


async def test_what_can_not_be_the_same(loop: Loop) -> None:
    first = await loop.report(where=HERE)
    with pytest.raises(InvalidInputError) as far:
        await loop.report("rider1", where=(35, 320), same_as=first.case_id)
    assert far.value.code == "same_as_too_far"
    assert far.value.values["limit_m"] == 250
    with pytest.raises(NotFoundError):
        await loop.report("rider1", same_as=uuid4())
    with pytest.raises(InvalidInputError) as unclear:
        await loop.report("rider1", same_as=first.case_id, separate=True)
    assert unclear.value.code == "same_as_or_separate"
    await loop.act(reject, loop.actor("desk"), first.case_id, "误报")
    with pytest.raises(ConflictError) as closed:
        await loop.report("rider1", same_as=first.case_id)
    assert closed.value.code == "same_as_not_open"
    assert await loop.value("SELECT count(*) FROM report") == 1


async def mended(loop: Loop, **fields) -> Submitted:
    """File a report and have it worked on."""
    filed = await loop.report(**{"where": HERE, **fields})
    watcher = loop.actor("watcher01-01")
    await loop.act(accept, watcher, filed.case_id)
    await loop.act(arrive, watcher, filed.case_id)
    await loop.act(done, watcher, filed.case_id, "通了", [await some_photo(loop.settings)])
    return filed


@pytest.mark.parametrize("verified", [False, True])
async def test_after_the_repair_it_is_the_same_thing_again_with_its_own_case(
    loop: Loop, *, verified: bool
) -> None:
    first = await mended(loop)
    if verified:
        await loop.act(verify, loop.actor("desk"), first.case_id)
    loop.wait(86400 * 5)
    again = await loop.report("rider1", where=NEAR)
    assert again.case_id != first.case_id
    assert not again.linked
    found = await loop.value('SELECT recurrence_of FROM "case" WHERE case_id = :case', case=again.case_id)
    assert found == first.case_id
    with pytest.raises(ConflictError):
        await loop.report("rider1", where=NEAR, same_as=first.case_id)


async def test_long_after_or_elsewhere_it_is_new(loop: Loop) -> None:
    await mended(loop)
    elsewhere = await loop.report("rider1", where=(85, 20))
    loop.wait(86400 * 31)
    later = await loop.report("rider1", where=HERE, separate=True)
    for one in (elsewhere, later):
        found = await loop.value('SELECT recurrence_of FROM "case" WHERE case_id = :case', case=one.case_id)
        assert found is None


async def test_the_desk_undoes_a_link(loop: Loop) -> None:
    first = await loop.report(where=HERE)
    await loop.on_duty("watcher01-01")
    photos = [await some_photo(loop.settings, 1)]
    second = await loop.report("rider1", where=NEAR, photos=photos, detail="2 单元")
    desk = loop.actor("desk")
    found = await loop.act(unlink, desk, first.case_id, second.report_id, "不是同一处")
    assert found.state.case_id == first.case_id
    assert await reports_of(loop, first.case_id) == {first.report_id}
    assert await reports_of(loop, found.new_case_id) == {second.report_id}
    assert await loop.verbs(first.case_id) == ["submit", "link", "unlink"]
    assert await loop.verbs(found.new_case_id) == ["unlink", "offer"]
    (new,) = await loop.rows(
        "SELECT status, summary, micro_grid_code, building_id, reporter_id, place FROM"
        ' "case" WHERE case_id = :case',
        case=found.new_case_id,
    )
    assert (new.status, new.micro_grid_code, new.reporter_id) == (
        "offered",
        "01-01",
        loop.community.id("rider1"),
    )
    assert (new.summary, new.building_id) == ("下水堵了", loop.community.buildings["01-01"])
    assert new.place == second.place.as_json()
    assert await loop.value("SELECT case_id FROM photo") == found.new_case_id
    with pytest.raises(NotFoundError):  # a second press
        await loop.act(unlink, desk, first.case_id, second.report_id, "不是同一处")
    with pytest.raises(ConflictError) as last:
        await loop.act(unlink, desk, first.case_id, first.report_id, "也不是")
    assert last.value.code == "only_report"


async def test_when_the_first_report_goes_the_case_stands_where_the_next_one_says(loop: Loop) -> None:
    first, second = await both(loop)
    found = await loop.act(unlink, loop.actor("admin"), first.case_id, first.report_id, "错了")
    assert await reports_of(loop, first.case_id) == {second.report_id}
    (kept,) = await loop.rows(
        'SELECT c.reporter_id, st_equals(c.geom, r.geom) AS there FROM "case" c JOIN report r USING (case_id)'
        " WHERE c.case_id = :case",
        case=first.case_id,
    )
    assert (kept.reporter_id, kept.there) == (loop.community.id("rider1"), True)
    assert await reports_of(loop, found.new_case_id) == {first.report_id}


async def test_a_wrong_link_is_undone_after_the_case_was_closed(loop: Loop) -> None:
    first, second = await both(loop)
    watcher = loop.actor("watcher01-01")
    await loop.act(accept, watcher, first.case_id)
    await loop.act(done, watcher, first.case_id, "好了", [await some_photo(loop.settings)])
    await loop.act(verify, loop.actor("desk"), first.case_id)
    found = await loop.act(unlink, loop.actor("desk"), first.case_id, second.report_id, "另一处还堵着")
    assert (await loop.status(first.case_id), await loop.status(found.new_case_id)) == ("closed", "open")


@pytest.mark.parametrize(
    ("username", "error"),
    [("rider1", NotAllowedError), ("watcher01-01", NotAllowedError), ("grid02", NotFoundError)],
)
async def test_others_neither_undo_nor_merge(loop: Loop, username: str, error: type[WeiwangError]) -> None:
    first, second = await both(loop)
    other = await loop.report(where=HERE, separate=True)
    actor = loop.actor(username)
    with pytest.raises(error):
        await loop.act(unlink, actor, first.case_id, second.report_id, "不是")
    with pytest.raises(error):
        await loop.act(merge, actor, first.case_id, str(other.case_id), "一样")
    assert await loop.verbs(first.case_id) == ["submit", "link"]


async def test_a_grid_worker_does_both_in_their_own_grid_only(loop: Loop) -> None:
    first, second = await both(loop)
    worker = loop.actor("grid01")
    found = await loop.act(unlink, worker, first.case_id, second.report_id, "不是")
    outside = await loop.report(where=FAR)
    with pytest.raises(NotFoundError):
        await loop.act(merge, worker, found.new_case_id, str(outside.case_id), "一样")
    await loop.act(merge, worker, found.new_case_id, first.number, "还是一样")
    assert await reports_of(loop, first.case_id) == {first.report_id, second.report_id}


async def test_merging_moves_everything_and_frees_who_was_asked(loop: Loop) -> None:
    await loop.on_duty("watcher01-01")
    await loop.on_duty("watcher01-02")
    photo = await some_photo(loop.settings, 7)
    kept = await loop.report(where=HERE, photos=[photo])
    emptied = await loop.report("rider1", where=NEAR, separate=True, photos=[photo])
    joined = await loop.report("rider2", where=NEAR, same_as=emptied.case_id)
    assert emptied.offer is not None
    state = await loop.act(merge, loop.actor("desk"), emptied.case_id, kept.number, "同一处")
    assert state.status == "cancelled"
    assert await reports_of(loop, kept.case_id) == {kept.report_id, emptied.report_id, joined.report_id}
    assert await reports_of(loop, emptied.case_id) == set()
    assert await loop.value("SELECT sum(live_load) FROM responder") == 1
    rows = await loop.rows("SELECT case_id, status FROM offer ORDER BY offered_at, status")
    assert {(row.case_id, row.status) for row in rows} == {
        (kept.case_id, "live"),
        (emptied.case_id, "withdrawn"),
    }
    assert await loop.value("SELECT count(*) FROM photo WHERE case_id = :case", case=kept.case_id) == 2
    assert (await loop.verbs(emptied.case_id))[-1] == "merge"
    assert (await loop.verbs(kept.case_id))[-1] == "link"
    data = await loop.value("SELECT data FROM event WHERE verb = 'merge'")
    assert data == {"why": "merged", "into": str(kept.case_id)}
    async with loop.work() as work:
        assert await photos_missing(work.session, "test", emptied.report_id) == []
    with pytest.raises(ConflictError) as empty:
        await loop.act(reopen, loop.actor("desk"), emptied.case_id, "再看看")
    assert empty.value.code == "case_merged"
    # who says "the same" of the emptied case means the one that took its reports over
    late = await loop.report("rider3", where=NEAR, same_as=emptied.case_id)
    assert late.case_id == kept.case_id


async def test_what_is_not_merged(loop: Loop) -> None:
    first = await loop.report(where=HERE)
    second = await loop.report(where=FAR)
    desk = loop.actor("desk")
    with pytest.raises(InvalidInputError) as same:
        await loop.act(merge, desk, first.case_id, first.number, "x")
    assert same.value.code == "merge_into_itself"
    for unknown in ("20260603-99999", "20200101-00001", "abc", str(uuid4()), "-" * 50, "1" * 40):
        with pytest.raises(NotFoundError):
            await loop.act(merge, desk, first.case_id, unknown, "x")
    with pytest.raises(InvalidInputError) as silent:
        await loop.act(merge, desk, first.case_id, second.number, " ")
    assert silent.value.code == "reason_needed"
    await loop.act(reject, desk, second.case_id, "误报")
    with pytest.raises(ConflictError) as closed:
        await loop.act(merge, desk, first.case_id, second.number, "x")
    assert closed.value.code == "merge_not_open"
    with pytest.raises(IllegalTransitionError):
        await loop.act(merge, desk, second.case_id, first.number, "x")


async def test_pointers_follow_what_is_merged(loop: Loop) -> None:
    old = await mended(loop)
    again = await loop.report("rider1", where=HERE)
    twin = await loop.report("rider2", where=NEAR, separate=True)
    third = await loop.report("rider3", where=NEAR, separate=True)
    desk = loop.actor("desk")
    await loop.act(merge, desk, again.case_id, twin.number, "同一处")
    await loop.act(merge, desk, twin.case_id, third.number, "同一处")
    rows = await loop.rows('SELECT case_id, recurrence_of, merged_into FROM "case"')
    found = {row.case_id: (row.recurrence_of, row.merged_into) for row in rows}
    assert found[again.case_id][1] == found[twin.case_id][1] == third.case_id
    assert found[third.case_id] == (old.case_id, None)


async def test_what_several_have_reported_none_calls_off_alone(loop: Loop) -> None:
    first, _ = await both(loop)
    for name in ("resident", "rider1"):
        with pytest.raises(NotAllowedError):
            await loop.act(cancel, loop.actor(name), first.case_id, "不用了")
    alone = await loop.report("rider2", where=FAR)
    assert (await loop.act(cancel, loop.actor("rider2"), alone.case_id, "不用了")).status == "cancelled"


async def test_twenty_first_reports_at_once_lose_nobody(loop: Loop) -> None:
    names = await neighbours(loop, 20)
    await loop.on_duty("watcher01-01")
    filed = await asyncio.gather(*(loop.report(name, where=(35 + n % 3, 55)) for n, name in enumerate(names)))
    assert await loop.value("SELECT count(*) FROM report") == 20
    cases = {one.case_id for one in filed}
    assert await loop.value('SELECT count(*) FROM "case"') == len(cases)
    linked = sum(one.linked for one in filed)
    assert linked == 20 - len(cases)
    assert await loop.value("SELECT count(*) FROM event WHERE verb = 'link'") == linked
    late = await loop.report("resident", where=HERE)
    assert late.case_id in cases
    # the desk makes one of them, at once and from both sides
    numbers = {one.case_id: one.number for one in filed}
    kept, *others = sorted(cases)
    desk = loop.actor("desk")

    async def join(case_id: UUID) -> None:
        await loop.act(merge, desk, case_id, numbers[kept], "同一处")

    await asyncio.gather(*(join(one) for one in others))
    assert len(await reports_of(loop, kept)) == 21
    assert await loop.value("SELECT count(*) FROM \"case\" WHERE status = 'cancelled'") == len(others)


async def test_no_report_falls_into_a_case_that_is_just_being_closed(loop: Loop) -> None:
    first = await loop.report(where=HERE)
    async with loop.work() as work:
        await reject(work, loop.actor("desk"), first.case_id, "误报")
        joining = asyncio.create_task(loop.report("rider1", where=NEAR))
        await asyncio.sleep(0.5)
        assert not joining.done()  # it waits for what becomes of the case
    second = await joining
    assert not second.linked
    assert await loop.status(second.case_id) == "open"
    assert await loop.verbs(first.case_id) == ["submit", "reject"]


async def test_merges_in_both_directions_at_once_have_one_winner(loop: Loop) -> None:
    desk = loop.actor("desk")
    for _ in range(8):  # who locks in the order of the request would wait for each other for ever
        first = await loop.report(where=HERE, separate=True)
        second = await loop.report(where=HERE, separate=True)
        outcomes = await asyncio.gather(
            *(loop.act(merge, desk, first.case_id, second.number, "同") for _ in range(3)),
            *(loop.act(merge, desk, second.case_id, first.number, "同") for _ in range(3)),
            return_exceptions=True,
        )
        assert sum(isinstance(one, ConflictError) for one in outcomes) == 5, outcomes
        both_cases = [first.case_id, second.case_id]
        (count,) = await loop.rows(
            "SELECT count(*) FILTER (WHERE status = 'cancelled') AS emptied,"
            ' (SELECT count(DISTINCT case_id) FROM report WHERE case_id = ANY(:cases)) AS kept FROM "case"'
            " WHERE case_id = ANY(:cases)",
            cases=both_cases,
        )
        assert (count.emptied, count.kept) == (1, 1)


async def test_photos_that_come_later_follow_their_report(loop: Loop) -> None:
    photo = await some_photo(loop.settings, 3)
    first = await loop.report(where=HERE)
    second = await loop.report("rider1", where=NEAR, manifest=(photo.sha256,))
    assert second.linked
    found = await loop.act(unlink, loop.actor("desk"), first.case_id, second.report_id, "不是")
    await loop.act(attach_photo, loop.actor("rider1"), photo, report_id=second.report_id)
    assert await loop.value("SELECT case_id FROM photo") == found.new_case_id


async def test_related_categories_are_asked_about_and_never_joined(loop: Loop) -> None:
    """An open manhole must not disappear in a case of road damage, which nobody hurries to."""
    photo = await some_photo(loop.settings, 5)
    first = await loop.report(where=HERE, category="road_damage", description="路塌了", photos=[photo])
    second = await loop.report("rider1", where=HERE, category="manhole", description="路塌了", photos=[photo])
    assert second.case_id != first.case_id
    assert [(one.case_id, one.linked) for one in second.duplicates] == [(first.case_id, False)]
    assert second.duplicates[0].score > 0.9


async def test_a_photo_that_was_passed_on_gives_the_thing_away(loop: Loop) -> None:
    photo = await some_photo(loop.settings, 5)
    first = await loop.report(where=HERE, description="井里往外冒水", photos=[photo])
    loop.wait(3600 * 8)
    far = (HERE[0] + 24, HERE[1])
    other = await loop.report("rider1", where=far, description="臭味很大")
    assert other.case_id != first.case_id
    same = await loop.report("rider2", where=(HERE[0] - 24, HERE[1]), description="臭味很大", photos=[photo])
    assert same.case_id == first.case_id


async def test_a_photo_that_comes_while_its_report_is_moved_goes_with_it(loop: Loop) -> None:
    photo = await some_photo(loop.settings, 3)
    first = await loop.report(where=HERE)
    second = await loop.report("rider1", where=NEAR, manifest=(photo.sha256,))
    async with loop.work() as work:
        found = await unlink(work, loop.actor("desk"), first.case_id, second.report_id, "不是")
        sending = asyncio.create_task(
            loop.act(attach_photo, loop.actor("rider1"), photo, report_id=second.report_id)
        )
        await asyncio.sleep(0.5)
        assert not sending.done()
    assert (await sending).photo.case_id == found.new_case_id
    assert await loop.value("SELECT case_id FROM photo") == found.new_case_id
