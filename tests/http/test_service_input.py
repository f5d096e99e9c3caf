"""Points and rewards: what is out of range, made up or not one's own is answered with a code."""

from __future__ import annotations

from uuid import uuid4

from tests.http.conftest import API, Check, Service
from tests.http.test_pages import signed_in
from tests.http.test_service import earn


async def test_rules_are_set_and_bad_ones_refused(service: Service) -> None:
    admin, csrf = await signed_in(service, "admin")
    right = {
        "csrf": csrf,
        "per_hour": "20",
        "most_h": "3",
        "expire_months": "24",
        "code_days": "14",
        "star_hours": "10，20",
    }
    for wrong in (
        {"per_hour": "0"},
        {"star_hours": "20 10"},
        {"rate_sewer": "x"},
        {"rate_nothing": "3"},
        {"most_h": "nan"},
    ):
        answer = await admin.post("/admin/points", data=right | wrong)
        assert answer.status_code == 400, wrong
        assert next(iter(wrong.values())) in answer.text
    kept = await admin.post("/admin/points", data=right | {"rate_sewer": "5"})
    assert kept.headers["location"] == "/admin/points?notice=points_kept"
    assert 'value="10 20"' in (await admin.get("/admin/points")).text
    await earn(service, "rider1", hours=1)
    assert (await (await service.person("rider1")).get(f"{API}/me/points")).json()["balance"] == 20
    desk, csrf = await signed_in(service, "desk")
    assert (await desk.get("/admin/points")).status_code == 403


async def test_bad_input_is_answered_with_a_code(service: Service, problem: Check) -> None:
    rider, desk = await service.person("rider1"), await service.person("desk")
    nobody = str(uuid4())
    problem(await rider.post(f"{API}/redemptions", json={"reward": nobody}), 404, "reward_not_found")
    problem(await rider.get(f"{API}/redemptions/{nobody}"), 404, "redemption_not_found")
    problem(await rider.get(f"{API}/counter", params={"code": "ABCD2345"}), 403, "not_at_a_counter")
    problem(await desk.get(f"{API}/counter", params={"code": "ABCD2345"}), 404, "reward_code_unknown")
    for code in ("", "x", "\x00" * 8, "http://[::1?code=1", "0OIL0OIL", "9" * 300):
        answer = await desk.post(f"{API}/counter", json={"code": code})
        assert answer.status_code == 400, code
    problem(await rider.post(f"{API}/gifts", json={"cause": nobody, "points": 1}), 404, "cause_unknown")
    problem(await rider.post(f"{API}/gifts", json={"to": "测试rider1", "points": 1}), 400, "neighbour_self")
    problem(await rider.post(f"{API}/gifts", json={"to": "测试rider2", "points": 1}), 409, "points_too_few")
    for body in (
        {"points": 0},
        {"points": 1e99},
        {"points": "x"},
        {"points": None},
        {"to": "\x00", "points": 1},
    ):
        assert (await rider.post(f"{API}/gifts", json=body)).status_code == 400, body
    problem(
        await desk.post(f"{API}/hours/{nobody}/correct", json={"hours": 1, "reason": "x"}),
        404,
        "service_not_found",
    )
    for query in ({"from": "2026-13-01"}, {"to": "0001-01-01"}, {"from": "9999-12-31"}):
        assert (await rider.get(f"{API}/me/statement", params=query)).status_code == 400, query


async def test_hours_of_an_event_and_the_books_for_programs(service: Service, problem: Check) -> None:
    desk, rider = await service.person("desk"), await service.person("rider1")
    event = {"id": str(uuid4()), "occasion": "大扫除", "day": "2026-06-03"}
    people = [{"person": "rider1", "hours": 2}, {"person": "watcher01-01", "hours": 0.5}]
    booked = [await desk.post(f"{API}/hours", json=event | {"people": people}) for _ in range(2)]
    assert [one.json()["booked"] for one in booked] == [2, 0]
    assert (await rider.get(f"{API}/me/points")).json()["balance"] == 20
    listed = (await desk.get(f"{API}/hours")).json()["items"]
    assert {(one["person"]["name"], one["points"], one["memo"]) for one in listed} == {
        ("测试rider1", 20, "大扫除"),
        ("测试watcher01-01", 5, "大扫除"),
    }
    books = (await desk.get(f"{API}/books", params={"month": "2026-06"})).json()
    held = {one["kind"]: one["closing"] for one in books["accounts"]}
    assert (books["opening"], books["closing"], books["findings"]) == (0, 0, [])
    assert (held["person"], held["issuer"]) == (25, -25)
    for fields, code in (
        ({"people": []}, "nobody_named"),
        ({"people": [{"person": "谁也不是", "hours": 1}]}, "person_not_called"),
        ({"people": [{"person": "desk", "hours": 1}]}, "own_work"),
        ({"people": [{"person": "rider1", "hours": 99}]}, "hours_out_of_range"),
        ({"people": [{"person": "rider1", "hours": "NaN"}]}, "field_not_number"),
        ({"people": people, "day": "2030-01-01"}, "service_day"),
        ({"people": people, "occasion": " "}, "text_needed"),
    ):
        answer = await desk.post(f"{API}/hours", json=event | {"id": str(uuid4())} | fields)
        problem(answer, 403 if code == "own_work" else 400, code)
    problem(await desk.get(f"{API}/books", params={"month": "6"}), 400, "month_invalid")
    for url in ("hours", "books"):
        problem(await rider.get(f"{API}/{url}"), 403, "not_allowed")
    problem(await rider.post(f"{API}/hours", json=event | {"people": people}), 403, "not_allowed")
