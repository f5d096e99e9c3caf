"""Two hosts over one database, the first with two processes, behave as one."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from gis.store.session import Database
from tests import server
from tests.extent import only_whole
from tests.factories import at, draw_community
from tests.hosts import Host, Hosts, two_hosts
from tests.http.conftest import API, photo_bytes, report_fields
from tests.plain import NO_TLS

pytestmark = [pytest.mark.fault, only_whole]
PATIENCE_S = 30.0
"""Longer than the slowest machine takes to pass word on; nothing is looked at again by itself in this time."""
LISTENERS = (
    "FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'SELECT 1' AND state = 'idle'"
)


@pytest.fixture(scope="module")
async def hosts(worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hosts]:
    """Give two hosts for all tests of this file; they share the folder of photos, as hosts without S3 have to."""
    folder = tmp_path_factory.mktemp("shared")
    with server.new_database(f"{worker_id}_hosts") as url:
        database = Database(url)
        async with database.write() as session:
            community = await draw_community(session)
        await database.close()
        settings = {"WEIWANG_DISPATCH__OFFER_S": "1", "WEIWANG_WATCH__SCRAPERS": '["10.0.0.0/8"]'}
        async with two_hosts(url, community, (folder, folder), **settings) as found:
            yield found


async def until(look: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(PATIENCE_S):
        while not await look():  # noqa: ASYNC110 - it is the other host that is watched
            await asyncio.sleep(0.01)


def status(client: httpx.AsyncClient, path: str = f"{API}/me") -> Callable[[], Awaitable[int]]:
    async def ask() -> int:
        return (await client.get(path)).status_code

    return ask


async def filed(hosts: Hosts, host: Host, username: str = "resident", **fields: Any) -> dict:
    client = await hosts.person(host, username)
    answer = await client.post(f"{API}/reports", json=report_fields(**fields))
    assert answer.status_code == 201, answer.text
    return answer.json()


@asynccontextmanager
async def page(client: httpx.AsyncClient) -> AsyncIterator[AsyncIterator[dict]]:
    """Open an event stream, and give its events from when it has begun."""
    async with client.stream("GET", f"{API}/events") as answer:
        lines = answer.aiter_lines()

        async def events() -> AsyncIterator[dict]:
            name = ""
            async for line in lines:
                name = line.removeprefix("event: ") if line.startswith("event: ") else name
                if line.startswith("data: "):
                    yield {"event": name, **json.loads(line.removeprefix("data: "))}

        told = events()
        assert (await anext(told))["event"] == "hello"
        yield told


async def test_a_page_at_b_hears_of_an_act_at_a(hosts: Hosts) -> None:
    client = await hosts.person(hosts.b, "desk")
    async with page(client) as told:
        report = await filed(hosts, hosts.a)
        heard = await asyncio.wait_for(anext(told), PATIENCE_S)
        assert heard["case_id"] == report["case_id"]


async def test_sign_out_at_a_is_at_once_so_at_b(hosts: Hosts) -> None:
    token = await hosts.session("grid01")
    phone = await hosts.b.client(token)
    async with page(phone) as told:
        assert await status(phone)() == 200
        assert (await (await hosts.a.client(token)).delete(f"{API}/session")).status_code == 204
        refused = status(phone)

        async def out() -> bool:
            return await refused() == 401

        await until(out)
        with pytest.raises(StopAsyncIteration):  # its stream has ended, too
            await asyncio.wait_for(anext(told), PATIENCE_S)


async def test_while_b_hears_nothing_it_believes_nothing(hosts: Hosts) -> None:
    token = await hosts.session("grid02")
    phone = await hosts.b.client(token)
    assert await status(phone)() == 200

    async def all_hear() -> bool:
        return len(await hosts.rows(f"SELECT pid {LISTENERS}")) >= 3  # both processes of A, and B

    await until(all_hear)
    await hosts.rows(f"SELECT pg_terminate_backend(pid) {LISTENERS}")
    assert (await (await hosts.a.client(token)).delete(f"{API}/session")).status_code == 204
    assert await status(phone)() == 401
    await until(all_hear)


async def test_whoever_guesses_passwords_waits_at_both_processes_of_a(hosts: Hosts) -> None:
    """Each attempt is a connection of its own, which either of the two takes."""
    wrong = {"username": "rider1", "password": "not this"}
    answers: list[int] = []
    # two that know nothing of each other would let sixteen through
    while 429 not in answers and len(answers) < 16:
        async with httpx.AsyncClient(base_url=hosts.a.url, timeout=30, verify=NO_TLS) as client:
            answers.append((await client.post(f"{API}/session", json=wrong)).status_code)
    assert answers[:8] == [401] * 8
    assert answers[-1] == 429


async def test_figures_of_a_are_those_of_both_its_processes(hosts: Hosts) -> None:
    async def told(name: str) -> list[float]:
        """Ask several times, each time over a connection of its own, which either of the two takes."""
        found = []
        for _ in range(6):
            async with httpx.AsyncClient(base_url=hosts.a.url, timeout=30, verify=NO_TLS) as client:
                lines = (await client.get("/metrics")).text.splitlines()
            found.append(sum(float(one.rsplit(" ", 1)[1]) for one in lines if one.startswith(name)))
        return found

    name = 'weiwang_http_requests_total{method="GET",route="/ogc/conformance"'
    before = await told(name)
    for _ in range(10):
        async with httpx.AsyncClient(base_url=hosts.a.url, timeout=30, verify=NO_TLS) as client:
            assert (await client.get("/ogc/conformance")).status_code == 200
    assert await told(name) == [before[0] + 10] * 6
    memory = await told("process_resident_memory_bytes")
    assert min(memory) > 0.8 * max(memory) > 2e8


async def test_who_loses_a_post_at_a_is_out_at_b(hosts: Hosts) -> None:
    phone = await hosts.person(hosts.b, "rider3")
    assert await status(phone)() == 200
    office = httpx.AsyncClient(base_url=hosts.a.url, timeout=30, verify=NO_TLS)
    async with office:
        body = {"username": "admin", "password": "weiwang-test"}
        csrf = (await office.post(f"{API}/session", json=body)).json()["csrf"]
        path = f"/admin/people/{hosts.id('rider3')}/deactivate"
        assert (await office.post(path, data={"csrf": csrf})).status_code == 303
    refused = status(phone)

    async def out() -> bool:
        return await refused() == 401

    await until(out)


async def test_boundaries_published_at_a_are_snapped_to_at_b(hosts: Hosts) -> None:
    desk, elsewhere = await hosts.person(hosts.a, "desk"), await hosts.person(hosts.b, "desk")
    lon, lat = at(70, 50)
    where = {"lon": lon, "lat": lat, "accuracy_m": 1}

    async def cell() -> str:
        return (await elsewhere.get(f"{API}/locate", params=where)).json()["micro_grid"]["code"]

    before = await cell()
    draft = (await desk.post(f"{API}/boundaries/drafts", json={"name": "挪一挪"})).json()
    move = {
        "kind": "move_part",
        "building": str(hosts.community.buildings["01-01"]),
        "unit": "2",
        "to": "02-01",
    }
    path = f"{API}/boundaries/drafts/{draft['id']}"
    assert (await desk.post(f"{path}/edits", json=move | {"position": 0})).status_code == 200
    assert (await desk.post(f"{path}/publish", json={"position": 1})).status_code == 200
    cells = (await elsewhere.get(f"{API}/areas", params={"level": "micro_grid"})).json()["features"]
    assert len(cells) == 4
    report = await filed(hosts, hosts.b, where=(70, 50))
    (version,) = await hosts.rows(
        f"SELECT area_version FROM \"case\" WHERE community_id = 'test' AND case_id = '{report['case_id']}'"
    )
    assert version == (2,)
    assert (before, report["place"]["micro_grid"]["code"]) == ("01-01", await cell())


async def test_a_category_given_up_at_a_is_refused_at_b(hosts: Hosts) -> None:
    await filed(hosts, hosts.b, category="noise", where=(150, 150))
    async with httpx.AsyncClient(base_url=hosts.a.url, timeout=30, verify=NO_TLS) as office:
        body = {"username": "admin", "password": "weiwang-test"}
        csrf = (await office.post(f"{API}/session", json=body)).json()["csrf"]
        fields = {
            "csrf": csrf,
            "name": "噪声",
            "name_en": "Noise",
            "answer_s": "5",
            "on_site_s": "10",
            "resolve_s": "30",
        }
        fields |= {"counting": "wall", "agency": ""}  # and not "active"
        answer = await office.post("/admin/categories/noise", data=fields)
        assert answer.status_code == 303, answer.status_code
    client = await hosts.person(hosts.b, "resident")

    async def refused() -> bool:
        answer = await client.post(f"{API}/reports", json=report_fields(category="noise", where=(150, 150)))
        return answer.status_code == 400

    await until(refused)


async def test_of_accepts_at_both_one_wins(hosts: Hosts) -> None:
    case_id = (await filed(hosts, hosts.a, category="sewer", where=(35, 20), separate=True))["case_id"]
    racers = [
        await hosts.person(host, name)
        for host in (hosts.a, hosts.b)
        for name in ("watcher01-01", "watcher01-02", "grid01")
    ]
    for one in racers[:2]:
        await one.put(f"{API}/me/duty", json={"on": True})
    answers = await asyncio.gather(*(one.post(f"{API}/cases/{case_id}/accept") for one in racers * 3))
    assert {one.status_code for one in answers} <= {200, 403, 404, 409}
    won = {answers[n].request.headers["Authorization"] for n in range(len(answers)) if answers[n].is_success}
    assert len(won) == 1
    (accepted,) = await hosts.rows(
        f"SELECT count(*) FROM event WHERE community_id = 'test' AND case_id = '{case_id}' AND verb = 'accept'"
    )
    assert accepted == (1,)


async def test_an_upload_goes_on_elsewhere_and_its_photos_are_served_everywhere(hosts: Hosts) -> None:
    a, b = await hosts.person(hosts.a, "rider2"), await hosts.person(hosts.b, "rider2")
    photos = [photo_bytes(71), photo_bytes(72)]
    names = [hashlib.sha256(one).hexdigest() for one in photos]
    fields = report_fields(manifest=names, where=(150, 30))
    path = f"{API}/reports/{fields.pop('id')}"
    assert (await a.put(path, json=fields)).status_code == 201
    stored = [
        (await host.put(f"{path}/photos/{name}", content=photo)).json()["id"]
        for host, name, photo in zip((b, a), names, photos, strict=True)
    ]
    assert (await b.get(path)).json()["complete"] is True
    for photo_id in stored:
        seen = [await host.get(f"{API}/photos/{photo_id}/view") for host in (a, b)]
        assert [one.status_code for one in seen] == [200, 200]
        assert seen[0].content == seen[1].content


async def test_jobs_of_both_are_done_once(hosts: Hosts) -> None:
    """Files are ordered at both; every job was begun once, and so was each minute's."""
    desks = [await hosts.person(host, "desk") for host in (hosts.a, hosts.b)]
    body = {"layer": "areas", "format": "csv"}
    ordered = await asyncio.gather(*(desks[n % 2].post(f"{API}/exports", json=body) for n in range(3)))
    ids = {one.json()["id"] for one in ordered}

    async def all_done() -> bool:
        items = (await desks[1].get(f"{API}/exports")).json()["items"]
        return {one["state"] for one in items if one["id"] in ids} == {"done"}

    await until(all_done)
    for host in desks:  # the folder of ordered files is shared, too
        assert (await host.get(f"{API}/exports/{min(ids)}/file")).status_code == 200
    began = """SELECT j.task_name FROM procrastinate_jobs j JOIN procrastinate_events e ON e.job_id = j.id
        WHERE e.type = 'started' GROUP BY j.id, j.task_name HAVING count(*) > 1"""
    assert await hosts.rows(began) == []
    minutes = """SELECT task_name, args->>'timestamp' FROM procrastinate_jobs WHERE args ? 'timestamp'
        GROUP BY 1, 2 HAVING count(*) > 1"""
    assert await hosts.rows(minutes) == []
