"""The steps of delineation, each on its own."""

from __future__ import annotations

from itertools import product
from random import Random

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.areas.delineation import households_of
from gis.areas.delineation.block import Block, bits
from gis.areas.delineation.coverage import _rebuilt, nearest_shares
from gis.areas.delineation.divide import divide, grow
from gis.areas.delineation.graph import Graph, settle_blocks
from gis.areas.delineation.parts import cut_building
from gis.areas.delineation.search import Search
from gis.areas.delineation.seats import Amounts, apportion, join_blocks, least_outside
from gis.areas.delineation.trees import cut_tree, split
from tests.extent import examples

NAN = float("nan")


def test_households_by_the_stated_rule():
    kinds = ["apartments", "apartments", "house", "apartments", "retail", "retail", "yes", None, "dormitory"]
    flats = [24, NAN, NAN, NAN, NAN, 6, NAN, NAN, 0]
    levels = [6, 6, 1, NAN, 2, 2, 6, NAN, 5]
    footprint = [300, 300, 40, 300, 400, 400, 300, 100, 300]
    table = [9, 9, 9, 17, NAN, 9, 12, NAN, 9]
    found = households_of(kinds, flats, levels, footprint, table)
    assert found.tolist() == [24, 21, 1, 17, 0, 6, 12, 0, 0]
    guessed = households_of(kinds, flats, levels, footprint, unknown_is_residential=True, assumed_levels=3)
    assert guessed.tolist() == [24, 21, 1, 11, 0, 6, 21, 4, 0]
    assert households_of([], [], [], []).tolist() == []


def test_a_slab_is_cut_midway_between_its_doors():
    slab = shapely.affinity.rotate(shapely.box(0, 0, 60, 12), 33, origin=(0, 0))
    doors = [
        shapely.affinity.rotate(shapely.Point(x, y), 33, origin=(0, 0))
        for x, y in [(50, 12), (8, 12), (24, 0)]
    ]
    pieces, owner = cut_building(slab, shapely.get_coordinates(doors))
    assert sorted(round(piece.area) for piece in pieces) == [192, 252, 276]
    assert [round(pieces[index].area) for index in owner] == [276, 192, 252]
    assert shapely.union_all(pieces).symmetric_difference(slab).area < 1e-6


@pytest.mark.parametrize(
    ("footprint", "doors", "parts"),
    [
        (shapely.box(0, 0, 60, 12), [], 1),
        (shapely.box(0, 0, 60, 12), [(30, 12)], 1),
        (shapely.box(0, 0, 60, 12), [(15, 12), (16, 0), (45, 12), (44, 0)], 2),
        (shapely.box(0, 0, 60, 12), [(15, 12), (15, 12), (45, 12)], 2),
        # a U: cut across its open side a wing would fall apart, so it stays whole
        (
            shapely.Polygon([(0, 0), (40, 0), (40, 30), (32, 30), (32, 8), (8, 8), (8, 30), (0, 30)]),
            [(4, 30), (36, 30)],
            2,
        ),
        (
            shapely.Polygon([(0, 0), (30, 0), (30, 40), (22, 40), (22, 8), (8, 8), (8, 40), (0, 40)]),
            [(4, 12), (4, 38)],
            1,
        ),
    ],
)
def test_doors_that_make_stairwells(footprint, doors, parts):
    pieces, owner = cut_building(footprint, np.array(doors, dtype=float).reshape(-1, 2))
    assert len(pieces) == parts
    assert len(owner) == len(doors)
    assert all(piece.geom_type == "Polygon" for piece in pieces)


def amounts_of(blocks):
    """Blocks as lists of the households of their atoms, with the mean of a number of cells."""

    def made(cells):
        mean = sum(map(sum, blocks)) / cells
        board = np.array([amount for block in blocks for amount in block], dtype=float)
        graph = chessboard(len(board), 1, board)
        return Amounts.of(graph, np.repeat(np.arange(len(blocks)), [len(each) for each in blocks]), mean)

    return made


def price(deviation):
    excess = max(0.0, abs(deviation) - 0.2)
    return deviation**2 + 20 * (excess > 0) * (0.05 + excess)


def cost_of(block, seats, mean):
    big = [each for each in block if each > 1.2 * mean + 1e-6]
    rest, others = sum(block) - sum(big), seats - len(big)
    usual = others * price(rest / others / mean - 1) if others > 0 else 20 * (rest / mean - others)
    return usual + sum(price(each / mean - 1) for each in big)


