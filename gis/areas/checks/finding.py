"""One fault of a proposed set of areas: what, how bad, where, how large, and what to draw."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from gis.words import Level


class Severity(StrEnum):
    """Whether a fault forbids publishing."""

    ERROR = "error"
    WARNING = "warning"


class Kind(StrEnum):
    """Kinds of faults, in the order in which they are listed."""

    OUT_OF_RANGE = "out_of_range"  # coordinates that are no degrees
    ANTIMERIDIAN = "antimeridian"  # reaches around the world: it crosses 180 degrees
    NOT_POLYGON = "not_polygon"
    INVALID = "invalid"  # crosses itself
    UNCODED = "uncoded"
    DOUBLY_CODED = "doubly_coded"
    OVERLAP = "overlap"
    GAP = "gap"
    MISMATCH = "mismatch"  # neighbours whose common border has different vertices
    STRAY_PART = "stray_part"
    NO_PARENT = "no_parent"  # names a parent that isn't there, or none
    OUTSIDE_PARENT = "outside_parent"
    NO_COMMUNITY = "no_community"  # not exactly one community
    SLIVER = "sliver"  # a cell too narrow to be meant
    BUILDING_CUT = "building_cut"  # by a border elsewhere than between two stairwells
    COURTYARD_CUTS = "courtyard_cuts"  # a courtyard that holds only a part of a building
    UNNAMED = "unnamed"
    DOUBLY_NAMED = "doubly_named"
    HEAVY = "heavy"  # so many vertices that it is slow to draw
    HEIGHTS = "heights"  # had heights in its file: they were left out


WARNINGS = frozenset(
    {
        Kind.SLIVER,
        Kind.BUILDING_CUT,
        Kind.COURTYARD_CUTS,
        Kind.UNNAMED,
        Kind.DOUBLY_NAMED,
        Kind.HEAVY,
        Kind.HEIGHTS,
    }
)
LEVELS = (Level.COMMUNITY, Level.GRID, Level.MICRO_GRID, Level.COURTYARD)
_ORDER = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault.

    Parameters
    ----------
    kind, severity
        What it is; errors forbid publishing.
    level
        Of the areas concerned.
    codes
        Of the areas concerned, in order.
    features
        Rows of the level, counted from 1 as a person would, or identifiers of buildings.
    lon, lat
        A point in it, EPSG:4326; None where it has no place.
    geometry
        To be drawn, EPSG:4326; None where there is nothing to draw.
    size, unit
        ``m2``, ``m`` or ``vertices``; 0 where it has no size.
    width_m
        Of what has an area: as wide as it is where it is widest; a long sliver is as wide as it is thin.
    note
        What the geometry library says of an invalid shape, or the name that is used twice.
    """

    kind: Kind
    severity: Severity
    level: Level
    codes: tuple[str, ...]
    features: tuple[str, ...]
    lon: float | None = None
    lat: float | None = None
    geometry: BaseGeometry | None = None
    size: float = 0.0
    unit: str = ""
    width_m: float = 0.0
    note: str = ""

    @property
    def detail(self) -> str:
        """An English line for logs and programs."""
        which = " and ".join(self.codes) or f"feature {', '.join(self.features)}" if self.features else "-"
        text = f"{self.level.value} {which}: {self.kind.value.replace('_', ' ')}"
        if self.note:
            text += f" ({self.note})"
        if self.lon is not None and self.lat is not None:
            text += f" at {self.lon:.6f},{self.lat:.6f}"
        if self.unit:
            text += f", {self.size:.{0 if self.unit == 'vertices' else 2}f} {self.unit}"
        return text + (f", {self.width_m:.2f} m wide" if self.width_m else "")

    def as_json(self) -> dict[str, Any]:
        """Return everything but the geometry."""
        return {
            "kind": self.kind.value,
            "severity": self.severity.value,
            "level": self.level.value,
            "codes": list(self.codes),
            "features": list(self.features),
            "lon": self.lon,
            "lat": self.lat,
            "size": round(self.size, 3),
            "unit": self.unit,
            "width_m": round(self.width_m, 3),
            "note": self.note,
        }

    def as_feature(self) -> dict[str, Any]:
        """Return a GeoJSON feature, to be drawn on a page."""
        import json

        drawn = None if self.geometry is None else json.loads(shapely.to_geojson(self.geometry))
        return {"type": "Feature", "properties": self.as_json(), "geometry": drawn}


def severity_of(kind: Kind, level: Level) -> Severity:
    """Return whether a fault forbids publishing.

    Courtyards are shown and answered but nobody is assigned to them: only what can't be stored is an error there. A
    community may lie in several parts.
    """
    free = level is Level.COURTYARD and kind in {Kind.OVERLAP, Kind.OUTSIDE_PARENT, Kind.STRAY_PART}
    if kind in WARNINGS or free or (level is Level.COMMUNITY and kind is Kind.STRAY_PART):
        return Severity.WARNING
    return Severity.ERROR


def errors_of(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings that forbid publishing."""
    return tuple(one for one in findings if one.severity is Severity.ERROR)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings in their one order: errors first, by kind, by level, the largest first."""
    return tuple(
        sorted(
            findings,
            key=lambda one: (
                one.severity is Severity.WARNING,
                _ORDER[one.kind],
                LEVELS.index(one.level),
                -round(one.size, 6),
                one.codes,
                one.features,
                one.lon or 0.0,
                one.lat or 0.0,
            ),
        )
    )
