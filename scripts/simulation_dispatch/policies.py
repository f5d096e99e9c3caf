"""Who is asked next: by the straight line, by network distance, and by the ranking and the matching of the service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import numpy as np

from gis.dispatch.matching import match
from gis.dispatch.ranking import Candidate, Ranking, rank
from gis.settings import DispatchSettings
from gis.words import Mode
from scripts.simulation_dispatch.world import Town

FAIR = DispatchSettings()
PLAIN = DispatchSettings(today_penalty_s=0.0, rest_penalty_s=0.0, vehicle_penalty_s=0.0)
"""The rules of the service, and the same without what spares people and vehicles."""


@dataclass(slots=True)
class Worker:
    """A responder as they are now."""

    number: int
    place: int
    tasks: int = 0
    ended_s: float | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """What a policy may look at: waiting cases, the longest waiting first and urgent ones before all, and free workers."""

    town: Town
    now_s: float
    waiting: Sequence[int]
    free: Sequence[Worker]
    refused: frozenset[tuple[int, int]]

    def asked(self, case: int, free: Sequence[Worker]) -> list[Worker]:
        """Return whom a case may be offered to: not those who refused it lately."""
        return [one for one in free if (case, one.number) not in self.refused]


class Policy(Protocol):
    """Answers pairs of a case and a worker."""

    name: str

    def choose(self, moment: Moment) -> list[tuple[int, int]]:
        """Return whom to ask for which case."""


class OneByOne:
    """Takes the waiting cases in turn, and for each the first of an order.

    Parameters
    ----------
    name
        ``straight line`` or ``network distance``.
    """

    def __init__(self, name: str, *, straight: bool) -> None:
        self.name = name
        self.straight = straight

    def choose(self, moment: Moment) -> list[tuple[int, int]]:
        """Return whom to ask for which case."""
        return _in_turn(moment, self._first)

    def _first(self, moment: Moment, case: int, free: Sequence[Worker]) -> int:
        return min(free, key=lambda one: self._metres(moment.town, case, one)).number

    def _metres(self, town: Town, case: int, one: Worker) -> float:
        if self.straight:
            return float(np.hypot(*(town.xy[one.place] - town.xy[town.place_of(case)])))
        return float(town.travel_m[int(town.ride[one.number]), case, one.place])


class TravelTime:
    """Takes the waiting cases in turn, and for each the first of the service's ranking.

    Parameters
    ----------
    name, rules
        The name, and the penalties.
    """

    def __init__(self, name: str, rules: DispatchSettings) -> None:
        self.name = name
        self.rules = rules

    def choose(self, moment: Moment) -> list[tuple[int, int]]:
        """Return whom to ask for which case."""
        return _in_turn(moment, self._first)

    def _first(self, moment: Moment, case: int, free: Sequence[Worker]) -> int | None:
        ranked = ranking(moment, case, free, self.rules).ranked
        return ranked[0].candidate.person_id.int if ranked else None


class Matched:
    """Solves all waiting cases and all free workers together, at every change.

    Parameters
    ----------
    name, rules
        The name, and the penalties.
    """

    def __init__(self, name: str, rules: DispatchSettings) -> None:
        self.name = name
        self.rules = rules

    def choose(self, moment: Moment) -> list[tuple[int, int]]:
        """Return whom to ask for which case."""
        cases: list[int] = []
        people: list[int] = []
        costs: list[float] = []
        for row, case in enumerate(moment.waiting):
            for one in ranking(moment, case, moment.asked(case, moment.free), self.rules).ranked:
                cases.append(row)
                people.append(one.candidate.person_id.int)
                costs.append(one.cost_s)
        pairs = match(
            cases,
            people,
            costs,
            capacity=np.ones(moment.town.workers, dtype=np.int64),
            urgent=moment.town.urgent[list(moment.waiting)],
        )
        return [(moment.waiting[case], who) for case, who in pairs.tolist()]


def ranking(moment: Moment, case: int, free: Sequence[Worker], rules: DispatchSettings) -> Ranking:
    """Return the service's ranking of workers for a case."""
    town = moment.town
    urgent = bool(town.urgent[case])
    candidates = [_candidate(moment, one) for one in free]
    rows = [(int(town.ride[one.number]), case, one.place) for one in free]
    return rank(
        candidates,
        [town.travel_s[row] for row in rows],
        [town.travel_m[row] for row in rows],
        rules,
        urgent=urgent,
    )


def _candidate(moment: Moment, one: Worker) -> Candidate:
    return Candidate(
        UUID(int=one.number),
        "",
        Mode.E_BIKE if moment.town.ride[one.number] else Mode.WALK,
        0.0,
        0.0,
        position_age_s=0.0,
        load=0,
        owner=False,
        straight_m=0.0,
        tasks_today=one.tasks,
        rested_s=None if one.ended_s is None else moment.now_s - one.ended_s,
        shift_left_s=moment.town.left_s(one.number, moment.now_s),
    )


class _First(Protocol):
    def __call__(self, moment: Moment, case: int, free: Sequence[Worker]) -> int | None: ...


def _in_turn(moment: Moment, first: _First) -> list[tuple[int, int]]:
    free, chosen = list(moment.free), []
    for case in moment.waiting:
        asked = moment.asked(case, free)
        who = first(moment, case, asked) if asked else None
        if who is not None:
            chosen.append((case, who))
            free = [one for one in free if one.number != who]
    return chosen


POLICIES: tuple[Policy, ...] = (
    OneByOne("straight line", straight=True),
    OneByOne("network distance", straight=False),
    TravelTime("travel time", PLAIN),
    Matched("travel time + matching", PLAIN),
    Matched("travel time + matching, fair", FAIR),
)
