"""Checks of one level against the one above: every cell has a parent and lies in it."""

from __future__ import annotations

import numpy as np
import shapely

from gis.areas.checks.finding import Finding, Kind
from gis.areas.checks.subject import Subject, polygons_in, wider


def check_nesting(subject: Subject, above: Subject) -> list[Finding]:
    """Return cells without a parent, and what reaches out of it.

    A parent is named by its code; where nothing is named, as in the files of a community with one grid or of
    courtyards, a cell has to lie in the level above as a whole.

    Parameters
    ----------
    subject
        Cells.
    above
        The level that holds them.
    """
    parent = {code: row for row, code in enumerate(above.rows.code)}
    found, rows, holders = [], [], []
    for row, code in enumerate(subject.rows.parent_code):
        if code is not None and code not in parent:
            found.append(subject.finding(Kind.NO_PARENT, [row], shape=subject.shapes[row], note=code))
        elif not shapely.is_empty(subject.shapes[row]):
            rows.append(row)
            holders.append(above.whole if code is None else above.shapes[parent[code]])
    if not rows:
        return found
    outside = shapely.difference(subject.shapes[rows], np.array(holders, dtype=object))
    for place in np.flatnonzero(shapely.area(outside) > subject.limits.noise_m2).tolist():
        parts = polygons_in([outside[place]])
        parts = parts[wider(parts, subject.limits.precision_m)]
        found += [subject.finding(Kind.OUTSIDE_PARENT, [rows[place]], shape=part) for part in parts]
    return found
