"""Simulated time: what is to happen, in order, each act one transaction of its own.

What has nothing to do with one another is lived in lanes of its own: while one waits for the database, another goes on.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from gis.clock import SettableClock
from gis.errors import ConflictError, NotAllowedError, NotFoundError
from gis.flows.atlas import Atlas
from gis.flows.simulation.jobs import SimulatedJob, SimulatedJobs
from gis.flows.work import Work
from gis.settings import Settings
from gis.store.photos import Photos
from gis.store.session import Database

Step = Callable[[Work], Awaitable[None]]


@dataclass(slots=True)
class World:
    """The parts that acts are carried out with."""

    database: Database
    settings: Settings
    photos: Photos
    atlas: Atlas
    community_id: str


def _always() -> bool:
    """Say yes."""
    return True


def _drop(_job: SimulatedJob) -> None:
    """Await nothing."""


@dataclass(slots=True)
class Lane:
    """Acts one after the other, each at its simulated time.

    Parameters
    ----------
    world
        The parts that acts are carried out with.
    clock
        The lane's own.
    counts
        What has happened, shared by all lanes.
    on_job
        Is handed every job that a transaction has left for later.
    """

    world: World
    clock: SettableClock
    counts: Counter[str]
    on_job: Callable[[SimulatedJob], None] = _drop
    jobs: SimulatedJobs = field(default_factory=SimulatedJobs)
    _queue: list[tuple[datetime, int, Step, Callable[[], bool]]] = field(default_factory=list)
    _turn: count[int] = field(default_factory=count)

    def at(self, moment: datetime, step: Step, needed: Callable[[], bool] = _always) -> None:
        """Have something done at a moment, if it is needed by then."""
        heapq.heappush(self._queue, (moment, next(self._turn), step, needed))

    def after(self, wait: timedelta, step: Step) -> None:
        """Have something done after a while."""
        self.at(self.clock.now() + wait, step)

    async def live(self, until: datetime, report: Callable[[float], None] = lambda _share: None) -> None:
        """Carry out everything up to a moment, in order.

        Parameters
        ----------
        until
            The last moment.
        report
            Is told how much is done, 0 to 1.
        """
        start = self._queue[0][0] if self._queue else until
        span = max(1.0, (until - start).total_seconds())
        while self._queue and self._queue[0][0] <= until:
            moment, _, step, needed = heapq.heappop(self._queue)
            self.clock.at = max(self.clock.at, moment)
            if needed():
                await self.carry_out(step)
            report(min(1.0, (moment - start).total_seconds() / span))
        self.clock.at = until

    async def carry_out(self, step: Step) -> None:
        """Do one thing in a transaction of its own; what somebody else made impossible is left undone."""
        try:
            async with self.world.database.write() as session:
                world = self.world
                await step(Work(session, self.clock, self.jobs, world.atlas, world.photos, world.settings))
        except (ConflictError, NotAllowedError, NotFoundError) as error:
            self.jobs.collect()
            self.counts[f"refused: {error.code}"] += 1
            return
        for job in self.jobs.collect():
            self.on_job(job)
