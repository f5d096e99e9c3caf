"""What each kind of request takes of the processors, asked alone: the ten that take most of the service's and the database's time.

Latencies of a day tell who waited for whom. What a request itself costs is told by the processor time of the processes that
answered it, which is much the same whatever else the machine has to do.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from scripts.bench.service import database_s
from scripts.faults.processes import postmaster_of
from scripts.faults.stand import Stand
from scripts.working_day.day import Day, Kind, Pace, asked
from scripts.working_day.machine import family_s

TIMES = 8
MOST = 10


@dataclass(frozen=True)
class Cost:
    """Of one request, milliseconds: of the service's processors, of the database's, and until the answer was there."""

    kind: str
    service_ms: float
    database_ms: float
    elapsed_ms: float

    @property
    def processor_ms(self) -> float:
        """Of both."""
        return self.service_ms + self.database_ms


async def costs(day: Day, stand: Stand, pace: Pace, times: int = TIMES) -> list[Cost]:
    """Ask for everything that a day asks for, one after the other, and return what each costs, the dearest first.

    Parameters
    ----------
    day
        That has been: of its cases some are asked for.
    stand, pace
        As it was.
    times
        How often each, after a first time that isn't counted.
    """
    kinds = {kind for _, several in asked(pace) for kind in several}
    return sorted(
        [await _cost(day, stand, one, times) for one in sorted(kinds)], key=lambda one: -one.processor_ms
    )


async def _cost(day: Day, stand: Stand, kind: Kind, times: int) -> Cost:
    if stand.service is None:
        raise ValueError("no service runs")
    postmaster = postmaster_of(stand.cluster)
    await day.ask(*kind)
    await asyncio.sleep(0.05)  # what an answer leaves to be done
    begun = time.perf_counter()
    service, database = family_s(stand.service.pid), database_s(postmaster)
    for _ in range(times):
        await day.ask(*kind)
    elapsed = time.perf_counter() - begun
    took = (family_s(stand.service.pid) - service, database_s(postmaster) - database, elapsed)
    return Cost(kind[0], *(1000 * one / times for one in took))


def table(found: list[Cost]) -> str:
    """Return the dearest as a table."""
    rows = [
        f"| {one.kind} | {one.service_ms:.1f} | {one.database_ms:.1f} | {one.elapsed_ms:.0f} |"
        for one in found[:MOST]
    ]
    head = ["| asked alone | service, ms of processor | database | elapsed |", "|---|---|---|---|"]
    return "\n".join([*head, *rows])