def possible_seats(blocks, cells):
    ranges = (range(1, sum(amount > 0 for amount in block) + 1) for block in blocks)
    return [each for each in product(*ranges) if sum(each) == cells]


SOME_BLOCKS = st.lists(st.lists(st.integers(1, 60), min_size=1, max_size=7), min_size=1, max_size=4)


@given(SOME_BLOCKS, st.integers(1, 12))
def test_apportionment_is_the_best_of_all(blocks, cells):
    cells = min(max(cells, len(blocks)), sum(map(len, blocks)))
    seats = apportion(amounts_of(blocks)(cells), cells)
    assert tuple(seats.tolist()) in possible_seats(blocks, cells)
    mean = sum(map(sum, blocks)) / cells

    def total(each):
        return sum(cost_of(block, count, mean) for block, count in zip(blocks, each, strict=True))

    assert total(seats.tolist()) == pytest.approx(min(map(total, possible_seats(blocks, cells))))


def divisions(atoms, cells):
    """All ways to put atoms into so many cells, none of them empty, as households of the cells."""
    for labels in product(range(cells), repeat=len(atoms)):
        if len(set(labels)) == cells:
            yield [
                sorted(amount for amount, label in zip(atoms, labels, strict=True) if label == cell)
                for cell in range(cells)
            ]


@settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(st.lists(st.integers(1, 40), min_size=1, max_size=4), min_size=1, max_size=2), st.integers(1, 5)
)
def test_no_division_has_fewer_cells_out_of_range_than_the_bound(blocks, cells):
    cells = min(max(cells, len(blocks)), sum(map(len, blocks)))
    mean = sum(map(sum, blocks)) / cells

    def outside(cell):
        return abs(sum(cell) / mean - 1) > 0.2 + 1e-6

    def apart(division):
        return all(sum(amount > 1.2 * mean + 1e-6 for amount in cell) <= 1 for cell in division)

    least = min(
        (
            sum(
                min((sum(map(outside, each)) for each in divisions(block, count) if apart(each)), default=99)
                for block, count in zip(blocks, seats, strict=True)
            )
            for seats in possible_seats(blocks, cells)
        ),
    )
    assert least_outside(amounts_of(blocks)(cells), cells) <= least


def test_the_bound_counts_big_pieces_and_blocks_that_are_too_small():
    blocks = [[10] * 9 + [31], [2], [10] * 4]
    assert least_outside(amounts_of(blocks)(16), 16) == 2
    assert least_outside(amounts_of([[10] * 4, [10] * 8])(6), 6) == 0


def chessboard(columns, rows, households=None, block=None):
    """Square plots of 20 m, neighbours along their sides."""
    size = columns * rows
    index = np.arange(size).reshape(rows, columns)
    left = np.concatenate([index[:, :-1].ravel(), index[:-1].ravel()])
    right = np.concatenate([index[:, 1:].ravel(), index[1:].ravel()])
    return Graph(
        households=np.full(size, 10.0) if households is None else households,
        area=np.full(size, 400.0),
        perimeter=np.full(size, 80.0),
        block=np.zeros(size, dtype=np.int64) if block is None else block,
        compound=np.full(size, -1),
        left=left,
        right=right,
        length=np.full(len(left), 20.0),
        weight=np.ones(len(left)),
    )


def test_a_cell_of_a_block_is_measured():
    block = Block(chessboard(4, 4), np.arange(16), 40.0)
    square, row, corners = 0b110011, 0b1111, 0b1001
    assert block.connected(square)
    assert not block.connected(corners)
    assert block.cost(corners) == np.inf
    assert block.cost(0) == np.inf
    assert block.cost(square) < block.cost(row)
    assert block.beside(0b1) == 0b10010
    assert block.cost(square) < block.cost(0b11)


@settings(deadline=None)
@given(st.integers(0, 1000), st.integers(1, 16))
def test_trees_and_growth_give_connected_cells(seed, cells):
    block = Block(chessboard(4, 4), np.arange(16), 160 / cells)
    everything = (1 << 16) - 1
    for side, amount, lived in cut_tree(block, everything, Random(seed)):
        assert block.connected(side)
        assert block.connected(everything & ~side)
        assert amount == 10 * lived == 10 * side.bit_count()
    for drawn in (split(block, everything, cells, Random(seed)), grow(block, cells, Random(seed))):
        assert drawn is not None
        assert len(drawn) == cells
        assert sum(drawn) == everything
        assert all(block.connected(cell) for cell in drawn)


