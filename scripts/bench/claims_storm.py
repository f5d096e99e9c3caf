"""Many clients that claim the same cases and the same people at the same moment, through the service's own statements."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from gis.store import cases, claims, matching, offers
from gis.store.claims import Ask
from gis.store.matching import Pair
from gis.store.session import Database
from gis.words import Status, Verb

COMMUNITY = "storm"
ASKED = 4
"""Candidates of one claim."""
TOGETHER = 3
"""Cases that a matcher claims at once."""
STANDS = timedelta(seconds=60)
ROOM = 2
"""Live offers and tasks that each responder may have."""


@dataclass(slots=True)
class World:
    """Cases that wait, and people on duty."""

    cases: Sequence[UUID]
    people: Sequence[UUID]


@dataclass(slots=True)
class Tally:
    """What clients saw."""

    claims: int = 0
    won: int = 0
    errors: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Count another client's."""
        self.claims += other.claims
        self.won += other.won
        self.errors.update(other.errors)


async def draw(database: Database, *, waiting: int, people: int) -> World:
    """Store a community with cases that wait and people on duty.

    Parameters
    ----------
    database
        Migrated.
    waiting, people
        How many.
    """
    async with database.write() as session:
        for statement in _DRAWING:
            await session.run(text(statement), {"waiting": waiting, "people": people, "room": ROOM})
    async with database.write() as session:
        for table in ("responder", "person", "case", "offer"):
            await session.run(text(f'ANALYZE "{table}"'))
    async with database.read() as session:
        found = await session.rows(
            text("SELECT case_id FROM \"case\" WHERE community_id = 'storm' ORDER BY number")
        )
        ready = await session.rows(
            text("SELECT person_id FROM responder WHERE community_id = 'storm' ORDER BY person_id")
        )
    return World([row.case_id for row in found], [row.person_id for row in ready])


_DRAWING = (
    """
    INSERT INTO community (community_id, name, metric_srid, area_version, geom, created_at)
    VALUES ('storm', 'storm', 4549, 1, st_multi(st_makeenvelope(123.41, 41.78, 123.42, 41.79, 4326)), now())
    """,
    "INSERT INTO area_version (community_id, version, published_at) VALUES ('storm', 1, now())",
    """
    INSERT INTO person (community_id, person_id, username, password_hash, name, role, created_at)
    SELECT 'storm', gen_random_uuid(), 'p' || n, '', 'p' || n, 'rider', now()
    FROM generate_series(1, cast(:people AS integer)) n
    """,
    """
    INSERT INTO responder (community_id, person_id, capacity, on_duty, position_at, geom)
    SELECT 'storm', person_id, cast(:room AS integer), true, now(), st_setsrid(st_makepoint(123.415, 41.785), 4326)
    FROM person WHERE community_id = 'storm'
    """,
    """
    INSERT INTO "case" (community_id, case_id, category, status, place, area_version, micro_grid_code, geom, opened_at,
                        answer_due_at, resolve_due_at)
    SELECT 'storm', gen_random_uuid(), 'sewer', 'open', '{}', 1, '01-01',
           st_setsrid(st_makepoint(123.415, 41.785), 4326), now(), now() + interval '1 day', now() + interval '2 days'
    FROM generate_series(1, cast(:waiting AS integer))
    """,
)


async def claim_once(database: Database, case_id: UUID, people: Sequence[UUID], *, revision: int = 1) -> bool:
    """Claim one case for the first free of some people, in a transaction of its own; tell whether it was won."""
    now = datetime.now(UTC)
    ask = Ask(people, [60.0] * len(people), [80.0] * len(people), now + STANDS)
    async with database.write() as session:
        return (await claims.claim(session, COMMUNITY, case_id, revision, ask, now=now)) is not None


