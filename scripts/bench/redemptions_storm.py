"""Many people who redeem the same few rewards at the same moment, through the service's own flow."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import text

from gis.clock import SystemClock
from gis.errors import WeiwangError
from gis.flows.atlas import Atlas
from gis.flows.service.redeeming import cancel_redemption, redeem
from gis.flows.work import Work
from gis.settings import Settings
from gis.store import books
from gis.store.jobs import ProcrastinateJobs
from gis.store.photos import PhotoStore
from gis.store.session import Database, WriteSession
from gis.words import Account, AccountKind, Actor, Role

COMMUNITY = "market"
COST = 30
HELD = 100
"""Points of each person: enough for three of the four that they try for."""
TRIES = 4
CANCELS = 0.1
EXPECTED = frozenset({"points_too_few", "reward_sold_out", "reward_limit_reached"})


@dataclass(frozen=True, slots=True)
class Market:
    """People with points, and rewards."""

    people: Sequence[Actor]
    rewards: Sequence[UUID]
    stock: int


@dataclass(slots=True)
class Tally:
    """What became of all redemptions."""

    outcomes: Counter[str] = field(default_factory=Counter)
    cancelled: int = 0
    elapsed_s: float = 0.0
    worst_ms: float = 0.0

    @property
    def unexpected(self) -> dict[str, int]:
        """Return the errors that there may not be."""
        return {code: n for code, n in self.outcomes.items() if code not in EXPECTED and code != "got"}


async def draw(database: Database, *, people: int, rewards: int, stock: int) -> Market:
    """Store a community whose people have points, and rewards.

    Parameters
    ----------
    database
        Migrated.
    people, rewards, stock
        How many, and how many of each reward.
    """
    actors = [Actor(COMMUNITY, uuid4(), f"p{n}", f"p{n}", Role.RESIDENT) for n in range(people)]
    offered = [uuid4() for _ in range(rewards)]
    issuer = Account(AccountKind.ISSUER).key(COMMUNITY)
    async with database.write() as session:
        await _community(session)
        for statement in _PEOPLE:
            await session.direct(
                statement,
                {
                    "community": COMMUNITY,
                    "ids": [one.person_id for one in actors],
                    "accounts": [Account(AccountKind.PERSON, one.person_id).key(COMMUNITY) for one in actors],
                    "issuer": issuer,
                    "held": HELD,
                },
            )
        for statement in _REWARDS:
            await session.direct(
                statement,
                {
                    "community": COMMUNITY,
                    "ids": offered,
                    "cost": COST,
                    "stock": stock,
                    "by": actors[0].person_id,
                },
            )
    return Market(actors, offered, stock)


async def _community(session: WriteSession) -> None:
    await session.run(
        text(
            "INSERT INTO community (community_id, name, metric_srid, area_version, geom, created_at)"
            " VALUES (:key, 'market', 4549, 1, st_multi(st_makeenvelope(123.41, 41.78, 123.42, 41.79, 4326)), now())"
        ),
        {"key": COMMUNITY},
    )


_PEOPLE = (
    """
    INSERT INTO person (community_id, person_id, username, password_hash, name, role, created_at)
    SELECT %(community)s, id, id::text, '', 'p', 'resident', now() FROM unnest(%(ids)s::uuid[]) AS id
    """,
    """
    INSERT INTO account (community_id, account_id, kind, person_id, balance)
    SELECT %(community)s, a.account, 'person', a.id, %(held)s FROM unnest(%(accounts)s::uuid[], %(ids)s::uuid[]) AS a(account, id)
    UNION ALL SELECT %(community)s, %(issuer)s, 'issuer', NULL, 0
    """,
    """
    INSERT INTO ledger (community_id, entry_id, from_account, to_account, points, at, memo)
    SELECT %(community)s, gen_random_uuid(), %(issuer)s, account, %(held)s, now() - interval '1 day', 'market'
    FROM unnest(%(accounts)s::uuid[]) AS account
    """,
)
_REWARDS = (
    """
    INSERT INTO reward (community_id, reward_id, name, points, stock, limit_each, limit_period, created_at)
    SELECT %(community)s, id, 'reward', %(cost)s, %(stock)s, 3, 'month', now() FROM unnest(%(ids)s::uuid[]) AS id
    """,
    """
    INSERT INTO stock_change (community_id, change_id, reward_id, amount, reason, by, at)
    SELECT %(community)s, gen_random_uuid(), id, %(stock)s, 'market', %(by)s, now() FROM unnest(%(ids)s::uuid[]) AS id
    """,
)


async def rush(database: Database, market: Market, folder: Path, *, seed: int = 1) -> Tally:
    """Have everybody redeem all at once, and some give back what they got; as many at a time as there are connections.

    Parameters
    ----------
    database, market
        Where.
    folder
        For what a unit of work needs besides.
    seed
        Of who wants what.
    """
    choose = random.Random(seed)
    parts = (SystemClock(), ProcrastinateJobs(), Atlas(), PhotoStore(folder), Settings(state=folder))
    wishes = [(actor, choose.choice(market.rewards)) for actor in market.people for _ in range(TRIES)]
    choose.shuffle(wishes)
    tally = Tally()

    async def one(actor: Actor, reward: UUID, gives_back: bool) -> None:
        begun, known = time.perf_counter(), uuid4()
        try:
            async with database.write() as session:
                await redeem(Work(session, *parts), actor, known, reward)
            tally.outcomes["got"] += 1
            if gives_back:
                async with database.write() as session:
                    await cancel_redemption(Work(session, *parts), actor, known)
                tally.cancelled += 1
        except WeiwangError as error:
            tally.outcomes[error.code] += 1
        tally.worst_ms = max(tally.worst_ms, 1000.0 * (time.perf_counter() - begun))

    begun = time.perf_counter()
    await asyncio.gather(*(one(actor, reward, choose.random() < CANCELS) for actor, reward in wishes))
    tally.elapsed_s = time.perf_counter() - begun
    return tally


async def wrong(database: Database, market: Market, tally: Tally) -> list[str]:
    """Return what is not as it must be: books that don't balance, stock or balances below zero, points out of nowhere.

    Parameters
    ----------
    database, market, tally
        After the rush.
    """
    async with database.read() as session:
        found = [str(one) for one in await books.findings(session, COMMUNITY)]
        [held] = await session.direct(
            "SELECT min(balance) AS least, sum(balance)::int AS sum FROM account"
            " WHERE community_id = %(key)s AND kind = 'person'",
            {"key": COMMUNITY},
        )
        [stock] = await session.direct(
            "SELECT min(stock) AS least, sum(stock)::int AS sum FROM reward WHERE community_id = %(key)s",
            {"key": COMMUNITY},
        )
    kept = tally.outcomes["got"] - tally.cancelled
    if min(held.least, stock.least) < 0:
        found.append(f"below zero: {held.least} points, {stock.least} rewards")
    if held.sum != len(market.people) * HELD - kept * COST:
        found.append(f"{held.sum} points are left")
    if stock.sum != len(market.rewards) * market.stock - kept:
        found.append(f"{stock.sum} rewards are left")
    return found
