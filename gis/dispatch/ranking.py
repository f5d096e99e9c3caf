"""Who is asked first: candidates with their travel times, ordered by stated rules, each with its reason.

Pure: it takes what was found out about people and answers an order; nothing here asks a database or a clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any
from uuid import UUID

from gis.settings import DispatchSettings
from gis.words import Mode


@dataclass(frozen=True, slots=True)
class Candidate:
    """A responder who could take a case.

    Parameters
    ----------
    person_id, name
        Who.
    mode
        How they move.
    lon, lat
        Where they are, or at home; EPSG:4326.
    position_age_s
        Age of the position; None: it is the home of a watcher who sent none.
    load
        Live offers and tasks they have already.
    owner
        True for the watcher of the case's own micro-grid.
    straight_m
        Distance as the crow flies.
    """

    person_id: UUID
    name: str
    mode: Mode
    lon: float
    lat: float
    position_age_s: float | None
    load: int
    owner: bool
    straight_m: float


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Somebody on duty who was not asked, and why."""

    person_id: UUID
    name: str
    reason: str
    straight_m: float | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with the figures that gave the place in the order."""

    candidate: Candidate
    travel_s: float
    distance_m: float
    penalties_s: Mapping[str, float]

    @property
    def cost_s(self) -> float:
        """Return the travel time with all penalties."""
        return self.travel_s + sum(self.penalties_s.values())


@dataclass(frozen=True, slots=True)
class Ranking:
    """The order of asking, and why everybody else was passed over."""

    ranked: tuple[Ranked, ...]
    excluded: tuple[PassedOver, ...] = ()
    counts: Mapping[str, int] | None = None

    def explain(self, chosen: UUID | None) -> dict[str, Any]:
        """Return what is stored with the offer.

        Parameters
        ----------
        chosen
            Who was asked; None when nobody could be.
        """
        outcome = "offered" if chosen else ("all_taken" if self.ranked else "nobody_available")
        return {
            "outcome": outcome,
            "chosen": str(chosen) if chosen else None,
            "candidates": [_explained(place, one) for place, one in enumerate(self.ranked, start=1)],
            "excluded": [
                {
                    "person_id": str(one.person_id),
                    "name": one.name,
                    "reason": one.reason,
                    "straight_m": None if one.straight_m is None else round(one.straight_m, 1),
                }
                for one in self.excluded
            ],
            "excluded_counts": dict(self.counts or {}),
        }


def rank(
    candidates: Sequence[Candidate],
    seconds: Sequence[float],
    metres: Sequence[float],
    rules: DispatchSettings,
    *,
    excluded: Sequence[PassedOver] = (),
    counts: Mapping[str, int] | None = None,
) -> Ranking:
    """Order candidates by travel time with penalties; who can't get there is excluded.

    Parameters
    ----------
    candidates
        Eligible responders.
    seconds, metres
        Travel over the street network to the case, in the same order; infinite where there is no way.
    rules
        The penalty for each live task, and the head start of the micro-grid's own watcher.
    excluded, counts
        Who was passed over before, to be told in the explanation.
    """
    ranked: list[Ranked] = []
    unreachable: list[PassedOver] = []
    for one, travel_s, distance_m in zip(candidates, seconds, metres, strict=True):
        if isfinite(travel_s):
            ranked.append(Ranked(one, float(travel_s), float(distance_m), _penalties(one, rules)))
        else:
            unreachable.append(PassedOver(one.person_id, one.name, "unreachable", one.straight_m))
    ranked.sort(key=lambda it: (it.cost_s, it.travel_s, it.candidate.person_id))
    totals = dict(counts or {})
    if unreachable:
        totals["unreachable"] = len(unreachable)
    return Ranking(tuple(ranked), (*unreachable, *excluded), totals)


def _penalties(one: Candidate, rules: DispatchSettings) -> dict[str, float]:
    found = {
        "load": one.load * rules.load_penalty_s,
        "owner": -rules.owner_preference_s if one.owner else 0.0,
    }
    return {name: value for name, value in found.items() if value}


def _explained(place: int, one: Ranked) -> dict[str, Any]:
    who = one.candidate
    return {
        "place": place,
        "person_id": str(who.person_id),
        "name": who.name,
        "mode": who.mode.value,
        "travel_s": round(one.travel_s, 1),
        "distance_m": round(one.distance_m, 1),
        "straight_m": round(who.straight_m, 1),
        "position_age_s": None if who.position_age_s is None else round(who.position_age_s),
        "load": who.load,
        "penalties_s": dict(one.penalties_s),
        "cost_s": round(one.cost_s, 1),
    }
