"""Referrals, hand-overs, claims and leaving over HTTP: permissions, scopes, forms without scripts."""

from datetime import timedelta

from gis.words import Leave
from tests.http.conftest import API, Check, Service, photo_bytes


async def referred(service: Service, **fields) -> str:
    case_id = (await service.report(category="sewer"))["case_id"]
    body = {"agency": "water", "reason": "主管道", **fields}
    answer = await service.act("desk", case_id, "refer", **body)
    assert answer.status_code == 200, answer.text
    return case_id


async def test_a_day_of_one_referral(service: Service) -> None:
    case_id = await referred(service, due_at="2026-06-04")
    water, watcher = await service.person("water"), await service.person("watcher01-01")
    box = (await water.get(f"{API}/referrals", params={"status": "new"})).json()
    (one,) = box["items"]
    assert (one["case"]["id"], one["status"], one["level"], one["light"]) == (
        case_id,
        "sent",
        "community",
        "green",
    )
    assert one["due_at"] == "2026-06-04T16:00:00Z"  # the end of that day in Shenyang
    assert (box["total"], box["counts"]["new"], box["counts"]["overdue"]) == (1, 1, 0)
    assert {"accept", "return", "progress"} <= set(one["case"]["legal"])
    assert (await service.act("water", case_id, "accept")).json()["status"] == "accepted"
    sent = await water.post(
        f"{API}/cases/{case_id}/progress",
        data={"note": "已开挖"},
        files={"photo": ("a.jpg", photo_bytes(1), "image/jpeg")},
    )
    assert sent.status_code == 200, sent.text
    sent = await water.post(
        f"{API}/cases/{case_id}/done", files={"photo": ("b.jpg", photo_bytes(2), "image/jpeg")}
    )
    assert sent.json()["status"] == "done"
    assert (await service.act("watcher01-01", case_id, "verify", on_site=True)).json()["status"] == "closed"
    seen = (await watcher.get(f"{API}/cases/{case_id}")).json()
    assert [one["status"] for one in seen["referrals"]] == ["verified"]
    assert sorted(one["kind"] for one in seen["photos"]) == ["after", "progress"]
    assert [one["decision"] for one in seen["levels"]] == [None, "refer", None]
    ended = (await water.get(f"{API}/referrals", params={"status": "ended"})).json()
    assert [one["status"] for one in ended["items"]] == ["verified"]


async def test_another_agencys_inbox_is_invisible(service: Service, problem: Check) -> None:
    case_id = await referred(service)
    roads = await service.person("roads")
    assert (await roads.get(f"{API}/referrals", params={"status": "all"})).json()["items"] == []
    problem(await roads.get(f"{API}/referrals", params={"agency": "water"}), 404, "agency_not_found")
    problem(await roads.get(f"{API}/cases/{case_id}"), 404, "case_not_found")
    for verb in ("accept", "return", "progress", "done", "refer", "decide", "hand_over"):
        body = {"reason": "x", "note": "x", "to": "x", "decision": "settle"}
        wanted = {
            "accept": (), "return": ("reason",), "progress": ("note",), "done": ("note",), "refer": ("reason",),
            "decide": ("decision", "reason"), "hand_over": ("to", "reason"),
        }[verb]  # fmt: skip
        answer = await service.act("roads", case_id, verb, **{name: body[name] for name in wanted})
        problem(answer, 404, "case_not_found")
    for username in ("resident", "rider1", "watcher01-01"):
        problem(await (await service.person(username)).get(f"{API}/referrals"), 403, "not_allowed")
    assert (await (await service.person("grid02")).get(f"{API}/referrals")).json()["items"] == []
    for username in ("desk", "grid01", "admin", "planner"):
        box = (await (await service.person(username)).get(f"{API}/referrals")).json()
        assert [one["case_id"] for one in box["items"]] == [case_id], username
    page = await roads.get("/agency")
    assert case_id not in page.text


