"""The places that a file's addresses mean: sure ones are taken, doubtful ones are left to a person."""

from __future__ import annotations

from collections.abc import Mapping

from gis.addresses import AddressBook, Kind, Match

SURE = 0.93
"""From this score on a match is taken without asking."""
CLEAR = 0.03
"""So much better than the next one it must be."""
CANDIDATES = 4
KINDS = (Kind.BUILDING, Kind.STAIRWELL, Kind.COURTYARD)
"""What callers name; a station has the address of its building, a street is no place to go to."""
MOST_KEPT = 20_000
SKIP = "skip"


class Finder:
    """Finds the places of a file's addresses; each address is looked up once."""

    def __init__(self, book: AddressBook, choices: Mapping[str, str]) -> None:
        self._book = book
        self._choices = choices
        self._known: dict[str, tuple[Match | None, tuple[Match, ...]]] = {}

    def find(self, address: str) -> tuple[Match | None, tuple[Match, ...]]:
        """Return the place of an address, None where a person has to choose, and the candidates."""
        if address not in self._known:
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            self._known[address] = self._look(address)
        return self._known[address]

    def _look(self, address: str) -> tuple[Match | None, tuple[Match, ...]]:
        chosen = self._choices.get(address)
        if chosen == SKIP:
            return None, ()
        found = self._book.search(chosen or address, CANDIDATES, KINDS)
        if chosen:
            return (found[0] if found else None), tuple(found)
        if not found or found[0].score < SURE:
            return None, tuple(found)
        clear = len(found) == 1 or found[0].score - found[1].score >= CLEAR or _same_place(found[0], found[1])
        return (found[0] if clear else None), tuple(found)


def _same_place(one: Match, other: Match) -> bool:
    """Tell whether the second is only a part of the first: a stairwell of the building."""
    return other.kind is Kind.STAIRWELL and other.label.startswith(one.label)
