"""Processes that are killed or paused: those of a database server, found by their parent."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from gis.store.cluster import PrivateCluster
from gis.store.cluster_record import StateFolder
from gis.store.cluster_server import postmaster


def postmaster_of(cluster: PrivateCluster) -> int:
    """Return the process id of a cluster's server.

    Raises
    ------
    ProcessLookupError
        It doesn't run.
    """
    found = postmaster(StateFolder(cluster.state).known())
    if found is None:
        raise ProcessLookupError("the database server does not run")
    return found


def children_of(parent: int) -> list[int]:
    """Return the process ids of a process's children."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            with suppress(OSError):
                fields = (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
                if int(fields[1]) == parent:
                    found.append(int(folder.name))
    return sorted(found)


def family_of(parent: int) -> list[int]:
    """Return a process and all that came from it."""
    found = [parent]
    for number in found:
        found += children_of(number)
    return found


def backends_of(cluster: PrivateCluster) -> list[int]:
    """Return the process ids of the server's own processes that serve a client of the service's database."""
    found = []
    for number in children_of(postmaster_of(cluster)):
        with suppress(OSError):
            words = Path(f"/proc/{number}/cmdline").read_bytes()
            if b" weiwang weiwang " in words:
                found.append(number)
    return found


def kill(*numbers: int) -> None:
    """End processes with SIGKILL, which nothing can catch."""
    _send(numbers, signal.SIGKILL)


@contextmanager
def paused(cluster: PrivateCluster) -> Iterator[None]:
    """Stop every process of a database server for the length of a block: connections stay, nobody answers."""
    server = postmaster_of(cluster)
    _send([server], signal.SIGSTOP)
    family = [server, *children_of(server)]
    _send(family, signal.SIGSTOP)
    try:
        yield
    finally:
        _send(reversed(family), signal.SIGCONT)


def _send(numbers: Sequence[int] | Iterator[int], what: signal.Signals) -> None:
    for number in numbers:
        with suppress(ProcessLookupError):
            os.kill(number, what)
