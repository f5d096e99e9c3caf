"""Waves of a muster: the nearest first, one and a half times as many, drivers with their vehicles; and the table of answers."""

from math import ceil, inf
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import ConflictError
from gis.muster.answers import ANSWERS, LIVE, Act, answered
from gis.muster.waves import OVERCALL, SEATS, Called, Reachable, next_wave, short


def somebody(number: int, travel_s: float, *, vehicle: bool = False) -> Reachable:
    return Reachable(UUID(int=number), vehicle, travel_s, travel_s * 1.3)


def test_the_nearest_are_called_first_and_half_as_many_again() -> None:
    people = [somebody(number, 100.0 - number) for number in range(20)]
    calls = next_wave({"person": 5}, people, known=())
    assert [one.person_id.int for one in calls] == [19, 18, 17, 16, 15, 14, 13, 12]


def test_drivers_are_called_with_their_vehicles_and_on_foot_only_when_nobody_else_is_left() -> None:
    people = [somebody(number, 10 + number, vehicle=number < 4) for number in range(8)]
    calls = {one.person_id.int: one.seat for one in next_wave({"person": 3, "vehicle": 2}, people, known=())}
    assert calls == {
        0: "vehicle",
        1: "vehicle",
        2: "vehicle",
        4: "person",
        5: "person",
        6: "person",
        7: "person",
        3: "person",
    }


def test_who_was_called_already_or_has_no_way_is_not_called() -> None:
    people = [somebody(1, 5), somebody(2, inf), somebody(3, 7)]
    assert [one.person_id.int for one in next_wave({"person": 3}, people, known={UUID(int=1)})] == [3]


people = st.lists(
    st.builds(somebody, st.integers(0, 30), st.floats(0, 900), vehicle=st.booleans()),
    unique_by=lambda one: one.person_id,
)


@given(people, st.integers(0, 8), st.integers(0, 8))
def test_a_wave_calls_nobody_twice_and_never_too_many(
    found: list[Reachable], persons: int, cars: int
) -> None:
    missing = {"person": persons, "vehicle": cars}
    calls = next_wave(missing, found, known=())
    assert len({one.person_id for one in calls}) == len(calls)
    drivers = {one.person_id for one in found if one.vehicle}
    for seat in SEATS:
        called = [one for one in calls if one.seat == seat]
        assert len(called) <= ceil(OVERCALL * missing[seat])
        assert seat == "person" or all(one.person_id in drivers for one in called)
    if len(calls) < ceil(OVERCALL * persons) + ceil(OVERCALL * cars):
        assert len(calls) >= min(len(found), ceil(OVERCALL * persons))


def test_what_is_short_counts_those_who_may_still_answer_only_while_they_may() -> None:
    calls = [
        Called(UUID(int=n), "person", status)
        for n, status in enumerate(("arrived", "on_the_way", "called", "declined"))
    ]
    assert short({"person": 4, "vehicle": 1}, calls, waiting_counts=True) == {"person": 1, "vehicle": 1}
    assert short({"person": 4, "vehicle": 1}, calls, waiting_counts=False) == {"person": 2, "vehicle": 1}
    assert short({"person": 1, "vehicle": 0}, calls, waiting_counts=False) == {"person": 0, "vehicle": 0}


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("status", ["called", "no_answer", "on_the_way", "arrived", "declined", "stood_down"])
def test_an_answer_said_twice_changes_nothing_and_the_end_is_the_end(status: str, act: Act) -> None:
    try:
        after = answered(status, act)
    except ConflictError:
        assert (status, act) not in ANSWERS
        return
    assert answered(after, act) == after
    assert (after in LIVE) == (act in {Act.COMING, Act.ARRIVE})
    assert status != "stood_down" or after == "stood_down"
