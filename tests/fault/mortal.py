"""A worker that is killed in the middle of a step: run as a program, it forks one for every order on its input.

The parent loads everything once, so that a worker costs some hundredths of a second. Each is a process of its own with its own
connections: a job is carried out by the service's own ``JobRunner``, an act as the interface does it. What counts as a step
is in ``steps``: statements, commits, calls on the files of photos; at the one ordered the process sends itself SIGKILL,
which nothing can catch.
"""

from __future__ import annotations

import asyncio
import gc
import os
import pickle
import signal
import sys
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

from gis.clock import SettableClock
from gis.flows import tasks
from gis.flows.atlas import Atlas
from gis.flows.work import Work
from gis.settings import DispatchSettings, Settings
from gis.store.jobs import JobRunner, ProcrastinateJobs, Task
from gis.store.photos import PhotoStore
from gis.store.session import Database
from tests.fault.acts import ACTS
from tests.fault.steps import IN_ACT, Step, Steps
from tests.fault.workers import Order
from tests.loop import Loop

LIFE_S = 20


def die(step: Step) -> None:
    """Say where, and end this process."""
    os.write(1, f"{step.name}: ".encode())
    os.kill(os.getpid(), signal.SIGKILL)


async def live(order: Order, atlas: Atlas) -> None:
    """Do what was ordered, as far as it goes."""
    settings = Settings(state=order.state, dispatch=DispatchSettings(roster_s=0.0))
    database, clock = Database(order.url), SettableClock(order.now)
    with Steps(order.die_at, die).watched():
        if order.community is None:
            await work(order.url, database, clock, atlas, settings)
        else:
            photos = PhotoStore(settings.photo_folder)
            loop = Loop(database, order.community, clock, photos, settings, atlas)
            IN_ACT.set(True)
            await ACTS[order.act].do(loop, order.subject)
            IN_ACT.set(False)
    await database.close()


async def work(url: str, database: Database, clock: SettableClock, atlas: Atlas, settings: Settings) -> None:
    """Carry out the job that is due as the service's worker does, and stop."""
    done = asyncio.Event()

    @asynccontextmanager
    async def open_work() -> AsyncIterator[Work]:
        async with database.write() as session:
            yield Work(
                session, clock, ProcrastinateJobs(), atlas, PhotoStore(settings.photo_folder), settings
            )

    def counted(task: Task) -> Task:
        async def run(**args: str) -> None:
            token = IN_ACT.set(True)
            await task(**args)
            IN_ACT.reset(token)
            done.set()

        return run

    runner = JobRunner(url, {name: counted(task) for name, task in tasks.bind(open_work).items()})
    running = asyncio.create_task(runner.run())
    async with asyncio.timeout(LIFE_S):
        await done.wait()
        runner.stop()
        await running


@cache
def atlas_of(url: str) -> Atlas:
    """Load the test community of a database once for all workers."""

    async def load() -> Atlas:
        atlas, database = Atlas(office=Settings().office), Database(url)
        async with database.read() as session:
            await atlas.get(session, "test")
        await database.close()
        return atlas

    return asyncio.run(load())


def fork(order: Order, atlas: Atlas) -> str:
    """Return how a process that carries an order out came to its end: done, killed or failed."""
    pid = os.fork()
    if pid == 0:
        try:
            asyncio.run(live(order, atlas))
        except BaseException:  # noqa: BLE001 - whatever it was, the parent's loop must not be entered
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return "killed" if os.WTERMSIG(status) == signal.SIGKILL else "failed"
    return "failed" if os.WEXITSTATUS(status) else "done"


def main() -> None:
    """Fork a worker for every order until there are no more."""
    while True:
        try:
            order = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        atlas = atlas_of(order.url)
        gc.freeze()  # what all workers share is looked through, and so copied, by none of them
        os.write(1, f"{fork(order, atlas)}\n".encode())


if __name__ == "__main__":
    main()
