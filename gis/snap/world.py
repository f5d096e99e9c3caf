"""What the compiled loops read: a community's shapes, the numbers of the model, and what they write."""

from __future__ import annotations

from typing import NamedTuple

from gis.snap.shapes import Floats, Integers, Shapes

BELOW_STEPS, DECAY_STEPS = 64.0, 32.0
"""Entries of the tables for each unit."""
STANDS = 3
"""Stand-offs of a kind of position."""


class World(NamedTuple):
    """A community in metres; rows are those of the index's arrays."""

    cells: Shapes
    courtyards: Shapes
    parts: Shapes  # of buildings, by micro-grid
    buildings: Shapes
    streets: Shapes
    facade: Floats  # (n, 4), of each edge of the parts: unit vector along it, length; 0 where it is no facade
    part_building: Integers
    part_cell: Integers
    part_facade_m: Floats  # all facades of a part together
    part_area_m2: Floats
    street_cost_m: Floats
    cell_grid: Integers
    building_courtyard: Integers


class Model(NamedTuple):
    """Numbers of the model; `gis.snap.posterior` says what they are."""

    tail_share: float
    tail_factor: float
    reach_m: float
    reach_sigmas: float
    border_sigmas: float
    border_m: float
    ground: float
    sharpness: float  # of the direction of view
    view_peak: float
    junk_heading: float
    stand_off: Floats  # (2, 3, 3): of a phone's fix and of a pin: distance, width, weight
    indoors: Floats  # (2,): weight of indoors, of a phone's fix and of a pin
    least_building: float
    outside_m: float
    below: Floats  # (n, 2): the normal distribution function from -8 to 8 as lines: value at 0, slope
    decay: Floats  # (n, 2): exp(-t) for t from 0 to 32 alike


class Scratch(NamedTuple):
    """Room for sums, used again for every fix."""

    slot: Integers  # of every micro-grid: where in the arrays below it is, -1
    cells: Integers
    away_m: Floats
    mass: Floats
    best: Integers  # the most probable part in each
    best_mass: Floats
    houses: Integers
    house_mass: Floats
    found: Integers
    chosen: Integers
    terms: Floats
