"""Activities: the last place is taken once, a place that comes free goes to who waits, being there is booked once."""

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from gis.errors import ConflictError, InvalidInputError, NotAllowedError, WeiwangError
from gis.flows.teams.activities import ActivityDraft, Moved, announce, cancel, change
from gis.flows.teams.attendance import attend, code_on_screen, tick
from gis.flows.teams.places import bind_activities, leave, sign_up
from gis.flows.teams.teams import drop_member, found_team, put_member
from gis.store.teams import TeamFields
from gis.teams.activities import Gift
from tests.loop import Loop

HOUR = 3600
PEOPLE = ("resident", "rider1", "rider2", "rider3", "watcher01-01", "watcher01-02")


async def announced(loop: Loop, who: str = "desk", *, starts_h: float = 24, **fields) -> UUID:
    given: dict[str, Any] = {
        "kind": "activity",
        "title": "清理楼道",
        "place": "中街文化站",
        "places": 2,
    } | fields
    starts = loop.clock.at + timedelta(hours=starts_h)
    draft = ActivityDraft(
        given.pop("activity_id", uuid4()), starts_at=starts, ends_at=starts + timedelta(hours=2), **given
    )
    return await loop.act(announce, loop.actor(who), draft)


async def states(loop: Loop, one: UUID) -> dict[str, str]:
    rows = await loop.rows(
        "SELECT p.username, s.state FROM activity_place s JOIN person p USING (community_id, person_id)"
        " WHERE activity_id = :one",
        one=one,
    )
    return {row.username: row.state for row in rows}


async def points(loop: Loop, name: str) -> int:
    found = await loop.rows(
        "SELECT balance FROM account WHERE person_id = :id AND kind = 'person'", id=loop.community.id(name)
    )
    return sum(row.balance for row in found)


async def told(loop: Loop, kind: str) -> set[str]:
    rows = await loop.rows(
        "SELECT p.username FROM notice n JOIN person p USING (community_id, person_id) WHERE n.kind = :kind",
        kind=kind,
    )
    return {row.username for row in rows}


async def test_the_last_place_is_taken_once(loop: Loop) -> None:
    one = await announced(loop, places=2)
    answers = await asyncio.gather(*(loop.act(sign_up, loop.actor(name), one) for name in PEOPLE * 2))
    assert answers[: len(PEOPLE)] == answers[len(PEOPLE) :]  # said twice, it answers the same
    assert sorted(answers[: len(PEOPLE)]) == ["booked"] * 2 + ["waiting"] * 4


async def test_a_free_place_goes_to_who_has_waited_longest(loop: Loop) -> None:
    one = await announced(loop, places=1)
    for name in ("rider1", "rider2", "rider3"):
        await loop.act(sign_up, loop.actor(name), one)
    await loop.act(leave, loop.actor("rider1"), one)
    await loop.act(leave, loop.actor("rider1"), one)
    assert await states(loop, one) == {"rider1": "cancelled", "rider2": "booked", "rider3": "waiting"}
    assert await told(loop, "activity_place") == {"rider2"}
    assert await loop.act(sign_up, loop.actor("rider1"), one) == "waiting"  # behind who waits already
    await loop.act(leave, loop.actor("rider2"), one)
    assert (await states(loop, one))["rider3"] == "booked"
    await loop.act(change, loop.actor("desk"), one, title="清理楼道", about="", places=2)
    assert (await states(loop, one))["rider1"] == "booked"
    with pytest.raises(InvalidInputError):
        await loop.act(change, loop.actor("desk"), one, title="清理楼道", about="", places=1)


