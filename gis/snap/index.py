"""The place index: the published areas, buildings and streets of one community, in memory and in metres."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

import numpy as np
import shapely

from gis.crs import MetricCrs
from gis.snap.facades import Facades, cut_facades
from gis.snap.loops import all_holding, all_nearest, warm_up
from gis.snap.posterior import BORDER_M
from gis.snap.shapes import Floats, Geometries, Integers, shapes_of
from gis.snap.world import World

PATHS = frozenset({"footway", "path", "steps", "cycleway", "track", "corridor", "bridleway"})
"""Kinds that are streets only where they bear a name."""
NAME_WORTH_M = 10.0
"""A named street is answered instead of an unnamed one up to this much nearer, a street instead of a path alike."""


@dataclass(frozen=True, slots=True)
class Areas:
    """The areas of one level, ordered by code; EPSG:4326."""

    id: list[UUID]
    code: list[str]
    name: list[str]
    parent_code: list[str | None]
    geometry: Geometries

    def __len__(self) -> int:
        return len(self.code)


@dataclass(frozen=True, slots=True)
class Named:
    """Buildings or street segments; EPSG:4326."""

    id: list[UUID]
    code: list[str]
    name: list[str]
    geometry: Geometries

    def __len__(self) -> int:
        return len(self.code)


@dataclass(frozen=True, slots=True)
class PlaceArrays:
    """What an index is built from: one published version of a community."""

    community: Areas  # one row
    grids: Areas
    micro_grids: Areas
    courtyards: Areas
    buildings: Named
    streets: Named
    street_kind: list[str]
    stairwells: Geometries = field(default_factory=lambda: np.empty(0, dtype=object))
    stairwell_building: Integers = field(default_factory=lambda: np.empty(0, dtype=np.int64))


class PlaceIndex:
    """Finds places for positions; built once from a published version and never changed.

    Parameters
    ----------
    arrays
        The version's places; areas of a level ordered by code, so that the first of several has the smallest code.
    metric
        The community's metric coordinates.
    """

    def __init__(self, arrays: PlaceArrays, metric: MetricCrs) -> None:
        self.arrays = arrays
        self.metric = metric
        self.community = metric.project_geometries(arrays.community.geometry)
        self.cells = metric.project_geometries(arrays.micro_grids.geometry)
        self.courtyards = metric.project_geometries(arrays.courtyards.geometry)
        self.buildings = metric.project_geometries(arrays.buildings.geometry)
        self.streets = metric.project_geometries(arrays.streets.geometry)
        self.stairwells = metric.project_geometries(arrays.stairwells)
        self.cell_grid = self._grids()
        self.facades: Facades = cut_facades(self.buildings, self.cells, shapely.STRtree(self.cells))
        self.building_courtyard = self._building_courtyards()
        self._doors: dict[int, Floats] = {}
        self.world = self._world()
        warm_up(self.world)

    def containing(self, x: Floats, y: Floats) -> Integers:
        """Return the micro-grid that holds each point, -1 outside all of them.

        A point on a border belongs to the micro-grid with the smallest code; on it is who is within a millimetre, so that
        the rounding of a projection decides nothing.

        Parameters
        ----------
        x, y
            Metres in the community's metric coordinates.
        """
        return all_holding(self.world.cells, x, y, BORDER_M)

    def nearest_building(self, x: Floats, y: Floats) -> tuple[Integers, Floats]:
        """Return the nearest building of each point, of equals the first, -1 where there is none; and metres to it."""
        return all_nearest(self.world.buildings, np.zeros(len(self.buildings)), x, y)

    def nearest_part(self, x: Floats, y: Floats) -> tuple[Integers, Floats]:
        """Return the nearest part of a building of each point, a row of `facades`, and metres to it."""
        return all_nearest(self.world.parts, np.zeros(len(self.facades.cell)), x, y)

    def nearest_street(self, x: Floats, y: Floats) -> tuple[Integers, Floats]:
        """Return the nearest street segment of each point, whatever its name, and metres to it."""
        return all_nearest(self.world.streets, np.zeros(len(self.streets)), x, y)

    def stairwell_xy(self, building: int) -> Floats:
        """Return the doors of a building, metres, shape (n, 2)."""
        mine = self.stairwells[self.arrays.stairwell_building == building]
        return np.asarray(shapely.get_coordinates(mine))

    def target_xy(self, building: int | None, x: float, y: float) -> Floats:
        """Return where a responder to a case at (x, y) goes: the nearest door of its building, else the point itself."""
        here = np.array([x, y])
        if building is None or building < 0:
            return here
        doors = self._doors.get(building)
        if doors is None:
            doors = self._doors[building] = self.stairwell_xy(building)
        if len(doors) == 0:
            return here
        return np.asarray(doors[np.hypot(*(doors - here).T).argmin()])

    def _grids(self) -> Integers:
        """Return the grid of each micro-grid: its parent by code, else where its inner point lies."""
        rows = {code: row for row, code in enumerate(self.arrays.grids.code)}
        parents = [rows.get(code or "", -1) for code in self.arrays.micro_grids.parent_code]
        grid = np.array(parents, dtype=np.int64).reshape(-1)
        lost = np.flatnonzero(grid < 0)
        if len(lost) and len(self.arrays.grids):
            tree = shapely.STRtree(self.metric.project_geometries(self.arrays.grids.geometry))
            inner = np.asarray(shapely.point_on_surface(self.cells[lost]))
            grid[lost] = first_hit(tree, inner, len(lost))
        return grid

    def _building_courtyards(self) -> Integers:
        if len(self.courtyards) == 0:
            return np.full(len(self.buildings), -1, dtype=np.int64)
        inner = np.asarray(shapely.point_on_surface(self.buildings), dtype=object).reshape(-1)
        return first_hit(shapely.STRtree(self.courtyards), inner, len(inner))

    def _street_costs_m(self) -> Floats:
        """Return how much nearer than a named street each segment must be: none, one or two worths of a name."""
        named = np.array([bool(name) for name in self.arrays.streets.name], dtype=np.bool_)
        path = np.array([kind in PATHS for kind in self.arrays.street_kind], dtype=np.bool_)
        return NAME_WORTH_M * ((~named).astype(np.float64) + path)

    def _world(self) -> World:
        facades = self.facades
        return World(
            cells=shapes_of(self.cells, closed=True),
            courtyards=shapes_of(self.courtyards, closed=True),
            parts=facades.shapes,
            buildings=shapes_of(self.buildings, closed=True),
            streets=shapes_of(self.streets, closed=False),
            facade=facades.edges,
            part_building=facades.building,
            part_cell=facades.cell,
            part_facade_m=facades.facade_m,
            part_area_m2=facades.area_m2,
            street_cost_m=self._street_costs_m(),
            cell_grid=self.cell_grid,
            building_courtyard=self.building_courtyard,
        )


def first_hit(tree: shapely.STRtree, points: Geometries, count: int) -> Integers:
    """Return for each point the first row of the tree that it lies in or on, -1 for none."""
    answer = np.full(count, -1, dtype=np.int64)
    if count and len(tree.geometries):
        which, row = tree.query(points, predicate="intersects")
        order = np.lexsort((row, which))[::-1]  # the smallest row is written last
        answer[which[order]] = row[order]
    return answer
