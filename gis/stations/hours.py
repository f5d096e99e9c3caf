"""Opening hours as OpenStreetMap writes them, read by ``opening-hours-py``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from gis.errors import InvalidInputError

if TYPE_CHECKING:
    from opening_hours import OpeningHours


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether a station is open, and when that changes; ``open`` is None where nobody has said it in a way that can be read."""

    open: bool | None
    changes_at: datetime | None = None


UNKNOWN = Opening(None)


def opening_at(hours: str, moment: datetime, timezone: str, closed_until: date | None = None) -> Opening:
    """Return whether something is open.

    Parameters
    ----------
    hours
        As the key ``opening_hours`` of OpenStreetMap, for example ``Mo-Fr 08:00-18:00``.
    moment
        When, with its zone.
    timezone
        Of the place: hours are meant in its own time.
    closed_until
        The last day on which it stays closed, whatever its hours say.
    """
    read = _read(hours.strip())
    zone = ZoneInfo(timezone)
    local = moment.astimezone(zone).replace(tzinfo=None)
    if closed_until is not None and local.date() <= closed_until:
        return _after(read, closed_until, zone)
    if read is None:
        return UNKNOWN
    changes = read.next_change(local)
    return Opening(read.is_open(local), None if changes is None else changes.replace(tzinfo=zone))


def _after(read: OpeningHours | None, closed_until: date, zone: ZoneInfo) -> Opening:
    """Return that it is closed, and when it opens after its last closed day."""
    begins = datetime.combine(closed_until + timedelta(days=1), datetime.min.time())
    opens = begins if read is None or read.is_open(begins) else read.next_change(begins)
    return Opening(open=False, changes_at=None if opens is None else opens.replace(tzinfo=zone))


@lru_cache(maxsize=1024)
def _read(hours: str) -> OpeningHours | None:
    from opening_hours import OpeningHours, validate

    return OpeningHours(hours) if hours and validate(hours) else None


WEEK = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_HOURS = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*[-–—~至到]\s*([01]?\d|2[0-4]):([0-5]\d)")
_MONDAY = datetime(2024, 1, 1)  # noqa: DTZ001 - a week on the wall clock, of no year in particular


def hours_of_week(days: Sequence[str]) -> str:
    """Return the hours of a week as OpenStreetMap writes them; neighbouring days of the same hours are joined.

    Parameters
    ----------
    days
        Seven texts, Monday first: ``08:00-12:00 13:00-18:00``, or nothing for a day on which it is closed.

    Raises
    ------
    InvalidInputError
        ``station_hours`` with the text that can't be read.
    """
    spans = [_spans(text, number) for number, text in enumerate(days, start=1)]
    parts: list[str] = []
    for begin in range(len(spans)):
        if not spans[begin] or (begin and spans[begin - 1] == spans[begin]):
            continue
        end = begin
        while end + 1 < len(spans) and spans[end + 1] == spans[begin]:
            end += 1
        parts.append(f"{WEEK[begin]}{f'-{WEEK[end]}' if end > begin else ''} {','.join(spans[begin])}")
    return "; ".join(parts) or "off"


def _spans(text: str, number: int) -> tuple[str, ...]:
    found = []
    for one in _HOURS.finditer(text):
        begins, ends = (int(one[1]), int(one[2])), (int(one[3]), int(one[4]))
        if ends <= begins or ends > (24, 0):
            raise _unreadable(text, number)
        found.append(f"{begins[0]:02d}:{begins[1]:02d}-{ends[0]:02d}:{ends[1]:02d}")
    if _HOURS.sub("", text).strip(" ,，、;；"):
        raise _unreadable(text, number)
    return tuple(sorted(found))


def _unreadable(text: str, number: int) -> InvalidInputError:
    return InvalidInputError("no hours", code="station_hours", field=f"day_{number}", said=text[:30])


def week_of_hours(hours: str) -> list[str] | None:
    """Return the hours of each day of a week, Monday first, for a form; None where they can't be read.

    Parameters
    ----------
    hours
        As OpenStreetMap writes them.
    """
    read = _read(hours.strip())
    if read is None:
        return None
    days: list[list[str]] = [[] for _ in WEEK]
    moment, end = _MONDAY, _MONDAY + timedelta(days=len(WEEK))
    while moment < end:
        changes = read.next_change(moment)
        until = min(changes or end, end)
        if read.is_open(moment):
            _enter(days, moment, until)
        moment = until
    return [" ".join(one) for one in days]


def _enter(days: list[list[str]], begins: datetime, ends: datetime) -> None:
    """Write a time that it is open into each day that it touches."""
    while begins < ends:
        midnight = datetime(begins.year, begins.month, begins.day) + timedelta(days=1)  # noqa: DTZ001 - as above
        until = min(ends, midnight)
        shown = "24:00" if until == midnight else f"{until:%H:%M}"
        days[(begins - _MONDAY).days].append(f"{begins:%H:%M}-{shown}")
        begins = until
