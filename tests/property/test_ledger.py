"""The ledger: whatever is earned, spent and taken back, the accounts sum to zero and nobody has less than nothing."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from gis.service.hours import FEWEST_H, MOST_H, points, worked_hours
from gis.service.ledger import (
    MOVEMENTS,
    REWARD,
    balances,
    earned,
    owed,
    payment,
    person,
    reversed_entry,
)
from gis.words import LedgerEntry

PEOPLE = [uuid4() for _ in range(4)]


@given(
    st.lists(
        st.tuples(st.sampled_from(PEOPLE), st.integers(1, 40), st.booleans(), st.booleans()), max_size=60
    )
)
def test_accounts_sum_to_zero(acts: list[tuple[UUID, int, bool, bool]]) -> None:
    entries: list[LedgerEntry] = []
    for who, count, spent, taken_back in acts:
        entry = earned(who, count, "", uuid4())
        entries.append(entry)
        if spent and (has := balances(entries).get(person(who), 0)):
            entries.append(LedgerEntry(uuid4(), person(who), REWARD, has))
        if taken_back:
            entries.append(reversed_entry(entry, "", held=balances(entries).get(person(who), 0)))
        held = balances(entries)
        paid = payment(who, held.get(person(who), 0), -held.get(owed(who), 0))
        entries += [paid] if paid else []
    held = balances(entries)
    assert sum(held.values()) == 0
    assert all((one.source.kind, one.target.kind) in MOVEMENTS for one in entries)
    for who in PEOPLE:
        has, owes = held.get(person(who), 0), -held.get(owed(who), 0)
        assert has >= 0 <= owes
        assert not (has and owes), "who owes pays from what they have"
        left = sum(count for someone, count, _, back in acts if someone == who and not back)
        given = sum(one.points for one in entries if one.source == person(who) and one.target == REWARD)
        assert has - owes == left - given


@given(st.integers(-3600, 30 * 24 * 3600))
def test_hours_are_bounded_and_earn_something(spent_s: int) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    hours = worked_hours(start, start + timedelta(seconds=spent_s))
    assert FEWEST_H <= hours <= MOST_H
    assert 2 <= points(hours) <= 40


def test_an_hour_and_a_half_earns_fifteen_points() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    assert points(worked_hours(start, start + timedelta(minutes=90))) == 15
    assert points(1.5, 20) == 30
