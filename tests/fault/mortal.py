"""A worker that is killed in the middle of a step: run as a program, it forks one for every order on its input.

The parent loads everything once, so that a worker costs a tenth of a second. Each is a process of its own with its own
connections and the service's own ``JobRunner``. Every statement of a flow, its commit, and the moment after the commit
count as steps; at the one ordered the process sends itself SIGKILL, which nothing can catch.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from gis.clock import SettableClock
from gis.flows import tasks
from gis.flows.atlas import Atlas
from gis.flows.work import Work
from gis.settings import Settings
from gis.store.jobs import JobRunner, ProcrastinateJobs, Task
from gis.store.photos import PhotoStore
from gis.store.session import Database

IN_FLOW: ContextVar[bool] = ContextVar("in_flow", default=False)
LIFE_S = 20


class Steps:
    """Counts what flows do to the database, and ends the process at one of the steps."""

    def __init__(self, last: int) -> None:
        self.last = last
        self.count = 0

    def step(self) -> None:
        """Count a step; die if it is the last."""
        if IN_FLOW.get():
            self.count += 1
            if self.count == self.last:
                os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        """Have every statement and both sides of every commit counted."""
        execute, commit = psycopg.AsyncCursor.execute, psycopg.AsyncConnection.commit

        async def executed(cursor: Any, *args: Any, **kwargs: Any) -> Any:
            self.step()
            return await execute(cursor, *args, **kwargs)

        async def committed(connection: Any) -> None:
            self.step()
            await commit(connection)
            self.step()

        psycopg.AsyncCursor.execute = executed  # type: ignore[method-assign, assignment]
        psycopg.AsyncConnection.commit = committed  # type: ignore[method-assign, assignment]


async def live(url: str, settings: Settings, atlas: Atlas, order: dict[str, Any]) -> None:
    """Carry out one job as the service's worker does, and stop."""
    Steps(order["die_at"]).watch()
    database, clock = Database(url), SettableClock(datetime.fromisoformat(order["now"]))
    done = asyncio.Event()

    @asynccontextmanager
    async def open_work() -> AsyncIterator[Work]:
        async with database.write() as session:
            yield Work(
                session, clock, ProcrastinateJobs(), atlas, PhotoStore(settings.photo_folder), settings
            )

    def counted(task: Task) -> Task:
        async def run(**args: str) -> None:
            token = IN_FLOW.set(True)
            await task(**args)
            IN_FLOW.reset(token)
            done.set()

        return run

    runner = JobRunner(url, {name: counted(task) for name, task in tasks.bind(open_work).items()})
    running = asyncio.create_task(runner.run())
    async with asyncio.timeout(LIFE_S):
        await done.wait()
        runner.stop()
        await running
    await database.close()


async def load(url: str, settings: Settings) -> Atlas:
    """Load the test community."""
    atlas, database = Atlas(office=settings.office), Database(url)
    async with database.read() as session:
        await atlas.get(session, "test")
    await database.close()
    return atlas


def fork(run: Callable[[], Awaitable[None]]) -> str:
    """Return how a process that carries something out came to its end: done, killed or failed."""
    pid = os.fork()
    if pid == 0:
        try:
            asyncio.run(run())  # type: ignore[arg-type]
        except BaseException:  # noqa: BLE001 - whatever it was, the parent's loop must not be entered
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return "killed" if os.WTERMSIG(status) == signal.SIGKILL else "failed"
    return "failed" if os.WEXITSTATUS(status) else "done"


def main() -> None:
    """Fork a worker for every line of JSON."""
    url, state = sys.argv[1:]
    settings = Settings(state=Path(state))
    atlas = asyncio.run(load(url, settings))
    _say("ready")
    for line in sys.stdin:
        order = json.loads(line)
        _say(fork(lambda order=order: live(url, settings, atlas, order)))  # type: ignore[misc]


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
