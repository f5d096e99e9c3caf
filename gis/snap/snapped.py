"""What snapping answers, as columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Snapped:
    """Places of positions, one row a position; rows of the index's arrays, -1 where there is none."""

    lon: Floats
    lat: Floats
    x: Floats  # metres in the community's metric coordinates
    y: Floats
    containing: Integers  # the micro-grid that holds the point itself, whatever is more probable
    outside_m: Floats  # 0 inside, else to the nearest micro-grid; inf when too far to be snapped
    micro_grid: Integers
    micro_grid_probability: Floats
    micro_grid_m: Floats
    grid: Integers
    grid_probability: Floats
    courtyard: Integers
    courtyard_m: Floats
    building: Integers
    building_probability: Floats
    building_m: Floats
    street: Integers
    street_m: Floats
    ambiguous: Flags
    candidate: Integers  # (n, 3) micro-grids, the most probable first
    candidate_probability: Floats  # (n, 3)
    candidate_building: Integers  # (n, 3) the most probable building in each
    candidate_building_probability: Floats  # (n, 3)
    likely_building: Integers  # (n, 3) the most probable buildings, in whichever micro-grid
    likely_building_probability: Floats  # (n, 3)

    def __len__(self) -> int:
        return len(self.lon)
