"""The ledger of points: double entries, appended only, so that the sum over all accounts is always zero."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID, uuid4

from gis.words import Account, AccountKind, LedgerEntry

ISSUER = Account(AccountKind.ISSUER)
REWARD = Account(AccountKind.REWARD)
EXPIRY = Account(AccountKind.EXPIRY)


class Movement(StrEnum):
    """What an entry is, by the accounts that it lies between."""

    EARNED = "earned"
    TAKEN_BACK = "taken_back"
    OWED = "owed"
    """Taken back from somebody who had spent it: it is paid from what they get next."""
    PAID = "paid"
    REDEEMED = "redeemed"
    RETURNED = "returned"
    GIVEN = "given"
    DONATED = "donated"
    EXPIRED = "expired"


_P, _K = AccountKind.PERSON, AccountKind
MOVEMENTS = {
    (_K.ISSUER, _P): Movement.EARNED,
    (_P, _K.ISSUER): Movement.TAKEN_BACK,
    (_K.REVERSAL, _K.ISSUER): Movement.OWED,
    (_P, _K.REVERSAL): Movement.PAID,
    (_P, _K.REWARD): Movement.REDEEMED,
    (_K.REWARD, _P): Movement.RETURNED,
    (_P, _P): Movement.GIVEN,
    (_P, _K.CAUSE): Movement.DONATED,
    (_P, _K.EXPIRY): Movement.EXPIRED,
}
"""The only ways that points go."""


def movement(source: AccountKind, target: AccountKind) -> Movement:
    """Return what an entry between two kinds of account is."""
    return MOVEMENTS[source, target]


def person(person_id: UUID) -> Account:
    """Return somebody's account."""
    return Account(AccountKind.PERSON, person_id)


def owed(person_id: UUID) -> Account:
    """Return the account of what somebody owes."""
    return Account(AccountKind.REVERSAL, person_id)


def cause(cause_id: UUID) -> Account:
    """Return a cause's account."""
    return Account(AccountKind.CAUSE, cause_id)


def earned(person_id: UUID, points: int, memo: str, service_id: UUID) -> LedgerEntry:
    """Return the entry by which the community gives a person points for service.

    Parameters
    ----------
    person_id
        To whom.
    points
        More than none.
    memo
        What for.
    service_id
        The hours that earn them.
    """
    return LedgerEntry(uuid4(), ISSUER, person(person_id), points, memo, service_id=service_id)


def reversed_entry(entry: LedgerEntry, memo: str, *, held: int) -> LedgerEntry:
    """Return the entry that takes earned points back.

    Parameters
    ----------
    entry
        What is taken back; it stays as it is.
    memo
        Why.
    held
        What its owner has; where that isn't enough they owe it, and nobody's points fall below none.
    """
    holder = entry.target.holder
    if holder is None:
        raise AssertionError  # only people earn points
    source = person(holder) if held >= entry.points else owed(holder)
    return LedgerEntry(uuid4(), source, entry.source, entry.points, memo, reverses=entry.entry_id)


def payment(person_id: UUID, held: int, debt: int) -> LedgerEntry | None:
    """Return the entry by which somebody pays what they owe from what they have, None where there is nothing to pay.

    Parameters
    ----------
    person_id
        Who.
    held, debt
        What they have, and what they owe; none of them below zero.
    """
    points = min(held, debt)
    return LedgerEntry(uuid4(), person(person_id), owed(person_id), points) if points > 0 else None


def balances(entries: Iterable[LedgerEntry]) -> dict[Account, int]:
    """Return what each account holds after entries.

    Parameters
    ----------
    entries
        In any order.
    """
    held: dict[Account, int] = {}
    for entry in entries:
        held[entry.source] = held.get(entry.source, 0) - entry.points
        held[entry.target] = held.get(entry.target, 0) + entry.points
    return held
