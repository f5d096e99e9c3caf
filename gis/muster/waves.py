"""Whom a muster calls, and when more: in waves by travel time, so that a whole quarter isn't sent running for ten people.

The first wave is one and a half times as many as are wanted, the nearest first, for not everybody answers. Once it is
certain that too few will come (those coming and those who may still answer are fewer than wanted), or when the time for an
answer is over, the next wave calls one and a half times as many as are short.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, isfinite
from uuid import UUID

OVERCALL = 1.5
GROWS = 2.0
COMING = frozenset({"on_the_way", "arrived"})
SEATS = ("vehicle", "person")
"""What is called first: who drives is called with the vehicle, and is then not called on foot."""


@dataclass(frozen=True, slots=True)
class Reachable:
    """Somebody who could be called; ``vehicle``: they have a car."""

    person_id: UUID
    vehicle: bool
    travel_s: float
    distance_m: float


@dataclass(frozen=True, slots=True)
class Called:
    """How one who was called stands."""

    person_id: UUID
    seat: str
    status: str


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody to be called now."""

    person_id: UUID
    seat: str
    travel_s: float
    distance_m: float


def short(wanted: Mapping[str, int], calls: Collection[Called], *, waiting_counts: bool) -> dict[str, int]:
    """Return how many are short for each kind of seat.

    Parameters
    ----------
    wanted
        How many of each are wanted.
    calls
        How everybody called so far stands.
    waiting_counts
        Whether those who haven't answered yet are taken as coming: until their time is over they may.
    """
    hoped = COMING | {"called"} if waiting_counts else COMING
    return {
        seat: max(0, count - sum(one.seat == seat and one.status in hoped for one in calls))
        for seat, count in wanted.items()
    }


def radius_of(first_m: float, wave: int) -> float:
    """Return how far off a wave calls: twice as far as the one before it.

    Parameters
    ----------
    first_m, wave
        The radius of the first wave, metres of way; which wave, from 1.
    """
    return float(first_m * GROWS ** max(0, wave - 1))


def near(people: Sequence[Reachable], first_m: float | None, wave: int) -> list[Reachable]:
    """Return who lives or stands inside the radius of a wave; everybody where the muster has none.

    Parameters
    ----------
    people
        Everybody who could come.
    first_m, wave
        As for ``radius_of``.
    """
    if first_m is None:
        return list(people)
    return [one for one in people if one.distance_m <= radius_of(first_m, wave)]


def next_wave(missing: Mapping[str, int], people: Sequence[Reachable], known: Collection[UUID]) -> list[Call]:
    """Return whom to call so that as many as are missing will probably come.

    Parameters
    ----------
    missing
        How many are short for each kind of seat.
    people
        Everybody who could come. Who has no way there isn't called.
    known
        Who was called already, whatever they answered.
    """
    free = sorted(
        (one for one in people if one.person_id not in known and isfinite(one.travel_s)),
        key=lambda one: (one.travel_s, one.person_id),
    )
    calls: list[Call] = []
    taken: set[UUID] = set()
    for seat in SEATS:
        most = ceil(OVERCALL * missing.get(seat, 0))
        fitting = [one for one in free if one.person_id not in taken and (seat == "person" or one.vehicle)]
        if seat == "person":  # drivers last: they may be needed with their vehicles
            fitting.sort(key=lambda one: one.vehicle)
        for one in fitting[:most]:
            taken.add(one.person_id)
            calls.append(Call(one.person_id, seat, one.travel_s, one.distance_m))
    return calls
