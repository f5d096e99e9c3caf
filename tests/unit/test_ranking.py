"""Ranking: travel time with stated penalties, everybody else with a reason."""

import json
from math import inf
from uuid import UUID

from gis.dispatch.explaining import explained, noted, unfolded
from gis.dispatch.ranking import Candidate, PassedOver, penalties_s, rank
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


def test_work_of_today_and_rest_cost_their_seconds() -> None:
    rules = DispatchSettings(today_penalty_s=10, rest_s=600, rest_penalty_s=30)
    tired = person(1)._replace(tasks_today=3, rested_s=300.0)
    assert penalties_s(tired, rules) == {"today": 30.0, "rest": 15.0}
    assert penalties_s(tired._replace(rested_s=600.0), rules) == {"today": 30.0}
    assert penalties_s(tired._replace(rested_s=-5.0, tasks_today=0), rules) == {"rest": 30.0}


def test_a_vehicle_is_kept_for_farther_cases_and_for_urgent_ones() -> None:
    rules = RULES.model_copy(update={"vehicle_penalty_s": 60.0})
    rider = person(2, load=1)._replace(mode=Mode.E_BIKE, tasks_today=1, rested_s=0.0)
    assert penalties_s(rider, rules)["vehicle"] == 60.0
    assert "vehicle" not in penalties_s(person(1), rules)
    assert penalties_s(rider, rules, urgent=True) == {"load": 25.0}
    people = [person(1), rider._replace(load=0, tasks_today=0, rested_s=None)]
    for urgent, first in ((False, 1), (True, 2)):
        ranked = rank(people, [100.0, 45.0], [130.0, 200.0], rules, urgent=urgent).ranked
        assert ranked[0].candidate.person_id.int == first
    assert rank(people, [110.0, 45.0], [130.0, 200.0], rules).ranked[0].candidate.person_id.int == 2


def test_equals_go_by_fewer_tasks_then_by_longer_rest() -> None:
    rules = RULES.model_copy(update={"today_penalty_s": 0.0, "rest_penalty_s": 0.0})
    people = [
        person(1)._replace(tasks_today=2),
        person(2)._replace(tasks_today=1, rested_s=60.0),
        person(3)._replace(tasks_today=1, rested_s=900.0),
        person(4)._replace(tasks_today=1),
    ]
    ranking = rank(people, [100.0] * 4, [130.0] * 4, rules)
    assert [one.candidate.person_id.int for one in ranking.ranked] == [4, 3, 2, 1]


def test_whose_shift_ends_on_the_way_is_not_asked() -> None:
    late, past, in_time = (
        person(n)._replace(shift_left_s=left) for n, left in ((1, 99.0), (2, -1.0), (3, 101.0))
    )
    ranking = rank([late, past, in_time], [100.0] * 3, [130.0] * 3, RULES)
    assert [one.candidate.person_id.int for one in ranking.ranked] == [3]
    assert [one.reason for one in ranking.excluded] == ["off_shift", "off_shift"]
    assert ranking.counts == {"off_shift": 2}


def test_an_e_bike_that_must_stay_too_far_off_is_turned_away_walkers_are_not() -> None:
    rules = RULES.model_copy(update={"on_foot_m": 300.0})
    rider = person(1)._replace(mode=Mode.E_BIKE)
    ranking = rank([rider, person(2)], [400.0, 500.0], [900.0, 650.0], rules, on_foot_m=[301.0, 650.0])
    assert [one.candidate.person_id.int for one in ranking.ranked] == [2]
    assert [one.reason for one in ranking.excluded] == ["no_way_in"]
    ranking = rank([rider], [400.0], [900.0], rules, on_foot_m=[300.0])
    assert ranking.explain(None)["candidates"][0]["on_foot_m"] == 300


def test_a_choice_made_for_several_cases_says_so() -> None:
    ranking = rank([person(1), person(2)], [50.0, 60.0], [65.0, 80.0], RULES)
    assert ranking.explain(UUID(int=2), matched_with=3)["matched_with"] == 3
    assert "matched_with" not in ranking.explain(UUID(int=1))


def test_of_many_candidates_the_first_and_the_chosen_are_told_the_others_counted() -> None:
    people = [person(n) for n in range(1, 31)]
    told = rank(people, [float(n) for n in range(30)], [1.0] * 30, RULES).explain(UUID(int=25))
    assert [one["place"] for one in told["candidates"]] == [*range(1, 17), 25]
    assert told["unlisted"] == 13


def test_what_is_noted_in_rows_is_read_as_if_it_had_been_explained() -> None:
    people = [person(n, load=n % 2, owner=n == 3) for n in range(1, 21)]
    ranking = rank(people, [10.0 * n for n in range(20)], [1.0] * 20, RULES)
    for stored in (noted(ranking), explained(ranking, None)):
        assert unfolded(json.loads(json.dumps(stored))) == explained(ranking, None)
    assert len(json.dumps(noted(ranking))) < 0.6 * len(json.dumps(explained(ranking, None)))
