"""Figures kept until something happens: computed once for all who ask for the same at the same time."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

MOST = 48
MANY, STALE_S = 5_000, 60.0
"""Figures of more cases than these are shown for up to a minute, whatever has happened since: they take a second to make, and where
so much happens they would be made again each time that somebody looks."""
LARGE = 100_000
"""Of more cases than these, what looks back over months is made once a day."""


@dataclass(frozen=True, slots=True)
class _Entry(Generic[T]):
    stamp: int
    value: T
    cases: int
    at_s: float


class Kept(Generic[T]):
    """The values asked for last.

    Parameters
    ----------
    most
        How many.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._entries: OrderedDict[Hashable, _Entry[T]] = OrderedDict()
        self._locks: dict[Hashable, asyncio.Lock] = {}

    async def get(
        self,
        key: Hashable,
        stamp: int,
        make: Callable[[], Awaitable[T]],
        cases: Callable[[T], int] = lambda _: 0,
    ) -> T:
        """Return a value, made anew where something has happened since.

        Parameters
        ----------
        key
            All that the value depends on, but what happened.
        stamp
            Changes when something happens.
        make
            Makes it; whoever asks for the same meanwhile waits for it.
        cases
            How many cases it was made from.
        """
        if (found := self._fresh(key, stamp)) is not None:
            return found.value
        lock = self._locks.setdefault(key, asyncio.Lock())
        try:
            async with lock:
                if (found := self._fresh(key, stamp)) is not None:
                    return found.value
                value = await make()
                self._entries[key] = _Entry(stamp, value, cases(value), time.monotonic())
                self._entries.move_to_end(key)
                while len(self._entries) > self._most:
                    self._entries.popitem(last=False)
                return value
        finally:
            if not lock.locked():
                self._locks.pop(key, None)

    def has(self, key: Hashable, stamp: int) -> bool:
        """Tell whether a value is there that need not be made anew."""
        return self._fresh(key, stamp) is not None

    def _fresh(self, key: Hashable, stamp: int) -> _Entry[T] | None:
        found = self._entries.get(key)
        if found is None:
            return None
        young = found.cases > MANY and time.monotonic() - found.at_s < STALE_S
        if found.stamp != stamp and not young:
            return None
        self._entries.move_to_end(key)
        return found
