"""Searches for missing people over HTTP: one act, seen by those who were called, pictures too, ended for all."""

from __future__ import annotations

from uuid import uuid4

from gis.settings import ResidentSettings
from tests.factories import at
from tests.http.conftest import API, Check, Service, photo_bytes
from tests.http.test_pages import signed_in
from tests.http.test_residents import record


async def begun(service: Service, **fields: object) -> dict:
    """Let the desk begin a search near rider1, who is on duty; rider2 is far away."""
    service.app.state.parts.settings.residents = ResidentSettings(search_radius_m=70.0)
    await service.on_duty("rider1", (30, 0))
    await service.on_duty("rider2", (200, 190))
    lon, lat = at(20, 20)
    body = {
        "id": str(uuid4()),
        "name": "王奶奶",
        "description": "紫色棉衣",
        "phone": "13800001234",
        "lon": str(lon),
        "lat": str(lat),
        "place_text": "六纬路2号门口",
        "people": "4",
    }
    desk = await service.person("desk")
    answer = await desk.post(
        f"{API}/missing", data=body | fields, files={"photo": ("a.jpg", photo_bytes(3), "image/jpeg")}
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_those_who_were_called_see_it_and_tick_streets_off(service: Service, problem: Check) -> None:
    search = await begun(service)
    path = f"{API}/missing/{search['id']}"
    rider, far, desk = [await service.person(name) for name in ("rider1", "rider2", "desk")]
    shown = (await rider.get(path)).json()
    assert (shown["name"], shown["phone"], shown["leading"], shown["radius_m"]) == (
        "王奶奶",
        "138****1234",
        False,
        70.0,
    )
    problem(await far.get(path), 404, "missing_not_found")
    photo = shown["photos"][0]["view_url"]
    assert (await rider.get(photo)).headers["content-type"] == "image/jpeg"
    assert (await far.get(photo)).status_code == 404
    assert (await rider.post(f"{path}/call")).json() == {"number": "13800001234"}
    streets = (await rider.get(f"{path}/streets")).json()["features"]
    assert streets[0]["geometry"]["type"] == "LineString"
    assert (
        await rider.post(f"{path}/streets/{streets[0]['id']}", json={"searched": True})
    ).status_code == 204
    assert (await desk.get(path)).json()["searched"] == 1
    problem(await rider.post(f"{path}/streets/{uuid4()}", json={}), 404, "street_not_of_search")
    problem(await rider.post(f"{path}/end", json={"outcome": "found"}), 403, "not_allowed")
    problem(await desk.post(f"{path}/end", json={"outcome": "lost"}), 400, "field_not_one_of")
    assert (await desk.post(f"{path}/end", json={"outcome": "found", "words": "平安"})).json()[
        "status"
    ] == "found"
    over = (await rider.get(path)).json()
    assert (over["status"], over["name"], over["description"], over["phone"], over["photos"]) == (
        "found",
        "",
        "",
        "",
        [],
    )
    assert (await rider.get(photo)).status_code == 404
    assert (await rider.post(f"{path}/call")).status_code == 404
    problem(await desk.post(f"{path}/end", json={"outcome": "stood_down"}), 409, "search_over")


async def test_begun_by_form_from_a_record(service: Service) -> None:
    _, resident = await record(service)
    await service.on_duty("rider1", (30, 0))
    client, csrf = await signed_in(service, "watcher01-01")
    form = await client.get(f"/missing/new?resident={resident}")
    assert "王秀英" in form.text
    typed = {
        "csrf": csrf,
        "id": str(uuid4()),
        "resident": resident,
        "description": "",
        "people": "5",
        "place_text": "门口",
    }
    wrong = await client.post("/missing", data=typed)
    assert (wrong.status_code, 'value="门口"' in wrong.text, 'id="error-description"' in wrong.text) == (
        400,
        True,
        True,
    )
    sent = await client.post("/missing", data=typed | {"description": "灰帽子"})
    assert (sent.status_code, sent.headers["location"]) == (
        303,
        f"/missing/{typed['id']}?notice=search_begun",
    )
    page = await client.get(f"/missing/{typed['id']}")
    assert "灰帽子" in page.text
    assert "13900005678" not in page.text
    called = await client.post(f"/missing/{typed['id']}/call", data={"csrf": csrf})
    assert 'href="tel:13900005678"' in called.text
    muster = page.text.split('data-muster="')[1][:36]
    assert f"/missing/{typed['id']}" in (await (await service.person("desk")).get(f"/musters/{muster}")).text
    street = page.text.split('data-street="')[1][:36]
    ticked = await client.post(
        f"/missing/{typed['id']}/streets/{street}", data={"csrf": csrf, "searched": "true"}
    )
    assert ticked.headers["location"].endswith("notice=street_searched")
    ended = await client.post(
        f"/missing/{typed['id']}/end", data={"csrf": csrf, "outcome": "found", "words": "在家"}
    )
    assert ended.headers["location"].endswith("notice=search_ended")


async def test_who_may_begin_and_what_is_wrong(service: Service, problem: Check) -> None:
    lon, lat = at(20, 20)
    body = {"name": "王奶奶", "description": "紫色棉衣", "lon": lon, "lat": lat}
    for username in ("rider1", "resident", "planner", "water", "watcher01-01"):
        problem(await (await service.person(username)).post(f"{API}/missing", json=body), 403, "not_allowed")
    desk = await service.person("desk")
    for fields, code, field in (
        ({"lon": None, "lat": None}, "muster_place_missing", "building"), ({"seen_at": "2030-01-01T10:00"}, "seen_in_future", "seen_at"),
        ({"seen_at": "soon"}, "date_invalid", "seen_at"), ({"phone": "x"}, "phone_invalid", "phone"), ({"people": 0}, "field_too_small", "people"),
        ({"lon": "NaN"}, "position_not_finite", None), ({"name": "\x00"}, "field_not_text", "name"),
    ):  # fmt: skip
        found = problem(await desk.post(f"{API}/missing", json=body | fields), 400, code)
        if field:
            assert [one["field"] for one in found["errors"]] == [field]
    assert (await desk.get("/missing")).status_code == 200
    assert (await (await service.person("water")).get("/missing")).status_code == 403
