"""How often somebody may do something: counts of two windows of time for each key, in memory, of this process.

A window slides: what was counted in the one before weighs as much as is still within it. A key takes about 300 bytes, so
that all of them together stay under four megabytes.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

from gis.errors import TooManyError

MINUTE_S = 60.0
MOST_KEYS = 10_000


@dataclass(slots=True)
class _Counted:
    window: int
    before: int = 0
    now: int = 0


class Rates:
    """Counts by key; the one not seen for longest is forgotten first."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, _Counted] = OrderedDict()

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
        if wait_s := self.wait_s(key, most, now, within_s=within_s):
            raise TooManyError(
                "too many in a while", code="too_many_requests", limit=most, retry_after_s=wait_s
            )
        self.add(key, now, within_s=within_s)

    def wait_s(self, key: str, most: int, now: datetime, *, within_s: float = MINUTE_S) -> int:
        """Return how long to wait until one more may be counted, whole seconds; 0: it may now."""
        seen = self._seen.get(key)
        if seen is None:
            return 0
        moment = now.timestamp() / within_s
        self._slide(seen, int(moment))
        part = moment - int(moment)
        if seen.before * (1 - part) + seen.now < most:
            return 0
        # what was before has to fade within this window, or what is now within the next one
        free = 1 - (most - seen.now) / seen.before if seen.now < most else 2 - most / max(seen.now, 1)
        return max(1, int((free - part) * within_s) + 1)

    def add(self, key: str, now: datetime, *, within_s: float = MINUTE_S) -> None:
        """Count once, whatever was counted before."""
        window = int(now.timestamp() / within_s)
        seen = self._seen.setdefault(key, _Counted(window))
        self._seen.move_to_end(key)
        self._slide(seen, window)
        seen.now += 1
        while len(self._seen) > MOST_KEYS:
            self._seen.popitem(last=False)

    def forget(self, key: str) -> None:
        """Begin anew."""
        self._seen.pop(key, None)

    @staticmethod
    def _slide(seen: _Counted, window: int) -> None:
        if window > seen.window:
            seen.before = seen.now if window == seen.window + 1 else 0
            seen.now = 0
            seen.window = window