async def test_returned_it_stays_in_the_inbox_without_the_case(service: Service, problem: Check) -> None:
    case_id = await referred(service)
    problem(await service.act("water", case_id, "return"), 400, "reason_needed")
    assert (await service.act("water", case_id, "return", reason="不归我们")).json()["status"] == "open"
    water = await service.person("water")
    box = (await water.get(f"{API}/referrals", params={"status": "returned"})).json()
    assert [(one["ended_reason"], one["case"]) for one in box["items"]] == [("不归我们", None)]
    problem(await service.act("water", case_id, "accept"), 404, "case_not_found")
    problem(await service.act("desk", case_id, "refer", agency="x", reason="y"), 400, "agency_unknown")
    wrong = {"due_in_past": "2026-06-02", "due_too_far": "2029-01-01", "date_invalid": "soon"}
    for code, due_at in wrong.items():
        answer = await service.act("desk", case_id, "refer", agency="water", reason="y", due_at=due_at)
        problem(answer, 400, code)
    await service.act("desk", case_id, "cancel", reason="误报")
    answer = await service.act("desk", case_id, "refer", agency="water", reason="y")
    body = problem(answer, 409, "illegal_transition")
    assert body["legal"] == ["reopen"]


async def test_pages_of_the_inbox_hold_each_referral_once(service: Service, problem: Check) -> None:
    made = set()
    for number in range(5):
        service.clock.at += timedelta(seconds=1)
        filed = await service.report(category="sewer", where=(10 + 30 * number, 20 + 30 * number))
        await service.act("desk", filed["case_id"], "refer", agency="water", reason="x")
        made.add(filed["case_id"])
    water, seen, cursor = await service.person("water"), [], None
    while True:
        params = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = (await water.get(f"{API}/referrals", params=params)).json()
        seen += [one["case_id"] for one in page["items"]]
        assert page["total"] == 5
        cursor = page["next"]
        if cursor is None:
            break
    assert (len(seen), set(seen)) == (5, made)
    problem(await water.get(f"{API}/referrals", params={"status": "odd"}), 400, "field_not_one_of")
    problem(await water.get(f"{API}/referrals", params={"cursor": "odd"}), 400, "cursor_invalid")


async def test_handing_over_by_name(service: Service, problem: Check) -> None:
    await service.on_duty("rider1", (40, 0))
    case_id = (await service.report(category="noise"))["case_id"]
    await service.act("rider1", case_id, "accept")
    await service.on_duty("rider2", (60, 0))
    one, two = await service.person("rider1"), await service.person("rider2")
    near = (await one.get(f"{API}/cases/{case_id}/colleagues")).json()["items"]
    assert near[0]["role"] == "grid_worker"
    assert "rider2" in [colleague["username"] for colleague in near]
    problem(await two.get(f"{API}/cases/{case_id}/colleagues"), 404, "case_not_found")
    problem(await service.act("rider1", case_id, "hand_over", to="nobody"), 400, "colleague_unknown")
    assert (
        await service.act("rider1", case_id, "hand_over", to="测试rider2", reason="下班")
    ).status_code == 200
    seen = (await two.get(f"{API}/cases/{case_id}")).json()
    assert {"accept_hand_over", "refuse_hand_over"} <= set(seen["legal"])
    assert seen["asked"]["name"] == "测试rider2"
    page = await two.get("/tasks")
    assert f'data-asked="{case_id}"' in page.text
    assert (await service.act("rider2", case_id, "accept_hand_over")).json()["status"] == "accepted"
    problem(await one.get(f"{API}/cases/{case_id}"), 404, "case_not_found")


async def test_claiming_what_is_near(service: Service, problem: Check) -> None:
    filed = await service.report(category="sewer", where=(150, 20))
    rider = await service.person("rider1")
    assert (await rider.get(f"{API}/me/nearby-cases")).json() == {"items": [], "why": "off_duty"}
    problem(await service.act("rider1", filed["case_id"], "accept"), 404, "case_not_found")
    await service.on_duty("rider1", (110, 0))
    found = (await rider.get(f"{API}/me/nearby-cases")).json()
    assert [one["id"] for one in found["items"]] == [filed["case_id"]]
    assert not {"summary", "reporter", "photos"} & set(found["items"][0])
    problem(await rider.get(f"{API}/cases/{filed['case_id']}"), 404, "case_not_found")
    assert "附近待领" in (await rider.get("/tasks")).text
    assert (await service.act("rider1", filed["case_id"], "accept")).json()["status"] == "accepted"
    assert (await (await service.person("desk")).get(f"{API}/me/nearby-cases")).json()[
        "why"
    ] == "not_a_responder"


