"""The real service with the demo community, on a socket of its own, for browsers to visit."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, LiteralString
from uuid import uuid4

import httpx
import psycopg
import uvicorn

from api.app import create_app
from api.parts import Parts
from gis.flows.import_community import import_community
from gis.flows.import_request import ImportRequest
from gis.flows.seed_people import PASSWORD, seed_people
from gis.settings import DispatchSettings, Settings
from gis.store.session import Database
from tests.factories import quick_hash
from tests.plain import NO_TLS

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "data" / "boundaries"
API = "/api/v1"


@dataclass(frozen=True)
class Site:
    """Where the service answers."""

    url: str
    community_id: str
    database_url: str
    tokens: dict[str, str] = field(default_factory=dict, compare=False)
    """Of people who have signed in: a password takes as long to check as a page to load."""

    @asynccontextmanager
    async def client(self, username: str) -> AsyncIterator[httpx.AsyncClient]:
        """Give a program's client that is signed in."""
        token = await self.token(username)
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(base_url=self.url, timeout=30, headers=headers, verify=NO_TLS) as client:
            yield client

    async def token(self, username: str) -> str:
        """Return the token of somebody's session; where a test has ended it, of another."""
        async with httpx.AsyncClient(base_url=self.url, timeout=30, verify=NO_TLS) as client:
            known = self.tokens.get(username, "")
            asked = (
                await client.get(f"{API}/me", headers={"Authorization": f"Bearer {known}"}) if known else None
            )
            if asked is None or asked.status_code != httpx.codes.OK:
                body = {"username": username, "password": PASSWORD, "token": True}
                answer = await client.post(f"{API}/session", json=body)
                assert answer.status_code == httpx.codes.CREATED, answer.text
                self.tokens[username] = str(answer.json()["token"])
        return self.tokens[username]

    async def execute(self, *statements: LiteralString, values: Sequence[object] = ()) -> None:
        """Change rows directly; asynchronous, for the service answers in this very loop and may hold their locks."""
        async with await psycopg.AsyncConnection.connect(self.database_url, autocommit=True) as connection:
            for statement in statements:
                await connection.execute(statement, values or None)

    async def buildings(self) -> list[dict[str, Any]]:
        """Return the demo community's buildings that have a house number."""
        async with self.client("desk") as client:
            found = (await client.get(f"{API}/buildings")).json()["features"]
        return [one for one in found if one["properties"]["housenumber"] and one["properties"]["flats"]]

    async def report(self, username: str, building: dict[str, Any], **fields: Any) -> dict[str, Any]:
        """File a report at a building by the interface."""
        lon, lat = middle(building)
        body = {
            "id": str(uuid4()),
            "category": "street_lamp",
            "description": "路灯不亮",
            "source": "pin",
            **fields,
        }
        async with self.client(username) as client:
            answer = await client.post(f"{API}/reports", json={"lon": lon, "lat": lat, **body})
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found


def middle(building: dict[str, Any]) -> tuple[float, float]:
    """Return the mean of a building's corners."""
    ring = building["geometry"]["coordinates"][0][:-1]
    return sum(point[0] for point in ring) / len(ring), sum(point[1] for point in ring) / len(ring)


@asynccontextmanager
async def demo_site(database_url: str, state: Path) -> AsyncIterator[Site]:
    """Load the demo community with its people into a migrated database, and serve it for the length of a block."""
    # offers stand long enough for a browser on a busy machine
    dispatch = DispatchSettings(max_offers=10)
    settings = Settings(state=state, dispatch=dispatch, demo=True)
    request = ImportRequest.from_manifest(DEMO)
    database = Database(database_url)
    await import_community(database, request)
    await database.close()
    app = create_app(settings, database_url=database_url)
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, log_config=None, access_log=False, ws="none", lifespan="on", timeout_graceful_shutdown=2
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started:
            await asyncio.sleep(0.02)
            assert not serving.done(), serving
        parts: Parts = app.state.parts
        async with parts.work() as work:
            await seed_people(work, request.community_id)
        site = Site(f"http://127.0.0.1:{listener.getsockname()[1]}", request.community_id, database_url)
        await site.execute(
            "UPDATE person SET password_hash = %s WHERE password_hash <> ''", values=[quick_hash(PASSWORD)]
        )
        yield site
    finally:
        await app.state.parts.hub.close()
        server.should_exit = True
        await serving
        listener.close()
