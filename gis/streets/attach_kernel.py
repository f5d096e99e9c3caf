"""The loops of attaching places to streets, compiled. `gis.streets.attach` says what is looked for and why.

All functions stand in this file, because a compiled function is kept on disk until its own file changes.
"""

from __future__ import annotations

import math

import numpy as np

from gis.compiled import compiled
from gis.streets.arrays import AttachRoom, Floats, Ground
from gis.streets.extract import Flags, Integers
from gis.streets.raster import Raster

TIE_M = 1e-7
"""So near to each other two distances are equal, and the smaller row is answered."""


@compiled
def share_along(raster: Raster, edge: int, x: float, y: float) -> float:
    """Return where on an edge the nearest point to a place lies, 0 to 1."""
    along_x = raster.edges[edge, 2] - raster.edges[edge, 0]
    along_y = raster.edges[edge, 3] - raster.edges[edge, 1]
    length2 = along_x * along_x + along_y * along_y
    if length2 == 0.0:
        return 0.0
    dx, dy = x - raster.edges[edge, 0], y - raster.edges[edge, 1]
    return min(max((dx * along_x + dy * along_y) / length2, 0.0), 1.0)


@compiled
def point_on(raster: Raster, edge: int, share: float) -> tuple[float, float]:
    """Return a point of an edge."""
    if share == 1.0:  # exactly the end, where the next edge begins
        return raster.edges[edge, 2], raster.edges[edge, 3]
    x, y = raster.edges[edge, 0], raster.edges[edge, 1]
    return x + share * (raster.edges[edge, 2] - x), y + share * (raster.edges[edge, 3] - y)


@compiled
def gap_to(raster: Raster, edge: int, x: float, y: float) -> float:
    """Return the distance of a place from an edge."""
    on_x, on_y = point_on(raster, edge, share_along(raster, edge, x, y))
    return math.sqrt((x - on_x) * (x - on_x) + (y - on_y) * (y - on_y))


@compiled
def slot_range(
    raster: Raster, low_x: float, low_y: float, high_x: float, high_y: float
) -> tuple[int, int, int, int]:
    """Return the first and last column and row of the slots that a box touches."""
    left = int(max(math.floor((low_x - raster.west) / raster.slot_m), 0.0))
    low = int(max(math.floor((low_y - raster.south) / raster.slot_m), 0.0))
    right = int(min(math.floor((high_x - raster.west) / raster.slot_m), raster.columns - 1.0))
    high = int(min(math.floor((high_y - raster.south) / raster.slot_m), raster.rows - 1.0))
    return left, right, low, high


@compiled
def nearest_edge(raster: Raster, enters: Flags, x: float, y: float) -> tuple[int, float]:
    """Return the edge nearest to a place, of the segments that may be entered, and its distance; rings of slots."""
    answer, best_m = -1, np.inf
    at_column = math.floor((x - raster.west) / raster.slot_m)
    at_row = math.floor((y - raster.south) / raster.slot_m)
    ring = max(0, -at_column, at_column - raster.columns + 1, -at_row, at_row - raster.rows + 1)
    last = max(at_column, raster.columns - 1 - at_column, at_row, raster.rows - 1 - at_row)
    dx, dy = x - raster.west - at_column * raster.slot_m, y - raster.south - at_row * raster.slot_m
    margin_m = min(dx, dy, raster.slot_m - dx, raster.slot_m - dy)
    while ring <= last and (ring - 1) * raster.slot_m + margin_m <= best_m + TIE_M:
        for row in range(max(at_row - ring, 0), min(at_row + ring, raster.rows - 1) + 1):
            whole = ring == 0 or abs(row - at_row) == ring
            step = 1 if whole else 2 * ring
            start = max(at_column - ring, 0) if whole else at_column - ring
            for column in range(start, min(at_column + ring, raster.columns - 1) + 1, step):
                if column < 0:
                    continue
                slot = row * raster.columns + column
                for entry in range(raster.slot_first[slot], raster.slot_first[slot + 1]):
                    edge = raster.slot_edge[entry]
                    if not enters[raster.line[edge]]:
                        continue
                    gap_m = gap_to(raster, edge, x, y)
                    if gap_m < best_m - TIE_M or (gap_m <= best_m + TIE_M and edge < answer):
                        answer, best_m = edge, gap_m
        ring += 1
    return answer, best_m


@compiled
def beside_m(x0: float, y0: float, x1: float, y1: float, x: float, y: float) -> float:
    """Return how far a point lies beside the line from one point to another: positive on the left."""
    dx, dy = x1 - x0, y1 - y0
    long_m = math.sqrt(dx * dx + dy * dy)
    if long_m == 0.0:
        return math.sqrt((x - x0) * (x - x0) + (y - y0) * (y - y0))
    return (dx * (y - y0) - dy * (x - x0)) / long_m


@compiled
def on_one_side(x0: float, y0: float, x1: float, y1: float, ends: tuple[float, float, float, float]) -> bool:
    """Tell whether an edge lies on one side of the line through two points, and doesn't touch it."""
    one = beside_m(x0, y0, x1, y1, ends[0], ends[1])
    other = beside_m(x0, y0, x1, y1, ends[2], ends[3])
    return (one > TIE_M and other > TIE_M) or (one < -TIE_M and other < -TIE_M)


