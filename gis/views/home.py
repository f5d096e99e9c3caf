"""The first page: what needs its reader now, by role."""

from __future__ import annotations

from datetime import datetime, timedelta

from gis.people.permissions import require
from gis.store.home_reading import Busy, GridState, SetUp, Week, busy_streets, grid_states, set_up, weeks
from gis.store.session import ReadSession
from gis.words import Actor

__all__ = ["Busy", "GridState", "SetUp", "Week", "my_grids", "set_up_of", "trend"]

WEEKS = 8
STREETS = 5
STREET_DAYS = timedelta(days=30)
LOOK_BACK = timedelta(days=7)


async def my_grids(session: ReadSession, actor: Actor, now: datetime) -> list[GridState]:
    """Return the grids that somebody answers for, as they stand."""
    return await grid_states(session, actor.community_id, actor.grid_codes, now)


async def trend(session: ReadSession, actor: Actor, now: datetime) -> tuple[list[Week], list[Busy]]:
    """Return the last eight weeks, and the streets with the most hazards of the last thirty days."""
    found = await weeks(session, actor.community_id, now, count=WEEKS)
    return found, await busy_streets(session, actor.community_id, now - STREET_DAYS, limit=STREETS)


async def set_up_of(session: ReadSession, actor: Actor, now: datetime) -> SetUp:
    """Return what the administrator's community has, and what failed in the last seven days.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    """
    require(actor, "administer")
    return await set_up(session, actor.community_id, now - LOOK_BACK)