async def storm(database: Database, world: World, *, clients: int, attempts: int, seed: int) -> Tally:
    """Let clients claim, give back and match at random until so many claims were tried.

    Parameters
    ----------
    database, world
        What they fight over.
    clients, attempts
        How many at the same time, and claims of all together.
    seed
        Of every choice.
    """
    total = Tally()
    each = -(-attempts // clients)
    for tally in await asyncio.gather(
        *(_client(database, world, each, random.Random(f"{seed}-{n}")) for n in range(clients))
    ):
        total.add(tally)
    return total


async def _client(database: Database, world: World, attempts: int, choose: random.Random) -> Tally:
    tally = Tally()
    while tally.claims < attempts:
        case_id = choose.choice(world.cases)
        try:
            if choose.random() < 0.15:  # noqa: PLR2004 - a few of the workers match instead
                tally.won += await _match(database, world, choose)
                tally.claims += TOGETHER
                continue
            tally.won += await _claim_or_give_back(database, world, case_id, choose)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is counted and shown
            tally.errors[f"{type(error).__name__}: {error}"[:200]] += 1
        tally.claims += 1
    return tally


async def _claim_or_give_back(database: Database, world: World, case_id: UUID, choose: random.Random) -> int:
    """Claim a case as it stands, or let its offer run out first where it has one."""
    revision = await _as_it_is(database, case_id)
    if revision is None:
        revision = await _give_back(database, case_id)
    if revision is None:
        return 0
    people = choose.sample(world.people, min(ASKED, len(world.people)))
    return int(await claim_once(database, case_id, people, revision=revision))


async def _as_it_is(database: Database, case_id: UUID) -> int | None:
    """Return an open case's revision."""
    async with database.read() as session:
        return await session.value(  # type: ignore[no-any-return]
            text(
                "SELECT revision FROM \"case\" WHERE community_id = 'storm' AND case_id = :case AND status = 'open'"
            ),
            {"case": case_id},
        )


async def _give_back(database: Database, case_id: UUID) -> int | None:
    """End a case's offer as its expiry does, and return the case's revision."""
    now = datetime.now(UTC)
    async with database.write() as session:
        case = await cases.lock(session, COMMUNITY, case_id)
        if case is None or case.facts.status is not Status.OFFERED:
            return None
        await offers.end(session, COMMUNITY, case_id, "expired", now=now, offer_id=case.offer_id)
        state = await cases.change(
            session, COMMUNITY, case.facts, Verb.EXPIRE, Status.OPEN, at=now, actor_id=None
        )
        return None if state is None else state.revision


async def _match(database: Database, world: World, choose: random.Random) -> int:
    """Claim several pairs at once, as a matcher does."""
    now = datetime.now(UTC)
    async with database.write() as session:
        waiting = await matching.waiting_cases(session, COMMUNITY, limit=3 * TOGETHER)
        chosen = choose.sample(waiting, min(TOGETHER, len(waiting)))
        pairs = [
            Pair(case.case_id, case.revision, uuid4(), choose.choice(world.people), 60.0, 80.0, now + STANDS)
            for case in chosen
        ]
        return len(await matching.claim_all(session, COMMUNITY, pairs, now=now)) if pairs else 0


WRONG = """
SELECT (SELECT count(*) FROM (SELECT FROM offer WHERE community_id = 'storm' AND status = 'live'
                              GROUP BY case_id HAVING count(*) > 1) twice) AS cases_offered_twice,
       (SELECT count(*) FROM responder WHERE community_id = 'storm' AND live_load > capacity) AS overloaded,
       (SELECT count(*) FROM responder r WHERE r.community_id = 'storm' AND r.live_load <> (
            SELECT count(*) FROM offer o WHERE o.community_id = 'storm' AND o.responder_id = r.person_id
            AND o.status = 'live')) AS wrong_loads,
       (SELECT count(*) FROM "case" c WHERE c.community_id = 'storm' AND (c.status = 'offered') <> EXISTS (
            SELECT FROM offer o WHERE o.community_id = 'storm' AND o.case_id = c.case_id AND o.status = 'live'))
            AS wrong_cases,
       abs((SELECT count(*) FROM offer WHERE community_id = 'storm') - (
            SELECT count(*) FROM event WHERE community_id = 'storm' AND verb = 'offer')) AS untold
"""


async def wrong(database: Database) -> dict[str, Any]:
    """Count what must never be, at one moment: double assignments, loads and statuses that don't add up."""
    async with database.read() as session:
        (row,) = await session.rows(text(WRONG))
    return {name: count for name, count in row._mapping.items() if count}  # noqa: SLF001 - SQLAlchemy's public name


async def offers_made(database: Database) -> int:
    """Return how many offers there are, live or ended."""
    async with database.read() as session:
        return int(await session.value(text("SELECT count(*) FROM offer WHERE community_id = 'storm'")))
