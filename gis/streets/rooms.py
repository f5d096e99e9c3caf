"""Room for searches, lent to one thread at a time: making it anew would take longer than a search in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Room = TypeVar("Room")


class Rooms(Generic[Room]):
    """Rooms that are empty now; there are never more than threads that searched at the same time.

    Parameters
    ----------
    make
        Makes a room.
    """

    def __init__(self, make: Callable[[], Room]) -> None:
        self._make = make
        self._free: list[Room] = []

    def take(self) -> Room:
        """Return a room; one in which something went wrong isn't given back."""
        try:
            return self._free.pop()
        except IndexError:
            return self._make()

    def give_back(self, room: Room) -> None:
        """Make a room free for the next."""
        self._free.append(room)
