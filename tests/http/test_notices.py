"""Notices over HTTP: one's own only, live and by polling, as a page; robots for administrators alone."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import aclosing
from uuid import uuid4

import pytest

from api.events import Ear
from api.routes.notices import notice_out
from api.streams import stream
from gis.flows.notify import notify
from gis.people.permissions import scope_of
from gis.words import Notice
from tests.http.conftest import API, Check, Service
from tests.receiver import Receiver, receiving


@pytest.fixture
def receiver(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with receiving() as found:
        service.app.state.parts.settings.robots.origins = (found.origin,)
        yield found
        service.app.state.parts.settings.robots.origins = ()


async def tell(service: Service, *usernames: str, **fields) -> None:
    people = tuple(service.community.id(name) for name in usernames)
    async with service.app.state.parts.work() as work:
        await notify(
            work, service.community.community_id, Notice(fields.pop("kind", "overdue"), people, **fields)
        )


async def test_a_list_of_ones_own_in_ones_language(service: Service) -> None:
    case_id = (await service.report())["case_id"]
    for number in range(3):
        await tell(service, "desk", "grid01", case_id=case_id, key=str(number), data={"level": 3})
    desk = await service.person("desk")
    page = (await desk.get(f"{API}/me/notices?limit=2&lang=en")).json()
    assert (len(page["items"]), page["total"], page["unread"]) == (2, 3, 3)
    first = page["items"][0]
    assert first["title"] == "A deadline has passed"
    assert first["line"].endswith("for the community desk")
    assert first["url"] == f"/cases/{case_id}"
    rest = (await desk.get(f"{API}/me/notices?limit=2&cursor={page['next']}")).json()
    assert (len(rest["items"]), rest["next"]) == (1, None)
    assert rest["items"][0]["title"] == "已超过时限"
    left = await desk.post(f"{API}/me/notices/read", json={"ids": [first["id"]]})
    assert left.json() == {"unread": 2}
    assert (await desk.get(f"{API}/me/notices?unread=true")).json()["total"] == 2
    other = await service.person("grid02")
    await other.post(f"{API}/me/notices/read", json={})
    assert (await other.get(f"{API}/me/notices")).json()["total"] == 0
    assert (await desk.post(f"{API}/me/notices/read", json={})).json() == {"unread": 0}
    third = await service.person("grid01")
    assert (await third.get(f"{API}/me/notices?unread=true")).json()["total"] == 3


@pytest.mark.parametrize("query", ["cursor=x", "cursor=9999999999999999999999", "limit=0", "unread=maybe"])
async def test_bad_questions(service: Service, query: str) -> None:
    assert (await (await service.person("desk")).get(f"{API}/me/notices?{query}")).status_code == 400


async def test_a_notice_is_heard_by_its_person_alone(service: Service) -> None:
    hub = service.app.state.parts.hub

    def ear(username: str) -> Ear:
        return Ear(
            service.community.id(username),
            lambda row: b"event: notice\ndata: %s\n\n" % notice_out(row, "zh", {}).model_dump_json().encode(),
        )

    scope = scope_of(service.community.people["desk"])
    mine, other = hub.join(scope, "token", ear("desk")), hub.join(scope, "token", ear("admin"))
    async with aclosing(stream(hub, mine, None)) as heard:
        assert (await anext(heard)).startswith(b"retry")
        await asyncio.sleep(0.1)
        await tell(service, "desk", key="1")
        text = (await asyncio.wait_for(anext(heard), 30)).decode()
    told = json.loads(text.partition("data: ")[2])
    assert text.startswith("event: notice\n")
    assert "\nid:" not in text
    assert (told["kind"], told["title"]) == ("overdue", "已超过时限")
    assert other.queue.empty()
    for one in (mine, other):
        hub.leave(one)


async def test_the_bell_and_the_page_work_without_scripts(service: Service) -> None:
    case_id = (await service.report())["case_id"]
    await tell(service, "desk", case_id=case_id, data={"title": "<b>x</b>"})
    client, csrf = await service.browser("desk")
    home = (await client.get("/desk")).text
    assert "data-unread>1<" in home.replace(" hidden", "")
    page = (await client.get("/notices")).text
    assert "已超过时限" in page
    assert "<b>x</b>" not in page
    one = (await client.get(f"{API}/me/notices")).json()["items"][0]
    fields = {"csrf": csrf, "id": one["id"], "back": one["url"]}
    opened = await client.post("/notices/read", data=fields)
    assert (opened.status_code, opened.headers["location"]) == (303, f"/cases/{case_id}")
    assert "没有通知" in (await client.get("/notices?unread=1")).text
    abroad = await client.post("/notices/read", data={"csrf": csrf, "back": "https://example.com"})
    assert abroad.headers["location"].startswith("/notices")


async def test_robots_are_kept_by_administrators_and_their_keys_are_not_shown(
    service: Service, receiver: Receiver, problem: Check
) -> None:
    for username in ("desk", "planner", "rider1"):
        client = await service.person(username)
        problem(await client.get(f"{API}/robots"), 403, "not_allowed")
    admin = await service.person("admin")
    body = {"kind": "feishu", "address": receiver.address("feishu"), "name": "值班群"}
    made = await admin.post(f"{API}/robots", json=body)
    assert made.status_code == 201, made.text
    assert made.json()["enabled"] is False
    assert "key-1234" not in made.text
    robot_id = made.json()["id"]
    tried = await admin.post(f"{API}/robots/{robot_id}/test")
    assert tried.json() == {"state": "sent", "detail": ""}
    assert receiver.texts == ["微网通知测试：这个群能收到消息。"]
    changed = await admin.post(f"{API}/robots", json={"id": robot_id, "enabled": True, "kinds": ["overdue"]})
    assert (changed.json()["enabled"], changed.json()["kinds"]) == (True, ["overdue"])
    listed = (await admin.get(f"{API}/robots")).json()
    assert (listed["total"], listed["items"][0]["name"]) == (1, "值班群")
    assert (await admin.delete(f"{API}/robots/{robot_id}")).status_code == 204
    problem(await admin.post(f"{API}/robots/{robot_id}/test"), 404, "robot_not_found")


async def test_robots_of_other_hosts_are_refused(service: Service, problem: Check) -> None:
    admin = await service.person("admin")
    for address in ("http://127.0.0.1:8000/cgi-bin/webhook/send?key=abcdef", "file:///etc/passwd", "x"):
        answer = await admin.post(f"{API}/robots", json={"kind": "wecom", "address": address})
        problem(answer, 400, "robot_host_refused")
    official = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abcdef"
    answer = await admin.post(
        f"{API}/robots", json={"kind": "wecom", "address": official, "kinds": ["gossip"]}
    )
    problem(answer, 400, "notice_kind_unknown")
    answer = await admin.post(f"{API}/robots", json={"id": str(uuid4()), "enabled": True})
    problem(answer, 400, "robot_kind_unknown")


async def test_quiet_hours_are_set_by_administrators(service: Service, problem: Check) -> None:
    admin = await service.person("admin")
    assert (await admin.get(f"{API}/quiet_hours")).json() == {"from": "22:00", "to": "07:00"}
    body = {"from": "23:30", "to": "06:00"}
    assert (await admin.put(f"{API}/quiet_hours", json=body)).json() == body
    assert (await admin.get(f"{API}/quiet_hours")).json() == body
    problem(await admin.put(f"{API}/quiet_hours", json={"from": "9", "to": "10"}), 400, "quiet_hours_invalid")
    assert (await admin.put(f"{API}/quiet_hours", json={})).json() is None
    assert (await admin.get(f"{API}/quiet_hours")).json() is None
