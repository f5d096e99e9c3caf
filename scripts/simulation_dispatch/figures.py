"""Figures of many runs: a row for each policy at each load, what is better than the straight line, which aims are missed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from scripts.simulation_dispatch.bound import bound_s
from scripts.simulation_dispatch.policies import POLICIES
from scripts.simulation_dispatch.run import LONGEST_S, Outcome, Run, gini
from scripts.simulation_dispatch.world import draw_town

IN_TIME_S = 600.0
STRAIGHT, SERVICE, UNSPARING = POLICIES[0].name, POLICIES[-1].name, POLICIES[-2].name
NORMAL, SATURATED = 40.0, 75.0
AIM_MEAN, AIM_P95, AIM_SATURATED, AIM_GINI, AIM_EXTRA = -0.25, -0.35, -0.30, 0.25, 0.05


@dataclass(frozen=True, slots=True)
class Row:
    """One policy at one load, means over seeds; shares are 0 to 1.

    Parameters
    ----------
    mean_s, p95_s
        Of the time from report to arrival.
    in_time
        Share reached within ten minutes.
    gini
        Of tasks taken.
    offers
        For each case.
    unserved
        Share not reached within an hour.
    mean_change, mean_error, p95_change
        Against the straight line in the same towns, and the standard error of the first.
    """

    place: str
    reports_per_hour: float
    policy: str
    mean_s: float
    p95_s: float
    in_time: float
    gini: float
    offers: float
    unserved: float
    mean_change: float
    mean_error: float
    p95_change: float

    def line(self) -> str:
        """Return the row as it is printed."""
        return (
            f"{self.reports_per_hour:5.0f}/h {self.policy:30} {self.mean_s:7.0f} {self.p95_s:7.0f} {self.in_time:8.1%} "
            f"{self.gini:6.2f} {self.offers:7.2f} {self.unserved:8.1%} {self.mean_change:+8.1%} ±{self.mean_error:5.1%} "
            f"{self.p95_change:+8.1%}"
        )


HEAD = (
    f"{'load':>7} {'policy':30} {'mean s':>7} {'p95 s':>7} {'<10 min':>8} {'Gini':>6} {'offers':>7} {'unserved':>8} "
    f"{'mean':>8} {'':6} {'p95':>8}   against the straight line"
)


@dataclass(frozen=True, slots=True)
class Figures:
    """All rows of one place and load, and the bound."""

    rows: tuple[Row, ...]
    bound_s: float

    def as_json(self) -> list[dict[str, Any]]:
        """Return the rows as plain values."""
        return [asdict(row) | {"bound_s": self.bound_s} for row in self.rows]


def measure(place: str, reports_per_hour: float, hours: float, seeds: Sequence[int]) -> Figures:
    """Run every policy in the same towns.

    Parameters
    ----------
    place
        ``demo`` or ``city``.
    reports_per_hour, hours, seeds
        The load, for how long, and in which towns.
    """
    found: dict[str, list[list[float]]] = {policy.name: [] for policy in POLICIES}
    bounds = []
    for seed in seeds:
        town = draw_town(reports_per_hour, hours, seed, place)
        bounds.append(bound_s(town))
        for policy in POLICIES:
            found[policy.name].append(_figures(Run(town, policy).live()))
    straight = np.array(found[STRAIGHT])
    rows = []
    for name, runs in found.items():
        each = np.array(runs)
        change = each[:, 0] / straight[:, 0] - 1.0
        mean = each.mean(axis=0).tolist()
        base_mean, base_p95 = straight.mean(axis=0)[:2].tolist()
        error = float(change.std() / max(len(seeds) - 1, 1) ** 0.5)
        numbers = [*mean, mean[0] / base_mean - 1.0, error, mean[1] / base_p95 - 1.0]
        rows.append(Row(place, reports_per_hour, name, *numbers))
    return Figures(tuple(rows), float(np.mean(bounds)))


def _figures(outcome: Outcome) -> list[float]:
    response_s = outcome.response_s
    return [
        float(response_s.mean()),
        float(np.percentile(response_s, 95)),
        float((response_s <= IN_TIME_S).mean()),
        gini(outcome.tasks),
        outcome.offers / len(response_s),
        float((response_s > LONGEST_S).mean()),
    ]


def missed(rows: Sequence[Row]) -> list[str]:
    """Return the aims that the service's own policy misses."""
    said = []
    for row in rows:
        if row.policy != SERVICE:
            continue
        where = f"{row.place}, {row.reports_per_hour:.0f}/h"
        if row.reports_per_hour == NORMAL:
            other = next(
                each
                for each in rows
                if (each.place, each.reports_per_hour, each.policy)
                == (row.place, row.reports_per_hour, UNSPARING)
            )
            if row.mean_change > AIM_MEAN:
                said.append(f"{where}: mean {row.mean_change:+.1%}, aim {AIM_MEAN:+.0%}")
            if row.p95_change > AIM_P95:
                said.append(f"{where}: p95 {row.p95_change:+.1%}, aim {AIM_P95:+.0%}")
            if row.gini > AIM_GINI:
                said.append(f"{where}: Gini {row.gini:.3f}, aim {AIM_GINI}")
            if row.mean_s > other.mean_s * (1.0 + AIM_EXTRA):
                said.append(
                    f"{where}: {row.mean_s / other.mean_s - 1:+.1%} for fairness, aim {AIM_EXTRA:+.0%}"
                )
        if row.reports_per_hour == SATURATED and row.mean_change > AIM_SATURATED:
            said.append(f"{where}: mean {row.mean_change:+.1%}, aim {AIM_SATURATED:+.0%}")
    return said
