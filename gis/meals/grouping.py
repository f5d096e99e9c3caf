"""Cutting one long tour into rounds that somebody can carry."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence


def cut(
    servings: Sequence[int],
    cost: Callable[[int, int], float],
    *,
    most_stops: int,
    most_servings: int,
) -> list[tuple[int, int]]:
    """Cut a tour into the cheapest rounds within limits, as half-open ranges of its stops.

    Route first, cluster second (Beasley 1983): every way to cut the tour is weighed by dynamic programming, so that
    no better cut of this very tour exists. A stop of more servings than a round may hold is a round of its own.

    Parameters
    ----------
    servings
        Of each stop, in the order of the tour.
    cost
        What a round from one stop to before another takes: ``cost(begin, end)``, not negative.
    most_stops, most_servings
        Of one round.
    """
    count = len(servings)
    best = [0.0] + [math.inf] * count
    begins = [0] * (count + 1)
    for end in range(1, count + 1):
        held = 0
        for begin in range(end - 1, max(end - 1 - most_stops, -1), -1):
            held += servings[begin]
            if held > most_servings and end - begin > 1:
                break
            total = best[begin] + cost(begin, end)
            if total < best[end]:
                best[end], begins[end] = total, begin
    cuts: list[tuple[int, int]] = []
    end = count
    while end:
        cuts.append((begins[end], end))
        end = begins[end]
    return cuts[::-1]
