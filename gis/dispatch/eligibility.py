"""Who may be asked for a case: one rule a line, each with the name that is told and shown.

Pure: the store finds who is on duty and near, and leaves out the far ones; everything else is judged here. What depends
on the way (too long on foot, the shift over before they could be there) is judged where the way is known, in
``gis.dispatch.ranking``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from gis.dispatch.ranking import Candidate, PassedOver
from gis.roster import OnDuty
from gis.settings import DispatchSettings
from gis.words import Role

TOLD = 5
"""So many of those passed over are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a case asks of a responder.

    Parameters
    ----------
    reporter_ids
        Who reported it: not asked, but may claim it.
    micro_grid_code
        The case's own micro-grid.
    grid_cells
        Codes of all micro-grids of its grid.
    skills
        Any of these helps.
    skill_required
        One of them is insisted on.
    languages
        What its reporters speak.
    companions
        Who has another seat of the same order: each is for somebody else.
    radius_m
        How far responders are looked for, straight line.
    """

    reporter_ids: frozenset[UUID] = frozenset()
    micro_grid_code: str | None = None
    grid_cells: frozenset[str] = frozenset()
    skills: frozenset[str] = frozenset()
    skill_required: bool = False
    languages: frozenset[str] = frozenset()
    companions: frozenset[UUID] = frozenset()
    radius_m: float = float("inf")


@dataclass(frozen=True, slots=True)
class Sifted:
    """Who may be asked, nearest first, and why everybody else may not."""

    candidates: tuple[Candidate, ...]
    passed_over: tuple[PassedOver, ...]
    counts: dict[str, int]


def reason_against(one: OnDuty, wanted: Wanted, rules: DispatchSettings) -> str | None:
    """Return why somebody isn't asked for a case, None when they may be.

    Parameters
    ----------
    one
        Somebody on duty.
    wanted
        The case.
    rules
        What the office has set.
    """
    if one.person_id in wanted.reporter_ids:
        return "reporter"
    return reason_against_claim(one, wanted, rules) or _reason_against_asking(one, wanted)


def reason_against_claim(one: OnDuty, wanted: Wanted, rules: DispatchSettings) -> str | None:
    """Return why somebody may not have a case even when they claim it themselves, None when they may.

    Who claims knows where they are, whether they have refused before, and that they reported it.

    Parameters
    ----------
    one, wanted, rules
        As for ``reason_against``.
    """
    if one.load >= one.capacity:
        return "full"
    if wanted.companions and one.person_id in wanted.companions:
        return "has_other_seat"
    if wanted.skill_required and wanted.skills.isdisjoint(one.skills):
        return "lacks_skill"
    if not rules.watchers_elsewhere and _elsewhere(one, wanted):
        return "other_area"
    return None


def _reason_against_asking(one: OnDuty, wanted: Wanted) -> str | None:
    if one.straight_m is None:
        return "no_fresh_position"
    if one.refused:
        return "refused_lately"
    return "too_far" if one.straight_m > wanted.radius_m else None


def sift(
    people: Iterable[OnDuty],
    wanted: Wanted,
    rules: DispatchSettings,
    *,
    unseen: int = 0,
    most: int | None = None,
) -> Sifted:
    """Return who may be asked, the nearest first, and whom not, with reasons.

    Parameters
    ----------
    people
        On duty, nearest first; those without a place last.
    wanted, rules
        As for ``reason_against``.
    unseen
        How many more are on duty that were not looked at because others are nearer.
    most
        So many candidates at most; None: as the rules say.
    """
    limit = rules.candidates if most is None else most
    candidates: list[Candidate] = []
    passed_over: list[PassedOver] = []
    counts: Counter[str] = Counter()
    for one in people:
        reason = reason_against(one, wanted, rules)
        if reason is None and len(candidates) == limit:
            reason = "further"
        if reason is None:
            candidates.append(candidate(one, wanted))
            continue
        counts[reason] += 1
        if len(passed_over) < TOLD and reason != "further":
            passed_over.append(PassedOver(one.person_id, one.name, reason, one.straight_m))
    if unseen:
        counts["further"] += unseen
    return Sifted(tuple(candidates), tuple(passed_over), dict(counts))


def candidate(one: OnDuty, wanted: Wanted) -> Candidate:
    """Return somebody who may be asked as ranking sees them.

    Parameters
    ----------
    one
        Has a place.
    wanted
        The case.

    Raises
    ------
    ValueError
        They have no place.
    """
    if one.lon is None or one.lat is None or one.straight_m is None:
        raise ValueError("a candidate needs a place")
    return Candidate(
        one.person_id,
        one.name,
        one.mode,
        one.lon,
        one.lat,
        one.position_age_s,
        one.load,
        wanted.micro_grid_code in one.micro_grids,
        one.straight_m,
        tasks_today=one.tasks_today,
        rested_s=one.rested_s,
        shift_left_s=one.shift_left_s,
        skilled=not wanted.skills.isdisjoint(one.skills),
        other_language=bool(wanted.languages) and wanted.languages.isdisjoint(one.languages),
        elsewhere=_elsewhere(one, wanted),
    )


def _elsewhere(one: OnDuty, wanted: Wanted) -> bool:
    """Riders are at home everywhere, watchers in the grid of their micro-grids."""
    return one.role is Role.WATCHER and wanted.grid_cells.isdisjoint(one.micro_grids)
