"""The loops of finding ways, compiled: one search backwards from a case, which stops when enough people are met.

People are nodes of the graph like corners, so that they come out of the search in the order of their time, and the search
ends with the last one wanted. All functions stand in this file, because a compiled function is kept on disk until its own
file changes; numbers of the model come in with `Streets` for the same reason.
"""

from __future__ import annotations

import numpy as np

from gis.compiled import compiled
from gis.streets.arrays import Attached, Floats, Room, Streets, Tree
from gis.streets.extract import Integers

WAITING, TOUCHED = 0, 1
"""What `Room.counts` counts."""
STRAIGHT = -1
"""The way out of somebody who stays on one segment all the way; less one for each layer."""
SECONDS, METRES = 0, 1


@compiled
def is_before(key: float, who: int, other_key: float, other: int) -> bool:
    """Tell which comes first; of equals the smaller row."""
    return key < other_key or (key == other_key and who < other)


@compiled
def push(room: Room, key: float, who: int) -> None:
    """Put a node or a person onto the heap."""
    at = room.counts[WAITING]
    room.counts[WAITING] = at + 1
    while at > 0:
        up = (at - 1) >> 1
        if not is_before(key, who, room.key[up], room.who[up]):
            break
        room.key[at], room.who[at] = room.key[up], room.who[up]
        at = up
    room.key[at], room.who[at] = key, who


@compiled
def drop_first(room: Room) -> None:
    """Take the first off the heap."""
    last = room.counts[WAITING] - 1
    room.counts[WAITING] = last
    key, who, at = room.key[last], room.who[last], 0
    while True:
        down = 2 * at + 1
        if down >= last:
            break
        other = down + 1
        if other < last and is_before(room.key[other], room.who[other], room.key[down], room.who[down]):
            down = other
        if not is_before(room.key[down], room.who[down], key, who):
            break
        room.key[at], room.who[at] = room.key[down], room.who[down]
        at = down
    room.key[at], room.who[at] = key, who


@compiled
def reach(room: Room, node: int, seconds: float, metres: float, after: int) -> None:
    """Note a way from a node to the case, if it is the fastest so far."""
    if seconds < room.seconds[node]:
        if room.seconds[node] == np.inf:
            room.touched[room.counts[TOUCHED]] = node
            room.counts[TOUCHED] += 1
        room.seconds[node], room.metres[node], room.after[node] = seconds, metres, after
        push(room, seconds, node)


@compiled
def meet(room: Room, size: int, person: int, seconds: float, metres: float, via: int) -> None:
    """Note a way from a person to the case, if it is the fastest so far."""
    if seconds < room.person_s[person]:
        room.person_s[person], room.person_m[person], room.via[person] = seconds, metres, via
        push(room, seconds, size + person)


@compiled
def spread_from(streets: Streets, room: Room, node: int, seconds: float) -> None:
    """Go on from a node whose fastest way is certain."""
    metres = room.metres[node]
    for edge in range(streets.first[node], streets.first[node + 1]):
        reach(room, streets.there[edge], seconds + streets.seconds[edge], metres + streets.metres[edge], node)


@compiled
def layer_of_case(streets: Streets, case: Attached, row: int, layer: int) -> int:
    """Return the segment by which the case is reached in a layer, -1 where that is too far from it."""
    last = case.segment.shape[1] - 1
    if case.stretch_m[row, layer] <= case.stretch_m[row, last] + streets.ride_up_to_m:
        return case.segment[row, layer]
    return -1


@compiled
def entries(streets: Streets, case: Attached, row: int, node: Integers, cost: Floats) -> int:
    """Write the nodes by which a case is reached, with seconds and metres from there; return how many."""
    count = 0
    for layer in range(case.segment.shape[1]):
        segment = layer_of_case(streets, case, row, layer)
        if segment < 0:
            continue
        along_m, stretch_m = case.along_m[row, layer], case.stretch_m[row, layer]
        for end in range(2):
            pace = streets.against[layer, segment] if end else streets.along[layer, segment]
            corner = streets.end[segment] if end else streets.start[segment]
            if pace == np.inf or streets.closed[layer, corner]:
                continue
            far_m = streets.length_m[segment] - along_m if end else along_m
            node[count] = corner + layer * streets.nodes
            cost[count, SECONDS] = far_m * pace + stretch_m * streets.on_foot
            cost[count, METRES] = far_m + stretch_m
            count += 1
    return count


@compiled
def exit_of(streets: Streets, here: Attached, person: int, which: int) -> tuple[int, float, float]:
    """Return the node that a person comes to by one end of a segment of one layer, seconds and metres; -1: none."""
    layer, end = which >> 1, which & 1
    segment = here.segment[person, layer]
    if segment < 0:
        return -1, np.inf, np.inf
    pace = streets.along[layer, segment] if end else streets.against[layer, segment]
    corner = streets.end[segment] if end else streets.start[segment]
    if pace == np.inf or streets.closed[layer, corner]:
        return -1, np.inf, np.inf
    along_m, stretch_m = here.along_m[person, layer], here.stretch_m[person, layer]
    far_m = streets.length_m[segment] - along_m if end else along_m
    return corner + layer * streets.nodes, far_m * pace + stretch_m * streets.on_foot, far_m + stretch_m


@compiled
def straight(
    streets: Streets, here: Attached, person: int, case: Attached, row: int, layer: int
) -> tuple[float, float]:
    """Return seconds and metres along the one segment where both are; inf where they are on two."""
    segment = here.segment[person, layer]
    if segment < 0 or segment != case.segment[row, layer]:
        return np.inf, np.inf
    if layer_of_case(streets, case, row, layer) < 0:
        return np.inf, np.inf
    step_m = case.along_m[row, layer] - here.along_m[person, layer]
    pace = streets.along[layer, segment] if step_m >= 0.0 else streets.against[layer, segment]
    stretch_m = here.stretch_m[person, layer] + case.stretch_m[row, layer]
    if pace == np.inf:
        return np.inf, np.inf
    return abs(step_m) * pace + stretch_m * streets.on_foot, abs(step_m) + stretch_m


