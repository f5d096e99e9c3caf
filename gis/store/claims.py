"""The claim that no two can win: the first of those asked who is free, skipping whom another transaction holds.

Locks are taken in one order everywhere: the case, then its offer, then the responder. A claim neither waits for a
responder nor fails; who lost finds nobody and asks again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from gis.store.session import WriteSession
from gis.store.singles import array_text
from gis.words import Offer


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

    def offer(self, case_id: UUID) -> Offer:
        """Return it as everybody else knows it: what was offered to whom."""
        return Offer(
            self.offer_id,
            case_id,
            self.responder_id,
            self.responder_name,
            self.travel_s,
            self.distance_m,
            self.expires_at,
        )


def claimed_of(row: Any) -> Claimed | None:
    """Return the offer that a row tells of, if it tells of one."""
    if row.offer_id is None:
        return None
    return Claimed(
        row.offer_id,
        row.responder_id,
        row.responder_name,
        row.travel_s,
        row.distance_m,
        row.expires_at,
    )


# The part that looks for somebody: for each row of ``wanted`` (when something is to be offered: what, whom to ask in which
# order) the first of the asked who is free and held by nobody else. Where several rows of one statement find the same
# person, ``room`` says how many of them, counted by ``nth``, they may have.
PICK: LiteralString = """
picked AS (
    SELECT w.case_id, free.*, row_number() OVER (PARTITION BY free.person_id ORDER BY w.place) AS nth
    FROM wanted w CROSS JOIN LATERAL (
        SELECT r.person_id, r.capacity - r.live_load AS room, a.travel_s, a.distance_m
        FROM unnest(w.responders, w.travel_s, w.distance_m) WITH ORDINALITY AS a(person_id, travel_s, distance_m, place)
        JOIN responder r ON r.community_id = %(community)s AND r.person_id = a.person_id
        WHERE r.on_duty AND r.live_load < r.capacity ORDER BY a.place LIMIT 1 FOR UPDATE OF r SKIP LOCKED
    ) free
)
"""
# The part that claims: ``chosen`` are rows of ``picked`` and ``wanted`` for which there is room. Whoever is offered
# something is told of it in the same statement; the notice has the offer's id, and quiet hours don't silence it: who is on
# duty wants to hear of it.
CLAIM: LiteralString = """
claimed AS (
    UPDATE responder r SET live_load = r.live_load + more.cases
    FROM (SELECT person_id, count(*) AS cases FROM chosen GROUP BY person_id) more
    WHERE r.community_id = %(community)s AND r.person_id = more.person_id RETURNING r.person_id
),
made AS (
    INSERT INTO offer (community_id, offer_id, case_id, responder_id, status, travel_s, distance_m, offered_at,
                       expires_at)
    SELECT %(community)s, c.offer_id, c.case_id, c.person_id, 'live', c.travel_s, c.distance_m, %(now)s, c.expires_at
    FROM chosen c JOIN claimed ON claimed.person_id = c.person_id
    RETURNING case_id, offer_id, responder_id, travel_s, distance_m, expires_at
),
noticed AS (
    INSERT INTO notice (community_id, notice_id, person_id, kind, case_id, dedup, urgent, created_at)
    SELECT %(community)s, c.offer_id, c.person_id, 'offered', c.case_id, c.case_id::text || ':' || c.offer_id, c.urgent,
           %(now)s
    FROM chosen c
)
"""
_CLAIM_FOR_OPEN_CASE: LiteralString = f"""
WITH wanted AS (
    SELECT 1 AS place, case_id, %(offer)s::uuid AS offer_id, urgent, %(expires_at)s::timestamptz AS expires_at,
           %(responders)s::uuid[] AS responders, %(travel_s)s::float8[] AS travel_s, %(distance_m)s::float8[] AS distance_m
    FROM "case" WHERE community_id = %(community)s AND case_id = %(case)s AND status = 'open'
    AND revision = %(revision)s FOR NO KEY UPDATE
), {PICK}, chosen AS (
    SELECT w.case_id, w.offer_id, w.urgent, w.expires_at, p.person_id, p.travel_s, p.distance_m
    FROM wanted w JOIN picked p ON p.case_id = w.case_id
), {CLAIM}, moved AS (
    UPDATE "case" SET status = 'offered', revision = revision + 1
    WHERE community_id = %(community)s AND case_id = %(case)s AND EXISTS (SELECT FROM made)
), told AS (
    INSERT INTO event (community_id, case_id, at, actor_id, verb, from_status, to_status, reason, data)
    SELECT %(community)s, %(case)s, %(now)s, %(actor)s::uuid, 'offer', 'open', 'offered',
           %(reason)s, jsonb_build_object('responder_id', responder_id, 'offer_id', offer_id) FROM made
)
SELECT made.*, p.name AS responder_name FROM made
JOIN person p ON p.community_id = %(community)s AND p.person_id = made.responder_id
"""  # noqa: S608 - only constants are joined


async def claim(
    session: WriteSession,
    community_id: str,
    case_id: UUID,
    revision: int,
    ask: Ask,
    *,
    now: datetime,
    actor_id: UUID | None = None,
    reason: str = "",
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
    actor_id, reason
        Who of the office named the one that is asked, and why; None: the service.
    """
    parameters = {
        "community": community_id,
        "case": case_id,
        "revision": revision,
        "offer": uuid4(),
        "responders": array_text(ask.responder_ids),
        "travel_s": array_text(ask.travel_s),
        "distance_m": array_text(ask.distance_m),
        "expires_at": ask.expires_at,
        "now": now,
        "actor": actor_id,
        "reason": reason,
    }
    rows = await session.direct(_CLAIM_FOR_OPEN_CASE, parameters)
    return claimed_of(rows[0]) if rows else None


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
