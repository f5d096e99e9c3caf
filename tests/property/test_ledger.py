"""The ledger: whatever is earned and taken back, the accounts sum to zero."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from gis.service.hours import FEWEST_H, MOST_H, points, worked_hours
from gis.service.ledger import AccountKind, account_id, balances, earned, reversed_entry
from gis.words import LedgerEntry

PEOPLE = [uuid4() for _ in range(4)]


@given(st.lists(st.tuples(st.sampled_from(PEOPLE), st.integers(1, 40), st.booleans()), max_size=60))
def test_accounts_sum_to_zero(acts: list[tuple[UUID, int, bool]]) -> None:
    entries: list[LedgerEntry] = []
    for person, earned_points, taken_back in acts:
        entry = earned("c", person, earned_points, "")
        entries.append(entry)
        if taken_back:
            entries.append(reversed_entry(entry, ""))
    held = balances(entries)
    assert sum(held.values()) == 0
    for person in PEOPLE:
        kept = sum(count for who, count, taken_back in acts if who == person and not taken_back)
        assert held.get(account_id("c", AccountKind.PERSON, person), 0) == kept


@given(st.integers(-3600, 30 * 24 * 3600))
def test_hours_are_bounded_and_earn_something(spent_s: int) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    hours = worked_hours(start, start + timedelta(seconds=spent_s))
    assert FEWEST_H <= hours <= MOST_H
    assert 2 <= points(hours) <= 40


def test_an_hour_and_a_half_earns_fifteen_points() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    assert points(worked_hours(start, start + timedelta(minutes=90))) == 15
