"""The loops of snapping, compiled: distances, what holds a point, what is nearest, and how probable each place is.

`gis.snap.posterior` says what is computed and why. All functions stand in this file, because a compiled function is
kept on disk until its own file changes; numbers of the model come in as arguments for the same reason.
"""

from __future__ import annotations

import math

import numpy as np

from gis.compiled import compiled
from gis.snap.shapes import Floats, Integers, Shapes
from gis.snap.world import BELOW_STEPS, DECAY_STEPS, STANDS, Model, Scratch, World

ROOT_TAU = math.sqrt(2.0 * math.pi)
TIE_M = 1e-7
"""So near to each other two distances are equal, and the smaller row is answered."""
CANDIDATES = 3
MOST_REACH_M = 150.0
FAR = 5.0
"""So many standard deviations away nothing is."""
# columns that are written: rows of places, and numbers
CONTAINING, COURTYARD, BUILDING, STREET, CANDIDATE, CANDIDATE_BUILDING, LIKELY, ROWS = (
    0,
    1,
    2,
    3,
    4,
    7,
    10,
    13,
)
OUTSIDE_M, GRID_CHANCE, BUILDING_CHANCE, CELL_M, YARD_M, BUILDING_M, STREET_M = 0, 1, 2, 3, 4, 5, 6
CANDIDATE_CHANCE, CANDIDATE_BUILDING_CHANCE, LIKELY_CHANCE, NUMBERS = 7, 10, 13, 16


@compiled
def below(table: Floats, z: float) -> float:
    """Return the chance that a standard normal number is less than z, by a table of it from -8 to 8."""
    within = min(max(z, -7.99), 7.99)
    row = np.uint32(
        (within + 8.0) * BELOW_STEPS
    )  # unsigned: an index that may be negative is looked at twice
    return table[row, 0] + within * table[row, 1]


@compiled
def decay(table: Floats, t: float) -> float:
    """Return exp(-t) for t >= 0, by a table of it up to 32."""
    within = min(t, 31.99)
    row = np.uint32(within * DECAY_STEPS)
    return table[row, 0] + within * table[row, 1]


@compiled
def tail(model: Model, distance_m: float, sigma_m: float) -> float:
    """Return the chance that the true place lies farther than this in one direction."""
    near = below(model.below, -distance_m / sigma_m)
    far = below(model.below, -distance_m / (model.tail_factor * sigma_m))
    return (1.0 - model.tail_share) * near + model.tail_share * far


@compiled
def box_gap2(boxes: Floats, row: int, x: float, y: float) -> float:
    """Return the squared distance of a point from a box."""
    dx = max(boxes[row, 0] - x, 0.0, x - boxes[row, 2])
    dy = max(boxes[row, 1] - y, 0.0, y - boxes[row, 3])
    return dx * dx + dy * dy


@compiled
def edge_gap2(edges: Floats, row: int, x: float, y: float) -> float:
    """Return the squared distance of a point from an edge."""
    along_x, along_y = edges[row, 2] - edges[row, 0], edges[row, 3] - edges[row, 1]
    dx, dy = x - edges[row, 0], y - edges[row, 1]
    length2 = along_x * along_x + along_y * along_y
    if length2 > 0.0:
        t = min(max((dx * along_x + dy * along_y) / length2, 0.0), 1.0)
        dx -= t * along_x
        dy -= t * along_y
    return dx * dx + dy * dy


@compiled
def is_right(edges: Floats, row: int, x: float, y: float) -> bool:
    """Tell whether a ray from a point to the right meets an edge, its lower end counted and its upper one not."""
    x0, y0, x1, y1 = edges[row, 0], edges[row, 1], edges[row, 2], edges[row, 3]
    return (y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0)


@compiled
def is_beside(shapes: Shapes, block: int, x: float, y: float) -> bool:
    """Tell whether edges of a block may lie to the right of a point."""
    low, high, right = shapes.blocks[block, 1], shapes.blocks[block, 3], shapes.blocks[block, 2]
    return shapes.closed and low <= y < high and x <= right


@compiled
def measure(shapes: Shapes, shape: int, x: float, y: float, most2: float) -> tuple[float, bool]:
    """Return the squared distance of a point from the edges of a shape, at most `most2`, and whether it lies inside."""
    best2, inside = most2, False
    for block in range(shapes.first[shape], shapes.first[shape + 1]):
        near = box_gap2(shapes.blocks, block, x, y) < best2
        crossed = is_beside(shapes, block, x, y)
        if not (near or crossed):
            continue
        for row in range(shapes.block_edge[block], shapes.block_edge[block + 1]):
            if near:
                best2 = min(best2, edge_gap2(shapes.edges, row, x, y))
            if crossed and is_right(shapes.edges, row, x, y):
                inside = not inside
    return best2, inside