@compiled
def meets(raster: Raster, edge: int, x0: float, y0: float, x1: float, y1: float) -> bool:
    """Tell whether a straight way meets an edge, touching counted."""
    ax, ay, bx, by = (
        raster.edges[edge, 0],
        raster.edges[edge, 1],
        raster.edges[edge, 2],
        raster.edges[edge, 3],
    )
    if max(ax, bx) < min(x0, x1) - TIE_M or max(x0, x1) < min(ax, bx) - TIE_M:
        return False
    if max(ay, by) < min(y0, y1) - TIE_M or max(y0, y1) < min(ay, by) - TIE_M:
        return False
    return not (
        on_one_side(x0, y0, x1, y1, (ax, ay, bx, by)) or on_one_side(ax, ay, bx, by, (x0, y0, x1, y1))
    )


@compiled
def walls_met(walls: Raster, x0: float, y0: float, x1: float, y1: float, most: int, room: AttachRoom) -> int:
    """Return how many walls a straight way meets, each once; no more than `most` are counted."""
    count = 0
    room.way[0] += 1
    left, right, low, high = slot_range(walls, min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
    for row in range(low, high + 1):
        for column in range(left, right + 1):
            slot = row * walls.columns + column
            for entry in range(walls.slot_first[slot], walls.slot_first[slot + 1]):
                edge = walls.slot_edge[entry]
                wall = walls.line[edge]
                if room.stamp[wall] != room.way[0] and meets(walls, edge, x0, y0, x1, y1):
                    room.stamp[wall] = room.way[0]
                    count += 1
                    if count >= most:
                        return count
    return count


@compiled
def within_reach(streets: Raster, enters: Flags, x: float, y: float, reach_m: float, room: AttachRoom) -> int:
    """Write the segments within reach, with the nearest edge of each; return how many."""
    count = 0
    left, right, low, high = slot_range(streets, x - reach_m, y - reach_m, x + reach_m, y + reach_m)
    for row in range(low, high + 1):
        for column in range(left, right + 1):
            slot = row * streets.columns + column
            for entry in range(streets.slot_first[slot], streets.slot_first[slot + 1]):
                edge = streets.slot_edge[entry]
                segment = streets.line[edge]
                if not enters[segment]:
                    continue
                gap_m = gap_to(streets, edge, x, y)
                if gap_m > reach_m or gap_m >= room.gap_m[segment]:
                    continue
                if room.gap_m[segment] == np.inf:
                    room.near[count] = segment
                    count += 1
                room.gap_m[segment], room.edge[segment] = gap_m, edge
    return count


@compiled
def around_walls(
    ground: Ground, enters: Flags, edge: int, gap_m: float, x: float, y: float, room: AttachRoom
) -> int:
    """Return the edge to which the way is shortest, walls counted, where one may stand before the nearest."""
    walls, streets = ground.walls, ground.streets
    on_x, on_y = point_on(streets, edge, share_along(streets, edge, x, y))
    if walls_met(walls, x, y, on_x, on_y, 1, room) == 0:
        return edge
    answer, least_m = edge, np.inf
    count = within_reach(streets, enters, x, y, gap_m + ground.further_m, room)
    for each in range(count):
        segment = room.near[each]
        away_m = room.gap_m[segment]
        if away_m > least_m + TIE_M:
            continue
        on_x, on_y = point_on(streets, room.edge[segment], share_along(streets, room.edge[segment], x, y))
        most = int((least_m - away_m) / ground.wall_m) + 2 if least_m < np.inf else len(room.stamp)
        cost_m = away_m + ground.wall_m * walls_met(walls, x, y, on_x, on_y, most, room)
        if cost_m < least_m - TIE_M or (cost_m <= least_m + TIE_M and segment < streets.line[answer]):
            answer, least_m = room.edge[segment], cost_m
    for each in range(count):
        room.gap_m[room.near[each]] = np.inf
    return answer


@compiled
def attach_all(
    ground: Ground, xy: Floats, segment: Integers, along_m: Floats, stretch_m: Floats, room: AttachRoom
) -> None:
    """Write where places enter the network, by layer; `segment` is -1, `along_m` 0 and `stretch_m` inf before."""
    for place in range(len(xy)):
        x, y = xy[place, 0], xy[place, 1]
        for layer in range(len(ground.enters)):
            edge, gap_m = nearest_edge(ground.streets, ground.enters[layer], x, y)
            if edge < 0:
                continue
            if len(ground.walls.edges) > 0:
                edge = around_walls(ground, ground.enters[layer], edge, gap_m, x, y, room)
            share = share_along(ground.streets, edge, x, y)
            ends = ground.streets.edges[edge]
            long_m = math.sqrt((ends[2] - ends[0]) ** 2 + (ends[3] - ends[1]) ** 2)
            row = ground.streets.line[edge]
            segment[place, layer] = row
            along_m[place, layer] = min(ground.streets.begin_m[edge] + share * long_m, ground.length_m[row])
            stretch_m[place, layer] = gap_to(ground.streets, edge, x, y)
