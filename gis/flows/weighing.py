"""How much memory a thing takes, about: what caches are bounded by, for communities differ a hundredfold."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np
import shapely

from gis.crs import MetricCrs
from gis.streets.trees import TreeStore

GEOMETRY, CORNER, TREE = 200, 16, 80
"""Bytes of a geometry without its corners, of a corner, and of an entry in a tree of geometries."""
_LOOKED_INTO = ("gis.", "scipy.sparse")
_SHARED = (type, ModuleType, FunctionType, BuiltinFunctionType, MethodType, MetricCrs, TreeStore)


def weight(thing: object) -> int:
    """Return about how many bytes a thing and all that hangs on it take; what all things share is left out.

    Parameters
    ----------
    thing
        Anything made of arrays, geometries, mappings and objects of our own.
    """
    seen: set[int] = set()
    waiting: list[Any] = [thing]
    total = 0
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen or isinstance(one, _SHARED):
            continue
        seen.add(id(one))
        own, more = _weigh(one)
        total += own
        waiting.extend(more)
    return total


def _weigh(one: Any) -> tuple[int, Iterator[Any]]:
    """Return what a thing takes by itself, and what hangs on it."""
    if isinstance(one, np.ndarray):
        return _of_array(one)
    if isinstance(one, shapely.Geometry):
        return GEOMETRY + CORNER * int(shapely.get_num_coordinates(one)), iter(())
    if isinstance(one, shapely.STRtree):
        return TREE * len(one), iter((one.geometries,))
    return sys.getsizeof(one), _parts(one)


def _parts(one: Any) -> Iterator[Any]:
    if isinstance(one, str | bytes | int | float | complex):
        return iter(())
    if isinstance(one, Mapping):
        return (part for pair in one.items() for part in pair)
    return iter(one) if isinstance(one, list | tuple | set | frozenset) else _fields(one)


def _of_array(array: np.ndarray[Any, Any]) -> tuple[int, Iterator[Any]]:
    if array.dtype != object:
        return array.nbytes if array.base is None else 0, iter((array.base,))
    known = shapely.is_geometry(array)
    corners = int(shapely.get_num_coordinates(array[known]).sum())
    return array.nbytes + GEOMETRY * int(known.sum()) + CORNER * corners, iter(array[~known])


def _fields(one: Any) -> Iterator[Any]:
    if not type(one).__module__.startswith(_LOOKED_INTO):  # what others have made may hang on all there is
        return
    for kind in type(one).__mro__:
        for name in getattr(kind, "__slots__", ()):
            if name not in {"__weakref__", "__dict__"}:
                yield getattr(one, name, None)
    yield from vars(one).values() if hasattr(one, "__dict__") else ()