def test_the_search_finds_the_squares_and_keeps_its_books():
    block = Block(chessboard(8, 8), np.arange(64), 40.0)
    start = grow(block, 16, Random(3))
    search = Search(block, start, Random(3))
    before = search.total
    cells = search.run(40_000)
    assert search.total == pytest.approx(sum(block.cost(cell) for cell in search.cells))
    assert search.best_total == pytest.approx(sum(block.cost(cell) for cell in cells))
    assert sum(cells) == (1 << 64) - 1
    assert search.best_total < before
    assert all(block.amount(cell) == 40 for cell in cells)
    for index, cell in enumerate(search.cells):
        assert {search.of[atom] for atom in bits(cell)} == {index}


def test_blocks_without_households_join_the_longest_border():
    households = np.array([10.0, 10, 0, 10, 10, 0, 10, 10, 0])
    board = chessboard(3, 3, households, np.array([0, 0, 1, 0, 0, 1, 2, 2, 1]))
    block, joined = settle_blocks(board.block, households, board.left, board.right, board.length)
    assert joined == 3
    assert len(np.unique(block)) == 2
    assert (np.bincount(block, weights=households) > 0).all()


def test_the_parts_of_a_torn_block_are_blocks():
    board = chessboard(3, 1, block=np.array([0, 1, 0]))
    block, joined = settle_blocks(board.block, board.households, board.left, board.right, board.length)
    assert len(np.unique(block)) == 3
    assert joined == 0


def test_small_blocks_are_joined_only_when_asked():
    households = np.array([40.0, 40, 40, 2])
    board = chessboard(4, 1, households, np.array([0, 0, 0, 1]))
    assert join_blocks(board, 3)[1] == 0
    assert join_blocks(board, 3, 0.5)[1] == 1
    assert join_blocks(board, 1)[1] == 1


@settings(max_examples=examples(5), deadline=None)
@given(st.integers(0, 10_000))
def test_no_cell_has_atoms_of_two_blocks(seed):
    board = chessboard(6, 4, block=np.repeat([0, 1, 2, 3], 6))
    division = divide(board, 9, seed)
    assert len(np.unique(np.column_stack([division.cell, board.block]), axis=0)) == 9
    np.testing.assert_array_equal(division.block[division.cell], board.block)


def test_shares_go_to_the_nearest():
    place = shapely.box(0, 0, 100, 20)
    seeds = np.array([shapely.box(5, 5, 15, 15), shapely.box(55, 5, 65, 15)], dtype=object)
    shares, seed = nearest_shares(seeds, place)
    assert seed.tolist() == [0, 1]
    assert shapely.area(shares).round().tolist() == [700, 1300]
    assert nearest_shares(seeds[:1], place)[0][0].equals(place)


def test_shares_of_parallel_walls_leave_nothing_out():
    """Points on one circle, of which parallel walls have many, made GEOS's diagram overlap itself."""
    place = shapely.box(-120, -120, 120, 120)
    for size in range(5, 23):
        seeds = np.array(
            [shapely.box(-80, -94, -80 + size, -85), shapely.box(-60, -94, -41, -94 + size)], dtype=object
        )
        shares, _ = nearest_shares(shapely.buffer(seeds, -0.4, join_style="mitre"), place)
        assert shapely.area(shares).sum() == pytest.approx(place.area)
        assert shapely.union_all(shares).area == pytest.approx(place.area)


def test_a_coverage_is_rebuilt_where_it_cannot_be_cleaned():
    spoilt = np.array(
        [shapely.box(0, 0, 10, 10), shapely.box(9.95, 0, 20, 10), shapely.box(0, 10.03, 20, 20)], dtype=object
    )
    rebuilt = _rebuilt(spoilt)
    assert shapely.coverage_is_valid(rebuilt)
    assert shapely.area(rebuilt).sum() == pytest.approx(400, abs=1)
    assert shapely.area(shapely.symmetric_difference(rebuilt, spoilt)).max() < 1


def test_blocks_get_cells_by_their_households():
    households = np.repeat([5.0, 20.0], 12)
    board = chessboard(6, 4, households, np.repeat([0, 1], 12))
    division = divide(board, 5, 1)
    assert np.bincount(division.block).tolist() == [1, 4]
    assert division.block_is_fair == [True, True]
