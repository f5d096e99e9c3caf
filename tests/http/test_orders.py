"""Orders over HTTP and by form: bad input, who sees what, and the bar of pages."""

from datetime import timedelta
from uuid import uuid4

from tests.factories import at
from tests.http.conftest import API, Check, Json, Service


def wanted(service: Service, starts_h: float = 1, **fields) -> Json:
    lon, lat = at(50, 65)
    starts = service.clock.at + timedelta(hours=starts_h)
    times = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=1)).isoformat()}
    return {"id": str(uuid4()), "category": "meal_delivery", "lon": lon, "lat": lat, **times, **fields}


async def test_ordered_taken_and_seen_by_those_it_concerns(service: Service) -> None:
    await service.on_duty("rider1", (40, 2))
    resident, rider, desk, other = [
        await service.person(name) for name in ("resident", "rider1", "desk", "watcher02-02")
    ]
    body = wanted(service, summary="午饭一份", floor="6", flat="602", note="门铃坏了")
    made = await resident.post(f"{API}/orders", json=body)
    assert made.status_code == 201, made.text
    assert made.json()["private"]["note"] == "门铃坏了"
    assert (await resident.post(f"{API}/orders", json=body)).json()["id"] == body["id"]
    (seat,) = made.json()["occurrences"]
    assert (seat["state"], seat["case_status"]) == ("opened", "offered")
    (offer,) = (await rider.get(f"{API}/me/offers")).json()["items"]
    assert offer["case"]["window"]["starts_at"].startswith(body["starts_at"][:16])
    url = f"{API}/orders/{body['id']}"
    assert (await rider.get(url)).status_code == 404
    assert (await service.act("rider1", seat["case_id"], "accept")).status_code == 200
    assert (await rider.get(url)).json()["private"]["flat"] == "602"
    assert (await other.get(url)).status_code == 404
    assert (await other.get(f"{API}/orders")).json()["total"] == 0
    for who in (resident, desk, rider):
        page = (await who.get(f"{API}/orders", params={"status": "active", "from": "2026-06-03"})).json()
        assert (page["total"], page["items"][0]["private"]) == (1, None)
    assert (await desk.get(f"{API}/orders", params={"mine": "true"})).json()["total"] == 0
    assert (await desk.get(f"{API}/orders", params={"to": "2026-06-02"})).json()["total"] == 0
    for who in (rider, desk, other, resident):
        for path in ("cases", "reports", "me/notices"):
            assert "门铃" not in (await who.get(f"{API}/{path}")).text
    gone = await resident.post(f"{url}/cancel", json={"reason": "吃过了"})
    assert (gone.json()["status"], gone.json()["occurrences"][0]["state"]) == ("cancelled", "cancelled")
    kinds = [one["kind"] for one in (await rider.get(f"{API}/me/notices")).json()["items"]]
    assert kinds[0] == "cancelled"


async def test_bad_input(service: Service, problem: Check) -> None:
    resident, rider, desk = [await service.person(name) for name in ("resident", "rider1", "desk")]
    lon, lat = at(5000, 50)
    for fields, code in (
        ({"category": "gas_smell"}, "order_category"),
        ({"category": "nonsense"}, "category_unknown"),
        ({"starts_h": -2}, "order_window_past"),
        ({"ends_at": "2026-06-03T03:00:00Z"}, "order_window_order"),
        ({"ends_at": "9999-12-31T23:59:59Z"}, "order_window_long"),
        ({"seats": 99}, "order_seats"),
        ({"repeat": "daily"}, "order_without_end"),
        ({"repeat": "sometimes"}, "order_repeat"),
        ({"repeat": "daily", "until": "9999-12-31"}, "order_too_long"),
        ({"lon": lon, "lat": lat}, "position_outside_community"),
        ({"lon": None, "lat": None}, "order_place_missing"),
        ({"lon": None, "lat": None, "building": str(uuid4())}, "building_unknown"),
        ({"for_name": "王奶奶"}, "consent_missing"),
        ({"starts_at": "gestern"}, "field_not_date"),
    ):
        problem(await resident.post(f"{API}/orders", json=wanted(service, **fields)), 400, code)
    problem(await rider.post(f"{API}/orders", json=wanted(service)), 403, "not_allowed")
    problem(await desk.post(f"{API}/orders", json=wanted(service)), 400, "order_for_whom")
    body = wanted(service)
    assert (await resident.post(f"{API}/orders", json=body)).status_code == 201
    problem(await desk.post(f"{API}/orders", json=body), 409, "order_id_reused")
    url = f"{API}/orders/{body['id']}/cancel"
    problem(await resident.post(url, json={}), 400, "reason_needed")
    problem(await resident.post(url, json={"reason": "x", "day": "2030-01-01"}), 404, "order_day_unknown")
    problem(await rider.post(url, json={"reason": "x"}), 404, "order_not_found")
    problem(await resident.get(f"{API}/orders/{uuid4()}"), 404, "order_not_found")
    problem(await resident.get(f"{API}/orders", params={"cursor": "x"}), 400, "cursor_invalid")


async def test_the_form_works_without_scripts(service: Service) -> None:
    client, csrf = await service.browser("resident")
    page = (await client.get("/orders")).text
    assert 'value="company_clinic"' in page
    assert 'value="company_clinic"' not in (await client.get("/report")).text
    fields = {
        "csrf": csrf,
        "id": str(uuid4()),
        "category": "shopping",
        "day": "1",
        "hours": "14:00-16:00",
        "building": str(service.community.buildings["01-01"]),
        "repeat": "weekly",
        "weekdays": ["4", "6"],
        "until": "2026-06-30",
        "note": "买药",
    }
    wrong = await client.post("/orders", data=fields | {"until": ""})
    assert "重复的点单要选结束日期" in wrong.text
    assert "买药" in wrong.text
    sent = await client.post("/orders", data=fields)
    assert sent.headers["location"] == "/orders?notice=ordered", sent.text[:2000]
    shown = (await client.get("/orders")).text
    assert "买药" in shown
    assert "6月4日" in shown or "06-04" in shown
    english = (await client.get("/orders?lang=en")).text
    assert "Cancel this order" in english
    gone = await client.post(f"/orders/{fields['id']}/cancel", data={"csrf": csrf, "reason": "不用了"})
    assert gone.headers["location"] == "/orders?notice=order_cancelled"
    assert "已取消" in (await client.get("/orders?lang=zh")).text


async def test_what_is_rarely_used_is_behind_more(service: Service) -> None:
    client, _ = await service.browser("desk")
    page = (await client.get("/")).text
    bar, _, rest = page.partition("<nav")[2].partition('<details class="more"')
    assert bar.count("<a href") == 4
    assert 'href="/plates"' in rest
    resident, _ = await service.browser("resident")
    assert 'class="more"' not in (await resident.get("/")).text
