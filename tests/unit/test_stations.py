"""Opening hours: in the place's own time, over midnight, and unknown where they can't be read."""

from datetime import UTC, datetime

import pytest

from gis.stations.hours import UNKNOWN, opening_at

SHENYANG = "Asia/Shanghai"


@pytest.mark.parametrize(
    ("hours", "utc", "is_open", "changes"),
    [
        ("Mo-Su 07:00-21:00", "2026-06-03T12:59", True, "2026-06-03T13:00"),
        ("Mo-Su 07:00-21:00", "2026-06-03T13:00", False, "2026-06-03T23:00"),
        ("Mo-Su 22:00-06:00", "2026-06-03T21:30", True, "2026-06-03T22:00"),
        ("Mo-Fr 08:00-18:00", "2026-06-06T04:00", False, "2026-06-08T00:00"),
        ("24/7", "2026-06-06T04:00", True, None),
    ],
)
def test_hours_are_of_the_place(hours: str, utc: str, is_open: bool, changes: str | None) -> None:
    found = opening_at(hours, datetime.fromisoformat(utc).replace(tzinfo=UTC), SHENYANG)
    assert found.open is is_open
    assert found.changes_at == (changes and datetime.fromisoformat(changes).replace(tzinfo=UTC))


@pytest.mark.parametrize("hours", ["", "  ", "早上到晚上", "Mo-Su 25:00-99:00", "x" * 500])
def test_what_cannot_be_read_is_unknown(hours: str) -> None:
    assert opening_at(hours, datetime(2026, 6, 3, tzinfo=UTC), SHENYANG) == UNKNOWN
