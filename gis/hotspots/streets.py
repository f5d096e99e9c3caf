"""Streets as arrays, and the cases that happened along them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely

from gis.hotspots.arrays import Flags, Floats, Geometries, Integers
from gis.hotspots.nearest import nearest, pieces_of

REACH_M = 40.0
"""Farther from every street a case belongs to none."""
CORNER_M = 5.0
"""This close to a crossing a case is shared by the streets that meet there."""
NODE_M = 0.5
"""Ends of lines this close are one crossing."""


@dataclass(frozen=True, slots=True)
class Streets:
    """Street segments (路段) in metres of one metric CRS.

    Parameters
    ----------
    lines
        LineStrings, one a segment.
    from_node, to_node
        Crossings at their ends, numbered from 0.
    key, name
        Of each segment.
    length_m
        A segment without length has 0 and takes no cases.
    kind
        Numbers of kinds of street (main street, lane, ...); empty: all of one kind.
    """

    lines: Geometries
    from_node: Integers
    to_node: Integers
    key: list[str]
    name: list[str]
    length_m: Floats = field(default_factory=lambda: np.empty(0))
    kind: Integers = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.lines)

    @property
    def nodes(self) -> int:
        """How many crossings there are."""
        return int(max(self.from_node.max(), self.to_node.max())) + 1 if len(self) else 0


@dataclass(frozen=True, slots=True)
class Attached:
    """Which case lies on which street: one row a pair; the shares of one case add up to 1.

    Parameters
    ----------
    case, street
        Row numbers.
    share
        1, or less for a case at a corner.
    along_m
        Distance from the start of the street's line.
    off
        True for cases that lie too far from every street; one flag a case.
    """

    case: Integers
    street: Integers
    share: Floats
    along_m: Floats
    off: Flags


def summed(row: Integers, value: Floats, rows: int) -> Floats:
    """Return the sum of the values of each row."""
    return np.bincount(row, value, minlength=rows).astype(np.float64, copy=False)


def streets_of(
    lines: Sequence[object], key: Sequence[str], name: Sequence[str], kind: Sequence[str] = ()
) -> Streets:
    """Return streets with their crossings found by the ends of their lines.

    Parameters
    ----------
    lines
        LineStrings in metres; ends within half a metre of each other are one crossing.
    key, name, kind
        Of each; without kinds all are of one.
    """
    shapes = np.empty(len(lines), dtype=object)
    shapes[:] = list(lines)
    ends = np.concatenate([_ends(shapes, 0), _ends(shapes, -1)]) if len(shapes) else np.empty((0, 2))
    _, node = np.unique(np.round(ends / NODE_M).astype(np.int64), axis=0, return_inverse=True)
    node = node.reshape(-1).astype(np.int64)
    return Streets(
        shapes,
        node[: len(shapes)],
        node[len(shapes) :],
        list(key),
        list(name),
        shapely.length(shapes),
        np.unique(np.array(kind, dtype=str), return_inverse=True)[1].reshape(-1).astype(np.int64),
    )


def _ends(shapes: Geometries, which: int) -> Floats:
    return np.asarray(shapely.get_coordinates(shapely.get_point(shapes, which)), dtype=np.float64)


def attach(streets: Streets, x: Floats, y: Floats, *, reach_m: float = REACH_M) -> Attached:
    """Put cases on the nearest street; those at a corner are shared equally by the streets that meet there.

    Parameters
    ----------
    streets
        Where to.
    x, y
        Metres in the same CRS.
    reach_m
        Farther away a case is on no street.
    """
    case = np.arange(len(x), dtype=np.int64)
    usable = np.flatnonzero(streets.length_m > 0.0)
    if not len(usable) or not len(x):
        nothing = np.empty(0, dtype=np.int64)
        return Attached(nothing, nothing, np.empty(0), np.empty(0), np.ones(len(x), dtype=np.bool_))
    near, along_m = nearest(pieces_of(streets.lines, usable), x, y, reach_m)
    off = near < 0
    found = case[~off]
    return Attached(*_shared(streets, found, near[found], along_m[found]), off)


def _shared(
    streets: Streets, place: Integers, street: Integers, along_m: Floats
) -> tuple[Integers, Integers, Floats, Floats]:
    """Return rows of place, street, share and distance along, with those at corners shared."""
    length_m = streets.length_m[street]
    corner_m = np.minimum(CORNER_M, length_m / 3.0)
    at_start, at_end = along_m <= corner_m, along_m >= length_m - corner_m
    node = np.where(at_start, streets.from_node[street], np.where(at_end, streets.to_node[street], -1))
    at_corner = node >= 0
    meeting, first, count = _meeting(streets)
    corner = np.flatnonzero(at_corner)
    many = count[node[corner]]
    row = np.repeat(corner, many)
    within = np.arange(len(row)) - np.repeat(np.cumsum(many) - many, many)
    shared_street = meeting[first[node[row]] + within]
    end_m = np.where(
        streets.from_node[shared_street] == node[row], 0.0, streets.length_m[shared_street]
    )  # at the crossing itself, as far as each of them is concerned
    alone = np.flatnonzero(~at_corner)
    return (
        place[np.concatenate([alone, row])],
        np.concatenate([street[alone], shared_street]),
        np.concatenate([np.ones(len(alone)), 1.0 / np.repeat(many, many)]),
        np.concatenate([along_m[alone], end_m]),
    )


def _meeting(streets: Streets) -> tuple[Integers, Integers, Integers]:
    """Return the streets that meet at each crossing: their numbers in one row, where each begins, and how many."""
    usable = np.flatnonzero(streets.length_m > 0.0)
    node = np.concatenate([streets.from_node[usable], streets.to_node[usable]])
    pairs = np.unique(np.column_stack([node, np.tile(usable, 2)]), axis=0)  # a loop meets itself once
    count = np.bincount(pairs[:, 0], minlength=streets.nodes).astype(np.int64)
    return pairs[:, 1], np.cumsum(count) - count, count
