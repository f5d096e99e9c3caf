"""Snapping: which micro-grid, building and street, how surely, and what lies outside."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from gis.crs import from_wgs84, parse_position
from gis.settings import SnapSettings
from gis.snap import kernel, locate, place_at, snap
from gis.snap.posterior import GROUND, model_of, sigma_of
from gis.snap.world import STANDS
from gis.words import Datum
from tests.drawing import corners, lonlat, place_index, polygon

CELLS = corners(
    """
    a---------b---------c
    |         |         |
    |         |         |
    |         |         |
    |         |         |
    d---------e---------f
    |         |         |
    |         |         |
    |         |         |
    |         |         |
    g---------h---------i
    """
)
FOUR = {
    "01-01": polygon(CELLS, "gdeh"),
    "01-02": polygon(CELLS, "dabe"),
    "02-01": polygon(CELLS, "hefi"),
    "02-02": polygon(CELLS, "ebcf"),
}


def middle(*letters: str) -> tuple[float, float]:
    xs, ys = zip(*(CELLS[letter] for letter in letters), strict=True)
    return sum(xs) / len(xs), sum(ys) / len(ys)


def house(x: float, y: float, width: float = 12.0, depth: float = 10.0) -> shapely.Polygon:
    return shapely.box(x - width / 2, y - depth / 2, x + width / 2, y + depth / 2)


def snapped_at(index, x, y, **options):
    return snap(index, *lonlat(x, y), **options)


def placed(index, snapped) -> Any:
    return place_at(index, snapped, 0)


def located(index, position) -> Any:
    return locate(index, position)


def code(index, rows) -> str:
    return index.arrays.micro_grids.code[int(np.atleast_1d(rows)[0])]


@pytest.mark.parametrize(
    ("letters", "cell", "grid"),
    [("gdeh", "01-01", "01"), ("dabe", "01-02", "01"), ("hefi", "02-01", "02"), ("ebcf", "02-02", "02")],
)
def test_far_from_buildings_the_containing_micro_grid_is_answered(letters, cell, grid):
    index = place_index(FOUR)
    place = placed(index, snapped_at(index, *middle(*letters)))
    assert (place.micro_grid.code, place.grid.code, place.community.code) == (cell, grid, "test")
    assert place.micro_grid.probability == 1.0
    assert place.micro_grid.distance_m == place.grid.distance_m == place.community.distance_m == 0.0
    assert not place.ambiguous
    assert place.candidates == ()
    assert place.building is None
    assert place.street is None
    assert place.micro_grid.id == index.arrays.micro_grids.id[index.arrays.micro_grids.code.index(cell)]


@pytest.mark.parametrize(
    ("letters", "cell"), [("de", "01-01"), ("eh", "01-01"), ("ef", "02-01"), ("be", "01-02"), ("e", "01-01")]
)
def test_a_border_belongs_to_the_smallest_code(letters, cell):
    index = place_index(FOUR)
    x, y = middle(*letters)
    assert code(index, index.containing(np.array([x]), np.array([y]))) == cell
    snapped = snapped_at(index, x, y)
    assert code(index, snapped.micro_grid) == cell
    assert snapped.ambiguous[0]


def test_a_building_draws_a_fix_across_the_border():
    x, y = CELLS["e"][0], middle("g", "d")[1]
    index = place_index(FOUR, buildings={"west": house(x - 60, y), "east": house(x + 12, y)})
    snapped = snapped_at(index, x - 2.0, y, accuracy_m=10.0)
    assert code(index, snapped.containing) == "01-01"
    assert code(index, snapped.micro_grid) == "02-01"
    place = placed(index, snapped)
    assert place.building.code == "east"
    assert place.micro_grid.distance_m == pytest.approx(2.0, abs=0.1)
    assert place.building.distance_m == pytest.approx(8.0, abs=0.1)


def test_probabilities_sum_to_one_and_ambiguity_shows_candidates():
    x, y = CELLS["e"]
    houses = {"sw": house(x - 14, y - 14), "se": house(x + 14, y - 14), "nw": house(x - 14, y + 14)}
    index = place_index(FOUR, buildings=houses)
    place = placed(index, snapped_at(index, x - 1.0, y - 1.0, accuracy_m=12.0))
    assert place.ambiguous
    assert place.candidates[0].micro_grid.code == place.micro_grid.code == "01-01"
    chances = [candidate.micro_grid.probability for candidate in place.candidates]
    assert len(chances) == 3
    assert chances == sorted(chances, reverse=True)
    assert sum(chances) <= 1.001
    assert place.candidates[0].building.code == "sw"
    snapped = snapped_at(
        index, x - 1.0, y - 1.0, accuracy_m=12.0, settings=SnapSettings(accept_probability=0.1)
    )
    assert not snapped.ambiguous[0]


def test_a_heading_tells_which_side_of_the_street():
    x, y = CELLS["e"][0], middle("g", "d")[1]
    index = place_index(FOUR, buildings={"west": house(x - 16, y), "east": house(x + 16, y)})
    for heading, cell, building in ((90.0, "02-01", "east"), (270.0, "01-01", "west")):
        place = placed(index, snapped_at(index, x, y, accuracy_m=5.0, heading_deg=heading))
        assert (place.micro_grid.code, place.building.code) == (cell, building)
        assert place.micro_grid.probability > 0.75
    north = snapped_at(index, x, y, accuracy_m=5.0, heading_deg=0.0)
    assert north.micro_grid_probability[0] < 0.75


def test_an_exact_fix_is_surer_than_a_vague_one():
    x, y = CELLS["e"][0] - 15.0, middle("g", "d")[1]
    index = place_index(FOUR, buildings={"west": house(x - 10, y), "east": house(x + 45, y)})
    chances = [
        snapped_at(index, x, y, accuracy_m=each).micro_grid_probability[0] for each in (3.0, 10.0, 30.0, 90.0)
    ]
    assert chances == sorted(chances, reverse=True)
    default = snapped_at(index, x, y).micro_grid_probability[0]
    assert default == snapped_at(index, x, y, accuracy_m=np.nan).micro_grid_probability[0] == chances[1]


def test_a_long_building_is_shared_between_two_micro_grids():
    """The border runs through it between two stairwells: each half counts for its own micro-grid."""
    x, y = CELLS["e"][0], middle("g", "d")[1]
    slab = shapely.box(x - 30, y - 6, x + 30, y + 6)
    index = place_index(FOUR, buildings={"slab": slab}, doors={"slab": [(x - 15, y - 6), (x + 15, y - 6)]})
    assert sorted(index.facades.cell.tolist()) == [0, 2]
    assert index.facades.facade_m.sum() == pytest.approx(
        slab.length
    )  # the wall between the halves is no facade
    west = placed(index, snapped_at(index, x - 20, y - 14, accuracy_m=5.0))
    east = placed(index, snapped_at(index, x + 20, y - 14, accuracy_m=5.0))
    assert (west.micro_grid.code, east.micro_grid.code) == ("01-01", "02-01")
    assert west.building.id == east.building.id
    assert index.target_xy(0, x - 20, y - 14) == pytest.approx((x - 15, y - 6), abs=0.01)
    assert index.target_xy(None, x, y) == pytest.approx((x, y))


def test_a_sliver_across_the_border_is_no_part():
    x, y = CELLS["e"][0], middle("g", "d")[1]
    index = place_index(FOUR, buildings={"house": shapely.box(x - 20, y - 6, x + 0.3, y + 6)})
    assert index.facades.cell.tolist() == [0]
    assert index.facades.facade_m.sum() == pytest.approx(2 * (20.3 + 12))


def test_walls_that_two_houses_share_are_no_facades():
    x, y = middle("g", "e")
    index = place_index(
        FOUR,
        buildings={"one": shapely.box(x - 20, y - 6, x, y + 6), "two": shapely.box(x, y - 6, x + 20, y + 6)},
    )
    assert index.facades.facade_m.sum() == pytest.approx(2 * (40 + 12))


def test_density_of_facades_integrates_to_one_over_a_long_wall():
    """Per metre of facade: summed over all places where a fix may fall it is the length of the facade."""
    x, y = middle("g", "e")
    index = place_index(FOUR, buildings={"house": house(x, y)})
    model = model_of(50.0)
    terms = np.empty((2, STANDS, 4))
    kernel.terms_of(model, 5.0, 0, terms)

    def total(heading: float, step: float) -> float:
        east, north = np.sin(np.radians(heading)), np.cos(np.radians(heading))
        span = np.arange(-90.0, 90.0, step)
        return step**2 * sum(
            kernel.part_density(
                index.world, model, 0, np.array([x + dx, y + dy, 5.0, east, north]), 0, 200.0, terms
            )
            for dx in span
            for dy in span
        )

    plain = total(np.nan, 3.0)
    assert plain == pytest.approx(index.facades.facade_m.sum(), rel=0.05)
    assert np.mean([total(heading, 3.0) for heading in range(0, 360, 40)]) == pytest.approx(plain, rel=0.01)


def test_a_pin_on_a_building_means_that_building():
    x, y = middle("g", "e")
    index = place_index(FOUR, buildings={"one": house(x, y), "two": house(x + 24, y, 30.0, 30.0)})
    snapped = snapped_at(index, x, y, pinned=True)
    assert index.arrays.buildings.code[snapped.building[0]] == "one"
    assert snapped.building_probability[0] > 0.6
    street = snapped_at(index, x - 25, y, pinned=True)
    assert street.building[0] < 0


def test_outside_but_near_is_snapped_and_shows_it():
    index = place_index(FOUR)
    x, y = middle("a", "b")
    place = placed(index, snapped_at(index, x, y + 30.0))
    assert place.micro_grid.code == "01-02"
    assert (
        place.community.distance_m
        == place.micro_grid.distance_m
        == place.grid.distance_m
        == pytest.approx(30.0)
    )
    far = placed(index, snapped_at(index, x, y + 50.5))
    assert far.community is far.micro_grid is far.grid is far.street is far.building is None
    assert far.suggestion is None


@pytest.mark.parametrize("said", [Datum.GCJ02, Datum.BD09])
def test_another_datum_is_suggested(said):
    index = place_index(FOUR)
    lon, lat = from_wgs84(*lonlat(*middle("g", "e")), said)
    place = located(index, parse_position(lon, lat))
    assert place.community is None
    assert place.suggestion is said
    assert located(index, parse_position(lon, lat, said)).micro_grid.code == "01-01"


def test_wgs84_is_suggested_for_what_was_called_gcj02():
    index = place_index(FOUR)
    place = located(index, parse_position(*lonlat(*middle("g", "e")), "gcj02"))
    assert place.suggestion is Datum.WGS84


def test_streets_named_ones_first():
    x, y = middle("g", "e")

    def along(offset: float) -> shapely.LineString:
        return shapely.LineString([(x - 40, y + offset), (x + 40, y + offset)])

    streets = {
        "大街": ("residential", along(30)),
        "?lane": ("service", along(12)),
        "?walk": ("footway", along(5)),
    }
    index = place_index(FOUR, streets=streets)

    def street(away: float):
        place = placed(index, snapped_at(index, x, y + away))
        return place.street.code, place.street.distance_m

    assert street(29.0) == ("大街", pytest.approx(1.0))
    assert street(19.0) == ("大街", pytest.approx(11.0))  # the lane is only 4 m nearer
    assert street(15.0) == ("?lane", pytest.approx(3.0))  # a name is worth 10 m, not more
    assert street(5.0) == ("?lane", pytest.approx(7.0))  # a path beside a street is not where one lives
    assert street(-11.0) == ("?lane", pytest.approx(23.0))
    assert street(-40.0) == ("?lane", pytest.approx(52.0))


def test_the_courtyard_is_that_of_the_building():
    x, y = middle("g", "e")
    yards = {
        "Y01": shapely.box(x - 20, y - 20, x + 10, y + 10),
        "Y02": shapely.box(x + 10, y - 20, x + 40, y + 10),
    }
    index = place_index(FOUR, buildings={"one": house(x - 5, y)}, courtyards=yards)
    place = placed(index, snapped_at(index, x + 10.5, y, accuracy_m=2.0))
    assert place.building.code == "one"
    assert (place.courtyard.code, place.courtyard.distance_m) == ("Y01", pytest.approx(0.5))
    inside = placed(index, snapped_at(index, x + 35, y, accuracy_m=2.0))
    assert (inside.courtyard.code, inside.building) == ("Y02", None)


def test_one_and_many_are_answered_alike():
    rng = np.random.default_rng(1)
    houses = {f"h{row}": house(*rng.uniform((CELLS["g"]), (CELLS["c"]))) for row in range(25)}
    index = place_index(FOUR, buildings=houses)
    x, y = rng.uniform(CELLS["g"], CELLS["c"], (300, 2)).T
    lon, lat = index.metric.unproject(x, y)
    accuracy, heading = rng.uniform(2, 40, 300), rng.uniform(0, 360, 300)
    heading[::3] = np.nan
    many = snap(index, lon, lat, accuracy, heading)
    for row in range(0, 300, 7):
        alone = snap(index, lon[row], lat[row], accuracy[row], heading[row])
        for name in ("micro_grid", "building", "street", "candidate", "micro_grid_probability", "ambiguous"):
            assert np.array_equal(
                getattr(alone, name)[0], getattr(many, name)[row], equal_nan=name.endswith("y")
            ), name


def test_many_are_shared_out_among_threads_and_answered_alike():
    index = place_index(FOUR, buildings={"one": house(*middle("g", "e"))})
    rng = np.random.default_rng(2)
    xy = rng.uniform(CELLS["g"], CELLS["c"], (25_000, 2))
    lon, lat = index.metric.unproject(xy[:, 0], xy[:, 1])
    many, few = snap(index, lon, lat, 8.0), snap(index, lon[-500:], lat[-500:], 8.0)
    assert np.array_equal(many.candidate_probability[-500:], few.candidate_probability)
    assert np.array_equal(many.micro_grid[-500:], few.micro_grid)


def test_no_positions_and_an_empty_community():
    assert len(snap(place_index(FOUR), [], [])) == 0
    nothing = place_index({"01-01": polygon(CELLS, "gdeh")})
    assert nothing.facades.facade_m.sum() == 0
    assert GROUND > 0
    assert sigma_of(np.array([0.1, 1e9])).tolist() == [1.0, 100.0]
