"""Booking hours with the points they earn, and taking points back; in the transaction of what they are booked for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from gis.errors import ConflictError
from gis.flows.work import Work
from gis.service.hours import Rates, points
from gis.service.ledger import earned, payment, reversed_entry
from gis.store import ledger, point_rules, served
from gis.store.ledger import Held
from gis.store.served import Served
from gis.words import AccountKind, LedgerEntry


@dataclass(frozen=True, slots=True)
class Booking:
    """Hours to be booked.

    Parameters
    ----------
    hours
        Whose, how many, what for; its id is made by who asks, so that a repeat changes nothing.
    category
        By which the points are reckoned; None: by the community's common rate.
    memo
        What is said of it in statements: a category's code, or the occasion in words.
    """

    hours: Served
    category: str | None = None
    memo: str = ""


async def rates_of(work: Work, community_id: str) -> Rates:
    """Return what an hour earns in a community.

    Parameters
    ----------
    work, community_id
        Where.
    """
    found = await point_rules.point_rules(work.session, community_id)
    return Rates(found.per_hour, dict(found.by_category), found.most_h)


async def book(work: Work, community_id: str, bookings: Sequence[Booking], rates: Rates | None = None) -> int:
    """Book verified hours with the points that they earn; what is booked already changes nothing.

    Parameters
    ----------
    work, community_id, bookings
        What, in the caller's transaction.
    rates
        None: as the community has set them.

    Returns
    -------
    int
        How many were new.
    """
    if not bookings:
        return 0
    known = rates or await rates_of(work, community_id)
    held = await ledger.hold(work.session, community_id, {one.hours.person_id for one in bookings})
    now = work.clock.now()
    new = await served.add(work.session, community_id, [one.hours for one in bookings], at=now)
    entries = [
        earned(
            one.hours.person_id,
            points(one.hours.hours, known.of(one.category)),
            one.memo,
            one.hours.service_id,
        )
        for one in bookings
        if one.hours.service_id in new and one.hours.hours > 0
    ]
    await ledger.post(work.session, community_id, entries, at=now)
    await _settle(work, community_id, held)
    return len(new)


async def take_back(work: Work, community_id: str, entries: Sequence[LedgerEntry], memo: str) -> None:
    """Take earned points back; what somebody has spent already they owe, and pay from what they get next.

    Parameters
    ----------
    work, community_id, entries
        Which; they stand, and whoever could take them back is kept from it.
    memo
        Why.
    """
    if not entries:
        return
    people = {one.target.holder for one in entries if one.target.holder is not None}
    held = await ledger.hold(work.session, community_id, people)
    await ledger.post(work.session, community_id, _reversals(entries, memo, held), at=work.clock.now())
    await _settle(work, community_id, held, always=True)


async def correct(work: Work, community_id: str, old: Served, new: Booking, rates: Rates) -> None:
    """Take the points of hours back and book others in their place.

    Parameters
    ----------
    work, community_id, old
        Which hours.
    new
        What stands instead; no hours at all: nothing.
    rates
        As the community has set them.

    Raises
    ------
    ConflictError
        ``already_corrected``: they don't stand any more.
    """
    held = await ledger.hold(work.session, community_id, {old.person_id})
    entry = await ledger.entry_of_service(work.session, community_id, old.service_id)
    if entry is None or not await served.add(work.session, community_id, [new.hours], at=work.clock.now()):
        raise ConflictError("these hours don't stand any more", code="already_corrected")
    entries = (
        []
        if not new.hours.hours
        else [
            earned(
                old.person_id,
                points(new.hours.hours, rates.of(new.category)),
                new.memo,
                new.hours.service_id,
            )
        ]
    )
    gained = sum(one.points for one in entries)
    after = {who: replace(one, balance=one.balance + gained) for who, one in held.items()}
    entries += _reversals([entry], new.hours.reason, after)
    await ledger.post(work.session, community_id, entries, at=work.clock.now())
    await _settle(work, community_id, held, always=True)


async def settle(work: Work, community_id: str, people: Collection[UUID]) -> None:
    """Have people who owe points pay from what they have.

    Parameters
    ----------
    work, community_id, people
        Who may have got something.
    """
    held = await ledger.hold(work.session, community_id, people)
    paid = [payment(who, one.balance, one.debt) for who, one in sorted(held.items())]
    entries = [one for one in paid if one is not None]
    await ledger.post(work.session, community_id, entries, at=work.clock.now())


async def _settle(work: Work, community_id: str, before: dict[UUID, Held], *, always: bool = False) -> None:
    owing = [who for who, one in before.items() if one.debt or always]
    if owing:
        await settle(work, community_id, owing)


def _reversals(entries: Sequence[LedgerEntry], memo: str, held: dict[UUID, Held]) -> list[LedgerEntry]:
    left = {who: one.balance for who, one in held.items()}
    found = []
    for entry in entries:
        who = entry.target.holder
        if who is None:
            raise AssertionError  # only people earn points
        found.append(reversed_entry(entry, memo, held=left.get(who, 0)))
        if found[-1].source.kind is AccountKind.PERSON:
            left[who] -= entry.points
    return found
