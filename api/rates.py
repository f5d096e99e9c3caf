"""How often somebody may do something: the moments of the last minute, in memory."""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import datetime, timedelta

from gis.errors import TooManyError

WINDOW = timedelta(minutes=1)
MOST_KEYS = 10_000


class Rates:
    """Counts by key; the one not seen for longest is forgotten first."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, deque[datetime]] = OrderedDict()

    def count(self, key: str, most: int, now: datetime) -> None:
        """Count once.

        Parameters
        ----------
        key
            Whose.
        most
            In a minute.
        now
            The time.

        Raises
        ------
        TooManyError
            ``too_many_requests`` with ``retry_after_s``.
        """
        seen = self._seen.setdefault(key, deque())
        self._seen.move_to_end(key)
        while seen and seen[0] <= now - WINDOW:
            seen.popleft()
        if len(seen) >= most:
            wait_s = max(1, round((seen[0] + WINDOW - now).total_seconds()))
            raise TooManyError(
                "too many in a minute", code="too_many_requests", limit=most, retry_after_s=wait_s
            )
        seen.append(now)
        while len(self._seen) > MOST_KEYS:
            self._seen.popitem(last=False)
