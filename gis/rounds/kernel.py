"""The loops of ordering a round, compiled: moves of stretches and reversals, until none shortens it, and small shakes.

A round is a row of places: the first stays where it is, and the last too where the end is given. Ways may take longer in one
direction than in the other (gates, one-way lanes), so a stretch that is turned around is counted anew.
"""

from __future__ import annotations

from gis.compiled import compiled
from gis.rounds.arrays import Floats, Integers

LONGEST_STRETCH = 3
"""Stretches of up to so many stops are moved elsewhere."""
LEAST_GAIN_S = 1e-6
WINDOW = 30
"""A shake exchanges two neighbouring stretches inside so many stops, up to three times."""
MOST_EXCHANGES = 3
FEWEST = 3
"""Below this there is nothing to exchange."""


@compiled
def leg(seconds: Floats, order: Integers, at: int) -> float:
    """Return how long it takes from a place of the row to the next; beyond the last there is none."""
    if at + 1 >= len(order):
        return 0.0
    return float(seconds[order[at], order[at + 1]])


@compiled
def length(seconds: Floats, order: Integers) -> float:
    """Return how long a round takes."""
    total = 0.0
    for at in range(len(order) - 1):
        total += seconds[order[at], order[at + 1]]
    return total


@compiled
def reverse(order: Integers, first: int, last: int) -> None:
    """Turn a stretch around."""
    while first < last:
        order[first], order[last] = order[last], order[first]
        first += 1
        last -= 1


@compiled
def move(order: Integers, first: int, last: int, after: int) -> None:
    """Move a stretch behind another place, by three reversals."""
    if after > last:
        reverse(order, first, last)
        reverse(order, last + 1, after)
        reverse(order, first, after)
    else:
        reverse(order, after + 1, first - 1)
        reverse(order, first, last)
        reverse(order, after + 1, last)


@compiled
def move_stretch(seconds: Floats, order: Integers, free: int) -> bool:
    """Move a stretch to where it shortens the round, perhaps turned around; tell whether there was one."""
    count = len(order)
    for size in range(1, LONGEST_STRETCH + 1):
        for first in range(1, free - size + 2):
            last = first + size - 1
            head, tail, before = order[first], order[last], order[first - 1]
            behind = order[last + 1] if last + 1 < count else -1
            inner, turned = 0.0, 0.0
            for at in range(first, last):
                inner += seconds[order[at], order[at + 1]]
                turned += seconds[order[at + 1], order[at]]
            saved = seconds[before, head] + leg(seconds, order, last)
            if behind >= 0:
                saved -= seconds[before, behind]
            for after in range(free + 1):
                if first - 1 <= after <= last:
                    continue
                here, there = order[after], order[after + 1] if after + 1 < count else -1
                opened = leg(seconds, order, after)
                straight = seconds[here, head] - opened
                turn = seconds[here, tail] - opened + turned - inner
                if there >= 0:
                    straight += seconds[tail, there]
                    turn += seconds[head, there]
                if min(straight, turn) < saved - LEAST_GAIN_S:
                    if turn < straight:
                        reverse(order, first, last)
                    move(order, first, last, after)
                    return True
    return False


@compiled
def turn_stretch(seconds: Floats, order: Integers, free: int) -> bool:
    """Turn a stretch around where that shortens the round; tell whether there was one."""
    for first in range(1, free):
        inner, turned = 0.0, 0.0
        for last in range(first + 1, free + 1):
            inner += seconds[order[last - 1], order[last]]
            turned += seconds[order[last], order[last - 1]]
            before = seconds[order[first - 1], order[first]] + inner + leg(seconds, order, last)
            then = seconds[order[first - 1], order[last]] + turned
            if last + 1 < len(order):
                then += seconds[order[first], order[last + 1]]
            if then < before - LEAST_GAIN_S:
                reverse(order, first, last)
                return True
    return False


@compiled
def settle(seconds: Floats, order: Integers, free: int) -> None:
    """Shorten a round until no move of a stretch and no reversal does."""
    while move_stretch(seconds, order, free) or turn_stretch(seconds, order, free):
        pass


@compiled
def copy(source: Integers, target: Integers) -> None:
    """Write one row of places over another; no array is made."""
    for at in range(len(source)):
        target[at] = source[at]


@compiled
def nearest_next(seconds: Floats, order: Integers, free: int) -> None:
    """Begin with always the nearest of the stops that are left."""
    for at in range(1, free + 1):
        best = at
        for other in range(at + 1, free + 1):
            if seconds[order[at - 1], order[other]] < seconds[order[at - 1], order[best]]:
                best = other
        order[at], order[best] = order[best], order[at]


@compiled
def following(state: int) -> int:
    """Return the next number of a row that looks like chance."""
    return (state * 1103515245 + 12345) % 2147483648


@compiled
def exchange(order: Integers, free: int, state: int) -> int:
    """Exchange two neighbouring stretches somewhere; return the last number that was drawn."""
    span = min(WINDOW, free)
    state = following(state)
    first = 1 + (state >> 8) % (free - span + 1)
    state = following(state)
    middle = first + 1 + (state >> 8) % (span - 1)
    state = following(state)
    start = first + (state >> 8) % (middle - first)
    state = following(state)
    last = middle + (state >> 8) % (first + span - middle)
    move(order, start, middle - 1, last)
    return state


@compiled
def improve(  # noqa: PLR0917 - compiled functions are called by position
    seconds: Floats, order: Integers, trial: Integers, free: int, shakes: int, seed: int
) -> float:
    """Order a round: the nearest first, settled, then shaken and settled again as often as asked; return its length.

    Parameters
    ----------
    seconds
        From each place to each, finite.
    order, trial
        The places in any order, the start first and a given end last; and room for another try.
    free
        The last row that may be changed: the last, or the last but one where the end is given.
    shakes, seed
        How often, and of the choices.
    """
    nearest_next(seconds, order, free)
    settle(seconds, order, free)
    best, state = length(seconds, order), seed
    if free < FEWEST:
        return best
    for _ in range(shakes):
        copy(order, trial)
        state = following(state)
        for _ in range(1 + (state >> 8) % MOST_EXCHANGES):
            state = exchange(trial, free, state)
        settle(seconds, trial, free)
        found = length(seconds, trial)
        if found <= best + LEAST_GAIN_S:
            best = found
            copy(trial, order)
    return best


__all__ = ["improve", "length"]
