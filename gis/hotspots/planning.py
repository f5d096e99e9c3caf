"""Which streets to repair under a budget, and what that would have covered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gis.hotspots.arrays import Floats, Integers


@dataclass(frozen=True, slots=True)
class Choice:
    """Streets in the order of choosing, with what they cost and cover when added up."""

    street: Integers
    spent: Floats
    covered: Floats


def choose(benefit: Floats, cost: Floats, budget: float) -> Choice:
    """Return the streets with the most benefit for their cost that fit a budget, the best first.

    A street that no longer fits is passed over and cheaper ones behind it are tried: never worse than half of the
    best possible choice where no single street costs more than half of the budget (Dantzig 1957).

    Parameters
    ----------
    benefit
        Cases expected of each street in a year.
    cost
        Metres or money; streets without cost or benefit are left out.
    budget
        In the same unit.
    """
    usable = np.flatnonzero((cost > 0.0) & (benefit > 0.0))
    order = usable[np.argsort(-(benefit / np.maximum(cost, 1e-12))[usable], kind="stable")]
    taken, spent = [], 0.0
    for street in order:
        if spent + cost[street] <= budget:
            taken.append(street)
            spent += float(cost[street])
    chosen = np.array(taken, dtype=np.int64)
    whole = max(float(benefit.sum()), 1e-12)
    return Choice(chosen, np.cumsum(cost[chosen]), np.cumsum(benefit[chosen]) / whole)
