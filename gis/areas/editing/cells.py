"""New outlines of a few micro-grids, fitted to their neighbours, and of the grids that they make up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.areas.checks.subject import Geometries, polygonal, polygons_in
from gis.areas.editing.draft import Cell, Draft, Key
from gis.areas.repair.cover import cover
from gis.areas.repair.vertices import alike, restored
from gis.crs import MetricCrs
from gis.errors import ConflictError, InvalidInputError
from gis.words import Level

FIT_M = 0.05
"""Rounding that fitting may take from, or give to, a neighbour."""
SNAPS_M = (0.01, -1.0, 0.02)
"""Vertices nearer to one another become one: a border drawn by hand may pass close by another's."""


def micro_grid(draft: Draft, code: str) -> Cell:
    """Return a micro-grid of a draft; raises ``edit_cell_unknown``."""
    return known(draft, (Level.MICRO_GRID, code))


def known(draft: Draft, key: Key) -> Cell:
    """Return a cell of a draft; raises ``edit_cell_unknown``."""
    cell = draft.cells.get(key)
    if cell is None:
        level, code = key
        raise InvalidInputError(
            f"no {level.value} {code}", code="edit_cell_unknown", field="cell", level=level.value, cell=code
        )
    return cell


def free(draft: Draft, key: Key) -> None:
    """Raise ``edit_code_taken`` where a cell of the level has the code."""
    if key in draft.cells:
        level, code = key
        raise ConflictError(
            f"there is a {level.value} {code} already", code="edit_code_taken", level=level.value, cell=code
        )


def redrawn(
    draft: Draft,
    shapes: Mapping[str, BaseGeometry],
    metric: MetricCrs,
    *,
    put: Iterable[Cell] = (),
    without: Iterable[str] = (),
) -> Draft:
    """Return a draft in which some micro-grids have other outlines; neighbours get the same vertices.

    Parameters
    ----------
    draft
        As it is.
    shapes
        New outlines by code; metres. Their union is that of the cells that they replace.
    metric
        The community's metric coordinates.
    put
        Cells with other facts than before, or new ones; their geometry is taken from ``shapes``.
    without
        Codes of micro-grids that are no more.

    Raises
    ------
    ConflictError
        ``edit_splits_cell`` when a cell would be in several parts, ``edit_empties_cell`` when nothing would be left,
        ``edit_does_not_fit`` when borders pass too close by one another to be kept apart.
    """
    for code, shape in shapes.items():
        _one_piece(code, shape)
    gone = set(without)
    cells = {cell.code: cell for cell in draft.of(Level.MICRO_GRID)}
    old = list(cells.values())
    stored = np.array([cell.geometry for cell in old], dtype=object)
    plain = metric.project_geometries(stored)
    place = {cell.code: row for row, cell in enumerate(old)}
    touched = plain[[place[code] for code in (set(shapes) | gone) & set(place)]]
    near = np.unique(shapely.STRtree(plain).query(touched, predicate="intersects")[1]).tolist()
    codes = sorted({old[row].code for row in near if old[row].code not in gone} | set(shapes))
    new = np.array([shapes[code] if code in shapes else plain[place[code]] for code in codes], dtype=object)
    degrees = cover(
        new, FIT_M, None, lambda each: restored(stored[near], plain[near], each, metric), snaps_m=SNAPS_M
    )
    if not (shapely.is_valid(degrees).all() and shapely.coverage_is_valid(degrees)):
        names = ", ".join(sorted(shapes))
        raise ConflictError(f"the borders of {names} can't be fitted", code="edit_does_not_fit", cell=names)
    given = {cell.code: cell for cell in put}
    result = []
    for code, shape in zip(codes, degrees, strict=True):
        _one_piece(code, shape)
        cell = given.get(code) or cells[code]
        same = code in cells and bool(alike(cells[code].geometry, shape))
        result.append(replace(cell, geometry=cells[code].geometry if same else shape))
    changed = draft.changed(result, without=[(Level.MICRO_GRID, code) for code in gone])
    return regrouped(changed, draft)


def regrouped(draft: Draft, before: Draft) -> Draft:
    """Return a draft whose grids are the unions of their micro-grids, with their households; empty grids are dropped.

    All grids are drawn anew, as the vertices on the border of one are its neighbours' too; those that are as they were
    keep their very coordinates, and their households, which an office may have counted otherwise.
    """
    changed, gone = before.differences(draft)
    keys = [*gone, *(cell.key for cell in changed)]
    touched = {of.cells[key].parent_code for key in keys for of in (before, draft) if key in of.cells}
    members: dict[str | None, list[Cell]] = {}
    for cell in draft.of(Level.MICRO_GRID):
        members.setdefault(cell.parent_code, []).append(cell)
    put, without = [], []
    for grid in draft.of(Level.GRID):
        mine = members.get(grid.code, [])
        if not mine:
            without += [grid.key] if grid.code in touched else []
            continue
        shape = united(np.array([cell.geometry for cell in mine], dtype=object))
        counts = [cell.households for cell in mine if cell.households is not None]
        households = sum(counts) if counts and grid.code in touched else grid.households
        geometry = grid.geometry if alike(grid.geometry, shape) else shape
        put.append(replace(grid, geometry=geometry, households=households))
    return draft.changed(put, without=without)


def united(shapes: Geometries) -> BaseGeometry:
    """Return the union of cells: of a coverage with its very vertices, of a draft with faults as well as may be."""
    valid = bool(shapely.is_valid(shapes).all())
    if valid and shapely.coverage_is_valid(shapes):
        return shapely.coverage_union_all(shapes)
    return shapely.union_all(polygonal(shapes))


def _one_piece(code: str, shape: BaseGeometry) -> None:
    parts = polygons_in([shape])
    if len(parts) == 0:
        raise ConflictError(f"nothing would be left of {code}", code="edit_empties_cell", cell=code)
    if len(parts) > 1:
        raise ConflictError(f"{code} would be in {len(parts)} parts", code="edit_splits_cell", cell=code)
