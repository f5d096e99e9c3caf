"""A month's books: what moved between the accounts, and what must be equal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gis.service.ledger import MOVEMENTS, Movement
from gis.words import AccountKind

GROUPS = tuple(AccountKind)


@dataclass(frozen=True, slots=True)
class Flow:
    """What moved between two kinds of account in a month, and before it."""

    source: AccountKind
    target: AccountKind
    before: int
    points: int
    entries: int


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of account in a month."""

    kind: AccountKind
    opening: int
    came: int
    went: int

    @property
    def closing(self) -> int:
        """What it holds at the end."""
        return self.opening + self.came - self.went


@dataclass(frozen=True, slots=True)
class Books:
    """A month: every kind of account, every kind of movement, and the sums that must be zero."""

    lines: tuple[Line, ...]
    movements: Mapping[Movement, tuple[int, int]]
    """Entries and points."""

    @property
    def opening(self) -> int:
        """The sum of all accounts at the beginning; zero."""
        return sum(one.opening for one in self.lines)

    @property
    def closing(self) -> int:
        """The sum of all accounts at the end; zero."""
        return sum(one.closing for one in self.lines)


def books(flows: Sequence[Flow]) -> Books:
    """Return a month's books.

    Parameters
    ----------
    flows
        One for each pair of kinds of account between which anything ever moved.
    """
    lines = tuple(
        Line(
            kind,
            sum(one.before * ((one.target is kind) - (one.source is kind)) for one in flows),
            sum(one.points for one in flows if one.target is kind),
            sum(one.points for one in flows if one.source is kind),
        )
        for kind in GROUPS
    )
    moved = dict.fromkeys(Movement, (0, 0))
    for one in flows:
        kind = MOVEMENTS[one.source, one.target]
        entries, points = moved[kind]
        moved[kind] = entries + one.entries, points + one.points
    return Books(lines, moved)
