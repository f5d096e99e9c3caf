"""Reading musters: their counts, who was called, one's own calls, and what happens for the live stream."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from gis.store.musters import MusterFacts
from gis.store.session import ReadSession
from gis.words import COUNTED_TO


@dataclass(frozen=True, slots=True)
class MusterRow(MusterFacts):
    """A muster with how many are called, coming and there, of people and of vehicles."""

    place_text: str
    grid_code: str | None
    created_at: datetime
    stood_down_at: datetime | None
    created_by: str
    called: int
    declined: int
    people_coming: int
    people_arrived: int
    vehicles_coming: int
    vehicles_arrived: int


_ROWS: LiteralString = """
SELECT m.muster_id, m.title, m.case_id, m.people, m.vehicles, m.skills, m.off_duty, m.status, m.wave, m.next_wave_at,
       st_x(m.geom) AS lon, st_y(m.geom) AS lat, m.place_text, m.grid_code, m.created_at, m.stood_down_at,
       p.name AS created_by, n.called, n.declined, n.people_coming, n.people_arrived, n.vehicles_coming,
       n.vehicles_arrived
FROM muster m
JOIN person p ON p.community_id = m.community_id AND p.person_id = m.created_by
CROSS JOIN LATERAL (
    SELECT count(*) AS called, count(*) FILTER (WHERE c.status = 'declined') AS declined,
           count(*) FILTER (WHERE c.seat = 'person' AND c.status = 'on_the_way') AS people_coming,
           count(*) FILTER (WHERE c.seat = 'person' AND c.arrived_at IS NOT NULL
                            AND c.status IN ('arrived', 'stood_down')) AS people_arrived,
           count(*) FILTER (WHERE c.seat = 'vehicle' AND c.status = 'on_the_way') AS vehicles_coming,
           count(*) FILTER (WHERE c.seat = 'vehicle' AND c.arrived_at IS NOT NULL
                            AND c.status IN ('arrived', 'stood_down')) AS vehicles_arrived
    FROM muster_call c WHERE c.community_id = m.community_id AND c.muster_id = m.muster_id
) n
"""

_FIRST: LiteralString = """
SELECT count(*) AS n FROM (SELECT 1 FROM muster m WHERE m.community_id = %(community)s
"""
_CALLED: LiteralString = """
          AND m.muster_id = ANY(ARRAY(SELECT c.muster_id FROM muster_call c WHERE c.community_id = %(community)s
                                      AND c.person_id = %(called)s))
"""
"""Of one who was called: by their calls, however many musters there were."""


async def muster_rows(
    session: ReadSession,
    community_id: str,
    *,
    called: UUID | None = None,
    muster_id: UUID | None = None,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[MusterRow]:
    """Return musters, those still calling first, then the newest.

    Parameters
    ----------
    session, community_id
        Where.
    called
        Only those to which this person was called.
    muster_id
        Only this one.
    after
        When the last one already seen was made, and which it was.
    limit
        How many at most.
    """
    rows = await session.direct(
        _ROWS
        + """
        WHERE m.community_id = %(community)s
          AND (%(muster)s::uuid IS NULL OR m.muster_id = %(muster)s)
          AND (%(at)s::timestamptz IS NULL OR (m.created_at, m.muster_id) < (%(at)s::timestamptz, %(last)s::uuid))
        """
        + (_CALLED if called else "")
        + "ORDER BY m.created_at DESC, m.muster_id DESC LIMIT %(limit)s",
        {
            "community": community_id,
            "called": called,
            "muster": muster_id,
            "at": after[0] if after else None,
            "last": after[1] if after else None,
            "limit": limit,
        },
    )
    return [MusterRow(*row) for row in rows]


async def muster_count(session: ReadSession, community_id: str, called: UUID | None) -> int:
    """Return how many musters there were, or to how many a person was called; ``COUNTED_TO`` at most."""
    rows = await session.direct(
        _FIRST + (_CALLED if called else "") + "LIMIT %(most)s) AS first",
        {"community": community_id, "called": called, "most": COUNTED_TO},
    )
    return int(rows[0].n)


@dataclass(frozen=True, slots=True)
class CallFacts:
    """One who was called: who, as what, and how they stand."""

    person_id: UUID
    name: str
    seat: str
    mode: str
    wave: int
    status: str
    travel_s: float
    distance_m: float
    called_at: datetime
    answered_at: datetime | None
    arrived_at: datetime | None


async def call_rows(
    session: ReadSession, community_id: str, muster_id: UUID, person_id: UUID | None = None
) -> list[CallFacts]:
    """Return those who were called, or only one of them; who is there first, then who is coming."""
    rows = await session.direct(
        """
        SELECT c.person_id, p.name, c.seat, r.mode, c.wave, c.status, c.travel_s, c.distance_m, c.called_at, c.answered_at,
               c.arrived_at
        FROM muster_call c
        JOIN person p ON p.community_id = c.community_id AND p.person_id = c.person_id
        JOIN responder r ON r.community_id = c.community_id AND r.person_id = c.person_id
        WHERE c.community_id = %(community)s AND c.muster_id = %(muster)s
          AND (%(person)s::uuid IS NULL OR c.person_id = %(person)s)
        ORDER BY array_position(ARRAY['arrived', 'on_the_way', 'called', 'no_answer', 'declined', 'stood_down'], c.status),
                 c.travel_s, c.person_id
        """,
        {"community": community_id, "muster": muster_id, "person": person_id},
    )
    return [CallFacts(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class MusterNews:
    """Something happened at a muster; ``people`` are those who may hear of it besides the office."""

    transaction_id: int
    serial: int
    community_id: str
    muster_id: UUID
    verb: str
    people: Sequence[UUID]

    @property
    def bookmark(self) -> tuple[int, int]:
        """Where a reader of the stream stands who has heard this."""
        return (self.transaction_id, self.serial)


async def musters_after(
    session: ReadSession, bookmark: tuple[int, int], *, settled: int, limit: int
) -> list[MusterNews]:
    """Return the settled events of all musters after a bookmark, in order (see ``gis.store.event_reading``)."""
    rows = await session.direct(
        """
        SELECT e.transaction_id::text::bigint AS transaction_id, e.muster_event_id, e.community_id, e.muster_id, e.verb,
               array(SELECT c.person_id FROM muster_call c
                     WHERE c.community_id = e.community_id AND c.muster_id = e.muster_id) AS people
        FROM muster_event e
        WHERE e.transaction_id < %(settled)s::text::xid8
          AND (e.transaction_id, e.muster_event_id) > (%(transaction)s::text::xid8, %(serial)s::bigint)
        ORDER BY e.transaction_id, e.muster_event_id LIMIT %(limit)s
        """,
        {
            "settled": str(settled),
            "transaction": str(bookmark[0]),
            "serial": bookmark[1],
            "limit": limit,
        },
    )
    return [MusterNews(*row) for row in rows]
