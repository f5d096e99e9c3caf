"""What stands on the ground of a draft: building parts, one a stairwell, with their households; metres."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from gis.areas.checks.subject import BuildingFacts, Geometries, Integers
from gis.areas.delineation.households import households_of
from gis.areas.delineation.parts import cut_buildings
from gis.areas.delineation.request import DelineationRequest
from gis.crs import MetricCrs

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class HousedBuildings:
    """Buildings and stairwells as an office knows them; EPSG:4326, NaN where a number is unknown."""

    facts: BuildingFacts
    kind: list[str]
    levels: Floats
    flats: Floats
    unit: list[str]
    unit_flats: Floats


@dataclass(frozen=True, slots=True)
class Ground:
    """Parts of buildings; row i of every column belongs together.

    Parameters
    ----------
    metric
        The community's metric coordinates.
    buildings
        As given, for the checks.
    building, units
        Of each part: the building, and its stairwells there.
    shape, households
        Of each part; metres.
    """

    metric: MetricCrs
    buildings: BuildingFacts
    building: list[UUID]
    units: list[tuple[str, ...]]
    shape: Geometries
    households: Floats

    def find(self, building: UUID, unit: str | None) -> list[int]:
        """Return the parts of a building, or the one that holds a stairwell."""
        return [
            row
            for row, each in enumerate(self.building)
            if each == building and (unit is None or unit in self.units[row])
        ]

    def cells_of(self, shapes: Geometries) -> Integers:
        """Return for each part the row of the shape that holds its inner point, -1 for none."""
        cell = np.full(len(self.shape), -1, dtype=np.int64)
        if len(self.shape) and len(shapes):
            inner = shapely.point_on_surface(self.shape)
            part, row = shapely.STRtree(shapes).query(inner, predicate="intersects")
            cell[part[::-1]] = row[::-1]  # of several the first
        return cell


def make_ground(metric: MetricCrs, community: BaseGeometry, housed: HousedBuildings) -> Ground:
    """Cut buildings between their stairwells and share out their households.

    Parameters
    ----------
    metric
        The community's metric coordinates.
    community
        Its area; EPSG:4326.
    housed
        Its buildings.
    """
    facts = housed.facts
    if not len(facts):
        return Ground(metric, facts, [], [], np.empty(0, dtype=object), np.empty(0))
    footprints = np.asarray(metric.project_geometries(facts.geometry), dtype=object)
    footprints = np.array([_largest(shape) for shape in footprints], dtype=object)
    households = households_of(housed.kind, housed.flats, housed.levels, shapely.area(footprints))
    by_door = np.bincount(
        facts.stairwell_building, weights=np.nan_to_num(housed.unit_flats), minlength=len(facts)
    )
    households = np.where(np.isnan(housed.flats) & (by_door > 0), by_door, households)
    parts = cut_buildings(
        DelineationRequest(
            community=metric.project_geometries(np.array([community], dtype=object))[0],
            buildings=footprints,
            households=households,
            micro_grids=1,
            stairwell_xy=shapely.get_coordinates(metric.project_geometries(facts.stairwells)),
            stairwell_building=facts.stairwell_building,
            stairwell_flats=housed.unit_flats,
        )
    )
    units: list[list[str]] = [[] for _ in parts.building]
    for door, part in enumerate(parts.stairwell_part.tolist()):
        if part >= 0:
            units[part].append(housed.unit[door])
    return Ground(
        metric=metric,
        buildings=facts,
        building=[UUID(facts.id[row]) for row in parts.building.tolist()],
        units=[tuple(each) for each in units],
        shape=parts.polygons,
        households=parts.households,
    )


def _largest(shape: BaseGeometry) -> BaseGeometry:
    """Return the largest polygon of a footprint, valid."""
    parts = shapely.get_parts(shapely.get_parts(shapely.make_valid(shape)))
    largest: BaseGeometry = parts[int(np.argmax(shapely.area(parts)))]
    return largest