async def test_going_off_duty_with_a_task_is_asked(service: Service, problem: Check) -> None:
    await service.on_duty("rider1", (40, 0))
    case_id = (await service.report(category="noise"))["case_id"]
    await service.act("rider1", case_id, "accept")
    rider = await service.person("rider1")
    body = problem(await rider.put(f"{API}/me/duty", json={"on": False}), 409, "tasks_in_hand")
    assert [one["id"] for one in body["tasks"]] == [case_id]
    assert body["choices"] == [one.value for one in Leave]
    problem(await rider.put(f"{API}/me/duty", json={"on": False, "tasks": "lose"}), 400, "field_not_one_of")
    await service.on_duty("rider2", (60, 0))
    left = await rider.put(f"{API}/me/duty", json={"on": False, "tasks": "release"})
    assert left.json()["on_duty"] is False
    offers = (await (await service.person("rider2")).get(f"{API}/me/offers")).json()["items"]
    assert [one["case"]["id"] for one in offers] == [case_id]


async def test_leaving_by_form(service: Service) -> None:
    await service.on_duty("rider1", (40, 0))
    case_id = (await service.report(category="noise"))["case_id"]
    await service.act("rider1", case_id, "accept")
    browser, csrf = await service.browser("rider1")
    asked = await browser.post("/me/duty", data={"csrf": csrf, "on": "0", "back": "/"})
    assert asked.status_code == 409
    assert 'id="leaving"' in asked.text
    again = await browser.post(
        "/me/duty", data={"csrf": csrf, "on": "0", "tasks": "hand_over", "to": "无此人"}
    )
    assert again.status_code == 400
    assert 'value="无此人"' in again.text
    left = await browser.post("/me/duty", data={"csrf": csrf, "on": "0", "tasks": "keep", "back": "/"})
    assert (left.status_code, left.headers["location"]) == (303, "/?notice=duty_off")


async def test_the_inbox_works_without_scripts(service: Service) -> None:
    case_id = await referred(service)
    browser, csrf = await service.browser("water")
    page = await browser.get("/agency")
    assert f'action="/cases/{case_id}/accept"' in page.text
    back = "/agency?status=open"
    took = await browser.post(f"/cases/{case_id}/accept", data={"csrf": csrf, "back": back})
    assert took.headers["location"] == f"{back}&notice=accepted"
    for verb, fields in (("progress", {"note": "在修"}), ("return", {"reason": "不归我们"})):
        answer = await browser.post(f"/cases/{case_id}/{verb}", data={"csrf": csrf, "back": back, **fields})
        assert answer.status_code == 303, answer.text
    assert case_id not in (await browser.get("/agency")).text
    assert "不归我们" in (await browser.get("/agency?status=returned")).text
    wrong = await browser.get("/agency?status=odd")
    assert wrong.status_code == 400
    assert (await (await service.person("rider1")).get("/agency")).status_code == 403


async def test_levels_over_http(service: Service, problem: Check) -> None:
    case_id = (await service.report(category="dispute"))["case_id"]
    decided = await service.act("watcher01-01", case_id, "decide", decision="raise", reason="谈不拢")
    assert decided.status_code == 200, decided.text
    problem(
        await service.act(
            "watcher01-01", case_id, "decide", decision="settle", level="community", reason="x"
        ),
        403,
        "level_not_yours",
    )
    called = await service.act("desk", case_id, "decide", decision="raise", reason="吹哨")
    assert called.json()["status"] == "referred"
    street = await service.person("sub_district")
    service.clock.at += timedelta(minutes=5)
    assert (await street.get(f"{API}/referrals")).json()["total"] == 1
    assert (
        await service.act("sub_district", case_id, "refer", agency="roads", reason="报到")
    ).status_code == 200
    seen = (await street.get(f"{API}/cases/{case_id}")).json()
    assert [(one["level"], one["decision"]) for one in seen["levels"]] == [
        ("courtyard", "raise"),
        ("community", "raise"),
        ("sub_district", "refer"),
    ]
    assert [(one["agency"], one["from_agency"]) for one in seen["referrals"]] == [
        ("sub_district", None),
        ("roads", "sub_district"),
    ]
    assert seen["legal"] == []
