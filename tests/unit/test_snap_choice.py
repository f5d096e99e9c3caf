"""A place that a person names: what they say holds, the estimate is kept, nonsense is refused."""

from __future__ import annotations

from typing import Any

import pytest
import shapely

from gis.crs import parse_position
from gis.errors import InvalidInputError
from gis.snap import choose, locate
from gis.words import Place
from tests.drawing import corners, lonlat, place_index, polygon

CELLS = corners(
    """
    a---------b---------c
    |         |         |
    |         |         |
    |         |         |
    d---------e---------f
    """
)
TWO = {"01-01": polygon(CELLS, "adeb"), "01-02": polygon(CELLS, "befc")}
MIDDLE_X, MIDDLE_Y = CELLS["b"][0], (CELLS["b"][1] + CELLS["e"][1]) / 2


def house(x_m: float, y_m: float = 0.0, width_m: float = 10.0) -> shapely.Polygon:
    x, y = MIDDLE_X + x_m, MIDDLE_Y + y_m
    return shapely.box(x - width_m / 2, y - 4, x + width_m / 2, y + 4)


INDEX = place_index(TWO, buildings={"west": house(-12), "east": house(12), "both": house(0, 22, 40)})
IDS = dict(zip(INDEX.arrays.buildings.code, INDEX.arrays.buildings.id, strict=True))


def between(x_m: float = 0.0, y_m: float = 0.0) -> Any:
    lon, lat = lonlat(MIDDLE_X + x_m, MIDDLE_Y + y_m)
    return parse_position(lon, lat, accuracy_m=15.0)


def chosen(wanted: object, position: Any = None) -> Place:
    at = position or between()
    return choose(INDEX, at, locate(INDEX, at), str(wanted))


@pytest.mark.parametrize(("code", "cell"), [("west", "01-01"), ("east", "01-02")])
def test_the_chosen_building_holds_and_the_estimate_is_kept(code: str, cell: str) -> None:
    estimated = locate(INDEX, between())
    assert estimated.ambiguous
    place = chosen(IDS[code])
    assert place.building is not None
    assert place.micro_grid is not None
    assert (place.building.code, place.micro_grid.code, place.chosen) == (code, cell, IDS[code])
    assert place.building.probability == place.micro_grid.probability == 1.0
    assert place.building.distance_m == pytest.approx(7.0, abs=0.2)
    assert not place.ambiguous
    assert place.candidates == estimated.candidates
    assert Place.from_json(place.as_json()) == place


def test_a_micro_grid_by_code_and_by_id_brings_the_building_that_was_shown_with_it() -> None:
    position = between(-1, 14)
    shown = {one.micro_grid.code: one for one in locate(INDEX, position).candidates}
    assert len(shown) == 2
    for code, one in shown.items():
        assert one.building is not None
        for wanted in (code, one.micro_grid.id):
            place = chosen(wanted, position)
            assert place.micro_grid is not None
            assert place.building is not None
            assert (place.micro_grid.code, place.building.id) == (code, one.building.id)
            assert place.chosen == one.micro_grid.id


def test_a_place_nearby_that_was_no_candidate_and_a_position_that_was_in_no_doubt() -> None:
    sure = parse_position(*lonlat(MIDDLE_X - 12, MIDDLE_Y), accuracy_m=3.0)
    estimated = locate(INDEX, sure)
    assert not estimated.ambiguous
    place = chosen(IDS["both"], sure)
    assert place.building is not None
    assert place.building.code == "both"
    assert [one.building.code for one in place.candidates if one.building] == ["west"]


def test_far_away_and_unknown_places_are_refused() -> None:
    far = between(-900)
    with pytest.raises(InvalidInputError) as refused:
        chosen(IDS["east"], far)
    assert refused.value.code == "choice_too_far"
    assert refused.value.values["limit_m"] == 150
    for wanted in ("nowhere", "00000000-0000-0000-0000-000000000000", "east"):
        with pytest.raises(InvalidInputError) as refused:
            chosen(wanted)
        assert refused.value.code == "choice_unknown"