@compiled
def slot_range(shapes: Shapes, x: float, y: float, reach_m: float) -> tuple[int, int, int, int]:
    """Return the first and last column and row of the slots within reach."""
    left = int(max(math.floor((x - reach_m - shapes.west) / shapes.slot_m), 0.0))
    low = int(max(math.floor((y - reach_m - shapes.south) / shapes.slot_m), 0.0))
    right = int(min(math.floor((x + reach_m - shapes.west) / shapes.slot_m), shapes.columns - 1.0))
    high = int(min(math.floor((y + reach_m - shapes.south) / shapes.slot_m), shapes.rows - 1.0))
    return left, right, low, high


@compiled
def near_shapes(shapes: Shapes, x: float, y: float, reach_m: float, found: Integers) -> int:
    """Write the shapes whose boxes are within reach, each once; return how many."""
    left, right, low, high = slot_range(shapes, x, y, reach_m)
    count = 0
    for row in range(low, high + 1):
        start = row * shapes.columns
        if left > right:
            break
        first, later = shapes.slot_first[start + left], shapes.slot_first[start + left + 1]
        for entry in range(first, shapes.slot_first[start + right + 1]):
            # of the slots of a row that it is in, the first one within reach counts, and so of the rows
            if entry >= later and not shapes.slot_begins[entry]:
                continue
            shape = shapes.slot_shape[entry]
            if (
                row == max(low, shapes.corner_row[shape])
                and box_gap2(shapes.boxes, shape, x, y) <= reach_m * reach_m
            ):
                found[count] = shape
                count += 1
    return count


@compiled
def first_holding(shapes: Shapes, x: float, y: float, border_m: float) -> int:
    """Return the first shape that a point lies in or on, -1 where there is none."""
    left, right, low, high = slot_range(shapes, x, y, border_m)
    answer = -1
    for row in range(low, high + 1):
        for column in range(left, right + 1):
            slot = row * shapes.columns + column
            for entry in range(shapes.slot_first[slot], shapes.slot_first[slot + 1]):
                shape = shapes.slot_shape[entry]
                if answer >= 0 and shape >= answer:
                    break  # a slot's shapes are in order
                if box_gap2(shapes.boxes, shape, x, y) <= border_m * border_m:
                    gap2, inside = measure(shapes, shape, x, y, 4.0 * border_m * border_m)
                    if inside or gap2 <= border_m * border_m:
                        answer = shape
    return answer


@compiled
def nearest(shapes: Shapes, cost_m: Floats, x: float, y: float) -> tuple[int, float]:
    """Return the shape nearest to a point, distance and cost added up, and its distance: slots in growing rings."""
    answer, best_m, answer_m = -1, np.inf, np.nan
    if len(shapes.slot_shape) == 0:
        return answer, answer_m
    at_column = math.floor((x - shapes.west) / shapes.slot_m)
    at_row = math.floor((y - shapes.south) / shapes.slot_m)
    ring = max(0, -at_column, at_column - shapes.columns + 1, -at_row, at_row - shapes.rows + 1)
    last = max(at_column, shapes.columns - 1 - at_column, at_row, shapes.rows - 1 - at_row)
    dx, dy = x - shapes.west - at_column * shapes.slot_m, y - shapes.south - at_row * shapes.slot_m
    margin_m = min(dx, dy, shapes.slot_m - dx, shapes.slot_m - dy)
    while ring <= last and (ring - 1) * shapes.slot_m + margin_m <= best_m + TIE_M:
        for row in range(max(at_row - ring, 0), min(at_row + ring, shapes.rows - 1) + 1):
            whole = ring == 0 or abs(row - at_row) == ring
            step = 1 if whole else 2 * ring
            start = max(at_column - ring, 0) if whole else at_column - ring
            for column in range(start, min(at_column + ring, shapes.columns - 1) + 1, step):
                if column < 0:
                    continue
                slot = row * shapes.columns + column
                for entry in range(shapes.slot_first[slot], shapes.slot_first[slot + 1]):
                    shape = shapes.slot_shape[entry]
                    most_m = best_m - cost_m[shape] + 2.0 * TIE_M
                    if most_m < 0.0 or box_gap2(shapes.boxes, shape, x, y) > most_m * most_m:
                        continue
                    gap2, inside = measure(shapes, shape, x, y, most_m * most_m)
                    gap_m = 0.0 if inside else math.sqrt(gap2)
                    value_m = gap_m + cost_m[shape]
                    if value_m < best_m - TIE_M or (value_m <= best_m + TIE_M and shape < answer):
                        answer, best_m, answer_m = shape, value_m, gap_m
        ring += 1
    return answer, answer_m


