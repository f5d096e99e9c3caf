"""What delineation is asked for, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Geometries: TypeAlias = NDArray[Any]
"""Array of shapely geometries (numpy dtype object)."""
Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Booleans: TypeAlias = NDArray[np.bool_]


def no_geometries() -> Geometries:
    """Make an empty array of geometries."""
    return np.empty(0, dtype=object)


def _no_floats() -> Floats:
    return np.empty(0, dtype=np.float64)


def _no_integers() -> Integers:
    return np.empty(0, dtype=np.int64)


def _no_points() -> Floats:
    return np.empty((0, 2), dtype=np.float64)


def _no_booleans() -> Booleans:
    return np.empty(0, dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class DelineationRequest:
    """A community to be cut into micro-grids; every coordinate is in metres of one metric CRS.

    Parameters
    ----------
    community
        The community's polygon, in one part.
    buildings, households
        Polygons of the buildings and the households of each (0 where nobody lives).
    micro_grids, grids
        Numbers of cells to draw; no grids are drawn for ``None``.
    stairwell_xy, stairwell_building, stairwell_flats
        Entrances: position, index of the building, flats (``nan`` where unknown, then all of the building's
        stairwells share alike).
    streets, street_is_main
        Centre lines, and which of them no cell may cross.
    courtyards, walls
        Compounds as polygons; further walls and fences as lines.
    seed
        Equal requests give equal answers.
    balance
        What the cells should have alike.
    simplify_m
        Borders between cells are straightened by about this much, never through a building; 0 keeps every vertex.
    """

    community: Any
    buildings: Geometries
    households: Floats
    micro_grids: int
    grids: int | None = None
    stairwell_xy: Floats = field(default_factory=_no_points)
    stairwell_building: Integers = field(default_factory=_no_integers)
    stairwell_flats: Floats = field(default_factory=_no_floats)
    streets: Geometries = field(default_factory=no_geometries)
    street_is_main: Booleans = field(default_factory=_no_booleans)
    courtyards: Geometries = field(default_factory=no_geometries)
    walls: Geometries = field(default_factory=no_geometries)
    seed: int = 0
    balance: Literal["households"] = "households"
    simplify_m: float = 1.5


@dataclass(frozen=True, slots=True)
class LevelReport:
    """How good the cells of one level are."""

    cells: int
    mean_households: float
    min_households: float
    max_households: float
    within_20_percent: float
    """Share of the cells whose households are within ±20% of the mean."""
    best_within_20_percent: float
    """The most that any division reaches that crosses no main street and gives pieces too big for a cell one each."""
    too_big_to_split: int
    """Cells over +20% that are one piece: one stairwell, one undivided building, or one micro-grid."""
    bound_by_streets: int
    """Cells out of ±20% in a block whose own mean is: main streets leave no better number of cells there."""
    otherwise_unbalanced: int
    """Cells out of ±20% for neither reason."""
    contiguous: bool
    """Every cell is one part."""
    coverage_valid: bool
    """No gap, no overlap, matched edges."""
    main_street_crossings: int
    """Cells with households on both sides of a main street: only where blocks had to be joined."""
    blocks_joined: int
    """Blocks between main streets that were joined: too many for the cells asked for, or (grids) too small."""
    polsby_popper_median: float
    polsby_popper_min: float


@dataclass(frozen=True, slots=True)
class DelineationReport:
    """Every aim of a delineation with the figure that was reached."""

    micro_grids: LevelReport
    grids: LevelReport | None
    households: float
    buildings: int
    buildings_outside: int
    """Buildings left out: most of their area is outside the community."""
    buildings_shared: int
    """Buildings shared by cells along the wall between two stairwells."""
    buildings_cut_elsewhere: int
    """Buildings that a border cuts anywhere else."""
    blocks: int
    """Parts of the community, with households, that main streets divide it into."""
    empty_places_joined: int
    """Places without households that belong to a cell on the other side of a main street."""
    courtyards: int
    """Courtyards with households."""
    courtyards_fitting: int
    """Of those, how many are small enough for one cell."""
    courtyards_whole: int
    """Of the fitting ones, how many lie in one cell."""
    cells_over_courtyard_walls: int
    """Micro-grids with households of more than one courtyard."""
    outside_area_m2: float
    """Area by which the cells' union differs from the community; 0 but for rounding."""
    seconds: float


@dataclass(frozen=True, slots=True)
class Delineation:
    """The drawn cells; row i of every ``part_`` or ``stairwell_`` array belongs together.

    Cells are numbered from the north-west, row by row. Polygons share their border vertices exactly, so that rounding
    coordinates (7 decimals of a degree) keeps the coverage valid. ``community`` is the union of the cells: the
    polygon of the request with the vertices where borders meet it.
    """

    community: Any
    micro_grids: Geometries
    micro_grid_households: Floats
    micro_grid_grid: Integers
    """Index of each micro-grid's grid; 0 for all if no grids were asked for."""
    grids: Geometries
    grid_households: Floats
    parts: Geometries
    """Whole buildings, or the stretches of a building that belong to one stairwell each."""
    part_building: Integers
    part_households: Floats
    part_micro_grid: Integers
    stairwell_part: Integers
    """Index of each stairwell's part, -1 for a stairwell of a building outside the community."""
    building_micro_grid: Integers
    """The cell that holds most of each building's households, -1 outside the community."""
    report: DelineationReport
