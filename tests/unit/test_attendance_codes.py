"""Codes of attendance and the calendar of certificates: pure."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.teams.certificates import after, standing
from gis.teams.codes import LENGTH, TAKEN_S, code_at, is_code

ONE, OTHER = UUID(int=1), UUID(int=2)
KEY, NEWER = b"k" * 32, b"n" * 32
NOON = datetime(2026, 6, 3, 4, 0, tzinfo=UTC)


@given(st.integers(0, 10**6), st.integers(-3600, 3600))
def test_a_code_is_taken_for_a_few_minutes_and_never_before_it_is_shown(minute: int, later_s: int) -> None:
    shown = NOON + timedelta(minutes=minute)
    code = code_at("test", ONE, KEY, shown)
    assert len(code) == LENGTH
    assert is_code(code, "test", ONE, [NEWER, KEY], shown + timedelta(seconds=later_s)) == (
        0 <= later_s < TAKEN_S + 60
    )


def test_a_code_is_for_one_activity_of_one_community() -> None:
    code = code_at("test", ONE, KEY, NOON)
    assert is_code(f" {code[:4].lower()}-{code[4:]} ", "test", ONE, [KEY], NOON)
    assert not is_code(code, "test", OTHER, [KEY], NOON)
    assert not is_code(code, "elsewhere", ONE, [KEY], NOON)
    assert not is_code(code, "test", ONE, [NEWER], NOON)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_no_code(text: str) -> None:
    assert not is_code(text, "test", ONE, [KEY], NOON)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2023, 12, 15), 1, date(2024, 1, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
    ],
    ids=str,
)
def test_months_later(day: date, months: int, expected: date) -> None:
    assert after(day, months) == expected


def test_how_a_certificate_stands() -> None:
    day = NOON.date()
    ends = [None, day + timedelta(31), day + timedelta(30), day, day - timedelta(1)]
    assert [standing(one, day) for one in ends] == ["holds", "holds", "soon", "soon", "ended"]
    assert standing(None, day, withdrawn=True) == "withdrawn"