@compiled
def distance_to(shapes: Shapes, shape: int, x: float, y: float) -> float:
    """Return the distance of a point from a shape, NaN from none."""
    if shape < 0:
        return np.nan
    gap2, inside = measure(shapes, shape, x, y, np.inf)
    return 0.0 if inside else math.sqrt(gap2)


@compiled
def terms_of(model: Model, sigma_m: float, kind: int, terms: Floats) -> None:
    """Write for each normal of the error and each stand-off distance, 1 / 2 variance, weight at the peak, 1 / spread."""
    for wide in range(2):
        spread_m = sigma_m * (model.tail_factor if wide else 1.0)
        share = model.tail_share if wide else 1.0 - model.tail_share
        for row in range(STANDS):
            distance_m, width_m = model.stand_off[kind, row, 0], model.stand_off[kind, row, 1]
            weight = model.stand_off[kind, row, 2]
            variance = spread_m * spread_m + width_m * width_m
            terms[wide, row, 0] = distance_m
            terms[wide, row, 1] = 0.5 / variance
            terms[wide, row, 2] = share * weight / (ROOT_TAU * math.sqrt(variance))
            terms[wide, row, 3] = 1.0 / spread_m


@compiled
def edge_density(model: Model, along_m: float, out_m: float, length_m: float, terms: Floats) -> float:
    """Return the density of a fix given one straight facade, per metre of it, summed over stand-offs."""
    total = 0.0
    for wide in range(2):
        per_m = terms[wide, 0, 3]
        left, right = -along_m * per_m, (length_m - along_m) * per_m
        if right < -FAR or left > FAR or out_m * per_m < -FAR:  # no chance worth a sum
            continue
        before = 0.0
        for row in range(STANDS):
            off = out_m - terms[wide, row, 0]
            before += terms[wide, row, 2] * decay(model.decay, off * off * terms[wide, row, 1])
        total += before * (below(model.below, right) - below(model.below, left))
    return total


@compiled
def part_density(
    world: World, model: Model, part: int, fix: Floats, kind: int, reach_m: float, terms: Floats
) -> float:
    """Return the density of a fix given a part of a building, per metre of facade."""
    shapes = world.parts
    x, y, sigma_m, look_x, look_y = fix[0], fix[1], fix[2], fix[3], fix[4]
    total, gap2, inside = 0.0, 4.0 * reach_m * reach_m, False
    for block in range(shapes.first[part], shapes.first[part + 1]):
        near = box_gap2(shapes.blocks, block, x, y) <= reach_m * reach_m
        crossed = is_beside(shapes, block, x, y)
        if not (near or crossed):
            continue
        for row in range(shapes.block_edge[block], shapes.block_edge[block + 1]):
            if crossed and is_right(shapes.edges, row, x, y):
                inside = not inside
            along_x, along_y, length_m = world.facade[row, 0], world.facade[row, 1], world.facade[row, 2]
            dx, dy = x - shapes.edges[row, 0], y - shapes.edges[row, 1]
            along_m, out_m = dx * along_x + dy * along_y, dx * along_y - dy * along_x
            beyond_m = along_m - min(max(along_m, 0.0), length_m)
            gap2 = min(gap2, beyond_m * beyond_m + out_m * out_m)
            if world.facade[row, 3] == 0.0:
                continue
            density = edge_density(model, along_m, out_m, length_m, terms)
            if not math.isnan(look_x):
                # looking onto the wall is looking against its outward normal (along_y, -along_x)
                straight = look_y * along_x - look_x * along_y
                sight = model.view_peak * decay(model.decay, model.sharpness * (1.0 - straight))
                density *= model.junk_heading + (1.0 - model.junk_heading) * sight
            total += density
    chance = tail(model, math.sqrt(gap2), sigma_m)
    area_m2 = world.part_area_m2[part]
    # as if the nearest wall were endless, made less by what is counted twice at corners
    twice = math.pi / 2.0 * (1.0 + model.tail_share * (model.tail_factor**2 - 1.0)) * sigma_m * sigma_m
    chance = (1.0 - chance if inside else chance) * area_m2 / (area_m2 + twice)
    return total + model.indoors[kind] * chance * world.part_facade_m[part] / area_m2


