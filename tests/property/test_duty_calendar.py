"""Calendars of duty: borders are exactly where the calendar changes its mind, over midnight, leave and summer time."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from gis.people.duty import DutyCalendar, Exemption, Kind, Shift

SHENYANG = "Asia/Shanghai"
ZONES = st.sampled_from([SHENYANG, "Europe/Monaco"])  # without and with summer time
MINUTE = timedelta(minutes=1)
START = datetime(2026, 3, 20, tzinfo=UTC)  # nine days before Europe's clocks go forward
MOMENTS = st.integers(0, 60 * 24 * 21).map(lambda minutes: START + minutes * MINUTE)
TIMES = st.integers(0, 24 * 4 - 1).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
SHIFTS = st.builds(Shift, st.integers(1, 7), TIMES, TIMES).filter(lambda shift: shift.starts != shift.ends)
EXEMPTIONS = st.builds(
    lambda kind, starts_at, minutes: Exemption(kind, starts_at, starts_at + minutes * MINUTE),
    st.sampled_from(Kind),
    MOMENTS,
    st.integers(1, 60 * 24 * 12),
)
CALENDARS = st.builds(
    DutyCalendar,
    ZONES,
    st.lists(SHIFTS, max_size=6).map(tuple),
    st.lists(EXEMPTIONS, max_size=4).map(tuple),
)


def local(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment of June 2026 in Shenyang; the 1st is a Monday."""
    return datetime(2026, 6, day, hour, minute, tzinfo=ZoneInfo(SHENYANG)).astimezone(UTC)


DAY_SHIFT = Shift(1, time(9), time(17))
NIGHT_SHIFT = Shift(7, time(22), time(6))


def test_a_shift_holds_from_its_start_and_no_longer_at_its_end() -> None:
    calendar = DutyCalendar(SHENYANG, (DAY_SHIFT,))
    assert not calendar.on_at(local(1, 9) - MINUTE)
    assert calendar.on_at(local(1, 9))
    assert calendar.on_at(local(1, 17) - MINUTE)
    assert not calendar.on_at(local(1, 17))
    assert calendar.next_border(local(1, 8)) == local(1, 9)
    assert calendar.next_border(local(1, 9)) == local(1, 17)
    assert calendar.next_border(local(1, 17)) == local(8, 9)


def test_a_night_shift_goes_over_midnight_and_over_the_end_of_the_week() -> None:
    calendar = DutyCalendar(SHENYANG, (NIGHT_SHIFT,))
    assert calendar.next_border(local(7, 12)) == local(7, 22)
    assert calendar.on_at(local(8, 0))
    assert calendar.on_at(local(8, 5, 59))
    assert calendar.next_border(local(7, 22)) == local(8, 6)


def test_shifts_that_touch_are_one() -> None:
    calendar = DutyCalendar(SHENYANG, (NIGHT_SHIFT, Shift(1, time(6), time(9)), DAY_SHIFT))
    assert calendar.next_border(local(7, 23)) == local(8, 17)


def test_leave_wins_over_shifts_and_extra_duty_adds_to_them() -> None:
    leave = Exemption(Kind.LEAVE, local(1, 12), local(20, 12))
    extra = Exemption(Kind.EXTRA, local(1, 7), local(1, 20))
    calendar = DutyCalendar(SHENYANG, (DAY_SHIFT,), (leave, extra))
    assert calendar.next_border(local(1, 0)) == local(1, 7)
    assert calendar.next_border(local(1, 7)) == local(1, 12)
    assert calendar.next_border(local(1, 12)) == local(22, 9)  # two Mondays are within the leave


def test_without_entries_or_gaps_there_is_no_border() -> None:
    assert DutyCalendar(SHENYANG).next_border(local(1, 0)) is None
    always = tuple(
        Shift(day, *span) for day in range(1, 8) for span in ((time(0), time(12)), (time(12), time(0)))
    )
    assert DutyCalendar(SHENYANG, always).on_at(local(3, 3))
    assert DutyCalendar(SHENYANG, always).next_border(local(3, 3)) is None


@given(CALENDARS, MOMENTS)
def test_the_next_border_is_the_first_change(calendar: DutyCalendar, moment: datetime) -> None:
    now, border = calendar.on_at(moment), calendar.next_border(moment)
    last = moment + timedelta(days=45) if border is None else border
    step = max(MINUTE, (last - moment) / 200)
    inside = moment
    while inside < last:
        assert calendar.on_at(inside) == now
        inside += step
    if border is not None:
        assert border > moment
        assert calendar.on_at(border) != now
        assert calendar.on_at(border - timedelta(microseconds=1)) == now


@given(CALENDARS, MOMENTS)
def test_walking_from_border_to_border_passes_every_change(calendar: DutyCalendar, moment: datetime) -> None:
    """What a worker does that wakes at each border: the flag it keeps is the calendar's at every minute between."""
    flag, at = calendar.on_at(moment), moment
    for _ in range(6):
        border = calendar.next_border(at)
        if border is None:
            break
        assert calendar.on_at(at + (border - at) / 2) == flag
        flag, at = not flag, border
        assert calendar.on_at(at) == flag


@given(CALENDARS, MOMENTS)
def test_nobody_is_on_duty_on_leave(calendar: DutyCalendar, moment: datetime) -> None:
    away = Exemption(Kind.LEAVE, moment - MINUTE, moment + MINUTE)
    on_leave = DutyCalendar(calendar.timezone, calendar.shifts, (*calendar.exemptions, away))
    assert not on_leave.on_at(moment)
    border = on_leave.next_border(moment)
    assert border is None or border >= moment + MINUTE
