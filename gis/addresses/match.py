"""What a search answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Kind(StrEnum):
    """Kinds of place that are found; of equally good matches those of the first kind come first."""

    STREET = "street"
    COURTYARD = "courtyard"
    BUILDING = "building"
    STAIRWELL = "stairwell"
    STATION = "station"
    GRID = "grid"
    MICRO_GRID = "micro_grid"


class Reason(StrEnum):
    """Why a place is a match."""

    EXACT = "exact"
    """Its name, address or code, as written."""
    PINYIN = "pinyin"
    """The same by sound."""
    INITIALS = "initials"
    """The first letters of its syllables."""
    PREFIX = "prefix"
    """It begins so."""
    CONTAINED = "contained"
    """A name in a longer text."""
    NUMBER = "number"
    """Only a number was given, and it has that."""
    NEAREST_NUMBER = "nearest_number"
    """The street has no such number; this one is next to it."""
    SIMILAR = "similar"
    """Nearly the same: a slip of the finger."""


@dataclass(frozen=True, slots=True)
class Match:
    """A place that a text may mean.

    ``score`` is 1 for what is written exactly so, and above 0.9 only where nothing had to be guessed.
    """

    kind: Kind
    id: UUID
    code: str
    label: str
    label_en: str
    lon: float
    lat: float
    score: float
    reason: Reason
