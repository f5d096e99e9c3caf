"""The ledger of points: double entries, appended only, so that the sum over all accounts is always zero."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from gis.words import LedgerEntry


class AccountKind(StrEnum):
    """Whose account it is; each community has one issuer."""

    PERSON = "person"
    ISSUER = "issuer"
    REWARD = "reward"
    REVERSAL = "reversal"


def account_id(community_id: str, kind: AccountKind, holder: UUID | None = None) -> UUID:
    """Return the identifier of an account: always the same for the same holder.

    Parameters
    ----------
    community_id
        The community whose points these are.
    kind
        What sort of account.
    holder
        The person, for an account of a person.
    """
    return uuid5(NAMESPACE_URL, f"weiwang:account:{community_id}:{kind.value}:{holder or ''}")


def earned(community_id: str, person_id: UUID, points: int, memo: str) -> LedgerEntry:
    """Return the entry by which the community gives a person points for service.

    Parameters
    ----------
    community_id, person_id
        Who gives, and to whom.
    points
        More than none.
    memo
        What for.
    """
    issuer = account_id(community_id, AccountKind.ISSUER)
    return LedgerEntry(uuid4(), issuer, account_id(community_id, AccountKind.PERSON, person_id), points, memo)


def reversed_entry(entry: LedgerEntry, memo: str) -> LedgerEntry:
    """Return the entry that takes another back.

    Parameters
    ----------
    entry
        What is taken back; it stays as it is.
    memo
        Why.
    """
    return LedgerEntry(uuid4(), entry.to_account, entry.from_account, entry.points, memo, entry.entry_id)


def balances(entries: Iterable[LedgerEntry]) -> dict[UUID, int]:
    """Return what each account holds after entries.

    Parameters
    ----------
    entries
        In any order.
    """
    held: dict[UUID, int] = {}
    for entry in entries:
        held[entry.from_account] = held.get(entry.from_account, 0) - entry.points
        held[entry.to_account] = held.get(entry.to_account, 0) + entry.points
    return held
