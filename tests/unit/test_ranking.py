"""Ranking: travel time with stated penalties, everybody else with a reason."""

from math import inf
from uuid import UUID

from gis.dispatch.ranking import Candidate, PassedOver, rank
from gis.settings import DispatchSettings
from gis.words import Mode

RULES = DispatchSettings(owner_preference_s=60, load_penalty_s=25)


def person(number: int, *, load: int = 0, owner: bool = False) -> Candidate:
    return Candidate(
        UUID(int=number),
        f"p{number}",
        Mode.WALK,
        0.0,
        0.0,
        position_age_s=None,
        load=load,
        owner=owner,
        straight_m=10.0,
    )


def order(*people: tuple[Candidate, float]) -> list[int]:
    ranking = rank([one for one, _ in people], [s for _, s in people], [s for _, s in people], RULES)
    return [one.candidate.person_id.int for one in ranking.ranked]


def test_the_quickest_is_first_whatever_the_straight_line() -> None:
    assert order((person(1), 200.0), (person(2), 100.0)) == [2, 1]


def test_the_owner_of_the_micro_grid_has_a_head_start_and_no_more() -> None:
    assert order((person(1), 100.0), (person(2, owner=True), 159.0)) == [2, 1]
    assert order((person(1), 100.0), (person(2, owner=True), 161.0)) == [1, 2]


def test_each_live_task_costs_its_penalty() -> None:
    assert order((person(1, load=1), 100.0), (person(2), 126.0)) == [1, 2]
    assert order((person(1, load=1), 100.0), (person(2), 124.0)) == [2, 1]


def test_equals_are_ordered_by_identifier() -> None:
    assert order((person(2), 100.0), (person(1), 100.0)) == [1, 2]


def test_who_cannot_get_there_is_excluded_with_a_reason() -> None:
    elsewhere = PassedOver(UUID(int=9), "p9", "full", 5.0)
    ranking = rank(
        [person(1), person(2)], [inf, 50.0], [inf, 65.0], RULES, excluded=[elsewhere], counts={"full": 1}
    )
    told = ranking.explain(UUID(int=2))
    assert [one["name"] for one in told["candidates"]] == ["p2"]
    assert told["outcome"] == "offered"
    assert {one["name"]: one["reason"] for one in told["excluded"]} == {"p1": "unreachable", "p9": "full"}
    assert told["excluded_counts"] == {"full": 1, "unreachable": 1}


def test_nobody_is_explained_too() -> None:
    assert rank([], [], [], RULES).explain(None)["outcome"] == "nobody_available"
