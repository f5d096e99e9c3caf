"""What a repair would change, to be shown before it is applied."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from gis.areas.checks import Finding
from gis.areas.columns import AreaRows
from gis.words import Level


@dataclass(frozen=True, slots=True)
class Change:
    """One area that a repair would change.

    Parameters
    ----------
    level, code
        Which area.
    moved_m2
        Area that it gains or loses.
    moved_m
        How far its border moves where it moves farthest; `gis.areas.repair.movement` says how that is measured.
    difference
        What it gains or loses, EPSG:4326, to be drawn; empty where only vertices are added.
    """

    level: Level
    code: str
    moved_m2: float
    moved_m: float
    difference: BaseGeometry

    def as_json(self) -> dict[str, Any]:
        """Return everything but the geometry."""
        return {
            "level": self.level.value,
            "code": self.code,
            "moved_m2": round(self.moved_m2, 3),
            "moved_m": round(self.moved_m, 3),
        }

    def as_feature(self) -> dict[str, Any]:
        """Return a GeoJSON feature, to be drawn on a page."""
        drawn = json.loads(shapely.to_geojson(self.difference))
        return {"type": "Feature", "properties": self.as_json(), "geometry": drawn}


@dataclass(frozen=True, slots=True)
class RepairProposal:
    """Areas as they would be after a repair.

    Parameters
    ----------
    areas
        All levels that were given, in the same order; areas without a change are the very same objects.
    changes
        The areas that differ.
    moved_m2
        Area that changes hands on the finest level, counted once.
    largest_move_m
        No border moves farther; at most ``tolerance_m``.
    remaining
        What is still wrong afterwards, among it everything that could only be repaired by moving a border farther.
    tolerance_m
        As asked.
    """

    areas: tuple[AreaRows, ...]
    changes: tuple[Change, ...]
    moved_m2: float
    largest_move_m: float
    remaining: tuple[Finding, ...]
    tolerance_m: float
