"""Offers: who could be asked, the claim that no two can win, and how an offer ends.

Locks are taken in one order everywhere: the case, then its offer, then the responder. Claims skip responders that
another transaction holds, so that they neither wait nor fail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class Available:
    """A responder who may be asked, with what ranking needs."""

    person_id: UUID
    name: str
    mode: str
    lon: float
    lat: float
    position_age_s: float | None
    load: int
    owner: bool
    straight_m: float


@dataclass(frozen=True, slots=True)
class Unavailable:
    """A responder on duty who may not be asked, and why."""

    person_id: UUID
    name: str
    reason: str
    straight_m: float | None


@dataclass(frozen=True, slots=True)
class Pool:
    """Everybody on duty, sorted: the nearest who may be asked, some who may not, and how many for which reason."""

    available: tuple[Available, ...]
    unavailable: tuple[Unavailable, ...]
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Search:
    """What responders are looked for."""

    community_id: str
    case_id: UUID
    lon: float
    lat: float
    micro_grid_code: str | None
    reporter_ids: Sequence[UUID]
    now: datetime
    radius_m: float
    candidates: int
    fresh_position_s: float
    remember_refusal_s: float


# The part that finds responders, by distances that are only good for leaving the far ones out; also inside the one statement that looks everything up for a new report.
POOL: LiteralString = """
on_duty AS (
    SELECT r.person_id, p.name, r.mode, r.live_load, r.capacity, p.role,
           CASE WHEN r.position_at >= %(now)s - make_interval(secs => %(fresh_s)s) THEN r.position_at END AS fresh_at,
           CASE WHEN r.position_at >= %(now)s - make_interval(secs => %(fresh_s)s) THEN r.geom
                WHEN p.role = 'watcher' THEN r.home END AS geom,
           r.person_id = ANY(ARRAY(
               SELECT o.responder_id FROM offer o WHERE o.community_id = %(community)s AND o.case_id = %(case)s
               AND o.status IN ('declined', 'expired', 'withdrawn')
               AND o.ended_at > %(now)s - make_interval(secs => %(refusal_s)s))) AS refused
    FROM responder r JOIN person p ON p.community_id = r.community_id AND p.person_id = r.person_id
    WHERE r.community_id = %(community)s AND r.on_duty AND p.active
),
placed AS (
    SELECT d.*, 111195 * sqrt(power((st_x(d.geom) - %(lon)s) * cosd(%(lat)s), 2) + power(st_y(d.geom) - %(lat)s, 2))
           AS straight_m FROM on_duty d
),
judged AS (
    SELECT p.*, CASE
        WHEN p.person_id = ANY(%(reporters)s) THEN 'reporter'
        WHEN p.live_load >= p.capacity THEN 'full'
        WHEN p.geom IS NULL THEN 'no_fresh_position'
        WHEN p.refused THEN 'refused_lately'
        WHEN p.straight_m > %(radius_m)s THEN 'too_far'
    END AS why FROM placed p
),
available AS (
    SELECT coalesce(json_agg(a), '[]') AS people FROM (
        SELECT j.person_id, j.name, j.mode, st_x(j.geom) AS lon, st_y(j.geom) AS lat,
               extract(epoch FROM %(now)s - j.fresh_at)::float8 AS position_age_s, j.live_load AS load,
               EXISTS (SELECT FROM person_area a WHERE a.community_id = %(community)s AND a.person_id = j.person_id
                       AND a.level = 'micro_grid' AND a.code = %(micro_grid)s) AS owner, j.straight_m
        FROM judged j WHERE j.why IS NULL ORDER BY j.straight_m LIMIT %(candidates)s
    ) a
),
unavailable AS (
    SELECT coalesce(json_agg(u), '[]') AS people FROM (
        SELECT j.person_id, j.name, j.why AS reason, j.straight_m FROM judged j
        WHERE j.why IS NOT NULL ORDER BY j.straight_m NULLS LAST LIMIT 5
    ) u
),
counted AS (
    SELECT coalesce(json_object_agg(n.why, n.people), '{}') AS reasons
    FROM (SELECT j.why, count(*) AS people FROM judged j WHERE j.why IS NOT NULL GROUP BY j.why) n
)
"""
_POOL: LiteralString = f"""
WITH {POOL}
SELECT available.people AS available, unavailable.people AS unavailable, counted.reasons AS counts
FROM available, unavailable, counted
"""  # noqa: S608 - only constants are joined


def search_parameters(search: Search) -> dict[str, Any]:
    """Return the parameters of ``POOL``."""
    return {
        "community": search.community_id,
        "case": search.case_id,
        "lon": search.lon,
        "lat": search.lat,
        "micro_grid": search.micro_grid_code,
        "reporters": list(search.reporter_ids),
        "now": search.now,
        "radius_m": search.radius_m,
        "candidates": search.candidates,
        "fresh_s": search.fresh_position_s,
        "refusal_s": search.remember_refusal_s,
    }


async def pool(session: ReadSession, search: Search) -> Pool:
    """Return everybody on duty, sorted by whether they may be asked for a case.

    Parameters
    ----------
    session
        Where.
    search
        For which case, and by which limits.
    """
    (row,) = await session.direct(_POOL, search_parameters(search))
    return as_pool(row.available, row.unavailable, row.counts)


def as_pool(
    available: list[dict[str, Any]], unavailable: list[dict[str, Any]], counts: dict[str, int]
) -> Pool:
    """Return the rows of ``POOL`` as what they mean."""
    return Pool(
        tuple(Available(**one | {"person_id": UUID(one["person_id"])}) for one in available),
        tuple(Unavailable(**one | {"person_id": UUID(one["person_id"])}) for one in unavailable),
        counts,
    )


@dataclass(frozen=True, slots=True)
class Ask:
    """Whom to ask, the first who is free; the figures stand in the same order."""

    responder_ids: Sequence[UUID]
    travel_s: Sequence[float]
    distance_m: Sequence[float]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Claimed:
    """The offer that was made."""

    offer_id: UUID
    responder_id: UUID
    responder_name: str
    travel_s: float
    distance_m: float
    expires_at: datetime


# The part that claims: the first of the asked who is free and held by nobody else. ``wanted`` has one row, or none
# when there is nothing to be offered.
CLAIM: LiteralString = """
asked AS (
    SELECT * FROM unnest(%(responders)s::uuid[], %(travel_s)s::float8[], %(distance_m)s::float8[])
        WITH ORDINALITY AS a(person_id, travel_s, distance_m, place)
),
picked AS (
    SELECT r.person_id, a.travel_s, a.distance_m FROM wanted CROSS JOIN asked a
    JOIN responder r ON r.community_id = %(community)s AND r.person_id = a.person_id
    WHERE r.on_duty AND r.live_load < r.capacity ORDER BY a.place LIMIT 1 FOR UPDATE OF r SKIP LOCKED
),
claimed AS (
    UPDATE responder r SET live_load = r.live_load + 1 FROM picked
    WHERE r.community_id = %(community)s AND r.person_id = picked.person_id
    RETURNING r.person_id, picked.travel_s, picked.distance_m
),
made AS (
    INSERT INTO offer (community_id, offer_id, case_id, responder_id, status, travel_s, distance_m, offered_at,
                       expires_at)
    SELECT %(community)s, %(offer)s, %(case)s, person_id, 'live', travel_s, distance_m, %(now)s, %(expires_at)s
    FROM claimed RETURNING offer_id, responder_id, travel_s, distance_m, expires_at
)
"""
_CLAIM_FOR_OPEN_CASE: LiteralString = f"""
WITH wanted AS (
    SELECT FROM "case" WHERE community_id = %(community)s AND case_id = %(case)s AND status = 'open'
    AND revision = %(revision)s FOR NO KEY UPDATE
), {CLAIM}, moved AS (
    UPDATE "case" SET status = 'offered', revision = revision + 1
    WHERE community_id = %(community)s AND case_id = %(case)s AND EXISTS (SELECT FROM made)
), told AS (
    INSERT INTO event (community_id, case_id, at, verb, from_status, to_status, data)
    SELECT %(community)s, %(case)s, %(now)s, 'offer', 'open', 'offered',
           jsonb_build_object('responder_id', responder_id, 'offer_id', offer_id) FROM made
)
SELECT made.*, p.name FROM made
JOIN person p ON p.community_id = %(community)s AND p.person_id = made.responder_id
"""  # noqa: S608 - only constants are joined


async def claim(
    session: WriteSession, community_id: str, case_id: UUID, revision: int, ask: Ask, *, now: datetime
) -> Claimed | None:
    """Offer an open case to the first free responder of those asked, or to nobody when all are taken.

    Parameters
    ----------
    session, community_id
        Where.
    case_id, revision
        The case as it was read.
    ask
        Whom, in order.
    now
        The time.
    """
    parameters = ask_parameters(ask) | {"community": community_id, "case": case_id, "now": now}
    rows = await session.direct(_CLAIM_FOR_OPEN_CASE, parameters | {"revision": revision})
    if not rows:
        return None
    (r,) = rows
    return Claimed(r.offer_id, r.responder_id, r.name, r.travel_s, r.distance_m, r.expires_at)


def ask_parameters(ask: Ask) -> dict[str, Any]:
    """Return the parameters of ``CLAIM``."""
    return {
        "responders": _array(ask.responder_ids),
        "travel_s": _array(ask.travel_s),
        "distance_m": _array(ask.distance_m),
        "expires_at": ask.expires_at,
        "offer": uuid4(),
    }


def _array(values: Sequence[UUID] | Sequence[float]) -> str:
    """Return an array's text: made at a tenth of the cost of psycopg's lists."""
    return "{" + ",".join(map(str, values)) + "}"


async def explain(  # noqa: PLR0917
    session: WriteSession,
    community_id: str,
    case_id: UUID,
    offer_id: UUID | None,
    explanation: dict[str, Any],
    now: datetime,
) -> None:
    """Store why somebody was asked, or why nobody was."""
    await session.direct(
        "INSERT INTO dispatch (community_id, dispatch_id, case_id, offer_id, at, explanation)"
        " VALUES (%(community)s, %(id)s, %(case)s, %(offer)s, %(at)s, %(explanation)s)",
        {
            "community": community_id,
            "id": uuid4(),
            "case": case_id,
            "offer": offer_id,
            "at": now,
            "explanation": Jsonb(explanation),
        },
    )


async def end(
    session: WriteSession,
    community_id: str,
    case_id: UUID,
    status: str,
    *,
    now: datetime,
    reason: str = "",
    offer_id: UUID | None = None,
) -> UUID | None:
    """End a case's live offer; unless it was accepted, the responder is free again.

    Parameters
    ----------
    session, community_id, case_id
        Which case.
    status
        What becomes of the offer: accepted, declined, expired or withdrawn.
    now, reason
        When, and why.
    offer_id
        Only this offer.

    Returns
    -------
    UUID or None
        Whose offer it was, or None when there was no live one.
    """
    rows = await session.direct(
        """
        WITH ended AS (
            UPDATE offer SET status = %(status)s, ended_at = %(now)s, reason = %(reason)s
            WHERE community_id = %(community)s AND case_id = %(case)s AND status = 'live'
            AND (%(offer)s::uuid IS NULL OR offer_id = %(offer)s) RETURNING responder_id
        ), freed AS (
            UPDATE responder SET live_load = live_load - 1
            WHERE community_id = %(community)s AND person_id IN (SELECT responder_id FROM ended)
            AND %(status)s <> 'accepted'
        )
        SELECT responder_id FROM ended
        """,
        {
            "community": community_id,
            "case": case_id,
            "offer": offer_id,
            "status": status,
            "now": now,
            "reason": reason,
        },
    )
    return rows[0].responder_id if rows else None


async def give_back(session: WriteSession, community_id: str, case_id: UUID, *, now: datetime) -> None:
    """Mark the accepted offer of a released case as withdrawn, so that its responder isn't asked again at once."""
    await session.direct(
        "UPDATE offer SET status = 'withdrawn', ended_at = %(now)s WHERE community_id = %(community)s"
        " AND case_id = %(case)s AND status = 'accepted'",
        {"community": community_id, "case": case_id, "now": now},
    )


