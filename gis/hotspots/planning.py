"""Which streets to repair under a budget, and what that would have covered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gis.hotspots.arrays import Floats, Integers


@dataclass(frozen=True, slots=True)
class Choice:
    """Streets in the order of choosing, with what they cost and cover when added up.

    ``exact`` tells that no other choice covers more (to one in ten thousand).
    """

    street: Integers
    spent: Floats
    covered: Floats
    exact: bool = False


EXACT_UP_TO = 5000
LIMIT_S = 3.0
GAP = 1e-4


def choose_best(benefit: Floats, cost: Floats, budget: float) -> Choice:
    """Return the streets that cover most under a budget: the best there is, or what ``choose`` finds where that takes too long.

    Parameters
    ----------
    benefit, cost, budget
        As ``choose``.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    found = choose(benefit, cost, budget)
    usable = np.flatnonzero((cost > 0.0) & (cost <= budget) & (benefit > 0.0))
    if not 0 < len(usable) <= EXACT_UP_TO:
        return found
    best = milp(
        -benefit[usable],
        constraints=LinearConstraint(cost[usable][None, :], ub=budget),
        integrality=np.ones(len(usable), dtype=np.int64),
        bounds=Bounds(0.0, 1.0),
        options={"time_limit": LIMIT_S, "mip_rel_gap": GAP},
    )
    if best.x is None or best.status != 0:
        return found
    taken = usable[np.rint(best.x) > 0.0]
    if cost[taken].sum() > budget * (1.0 + 1e-9) or benefit[taken].sum() < benefit[found.street].sum():
        taken = found.street
    order = taken[np.argsort(-(benefit[taken] / cost[taken]), kind="stable")]
    whole = max(float(benefit.sum()), 1e-12)
    return Choice(order, np.cumsum(cost[order]), np.cumsum(benefit[order]) / whole, exact=True)


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
