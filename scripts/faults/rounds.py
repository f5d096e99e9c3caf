"""Rounds of one fault each, under load: something is killed or paused, and everything promised must be there afterwards."""

from __future__ import annotations

import asyncio
import random
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from scripts.faults.audit import missing, sweep
from scripts.faults.crowd import Crowd
from scripts.faults.processes import backends_of, children_of, kill, paused, postmaster_of
from scripts.faults.stand import START_S, Stand

WORKERS = "SELECT max(id) FROM procrastinate_workers"
FAULTS = ("service", "jobs", "server", "backend", "paused", "photo worker")
PAUSE_S = 4.0
AFTER_S = 1.0
FORGET = """
TRUNCATE "case", procrastinate_jobs, service, ledger, redemption CASCADE; UPDATE account SET balance = 0;
UPDATE responder SET live_load = 0, position_at = now()
"""


@dataclass
class Rounds:
    """A stand with two processes (one serves, one carries out jobs) and a crowd.

    Parameters
    ----------
    stand
        Drawn, with its database running.
    per_second
        Reports a second, each with a photo.
    served
        The share of them that somebody takes, finishes and is rewarded for.
    """

    stand: Stand
    per_second: float
    served: float = 1.0
    chance: random.Random = field(default_factory=lambda: random.Random(5))
    jobs: subprocess.Popen[bytes] | None = None
    promised: int = 0
    healed_s: dict[str, list[float]] = field(default_factory=dict)

    def begin(self) -> None:
        """Start both processes and have a crowd."""
        self.stand.serve("--no-jobs")
        self.start_jobs()
        stand = self.stand
        self.crowd = Crowd(
            stand.port, stand.riders(12), stand.sign_in("desk"), stand.reward(), served=self.served
        )

    def start_jobs(self) -> None:
        """Start the process that carries out jobs, and wait until it has asked for the first one."""
        with self.stand.connect() as connection:
            before = connection.execute(WORKERS).fetchone()
            self.jobs = self.stand.start("jobs", DATABASE_URL=self.stand.cluster.url())
            until = time.monotonic() + START_S
            while connection.execute(WORKERS).fetchone() == before:
                if time.monotonic() > until:
                    raise TimeoutError("no jobs are carried out")
                time.sleep(0.05)

    def end(self) -> None:
        """End all."""
        if self.jobs is not None and self.jobs.poll() is None:
            self.jobs.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.jobs.wait(30)
        self.stand.stop()

    def run(self, fault: str) -> list[str]:
        """Live through one fault and return what was wrong afterwards.

        Parameters
        ----------
        fault
            One of ``FAULTS``.
        """
        healed_s = asyncio.run(self._live(fault))
        self.healed_s.setdefault(fault, []).append(healed_s)
        self.promised += len(self.crowd.promised.reports)
        found = missing(self.stand, self.crowd.promised, self.crowd.desk)
        gone, left = sweep(self.stand)
        found += [f"left over after the sweep: {one}" for one in left]
        found += [f"refused: {what} x {count}" for what, count in self.crowd.refused.items()]
        found += missing(self.stand, self.crowd.promised, "") if gone else []
        self.crowd.refused.clear()
        return found

    def forget(self) -> None:
        """Begin with empty books: what was promised has been looked for."""
        with self.stand.connect() as connection:
            connection.execute(FORGET)
        sweep(self.stand)
        self.crowd.promised = type(self.crowd.promised)()

    async def _live(self, fault: str) -> float:
        ending = asyncio.Event()
        crowd = asyncio.create_task(self.crowd.live(self.per_second, ending))
        await asyncio.sleep(self.chance.uniform(0.3, 1.5))
        healed_s = await asyncio.to_thread(self._strike, fault)
        await asyncio.sleep(AFTER_S)
        ending.set()
        await crowd
        return healed_s

    def _strike(self, fault: str) -> float:
        """Let the fault happen and return how long it took, from its end, until all was ready again."""
        strikes: dict[str, Callable[[], float]] = {
            "service": self._kill_service,
            "jobs": self._kill_jobs,
            "server": lambda: self._killed(lambda: kill(postmaster_of(self.stand.cluster))),
            "backend": lambda: self._killed(
                lambda: kill(self.chance.choice(backends_of(self.stand.cluster)))
            ),
            "paused": self._pause,
            "photo worker": self._kill_photo_worker,
        }
        return strikes[fault]()

    def _killed(self, strike: Callable[[], object]) -> float:
        begun = time.monotonic()
        strike()
        time.sleep(0.1)  # what was ready before must not be taken for ready again
        self.stand.ready_after_s()
        return time.monotonic() - begun

    def _kill_service(self) -> float:
        old = self.stand.service
        assert old is not None  # noqa: S101 - begun
        begun = time.monotonic()
        kill(old.pid)
        old.wait()
        self.stand.begin("--no-jobs")
        self.stand.ready_after_s()
        return time.monotonic() - begun

    def _kill_jobs(self) -> float:
        assert self.jobs is not None  # noqa: S101 - begun
        begun = time.monotonic()
        kill(self.jobs.pid)
        self.jobs.wait()
        self.start_jobs()
        return time.monotonic() - begun

    def _kill_photo_worker(self) -> float:
        assert self.stand.service is not None  # noqa: S101 - begun
        children = children_of(self.stand.service.pid)
        return self._killed(lambda: kill(*children[-1:]))

    def _pause(self) -> float:
        with paused(self.stand.cluster):
            time.sleep(PAUSE_S)
        begun = time.monotonic()
        self.stand.ready_after_s()
        return time.monotonic() - begun


def drawn(stand: Stand, per_second: float, served: float = 1.0) -> Rounds:
    """Return rounds on a stand that is drawn here and begun."""
    stand.draw()
    rounds = Rounds(stand, per_second, served)
    rounds.begin()
    return rounds
