"""Phones and browsers: connections that are kept and opened again, and how long each kind of request took."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np

from scripts.bench.http_client import Connection, request

PATIENCE_S = 30.0
GOOD = range(200, 300)
IDLE_S = 3.0
"""A connection that wasn't used for longer isn't used again: the service may be closing it, after five seconds."""
LOST = 0
"""The status of a request whose connection was lost."""


@dataclass
class Figures:
    """What was asked and how it went, by kind of request."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    ended: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failures: dict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(int))
    said: dict[tuple[str, int], bytes] = field(default_factory=dict)
    slowest: list[tuple[float, str]] = field(default_factory=list)

    def add(self, kind: str, taken_s: float, status: int, body: bytes) -> None:
        """Count one request."""
        if status in GOOD:
            self.seconds[kind].append(taken_s)
            self.ended[kind].append(time.perf_counter())
        else:
            self.failures[kind, status] += 1
            self.said.setdefault((kind, status), body[:200])

    def line(self, kind: str) -> str:
        """Return one line of the table."""
        taken = np.array(self.seconds[kind]) * 1000
        p50, p95, p99 = np.percentile(taken, [50, 95, 99])
        return f"| {kind} | {len(taken)} | {p50:.0f} | {p95:.0f} | {p99:.0f} | {taken.max():.0f} |"

    def tenths(self, kind: str) -> str:
        """Return one line on how long a kind took in each tenth of the run: half of them, and the slowest hundredth."""
        taken, at = np.array(self.seconds[kind]) * 1000, np.array(self.ended[kind])
        if len(taken) < 10:  # noqa: PLR2004
            return ""
        parts = np.array_split(taken[np.argsort(at)], 10)
        told = (f"{np.median(part):.0f}/{np.percentile(part, 99):.0f}" for part in parts)
        return f"{kind} by tenths of the run, p50/p99 ms: {' '.join(told)}"

    def table(self) -> str:
        """Return all as a table: the slowest kinds first."""
        kinds = sorted(self.seconds, key=lambda kind: -float(np.percentile(self.seconds[kind], 99)))
        head = ["| request | answers | p50 ms | p95 | p99 | longest |", "|---|---|---|---|---|---|"]
        wrong = [
            f"{kind}: {count} x {status}: {self.said[kind, status]!r}"
            for (kind, status), count in self.failures.items()
        ]
        return "\n".join([*head, *map(self.line, kinds), *wrong])


class Phones:
    """A few hundred connections that requests are sent on, as many as are under way at once.

    Parameters
    ----------
    port
        Of the service on loopback.
    figures
        Where it is counted.
    patience_s
        How long an answer is awaited.
    """

    def __init__(self, port: int, figures: Figures, patience_s: float = PATIENCE_S) -> None:
        self.port = port
        self.figures = figures
        self.under_way = 0
        self._patience_s = patience_s
        self._free: list[tuple[Connection, float]] = []

    async def ask(self, kind: str, wanted: bytes, since: float | None = None) -> tuple[int, bytes]:
        """Send a request and return status and body.

        Parameters
        ----------
        kind
            Under which it is counted.
        wanted
            From ``http_client.request``.
        since
            When it was to be sent: what waited for a connection counts too.
        """
        begun = time.perf_counter() if since is None else since
        connection = self._kept() or Connection(self.port)
        self.under_way += 1
        status, body = LOST, b""
        try:
            async with asyncio.timeout(self._patience_s):
                status, body = await connection.send(wanted)
        except (OSError, asyncio.IncompleteReadError, TimeoutError, IndexError) as error:
            body = repr(error).encode()
            with suppress(Exception):
                connection.close()
        else:
            self._free.append((connection, time.perf_counter()))
        finally:
            self.under_way -= 1
        self.figures.add(kind, time.perf_counter() - begun, status, body)
        return status, body

    def _kept(self) -> Connection | None:
        """Return the connection that was used last, unless that is too long ago: then all others are older still."""
        if self._free and time.perf_counter() - self._free[-1][1] < IDLE_S:
            return self._free.pop()[0]
        self.close()
        return None

    def close(self) -> None:
        """Close all connections that nothing is asked on."""
        for connection, _ in self._free:
            connection.close()
        self._free.clear()


async def at_rate(per_second: float, seconds: float, act: Callable[[float], object]) -> int:
    """Begin something so many times a second, however long it takes; return how often.

    Parameters
    ----------
    per_second, seconds
        How often, for how long.
    act
        Given the moment for which it was meant; it begins a task and returns at once.
    """
    begun, done = time.perf_counter(), 0
    while True:
        due = begun + done / per_second
        if due - begun >= seconds:
            return done
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        act(due)
        done += 1


__all__ = ["Figures", "Phones", "at_rate", "request"]
