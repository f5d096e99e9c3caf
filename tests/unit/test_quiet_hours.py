"""Quiet hours are by the community's own clock, also over midnight."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import InvalidInputError
from gis.notices.quiet import DEFAULT, QuietHours, parse, quiet_until, stored

SHENYANG = "Asia/Shanghai"


def at(hour: int, minute: int = 0, day: int = 3) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        (at(21, 59), None),
        (at(22), at(7, day=4)),
        (at(23, 59), at(7, day=4)),
        (at(0), at(7)),
        (at(6, 59), at(7)),
        (at(7), None),
        (at(12), None),
    ],
)
def test_the_night_of_shenyang(moment: datetime, until: datetime | None) -> None:
    assert quiet_until(DEFAULT, moment, SHENYANG) == until


def test_hours_within_a_day_and_none() -> None:
    noon = parse("12:00", "14:00")
    assert quiet_until(noon, at(12), SHENYANG) == at(14)
    assert quiet_until(noon, at(14), SHENYANG) is None
    assert quiet_until(None, at(23), SHENYANG) is None
    assert stored(None) == DEFAULT
    assert stored(False) is None
    assert stored(noon.as_json()) == noon


@pytest.mark.parametrize(
    ("begins", "ends"), [("22:00", "22:00"), ("24:00", "07:00"), ("7:00", "9:00"), ("", "")]
)
def test_what_is_no_time_is_refused(begins: str, ends: str) -> None:
    with pytest.raises(InvalidInputError):
        parse(begins, ends)


@given(st.times(), st.times(), st.datetimes(timezones=st.just(UTC)))
def test_the_end_is_outside_and_within_a_day(begins: time, ends: time, moment: datetime) -> None:
    hours = QuietHours(begins.replace(second=0, microsecond=0), ends.replace(second=0, microsecond=0))
    if hours.begins == hours.ends or not 1990 < moment.year < 2100:
        return
    until = quiet_until(hours, moment, SHENYANG)
    if until is not None:
        assert moment < until <= moment + timedelta(days=1)
        assert quiet_until(hours, until, SHENYANG) is None
