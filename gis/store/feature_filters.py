"""Filters in CQL2 made into conditions: text is read by cql2 into CQL2 JSON, and that becomes SQL with bound values."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import cql2
import orjson
import shapely
from sqlalchemy import ColumnElement, Text, and_, cast, func, literal, not_, or_

from gis.errors import InvalidInputError
from gis.store.feature_sources import Source

LONGEST = 8000
DEEPEST = 24
"""How deep parentheses may go: the reader of text takes twice as long for some of them, and has a stack."""
MOST_SIGNS = 600
"""So many operators at most: each may lie inside the one before, and some thousands end the whole process in the reader of text."""
SIGNS = re.compile(r"[=<>+*/^%]|-(?![\d.])|\b(?:not|like|in|is|between|div)\b", re.IGNORECASE)
GEOMETRY = ("geometry", "geom")
_COMPARE: Mapping[str, Callable[..., Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_CALCULATE: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_SPATIAL = frozenset(
    {
        "s_intersects",
        "s_disjoint",
        "s_contains",
        "s_within",
        "s_touches",
        "s_crosses",
        "s_overlaps",
        "s_equals",
    }
)


def condition(
    source: Source, text: str, *, as_json: bool, srid: int = 4326, swapped: bool = False
) -> ColumnElement[bool]:
    """Return the condition that a filter states.

    Parameters
    ----------
    source
        Whose properties it may name; ``geometry`` is the place.
    text, as_json
        CQL2 as text, or as JSON.
    srid, swapped
        Of the coordinates in it; swapped: northing (or latitude) comes first.

    Raises
    ------
    InvalidInputError
        ``filter_invalid``.
    """
    if len(text) > LONGEST or "\x00" in text:
        raise refused(f"longer than {LONGEST} characters, or with characters that can't be")
    stated = _read_json(text) if as_json else _read_text(text)
    try:
        found = _Conditions(source, srid, swapped=swapped).truth(stated, 0)
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
        raise refused(_first_line(error)) from error
    return found


def refused(why: str) -> InvalidInputError:
    """Return what is answered to a filter that can't be understood.

    Parameters
    ----------
    why
        In English, for who writes filters.
    """
    return InvalidInputError(why, code="filter_invalid", field="filter", why=why)


def _read_text(text: str) -> Any:
    depth = deepest = 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        deepest = max(deepest, depth)
    if deepest > DEEPEST or len(SIGNS.findall(text)) > MOST_SIGNS:
        raise refused("nested too deeply")
    try:
        return cql2.parse_text(text).to_json()
    except Exception as error:  # the library raises several of its own
        raise refused(_first_line(error)) from error


def _read_json(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise refused(f"no JSON: {error}") from error


def _first_line(error: Exception) -> str:
    lines = [line.strip(" -|=^>") for line in str(error).splitlines()]
    return next((line for line in reversed(lines) if line), type(error).__name__)[:200]


class _Conditions:
    """Conditions over one collection."""

    def __init__(self, source: Source, srid: int, *, swapped: bool) -> None:
        self._columns: dict[str, Any] = {name: made for name, (_, made) in source.properties.items()}
        self._columns["id"] = source.id
        self._columns |= dict.fromkeys(GEOMETRY, source.geom)
        self._srid = srid
        self._swapped = swapped

    def truth(self, node: Any, depth: int) -> ColumnElement[bool]:
        """Return a condition; ``depth`` is how deep it is nested."""
        if depth > DEEPEST:
            raise refused("nested too deeply")
        op, args = _parts(node)
        if op in ("and", "or"):
            _enough(op, args, 2, 200)
            return (and_ if op == "and" else or_)(*(self.truth(one, depth + 1) for one in args))
        if op == "not":
            _enough(op, args, 1, 1)
            return not_(self.truth(args[0], depth + 1))
        made: ColumnElement[bool] | None = self._predicate(op, args, depth)
        if made is None:
            raise refused(f"no predicate {op[:40]}")
        return made

    def _predicate(self, op: str, args: list[Any], depth: int) -> Any:
        if op in _PLAIN:
            number, make = _PLAIN[op]
            _enough(op, args, number, number)
            return make(*(self._value(one, depth) for one in args))
        if op not in _SPATIAL and op != "in" and not op.startswith("t_"):
            return None
        _enough(op, args, 2, 2)
        if op == "in":
            return self._value(args[0], depth).in_([self._value(one, depth) for one in args[1]])
        if op in _SPATIAL:
            return getattr(func, f"st_{op[2:]}")(*(self._shape(one) for one in args))
        return _temporal(op, *(self._span(one, depth) for one in args))

    def _value(self, node: Any, depth: int) -> Any:
        if depth > DEEPEST:
            raise refused("nested too deeply")
        if isinstance(node, (str, bool, int, float)):
            return literal(node)
        if not isinstance(node, dict):
            raise refused("neither a property nor a value")
        if "property" in node:
            return self._column(node["property"])
        if "date" in node:
            return literal(date.fromisoformat(node["date"]))
        if "timestamp" in node:
            return literal(_moment(node["timestamp"]))
        op, args = _parts(node)
        if op == "casei":
            _enough(op, args, 1, 1)
            return func.lower(self._value(args[0], depth + 1))
        if op in _CALCULATE:
            _enough(op, args, 2, 2)
            return _CALCULATE[op](*(self._value(one, depth + 1) for one in args))
        raise refused(f"no function {op[:40]}")

    def _column(self, name: Any) -> Any:
        if not isinstance(name, str) or name not in self._columns:
            raise refused(f"no property {str(name)[:60]}")
        return self._columns[name]

    def _shape(self, node: Any) -> Any:
        if isinstance(node, dict) and "property" in node:
            if node["property"] not in GEOMETRY:
                raise refused("the place is called geometry")
            return self._column(node["property"])
        if isinstance(node, dict) and "bbox" in node:
            west, south, east, north = (float(one) for one in node["bbox"])
            shape: Any = shapely.box(west, south, east, north)
        else:
            shape = shapely.geometry.shape(node)
        if self._swapped:
            shape = shapely.transform(shape, lambda at: at[:, ::-1])
        placed = func.st_geomfromtext(shape.wkt, self._srid)
        return placed if self._srid == 4326 else func.st_transform(placed, 4326)  # noqa: PLR2004 - as stored

    def _span(self, node: Any, depth: int) -> tuple[Any, Any]:
        """Return beginning and end; None for an open one."""
        if isinstance(node, dict) and "interval" in node:
            begin, end = node["interval"]
            return self._end(begin, depth), self._end(end, depth)
        one = self._value(node, depth)
        return one, one

    def _end(self, node: Any, depth: int) -> Any:
        if node == "..":
            return None
        return literal(_moment(node)) if isinstance(node, str) else self._value(node, depth)


def _between(one: Any, low: Any, high: Any) -> Any:
    return one.between(low, high)


def _like(one: Any, pattern: Any) -> Any:
    return cast(one, Text).like(pattern)


def _is_null(one: Any) -> Any:
    return one.is_(None)


_PLAIN: Mapping[str, tuple[int, Callable[..., Any]]] = {
    "between": (3, _between),
    "like": (2, _like),
    "isNull": (1, _is_null),
    **{sign: (2, compare) for sign, compare in _COMPARE.items()},
}


def _parts(node: Any) -> tuple[str, list[Any]]:
    if not isinstance(node, dict) or not isinstance(node.get("op"), str):
        raise refused("it states no condition")
    args = node.get("args")
    return node["op"], args if isinstance(args, list) else []


def _enough(op: str, args: list[Any], least: int, most: int) -> None:
    if not least <= len(args) <= most:
        raise refused(f"{op[:40]} has another number of arguments")


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _temporal(op: str, one: tuple[Any, Any], other: tuple[Any, Any]) -> ColumnElement[bool]:
    if one[0] is None or one[1] is None or (other[0] is None and other[1] is None):
        raise refused("an interval that is open where it is needed")
    if op in ("t_before", "t_after"):
        edge = other[0] if op == "t_before" else other[1]
        if edge is None:
            raise refused("an interval that is open where it is needed")
        found: ColumnElement[bool] = one[1] < edge if op == "t_before" else one[0] > edge
        return found
    if op == "t_equals":
        return and_(one[0] == other[0], one[1] == other[1])
    inside = op == "t_during"
    if not inside and op not in ("t_intersects", "t_disjoint"):
        raise refused(f"no predicate {op[:40]}")
    parts = []
    if other[0] is not None:
        parts.append(one[0] > other[0] if inside else one[1] >= other[0])
    if other[1] is not None:
        parts.append(one[1] < other[1] if inside else one[0] <= other[1])
    return not_(and_(*parts)) if op == "t_disjoint" else and_(*parts)
