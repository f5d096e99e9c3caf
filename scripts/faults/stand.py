"""A service of one's own on a fresh state folder, that may be killed and is started again."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from api.cli.demo import ensure_demo
from gis.settings import Settings
from gis.store.cluster import PrivateCluster
from gis.store.migrate import upgrade
from gis.store.session import Database
from scripts.bench.service import ROOT, call, free_port
from tests import factories

RIDERS = 24
CAPACITY = 32_000
DEMO_DAYS = 2
START_S = 120.0
ANSWER_S = 10.0
"""Under load an answer takes its time: who asks again and again for want of patience only adds to it."""
OK = 200
FREE = {"WEIWANG_RATES__ENFORCED": "false", "WEIWANG_DUPLICATES__LINK_AUTOMATICALLY": "false"}
"""One machine sends what thousands of phones would; and each report is to be a case of its own."""


@dataclass
class Stand:
    """A database server, what is drawn in it, and the processes that serve it.

    Parameters
    ----------
    state
        The state folder; the database's own user must be able to pass through to it.
    durable
        Whether the database waits for its disk.
    code
        Where the sources are that are served.
    """

    state: Path
    durable: bool = True
    port: int = field(default_factory=free_port)
    community_id: str = ""
    password: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    service: subprocess.Popen[bytes] | None = None
    code: Path = ROOT

    def __post_init__(self) -> None:
        self.cluster = PrivateCluster(self.state, durable=self.durable)

    def draw(self) -> None:
        """Make the database with the small community of the tests and riders on duty all over it; leave it running."""
        self.cluster.start()
        upgrade(self.cluster.url())
        asyncio.run(self._drawn())
        self.community_id, self.password = "test", factories.PASSWORD
        self.cluster.release()

    def demo(self, days: int = DEMO_DAYS) -> None:
        """Make the database with the demo community and a history of some days; leave it running."""
        from gis.flows.seed_people import PASSWORD

        self.cluster.start()
        upgrade(self.cluster.url())
        asyncio.run(ensure_demo(Settings(state=self.state), self.cluster.url(), days=days))
        self.community_id, self.password = "heping", PASSWORD
        self.let_everybody_take_all()
        self.cluster.release()

    def let_everybody_take_all(self) -> None:
        """Lift the capacity of responders: more comes in a minute than to a community in a year."""
        with self.connect() as connection:
            connection.execute("UPDATE responder SET capacity = %s", [CAPACITY])

    async def _drawn(self) -> None:
        database = Database(self.cluster.url())
        async with database.write() as session:
            drawn = await factories.draw_community(session)
            for number in range(RIDERS):
                await factories.add_responder(
                    session,
                    drawn,
                    f"rider{100 + number}",
                    mode="e_bike",
                    position=(10 + 180 * number / RIDERS, 20 + 7 * number),
                    position_at=_now(),
                    capacity=CAPACITY,
                )
        await database.close()

    def connect(self) -> psycopg.Connection[Any]:
        """Return a connection of the superuser to the service's database."""
        return psycopg.connect(self.cluster.superuser_url("weiwang"), autocommit=True)

    def start(self, command: str, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start a process of the service without waiting for it.

        Parameters
        ----------
        command
            ``serve`` or ``jobs``.
        options
            For it.
        environment
            Settings.
        """
        weiwang = str(Path(sys.executable).with_name("weiwang"))
        given = os.environ | FREE | self.environment | environment | {"PYTHONPATH": str(self.code)}
        with (self.state / "service.log").open("ab") as log:
            return subprocess.Popen(
                [weiwang, command, "--state", str(self.state), *options],
                cwd=ROOT,
                env=given,
                stdout=log,
                stderr=log,
            )

    def begin(self, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start the stand's own service without waiting for it."""
        self.service = self.start("serve", "--port", str(self.port), *options, **environment)
        return self.service

    def serve(self, *options: str, **environment: str) -> None:
        """Start the stand's own service and wait until it is ready."""
        self.begin(*options, **environment)
        self.ready_after_s()

    def ready_after_s(self) -> float:
        """Wait until the service is ready and return how long that took, seconds.

        Raises
        ------
        TimeoutError
            It doesn't get ready.
        """
        begun = time.monotonic()
        while (waited_s := time.monotonic() - begun) < START_S:
            if _answers(f"http://127.0.0.1:{self.port}/readyz"):
                return waited_s
            time.sleep(0.05)
        log = (self.state / "service.log").read_text("utf-8", "replace")
        raise TimeoutError(f"the service does not get ready:\n{log[-3000:]}")

    def sign_in(self, username: str) -> str:
        """Return somebody's token."""
        body = {"username": username, "password": self.password, "token": True}
        return str(call(self.port, "POST", "/api/v1/session", body)["token"])

    def riders(self, count: int = RIDERS) -> dict[str, str]:
        """Sign riders in and return their tokens by person's id."""
        tokens = [self.sign_in(f"rider{100 + number}") for number in range(count)]
        return {str(call(self.port, "GET", "/api/v1/me", token=one)["person"]["id"]): one for one in tokens}

    def reward(self) -> str:
        """Put something for one point on the shelf, a million times, and return its id."""
        reward_id = str(uuid4())
        with self.connect() as connection:
            connection.execute(
                "INSERT INTO reward (community_id, reward_id, name, points, stock, limit_period, created_at)"
                " VALUES (%s, %s, '鸡蛋', 1, 1000000, 'month', now())",
                [self.community_id, reward_id],
            )
        return reward_id

    def stop(self) -> None:
        """End the service, and the database if it has been left."""
        if self.service is not None and self.service.poll() is None:
            self.service.terminate()
            self.service.wait(60)
        self.cluster.stop()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=ANSWER_S) as answer:  # noqa: S310 - loopback only
            return int(answer.status) == OK
    except (urllib.error.URLError, OSError):
        return False


def _now() -> Any:
    from datetime import UTC, datetime

    return datetime.now(UTC)
