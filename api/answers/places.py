"""Where something is: in short for lists, and in full as ``locate`` answers it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import Field

from api.answers.base import Answer, Ref
from gis.words import Place, PlaceRef
from web.romanise import place_name


class CasePlace(Answer):
    """Where a case is, in short."""

    grid: Ref | None
    micro_grid: Ref | None
    building: Ref | None
    street: Ref | None


class PlaceRefOut(Ref):
    """A place that a position was snapped to."""

    id: UUID
    distance_m: float
    probability: float


class CandidateOut(Answer):
    """One of the likely places."""

    micro_grid: PlaceRefOut
    building: PlaceRefOut | None


class PlaceOut(Answer):
    """Where a position lies; ``suggestion`` is the datum under which it would lie inside the community.

    ``chosen`` is the building or micro-grid that the reporter named; ``candidates`` is then what was estimated.
    """

    community: PlaceRefOut | None
    grid: PlaceRefOut | None = None
    micro_grid: PlaceRefOut | None = None
    courtyard: PlaceRefOut | None = None
    building: PlaceRefOut | None = None
    street: PlaceRefOut | None = None
    ambiguous: bool = False
    candidates: list[CandidateOut] = Field(default_factory=list)
    suggestion: str | None = None
    chosen: UUID | None = None


def case_place(place: Mapping[str, Any]) -> CasePlace:
    """Return a stored place in short."""

    def ref(level: str) -> Ref | None:
        found = place.get(level)
        return Ref(code=found["code"], name=found["name"]) if found else None

    return CasePlace(
        grid=ref("grid"), micro_grid=ref("micro_grid"), building=ref("building"), street=ref("street")
    )


def place_told(place: Place) -> dict[str, Any]:
    """Return the fields of ``PlaceOut`` without making one: for the answer that every report waits for."""
    levels = (place.community, place.grid, place.micro_grid, place.courtyard, place.building, place.street)
    return dict(zip(_LEVELS, map(_ref_told, levels), strict=True)) | {
        "ambiguous": place.ambiguous,
        "candidates": [
            {"micro_grid": _ref_told(one.micro_grid), "building": _ref_told(one.building)}
            for one in place.candidates
        ],
        "suggestion": place.suggestion,
        "chosen": place.chosen,
    }


_LEVELS = ("community", "grid", "micro_grid", "courtyard", "building", "street")


def _ref_told(ref: PlaceRef | None) -> dict[str, Any] | None:
    if ref is None:
        return None
    return {
        "code": ref.code,
        "name": ref.name,
        "id": ref.id,
        "distance_m": ref.distance_m,
        "probability": ref.probability,
        "name_en": place_name("en", ref.name),
    }


def place_out(place: Place) -> PlaceOut:
    """Return a place as ``locate`` answers it."""
    return PlaceOut.model_validate(place)
