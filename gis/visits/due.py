"""Who is to be looked in on again: nobody was there for so many days; those who need it most first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

MOST_STOPS = 60
NEVER_DAYS = 10_000


@dataclass(frozen=True, slots=True)
class Home:
    """A door that may be called at: a household, or a building where no household is known.

    Parameters
    ----------
    lon, lat
        Of its door, EPSG:4326.
    needs
        How many care flags it has.
    last
        When somebody was last met there; None: never.
    """

    building_id: UUID
    household_id: UUID | None
    flat: str
    label: str
    lon: float
    lat: float
    needs: int
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Due:
    """A door that is due, with the days since somebody was met there; None: never."""

    home: Home
    days: int | None


def due(homes: Iterable[Home], now: datetime, days: int, most: int) -> Sequence[Due]:
    """Return the doors where nobody was met for some days, those that need it most first.

    One day counts more the more care flags there are: with two, five days weigh like fifteen with none.

    Parameters
    ----------
    homes, now
        Doors, and the time.
    days
        After so many days they are due.
    most
        At most so many.
    """
    waited = [
        (one, None if one.last is None else max(0, int((now - one.last) / timedelta(days=1))))
        for one in homes
    ]
    wanted = [Due(one, since) for one, since in waited if since is None or since >= days]
    return sorted(wanted, key=_urgency)[:most]


def _urgency(one: Due) -> tuple[float, str, str]:
    since = NEVER_DAYS if one.days is None else one.days
    return -float(since * (1 + one.home.needs)), one.home.label, one.home.flat
