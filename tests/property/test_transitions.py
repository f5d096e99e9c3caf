"""The transition table: no sequence of verbs leaves it, and every status can be left or is final."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.cases.transitions import FINAL, TRANSITIONS, legal, transition
from gis.errors import IllegalTransitionError, NotAllowedError
from gis.words import CaseFacts, Relation, Status, Verb


def facts(status: Status, agency: str | None = None) -> CaseFacts:
    return CaseFacts(uuid4(), status, 1, "sewer", "01", "01-01", None, None, agency)


@given(st.lists(st.tuples(st.sampled_from(Verb), st.sets(st.sampled_from(Relation))), max_size=40))
def test_any_sequence_stays_in_the_table(acts: list[tuple[Verb, set[Relation]]]) -> None:
    status, agency = Status.OPEN, None
    for verb, relations in acts:
        allowed = legal(status, relations)
        if (status, verb) not in TRANSITIONS:
            with pytest.raises(IllegalTransitionError) as illegal:
                transition(facts(status), verb, relations)
            assert illegal.value.values["legal"] == [one.value for one in allowed]
        elif verb not in allowed and not (verb is Verb.UNDO and TRANSITIONS[status, verb].who & relations):
            with pytest.raises(NotAllowedError):
                transition(facts(status), verb, relations)
        else:
            row = transition(facts(status), verb, relations)
            assert row.who & relations
            assert not row.never & relations
            status = row.target(facts(status, agency))
            agency = agency_after(verb, status, agency)
            assert (status is Status.REFERRED) <= (agency is not None)


def agency_after(verb: Verb, to: Status, agency: str | None) -> str | None:
    """Return which agency has a case after an act, as the flows set it."""
    if verb is Verb.REFER:
        return "water"
    if verb in {Verb.RETURN, Verb.RELEASE} or (verb in {Verb.REOPEN, Verb.UNDO} and to is Status.OPEN):
        return None
    return agency


def test_what_a_colleague_is_asked_for_ends_with_the_work() -> None:
    asking = {Verb.ACCEPT_HAND_OVER, Verb.REFUSE_HAND_OVER, Verb.WITHDRAW_HAND_OVER, Verb.HAND_OVER}
    can = {status for status, verb in TRANSITIONS if verb in asking}
    assert can == {Status.OPEN, Status.OFFERED, Status.ACCEPTED, Status.ON_SITE}
    for status in can:
        assert TRANSITIONS[status, Verb.ACCEPT_HAND_OVER].who == {Relation.ASKED}
        assert Verb.ACCEPT_HAND_OVER not in legal(status, set(Relation) - {Relation.ASKED})


def test_an_agency_returns_what_it_does_not_do_and_hands_nothing_on() -> None:
    for status in (Status.ACCEPTED, Status.ON_SITE):
        assert Verb.RETURN in legal(status, {Relation.AGENCY, Relation.ASSIGNEE})
        assert not {Verb.RELEASE, Verb.REFER} & set(legal(status, {Relation.AGENCY, Relation.ASSIGNEE}))
    assert Verb.REFER not in legal(Status.REFERRED, {Relation.AGENCY})
    assert Verb.REFER in legal(Status.REFERRED, {Relation.AGENCY, Relation.SUB_DISTRICT})


def test_only_who_is_near_claims_and_nothing_else_comes_of_it() -> None:
    assert {status for status in Status if legal(status, {Relation.CLAIMANT})} == {Status.OPEN}
    assert legal(Status.OPEN, {Relation.CLAIMANT}) == (Verb.ACCEPT,)


def test_every_status_is_reached_and_left_and_only_final_ones_are_only_reopened_or_taken_back() -> None:
    reached = {row.to for row in TRANSITIONS.values()}
    assert reached == set(Status)
    for status in Status:
        verbs = {verb for at, verb in TRANSITIONS if at is status}
        assert verbs
        assert (verbs == {Verb.REOPEN, Verb.UNDO}) == (status in FINAL)


def test_nobody_verifies_their_own_work() -> None:
    both = {Relation.ASSIGNEE, Relation.WATCHER}
    with pytest.raises(NotAllowedError) as refused:
        transition(facts(Status.DONE), Verb.VERIFY, both)
    assert refused.value.code == "own_work"
    assert Verb.VERIFY not in legal(Status.DONE, both)
    assert Verb.VERIFY in legal(Status.DONE, {Relation.WATCHER})


def test_without_any_part_in_a_case_nothing_is_legal() -> None:
    assert all(legal(status, ()) == () for status in Status)
