"""Why somebody was asked: what is stored of a ranking, in full or as rows, and how it is read again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from gis.dispatch.ranking import Ranked, Ranking

TOLD = 16
"""So many candidates are told of with their figures, and the chosen one; the others are counted."""

NOTED = (
    "place",
    "person_id",
    "name",
    "mode",
    "travel_s",
    "distance_m",
    "on_foot_m",
    "straight_m",
    "position_age_s",
    "load",
    "tasks_today",
    "penalties_s",
    "cost_s",
)
"""What is told of a candidate; stored in this order, so that a new one is added at the end."""


def explained(ranking: Ranking, chosen: UUID | None, *, matched_with: int = 0) -> dict[str, Any]:
    """Return what is stored with an offer.

    Parameters
    ----------
    ranking, chosen, matched_with
        As for ``Ranking.explain``.
    """
    told = noted(ranking)
    told["outcome"] = "offered" if chosen else told["outcome"]
    told["chosen"] = str(chosen) if chosen else None
    rows = [
        _noted(place, one)
        for place, one in enumerate(ranking.ranked, start=1)
        if place <= TOLD or one.candidate.person_id == chosen
    ]
    told["candidates"] = [dict(zip(NOTED, row, strict=True)) for row in rows]
    told.pop("unlisted", None)
    if matched_with:
        told["matched_with"] = matched_with
    if unlisted := len(ranking.ranked) - len(rows):
        told["unlisted"] = unlisted
    return told


def noted(ranking: Ranking) -> dict[str, Any]:
    """Return what is stored while it isn't known yet who will be asked: candidates as rows, read by ``unfolded``.

    A row has the values of ``NOTED`` without their names, which would be more than half of what is stored.

    Parameters
    ----------
    ranking
        Of one case.
    """
    told: dict[str, Any] = {
        "outcome": "all_taken" if ranking.ranked else "nobody_available",
        "chosen": None,
        "candidates": [_noted(place, one) for place, one in enumerate(ranking.ranked[:TOLD], start=1)],
        "excluded": [
            {
                "person_id": str(one.person_id),
                "name": one.name,
                "reason": one.reason,
                "straight_m": None if one.straight_m is None else round(one.straight_m, 1),
            }
            for one in ranking.excluded
        ],
        "excluded_counts": dict(ranking.counts or {}),
    }
    if len(ranking.ranked) > TOLD:
        told["unlisted"] = len(ranking.ranked) - TOLD
    return told


def unfolded(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return an explanation with its candidates by name, in whichever of the two forms it was stored.

    Parameters
    ----------
    stored
        From ``explained`` or ``noted``.
    """
    candidates = [
        dict(zip(NOTED, one, strict=False)) if isinstance(one, list) else one
        for one in stored.get("candidates", ())
    ]
    return {**stored, "candidates": candidates}


def _noted(place: int, one: Ranked) -> list[Any]:
    who = one.candidate
    return [
        place,
        str(who.person_id),
        who.name,
        who.mode,
        round(one.travel_s, 1),
        round(one.distance_m, 1),
        None if one.on_foot_m is None else round(one.on_foot_m),
        round(who.straight_m, 1),
        None if who.position_age_s is None else round(who.position_age_s),
        who.load,
        who.tasks_today,
        one.penalties_s,
        round(one.cost_s, 1),
    ]
