"""Cases that wait and responders that are free, for solving them together; and the claim of all pairs at once.

Nothing is locked while the answer is being worked out. The claim then takes each pair only when the case is still as it
was read and the responder still has room, and skips whatever another transaction holds: pairs that were lost on the way
wait for the next turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

from psycopg.types.json import Jsonb

from gis.store.orders import COMPANIONS
from gis.store.session import ReadSession, WriteSession

# Nobody is asked for them now, of several seats of an order only one at a time (nobody gets two), and the ladder has not brought them to the office: the levels above 1 are the office's.
WAITING: LiteralString = """
    "case" c WHERE c.community_id = %(community)s AND c.status = 'open' AND c.escalation < 2
    AND c.micro_grid_code IS NOT NULL AND c.paused_at IS NULL
    AND (c.starts_at IS NULL OR NOT EXISTS (
        SELECT FROM order_seat s
        JOIN order_seat b ON b.community_id = s.community_id AND b.order_id = s.order_id AND b.day = s.day AND b.seat < s.seat
        JOIN "case" e ON e.community_id = b.community_id AND e.case_id = b.case_id AND e.status = 'open' AND e.escalation < 2
        WHERE s.community_id = c.community_id AND s.case_id = c.case_id))
"""


class WaitingCase(NamedTuple):
    """An open case that responders may be asked for."""

    case_id: UUID
    revision: int
    category: str
    urgent: bool
    escalation: int
    lon: float
    lat: float
    grid_code: str | None
    micro_grid_code: str
    building_id: UUID | None
    reporter_ids: Sequence[UUID]
    languages: Sequence[str]


class Pair(NamedTuple):
    """A case and who is to be asked for it."""

    case_id: UUID
    revision: int
    offer_id: UUID
    person_id: UUID
    travel_s: float
    distance_m: float
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """Why somebody was asked for a case."""

    dispatch_id: UUID
    case_id: UUID
    offer_id: UUID
    explanation: dict[str, Any]


async def any_waiting(session: ReadSession, community_id: str) -> bool:
    """Tell whether a case of a community waits."""
    rows = await session.direct(
        f"SELECT EXISTS (SELECT FROM {WAITING}) AS waits",  # noqa: S608 - only constants are joined
        {"community": community_id},
    )
    return bool(rows[0].waits)


async def waiting_cases(session: ReadSession, community_id: str, *, limit: int) -> list[WaitingCase]:
    """Return cases that wait: urgent ones first, then who waits longest."""
    rows = await session.direct(
        f"""
        SELECT c.case_id, c.revision, c.category, c.urgent, c.escalation, st_x(c.geom) AS lon, st_y(c.geom) AS lat, c.grid_code,
               c.micro_grid_code, c.building_id, coalesce(who.ids, '{{}}') AS ids,
               coalesce(who.languages, '{{}}') AS languages
        FROM (SELECT * FROM {WAITING} ORDER BY c.urgent DESC, c.opened_at, c.case_id LIMIT %(limit)s) c
        CROSS JOIN LATERAL (
            SELECT array_agg(DISTINCT p.person_id) AS ids, array_agg(DISTINCT p.language) AS languages
            FROM report r JOIN person p ON p.community_id = r.community_id AND p.person_id = r.reporter_id
            WHERE r.community_id = c.community_id AND r.case_id = c.case_id) who
        ORDER BY c.urgent DESC, c.opened_at, c.case_id
        """,  # noqa: S608 - only constants are joined
        {"community": community_id, "limit": limit},
    )
    return [WaitingCase(*row) for row in rows]


async def refusals(
    session: ReadSession, community_id: str, case_ids: Sequence[UUID], *, since: datetime
) -> tuple[set[tuple[UUID, UUID]], set[tuple[UUID, UUID]]]:
    """Return who let an offer of which case pass since a moment, and who has another seat of its order: (case, person)."""
    rows = await session.direct(
        f"""
        SELECT case_id, responder_id, false AS seated FROM offer WHERE community_id = %(community)s AND case_id = ANY(%(cases)s)
        AND status IN ('declined', 'expired', 'withdrawn') AND ended_at > %(since)s
        UNION SELECT b.case_id, b.person_id, true FROM ({COMPANIONS}) b
        """,  # noqa: S608 - only constants are joined
        {"community": community_id, "cases": list(case_ids), "since": since},
    )
    found: tuple[set[tuple[UUID, UUID]], set[tuple[UUID, UUID]]] = (set(), set())
    for row in rows:
        found[row.seated].add((row.case_id, row.responder_id))
    return found


_CLAIM: LiteralString = """
WITH wanted AS (
    SELECT * FROM unnest(%(cases)s::uuid[], %(revisions)s::integer[], %(offers)s::uuid[], %(people)s::uuid[],
                         %(travel_s)s::float8[], %(distance_m)s::float8[], %(expires)s::timestamptz[])
        WITH ORDINALITY AS w(case_id, revision, offer_id, person_id, travel_s, distance_m, expires_at, place)
),
held AS (
    SELECT c.case_id, c.urgent FROM "case" c JOIN wanted w ON w.case_id = c.case_id
    WHERE c.community_id = %(community)s AND c.status = 'open' AND c.revision = w.revision
    ORDER BY c.case_id FOR NO KEY UPDATE OF c SKIP LOCKED
),
free AS (
    SELECT r.person_id, r.capacity - r.live_load AS room FROM responder r
    WHERE r.community_id = %(community)s AND r.person_id IN (SELECT w.person_id FROM wanted w JOIN held USING (case_id))
    AND r.on_duty AND r.live_load < r.capacity ORDER BY r.person_id FOR UPDATE SKIP LOCKED
),
won AS (
    SELECT n.*, free.room FROM (
        SELECT w.*, held.urgent, row_number() OVER (PARTITION BY w.person_id ORDER BY w.place) AS nth
        FROM wanted w JOIN held USING (case_id)
    ) n JOIN free USING (person_id) WHERE n.nth <= free.room
),
claimed AS (
    UPDATE responder r SET live_load = r.live_load + w.n
    FROM (SELECT person_id, count(*) AS n FROM won GROUP BY person_id) w
    WHERE r.community_id = %(community)s AND r.person_id = w.person_id
),
made AS (
    INSERT INTO offer (community_id, offer_id, case_id, responder_id, status, travel_s, distance_m, offered_at, expires_at)
    SELECT %(community)s, offer_id, case_id, person_id, 'live', travel_s, distance_m, %(now)s, expires_at FROM won
),
noticed AS (
    INSERT INTO notice (community_id, notice_id, person_id, kind, case_id, dedup, urgent, created_at)
    SELECT %(community)s, offer_id, person_id, 'offered', case_id, case_id::text || ':' || offer_id, urgent, %(now)s
    FROM won
),
moved AS (
    UPDATE "case" c SET status = 'offered', revision = c.revision + 1 FROM won
    WHERE c.community_id = %(community)s AND c.case_id = won.case_id
),
told AS (
    INSERT INTO event (community_id, case_id, at, verb, from_status, to_status, data)
    SELECT %(community)s, case_id, %(now)s, 'offer', 'open', 'offered',
           jsonb_build_object('responder_id', person_id, 'offer_id', offer_id) FROM won ORDER BY place
)
SELECT offer_id FROM won
"""


async def claim_all(
    session: WriteSession, community_id: str, pairs: Sequence[Pair], *, now: datetime
) -> set[UUID]:
    """Offer each case to its responder, where both are still as they were read, and return the offers made.

    Parameters
    ----------
    session, community_id
        Where.
    pairs
        No case twice; a responder as often as they have room.
    now
        The time.
    """
    columns = list(map(list, zip(*pairs, strict=True)))
    names = ("cases", "revisions", "offers", "people", "travel_s", "distance_m", "expires")
    parameters = dict(zip(names, columns, strict=True)) | {"community": community_id, "now": now}
    return {row.offer_id for row in await session.direct(_CLAIM, parameters)}


async def explain_all(session: WriteSession, community_id: str, told: Sequence[Told], now: datetime) -> None:
    """Store why each was asked."""
    rows = [
        {
            "id": str(one.dispatch_id),
            "case": str(one.case_id),
            "offer": str(one.offer_id),
            "why": one.explanation,
        }
        for one in told
    ]
    await session.direct(
        """
        INSERT INTO dispatch (community_id, dispatch_id, case_id, offer_id, at, explanation)
        SELECT %(community)s, id, "case", offer, %(now)s, why
        FROM jsonb_to_recordset(%(rows)s) AS t(id uuid, "case" uuid, offer uuid, why jsonb)
        """,
        {"community": community_id, "now": now, "rows": Jsonb(rows)},
    )
