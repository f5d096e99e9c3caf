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
# when there is nothing to be offered, and says whether that is urgent. Whoever is offered something is told of it in the
# same statement; the notice has the offer's id, and quiet hours don't silence it: who is on duty wants to hear of it.
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
),
noticed AS (
    INSERT INTO notice (community_id, notice_id, person_id, kind, case_id, dedup, urgent, created_at)
    SELECT %(community)s, offer_id, responder_id, 'offered', %(case)s, %(case)s::text || ':' || offer_id, wanted.urgent,
           %(now)s
    FROM made CROSS JOIN wanted
)
"""
_CLAIM_FOR_OPEN_CASE: LiteralString = f"""
WITH wanted AS (
    SELECT urgent FROM "case" WHERE community_id = %(community)s AND case_id = %(case)s AND status = 'open'
    AND revision = %(revision)s FOR NO KEY UPDATE
), {CLAIM}, moved AS (
    UPDATE "case" SET status = 'offered', revision = revision + 1
    WHERE community_id = %(community)s AND case_id = %(case)s AND EXISTS (SELECT FROM made)
), told AS (
    INSERT INTO event (community_id, case_id, at, actor_id, verb, from_status, to_status, reason, data)
    SELECT %(community)s, %(case)s, %(now)s, %(actor)s::uuid, 'offer', 'open', 'offered',
           %(reason)s, jsonb_build_object('responder_id', responder_id, 'offer_id', offer_id) FROM made
)
SELECT made.*, p.name FROM made
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
    parameters = ask_parameters(ask) | {"community": community_id, "case": case_id, "now": now}
    parameters |= {"actor": actor_id, "reason": reason}
    rows = await session.direct(_CLAIM_FOR_OPEN_CASE, parameters | {"revision": revision})
    if not rows:
        return None
    (r,) = rows
    return Claimed(r.offer_id, r.responder_id, r.name, r.travel_s, r.distance_m, r.expires_at)


def ask_parameters(ask: Ask) -> dict[str, Any]:
    """Return the parameters of ``CLAIM``."""
    return {
        "responders": array_text(ask.responder_ids),
        "travel_s": array_text(ask.travel_s),
        "distance_m": array_text(ask.distance_m),
        "expires_at": ask.expires_at,
        "offer": uuid4(),
    }


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
