"""What is booked and what people are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """Points that leave one account for another; a reversal names what it takes back."""

    entry_id: UUID
    from_account: UUID
    to_account: UUID
    points: int
    memo: str = ""
    reverses: UUID | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that people are told of; the sentence is made in their language, of ``kind`` and ``data``.

    Nobody is told twice of the same kind, case and key. Without a ``key`` the data are the key, so what may happen
    to a case again states something that differs: the offer, the level, the revision.
    """

    kind: str
    to: Sequence[UUID]
    case_id: UUID | None = None
    urgent: bool = False
    """Passes quiet hours."""
    data: Mapping[str, str | int | float] = field(default_factory=dict)
    key: str = ""
