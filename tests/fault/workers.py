"""Workers that die when they are told to: one program a run of tests, which forks a process for every order."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.factories import Community

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Order:
    """What a worker is to do, and at which of its steps it dies; without an act it is the job that is due.

    Parameters
    ----------
    url, state
        The database, and the folder whose photos it writes.
    now
        The time it lives in.
    die_at
        From 1; 0: it lives.
    act, subject, community
        One of ``acts.ACTS``, what it is done to, and by whom.
    """

    url: str
    state: Path
    now: datetime
    die_at: int = 0
    act: str = ""
    subject: str = ""
    community: Community | None = None


@dataclass(frozen=True)
class End:
    """How a worker came to its end (``done``, ``killed``, ``failed``), and at which step."""

    how: str
    step: str


class Mortals:
    """The program that forks them."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def work(self, order: Order) -> End:
        """Have a worker carry something out, and return what became of it; nothing else goes on meanwhile."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        pickle.dump(order, self._process.stdin)
        self._process.stdin.flush()
        step, _, how = self._process.stdout.readline().decode().strip().rpartition(": ")
        return End(how, step)


@contextmanager
def mortals() -> Iterator[Mortals]:
    """Give workers for the length of a block."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.fault.mortal"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        try:
            yield Mortals(process)
        finally:
            process.kill()
