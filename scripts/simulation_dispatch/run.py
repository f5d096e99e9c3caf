"""One run: a policy lives through the cases of a town, event by event.

Whoever has finished goes back to where they usually are, watchers to their micro-grid, riders to their stand; until they
would be there they can be asked where they finished.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import count

import numpy as np
import numpy.typing as npt

from scripts.simulation_dispatch.policies import FAIR, Moment, Policy, Worker
from scripts.simulation_dispatch.world import OFFER_S, TRIES, Town

Floats = npt.NDArray[np.float64]
LONGEST_S = 3600.0
"""Whoever waits longer than this counts as unserved."""
DRAIN_S = 2 * 3600.0
"""So long after the last report the run goes on."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a town's cases.

    Parameters
    ----------
    response_s
        From the report until somebody is there; of those never reached, until the end of the run.
    tasks
        How many each worker took.
    offers
        How many were made.
    """

    response_s: Floats
    tasks: npt.NDArray[np.int64]
    offers: int


@dataclass(slots=True)
class Run:
    """The state of a run."""

    town: Town
    policy: Policy
    now_s: float = 0.0
    workers: list[Worker] = field(default_factory=list)
    bound: set[int] = field(default_factory=set)  # workers with an offer or a task
    waiting: set[int] = field(default_factory=set)
    refused: dict[tuple[int, int], float] = field(default_factory=dict)
    tries: dict[tuple[int, int], int] = field(default_factory=dict)
    arrived_s: dict[int, float] = field(default_factory=dict)
    offers: int = 0
    _events: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _order: count[int] = field(default_factory=count)

    def live(self) -> Outcome:
        """Live until everybody is served, or long after the last report."""
        town = self.town
        self.workers = [Worker(number, number) for number in range(town.workers)]
        for case, at_s in enumerate(town.reported_s.tolist()):
            self._expect(at_s, partial(self.waiting.add, case))
        for at_s in np.unique(town.duty[np.isfinite(town.duty)]).tolist():
            self._expect(at_s, _nothing)
        end_s = town.hours * 3600.0 + DRAIN_S
        while self._events and self._events[0][0] <= end_s:
            self.now_s, _, happen = heapq.heappop(self._events)
            happen()
            if self.waiting:
                self._ask()
        arrived_s = np.array([self.arrived_s.get(case, end_s) for case in range(town.cases)])
        tasks = np.array([one.tasks for one in self.workers])
        return Outcome(arrived_s - town.reported_s, tasks, self.offers)

    def _expect(self, at_s: float, happen: Callable[[], None]) -> None:
        heapq.heappush(self._events, (at_s, next(self._order), happen))

    def _ask(self) -> None:
        duty = self.town.on_duty(self.now_s)
        free = [one for one in self.workers if one.number not in self.bound and duty[one.number]]
        if not free:
            return
        first = sorted(
            self.waiting, key=lambda case: (not self.town.urgent[case], self.town.reported_s[case])
        )
        refused = frozenset(pair for pair, until_s in self.refused.items() if until_s > self.now_s)
        for case, who in self.policy.choose(Moment(self.town, self.now_s, first, free, refused)):
            self._offer(case, who)

    def _offer(self, case: int, who: int) -> None:
        self.offers += 1
        self.waiting.remove(case)
        self.bound.add(who)
        nth = self.tries.get((case, who), 0)
        self.tries[case, who] = nth + 1
        after_s = float(self.town.answers_s[case, who, nth % TRIES])
        if self.town.takes[case, who, nth % TRIES]:
            self._expect(self.now_s + after_s, partial(self._accept, case, who))
        else:
            self._expect(self.now_s + min(after_s, OFFER_S), partial(self._refuse, case, who))

    def _refuse(self, case: int, who: int) -> None:
        self.bound.remove(who)
        self.waiting.add(case)
        until_s = self.now_s + FAIR.remember_refusal_s
        self.refused[case, who] = until_s
        self._expect(until_s, _nothing)  # looked at again

    def _accept(self, case: int, who: int) -> None:
        worker = self.workers[who]
        worker.tasks += 1
        there_s = self.now_s + float(self.town.travel_s[int(self.town.ride[who]), case, worker.place])
        self.arrived_s[case] = there_s
        worker.place = self.town.place_of(case)
        self._expect(there_s + float(self.town.on_site_s[case]), partial(self._finish, who))

    def _finish(self, who: int) -> None:
        self.bound.remove(who)
        worker = self.workers[who]
        worker.ended_s = self.now_s
        self._expect(self.now_s + self._way_back_s(worker), partial(self._be_home, worker, worker.tasks))

    def _way_back_s(self, worker: Worker) -> float:
        """Return how long it takes to go home: as long as the way from there."""
        case = worker.place - self.town.workers
        return float(self.town.travel_s[int(self.town.ride[worker.number]), case, worker.number])

    def _be_home(self, worker: Worker, tasks: int) -> None:
        if worker.tasks == tasks and worker.number not in self.bound:
            worker.place = worker.number


def _nothing() -> None:
    """Happen without any effect but that policies look again."""


def gini(tasks: npt.NDArray[np.int64]) -> float:
    """Return how unequally tasks are shared: 0 all alike, towards 1 all by one."""
    ordered = np.sort(tasks)
    total = ordered.sum()
    if total == 0:
        return 0.0
    rank = np.arange(1, len(ordered) + 1)
    return float(2.0 * (rank * ordered).sum() / (len(ordered) * total) - (len(ordered) + 1) / len(ordered))
