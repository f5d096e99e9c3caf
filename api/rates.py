"""How often somebody may do something: counts of two windows of time for each key, shared by all processes of one service.

A window slides: what was counted in the one before weighs as much as is still within it.

Counts are in a table of fixed size, in memory that the processes map together. A key has a shelf of eight places, by a salted
hash, so that nobody can choose keys that push somebody else's out; where a shelf is full the one not seen for longest goes. A
shelf is locked while it is looked at and changed. The kernel keeps the lock, and takes it away when its process dies.
"""

from __future__ import annotations

import fcntl
import hashlib
import mmap
import os
import secrets
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from gis.errors import TooManyError

MINUTE_S = 60.0
SHELVES, PLACES = 4096, 8
KEY_BYTES = SALT_BYTES = 16
PLACE = struct.Struct("<16sqIId")  # key, window, counts of the one before and of this one, last seen
SHELF_BYTES = PLACES * PLACE.size
SIZE = SALT_BYTES + SHELVES * SHELF_BYTES
NOBODY = bytes(KEY_BYTES)


@dataclass(slots=True)
class _Counted:
    window: int
    before: int = 0
    now: int = 0

    def slide(self, window: int) -> None:
        if window > self.window:
            self.before = self.now if window == self.window + 1 else 0
            self.now = 0
            self.window = window

    def wait_s(self, most: int, moment: float, within_s: float) -> int:
        self.slide(int(moment))
        part = moment - int(moment)
        if self.before * (1 - part) + self.now < most:
            return 0
        # what was before has to fade within this window, or what is now within the next one
        free = 1 - (most - self.now) / self.before if self.now < most else 2 - most / max(self.now, 1)
        return max(1, int((free - part) * within_s) + 1)


class Rates:
    """Counts by key.

    Parameters
    ----------
    handle
        Of the memory that several processes share, from ``shared_memory``; None: this process is the only one.
    """

    def __init__(self, handle: int | None = None) -> None:
        self._handle = handle
        self._memory = mmap.mmap(-1 if handle is None else handle, SIZE)
        if handle is None:
            self._memory[:SALT_BYTES] = secrets.token_bytes(SALT_BYTES)
        self._salt = self._memory[:SALT_BYTES]

    def count(self, key: str, most: int, now: datetime, *, within_s: float = MINUTE_S) -> None:
        """Count once, unless there were as many as there may be.

        Parameters
        ----------
        key
            Whose, and of what.
        most
            Within the time.
        now
            The time.
        within_s
            How long a window is; the same for one key always.

        Raises
        ------
        TooManyError
            ``too_many_requests`` with ``retry_after_s``.
        """
        with self._held(key) as shelf:
            seen = shelf.read(now, within_s)
            if wait_s := seen.wait_s(most, now.timestamp() / within_s, within_s):
                raise TooManyError(
                    "too many in a while", code="too_many_requests", limit=most, retry_after_s=wait_s
                )
            shelf.add(seen, now)

    def wait_s(self, key: str, most: int, now: datetime, *, within_s: float = MINUTE_S) -> int:
        """Return how long to wait until one more may be counted, whole seconds; 0: it may now."""
        with self._held(key) as shelf:
            return shelf.read(now, within_s).wait_s(most, now.timestamp() / within_s, within_s)

    def add(self, key: str, now: datetime, *, within_s: float = MINUTE_S) -> None:
        """Count once, whatever was counted before."""
        with self._held(key) as shelf:
            shelf.add(shelf.read(now, within_s), now)

    def forget(self, key: str) -> None:
        """Begin anew."""
        with self._held(key) as shelf:
            shelf.clear()

    @contextmanager
    def _held(self, key: str) -> Iterator[_Shelf]:
        """Give the shelf of a key, nobody else's as long as the block lasts."""
        digest = hashlib.blake2b(
            key.encode("utf-8", "replace"), digest_size=KEY_BYTES, key=self._salt
        ).digest()
        start = SALT_BYTES + int.from_bytes(digest[:4], "little") % SHELVES * SHELF_BYTES
        if self._handle is None:
            yield _Shelf(self._memory, start, digest)
            return
        fcntl.lockf(self._handle, fcntl.LOCK_EX, SHELF_BYTES, start)
        try:
            yield _Shelf(self._memory, start, digest)
        finally:
            fcntl.lockf(self._handle, fcntl.LOCK_UN, SHELF_BYTES, start)


class _Shelf:
    """The places of one shelf, and which of them is a key's: its own, else the one not seen for longest."""

    def __init__(self, memory: mmap.mmap, start: int, digest: bytes) -> None:
        self._memory, self._digest = memory, digest
        places = list(PLACE.iter_unpack(memory[start : start + SHELF_BYTES]))
        mine = (number for number, place in enumerate(places) if place[0] == digest)
        number = next(mine, -1)
        self._found = places[number][1:4] if number >= 0 else None
        if number < 0:
            number = min(range(PLACES), key=lambda one: places[one][4])
        self._at = start + number * PLACE.size

    def read(self, now: datetime, within_s: float) -> _Counted:
        """Return what is counted of the key up to now."""
        window = int(now.timestamp() / within_s)
        found = _Counted(window) if self._found is None else _Counted(*self._found)
        found.slide(window)
        return found

    def add(self, seen: _Counted, now: datetime) -> None:
        """Count once more, and write it down."""
        PLACE.pack_into(
            self._memory, self._at, self._digest, seen.window, seen.before, seen.now + 1, now.timestamp()
        )

    def clear(self) -> None:
        """Take the key away, if it is there."""
        if self._found is not None:
            PLACE.pack_into(self._memory, self._at, NOBODY, 0, 0, 0, 0.0)


def shared_memory() -> int:
    """Return the handle of a fresh table for several processes; whoever is begun with it counts in it."""
    handle = os.memfd_create("weiwang-rates")
    os.ftruncate(handle, SIZE)
    os.pwrite(handle, secrets.token_bytes(SALT_BYTES), 0)
    return handle
