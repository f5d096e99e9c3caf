"""The transition table: no sequence of verbs leaves it, and every status can be left or is final."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.cases.transitions import FINAL, TRANSITIONS, legal, transition
from gis.errors import IllegalTransitionError, NotAllowedError
from gis.words import CaseFacts, Relation, Status, Verb


def facts(status: Status) -> CaseFacts:
    return CaseFacts(uuid4(), status, 1, "sewer", "01", "01-01", None, None, None)


@given(st.lists(st.tuples(st.sampled_from(Verb), st.sets(st.sampled_from(Relation))), max_size=40))
def test_any_sequence_stays_in_the_table(acts: list[tuple[Verb, set[Relation]]]) -> None:
    status = Status.OPEN
    for verb, relations in acts:
        allowed = legal(status, relations)
        if (status, verb) not in TRANSITIONS:
            with pytest.raises(IllegalTransitionError) as illegal:
                transition(facts(status), verb, relations)
            assert illegal.value.values["legal"] == [one.value for one in allowed]
        elif verb not in allowed:
            with pytest.raises(NotAllowedError):
                transition(facts(status), verb, relations)
        else:
            row = transition(facts(status), verb, relations)
            assert row.who & relations
            assert not row.never & relations
            status = row.to


def test_every_status_is_reached_and_left_and_only_final_ones_are_only_reopened() -> None:
    reached = {row.to for row in TRANSITIONS.values()}
    assert reached == set(Status)
    for status in Status:
        verbs = {verb for at, verb in TRANSITIONS if at is status}
        assert verbs
        assert (verbs == {Verb.REOPEN}) == (status in FINAL)


def test_nobody_verifies_their_own_work() -> None:
    both = {Relation.ASSIGNEE, Relation.WATCHER}
    with pytest.raises(NotAllowedError) as refused:
        transition(facts(Status.DONE), Verb.VERIFY, both)
    assert refused.value.code == "own_work"
    assert Verb.VERIFY not in legal(Status.DONE, both)
    assert Verb.VERIFY in legal(Status.DONE, {Relation.WATCHER})


def test_without_any_part_in_a_case_nothing_is_legal() -> None:
    assert all(legal(status, ()) == () for status in Status)
