"""What a run takes of the machine: processors and memory of service, database and phones."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from pathlib import Path

import numpy as np

from scripts.bench.service import database_s, processor_s
from scripts.faults.processes import family_of, postmaster_of
from scripts.faults.stand import Stand

KB = 1024.0


def own_mb(pid: int) -> float:
    """Return a process's share of the memory that it has, what it has with others divided among them, megabytes."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / KB
    return 0.0


class Machine:
    """Memory looked at every few seconds, processor time from beginning to end.

    Parameters
    ----------
    stand
        With its service running.
    seconds
        How long the run is to take: memory is looked at twenty times.
    """

    def __init__(self, stand: Stand, seconds: float) -> None:
        if stand.service is None:
            raise ValueError("no service runs")
        self._service = stand.service.pid
        self._look_s = max(2.0, seconds / 20)
        self._postmaster = postmaster_of(stand.cluster)
        self.service_mb: list[float] = []
        self.first_mb: list[float] = []
        self.database_mb: list[float] = []
        self._begun = time.monotonic()
        self._before = self._taken()

    def _taken(self) -> tuple[float, float, float]:
        return family_s(self._service), database_s(self._postmaster), time.process_time()

    async def watch(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.to_thread(self.look)  # phones go on meanwhile: it takes some tenths of a second
            await asyncio.sleep(self._look_s)

    def look(self) -> None:
        """Look once."""
        each_mb = {pid: own_mb(pid) for pid in family_of(self._service)}
        self.service_mb.append(sum(each_mb.values()))
        self.first_mb.append(each_mb.get(self._service, 0.0))
        self.database_mb.append(sum(map(own_mb, family_of(self._postmaster))))

    def __str__(self) -> str:
        self.look()
        seconds = time.monotonic() - self._begun
        cores = [
            (after - before) / seconds for after, before in zip(self._taken(), self._before, strict=True)
        ]
        quarter = max(1, len(self.service_mb) // 4)
        grown = (
            sum(self.service_mb[-quarter:]) / quarter
            - sum(self.service_mb[quarter : 2 * quarter] or self.service_mb[:1]) / quarter
        )
        return (
            f"cores: service {cores[0]:.2f}, database {cores[1]:.2f}, phones {cores[2]:.2f}; memory: service"
            f" {self.service_mb[0]:.0f} MB, at most {max(self.service_mb):.0f}, at last {self.service_mb[-1]:.0f}"
            f" (last quarter less the second: {grown:+.0f} MB), database at most {max(self.database_mb):.0f} MB;"
            f" tenths of the time: service {_tenths(self.service_mb)}, its first process {_tenths(self.first_mb)}"
        )


def _tenths(seen: list[float]) -> str:
    """Return the middle one of each tenth."""
    parts = np.array_split(np.array(seen), min(10, len(seen)))
    return " ".join(f"{np.median(part):.0f}" for part in parts)


def family_s(pid: int) -> float:
    """Return the processor time of a process and of those that it has begun, seconds."""
    total = 0.0
    for one in family_of(pid):
        with suppress(OSError):
            total += processor_s(one)
    return total
