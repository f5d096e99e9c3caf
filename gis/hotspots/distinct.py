"""Reports of the same thing counted once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gis.hotspots.arrays import Floats, Integers

CELL_M = 20.0
SAME_DAYS = 7.0


@dataclass(frozen=True, slots=True)
class Distinct:
    """The rows that stand for a thing of their own, in their order, and how many reports each has."""

    row: Integers
    reports: Floats


def distinct(x: Floats, y: Floats, day: Floats, category: Integers) -> Distinct:
    """Return the first report of each thing.

    Reports of a category in the same cell of 20 m are about the same thing until a week has passed without one. The
    time grows with the number of reports only, also where all of them name one place.

    Parameters
    ----------
    x, y
        Metres.
    day
        Days since any moment.
    category
        Numbers; only equal ones can be the same thing.
    """
    if not len(x):
        return Distinct(np.empty(0, dtype=np.int64), np.empty(0))
    column, row = np.floor(x / CELL_M).astype(np.int64), np.floor(y / CELL_M).astype(np.int64)
    order = np.lexsort((day, category, row, column))
    same = np.ones(len(x) - 1, dtype=np.bool_)
    for key in (column, row, category):
        same &= key[order[1:]] == key[order[:-1]]
    same &= np.diff(day[order]) <= SAME_DAYS
    begins = np.flatnonzero(np.concatenate([[True], ~same]))
    reports = np.diff(np.append(begins, len(x))).astype(np.float64)
    first = order[begins]
    back = np.argsort(first)
    return Distinct(first[back], reports[back])
