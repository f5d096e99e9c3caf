"""Quiet hours (免打扰): when nothing that can wait makes a sound or reaches a chat group."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from gis.errors import InvalidInputError

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From when until when by the community's own clock; over midnight where the end is the earlier."""

    begins: time
    ends: time

    def as_json(self) -> dict[str, str]:
        """Return what is stored and answered."""
        return {"from": f"{self.begins:%H:%M}", "to": f"{self.ends:%H:%M}"}


DEFAULT = QuietHours(time(22), time(7))


def parse(begins: str, ends: str) -> QuietHours:
    """Return quiet hours from two clock times, ``HH:MM``.

    Parameters
    ----------
    begins, ends
        By the community's own clock. The same twice would be no hour or a whole day, so it is refused.

    Raises
    ------
    InvalidInputError
        ``quiet_hours_invalid``.
    """
    if not (_CLOCK.fullmatch(begins) and _CLOCK.fullmatch(ends)) or begins == ends:
        raise InvalidInputError("quiet hours go from HH:MM to another HH:MM", code="quiet_hours_invalid")
    return QuietHours(time.fromisoformat(begins), time.fromisoformat(ends))


def stored(value: Mapping[str, Any] | bool | None) -> QuietHours | None:
    """Return the quiet hours that a community has stored.

    Parameters
    ----------
    value
        As of ``as_json``; None: never stated, so the default; False: there are none.
    """
    if value is None:
        return DEFAULT
    return parse(str(value["from"]), str(value["to"])) if isinstance(value, Mapping) else None


def quiet_until(hours: QuietHours | None, now: datetime, timezone: str) -> datetime | None:
    """Return when the quiet hours that ``now`` lies in are over, or None outside of them.

    Parameters
    ----------
    hours
        The community's; None: there are none.
    now
        A moment, with its zone. The first minute is quiet, the last is not.
    timezone
        The community's.
    """
    if hours is None:
        return None
    local = now.astimezone(ZoneInfo(timezone))
    clock = local.time()
    over_midnight = hours.ends < hours.begins
    inside = (
        clock >= hours.begins or clock < hours.ends if over_midnight else hours.begins <= clock < hours.ends
    )
    if not inside:
        return None
    day = local.date() + timedelta(days=1 if over_midnight and clock >= hours.begins else 0)
    return datetime.combine(day, hours.ends, tzinfo=local.tzinfo).astimezone(now.tzinfo)
