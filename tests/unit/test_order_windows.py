"""Which window the form of an order begins with."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from api.pages.orders import next_window


@pytest.mark.parametrize(
    ("hour", "expected"),
    [
        (0, ("0", "11:00-12:30")),
        (3, ("0", "14:00-16:00")),
        (8, ("0", "17:00-18:30")),
        (13, ("1", "11:00-12:30")),
    ],
)
def test_a_form_begins_with_a_window_that_has_not_passed(hour: int, expected: tuple[str, str]) -> None:
    now = datetime(2026, 6, 3, hour, 5, tzinfo=UTC)
    assert next_window(now, ZoneInfo("Asia/Shanghai")) == expected
