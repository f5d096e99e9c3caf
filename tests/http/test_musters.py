"""Musters over HTTP: one act calls, one tap answers, and everybody watches it fill."""

import asyncio
import json
from contextlib import aclosing
from uuid import uuid4

from api.events import Ear
from api.streams import stream
from gis.people.permissions import scope_of
from tests.factories import at
from tests.http.conftest import API, Check, Service


def place(x_m: float = 50, y_m: float = 50) -> dict[str, float]:
    lon, lat = at(x_m, y_m)
    return {"lon": lon, "lat": lat}


async def on_duty(service: Service, *usernames: str) -> None:
    for number, username in enumerate(usernames):
        await service.on_duty(username, (40.0 + 5 * number, 2.0))


async def test_one_act_calls_and_one_tap_answers(service: Service) -> None:
    await on_duty(service, "rider1", "rider2", "rider3")
    desk = await service.person("desk")
    body = {"id": str(uuid4()), "title": "积水", "people": 2, **place()}
    made = await desk.post(f"{API}/musters", json=body)
    assert made.status_code == 201, made.text
    assert (await desk.post(f"{API}/musters", json=body)).json() == made.json()
    assert (made.json()["called"], len(made.json()["calls"])) == (3, 3)
    rider = await service.person("rider1")
    seen = (await rider.get(f"{API}/musters/{body['id']}")).json()
    assert (seen["mine"]["status"], seen["calls"]) == ("called", [])
    url = f"{API}/musters/{body['id']}"
    assert (await rider.post(f"{url}/answer", json={"coming": True})).json()["coming"]["people"] == 1
    assert (await rider.post(f"{url}/arrive")).json()["arrived"]["people"] == 1
    other = await service.person("rider2")
    assert (await other.post(f"{url}/answer", json={"coming": False})).json()["mine"]["status"] == "declined"
    assert (await other.get(f"{API}/musters")).json()["total"] == 1
    assert (await (await service.person("resident")).get(f"{API}/musters")).json()["total"] == 0
    over = (await desk.post(f"{url}/stand_down")).json()
    assert (over["status"], over["arrived"]["people"]) == ("stood_down", 1)


async def test_refusals(service: Service, problem: Check) -> None:
    desk, rider = await service.person("desk"), await service.person("rider1")
    problem(await rider.post(f"{API}/musters", json={"people": 1, **place()}), 403, "not_allowed")
    problem(await desk.post(f"{API}/musters", json={"people": 1}), 400, "muster_place_missing")
    problem(await desk.post(f"{API}/musters", json=place()), 400, "muster_nobody")
    problem(
        await desk.post(f"{API}/musters", json={"people": 1, "case_id": str(uuid4())}), 404, "case_not_found"
    )
    problem(
        await desk.post(f"{API}/musters", json={"people": 1, "building": str(uuid4())}),
        400,
        "building_unknown",
    )
    problem(await desk.get(f"{API}/musters/{uuid4()}"), 404, "muster_not_found")
    answer = await rider.post(f"{API}/musters/{uuid4()}/answer", json={"coming": True})
    problem(answer, 404, "muster_not_found")


async def test_news_of_a_muster_is_heard_by_the_office_and_those_called(service: Service) -> None:
    await on_duty(service, "rider1")
    hub = service.app.state.parts.hub
    ears = {
        name: hub.join(
            scope_of(service.community.people[name]),
            name,
            Ear(service.community.id(name), lambda row: b"", all_musters=name == "desk"),
        )
        for name in ("desk", "rider1", "rider2")
    }
    async with aclosing(stream(hub, ears["desk"], None)) as heard:
        await anext(heard)
        await asyncio.sleep(0.1)
        desk = await service.person("desk")
        made = (await desk.post(f"{API}/musters", json={"people": 1, **place()})).json()
        text = (await asyncio.wait_for(anext(heard), 30)).decode()
    assert text.startswith("event: muster\n")
    assert json.loads(text.partition("data: ")[2]) == {"muster_id": made["id"], "verb": "call"}
    assert not ears["rider1"].queue.empty()
    assert ears["rider2"].queue.empty()
    for one in ears.values():
        hub.leave(one)


async def test_pages_work_without_scripts(service: Service) -> None:
    await on_duty(service, "rider1")
    client, csrf = await service.browser("desk")
    page = (await client.get("/musters")).text
    assert 'name="people"' in page
    fields = {"csrf": csrf, "id": str(uuid4()), "title": "积水", "people": "1", "vehicles": "0", "skills": []}
    assert "请选择集结地点" in (await client.post("/musters", data=fields)).text
    building = str(service.community.buildings["01-01"])
    sent = await client.post("/musters", data=fields | {"building": building, "lon": "", "lat": ""})
    assert sent.headers["location"] == f"/musters/{fields['id']}?notice=mustered", sent.text[:3000]
    assert "等待答复" in (await client.get(sent.headers["location"])).text
    rider, rider_csrf = await service.browser("rider1")
    assert "马上来" in (await rider.get("/tasks")).text
    url = f"/musters/{fields['id']}"
    for act, form in (("answer", {"coming": "true"}), ("arrive", {})):
        done = await rider.post(f"{url}/{act}", data={"csrf": rider_csrf, "back": "/tasks", **form})
        assert done.headers["location"].startswith("/tasks?notice="), done.text[:500]
    assert "已到达" in (await client.get(url)).text
    assert (await client.post(f"{url}/stand_down", data={"csrf": csrf})).status_code == 303
    late = await rider.post(f"{url}/answer", data={"csrf": rider_csrf, "coming": "false"})
    assert late.status_code == 409
    assert "集结已经解除" in late.text
