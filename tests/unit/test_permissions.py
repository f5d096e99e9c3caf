"""Who sees and may touch what."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from gis.errors import NotAllowedError, NotFoundError
from gis.people.permissions import Readiness, may_claim, relations, relations_or_not_found, require, scope_of
from gis.words import Actor, CaseFacts, Relation, Role, Status

ME, OTHER = uuid4(), uuid4()
CASE = CaseFacts(uuid4(), Status.OPEN, 1, "sewer", "01", "01-02", OTHER, None, "water", frozenset({OTHER}))


def actor(role: Role, **facts: object) -> Actor:
    return replace(Actor("c", ME, "me", "我", role), **facts)  # type: ignore[arg-type]


OWN_GRID = {"grid_codes": frozenset({"01"})}
OTHER_GRID = {"grid_codes": frozenset({"02"})}
OWN_CELL = {"micro_grid_codes": frozenset({"01-02"})}
OTHER_CELL = {"micro_grid_codes": frozenset({"01-01"})}


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (actor(Role.ADMIN), {Relation.DESK}),
        (actor(Role.DESK), {Relation.DESK}),
        (actor(Role.PLANNER), set()),
        (actor(Role.GRID_WORKER, **OWN_GRID), {Relation.GRID_WORKER}),
        (actor(Role.GRID_WORKER, **OTHER_GRID), None),
        (actor(Role.WATCHER, **OWN_CELL), {Relation.WATCHER}),
        (actor(Role.WATCHER, **OTHER_CELL), None),
        (actor(Role.WATCHER, **OWN_GRID), None),
        (actor(Role.RIDER, **OWN_CELL), None),
        (actor(Role.RESIDENT), None),
        (actor(Role.RESIDENT, person_id=OTHER), {Relation.REPORTER}),
        (actor(Role.AGENCY, agency_code="water"), {Relation.AGENCY}),
        (actor(Role.AGENCY, agency_code="power"), None),
        (actor(Role.AGENCY), None),
    ],
)
def test_what_somebody_is_to_a_case(who: Actor, expected: set[Relation] | None) -> None:
    if expected is None:
        with pytest.raises(NotFoundError):
            relations_or_not_found(who, CASE)
    else:
        assert relations_or_not_found(who, CASE) == expected


def test_of_several_reporters_none_is_the_only_one() -> None:
    shared = replace(CASE, reporter_ids=frozenset({OTHER, ME}))
    assert relations(actor(Role.RESIDENT), shared) == {Relation.CO_REPORTER}
    assert relations(actor(Role.RESIDENT, person_id=OTHER), shared) == {Relation.CO_REPORTER}
    twice = replace(CASE, reporter_id=ME, reporter_ids=frozenset({ME}))
    assert relations(actor(Role.RESIDENT), twice) == {Relation.REPORTER}


def test_offers_and_tasks_are_doors_to_a_case() -> None:
    rider = actor(Role.RIDER)
    assert relations(rider, replace(CASE, offeree_id=ME)) == {Relation.OFFEREE}
    assert relations(rider, replace(CASE, assignee_id=ME)) == {Relation.ASSIGNEE}


def test_an_agency_without_a_code_is_nothing_to_a_case_without_one() -> None:
    assert relations(actor(Role.AGENCY), replace(CASE, agency_code=None)) == frozenset()


def test_no_case_and_another_area_are_told_apart_for_nobody() -> None:
    with pytest.raises(NotFoundError) as none:
        relations_or_not_found(actor(Role.DESK), None)
    with pytest.raises(NotFoundError) as outside:
        relations_or_not_found(actor(Role.WATCHER), CASE)
    assert none.value.code == outside.value.code
    assert none.value.detail == outside.value.detail


def test_scopes_follow_the_role_and_not_stray_columns() -> None:
    assert scope_of(actor(Role.PLANNER)).everything
    rider = scope_of(actor(Role.RIDER, agency_code="water", **OWN_GRID, **OWN_CELL))
    assert (rider.everything, rider.grid_codes, rider.micro_grid_codes, rider.agency_code) == (
        False,
        frozenset(),
        frozenset(),
        None,
    )
    assert rider.person_id == ME
    assert scope_of(actor(Role.GRID_WORKER, **OWN_GRID)).grid_codes == {"01"}


def test_acts_by_role() -> None:
    require(actor(Role.RESIDENT), "submit")
    for role, act in (
        (Role.PLANNER, "submit"),
        (Role.RESIDENT, "duty"),
        (Role.DESK, "create_person"),
        (Role.RIDER, "merge"),
        (Role.WATCHER, "unlink"),
    ):
        with pytest.raises(NotAllowedError):
            require(actor(role), act)


def test_identifiers_are_compared_not_names() -> None:
    assert relations(actor(Role.RESIDENT, person_id=UUID(int=1)), CASE) == frozenset()


def test_who_may_claim_what_is_open() -> None:
    near, far = Readiness(near=True), Readiness(near=False)
    mine = replace(CASE, reporter_id=ME, reporter_ids=frozenset({ME}))
    assert may_claim(actor(Role.RIDER), CASE, near)
    assert not may_claim(actor(Role.RIDER), CASE, far)
    assert not may_claim(actor(Role.RIDER), CASE, None)  # off duty
    assert not may_claim(actor(Role.WATCHER, **OTHER_CELL), CASE, near)
    assert may_claim(actor(Role.RIDER), mine, far)
    assert not may_claim(actor(Role.RESIDENT), mine, near)


def test_who_is_asked_to_take_over_and_who_may_withdraw_that() -> None:
    asked = replace(CASE, assignee_id=OTHER, asked_id=ME, agency_code=None)
    assert relations(actor(Role.RIDER), asked) == {Relation.ASKED}
    assert relations(actor(Role.DESK, person_id=uuid4()), asked) == {Relation.DESK, Relation.ASKING}
    assert Relation.ASKING in relations(actor(Role.RIDER, person_id=OTHER), asked)
    street = replace(CASE, agency_code="sub_district")
    both = {Relation.AGENCY, Relation.SUB_DISTRICT}
    assert relations(actor(Role.AGENCY, agency_code="sub_district"), street) == both
