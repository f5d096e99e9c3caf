"""Which grid a micro-grid belongs to, and grids that are the unions of their micro-grids."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely

from gis.areas.checks.subject import polygonal
from gis.areas.columns import AreaRows


def with_parents(cells: AreaRows, grids: AreaRows) -> AreaRows:
    """Return micro-grids each with its grid's code: as stated, else that of the grid in which it lies.

    Parameters
    ----------
    cells
        Micro-grids; EPSG:4326.
    grids
        The grids that there are.
    """
    lost = [row for row, code in enumerate(cells.parent_code) if code is None]
    if not lost or not len(grids):
        return cells
    inner = shapely.point_on_surface(polygonal(cells.geometry[lost]))
    point, grid = shapely.STRtree(polygonal(grids.geometry)).query(inner, predicate="intersects")
    parents = list(cells.parent_code)
    for place, row in sorted(zip(point.tolist(), np.asarray(grid).tolist(), strict=True), reverse=True):
        parents[lost[place]] = grids.code[row]  # of several the first
    return replace(cells, parent_code=parents)
