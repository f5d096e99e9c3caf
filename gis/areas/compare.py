"""What differs between two versions of areas."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.areas.checks.subject import Geometries, polygonal, surface
from gis.areas.columns import AreaRows
from gis.crs import MetricCrs
from gis.words import Level

FACTS = ("name", "name_en", "parent_code", "households")
NOISE_M2 = 0.01


@dataclass(frozen=True, slots=True)
class CellChange:
    """One area that was added, removed or changed; areas are the same where level and code are.

    Parameters
    ----------
    level, code, name
        Which; the name as it is later.
    what
        ``added``, ``removed`` or ``changed``.
    facts
        Names of facts that differ, ``geometry`` among them where more than its vertices does.
    gained_m2, lost_m2
        Area; of an added one all is gained.
    gained, lost
        The shapes, EPSG:4326, to be drawn.
    """

    level: Level
    code: str
    name: str
    what: str
    facts: tuple[str, ...]
    gained_m2: float
    lost_m2: float
    gained: BaseGeometry
    lost: BaseGeometry

    def as_json(self) -> dict[str, Any]:
        """Return everything but the shapes."""
        return {
            "level": self.level.value,
            "code": self.code,
            "name": self.name,
            "what": self.what,
            "facts": list(self.facts),
            "gained_m2": round(self.gained_m2, 1),
            "lost_m2": round(self.lost_m2, 1),
        }

    def as_features(self) -> list[dict[str, Any]]:
        """Return GeoJSON features of what was gained and lost."""
        return [
            {
                "type": "Feature",
                "properties": self.as_json() | {"part": part},
                "geometry": json.loads(shapely.to_geojson(shape)),
            }
            for part, shape in (("gained", self.gained), ("lost", self.lost))
            if not shapely.is_empty(shape)
        ]


def compare_areas(
    before: Sequence[AreaRows], after: Sequence[AreaRows], metric: MetricCrs
) -> tuple[CellChange, ...]:
    """Return what was added, removed and changed, by level and code.

    Parameters
    ----------
    before, after
        One element a level; EPSG:4326.
    metric
        The community's metric coordinates.
    """
    found: list[CellChange] = []
    for level in Level:
        old = next((rows for rows in before if rows.level is level), None)
        new = next((rows for rows in after if rows.level is level), None)
        found += _compare_level(level, old, new, metric)
    return tuple(found)


def _compare_level(
    level: Level, old: AreaRows | None, new: AreaRows | None, metric: MetricCrs
) -> list[CellChange]:
    was = {code: row for row, code in enumerate(old.code)} if old else {}
    now = {code: row for row, code in enumerate(new.code)} if new else {}
    codes = sorted(was | now)
    shapes = np.full((len(codes), 2), shapely.Polygon(), dtype=object)
    for place, code in enumerate(codes):
        if old and code in was:
            shapes[place, 0] = old.geometry[was[code]]
        if new and code in now:
            shapes[place, 1] = new.geometry[now[code]]
    moved = np.flatnonzero(~shapely.equals_exact(shapes[:, 0], shapes[:, 1], 0.0))
    lost, gained = np.full((2, len(codes)), shapely.Polygon(), dtype=object)
    if len(moved):
        plain = polygonal(metric.project_geometries(shapes[moved].reshape(-1))).reshape(-1, 2)
        lost[moved] = _real(shapely.difference(plain[:, 0], plain[:, 1]))
        gained[moved] = _real(shapely.difference(plain[:, 1], plain[:, 0]))
    found = []
    for place, code in enumerate(codes):
        there = old is not None and code in was, new is not None and code in now
        what = {(False, True): "added", (True, False): "removed"}.get(there, "changed")
        facts = _facts(old, was[code], new, now[code]) if old and new and all(there) else ()
        areas = float(shapely.area(lost[place])), float(shapely.area(gained[place]))
        if what == "changed" and sum(areas) > 0.0:
            facts += ("geometry",)
        if what == "changed" and not facts:
            continue
        rows, row = (new, now[code]) if new and code in now else (old, was[code])
        assert rows is not None  # noqa: S101 - the code came from one of them
        drawn = metric.unproject_geometries(np.array([gained[place], lost[place]], dtype=object))
        found.append(CellChange(level, code, rows.name[row], what, facts, areas[1], areas[0], *drawn))
    return found


def _real(shapes: Geometries) -> Geometries:
    """Return the polygons of shapes, without what rounding leaves."""
    found = np.array([surface(shape) for shape in shapes], dtype=object)
    found[shapely.area(found) <= NOISE_M2] = shapely.Polygon()
    return found


def _facts(old: AreaRows, was: int, new: AreaRows, now: int) -> tuple[str, ...]:
    return tuple(name for name in FACTS if getattr(old, name)[was] != getattr(new, name)[now])
