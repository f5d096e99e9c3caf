"""Public holidays and make-up days (调休) of China, as the State Council announced them, year by year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from types import MappingProxyType

CHINA = frozenset({"Asia/Shanghai", "Asia/Urumqi", "Asia/Chongqing", "Asia/Harbin", "Asia/Kashgar", "PRC"})
SATURDAY = 5
NONE: Mapping[date, SpecialDay] = MappingProxyType({})


class DayKind(StrEnum):
    """What sets a day apart from its weekday."""

    HOLIDAY = "holiday"
    WORKDAY = "workday"


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A public holiday, or a day of a weekend that is worked for one."""

    kind: DayKind
    name: str


@cache
def holidays(timezone: str, year: int) -> Mapping[date, SpecialDay]:
    """Return the days of a year that aren't as their weekday says; none outside China and of years not announced.

    Parameters
    ----------
    timezone
        The community's; it tells the country.
    year
        Which year.
    """
    if not announced(timezone, year):
        return NONE
    from chinese_calendar import Holiday, get_holiday_detail

    chinese = {one.value: one.chinese for one in Holiday}
    found, day = {}, date(year, 1, 1)
    while day.year == year:
        off, name = get_holiday_detail(day)
        made_up = not off and day.weekday() >= SATURDAY
        if made_up or (off and name):
            kind = DayKind.WORKDAY if made_up else DayKind.HOLIDAY
            found[day] = SpecialDay(kind, chinese.get(name or "", name or ""))
        day += timedelta(days=1)
    return MappingProxyType(found)


@cache
def announced(timezone: str, year: int) -> bool:
    """Tell whether a year's holidays are known here; outside China there are none to be known.

    Parameters
    ----------
    timezone, year
        As for ``holidays``.
    """
    if timezone not in CHINA:
        return False
    from chinese_calendar import is_holiday

    try:
        is_holiday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True
