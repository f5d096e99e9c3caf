"""Hours of a day as people write them: ``08:30-12:00 13:00-17:30``."""

from __future__ import annotations

import re

from gis.errors import InvalidInputError

Spans = tuple[tuple[int, int], ...]
"""From and until which minute of the local day, in order."""
DAY_MIN = 24 * 60
MOST = 8
_SPAN = re.compile(r"(\d{1,2}):([0-5]\d)\s*[-–~至]\s*(\d{1,2}):([0-5]\d)")
_BETWEEN = re.compile(r"[\s,;，；、]+")


def parse_hours(text: str, field: str = "hours") -> Spans:
    """Return hours from their text; an empty one means a day off.

    Parameters
    ----------
    text
        ``08:30-12:00 13:00-17:30``; the day ends at 24:00.
    field
        What is refused.

    Raises
    ------
    InvalidInputError
        ``hours_invalid``.
    """
    found: list[tuple[int, int]] = []
    for part in filter(None, _BETWEEN.split(text.strip())):
        match = _SPAN.fullmatch(part)
        span = _minutes(*match.groups()) if match else None
        if span is None or (found and span[0] < found[-1][1]) or len(found) >= MOST:
            raise InvalidInputError(
                "hours look like 08:30-12:00 13:00-17:30, in order",
                code="hours_invalid",
                field=field,
                hours=text[:60],
            )
        found.append(span)
    return tuple(found)


def hours_text(spans: Spans) -> str:
    """Return hours as ``parse_hours`` reads them."""
    return " ".join(f"{_clock(start)}-{_clock(end)}" for start, end in spans)


def _minutes(*parts: str) -> tuple[int, int] | None:
    hour, minute, until_hour, until_minute = map(int, parts)
    start, end = 60 * hour + minute, 60 * until_hour + until_minute
    return (start, end) if start < end <= DAY_MIN else None


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
