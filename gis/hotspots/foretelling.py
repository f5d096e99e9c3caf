"""How much of what came later the worst streets would have covered: each of the last months foretold by those before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gis.hotspots.arrays import Floats
from gis.hotspots.evaluation import curve, hindsight
from gis.hotspots.learning import History, learn
from gis.hotspots.lixels import Lixels
from gis.hotspots.rates import Neighbourhood
from gis.hotspots.streets import summed

MONTH_DAYS = 30.4375
MONTHS = 6
FEWEST_BEFORE, FEWEST_LATER = 40, 20
"""With fewer things to learn from, or to be foretold, nothing is said."""
GRID = np.linspace(0.0, 1.0, 101)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was covered on so much of the street length, averaged over the months that were foretold.

    Parameters
    ----------
    months, things
        How many months were foretold, and how many things happened in them.
    length
        Parts of the street length, 0 to 1.
    ours, raw, best
        Parts of the later things on it: by our ranking, by counting cases a metre, and by knowing the future.
    """

    months: int
    things: float
    length: Floats
    ours: Floats
    raw: Floats
    best: Floats

    @property
    def enough(self) -> bool:
        """Whether there was enough history to say anything."""
        return self.things >= FEWEST_LATER


def coverage(lixels: Lixels, around: Sequence[Neighbourhood], past: History, end: float) -> Coverage:
    """Return what the worst streets would have covered.

    Parameters
    ----------
    lixels, around
        The streets, and ``neighbourhoods`` of them.
    past
        What happened.
    end
        When the last month ends, in the days of the history.
    """
    streets = lixels.streets
    sums, total, months = np.zeros((3, len(GRID))), 0.0, 0
    for number in range(MONTHS, 0, -1):
        begins = end - number * MONTH_DAYS
        early = past.only(past.day < begins)
        late = past.only((past.day >= begins) & (past.day < begins + MONTH_DAYS))
        there = summed(late.attached.street, late.attached.share, len(streets))
        if len(early.day) < FEWEST_BEFORE or not there.sum():
            continue
        raw = summed(early.attached.street, early.attached.share, len(streets))
        per_metre = np.divide(raw, streets.length_m, out=np.zeros(len(streets)), where=streets.length_m > 0.0)
        rates, _ = learn(lixels, around, early)
        found = [
            curve(rates.mean, streets.length_m, there),
            curve(per_metre, streets.length_m, there),
            hindsight(streets.length_m, there),
        ]
        sums += np.array([np.interp(GRID, each.length, each.hits) for each in found]) * there.sum()
        total, months = total + float(there.sum()), months + 1
    shares = sums / max(total, 1e-9)
    return Coverage(months, total, GRID, shares[0], shares[1], shares[2])