@compiled
def cells_near(
    world: World, model: Model, x: float, y: float, reach_m: float, found: Integers, away_m: Floats
) -> tuple[int, float]:
    """Write the micro-grids within reach and their distances; return how many, and the least distance."""
    reach_m = max(reach_m, model.border_m)
    kept, least_m = 0, np.inf
    for entry in range(near_shapes(world.cells, x, y, reach_m, found)):
        gap2, inside = measure(world.cells, found[entry], x, y, 4.0 * reach_m * reach_m)
        gap_m = math.sqrt(gap2)
        if inside or gap_m <= model.border_m:
            gap_m = 0.0
        if gap_m <= reach_m:
            found[kept], away_m[kept] = found[entry], gap_m
            least_m = min(least_m, gap_m)
            kept += 1
    return kept, least_m


@compiled
def share_ground(
    model: Model, sigma_m: float, found: Integers, away_m: Floats, count: int, least_m: float
) -> int:
    """Turn distances into shares of the open ground; return the micro-grid at home: the nearest, of equals the first."""
    home, across, total = -1, 0.0, 0.0
    for entry in range(count):
        if away_m[entry] <= least_m + TIE_M and (home < 0 or found[entry] < found[home]):
            home = entry
    for entry in range(count):
        away_m[entry] = tail(model, away_m[entry] - least_m, sigma_m)
        if entry != home:
            across = max(across, away_m[entry])
    away_m[home] = 1.0 - across
    for entry in range(count):
        total += away_m[entry]
    for entry in range(count):
        away_m[entry] /= total
    return found[home]


@compiled
def first_three(count: int, cells: Integers, mass: Floats, chosen: Integers) -> None:
    """Write where the three largest masses are, of equals the smaller cells first; -1 where there are fewer."""
    chosen[:] = -1
    for entry in range(count):
        value, at = mass[entry], entry
        for rank in range(CANDIDATES):
            if at < 0:
                break
            held = chosen[rank]
            if (
                held < 0
                or value > mass[held] + 1e-12
                or (value >= mass[held] - 1e-12 and cells[at] < cells[held])
            ):
                chosen[rank], at = at, held
                if at >= 0:
                    value = mass[at]


@compiled
def likely_cells(
    world: World, model: Model, fix: Floats, kind: int, rows: Integers, numbers: Floats, scratch: Scratch
) -> None:
    """Write of one fix the three most probable micro-grids with their buildings."""
    x, y, sigma_m = fix[0], fix[1], fix[2]
    cells, mass, slot = scratch.cells, scratch.mass, scratch.slot
    reach_m = model.border_sigmas * sigma_m
    count, least_m = cells_near(world, model, x, y, reach_m, cells, scratch.away_m)
    if least_m > 0.0 and model.outside_m > 0.0:
        count, least_m = cells_near(world, model, x, y, max(reach_m, model.outside_m), cells, scratch.away_m)
    if count == 0 or least_m > model.outside_m:
        return
    home = share_ground(model, sigma_m, cells, scratch.away_m, count, least_m)
    numbers[OUTSIDE_M] = least_m
    rows[CONTAINING] = home if least_m == 0.0 else -1
    for entry in range(count):
        open_cell(scratch, entry, cells[entry], model.ground * scratch.away_m[entry])
    count, houses, total = add_parts(world, model, fix, kind, scratch, count)
    first_three(count, cells, mass, scratch.chosen)
    numbers[GRID_CHANCE] = 0.0
    grid = world.cell_grid[cells[scratch.chosen[0]]]
    for entry in range(count):
        slot[cells[entry]] = -1
        if world.cell_grid[cells[entry]] == grid:
            numbers[GRID_CHANCE] += mass[entry] / total
    for rank in range(CANDIDATES):
        at = scratch.chosen[rank]
        if at < 0:
            break
        rows[CANDIDATE + rank], numbers[CANDIDATE_CHANCE + rank] = cells[at], mass[at] / total
        if scratch.best[at] >= 0:
            rows[CANDIDATE_BUILDING + rank] = world.part_building[scratch.best[at]]
            numbers[CANDIDATE_BUILDING_CHANCE + rank] = scratch.best_mass[at] / total
    write_houses(scratch, houses, total, rows, numbers)


