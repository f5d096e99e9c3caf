"""A draft: all areas of a community as they would be published, each with the people responsible for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias
from uuid import UUID

import numpy as np
from shapely.geometry.base import BaseGeometry

from gis.areas.columns import AreaRows
from gis.words import Level

Key: TypeAlias = tuple[Level, str]
"""Level and code of a cell."""
LEVELS = (Level.COMMUNITY, Level.GRID, Level.MICRO_GRID, Level.COURTYARD)


@dataclass(frozen=True, slots=True)
class Cell:
    """One area of a draft; EPSG:4326."""

    level: Level
    code: str
    name: str
    geometry: BaseGeometry
    name_en: str = ""
    parent_code: str | None = None
    households: int | None = None
    people: tuple[UUID, ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """Level and code."""
        return self.level, self.code


class Draft:
    """All cells of a draft, in order of level and code; never changed.

    Parameters
    ----------
    cells
        With different keys.
    """

    def __init__(self, cells: Iterable[Cell]) -> None:
        ordered = sorted(cells, key=lambda cell: (LEVELS.index(cell.level), cell.code))
        self.cells: dict[Key, Cell] = {cell.key: cell for cell in ordered}

    @cached_property
    def areas(self) -> list[AreaRows]:
        """The draft as columns, one element a level, for checks."""
        return [rows_of(level, found) for level in LEVELS if (found := self.of(level))]

    def of(self, level: Level) -> list[Cell]:
        """Return the cells of a level, by code."""
        return [cell for cell in self.cells.values() if cell.level is level]

    def changed(self, put: Iterable[Cell] = (), *, without: Iterable[Key] = ()) -> Draft:
        """Return another draft, with cells put in place of those with their keys, and others taken out."""
        cells = {key: cell for key, cell in self.cells.items() if key not in set(without)}
        return Draft((cells | {cell.key: cell for cell in put}).values())

    def differences(self, other: Draft) -> tuple[list[Cell], list[Key]]:
        """Return what another draft has anew or otherwise, and which keys it lacks."""
        put = [cell for key, cell in other.cells.items() if not same(self.cells.get(key), cell)]
        return put, [key for key in self.cells if key not in other.cells]


def same(one: Cell | None, other: Cell) -> bool:
    """Tell whether two cells are alike to the last coordinate."""
    if one is None:
        return False
    if one is other:
        return True
    plain = all(
        getattr(one, name) == getattr(other, name)
        for name in ("level", "code", "name", "name_en", "parent_code", "households", "people", "attributes")
    )
    return plain and (one.geometry is other.geometry or one.geometry.equals_exact(other.geometry, 0.0))


def rows_of(level: Level, cells: Sequence[Cell]) -> AreaRows:
    """Return cells of one level as columns."""
    geometry = np.empty(len(cells), dtype=object)
    geometry[:] = [cell.geometry for cell in cells]
    return AreaRows(
        level=level,
        code=[cell.code for cell in cells],
        name=[cell.name for cell in cells],
        name_en=[cell.name_en for cell in cells],
        parent_code=[cell.parent_code for cell in cells],
        households=[cell.households for cell in cells],
        attributes=[dict(cell.attributes) for cell in cells],
        geometry=geometry,
    )


def draft_of(areas: Sequence[AreaRows], people: Mapping[Key, tuple[UUID, ...]] | None = None) -> Draft:
    """Return columns as a draft.

    Parameters
    ----------
    areas
        One element a level.
    people
        Who is responsible for which cell.
    """
    known = people or {}
    return Draft(
        Cell(
            rows.level,
            rows.code[row],
            rows.name[row],
            rows.geometry[row],
            rows.name_en[row],
            rows.parent_code[row],
            rows.households[row],
            known.get((rows.level, rows.code[row]), ()),
            rows.attributes[row],
        )
        for rows in areas
        for row in range(len(rows))
    )
