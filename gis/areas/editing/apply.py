"""What each edit does to a draft."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.areas.checks.subject import Geometries, polygons_in
from gis.areas.delineation.coverage import nearest_shares
from gis.areas.editing.cells import free, known, micro_grid, redrawn, regrouped, united
from gis.areas.editing.draft import Cell, Draft
from gis.areas.editing.edits import (
    AssignGridWorker,
    AssignWatcher,
    Edit,
    Merge,
    MoveCell,
    MovePart,
    Rename,
    Split,
)
from gis.areas.editing.ground import Ground
from gis.errors import ConflictError, InvalidInputError
from gis.words import Level

SHRINK_M = 0.4
"""Buildings are drawn in by this much, so that the plots of two stairwells meet along the wall between them."""
REACH_M = 1.0
"""A cutting line drawn by hand is lengthened by this much at either end."""
STRAIGHT_M = 0.5
"""New borders between plots are straightened by about this much."""
CRUMB_M2 = 1.0
"""What a plot leaves of a cell beside its main part goes with the plot when it is smaller than this."""
HALVES = 2


def apply_edit(draft: Draft, edit: Edit, ground: Ground) -> Draft:
    """Return the draft that an edit makes of a draft.

    Borders stay matched vertex by vertex, grids are the unions of their micro-grids, nothing is lost and nothing is
    covered twice; what is not touched keeps its very coordinates.

    Parameters
    ----------
    draft
        As it is.
    edit
        What is to be done.
    ground
        Buildings and their households.

    Raises
    ------
    InvalidInputError
        ``edit_cell_unknown``, ``edit_building_unknown``, ``edit_too_few_cells``, ``edit_line_does_not_cut``,
        ``edit_value_invalid``.
    ConflictError
        ``edit_code_taken``, ``edit_not_adjacent``, ``edit_splits_cell``, ``edit_empties_cell``,
        ``edit_does_not_fit``, ``edit_changes_nothing``.
    """
    match edit:
        case MovePart():
            changed = _move_part(draft, edit, ground)
        case Split():
            changed = _split(draft, edit, ground)
        case Merge():
            changed = _merge(draft, edit, ground)
        case Rename():
            changed = _rename(draft, edit)
        case MoveCell():
            changed = _move_cell(draft, edit)
        case AssignWatcher():
            changed = draft.changed([replace(micro_grid(draft, edit.cell), people=edit.people)])
        case AssignGridWorker():
            changed = draft.changed([replace(known(draft, (Level.GRID, edit.grid)), people=edit.people)])
    if draft.differences(changed) == ([], []):
        raise ConflictError("this changes nothing", code="edit_changes_nothing")
    return changed


def _move_part(draft: Draft, edit: MovePart, ground: Ground) -> Draft:
    """Give the plots of parts, each point nearer to them than to other buildings of the cell, to another cell."""
    target = micro_grid(draft, edit.to)
    parts = ground.find(edit.building, edit.unit)
    if not parts:
        raise InvalidInputError(
            "no such building or stairwell here",
            code="edit_building_unknown",
            field="building",
            unit=edit.unit or "",
        )
    cells = draft.of(Level.MICRO_GRID)
    shapes = ground.metric.project_geometries(np.array([cell.geometry for cell in cells], dtype=object))
    holder = ground.cells_of(shapes)
    to = cells.index(target)
    new: dict[str, BaseGeometry] = {edit.to: shapes[to]}
    put = {edit.to: target}
    for row in sorted({int(holder[part]) for part in parts} - {to, -1}):
        moving = [part for part in parts if holder[part] == row]
        code, moved = cells[row].code, float(ground.households[moving].sum())
        if len(moving) == np.count_nonzero(holder == row):
            raise ConflictError(
                f"{code} would have no building left: merge it", code="edit_empties_cell", cell=code
            )
        plot = _plot(ground, np.flatnonzero(holder == row), moving, shapes[row])
        new[code], plot = _straightened(shapes[row], plot)
        new[edit.to] = shapely.union(new[edit.to], plot)
        put[code] = _counted(cells[row], -moved)
        put[edit.to] = _counted(put[edit.to], moved)
    if len(new) == 1:
        raise ConflictError("it is there already", code="edit_changes_nothing")
    if new[edit.to].geom_type != "Polygon":
        raise ConflictError(f"it does not touch {edit.to}", code="edit_not_adjacent", cell=edit.to)
    return redrawn(draft, new, ground.metric, put=put.values())


def _plot(ground: Ground, inside: np.ndarray, moving: list[int], cell: BaseGeometry) -> BaseGeometry:
    """Return what of a cell is nearer to the moving parts than to its other ones."""
    shapes = ground.shape[inside]
    seeds: Geometries = shapely.buffer(shapes, -SHRINK_M, join_style="mitre")
    seeds = np.where(shapely.is_empty(seeds), shapes, seeds)
    shares, seed = nearest_shares(shapely.intersection(seeds, cell), cell)
    return shapely.union_all(shares[np.isin(inside[seed], moving)])


def _straightened(cell: BaseGeometry, plot: BaseGeometry) -> tuple[BaseGeometry, BaseGeometry]:
    """Return what is left of a cell, and the plot taken from it, with a straighter border between them."""
    parts = polygons_in([shapely.difference(cell, plot)])
    left = shapely.union_all(parts[shapely.area(parts) > CRUMB_M2])
    pair = np.array([left, shapely.difference(cell, left)], dtype=object)
    if not shapely.is_empty(left) and shapely.coverage_is_valid(pair):
        pair = np.asarray(shapely.coverage_simplify(pair, STRAIGHT_M, simplify_boundary=False), dtype=object)
    return pair[0], pair[1]


def _counted(cell: Cell, more: float) -> Cell:
    return (
        cell if cell.households is None else replace(cell, households=max(round(cell.households + more), 0))
    )


def _split(draft: Draft, edit: Split, ground: Ground) -> Draft:
    cell = micro_grid(draft, edit.cell)
    free(draft, (Level.MICRO_GRID, edit.code))
    shape = ground.metric.project_geometries(np.array([cell.geometry], dtype=object))[0]
    halves = _halves(shape, _lengthened(edit, ground))
    if len(halves) != HALVES:
        raise InvalidInputError(
            f"the line cuts {edit.cell} into {len(halves)} parts",
            code="edit_line_does_not_cut",
            field="line",
            cell=edit.cell,
            parts=len(halves),
        )
    holder = ground.cells_of(halves)
    lived = np.array([ground.households[holder == half].sum() for half in range(HALVES)])
    smaller = int(np.lexsort((shapely.area(halves), lived))[0])
    share = lived[smaller] / lived.sum() if lived.sum() else 0.0
    fewer = None if cell.households is None else round(cell.households * share)
    left = None if cell.households is None or fewer is None else cell.households - fewer
    born = replace(cell, code=edit.code, name=edit.name, name_en="", households=fewer, attributes={})
    shapes = {edit.code: halves[smaller], edit.cell: halves[1 - smaller]}
    return redrawn(draft, shapes, ground.metric, put=[born, replace(cell, households=left)])


def _lengthened(edit: Split, ground: Ground) -> BaseGeometry:
    """Return the cutting line in metres, a little longer at either end."""
    lon, lat = np.array(edit.line).T
    places = np.column_stack(ground.metric.project(lon.copy(), lat.copy()))
    steps = np.hypot(*np.diff(places, axis=0).T)
    if not np.all(steps > 0.0):
        raise InvalidInputError("the line stands still", code="edit_value_invalid", field="line", name="line")
    before = places[0] + (places[0] - places[1]) / steps[0] * REACH_M
    after = places[-1] + (places[-1] - places[-2]) / steps[-1] * REACH_M
    return shapely.LineString(np.vstack([before, places, after]))


def _halves(shape: BaseGeometry, line: BaseGeometry) -> Geometries:
    edges = shapely.union_all([shapely.boundary(shape), line])
    faces = shapely.get_parts(shapely.polygonize([edges]))
    return np.asarray(faces[shapely.covers(shape, shapely.point_on_surface(faces))], dtype=object)


def _merge(draft: Draft, edit: Merge, ground: Ground) -> Draft:
    codes = tuple(dict.fromkeys(edit.cells))
    if len(codes) < 2:  # noqa: PLR2004
        raise InvalidInputError("name at least two cells", code="edit_too_few_cells", field="cells")
    cells = [micro_grid(draft, code) for code in codes]
    first, others = cells[0], codes[1:]
    shapes = ground.metric.project_geometries(np.array([cell.geometry for cell in cells], dtype=object))
    whole = united(shapes)
    if whole.geom_type != "Polygon":
        raise ConflictError("the cells don't touch", code="edit_not_adjacent", cell=", ".join(others))
    counts = [cell.households for cell in cells if cell.households is not None]
    merged = replace(
        first,
        households=sum(counts) if counts else None,
        people=tuple(dict.fromkeys(person for cell in cells for person in cell.people)),
    )
    return redrawn(draft, {first.code: whole}, ground.metric, put=[merged], without=others)


def _rename(draft: Draft, edit: Rename) -> Draft:
    cell = known(draft, (edit.level, edit.cell))
    if edit.level is Level.COMMUNITY and edit.code != edit.cell:
        raise InvalidInputError(
            "the community's code is its key", code="edit_value_invalid", field="code", name="code"
        )
    if edit.code != edit.cell:
        free(draft, (edit.level, edit.code))
    put = [replace(cell, code=edit.code, name=edit.name, name_en=edit.name_en)]
    if edit.level is Level.GRID:
        members = [each for each in draft.of(Level.MICRO_GRID) if each.parent_code == edit.cell]
        put += [replace(each, parent_code=edit.code) for each in members]
    return draft.changed(put, without=[cell.key])


def _move_cell(draft: Draft, edit: MoveCell) -> Draft:
    cell = micro_grid(draft, edit.cell)
    put = [replace(cell, parent_code=edit.grid)]
    if (Level.GRID, edit.grid) not in draft.cells:
        if not edit.name:
            known(draft, (Level.GRID, edit.grid))
        community = next(iter(draft.of(Level.COMMUNITY)), None)
        parent = None if community is None else community.code
        put.append(Cell(Level.GRID, edit.grid, edit.name, cell.geometry, parent_code=parent))
    return regrouped(draft.changed(put), draft)
