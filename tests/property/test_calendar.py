"""The working calendar: sums and differences undo one another in any zone, and count what a minute hand would."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.cases.calendar import WorkingCalendar, add_working_seconds, working_seconds_between
from gis.cases.holidays import DayKind
from gis.cases.hours import Spans, hours_text, parse_hours
from gis.cases.office import OfficeCalendar, OfficeDay, office_calendar
from gis.errors import InvalidInputError
from gis.settings import OfficeSettings
from tests.extent import examples

ZONES = (
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "Africa/Cairo",  # its clocks change at midnight
    "Australia/Lord_Howe",  # and here by half an hour
)
MONTHS_WITH_CHANGES = (3, 4, 10, 11)
EARLY, LATE = datetime(2025, 1, 1, tzinfo=UTC), datetime(2027, 12, 31, tzinfo=UTC)

moments = st.datetimes(EARLY.replace(tzinfo=None), LATE.replace(tzinfo=None), timezones=st.just(UTC))
around_changes = st.builds(
    lambda year, month, day, minute: datetime(year, month, day, tzinfo=UTC) + timedelta(minutes=minute),
    st.integers(2025, 2027),
    st.sampled_from(MONTHS_WITH_CHANGES),
    st.integers(1, 30),
    st.integers(0, 1439),
)
seconds = st.one_of(
    st.integers(0, 40 * 86_400), st.floats(0, 1e6, allow_nan=False).map(lambda value: round(value, 6))
)


def spans_of(borders: list[int]) -> Spans:
    found = sorted(set(borders))
    return tuple(zip(found[::2], found[1::2], strict=False))


days_hours = st.lists(st.integers(0, 96).map(lambda quarter: 15 * quarter), max_size=6).map(spans_of)
weeks = st.lists(days_hours, min_size=7, max_size=7).filter(any)


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    special: Mapping[date, Spans] = draw(
        st.dictionaries(st.dates(date(2025, 1, 1), date(2027, 12, 31)), days_hours, max_size=20)
    )
    return WorkingCalendar(
        zone, draw(weeks), lambda year: {d: s for d, s in special.items() if d.year == year}
    )


def usual(zone: str = "Asia/Shanghai", days: Mapping[date, OfficeDay] | None = None) -> OfficeCalendar:
    return office_calendar(zone, OfficeSettings(), days=days)


def local(text: str, zone: str = "Asia/Shanghai") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@given(calendars(), st.one_of(moments, around_changes), seconds)
@settings(max_examples=examples(150), deadline=None)
def test_what_was_added_lies_between(calendar: WorkingCalendar, start: datetime, added: float) -> None:
    end = add_working_seconds(start, added, calendar)
    assert end >= start
    assert working_seconds_between(start, end, calendar) == pytest.approx(added, abs=1e-6)
    if added:  # and it is the earliest such moment: just before, less has counted
        before = end - timedelta(microseconds=1)
        assert working_seconds_between(start, before, calendar) < added
        assert any(_inside(calendar, end, edge) for edge in (0, 1)), "a deadline lies in hours that count"


@given(calendars(), st.lists(st.one_of(moments, around_changes), min_size=3, max_size=3).map(sorted))
@settings(max_examples=examples(150), deadline=None)
def test_time_adds_up_and_never_outruns_the_wall(calendar: WorkingCalendar, three: list[datetime]) -> None:
    first, second, third = three
    whole = working_seconds_between(first, third, calendar)
    parts = working_seconds_between(first, second, calendar), working_seconds_between(second, third, calendar)
    assert whole == pytest.approx(sum(parts), abs=1e-6)
    assert 0 <= whole <= (third - first).total_seconds() + 1e-6
    assert working_seconds_between(third, first, calendar) == (0 if first < third else whole)


@given(calendars(), around_changes, st.integers(1, 4 * 96))
@settings(max_examples=examples(60), deadline=None)
def test_it_counts_what_a_minute_hand_would(
    calendar: WorkingCalendar, start: datetime, quarters: int
) -> None:
    start = start.replace(minute=start.minute // 15 * 15)
    steps = [start + timedelta(minutes=15 * step) for step in range(quarters)]
    counted = sum(900 for step in steps if _inside(calendar, step, 0))
    end = start + timedelta(minutes=15 * quarters)
    # a clock time that is skipped or comes twice may be counted on either side of the change: an hour a day at most
    off = sum(_changes(calendar.zone, step, step + timedelta(minutes=15)) for step in steps)
    assert abs(working_seconds_between(start, end, calendar) - counted) <= 2 * 3600 * off


def _inside(calendar: WorkingCalendar, moment: datetime, edge: int) -> bool:
    _, _, opens, closes, _ = calendar.covering(moment.year - 1, moment.year + 1)
    at = round((moment - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))
    return any(start <= at < end + edge for start, end in zip(opens, closes, strict=True))


def _changes(zone: ZoneInfo, start: datetime, end: datetime) -> bool:
    return start.astimezone(zone).utcoffset() != end.astimezone(zone).utcoffset()


@given(st.one_of(moments, around_changes), seconds)
@settings(max_examples=examples(150), deadline=None)
def test_nothing_is_due_on_a_holiday_or_at_night(start: datetime, added: float) -> None:
    calendar = usual()
    if not added:
        return
    end = add_working_seconds(start, added, calendar.work).astimezone(ZoneInfo("Asia/Shanghai"))
    minute = end.hour * 60 + end.minute + (end.second + end.microsecond / 1e6) / 60
    assert any(start_min < minute <= end_min for start_min, end_min in calendar.work.hours(end.date()))
    awake = add_working_seconds(start, added, calendar.day).astimezone(ZoneInfo("Asia/Shanghai"))
    assert 7 * 60 < awake.hour * 60 + awake.minute + awake.second / 60 + awake.microsecond / 6e7 <= 22 * 60


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-06-03T10:00", 1, "2026-06-03T11:00"),
        ("2026-06-03T11:30", 1, "2026-06-03T13:30"),  # over noon
        ("2026-06-03T17:00", 1, "2026-06-04T09:00"),  # over night
        ("2026-06-03T13:00", 4.5, "2026-06-03T17:30"),  # to the last minute of the day
        ("2026-06-05T17:00", 1, "2026-06-08T09:00"),  # over a weekend
        ("2026-06-18T17:00", 1, "2026-06-22T09:00"),  # 端午: Friday off
        ("2026-09-30T17:00", 1, "2026-10-08T09:00"),  # 国庆: a week off
        ("2026-10-09T17:00", 1, "2026-10-10T09:00"),  # 调休: that Saturday is worked
        ("2026-02-13T17:00", 1, "2026-02-14T09:00"),  # 调休 before 春节
        ("2025-10-11T10:00", 1, "2025-10-11T11:00"),  # 调休 the year before
        ("2025-12-31T17:00", 1, "2026-01-04T09:00"),  # 元旦, and the Sunday that is worked for it
        ("2026-06-06T00:00", 0, "2026-06-06T00:00"),  # nothing added: nothing moved
    ],
)
def test_known_days(start: str, hours: float, end: str) -> None:
    assert add_working_seconds(local(start), hours * 3600, usual().work) == local(end)


def test_the_office_goes_before_the_holidays() -> None:
    days = {
        date(2026, 6, 19): OfficeDay(DayKind.WORKDAY, "值班"),
        date(2026, 6, 22): OfficeDay(DayKind.HOLIDAY, "社区运动会"),
        date(2026, 6, 23): OfficeDay(DayKind.WORKDAY, "半天", "08:30-12:00"),
    }
    calendar = usual(days=days)
    assert add_working_seconds(local("2026-06-18T17:00"), 3600, calendar.work) == local("2026-06-19T09:00")
    assert add_working_seconds(local("2026-06-19T17:00"), 4 * 3600, calendar.work) == local(
        "2026-06-23T12:00"
    )
    assert add_working_seconds(local("2026-06-23T11:30"), 3600, calendar.work) == local("2026-06-24T09:00")


def test_years_that_are_not_announced_count_by_weekends() -> None:
    calendar = usual()
    assert add_working_seconds(local("2031-10-01T10:00"), 3600, calendar.work) == local("2031-10-01T11:00")
    assert add_working_seconds(local("2031-10-03T17:00"), 3600, calendar.work) == local("2031-10-06T09:00")


def test_outside_china_no_chinese_holidays() -> None:
    calendar = usual("Europe/Berlin")
    start = local("2026-10-01T10:00", "Europe/Berlin")
    assert add_working_seconds(start, 3600, calendar.work) == local("2026-10-01T11:00", "Europe/Berlin")


def test_summer_time_gives_and_takes_an_hour_of_a_whole_day() -> None:
    whole = WorkingCalendar(ZoneInfo("Europe/Berlin"), [((0, 1440),)] * 7, lambda _: {})
    for day, hours in ((date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 3), 24)):
        start = datetime(day.year, day.month, day.day, tzinfo=whole.zone)
        end = start + timedelta(days=1)
        assert working_seconds_between(start.astimezone(UTC), end.astimezone(UTC), whole) == hours * 3600


@pytest.mark.parametrize(
    ("day", "hours", "minutes"),
    [
        (date(2026, 10, 25), ((0, 150),), 210),  # 02:30 comes twice: until the second
        (date(2026, 10, 25), ((150, 240),), 150),  # and from the first on
        (date(2026, 3, 29), ((135, 165), (180, 210)), 45),  # 02:15 is skipped: no minute is counted twice
        (date(2026, 3, 29), ((60, 240),), 120),
    ],
)
def test_clock_times_that_are_skipped_or_come_twice(day: date, hours: Spans, minutes: int) -> None:
    calendar = WorkingCalendar(ZoneInfo("Europe/Berlin"), [((600, 660),)] * 7, lambda _: {day: hours})
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=2)
    assert working_seconds_between(start, start + timedelta(hours=10), calendar) == 60 * minutes


def test_a_week_without_hours_is_refused() -> None:
    with pytest.raises(InvalidInputError) as refused:
        WorkingCalendar(ZoneInfo("Asia/Shanghai"), [()] * 7, lambda _: {})
    assert refused.value.code == "hours_none"


@given(days_hours)
def test_hours_are_read_as_they_are_written(spans: Spans) -> None:
    assert parse_hours(hours_text(spans)) == spans


@pytest.mark.parametrize(
    "text", ["8", "08:30", "12:00-08:30", "08:30-12:00 11:00-13:00", "08:30-24:30", "a-b"]
)
def test_hours_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        parse_hours(text)
    assert refused.value.code == "hours_invalid"
