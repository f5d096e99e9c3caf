"""Orders: recurrence on the wall clock, windows and their deadlines, limits and consent."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import InvalidInputError
from gis.orders.rules import (
    CONSENT_VERSION,
    MOST_DAYS,
    RULES,
    checked_consent,
    checked_recurrence,
    checked_seats,
    checked_window,
    rule_of,
)
from gis.orders.windows import TimeWindow, moments, release_at
from gis.recurrence import Hours, Recurrence, Repeat, local_day
from gis.words import Role

SHENYANG, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 6, 3, 4, 0, tzinfo=UTC)  # a Wednesday, 12:00 in Shenyang
HOUR = timedelta(hours=1)


def code_of(error: pytest.ExceptionInfo[InvalidInputError]) -> str:
    return error.value.code


def test_weekly_comes_on_its_weekdays_and_on_the_last_day() -> None:
    found = Recurrence(Repeat.WEEKLY, date(2026, 6, 3), date(2026, 6, 15), frozenset({1, 5}))
    assert [day.isoformat() for day in found.days()] == [
        "2026-06-05",
        "2026-06-08",
        "2026-06-12",
        "2026-06-15",
    ]
    assert found.comes_on(date(2026, 6, 15))
    assert not found.comes_on(date(2026, 6, 3))
    assert not found.comes_on(date(2026, 6, 19))


def test_a_window_over_midnight_belongs_to_the_day_it_starts_on() -> None:
    starts = datetime(2026, 6, 3, 22, 0, tzinfo=SHENYANG)
    hours = Hours.of(starts, starts + 4 * HOUR, SHENYANG)
    assert hours.later_days == 1
    window = hours.on(date(2026, 6, 30), SHENYANG)
    assert window.starts_at == datetime(2026, 6, 30, 22, 0, tzinfo=SHENYANG)
    assert window.ends_at == datetime(2026, 7, 1, 2, 0, tzinfo=SHENYANG)
    assert local_day(datetime(2026, 6, 3, 16, 0, tzinfo=UTC), SHENYANG) == date(2026, 6, 4)


def test_nine_oclock_stays_nine_oclock_where_clocks_change() -> None:
    starts = datetime(2026, 10, 24, 9, 0, tzinfo=BERLIN)
    hours = Hours.of(starts, starts + HOUR, BERLIN)
    assert hours.on(date(2026, 10, 24), BERLIN).starts_at.hour == 7
    assert hours.on(date(2026, 10, 26), BERLIN).starts_at.hour == 8


@given(
    st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    st.integers(0, MOST_DAYS),
    st.sampled_from(list(Repeat)),
    st.frozensets(st.integers(1, 7), min_size=1),
)
def test_days_are_in_order_once_each_and_exactly_those_it_comes_on(
    first: date, length: int, repeat: Repeat, weekdays: frozenset[int]
) -> None:
    last = first if repeat is Repeat.ONCE else first + timedelta(days=length)
    found = Recurrence(repeat, first, last, weekdays)
    days = list(found.days())
    assert days == sorted(set(days))
    around = [first + timedelta(days=offset) for offset in range(-8, length + 9)]
    assert days == [day for day in around if found.comes_on(day)]


@given(st.integers(-20 * 3600, 12 * 3600), st.integers(60, 12 * 3600))
def test_moments_lie_in_order_between_opening_and_end(lead_s: int, length_s: int) -> None:
    starts = NOW + timedelta(seconds=lead_s)
    window = TimeWindow(starts, starts + timedelta(seconds=length_s))
    if window.ends_at <= NOW:
        return
    found = {name: moment or NOW for name, moment in moments(window, NOW).items()}
    answer, here, done = (found[f"{name}_due_at"] for name in ("answer", "on_site", "resolve"))
    assert NOW < found["climb_at"] < answer <= here <= done == window.ends_at
    assert answer >= window.starts_at
    for name in ("answer", "on_site", "resolve"):
        assert NOW < found[f"{name}_soon_at"] < found[f"{name}_due_at"]
    assert release_at(window, 3600) == starts - HOUR


@pytest.mark.parametrize(
    ("starts", "ends", "code"),
    [
        (2 * HOUR, HOUR, "order_window_order"),
        (HOUR, HOUR, "order_window_order"),
        (HOUR, 14 * HOUR, "order_window_long"),
        (-HOUR, HOUR, "order_window_past"),
        (-timedelta(minutes=10), timedelta(0), "order_window_past"),
        (timedelta(days=93), timedelta(days=93) + HOUR, "order_too_far_ahead"),
    ],
)
def test_windows_that_nobody_could_keep(starts: timedelta, ends: timedelta, code: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        checked_window(NOW + starts, NOW + ends, NOW)
    assert code_of(refused) == code
    checked_window(NOW - timedelta(minutes=10), NOW + HOUR, NOW)


@pytest.mark.parametrize(
    ("repeat", "until", "weekdays", "code"),
    [
        ("hourly", None, frozenset(), "order_repeat"),
        ("daily", None, frozenset(), "order_without_end"),
        ("daily", date(2026, 6, 2), frozenset(), "order_until"),
        ("daily", date(2026, 12, 31), frozenset(), "order_too_long"),
        ("weekly", date(2026, 6, 20), frozenset({0}), "order_weekday"),
        ("weekly", date(2026, 6, 4), frozenset({1}), "order_until"),
    ],
)
def test_recurrences_that_have_no_good_end(
    repeat: str, until: date | None, weekdays: frozenset[int], code: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        checked_recurrence(repeat, NOW, until, weekdays, SHENYANG)
    assert code_of(refused) == code


def test_the_day_is_the_communitys_and_weekly_means_its_weekday() -> None:
    late = datetime(2026, 6, 3, 17, 0, tzinfo=UTC)  # one o'clock on Thursday in Shenyang
    found = checked_recurrence("weekly", late, date(2026, 6, 30), frozenset(), SHENYANG)
    assert found.first == date(2026, 6, 4)
    assert found.weekdays == {4}


def test_seats_and_consent() -> None:
    for seats in (0, 11, 4):
        with pytest.raises(InvalidInputError, match="1 to"):
            checked_seats(seats, 3)
    assert checked_seats(3, 3) == 3
    meal, lamp = rule_of("meal_delivery"), RULES["lamp_change"]
    assert checked_consent(meal, Role.RESIDENT, "", "", None) is None
    assert checked_consent(lamp, Role.DESK, "", "", None) is None
    assert checked_consent(meal, Role.DESK, "王奶奶", "本人", CONSENT_VERSION) == CONSENT_VERSION
    for role, given_, code in (
        (Role.DESK, ("", "", None), "order_for_whom"),
        (Role.RESIDENT, ("王奶奶", "", CONSENT_VERSION), "consent_missing"),
        (Role.RESIDENT, ("王奶奶", "本人", None), "consent_missing"),
        (Role.RESIDENT, ("王奶奶", "本人", "2020-01"), "consent_outdated"),
    ):
        with pytest.raises(InvalidInputError) as refused:
            checked_consent(meal, role, *given_)
        assert code_of(refused) == code
    with pytest.raises(InvalidInputError):
        rule_of("gas_smell")
