"""A lower bound: what nobody could do better, not even who knew all cases beforehand.

A linear program chooses for each case who comes, from home or straight from another case, so that the sum of response times
is least. It is relaxed, so that its sum lies below what any policy reaches:

- everybody says yes at once;
- people may be shared out in fractions, and who comes straight from a case is only known to be some walker or some rider;
- somebody may be in two places at a time, as long as all their work fits into their hours on duty;
- a case is left as early as possible: reported, reached by the quickest of all ways, worked on;
- a wait longer than a quarter of an hour counts as a quarter of an hour.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import coo_array

from scripts.simulation_dispatch.run import DRAIN_S
from scripts.simulation_dispatch.world import HOUR_S, Town

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
LONGEST_S = 900.0
LATE = 2
"""Beside the two ways of moving: whoever left a case that had waited longest."""


@dataclass(slots=True)
class _Program:
    """Columns of ways to a case, rows of what they use up."""

    cost_s: list[Floats] = field(default_factory=list)
    to: list[Integers] = field(default_factory=list)
    uses: list[tuple[Integers, Integers, Floats]] = field(default_factory=list)  # row, column, how much
    columns: int = 0

    def add(self, cost_s: Floats, to: Integers, *uses: tuple[Integers, Floats]) -> None:
        """Add ways to cases with what each uses up."""
        column = self.columns + np.arange(len(to))
        self.columns += len(to)
        self.cost_s.append(cost_s)
        self.to.append(to)
        self.uses += [(row, column, amount) for row, amount in uses]


def bound_s(town: Town) -> float:
    """Return a mean response time that nobody can go below."""
    cases, workers = town.cases, town.workers
    room_s = _hours_s(town)
    # rows: hours of each worker, of all walkers and of all riders; leaving each case on foot, riding, or late
    program, leave = _Program(), workers + 2
    program.add(
        np.full(cases, LONGEST_S), np.arange(cases), *_came(town, np.arange(cases), leave, (0, 1, LATE))
    )
    for worker in range(workers):
        _from_home(program, town, worker, leave)
    for mode in (0, 1):
        _straight_on(program, town, mode, leave)
    limit = np.concatenate([room_s, [room_s[~town.ride].sum(), room_s[town.ride].sum()], np.zeros(3 * cases)])
    rows, columns, amounts = (np.concatenate(each) for each in zip(*program.uses, strict=True))
    used = coo_array((amounts, (rows, columns)), shape=(len(limit), program.columns)).tocsr()
    once = coo_array(
        (np.ones(program.columns), (np.concatenate(program.to), np.arange(program.columns))),
        shape=(cases, program.columns),
    ).tocsr()
    cost_s = np.concatenate(program.cost_s)
    # the stubs know no sparse rows
    solved: Any = linprog(cost_s, used, limit, once, np.ones(cases), method="highs-ds")  # type: ignore[call-overload]
    if solved.status != 0:
        raise RuntimeError(solved.message)
    return float(solved.fun) / cases


def _hours_s(town: Town) -> Floats:
    """Return how long each worker is on duty until the end of the run; a last task may end after their hours."""
    end_s = town.hours * HOUR_S + DRAIN_S
    spans = np.minimum(town.duty, end_s)
    return np.asarray((spans[..., 1] - spans[..., 0]).sum(axis=1) + 2 * (LONGEST_S + town.on_site_s.max()))


def _came(town: Town, to: Integers, leave: int, modes: tuple[int, ...]) -> list[tuple[Integers, Floats]]:
    """Return the right to go on from a case, for who came to it in some mode."""
    return [(leave + mode * town.cases + to, np.full(len(to), -1.0)) for mode in modes]


def _from_home(program: _Program, town: Town, worker: int, leave: int) -> None:
    mode = int(town.ride[worker])
    way_s = town.travel_s[mode, :, worker]
    cost_s = _next_on_duty_s(town, worker) - town.reported_s + way_s
    to = np.flatnonzero(cost_s < LONGEST_S)
    busy_s = way_s[to] + town.on_site_s[to]
    own, all_ = np.full(len(to), worker), np.full(len(to), town.workers + mode)
    program.add(cost_s[to], to, (own, busy_s), (all_, busy_s), *_came(town, to, leave, (mode,)))


def _next_on_duty_s(town: Town, worker: int) -> Floats:
    """Return for each case from when on somebody can set out."""
    begin = np.maximum(town.duty[worker, :, 0][:, None], town.reported_s)
    return np.asarray(np.where(begin < town.duty[worker, :, 1][:, None], begin, np.inf).min(axis=0))


def _straight_on(program: _Program, town: Town, mode: int, leave: int) -> None:
    """Add the ways from each case straight to another; who isn't late at the first is home before a much later one."""
    way_s = town.travel_s[mode][:, town.workers :]  # (to, from)
    homes = np.flatnonzero(town.ride == bool(mode))
    quickest_s = town.travel_s.min(axis=(0, 2), where=_elsewhere(town), initial=np.inf)
    left_s = town.reported_s + quickest_s + town.on_site_s
    cost_s = np.maximum(left_s[None, :] - town.reported_s[:, None], 0.0) + way_s
    home_s = left_s - quickest_s + LONGEST_S + town.travel_s[mode][:, homes].max(axis=1)
    soon = town.reported_s[:, None] <= home_s[None, :]
    for modes_left, when in ((mode, soon), (LATE, ~soon)):
        possible = (cost_s < LONGEST_S) & when
        np.fill_diagonal(possible, val=False)
        to, from_ = np.nonzero(possible)
        busy_s = way_s[to, from_] + town.on_site_s[to]
        program.add(
            cost_s[to, from_],
            to,
            (np.full(len(to), town.workers + mode), busy_s),
            (leave + modes_left * town.cases + from_, np.ones(len(to))),
            *_came(town, to, leave, (mode,)),
        )


def _elsewhere(town: Town) -> npt.NDArray[np.bool_]:
    """Return which ways are not from a case to itself."""
    other = np.ones((1, town.cases, town.workers + town.cases), dtype=np.bool_)
    other[0, np.arange(town.cases), town.workers + np.arange(town.cases)] = False
    return other