async def test_who_comes_is_told_when_it_is_moved(loop: Loop) -> None:
    one = await announced(loop, places=1)
    for name in ("rider1", "rider2"):
        await loop.act(sign_up, loop.actor(name), one)
    row = (await loop.rows("SELECT place, starts_at, ends_at FROM activity"))[0]
    same: dict[str, Any] = {"title": "清理楼道", "about": "", "places": 1}
    as_it_was = Moved(row.place, row.starts_at, row.ends_at)
    await loop.act(change, loop.actor("desk"), one, **same, moved=as_it_was)
    assert await told(loop, "activity_moved") == set()
    later = timedelta(hours=3)
    for place in ("社区活动室", "小广场"):  # each time they are told
        elsewhere = Moved(place, row.starts_at + later, row.ends_at + later)
        await loop.act(change, loop.actor("desk"), one, **same, moved=elsewhere)
        loop.wait(60)
    assert await told(loop, "activity_moved") == {"rider1", "rider2"}
    assert await loop.value("SELECT count(*) FROM notice WHERE kind = 'activity_moved'") == 4
    assert (await loop.value("SELECT starts_at FROM activity")) == row.starts_at + later
    with pytest.raises(InvalidInputError):
        await loop.act(change, loop.actor("desk"), one, **same, moved=Moved("x", row.ends_at, row.starts_at))
    loop.wait(28 * 3600)
    with pytest.raises(ConflictError):
        await loop.act(change, loop.actor("desk"), one, **same, moved=Moved("x", row.starts_at, row.ends_at))


async def test_who_leaves_while_the_last_wait_frees_one_place_for_one(loop: Loop) -> None:
    one = await announced(loop, places=2)
    for name in PEOPLE:
        await loop.act(sign_up, loop.actor(name), one)
    leavers = [name for name, state in (await states(loop, one)).items() if state == "booked"]
    await asyncio.gather(*(loop.act(leave, loop.actor(name), one) for name in leavers * 2))
    assert sorted((await states(loop, one)).values()) == ["booked"] * 2 + ["cancelled"] * 2 + ["waiting"] * 2


async def test_the_code_on_the_screen_books_the_hours_once(loop: Loop) -> None:
    one = await announced(loop, starts_h=1, gift=Gift(1.5))
    await loop.act(sign_up, loop.actor("rider1"), one)
    with pytest.raises(ConflictError):  # the doors are still closed
        await loop.act(code_on_screen, loop.actor("desk"), one)
    loop.wait(HOUR)
    code = await loop.act(code_on_screen, loop.actor("desk"), one)
    with pytest.raises(InvalidInputError):
        await loop.act(attend, loop.actor("rider1"), one, "AAAAAAAA")
    await asyncio.gather(*(loop.act(attend, loop.actor("rider1"), one, code.lower()) for _ in range(4)))
    assert await points(loop, "rider1") == 15
    assert await loop.value("SELECT count(*) FROM service") == 1
    loop.wait(5 * 60)
    with pytest.raises(InvalidInputError):  # a picture of the screen is worth nothing any more
        await loop.act(attend, loop.actor("rider2"), one, code)


async def test_who_comes_without_signing_up_gets_a_place_that_is_left(loop: Loop) -> None:
    one = await announced(loop, places=1, starts_h=0.2)
    code = await loop.act(code_on_screen, loop.actor("desk"), one)
    answers = await asyncio.gather(
        *(loop.act(attend, loop.actor(name), one, code) for name in PEOPLE[:4]), return_exceptions=True
    )
    assert [one.code for one in answers if isinstance(one, WeiwangError)] == ["activity_full"] * 3
    assert list((await states(loop, one)).values()) == ["booked"]


async def test_what_the_organiser_ticks_is_taken_back_with_the_points(loop: Loop) -> None:
    one = await announced(loop, gift=Gift(2), starts_h=0.2)
    await loop.act(sign_up, loop.actor("rider1"), one)
    rider = loop.community.id("rider1")
    for there, expected in ((True, 20), (True, 20), (False, 0), (False, 0), (True, 20)):
        await loop.act(tick, loop.actor("desk"), one, rider, there=there)
        assert await points(loop, "rider1") == expected
        loop.wait(1)
    assert await loop.value("SELECT sum(hours) FROM service s WHERE corrects IS NULL AND NOT EXISTS"
                            " (SELECT FROM service c WHERE c.corrects = s.service_id)") == 2  # fmt: skip


