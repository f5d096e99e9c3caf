"""Jobs in simulated time: kept in memory and carried out as the simulation's clock passes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gis.store.session import WriteSession


@dataclass(frozen=True, slots=True)
class SimulatedJob:
    """Something to be done at a moment; None: at once."""

    task: str
    at: datetime | None
    args: dict[str, str]


@dataclass(slots=True)
class SimulatedJobs:
    """Takes jobs down; those of a transaction that fails are dropped by whoever runs it."""

    taken: list[SimulatedJob] = field(default_factory=list)
    by_statement: bool = False

    async def defer(
        self, session: WriteSession, task: str, *, at: datetime | None = None, **args: Any
    ) -> None:
        """Take a job down."""
        _ = session
        self.taken.append(SimulatedJob(task, at, args))

    def collect(self) -> list[SimulatedJob]:
        """Return what was taken down since the last time."""
        found, self.taken = self.taken, []
        return found
