"""What is booked and what people are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import NAMESPACE_URL, UUID, uuid5


class AccountKind(StrEnum):
    """Whose points an account holds."""

    PERSON = "person"
    """Never below zero."""
    ISSUER = "issuer"
    """The community that gives points; below zero by what it has given and not had back. One each."""
    REWARD = "reward"
    """What was paid for rewards. One each."""
    REVERSAL = "reversal"
    """What a person owes, because points were taken back that they had spent; never above zero."""
    CAUSE = "cause"
    """What was donated to a cause."""
    EXPIRY = "expiry"
    """What has expired. One each."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account of points.

    Parameters
    ----------
    kind
        What sort of account.
    holder
        The person or cause whose it is; None for those that a community has one of.
    """

    kind: AccountKind
    holder: UUID | None = None

    def key(self, community_id: str) -> UUID:
        """Return the account's identifier: always the same for the same holder."""
        return uuid5(NAMESPACE_URL, f"weiwang:account:{community_id}:{self.kind.value}:{self.holder or ''}")


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """Points that leave one account for another; a reversal names what it takes back."""

    entry_id: UUID
    source: Account
    target: Account
    points: int
    memo: str = ""
    reverses: UUID | None = None
    service_id: UUID | None = None
    """The hours that earned them."""
    redemption_id: UUID | None = None
    """The reward that they were paid for."""


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
