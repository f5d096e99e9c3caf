"""Who may be asked: each rule by its name, what a claim asks less, and what ranking is told."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.dispatch.eligibility import Wanted, candidate, reason_against, reason_against_claim, sift
from gis.dispatch.ranking import rank
from gis.roster import OnDuty
from gis.settings import DispatchSettings
from gis.words import Mode, Role

RULES = DispatchSettings()
ANN = OnDuty(
    UUID(int=1),
    "ann",
    Role.WATCHER,
    Mode.WALK,
    123.4,
    41.8,
    position_age_s=None,
    load=0,
    capacity=2,
    skills=("mediation",),
    languages=("zh",),
    micro_grids=("01-01",),
    straight_m=100.0,
)
CASE = Wanted(
    micro_grid_code="01-01",
    grid_cells=frozenset({"01-01", "01-02"}),
    languages=frozenset({"zh"}),
    radius_m=500,
)


def test_who_is_free_and_near_may_be_asked() -> None:
    assert reason_against(ANN, CASE, RULES) is None


@pytest.mark.parametrize(
    ("one", "wanted", "reason"),
    [
        (ANN, {"reporter_ids": frozenset({ANN.person_id})}, "reporter"),
        (ANN._replace(load=2), {}, "full"),
        (ANN._replace(lon=None, lat=None, straight_m=None), {}, "no_fresh_position"),
        (ANN._replace(refused=True), {}, "refused_lately"),
        (ANN._replace(straight_m=500.1), {}, "too_far"),
        (ANN, {"skills": frozenset({"fire"}), "skill_required": True}, "lacks_skill"),
        (ANN, {"skills": frozenset({"fire", "mediation"}), "skill_required": True}, None),
        (ANN, {"skills": frozenset({"fire"})}, None),
        (ANN, {"languages": frozenset({"en"})}, None),
    ],
)
def test_each_rule_has_its_name(one: OnDuty, wanted: dict[str, object], reason: str | None) -> None:
    assert reason_against(one, _case(**wanted), RULES) == reason


def test_watchers_may_be_kept_in_their_grid_and_riders_are_at_home_everywhere() -> None:
    elsewhere = _case(micro_grid_code="02-01", grid_cells=frozenset({"02-01"}))
    at_home_only = RULES.model_copy(update={"watchers_elsewhere": False})
    assert reason_against(ANN, elsewhere, RULES) is None
    assert reason_against(ANN, elsewhere, at_home_only) == "other_area"
    assert reason_against(ANN, CASE, at_home_only) is None
    rider = ANN._replace(role=Role.RIDER, micro_grids=())
    assert reason_against(rider, elsewhere, at_home_only) is None
    assert candidate(ANN, elsewhere).elsewhere
    assert not candidate(rider, elsewhere).elsewhere


def test_the_reporter_and_whoever_refused_or_is_far_may_claim_a_case_themselves() -> None:
    wanted = _case(reporter_ids=frozenset({ANN.person_id}), radius_m=1.0)
    assert reason_against_claim(ANN._replace(refused=True, straight_m=None), wanted, RULES) is None
    assert reason_against_claim(ANN._replace(load=2), wanted, RULES) == "full"
    trained_only = _case(skills=frozenset({"fire"}), skill_required=True)
    assert reason_against_claim(ANN, trained_only, RULES) == "lacks_skill"


def test_skills_languages_and_areas_are_seconds_not_walls() -> None:
    wanted = _case(skills=frozenset({"fire"}), languages=frozenset({"en"}), micro_grid_code="02-01")
    wanted = _case(skills=wanted.skills, languages=wanted.languages, grid_cells=frozenset({"02-01"}))
    trained = ANN._replace(skills=("fire",))
    assert rank([candidate(trained, wanted)], [60.0], [80.0], RULES).ranked[0].penalties_s["skill"] == -45.0
    (ranked,) = rank([candidate(ANN, wanted)], [60.0], [80.0], RULES).ranked
    assert ranked.penalties_s == {
        "owner": -RULES.owner_preference_s,
        "language": RULES.language_preference_s,
        "other_area": RULES.elsewhere_penalty_s,
    }


def test_the_nearest_are_kept_the_others_counted() -> None:
    people = [ANN._replace(person_id=UUID(int=n), straight_m=float(n)) for n in range(1, 30)]
    people[2] = people[2]._replace(load=2)
    found = sift(people, CASE, RULES, unseen=7)
    assert len(found.candidates) == RULES.candidates
    assert [one.person_id.int for one in found.passed_over] == [3]
    assert found.counts == {"full": 1, "further": len(people) - RULES.candidates - 1 + 7}
    assert len(sift(people, CASE, RULES, most=28).candidates) == 28


PEOPLE = st.builds(
    lambda number, load, capacity, refused, straight_m, skills, home: OnDuty(
        UUID(int=number),
        f"p{number}",
        Role.WATCHER,
        Mode.WALK,
        None if straight_m is None else 123.4,
        None if straight_m is None else 41.8,
        None,
        load,
        capacity,
        tuple(skills),
        ("zh",),
        (home,),
        refused=refused,
        straight_m=straight_m,
    ),
    st.integers(0, 3),
    st.integers(0, 3),
    st.integers(1, 3),
    st.booleans(),
    st.none() | st.floats(0, 1000),
    st.sets(st.sampled_from(["fire", "mediation"])),
    st.sampled_from(["01-01", "01-02", "02-01"]),
)
WANTED = st.builds(
    Wanted,
    reporter_ids=st.frozensets(st.integers(0, 3).map(lambda number: UUID(int=number))),
    micro_grid_code=st.just("01-01"),
    grid_cells=st.just(frozenset({"01-01", "01-02"})),
    skills=st.frozensets(st.sampled_from(["fire", "mediation"])),
    skill_required=st.booleans(),
    radius_m=st.floats(0, 1000),
)


@given(st.lists(PEOPLE, max_size=30), WANTED, st.booleans(), st.integers(0, 50))
def test_everybody_on_duty_is_either_a_candidate_or_counted_once(
    people: list[OnDuty], wanted: Wanted, roam: bool, unseen: int
) -> None:
    rules = RULES.model_copy(update={"watchers_elsewhere": roam, "candidates": 5})
    found = sift(people, wanted, rules, unseen=unseen)
    assert len(found.candidates) + sum(found.counts.values()) == len(people) + unseen
    for one in people:
        if reason_against(one, wanted, rules) is None:
            assert one.person_id not in wanted.reporter_ids
            assert one.load < one.capacity
            assert not one.refused
            assert one.straight_m is not None
            assert one.straight_m <= wanted.radius_m
            assert reason_against_claim(one, wanted, rules) is None


def _case(**fields: object) -> Wanted:
    return replace(CASE, **fields)  # type: ignore[arg-type]
