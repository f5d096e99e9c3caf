"""Which streets somebody has gone along, from positions that are forgotten at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from gis.rounds.arrays import Floats, Integers

NEAR_M = 25.0
"""A position farther off belongs to no street."""
LEAST_SHARE = 0.5
"""Of a street's length: who only crosses it at its end has not patrolled it."""
SLACK_M = 12.0
"""Positions come every few metres: so much may lie before the first and behind the last."""


def covered(lines: npt.NDArray[np.object_], xy: Floats, nearest: Integers) -> list[int]:
    """Return the rows of the streets that were gone along for at least half of their length.

    Parameters
    ----------
    lines
        The streets, metres.
    xy
        Positions in any order, metres, shape (n, 2).
    nearest
        The row of the street nearest to each, -1 for none within reach.
    """
    kept = nearest >= 0
    points, rows = shapely.points(xy[kept]), nearest[kept]
    if not len(rows):
        return []
    along = shapely.line_locate_point(lines[rows], points)
    found = []
    for row in np.unique(rows):
        mine = along[rows == row]
        gone = float(mine.max() - mine.min())
        if gone + 2 * SLACK_M >= LEAST_SHARE * float(shapely.length(lines[row])) and _moved(gone, len(mine)):
            found.append(int(row))
    return found


def _moved(gone_m: float, positions: int) -> bool:
    """Tell whether somebody went along, and didn't only stand there or pass its end."""
    return positions > 1 and gone_m >= SLACK_M
