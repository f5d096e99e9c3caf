"""Time as a part that is passed in, so that a year can be simulated through the same flows as live traffic."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol

AHEAD = timedelta(minutes=5)
BEHIND = timedelta(days=60)
"""A report may lie on a phone for weeks before it finds a network."""


def is_off(stated: datetime | None, now: datetime) -> bool:
    """Tell whether a phone's own time can't be right, seen from the server's; the server's is the one that counts.

    Parameters
    ----------
    stated
        What the phone said, timezone-aware; None: nothing.
    now
        When that came to the server.
    """
    return stated is not None and not now - BEHIND <= stated <= now + AHEAD


class Clock(Protocol):
    """Anything that tells the time."""

    def now(self) -> datetime:
        """Return the current moment, timezone-aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the current moment in UTC."""
        return datetime.now(UTC)


class SettableClock:
    """A clock that stands where it was put: simulations and tests."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """Return the moment that was set."""
        return self.at