async def lapsed(session: ReadSession, community_id: str, case_id: UUID) -> int:
    """Return how many offers of a case were declined or ran out since it was last opened, released or returned."""
    rows = await session.direct(
        """
        SELECT count(*) AS n FROM offer o WHERE o.community_id = %(community)s AND o.case_id = %(case)s
        AND o.status IN ('declined', 'expired') AND o.offered_at >= coalesce(
            (SELECT max(e.at) FROM event e WHERE e.community_id = %(community)s AND e.case_id = %(case)s
             AND e.verb IN ('reopen', 'release', 'return')), '-infinity')
        """,
        {"community": community_id, "case": case_id},
    )
    return int(rows[0].n)


async def overdue(session: ReadSession, now: datetime, *, limit: int) -> list[tuple[str, UUID]]:
    """Return live offers past their time, of all communities: what a lost job would have ended."""
    rows = await session.direct(
        "SELECT community_id, offer_id FROM offer WHERE status = 'live' AND expires_at <= %(now)s"
        " ORDER BY expires_at LIMIT %(limit)s",
        {"now": now, "limit": limit},
    )
    return [(row.community_id, row.offer_id) for row in rows]


async def standing(session: ReadSession, community_id: str) -> list[tuple[UUID, datetime]]:
    """Return a community's live offers with their ends."""
    rows = await session.direct(
        "SELECT offer_id, expires_at FROM offer WHERE community_id = %(community)s AND status = 'live'",
        {"community": community_id},
    )
    return [(row.offer_id, row.expires_at) for row in rows]


async def waiting(session: ReadSession, *, limit: int) -> list[tuple[str, UUID]]:
    """Return open cases that nobody was asked for yet and that were not escalated, urgent ones first."""
    rows = await session.direct(
        "SELECT community_id, case_id FROM \"case\" WHERE status = 'open' AND escalation = 0"
        " AND micro_grid_code IS NOT NULL ORDER BY urgent DESC, opened_at LIMIT %(limit)s",
        {"limit": limit},
    )
    return [(row.community_id, row.case_id) for row in rows]


async def case_of(
    session: ReadSession, community_id: str, offer_id: UUID
) -> tuple[UUID, str, datetime] | None:
    """Return an offer's case, status and end, or None when there is no such offer."""
    rows = await session.direct(
        "SELECT case_id, status, expires_at FROM offer WHERE community_id = %(community)s AND offer_id = %(offer)s",
        {"community": community_id, "offer": offer_id},
    )
    return (rows[0].case_id, rows[0].status, rows[0].expires_at) if rows else None
