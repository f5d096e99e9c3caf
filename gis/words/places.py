"""Where something is: datums, levels of areas, positions and what they were snapped to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID


class Datum(StrEnum):
    """Coordinate systems in which a position may be stated (坐标系)."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"
    CGCS2000 = "cgcs2000"


class Level(StrEnum):
    """Kinds of area."""

    COMMUNITY = "community"
    GRID = "grid"
    MICRO_GRID = "micro_grid"
    COURTYARD = "courtyard"


class PositionSource(StrEnum):
    """Where a position came from."""

    GNSS = "gnss"
    PIN = "pin"
    EXIF = "exif"
    PLATE = "plate"


@dataclass(frozen=True, slots=True)
class Position:
    """A checked WGS-84 position (EPSG:4326, degrees) with what was stated of it."""

    lon: float
    lat: float
    accuracy_m: float | None = None
    heading_deg: float | None = None
    source: PositionSource = PositionSource.GNSS
    stated_datum: Datum = Datum.WGS84
    stated_lon: float | None = None
    stated_lat: float | None = None


@dataclass(frozen=True, slots=True)
class PlaceRef:
    """One place that a position was snapped to."""

    id: UUID
    code: str
    name: str
    distance_m: float
    probability: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the likely places, shown when the snap is ambiguous."""

    micro_grid: PlaceRef
    building: PlaceRef | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a position lies, as answered by ``locate`` and stored with a case."""

    community: PlaceRef | None
    grid: PlaceRef | None = None
    micro_grid: PlaceRef | None = None
    courtyard: PlaceRef | None = None
    building: PlaceRef | None = None
    street: PlaceRef | None = None
    ambiguous: bool = False
    candidates: tuple[Candidate, ...] = ()
    suggestion: Datum | None = None
    chosen: UUID | None = None
    """The building or micro-grid that a person named; then ``candidates`` is what was estimated."""

    def as_json(self) -> dict[str, Any]:
        """Return what is answered and stored: every level as an object or null."""
        found: dict[str, Any] = {level: _ref_json(getattr(self, level)) for level in _LEVELS}
        found["ambiguous"] = self.ambiguous
        found["candidates"] = [
            {"micro_grid": _ref_json(one.micro_grid), "building": _ref_json(one.building)}
            for one in self.candidates
        ]
        found["suggestion"] = self.suggestion.value if self.suggestion else None
        found["chosen"] = str(self.chosen) if self.chosen else None
        return found

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Place:
        """Return the place that ``as_json`` was made from."""
        levels = {level: _ref(stored.get(level)) for level in _LEVELS}
        candidates = tuple(
            Candidate(
                PlaceRef(**{**one["micro_grid"], "id": UUID(one["micro_grid"]["id"])}), _ref(one["building"])
            )
            for one in stored.get("candidates", ())
        )
        suggestion, chosen = stored.get("suggestion"), stored.get("chosen")
        return cls(
            **levels,
            ambiguous=bool(stored.get("ambiguous")),
            candidates=candidates,
            suggestion=Datum(suggestion) if suggestion else None,
            chosen=UUID(chosen) if chosen else None,
        )


_LEVELS = ("community", "grid", "micro_grid", "courtyard", "building", "street")


def _ref_json(ref: PlaceRef | None) -> dict[str, Any] | None:
    if ref is None:
        return None
    return {
        "id": str(ref.id),
        "code": ref.code,
        "name": ref.name,
        "distance_m": ref.distance_m,
        "probability": ref.probability,
    }


def _ref(stored: Mapping[str, Any] | None) -> PlaceRef | None:
    return None if stored is None else PlaceRef(**{**stored, "id": UUID(stored["id"])})
