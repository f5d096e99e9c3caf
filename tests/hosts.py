"""Two services over one database, each on a host of its own: a network namespace where root may make one, else a port."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import httpx
import psycopg

from scripts.bench.service import free_port
from tests.factories import PASSWORD, Community
from tests.plain import NO_TLS

API = "/api/v1"
READY_S = 240.0
WEIWANG = (sys.executable, "-c", "from api.cli import main; main()")


@dataclass
class Host:
    """One service."""

    url: str
    stack: AsyncExitStack
    clients: dict[str, httpx.AsyncClient] = field(default_factory=dict)

    async def client(self, token: str = "") -> httpx.AsyncClient:
        """Return a client of somebody's session; of nobody's without a token."""
        if token not in self.clients:
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            client = httpx.AsyncClient(base_url=self.url, headers=headers, timeout=30, verify=NO_TLS)
            self.clients[token] = await self.stack.enter_async_context(client)
        return self.clients[token]


@dataclass
class Hosts:
    """Both, and the community that they serve."""

    a: Host
    b: Host
    community: Community
    database_url: str
    tokens: dict[str, str] = field(default_factory=dict)

    async def session(self, username: str) -> str:
        """Return the token of a new session, begun at A."""
        body = {"username": username, "password": PASSWORD, "token": True}
        answer = await (await self.a.client()).post(f"{API}/session", json=body)
        assert answer.status_code == 201, answer.text
        token: str = answer.json()["token"]
        return token

    async def person(self, host: Host, username: str) -> httpx.AsyncClient:
        """Return somebody's client at a host: the same session at both."""
        if username not in self.tokens:
            self.tokens[username] = await self.session(username)
        return await host.client(self.tokens[username])

    def id(self, username: str) -> UUID:
        """Return somebody's id."""
        return self.community.id(username)

    async def rows(self, query: str) -> list[tuple]:
        """Return what the database says."""
        async with await psycopg.AsyncConnection.connect(self.database_url, autocommit=True) as connection:
            return await (await connection.execute(query)).fetchall()


@asynccontextmanager
async def two_hosts(
    database_url: str, community: Community, folders: tuple[Path, Path], **environment: str
) -> AsyncIterator[Hosts]:
    """Serve a community from two hosts; the first of them with two processes."""
    async with AsyncExitStack() as stack:
        places = [stack.enter_context(_place(name)) for name in ("a", "b")]
        running = []
        for (inside, address, port), folder, processes in zip(places, folders, ("2", "1"), strict=True):
            command = [*inside, *WEIWANG, "serve", "--state", str(folder)]
            command += ["--host", address, "--port", str(port), "--processes", processes]
            environ = os.environ | {"DATABASE_URL": database_url} | environment
            started = await asyncio.create_subprocess_exec(
                *command, env=environ, stdout=asyncio.subprocess.PIPE
            )
            stack.push_async_callback(_end, started)
            running.append(started)
        async with asyncio.TaskGroup() as group:
            for started in running:
                group.create_task(_ready(started))
        a, b = (Host(f"http://{address}:{port}", stack) for _, address, port in places)
        yield Hosts(a, b, community, database_url)


async def _ready(started: asyncio.subprocess.Process) -> None:
    assert started.stdout is not None
    async with asyncio.timeout(READY_S):
        while line := await started.stdout.readline():
            if line.startswith(b"ready"):
                return
    raise AssertionError(f"a service ended with {await started.wait()}")


async def _end(started: asyncio.subprocess.Process) -> None:
    if started.returncode is None:
        started.terminate()
    async with asyncio.timeout(30):
        await started.communicate()
    assert started.returncode == 0, started.returncode


@contextmanager
def _place(name: str) -> Iterator[tuple[list[str], str, int]]:
    """Give a command's beginning, an address and a port: in a network of its own if this may be made."""
    number = os.getpid() % 16000
    space, ours, theirs = f"ww{number}{name}", f"wwo{number}{name}", f"wwt{number}{name}"
    third, fourth = 100 + number // 128, number % 128 * 2
    here, there = (f"10.{third}.{128 * (name == 'b') + fourth // 2}.{one}" for one in (1, 2))
    made = [
        ["ip", "netns", "add", space],
        ["ip", "link", "add", ours, "type", "veth", "peer", "name", theirs, "netns", space],
        ["ip", "address", "add", f"{here}/30", "dev", ours],
        ["ip", "link", "set", ours, "up"],
        ["ip", "-n", space, "address", "add", f"{there}/30", "dev", theirs],
        ["ip", "-n", space, "link", "set", theirs, "up"],
        ["ip", "-n", space, "link", "set", "lo", "up"],
    ]
    if os.geteuid() != 0 or not all(map(_done, made)):
        _done(["ip", "netns", "delete", space])
        yield [], "127.0.0.1", free_port()
        return
    try:
        yield ["ip", "netns", "exec", space], there, 8000
    finally:
        _done(["ip", "netns", "delete", space])


def _done(command: list[str]) -> bool:
    try:
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False
