"""Opening hours as OpenStreetMap writes them, read by ``opening-hours-py``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from opening_hours import OpeningHours


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether a station is open, and when that changes; ``open`` is None where nobody has said it in a way that can be read."""

    open: bool | None
    changes_at: datetime | None = None


UNKNOWN = Opening(None)


def opening_at(hours: str, moment: datetime, timezone: str) -> Opening:
    """Return whether something is open.

    Parameters
    ----------
    hours
        As the key ``opening_hours`` of OpenStreetMap, for example ``Mo-Fr 08:00-18:00``.
    moment
        When, with its zone.
    timezone
        Of the place: hours are meant in its own time.
    """
    read = _read(hours.strip())
    if read is None:
        return UNKNOWN
    zone = ZoneInfo(timezone)
    local = moment.astimezone(zone).replace(tzinfo=None)
    changes = read.next_change(local)
    return Opening(read.is_open(local), None if changes is None else changes.replace(tzinfo=zone))


@lru_cache(maxsize=1024)
def _read(hours: str) -> OpeningHours | None:
    from opening_hours import OpeningHours, validate

    return OpeningHours(hours) if hours and validate(hours) else None