@compiled
def link(streets: Streets, here: Attached, room: Room) -> None:
    """Note by which exits people come to which nodes."""
    ways = 2 * here.segment.shape[1]
    for person in range(len(here.segment)):
        for which in range(ways):
            node, seconds, metres = exit_of(streets, here, person, which)
            if node >= 0:
                number = person * ways + which
                room.exit_s[number], room.exit_m[number] = seconds, metres
                room.more[number] = room.out[node]
                room.out[node] = number


@compiled
def unlink(streets: Streets, here: Attached, room: Room) -> None:
    """Forget all exits."""
    for person in range(len(here.segment)):
        for which in range(2 * here.segment.shape[1]):
            node, _, _ = exit_of(streets, here, person, which)
            if node >= 0:
                room.out[node] = -1


@compiled
def begin(
    streets: Streets, here: Attached, case: Attached, row: int, node: Integers, cost: Floats, room: Room
) -> None:
    """Put onto the heap what is known at once: people on the case's own segment, and the nodes by which it is reached."""
    size = len(streets.first) - 1
    room.counts[WAITING] = 0
    room.counts[TOUCHED] = 0
    for person in range(len(here.segment)):
        room.person_s[person] = np.inf
        for layer in range(here.segment.shape[1]):
            if here.segment[person, layer] == case.segment[row, layer]:
                seconds, metres = straight(streets, here, person, case, row, layer)
                meet(room, size, person, seconds, metres, STRAIGHT - layer)
    for entry in range(entries(streets, case, row, node, cost)):
        reach(room, node[entry], cost[entry, SECONDS], cost[entry, METRES], -1 - entry)


@compiled
def search(
    streets: Streets, ways: int, limit_s: float, found: Integers, found_s: Floats, found_m: Floats, room: Room
) -> None:
    """Write people in the order of their time, until there are enough or the limit is reached."""
    size, count = len(streets.first) - 1, 0
    while room.counts[WAITING] > 0 and count < len(found):
        seconds, who = room.key[0], room.who[0]
        drop_first(room)
        if seconds > limit_s:
            break
        if who >= size:
            person = who - size
            if seconds == room.person_s[person]:
                found[count], found_s[count], found_m[count] = person, seconds, room.person_m[person]
                count += 1
            continue
        if seconds > room.seconds[who]:
            continue
        number = room.out[who]
        while number >= 0:
            way_m = room.metres[who] + room.exit_m[number]
            meet(room, size, number // ways, seconds + room.exit_s[number], way_m, number)
            number = room.more[number]
        spread_from(streets, room, who, seconds)


@compiled
def clear(room: Room) -> None:
    """Leave the room as it was."""
    for each in range(room.counts[TOUCHED]):
        room.seconds[room.touched[each]] = np.inf


@compiled
def find(
    streets: Streets,
    here: Attached,
    cases: Attached,
    limit_s: float,
    node: Integers,
    cost: Floats,
    found: Integers,
    found_s: Floats,
    found_m: Floats,
    room: Room,
) -> None:
    """Write for each case the people nearest to it, as many as there are columns; `found` is -1 before."""
    link(streets, here, room)
    for row in range(len(cases.segment)):
        begin(streets, here, cases, row, node, cost, room)
        search(streets, 2 * here.segment.shape[1], limit_s, found[row], found_s[row], found_m[row], room)
        clear(room)
    unlink(streets, here, room)


@compiled
def grow(streets: Streets, root: int, tree: Tree, room: Room) -> None:
    """Write seconds and metres from every node to one; `tree` is inf before."""
    room.counts[WAITING] = 0
    room.counts[TOUCHED] = 0
    reach(room, root, 0.0, 0.0, -1)
    while room.counts[WAITING] > 0:
        seconds, node = room.key[0], room.who[0]
        drop_first(room)
        if seconds > room.seconds[node]:
            continue
        tree[node, SECONDS], tree[node, METRES] = seconds, room.metres[node]
        spread_from(streets, room, node, seconds)
    clear(room)


@compiled
def look_up(
    streets: Streets,
    here: Attached,
    case: Attached,
    trees: tuple[Tree, Tree, Tree, Tree],
    count: int,
    cost: Floats,
    seconds: Floats,
    metres: Floats,
) -> None:
    """Write the fastest ways by the trees of the nodes by which the case is reached; `seconds` are inf before."""
    for person in range(len(here.segment)):
        for layer in range(here.segment.shape[1]):
            way_s, way_m = straight(streets, here, person, case, 0, layer)
            if way_s < seconds[person]:
                seconds[person], metres[person] = way_s, way_m
        for which in range(2 * here.segment.shape[1]):
            node, out_s, out_m = exit_of(streets, here, person, which)
            if node < 0:
                continue
            for entry in range(count):
                way_s = out_s + trees[entry][node, SECONDS] + cost[entry, SECONDS]
                if way_s < seconds[person]:
                    seconds[person] = way_s
                    metres[person] = out_m + trees[entry][node, METRES] + cost[entry, METRES]


@compiled
def in_circle(xy: Floats, x: float, y: float, radius_m: float, found: Integers) -> int:
    """Write the places within a circle; return how many."""
    count = 0
    for row in range(len(xy)):
        dx, dy = xy[row, 0] - x, xy[row, 1] - y
        if dx * dx + dy * dy <= radius_m * radius_m:
            found[count] = row
            count += 1
    return count
