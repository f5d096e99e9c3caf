"""Street segments joined to blocks (街段): what lies between two crossings is repaired, and ranked, as one.

A map cuts a street wherever a footpath meets it: a community's segments have 18 m on average, too short to be repaired
by themselves or to have a rate of their own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from gis.hotspots.arrays import Geometries, Integers
from gis.hotspots.streets import Streets, streets_of

FOOTWAYS = frozenset({"footway", "path", "steps", "cycleway", "corridor", "track"})
LANES = frozenset({"service"})
STUB_M = 20.0
"""A footpath without a name that ends nowhere after so few metres leads to a door: it is part of the building."""


@dataclass(frozen=True, slots=True)
class Segments:
    """Segments as a map has them.

    Parameters
    ----------
    lines
        LineStrings in metres.
    key, name, kind
        Of each; ``kind`` is OpenStreetMap's.
    from_node, to_node
        Numbers of the nodes at their ends.
    """

    lines: Geometries
    key: Sequence[str]
    name: Sequence[str]
    kind: Sequence[str]
    from_node: Sequence[int]
    to_node: Sequence[int]


@dataclass(frozen=True)
class Blocks:
    """Blocks as streets; ``key`` of each is the lowest of its segments'.

    Parameters
    ----------
    streets
        The blocks.
    members
        Rows of the segments of each.
    ends
        Names of the other streets that meet it at its two ends, empty where there is none with a name.
    block_of
        The block that each segment's key belongs to; keys of stubs are missing.
    """

    streets: Streets
    members: list[list[int]]
    ends: list[tuple[str, str]]
    block_of: Mapping[str, int]


def join(segments: Segments) -> Blocks:
    """Join what goes on under the same name until a street of the same rank or above meets it."""
    kept = _without_stubs(segments)
    meeting: dict[int, list[int]] = defaultdict(list)
    for row in kept:
        meeting[segments.from_node[row]].append(row)
        meeting[segments.to_node[row]].append(row)
    groups = _grouped(segments, kept, meeting)
    lines, members = _merged(segments, groups)
    streets = streets_of(
        lines,
        [min(segments.key[row] for row in rows) for rows in members],
        [segments.name[rows[0]] for rows in members],
        [segments.kind[rows[0]] for rows in members],
    )
    block_of = {segments.key[row]: block for block, rows in enumerate(members) for row in rows}
    return Blocks(streets, members, _ends(streets), block_of)


def _without_stubs(segments: Segments) -> list[int]:
    many = Counter([*segments.from_node, *segments.to_node])
    length_m = shapely.length(segments.lines)
    return [
        row
        for row in range(len(segments.lines))
        if not (
            segments.kind[row] in FOOTWAYS
            and not segments.name[row]
            and length_m[row] < STUB_M
            and 1 in (many[segments.from_node[row]], many[segments.to_node[row]])
        )
    ]


def _rank(segments: Segments, row: int) -> int:
    if segments.name[row]:
        return 2
    return 0 if segments.kind[row] in FOOTWAYS else 1 if segments.kind[row] in LANES else 2


def _grouped(segments: Segments, kept: list[int], meeting: Mapping[int, list[int]]) -> list[list[int]]:
    """Return the rows that belong together."""
    leader = {row: row for row in kept}

    def find(row: int) -> int:
        while leader[row] != row:
            leader[row] = leader[leader[row]]
            row = leader[row]
        return row

    for rows in meeting.values():
        for one, other in _going_on(segments, rows):
            leader[find(one)] = find(other)
    groups: dict[int, list[int]] = defaultdict(list)
    for row in kept:
        groups[find(row)].append(row)
    return list(groups.values())


def _going_on(segments: Segments, rows: list[int]) -> list[tuple[int, int]]:
    """Return the pairs that go on into one another at a node."""
    found = []
    for row in rows:
        rank = _rank(segments, row)
        same = [
            other
            for other in rows
            if segments.name[other] == segments.name[row] and _rank(segments, other) == rank
        ]
        others = [other for other in rows if other not in same]
        if len(same) == 2 and same[0] != same[1] and all(_rank(segments, one) < rank for one in others):  # noqa: PLR2004 - one comes, one leaves
            found.append((same[0], same[1]))
    return found


def _merged(segments: Segments, groups: list[list[int]]) -> tuple[list[object], list[list[int]]]:
    """Return one line a group; a group whose segments don't make one line stays in parts."""
    lines: list[object] = []
    members: list[list[int]] = []
    for rows in sorted(groups, key=min):
        line = (
            segments.lines[rows[0]]
            if len(rows) == 1
            else shapely.line_merge(shapely.multilinestrings(list(segments.lines[rows])))
        )
        if shapely.get_type_id(line) == shapely.GeometryType.LINESTRING:
            lines.append(line)
            members.append(rows)
        else:
            lines += [segments.lines[row] for row in rows]
            members += [[row] for row in rows]
    return lines, members


def _ends(streets: Streets) -> list[tuple[str, str]]:
    """Return the names of the streets that meet each at its ends."""
    at: dict[int, list[int]] = defaultdict(list)
    nodes: Integers = np.concatenate([streets.from_node, streets.to_node])
    for row, node in enumerate(nodes):
        at[int(node)].append(row % max(len(streets), 1))

    def across(street: int, node: int) -> str:
        names = sorted({streets.name[other] for other in at[node]} - {"", streets.name[street]})
        return names[0] if names else ""

    return [
        (across(row, int(streets.from_node[row])), across(row, int(streets.to_node[row])))
        for row in range(len(streets))
    ]
