"""A draft of an older version brought to the one in force: what either side changed is kept, where they don't meet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from gis.areas.editing.cells import regrouped
from gis.areas.editing.draft import Cell, Draft, Key
from gis.words import Level

FACTS = ("name", "name_en", "parent_code", "attributes")
CARRIED = ("name", "name_en", "people")
SAME_DEG = 5e-7
"""Borders nearer than this, some centimetres, are the same: a neighbour's edit adds vertices, and seven decimals round."""


@dataclass(frozen=True, slots=True)
class Rebased:
    """A draft on the version in force.

    Parameters
    ----------
    draft
        Both sides' changes; of a cell in conflict what the draft says.
    conflicts
        Cells that both changed, each otherwise.
    mine, theirs
        How many cells the draft changed, and how many were published otherwise meanwhile.
    """

    draft: Draft
    conflicts: tuple[Key, ...]
    mine: int
    theirs: int


def rebase(base: Draft, mine: Draft, theirs: Draft) -> Rebased:
    """Merge a draft with what was published meanwhile, cell by cell.

    Outlines that differ by vertices only are alike, so borders may lack each other's vertices: a repair adds them. Grids
    are drawn anew around their micro-grids.

    Parameters
    ----------
    base
        As the draft was begun.
    mine
        As the draft is now.
    theirs
        The version in force.
    """
    put: list[Cell] = []
    gone: list[Key] = []
    conflicts: list[Key] = []
    counts = [0, 0]
    for key in sorted({*base.cells, *mine.cells, *theirs.cells}):
        was, ours, new = base.cells.get(key), mine.cells.get(key), theirs.cells.get(key)
        changes = _differs(was, ours), _differs(was, new)
        counts = [count + changed for count, changed in zip(counts, changes, strict=True)]
        if not changes[0]:
            continue  # as it is in force
        if ours is None or new is None or was is None:
            if changes[1] and _differs(ours, new):
                conflicts.append(key)
            if ours is None:
                gone += [key] if new is not None else []
            else:
                put.append(ours)
            continue
        merged, clash = _merged(was, ours, new)
        put.append(merged)
        conflicts += [key] if clash else []
    together = regrouped(theirs.changed(put, without=gone), theirs)
    return Rebased(together, tuple(conflicts), *counts)


def carried(base: Draft, mine: Draft, theirs: Draft) -> Draft:
    """Return the version in force with the names and people that a draft changed, where the cell is still there.

    Parameters
    ----------
    base, mine, theirs
        As for ``rebase``.
    """
    put = []
    for key, ours in mine.cells.items():
        was, new = base.cells.get(key), theirs.cells.get(key)
        if was is None or new is None:
            continue
        facts = {name: getattr(ours, name) for name in CARRIED if getattr(ours, name) != getattr(was, name)}
        put.append(replace(new, **facts))
    return theirs.changed(put)


def _merged(was: Cell, ours: Cell, new: Cell) -> tuple[Cell, bool]:
    """Return a cell with what either side changed, and whether they changed the same fact otherwise."""
    values: dict[str, Any] = {}
    clash = False
    for name in FACTS:
        old, one, other = (getattr(each, name) for each in (was, ours, new))
        values[name] = other if one == old else one
        clash = clash or (old != one != other != old)
    values["people"] = new.people if ours.people == was.people else ours.people
    moved = [_moved(was.geometry, each.geometry) for each in (ours, new)]
    if moved[0]:
        values |= {"geometry": ours.geometry, "households": ours.households}
    elif ours.households != was.households:
        values["households"] = ours.households
    meet = all(moved) and was.level is not Level.GRID and _moved(ours.geometry, new.geometry)
    return replace(new, **values), clash or meet


def _differs(one: Cell | None, other: Cell | None) -> bool:
    if one is None or other is None:
        return one is not other
    facts = ("name", "name_en", "parent_code", "people", "attributes", "households")
    if any(getattr(one, name) != getattr(other, name) for name in facts):
        return True
    return _moved(one.geometry, other.geometry)


def _moved(one: BaseGeometry, other: BaseGeometry) -> bool:
    return one is not other and float(shapely.hausdorff_distance(one, other)) > SAME_DEG