@compiled
def write_houses(scratch: Scratch, houses: int, total: float, rows: Integers, numbers: Floats) -> None:
    """Write the three most probable buildings, and how probable the one in the most probable micro-grid is."""
    first_three(houses, scratch.houses, scratch.house_mass, scratch.chosen)
    for rank in range(CANDIDATES):
        at = scratch.chosen[rank]
        if at < 0:
            break
        rows[LIKELY + rank], numbers[LIKELY_CHANCE + rank] = (
            scratch.houses[at],
            scratch.house_mass[at] / total,
        )
        if scratch.houses[at] == rows[CANDIDATE_BUILDING]:
            numbers[BUILDING_CHANCE] = numbers[LIKELY_CHANCE + rank]


@compiled
def open_cell(scratch: Scratch, entry: int, cell: int, mass: float) -> None:
    """Begin the sums of a micro-grid."""
    scratch.slot[cell], scratch.cells[entry], scratch.mass[entry] = entry, cell, mass
    scratch.best[entry], scratch.best_mass[entry] = -1, 0.0


@compiled
def add_parts(
    world: World, model: Model, fix: Floats, kind: int, scratch: Scratch, count: int
) -> tuple[int, int, float]:
    """Add the parts of buildings within reach; return how many micro-grids and buildings there are, and the sum."""
    reach_m = min(model.reach_m + model.reach_sigmas * fix[2], MOST_REACH_M)
    terms_of(model, fix[2], kind, scratch.terms)
    total, houses = model.ground, 0
    for entry in range(near_shapes(world.parts, fix[0], fix[1], reach_m, scratch.found)):
        part = scratch.found[entry]
        density = part_density(world, model, part, fix, kind, reach_m, scratch.terms)
        total += density
        houses = add_house(scratch, houses, world.part_building[part], density)
        cell = world.part_cell[part]
        if scratch.slot[cell] < 0:
            open_cell(scratch, count, cell, 0.0)
            count += 1
        at = scratch.slot[cell]
        scratch.mass[at] += density
        if density > scratch.best_mass[at] or scratch.best[at] < 0:
            scratch.best[at], scratch.best_mass[at] = part, density
    return count, houses, total


@compiled
def add_house(scratch: Scratch, houses: int, building: int, mass: float) -> int:
    """Add to the mass of a building; return how many buildings there are."""
    for entry in range(houses):
        if scratch.houses[entry] == building:
            scratch.house_mass[entry] += mass
            return houses
    scratch.houses[houses], scratch.house_mass[houses] = building, mass
    return houses + 1


@compiled
def snap_all(
    world: World,
    model: Model,
    fixes: Floats,
    kinds: Integers,
    which: Integers,
    rows: Integers,
    numbers: Floats,
    scratch: Scratch,
) -> None:
    """Write the places of some fixes: x, y, sigma, where the phone looks, east and north; `rows` are -1, `numbers` 0."""
    for each in which:
        row, number = rows[each], numbers[each]
        number[OUTSIDE_M] = np.inf
        number[CELL_M : STREET_M + 1] = np.nan
        x, y = fixes[each, 0], fixes[each, 1]
        likely_cells(world, model, fixes[each], kinds[each], row, number, scratch)
        cell = row[CANDIDATE]
        if cell < 0:
            continue
        building, chance = row[CANDIDATE_BUILDING], number[BUILDING_CHANCE]
        yard = first_holding(world.courtyards, x, y, model.border_m)
        if chance < model.least_building:
            building = -1
        elif chance >= 0.5 or yard < 0:  # noqa: PLR2004 - more likely than not
            yard = world.building_courtyard[building]
        row[COURTYARD], row[BUILDING] = yard, building
        number[CELL_M] = 0.0 if cell == row[CONTAINING] else distance_to(world.cells, cell, x, y)
        number[YARD_M] = distance_to(world.courtyards, yard, x, y)
        number[BUILDING_M] = distance_to(world.buildings, building, x, y)
        row[STREET], number[STREET_M] = nearest(world.streets, world.street_cost_m, x, y)


@compiled
def all_holding(shapes: Shapes, x: Floats, y: Floats, border_m: float, answer: Integers) -> None:
    """Write the first shape that holds each point."""
    for each in range(len(x)):
        answer[each] = first_holding(shapes, x[each], y[each], border_m)


@compiled
def all_nearest(
    shapes: Shapes, cost_m: Floats, x: Floats, y: Floats, answer: Integers, distance_m: Floats
) -> None:
    """Write the nearest shape of each point and its distance."""
    for each in range(len(x)):
        answer[each], distance_m[each] = nearest(shapes, cost_m, x[each], y[each])