async def test_nobody_says_of_themselves_that_they_were_there(loop: Loop) -> None:
    team = await loop.act(found_team, loop.actor("desk"), uuid4(), TeamFields("红骑兵", "", "riders", "", ""))
    await loop.act(put_member, loop.actor("desk"), team, "rider1", leader=True)
    with pytest.raises(NotAllowedError):
        await announced(loop, "rider2", team_id=team)
    one = await announced(loop, "rider1", team_id=team, starts_h=0.2)
    await loop.act(sign_up, loop.actor("rider1"), one)
    code = await loop.act(code_on_screen, loop.actor("rider1"), one)
    for act in (
        loop.act(attend, loop.actor("rider1"), one, code),
        loop.act(tick, loop.actor("rider1"), one, loop.community.id("rider1"), there=True),
    ):
        with pytest.raises(NotAllowedError) as refused:
            await act
        assert refused.value.code == "own_screen"
    await loop.act(tick, loop.actor("desk"), one, loop.community.id("rider1"), there=True)


async def test_who_leads_a_team_no_longer_keeps_its_activities_after_leaving(loop: Loop) -> None:
    team = await loop.act(found_team, loop.actor("desk"), uuid4(), TeamFields("车队", "", "vehicles", "", ""))
    await loop.act(put_member, loop.actor("desk"), team, "rider1", leader=True)
    one = await announced(loop, team_id=team, starts_h=0.2)
    await loop.act(code_on_screen, loop.actor("rider1"), one)
    await loop.act(drop_member, loop.actor("desk"), team, loop.community.id("rider1"))
    with pytest.raises(NotAllowedError):
        await loop.act(code_on_screen, loop.actor("rider1"), one)


async def test_a_course_gives_a_certificate_and_its_skill(loop: Loop) -> None:
    gift = Gift(certificate="first_aid", valid_months=24)
    one = await announced(loop, kind="course", gift=gift, starts_h=0.2)
    await loop.act(sign_up, loop.actor("rider1"), one)
    await loop.act(tick, loop.actor("desk"), one, loop.community.id("rider1"), there=True)
    (row,) = await loop.rows("SELECT kind, skill, issued_on, ends_on FROM certificate")
    assert tuple(row) == ("first_aid", "first_aid", date(2026, 6, 3), date(2028, 6, 3))
    skills = "SELECT skills FROM responder WHERE person_id = :id"
    assert await loop.value(skills, id=loop.community.id("rider1")) == ["first_aid"]
    await loop.act(tick, loop.actor("desk"), one, loop.community.id("rider1"), there=False)
    assert await loop.value("SELECT count(*) FROM certificate WHERE withdrawn_at IS NULL") == 0


async def test_a_cancelled_one_tells_everybody_and_takes_nobody_more(loop: Loop) -> None:
    one = await announced(loop, places=1)
    for name in ("rider1", "rider2"):
        await loop.act(sign_up, loop.actor(name), one)
    await loop.act(cancel, loop.actor("desk"), one, "下雨")
    await loop.act(cancel, loop.actor("desk"), one, "下雨")
    assert await told(loop, "activity_cancelled") == {"rider1", "rider2"}
    with pytest.raises(ConflictError) as refused:
        await loop.act(sign_up, loop.actor("rider3"), one)
    assert refused.value.code == "activity_cancelled"


async def test_people_are_reminded_once(loop: Loop) -> None:
    one = await announced(loop, starts_h=25)
    await loop.act(sign_up, loop.actor("rider1"), one)
    sweep = bind_activities(loop.work)["sweep_activities"]
    await sweep()
    assert await told(loop, "activity_soon") == set()
    loop.wait(2 * HOUR)
    await sweep()
    await sweep()
    assert await loop.value("SELECT count(*) FROM notice WHERE kind = 'activity_soon'") == 1
    loop.wait(24 * HOUR)
    with pytest.raises(ConflictError):
        await loop.act(leave, loop.actor("rider1"), one)


async def test_what_is_not_announced(loop: Loop) -> None:
    for code, fields in (
        ("activity_kind", {"kind": "party"}),
        ("text_needed", {"title": " "}),
        ("activity_past", {"starts_h": -1}),
        ("activity_far", {"starts_h": 24 * 400}),
        ("activity_places", {"places": 0}),
        ("activity_hours", {"gift": Gift(99)}),
        ("skill_unknown", {"kind": "course", "gift": Gift(skill="flying")}),
        ("certificate_months", {"kind": "course", "gift": Gift(certificate="fire", valid_months=0)}),
        ("team_unknown", {"team_id": uuid4()}),
    ):
        with pytest.raises(InvalidInputError) as refused:
            await announced(loop, **fields)
        assert refused.value.code == code
