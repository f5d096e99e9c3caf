"""The live stream: what happens is heard by whom it concerns, nothing twice, nothing lost."""

import asyncio
import json
from contextlib import asynccontextmanager

import psycopg

from api.events import POLL_S, EventHub
from api.streams import stream
from gis.people.permissions import scope_of
from gis.views.events import StreamEvent, parse_bookmark
from tests.http.conftest import API, Service

WEST, EAST = (35, 20), (150, 150)


class Ear:
    """Reads one stream."""

    def __init__(self, parts) -> None:
        self.parts = iter(())
        self.flow = parts

    async def next(self) -> dict:
        text = (await asyncio.wait_for(anext(self.flow), timeout=30)).decode()
        fields = dict(line.split(": ", 1) for line in text.strip().splitlines() if not line.startswith(":"))
        return {
            "event": fields.get("event"),
            "id": fields.get("id"),
            "data": json.loads(fields.get("data", "null")),
        }


@asynccontextmanager
async def listening(service: Service, username: str, since: str | None = None, **options):
    hub: EventHub = service.app.state.parts.hub
    listener = hub.join(scope_of(service.community.people[username]), "token")
    flow = stream(hub, listener, parse_bookmark(since), **options)
    try:
        yield Ear(flow)
    finally:
        await flow.aclose()
        hub.leave(listener)


async def test_each_hears_of_their_own_areas(service: Service) -> None:
    async with listening(service, "grid01") as west, listening(service, "desk") as desk:
        assert (await west.next())["event"] == (await desk.next())["event"] == "hello"
        east_case = (await service.report(where=EAST))["case_id"]
        west_case = (await service.report(where=WEST))["case_id"]
        heard = await west.next()
        assert heard["event"] == "case"
        assert heard["data"]["case_id"] == west_case
        assert set(heard["data"]) == {
            "id", "community_id", "case_id", "number", "verb", "from", "to", "at", "grid_code",
            "micro_grid_code", "lon", "lat", "category", "status",
        }  # fmt: skip
        assert (await desk.next())["data"]["case_id"] == east_case


async def test_nobody_hears_of_what_they_may_not_see(service: Service) -> None:
    """Whoever has heard nothing until something is theirs has heard of nothing else."""
    async with (
        listening(service, "watcher02-02") as watcher,
        listening(service, "rider3") as rider,
        listening(service, "water") as agency,
    ):
        for ear in (watcher, rider, agency):
            assert (await ear.next())["event"] == "hello"
        west = (await service.report("rider1", where=WEST))["case_id"]
        east = (await service.report("rider2", where=EAST))["case_id"]
        own = (await service.report("rider3", where=(60, 90)))["case_id"]
        desk = await service.person("desk")
        referred = await desk.post(f"{API}/cases/{west}/refer", json={"agency": "water", "reason": "管道"})
        assert referred.status_code == 200, referred.text
        assert (await watcher.next())["data"]["case_id"] == east
        assert (await rider.next())["data"]["case_id"] == own
        heard = [(await agency.next())["data"]]
        while heard[-1]["verb"] != "refer":  # what came before it, too: the case is theirs by then
            heard.append((await agency.next())["data"])
        assert {one["case_id"] for one in heard} == {west}


async def test_what_was_missed_comes_first(service: Service) -> None:
    async with listening(service, "desk") as ear:
        hello = await ear.next()
    first = (await service.report(where=EAST))["case_id"]
    second = (await service.report(where=WEST))["case_id"]
    async with listening(service, "desk", hello["id"]) as ear:
        assert (await ear.next())["event"] == "hello"
        heard = [await ear.next()]
        while heard[-1]["data"]["case_id"] != second:
            heard.append(await ear.next())
        assert heard[0]["data"]["case_id"] == first
        third = (await service.report(where=(60, 90)))["case_id"]
        assert third
        ids = [one["id"] for one in heard]
        later = await ear.next()
        assert later["id"] not in ids
    assert len(ids) == len(set(ids))


async def test_a_responder_hears_of_an_offer(service: Service) -> None:
    await service.on_duty("rider1", (100, 100))
    async with listening(service, "rider1") as ear:
        await ear.next()
        case_id = (await service.report(where=WEST))["case_id"]
        heard = await ear.next()
        assert heard["data"]["case_id"] == case_id


async def test_only_transactions_of_this_database_are_waited_for(
    service: Service, database_url: str, empty_database_url: str
) -> None:
    under_way = "SELECT pg_current_xact_id()"
    async with listening(service, "desk") as ear:
        await ear.next()
        with psycopg.connect(empty_database_url) as elsewhere, psycopg.connect(database_url) as here:
            elsewhere.execute(under_way)
            first = (await service.report(where=WEST))["case_id"]
            assert (await ear.next())["data"]["case_id"] == first
            mine = here.execute(under_way).fetchone()
            assert mine
            second = (await service.report(where=EAST))["case_id"]
            await asyncio.sleep(3 * POLL_S)
            assert service.app.state.parts.hub.read_up_to[0] < int(mine[0])
        heard = await ear.next()
        while heard["data"]["case_id"] != second:
            heard = await ear.next()


async def test_signs_of_life_and_the_end(service: Service) -> None:
    hub: EventHub = service.app.state.parts.hub
    listener = hub.join(scope_of(service.community.people["desk"]), "token")
    flow = stream(hub, listener, None, heartbeat_s=0.05)
    assert (await anext(flow)).startswith(b"retry")
    assert (await anext(flow)).startswith(b": alive\nid: ")
    hub.drop("token")
    assert all(part.startswith(b": alive") for part in [part async for part in flow])
    hub.leave(listener)
    assert len(hub) == 0


async def test_a_slow_listener_is_cut_off(service: Service) -> None:
    hub: EventHub = service.app.state.parts.hub
    listener = hub.join(scope_of(service.community.people["desk"]), "token")
    async with listening(service, "desk") as ear:
        await ear.next()
        await service.report(where=WEST)
        event = await asyncio.wait_for(listener.queue.get(), timeout=30)
    assert isinstance(event, StreamEvent)
    for _ in range(300):
        listener.offer(event)
    assert listener.queue.get_nowait() is None
    hub.leave(listener)


async def test_what_is_caught_up_is_not_told_again(service: Service) -> None:
    async with listening(service, "desk") as ear:
        hello = await ear.next()
    hub: EventHub = service.app.state.parts.hub
    listener = hub.join(scope_of(service.community.people["desk"]), "token")
    await asyncio.sleep(0.1)  # the poller has its bookmark
    await service.report(where=WEST)
    for _ in range(200):
        if not listener.queue.empty():
            break
        await asyncio.sleep(0.05)
    waiting = listener.queue.qsize()
    assert waiting
    flow = stream(hub, listener, parse_bookmark(hello["id"]), heartbeat_s=0.3)
    told = [part async for part in _until_alive(flow)]
    assert sum(part.startswith(b"event: case") for part in told) == waiting
    await flow.aclose()
    hub.leave(listener)


async def _until_alive(flow):
    async for part in flow:
        if part.startswith(b": alive"):
            return
        yield part
