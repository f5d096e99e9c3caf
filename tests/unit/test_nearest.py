"""Who of a roster is looked at, and as what."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from gis.dispatch.nearest import METRES_A_DEGREE, NEAREST_ANYWAY, Search, free, nearest
from gis.roster import Roster, roster_of
from tests.extent import examples

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
FRESH_S = 1800.0
LON, LAT = 123.4, 41.8

places = st.one_of(
    st.none(), st.tuples(st.floats(123.39, 123.41, allow_nan=False), st.floats(41.79, 41.81, allow_nan=False))
)
people = st.lists(
    st.tuples(
        places,
        places,
        st.floats(0, 4000),
        st.integers(0, 3),
        st.integers(1, 3),
        st.sampled_from([["gas"], [], ["gas", "water"]]),
    ),
    max_size=60,
)


def row(number: int, drawn: Any) -> list[Any]:
    """Return a row as the store tells it."""
    fix, home, age_s, load, capacity, skills = drawn
    who = [str(UUID(int=number)), f"p{number}", "rider", "walk", capacity, skills, ["zh"], ["M1"], 2]
    at = NOW.timestamp()
    fixed_at = None if fix is None else at - age_s
    return [*who, load, *(fix or (None, None)), *(home or (None, None)), fixed_at, at - 60, None]


def roster(drawn: list[Any]) -> Roster:
    """Return drawn people as a roster."""
    return roster_of([row(number, one) for number, one in enumerate(drawn)])


def straight_m(one: Any) -> float:
    """Return how far off somebody is, worked out one by one."""
    fix, home, age_s, *_ = one
    here = fix if fix is not None and age_s <= FRESH_S else home
    if here is None:
        return math.inf
    return METRES_A_DEGREE * math.hypot((here[0] - LON) * math.cos(math.radians(LAT)), here[1] - LAT)


@settings(max_examples=examples(150), deadline=None)
@given(people, st.integers(1, 30), st.sampled_from([(), ("gas",)]))
def test_the_nearest_who_may_do_and_the_nearest_of_all(
    drawn: list[Any], looked_at: int, skills: tuple[str, ...]
) -> None:
    """Those who will hardly do stand behind the others, and nobody is lost from the count."""
    found, unseen = nearest(roster(drawn), Search(LON, LAT, NOW, looked_at, FRESH_S, skills))
    ids = [one.person_id.int for one in found]
    order = sorted(range(len(drawn)), key=lambda n: straight_m(drawn[n]))

    def hardly(number: int) -> bool:
        *_, load, capacity, has = drawn[number]
        return load >= capacity or (bool(skills) and not set(skills) & set(has))

    likely = sorted(order, key=hardly)
    wanted = set(likely[:looked_at]) | set(order[:NEAREST_ANYWAY])
    assert ids == [number for number in order if number in wanted]
    assert unseen == len(drawn) - len(ids)
    for one in found:
        expected = straight_m(drawn[one.person_id.int])
        assert (one.straight_m is None) == math.isinf(expected)
        assert one.straight_m is None or math.isclose(one.straight_m, expected, abs_tol=1e-6)


def test_somebody_is_seen_with_all_that_is_known() -> None:
    """A fresh position has an age, a home has none, and who has neither is told of without a place."""
    here, home = (LON, LAT), (LON + 0.001, LAT)
    drawn = [(here, home, 60.0, 1, 2, ["gas"]), (here, home, 3000.0, 0, 2, []), (None, None, 0.0, 0, 2, [])]
    refused = frozenset({UUID(int=1)})
    found, _ = nearest(roster(drawn), Search(LON, LAT, NOW, 5, FRESH_S, refused=refused))
    at_place, at_home, nowhere = found
    assert (at_place.position_age_s, at_place.straight_m, at_place.load) == (60.0, 0.0, 1)
    assert (at_home.position_age_s, at_home.lon, at_home.refused) == (None, home[0], True)
    assert (nowhere.lon, nowhere.lat, nowhere.straight_m, nowhere.refused) == (None, None, None, False)
    assert (at_place.rested_s, at_place.shift_left_s, at_place.tasks_today) == (60.0, None, 2)
    assert (at_place.skills, at_place.languages, at_place.micro_grids) == (["gas"], ["zh"], ["M1"])


def test_the_free_have_room_and_a_place() -> None:
    """Others can't be matched."""
    here = (LON, LAT)
    drawn: list[Any] = [
        (here, None, 10.0, 1, 1, []),
        (None, None, 0.0, 0, 1, []),
        (here, None, 10.0, 0, 1, []),
    ]
    assert [one.person_id.int for one in free(roster(drawn), now=NOW, fresh_position_s=FRESH_S)] == [2]
    assert free(roster([]), now=NOW, fresh_position_s=FRESH_S) == []


def test_a_task_more_is_counted_for_whom_it_concerns() -> None:
    """Somebody who isn't on duty any more is no error."""
    one = roster([((LON, LAT), None, 10.0, 0, 2, [])])
    one.take(UUID(int=0))
    one.take(UUID(int=77))
    assert one.load.tolist() == [1]
