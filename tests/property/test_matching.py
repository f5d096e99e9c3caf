"""Matching beside trying everything, on small instances."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.dispatch.matching import match
from tests.extent import examples

NONE = -1


def answers(cases: list[int], cost: dict[tuple[int, int], float], capacity: list[int], another: float):
    """Yield every way to serve some cases: how many are left, what it costs, who goes where."""
    options = [[NONE, *(who for who in range(len(capacity)) if (case, who) in cost)] for case in cases]
    for chosen in product(*options):
        loads = [chosen.count(who) for who in range(len(capacity))]
        if any(load > room for load, room in zip(loads, capacity, strict=True)):
            continue
        total = sum(cost[case, who] for case, who in zip(cases, chosen, strict=True) if who != NONE)
        total += sum(another * load * (load - 1) / 2 for load in loads)
        yield chosen.count(NONE), total, chosen


def best(cases, cost, capacity, another):
    return min((left, total) for left, total, _ in answers(cases, cost, capacity, another))


@st.composite
def instances(draw):
    cases, people = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    costs = st.one_of(st.none(), st.integers(-30, 60), st.floats(0.0, 900.0))
    cost = {
        (case, who): float(value)
        for case in range(cases)
        for who in range(people)
        if (value := draw(costs)) is not None
    }
    capacity = draw(st.lists(st.integers(0, 2), min_size=people, max_size=people))
    urgent = draw(st.lists(st.booleans(), min_size=cases, max_size=cases))
    return cost, capacity, urgent, draw(st.sampled_from([0.0, 25.0]))


def solve(cost, capacity, urgent, another=0.0):
    pairs = match(
        [case for case, _ in cost],
        [who for _, who in cost],
        list(cost.values()),
        capacity=capacity,
        urgent=urgent,
        another_s=another,
    )
    return [(int(case), int(who)) for case, who in pairs]


@settings(max_examples=examples(300), deadline=None)
@given(instances())
def test_no_other_answer_is_better(instance):
    cost, capacity, urgent, another = instance
    chosen = dict(solve(*instance))
    assert set(chosen.items()) <= set(cost)
    first, rest = ([row for row, each in enumerate(urgent) if each is now] for now in (True, False))
    left = list(capacity)
    for turn in (first, rest):
        # what a responder already has from the urgent turn makes each further case dearer
        had = [room - now for room, now in zip(capacity, left, strict=True)]
        dearer = {(case, who): value + another * had[who] for (case, who), value in cost.items()}
        taken = [chosen.get(case, NONE) for case in turn]
        loads = [taken.count(who) for who in range(len(left))]
        assert all(load <= room for load, room in zip(loads, left, strict=True))
        total = sum(dearer[case, who] for case, who in zip(turn, taken, strict=True) if who != NONE)
        total += sum(another * load * (load - 1) / 2 for load in loads)
        fewest, least = best(turn, dearer, left, another)
        assert taken.count(NONE) == fewest
        assert abs(total - least) < 1e-3
        left = [room - load for room, load in zip(left, loads, strict=True)]


def test_an_urgent_case_never_waits_for_another():
    cost = {(0, 0): 60.0, (1, 0): 60.0, (1, 1): 61.0}
    assert solve(cost, [1, 1], [False, True]) == [(1, 0)]
    assert solve(cost, [1, 1], [False, False]) == [(0, 0), (1, 1)]


def test_of_equals_earlier_cases_get_earlier_responders():
    cost = {(case, who): 100.0 for case in range(3) for who in range(5)}
    assert solve(cost, [1] * 5, [False] * 3) == [(0, 0), (1, 1), (2, 2)]
    assert solve(cost, [0, 1, 0, 0, 0], [False] * 3) == [(0, 1)]


def test_a_further_case_costs_something():
    cost = {(0, 0): 10.0, (1, 0): 10.0, (0, 1): 30.0, (1, 1): 30.0}
    assert solve(cost, [2, 2], [False, False]) == [(0, 0), (1, 0)]
    assert solve(cost, [2, 2], [False, False], another=25.0) == [(0, 0), (1, 1)]


def test_nobody_and_nothing():
    assert solve({}, [], []) == []
    assert solve({(0, 0): np.inf}, [1], [False]) == []
    assert match([0, 0], [0, 0], [9.0, 5.0], capacity=[1], urgent=[False]).tolist() == [[0, 0]]
