"""``weiwang simulate``: a history made by a seed through the same flows as live traffic, not by inserting rows."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from gis.clock import Clock, SettableClock
from gis.errors import ConflictError, NotFoundError
from gis.flows.atlas import Atlas
from gis.flows.simulation.album import Album
from gis.flows.simulation.campaign import Campaign
from gis.flows.simulation.clubs import Clubs
from gis.flows.simulation.cooking import Cooking
from gis.flows.simulation.lanes import Lane, World
from gis.flows.simulation.market import Market
from gis.flows.simulation.mediating import unsettled
from gis.flows.simulation.people import Behaviour
from gis.flows.simulation.plan import Period, Planner
from gis.flows.simulation.register import Register
from gis.flows.simulation.seeking import Search
from gis.flows.simulation.year import Year
from gis.settings import Settings
from gis.store import notices, people, sessions
from gis.store.jobs import Jobs
from gis.store.photos import Photos
from gis.store.session import Database
from gis.words import Role

Report = Callable[[str, float], None]
"""Called with ``simulate`` and how much is done, 0-1."""
STILL_NEWS = timedelta(hours=1)
NEEDED = (Role.DESK, Role.GRID_WORKER, Role.RIDER, Role.WATCHER, Role.RESIDENT, Role.AGENCY)


@dataclass(frozen=True, slots=True)
class SimulationParts:
    """What a simulation stands on; ``clock`` says when its last moment is."""

    database: Database
    settings: Settings
    photos: Photos
    atlas: Atlas
    jobs: Jobs
    clock: Clock


@dataclass(frozen=True, slots=True)
class SimulationSummary:
    """What was lived."""

    first: datetime
    until: datetime
    counts: dict[str, int]
    seconds: float


def _silent(_step: str, _done: float) -> None:
    """Report to nobody."""


async def simulate(
    parts: SimulationParts, community_id: str, *, days: int = 365, seed: int = 1, report: Report = _silent
) -> SimulationSummary:
    """Live some days of a community up to now, and leave its people on duty.

    Parameters
    ----------
    parts
        Database, settings and the rest; jobs that are still to come are handed to ``parts.jobs``.
    community_id
        A community with its people.
    days
        How many; a whole year has about 800 patrols, 320 hazards found by riders, 48 urgent cases and 23 disputes.
    seed
        Of every choice.
    report
        Told of progress.

    Raises
    ------
    ConflictError
        ``simulation_needs_people`` when a role is missing.
    NotFoundError
        ``community_not_found``.
    """
    begun = time.monotonic()
    async with parts.database.relaxed() as database:
        year = await _prepare(parts, database, community_id, days, seed)
        await _live(year, report)
    await _hand_over(parts, year)
    report("simulate", 1.0)
    first = year.until - timedelta(days=days)
    return SimulationSummary(first, year.until, dict(year.counts), time.monotonic() - begun)


async def _live(year: Year, report: Report) -> None:
    """Plan all of it, and live it to the end."""
    plan = year.planner.plan()
    for arrival in plan.arrivals:
        year.expect(arrival)
    for quarrel, _ in unsettled(year).values():
        year.expect(quarrel)
    for patrol in plan.patrols:
        year.expect_patrol(patrol)
    aside = year.beside()  # no case depends on who is recorded or called on
    await Register(aside).expect()
    Campaign(aside).expect()
    Clubs(year).expect()
    Cooking(year).expect()
    Market(year).expect()
    Search(year).expect()
    await year.carry_out(lambda work: year.put_on_duty(work, year.of(Role.WATCHER)))
    await _live_both(year, aside, report)
    await year.carry_out(year.end_of_day)


async def _live_both(year: Year, aside: Year, report: Report) -> None:
    """Live both to the end; where one can't go on, the other stops."""
    beside = asyncio.create_task(aside.lane.live(year.until))
    try:
        await year.lane.live(year.until, lambda share: report("simulate", share))
        await beside
    finally:
        beside.cancel()


async def _prepare(
    parts: SimulationParts, database: Database, community_id: str, days: int, seed: int
) -> Year:
    until = parts.clock.now()
    async with parts.database.read() as session:
        if not await people.community_exists(session, community_id):
            raise NotFoundError("no such community", code="community_not_found", community=community_id)
        everybody = await sessions.actors(session, community_id)
        zone = ZoneInfo(await people.timezone_of(session, community_id))
        atlas = await parts.atlas.get(session, community_id)
    missing = sorted(set(NEEDED) - {one.role for one in everybody})
    if missing:
        raise ConflictError(
            f"a simulation needs people of every role: {missing[0]}",
            code="simulation_needs_people",
            role=missing[0].value,
        )
    behaviour = Behaviour.of(seed)
    world = World(database, parts.settings, parts.photos, parts.atlas, community_id)
    return Year(
        world,
        atlas,
        everybody,
        Planner(atlas, everybody, Period(until, days, zone), seed),
        behaviour,
        Album(parts.settings.photo, behaviour),
        until,
        Lane(world, SettableClock(until - timedelta(days=days)), Counter()),
    )


async def _hand_over(parts: SimulationParts, year: Year) -> None:
    """Enqueue the ends of offers that still stand, and put notices by; this commit waits for the disk, and so for all before it."""
    async with parts.database.write() as session:
        await notices.settle_history(session, year.world.community_id, year.until - STILL_NEWS)
        for offer_id, expires_at in await year.standing(session):
            await parts.jobs.defer(
                session,
                "expire_offer",
                at=expires_at,
                community_id=year.world.community_id,
                offer_id=str(offer_id),
            )
