"""Lights, the ladder, pauses and the calendar over HTTP."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from gis.cases.lights import Times, light
from gis.words import Status
from tests.http.conftest import API, Service


async def lights(service: Service, query: str = "") -> Counter[str]:
    desk = await service.person("desk")
    answer = (await desk.get(f"{API}/cases?status=all&limit=200{query}")).json()
    return Counter(one["light"] for one in answer["items"])


async def test_a_case_turns_yellow_and_red_and_lists_are_narrowed_to_lights(service: Service) -> None:
    await service.report("resident", category="gas_smell")
    (case,) = (await (await service.person("desk")).get(f"{API}/cases")).json()["items"]
    assert (case["light"], case["level"], case["pause"]) == ("green", 0, None)
    assert case["on_site_due_at"] == "2026-06-03T04:15:00Z"
    seen = []
    for minutes, found in ((3.9, "green"), (4, "yellow"), (4.9, "yellow"), (5, "red")):
        service.clock.at = datetime(2026, 6, 3, 4, tzinfo=UTC) + timedelta(minutes=minutes)
        for asked in ("green", "yellow", "red"):
            assert await lights(service, f"&light={asked}") == Counter([found] if asked == found else [])
        seen.append(found)
    assert await lights(service, "&light=yellow,red") == Counter(["red"])
    answer = await (await service.person("desk")).get(f"{API}/cases?light=blue")
    assert (answer.status_code, answer.json()["code"]) == (400, "field_not_one_of")


async def test_the_filter_and_the_light_are_one_rule(service: Service) -> None:
    """Random moments and statuses: what a list is narrowed to is what its items say."""
    choose, now = random.Random(4), service.clock.at
    names = (
        "answer_soon_at",
        "answer_due_at",
        "on_site_soon_at",
        "on_site_due_at",
        "resolve_soon_at",
        "resolve_due_at",
    )
    expected: Counter[str] = Counter()
    for number in range(60):
        await service.report("resident", where=(number, 20), separate=True)
        values: dict[str, datetime | None] = {
            name: now + timedelta(minutes=choose.choice((-2, -1, 0, 1, 2))) for name in names
        }
        for name in ("on_site_soon_at", "on_site_due_at", "answer_soon_at", "resolve_soon_at"):
            if choose.random() < 0.2:
                values[name] = None
        values["answered_at"] = choose.choice((None, now))
        values["paused_at"] = choose.choice((None, None, now - timedelta(minutes=1)))
        status = choose.choice(["open", "accepted", "on_site", "referred", "done", "cancelled"])
        columns = ", ".join(f"{name} = :{name}" for name in values)
        async with service.app.state.parts.database.write() as session:
            await session.run(
                text(
                    f'UPDATE "case" SET status = :status, {columns} WHERE number = (SELECT max(number) FROM "case")'
                ),
                {"status": status, **values},
            )
        expected[light(Times(Status(status), **values), now) or "none"] += 1  # type: ignore[arg-type]
    for asked in ("green", "yellow", "red"):
        found = await lights(service, f"&light={asked}")
        assert found == Counter({asked: expected[asked]})
        assert expected[asked] > 5


async def test_a_pause_by_clicking_through(service: Service) -> None:
    filed = await service.report("resident", category="sewer")
    case = f"{API}/cases/{filed['case_id']}"
    desk, water = await service.person("desk"), await service.person("water")
    answer = await desk.post(f"{case}/refer", json={"agency": "water", "reason": "请处理"})
    assert answer.status_code == 200
    assert "pause" in (await water.get(case)).json()["legal"]
    past = await water.post(
        f"{case}/pause", json={"kind": "materials", "reason": "等管子", "until": "2026-06-01T10:00"}
    )
    assert (past.status_code, past.json()["code"]) == (400, "pause_end_past")
    assert "2026-06-03T04:00Z" in past.json()["detail"]
    asked = await water.post(
        f"{case}/pause", json={"kind": "materials", "reason": "等管子", "until": "2026-06-05T10:00"}
    )
    assert asked.status_code == 200
    found = (await desk.get(case)).json()
    assert found["pause"]["until"] == "2026-06-05T02:00:00Z", "a time without a zone is the community's"
    assert {"approve_pause", "refuse_pause"} <= set(found["legal"])
    assert not {"pause", "resume"} & set(found["legal"])
    assert (await water.post(f"{case}/approve_pause", json={})).status_code == 403
    assert (await desk.post(f"{case}/approve_pause", json={})).status_code == 200
    assert (await desk.get(case)).json()["pause"]["state"] == "running"
    again = await water.post(
        f"{case}/pause", json={"kind": "other", "reason": "再等", "until": "2026-06-05T10:00"}
    )
    assert (again.status_code, again.json()["code"]) == (409, "paused_already")
    service.clock.at += timedelta(hours=2)
    before = found["resolve_due_at"]
    assert (await water.post(f"{case}/resume", json={})).status_code == 200
    after = (await desk.get(case)).json()
    assert after["pause"] is None
    moved = datetime.fromisoformat(after["resolve_due_at"]) - datetime.fromisoformat(before)
    assert moved == timedelta(hours=2)
    assert (await desk.post(f"{case}/resume", json={})).json()["code"] == "not_paused"


async def test_the_calendar_is_read_by_all_and_edited_by_the_admin(service: Service) -> None:
    admin, rider = await service.person("admin"), await service.person("rider1")
    year = (await rider.get(f"{API}/calendar?year=2026")).json()
    known = {one["day"]: one for one in year["days"]}
    assert (year["announced"], year["office_hours"]["1"]) == (True, "08:30-12:00 13:00-17:30")
    assert (known["2026-10-01"]["kind"], known["2026-10-10"]["kind"]) == ("holiday", "workday")
    assert known["2026-10-10"]["hours"] == "08:30-12:00 13:00-17:30"
    assert not (await rider.get(f"{API}/calendar?year=2033")).json()["announced"]
    change = {
        "days": [{"day": "2026-06-04", "kind": "holiday", "name": "停电"}],
        "office_hours": {"1": "09:00-17:00", "6": "09:00-12:00"},
    }
    assert (await rider.put(f"{API}/calendar", json=change)).status_code == 403
    assert (await admin.put(f"{API}/calendar", json=change)).status_code == 200
    service.clock.at = datetime(2026, 6, 3, 9, 0, tzinfo=UTC)  # 17:00
    filed = await service.report("resident", category="other")
    case = (await admin.get(f"{API}/cases/{filed['case_id']}")).json()
    assert case["answer_due_at"] == "2026-06-05T02:00:00Z", "over a day that is off here"
    taken_back = {"days": [{"day": "2026-06-04"}]}
    assert (await admin.put(f"{API}/calendar", json=taken_back)).status_code == 200
    assert "2026-06-04" not in {one["day"] for one in (await rider.get(f"{API}/calendar")).json()["days"]}


async def test_days_are_imported_from_a_table_and_bad_ones_are_named(service: Service) -> None:
    admin = await service.person("admin")
    good = "\ufeff日期,类型,名称,时间\n2027-02-08,放假,春节,\n2027-02-14,上班,调休,09:00-12:00\n"
    assert (await admin.put(f"{API}/calendar/days", content=good.encode())).status_code == 204
    year = (await admin.get(f"{API}/calendar?year=2027")).json()
    assert [(one["day"], one["kind"], one["hours"]) for one in year["days"]] == [
        ("2027-02-08", "holiday", ""),
        ("2027-02-14", "workday", "09:00-12:00"),
    ]
    assert year["announced"], "the office knows better"
    for bad, code in (
        ("day,kind\n2027-02-30,holiday\n", "calendar_day_invalid"),
        ("day,kind\n2027-02-08,party\n", "calendar_day_invalid"),
        ("a,b\n1,2\n", "calendar_day_invalid"),
        ("", "calendar_day_invalid"),
        ("day,kind,hours\n2027-02-08,workday,25:00-26:00\n", "hours_invalid"),
    ):
        answer = await admin.put(f"{API}/calendar/days", content=bad.encode())
        assert (answer.status_code, answer.json()["code"]) == (400, code)
    off = {"office_hours": {str(day): "" for day in range(1, 8)}}
    assert (await admin.put(f"{API}/calendar", json=off)).json()["code"] == "hours_none"
