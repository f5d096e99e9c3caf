"""Moments by a wall clock: as Python's own, also on the days when clocks change."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.store.wall_clock import wall_clock_s

ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "UTC")


def plainly(moment_s: float, zone: ZoneInfo) -> float:
    return datetime.fromtimestamp(moment_s, zone).replace(tzinfo=UTC).timestamp()


@given(
    st.lists(st.integers(0, 2_000_000_000), min_size=1, max_size=30),
    st.sampled_from(ZONES),
)
def test_as_python_tells_it(moments: list[int], name: str) -> None:
    zone = ZoneInfo(name)
    found = wall_clock_s(np.array(moments, dtype=np.float64), zone)
    assert found.tolist() == [plainly(one, zone) for one in moments]


@pytest.mark.parametrize("name", ZONES)
def test_a_year_by_minutes(name: str) -> None:
    zone = ZoneInfo(name)
    begin = datetime(2025, 1, 1, tzinfo=UTC).timestamp()
    moments = begin + np.arange(0, 365 * 86400, 7 * 60.0)
    found = wall_clock_s(moments, zone)
    some = slice(0, len(moments), 11)
    assert found[some].tolist() == [plainly(one, zone) for one in moments[some]]


def test_none_at_all() -> None:
    assert not len(wall_clock_s(np.empty(0), ZoneInfo("Asia/Shanghai")))
