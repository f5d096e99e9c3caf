"""What a person can do to a draft, as values that can be stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar, TypeAlias
from uuid import UUID

from gis.areas.checks.subject import HALF_TURN
from gis.errors import InvalidInputError
from gis.words import Level

LONGEST_NAME = 80
LONGEST_CODE = 40
SHORTEST_LINE, LONGEST_LINE = 2, 500


@dataclass(frozen=True, slots=True)
class MovePart:
    """Move a building, or one stairwell of it, with the plot around it to another micro-grid."""

    kind: ClassVar[str] = "move_part"
    building: UUID
    to: str
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """Split a micro-grid along a line; the half with fewer households becomes a new one."""

    kind: ClassVar[str] = "split"
    cell: str
    line: tuple[tuple[float, float], ...]
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Merge:
    """Make one micro-grid of several; the first keeps its code, name and grid."""

    kind: ClassVar[str] = "merge"
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rename:
    """Give a grid, micro-grid or courtyard another code or name."""

    kind: ClassVar[str] = "rename"
    level: Level
    cell: str
    code: str
    name: str
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class MoveCell:
    """Move a micro-grid to another grid; with a name, to a new one."""

    kind: ClassVar[str] = "move_cell_to_grid"
    cell: str
    grid: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class AssignWatcher:
    """Say who watches over a micro-grid: one person, several, or nobody."""

    kind: ClassVar[str] = "assign_watcher"
    cell: str
    people: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class AssignGridWorker:
    """Say who works in a grid."""

    kind: ClassVar[str] = "assign_grid_worker"
    grid: str
    people: tuple[UUID, ...]


Edit: TypeAlias = MovePart | Split | Merge | Rename | MoveCell | AssignWatcher | AssignGridWorker
KINDS: dict[str, type[Edit]] = {
    kind.kind: kind for kind in (MovePart, Split, Merge, Rename, MoveCell, AssignWatcher, AssignGridWorker)
}


def edit_as_json(edit: Edit) -> dict[str, Any]:
    """Return an edit as it is stored and sent; ``edit_from_json`` reads it."""
    return {"kind": edit.kind} | {name: _plain(value) for name, value in asdict(edit).items()}


def edit_from_json(sent: Mapping[str, Any]) -> Edit:
    """Return the edit that was sent or stored.

    Parameters
    ----------
    sent
        With ``kind`` and the values that the kind has.

    Raises
    ------
    InvalidInputError
        ``edit_kind_unknown``, ``edit_value_invalid``.
    """
    kind = KINDS.get(str(sent.get("kind")))
    if kind is None:
        raise InvalidInputError(
            f"no such edit: {sent.get('kind')}",
            code="edit_kind_unknown",
            field="kind",
            expected=", ".join(KINDS),
        )
    values = {}
    for each in fields(kind):
        if sent.get(each.name) is not None:
            try:
                values[each.name] = _READ[each.name](sent[each.name])
            except (TypeError, ValueError, KeyError, AttributeError) as error:
                raise _invalid(each.name) from error
        elif each.name not in _OPTIONAL.get(kind.kind, ()):
            raise _invalid(each.name)
    return kind(**values)


def _invalid(name: str) -> InvalidInputError:
    return InvalidInputError(
        f"{name} is missing or can't be read", code="edit_value_invalid", field=name, name=name
    )


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, UUID) else value


def _code(value: Any) -> str:
    text = str(value).strip()
    if not isinstance(value, str) or not 0 < len(text) <= LONGEST_CODE or not text.isprintable():
        raise ValueError(value)
    return text


def _name(value: Any) -> str:
    text = str(value).strip()
    if (
        not isinstance(value, str)
        or len(text) > LONGEST_NAME
        or not all(letter.isprintable() for letter in text)
    ):
        raise ValueError(value)
    return text


def _line(value: Any) -> tuple[tuple[float, float], ...]:
    places = tuple((float(lon), float(lat)) for lon, lat in value)
    inside = all(abs(lon) <= HALF_TURN and abs(lat) <= HALF_TURN / 2.0 for lon, lat in places)
    if not SHORTEST_LINE <= len(places) <= LONGEST_LINE or not inside:
        raise ValueError(value)
    return places


def _people(value: Any) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(UUID(str(each)) for each in value))


def _codes(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        raise TypeError(value)
    return tuple(dict.fromkeys(_code(each) for each in value))


_OPTIONAL = {"move_part": ("unit",), "rename": ("name_en",), "move_cell_to_grid": ("name",)}
_READ: dict[str, Any] = {
    "building": lambda value: UUID(str(value)),
    "to": _code,
    "unit": _code,
    "cell": _code,
    "grid": _code,
    "code": _code,
    "cells": _codes,
    "line": _line,
    "name": _name,
    "name_en": _name,
    "level": Level,
    "people": _people,
}
