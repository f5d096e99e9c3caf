"""The service over HTTP: the app with its real parts, and people signed in to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from uuid import uuid4

import httpx
import numpy as np
import pytest
from fastapi import FastAPI
from PIL import Image

from api.app import create_app
from api.life import lifespan
from api.logs import configure_logging
from gis.clock import SettableClock
from gis.settings import Settings
from gis.store.session import Database
from tests.factories import PASSWORD, Community, at

API = "/api/v1"
configure_logging()
Json = dict[str, Any]
# Apps that no test uses now, by what they were put together with. Their routes take longer to make than most tests do.
_IDLE: dict[tuple[str, str, bool], list[FastAPI]] = {}


@dataclass
class Service:
    """A running app and its people."""

    app: FastAPI
    community: Community
    clock: SettableClock
    stack: AsyncExitStack
    clients: dict[str, httpx.AsyncClient] = field(default_factory=dict)

    async def anybody(self, **options: Any) -> httpx.AsyncClient:
        """Return a client that nobody is signed in with."""
        transport = httpx.ASGITransport(app=self.app, client=("127.0.0.1", 50000))
        client = httpx.AsyncClient(transport=transport, base_url="http://weiwang.test", **options)
        return await self.stack.enter_async_context(client)

    async def sign_in(self, username: str, **options: Any) -> httpx.AsyncClient:
        """Return a client with a bearer token of a new session."""
        client = await self.anybody(**options)
        body = {"username": username, "password": PASSWORD, "token": True}
        answer = await client.post(f"{API}/session", json=body)
        assert answer.status_code == 201, answer.text
        client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        return client

    async def person(self, username: str) -> httpx.AsyncClient:
        """Return the same client for the same person."""
        if username not in self.clients:
            self.clients[username] = await self.sign_in(username)
        return self.clients[username]

    async def browser(self, username: str) -> tuple[httpx.AsyncClient, str]:
        """Return a client with a session cookie, and the session's CSRF token."""
        client = await self.anybody()
        answer = await client.post(f"{API}/session", json={"username": username, "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        return client, answer.json()["csrf"]

    async def on_duty(self, username: str, where: tuple[float, float] | None = None) -> None:
        """Put somebody on duty, at metres east and north."""
        client = await self.person(username)
        assert (await client.put(f"{API}/me/duty", json={"on": True})).status_code == 200
        if where is not None:
            lon, lat = at(*where)
            answer = await client.put(f"{API}/me/position", json={"lon": lon, "lat": lat})
            assert answer.status_code == 204, answer.text

    async def report(self, username: str = "resident", **fields: Any) -> Json:
        """File a report and return what was answered."""
        client = await self.person(username)
        answer = await client.post(f"{API}/reports", json=report_fields(**fields))
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def act(self, username: str, case_id: str, verb: str, **body: Any) -> httpx.Response:
        """Act on a case."""
        client = await self.person(username)
        return await client.post(f"{API}/cases/{case_id}/{verb}", json=body)


def report_fields(where: tuple[float, float] = (35, 20), **fields: Any) -> Json:
    """Return the fields of a report at metres east and north."""
    lon, lat = at(*where)
    fields = {"category": "sewer", "description": "下水堵了", **fields}
    return {"id": str(uuid4()), "lon": lon, "lat": lat, "accuracy_m": 5, "source": "pin", **fields}


def photo_bytes(seed: int = 1, size: tuple[int, int] = (64, 48), kind: str = "JPEG") -> bytes:
    """Return a small photo that no other seed gives."""
    pixels = np.random.default_rng(seed).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
    file = BytesIO()
    Image.fromarray(pixels).save(file, kind)
    return file.getvalue()


@asynccontextmanager
async def running(
    settings: Settings,
    database_url: str,
    community: Community,
    clock: SettableClock,
    database: Database | None = None,
) -> AsyncIterator[Service]:
    """Run an app for the length of a block, on a pool of its own or on one that is lent."""
    key = (settings.photo.model_dump_json(), settings.base_map.model_dump_json(), settings.secure_cookies)
    waiting = _IDLE.setdefault(key, [])
    app = waiting.pop() if waiting else create_app(settings)
    life = lifespan(settings, clock, app.state.metrics, database_url, database)
    try:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(life(app))
            yield Service(app, community, clock, stack)
    finally:
        waiting.append(app)


@pytest.fixture
async def service(
    settings: Settings, database: Database, database_url: str, community: Community, clock: SettableClock
) -> AsyncIterator[Service]:
    """Give a running app without background jobs: time stands still."""
    quiet = settings.model_copy(update={"run_jobs": False})
    async with running(quiet, database_url, community, clock, database) as found:
        yield found


@pytest.fixture
def problem() -> Callable[[httpx.Response, int, str], Json]:
    """Give a check that an answer is a problem of a certain kind."""

    def check(answer: httpx.Response, status: int, code: str) -> Json:
        assert answer.headers["content-type"].startswith("application/problem+json"), answer.text
        body: Json = answer.json()
        assert (answer.status_code, body["code"], body["status"]) == (status, code, status), body
        assert set(body) >= {"type", "title", "status", "code", "detail", "errors"}
        assert body["title"]
        assert body["detail"]
        return body

    return check


Check = Callable[[httpx.Response, int, str], Json]
Act = Callable[..., Awaitable[httpx.Response]]
