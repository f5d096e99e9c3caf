"""Which day it is in a community."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from gis.clock import Clock
from gis.recurrence import local_day
from gis.store.people import timezone_of
from gis.store.session import ReadSession


async def today_in(session: ReadSession, clock: Clock, community_id: str) -> date:
    """Return the community's day of now.

    Parameters
    ----------
    session, clock, community_id
        Where, and when.
    """
    return local_day(clock.now(), ZoneInfo(await timezone_of(session, community_id)))
