"""Who is asked first: candidates with their travel times, ordered by stated rules, each with its reason.

Pure: it takes what was found out about people and answers an order; nothing here asks a database or a clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any, NamedTuple
from uuid import UUID

from gis.dispatch.explaining import explained
from gis.settings import DispatchSettings
from gis.words import Mode

SPARING = frozenset({"today", "rest", "vehicle"})
"""Penalties that share work out, or keep somebody free for a later case."""


class Candidate(
    NamedTuple
):  # these three are made two dozen times for every report: a third of a dataclass's cost
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
    tasks_today
        Tasks taken since midnight.
    rested_s
        Time since the last task ended; None: there was none.
    shift_left_s
        Time until their calendar takes them off duty; None: it doesn't.
    skilled
        They have one of the skills that help with the case.
    other_language
        They speak none of its reporters' languages.
    elsewhere
        A watcher whose micro-grids lie in another grid.
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
    tasks_today: int = 0
    rested_s: float | None = None
    shift_left_s: float | None = None
    skilled: bool = False
    other_language: bool = False
    elsewhere: bool = False


class PassedOver(NamedTuple):
    """Somebody on duty who was not asked, and why."""

    person_id: UUID
    name: str
    reason: str
    straight_m: float | None


class Ranked(NamedTuple):
    """A candidate with the figures that gave the place in the order.

    ``on_foot_m`` is what is left to walk, or to push the e-bike, where a vehicle may not pass; None: not known.
    """

    candidate: Candidate
    travel_s: float
    distance_m: float
    penalties_s: Mapping[str, float]
    on_foot_m: float | None = None

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

    def explain(self, chosen: UUID | None, *, matched_with: int = 0) -> dict[str, Any]:
        """Return what is stored with the offer.

        Parameters
        ----------
        chosen
            Who was asked; None when nobody could be.
        matched_with
            How many other waiting cases were solved together with this one: who stands before the chosen went to one
            of them.
        """
        return explained(self, chosen, matched_with=matched_with)


def rank(
    candidates: Sequence[Candidate],
    seconds: Sequence[float],
    metres: Sequence[float],
    rules: DispatchSettings,
    *,
    on_foot_m: Sequence[float] | None = None,
    excluded: Sequence[PassedOver] = (),
    counts: Mapping[str, int] | None = None,
    urgent: bool = False,
) -> Ranking:
    """Order candidates by travel time with penalties; who can't be there is excluded.

    Equals are ordered by the shorter way, then by who has taken fewer tasks today, rested longer, and by identifier.

    Parameters
    ----------
    candidates
        Eligible responders.
    seconds, metres
        Travel over the street network to the case, in the same order; infinite where there is no way.
    rules
        What each penalty is.
    on_foot_m
        How much of the way is on foot; without it nobody is turned away for that.
    excluded, counts
        Who was passed over before, to be told in the explanation.
    urgent
        Whoever is there first goes: nobody is spared.
    """
    ranked: list[Ranked] = []
    too_late: list[PassedOver] = []
    for row, one in enumerate(candidates):
        walked = None if on_foot_m is None else float(on_foot_m[row])
        reason = _reason_against_way(one, seconds[row], walked, rules)
        if reason is None:
            penalties = penalties_s(one, rules, urgent=urgent)
            ranked.append(Ranked(one, float(seconds[row]), float(metres[row]), penalties, walked))
        else:
            too_late.append(PassedOver(one.person_id, one.name, reason, one.straight_m))
    ranked.sort(key=_place)
    totals = dict(counts or {})
    for left in too_late:
        totals[left.reason] = totals.get(left.reason, 0) + 1
    return Ranking(tuple(ranked), (*too_late, *excluded), totals)


def penalties_s(one: Candidate, rules: DispatchSettings, *, urgent: bool = False) -> dict[str, float]:
    """Return the seconds that are added to somebody's way, by reason; a head start is negative.

    Parameters
    ----------
    one, rules
        Who, and what the office has set.
    urgent
        Leaves out what spares people: tasks of today, rest, and a vehicle kept for farther cases.
    """
    found: dict[str, float] = {}
    if one.load:
        found["load"] = one.load * rules.load_penalty_s
    if one.tasks_today and rules.today_penalty_s:
        found["today"] = one.tasks_today * rules.today_penalty_s
    if one.rested_s is not None and one.rested_s < rules.rest_s:
        found["rest"] = round(rules.rest_penalty_s * (1.0 - max(0.0, one.rested_s) / rules.rest_s), 1)
    if one.owner:
        found["owner"] = -rules.owner_preference_s
    if one.skilled:
        found["skill"] = -rules.skill_preference_s
    if one.other_language:
        found["language"] = rules.language_preference_s
    if one.elsewhere:
        found["other_area"] = rules.elsewhere_penalty_s
    if one.mode is not Mode.WALK:
        found["vehicle"] = rules.vehicle_penalty_s
    return {name: value for name, value in found.items() if value and not (urgent and name in SPARING)}


def _reason_against_way(
    one: Candidate, travel_s: float, on_foot_m: float | None, rules: DispatchSettings
) -> str | None:
    if not isfinite(travel_s):
        return "unreachable"
    if one.shift_left_s is not None and one.shift_left_s <= travel_s:
        return "off_shift"
    if one.mode is not Mode.WALK and on_foot_m is not None and on_foot_m > rules.on_foot_m:
        return "no_way_in"
    return None


def _place(one: Ranked) -> tuple[float, float, int, float, UUID]:
    who = one.candidate
    rested_s = inf if who.rested_s is None else who.rested_s
    return one.cost_s, one.travel_s, who.tasks_today, -rested_s, who.person_id
