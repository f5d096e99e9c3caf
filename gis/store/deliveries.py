"""What is on its way to group robots: an outbox whose rows one worker at a time carries out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from gis.store.session import ReadSession, WriteSession
from gis.words import Notice


async def enqueue(
    session: WriteSession,
    community_id: str,
    notice: Notice,
    robot_ids: Sequence[UUID],
    *,
    dedup: str,
    counts: Mapping[str, int],
    now: datetime,
    due_at: datetime,
) -> list[UUID]:
    """Store what robots are to be told, once each; return the new deliveries.

    Parameters
    ----------
    session, community_id, notice, robot_ids
        What is told to whom.
    dedup
        Which notices of one kind are the same.
    counts
        The figures that may leave the service.
    now, due_at
        When it is made, and when it may be sent.
    """
    rows = await session.direct(
        """
        INSERT INTO delivery (community_id, delivery_id, robot_id, kind, case_id, dedup, urgent, data, created_at, due_at)
        SELECT %(community)s, d.delivery_id, d.robot_id, %(kind)s, %(case)s::uuid, %(dedup)s, %(urgent)s, %(data)s,
               %(now)s, %(due)s
        FROM unnest(%(ids)s::uuid[], %(robots)s::uuid[]) AS d(delivery_id, robot_id) ORDER BY d.robot_id
        ON CONFLICT (community_id, robot_id, kind, dedup) DO NOTHING
        RETURNING delivery_id
        """,
        {
            "community": community_id,
            "ids": [uuid4() for _ in robot_ids],
            "robots": list(robot_ids),
            "kind": notice.kind,
            "case": notice.case_id,
            "dedup": dedup,
            "urgent": notice.urgent,
            "data": Jsonb(dict(counts)),
            "now": now,
            "due": due_at,
        },
    )
    return [row.delivery_id for row in rows]


@dataclass(frozen=True, slots=True)
class Sending:
    """A delivery that this worker alone has begun."""

    delivery_id: UUID
    kind: str
    urgent: bool
    case_id: UUID | None
    counts: Mapping[str, int]
    attempts: int
    robot_kind: str
    address: str = field(repr=False)
    language: str
    number: str
    category: str
    category_en: str
    grid_code: str


async def begin(session: WriteSession, community_id: str, delivery_id: UUID, now: datetime) -> Sending | None:
    """Take a delivery that is due; None when another worker has it, it isn't due, is done, or its robot is off.

    Once this is committed, a message whose end isn't stored was perhaps sent: ``forget_lost`` gives it up.
    """
    rows = await session.direct(
        """
        WITH due AS (
            SELECT d.community_id, d.delivery_id FROM delivery d
            JOIN robot r ON r.community_id = d.community_id AND r.robot_id = d.robot_id AND r.enabled
            WHERE d.community_id = %(community)s AND d.delivery_id = %(delivery)s AND d.state = 'waiting'
              AND d.due_at <= %(now)s
            FOR UPDATE OF d SKIP LOCKED
        ), begun AS (
            UPDATE delivery d SET state = 'sending', attempts = d.attempts + 1, started_at = %(now)s
            FROM due WHERE d.community_id = due.community_id AND d.delivery_id = due.delivery_id
            RETURNING d.community_id, d.delivery_id, d.robot_id, d.kind, d.urgent, d.case_id, d.data, d.attempts
        )
        SELECT b.delivery_id, b.kind, b.urgent, b.case_id, b.data, b.attempts, r.kind AS robot_kind, r.address,
               r.language, CASE WHEN c.case_id IS NULL THEN '' ELSE
                   to_char(timezone(m.timezone, c.opened_at), 'YYYYMMDD') || '-'
                   || lpad(c.number::text, greatest(5, length(c.number::text)), '0') END AS number,
               coalesce(g.name, '') AS category,
               coalesce(g.name_en, '') AS category_en, coalesce(c.grid_code, '') AS grid_code
        FROM begun b
        JOIN robot r ON r.community_id = b.community_id AND r.robot_id = b.robot_id
        JOIN community m ON m.community_id = b.community_id
        LEFT JOIN "case" c ON c.community_id = b.community_id AND c.case_id = b.case_id
        LEFT JOIN category g ON g.code = c.category
        """,
        {"community": community_id, "delivery": delivery_id, "now": now},
    )
    return Sending(*rows[0]) if rows else None


async def settle(
    session: WriteSession,
    community_id: str,
    delivery_id: UUID,
    state: str,
    *,
    now: datetime,
    error: str = "",
    due_at: datetime | None = None,
) -> bool:
    """Store what became of a message that was begun; False when it was given up meanwhile.

    Parameters
    ----------
    session, community_id, delivery_id
        Which.
    state
        ``sent``, ``failed``, ``unknown``, or ``waiting`` until ``due_at``.
    now, error, due_at
        When, why not, and when again.
    """
    rows = await session.direct(
        """
        UPDATE delivery SET state = %(state)s, error = %(error)s, due_at = coalesce(%(due)s::timestamptz, due_at),
            ended_at = CASE WHEN %(state)s = 'waiting' THEN NULL ELSE %(now)s::timestamptz END
        WHERE community_id = %(community)s AND delivery_id = %(delivery)s AND state = 'sending'
        RETURNING delivery_id
        """,
        {
            "community": community_id,
            "delivery": delivery_id,
            "state": state,
            "error": error,
            "due": due_at,
            "now": now,
        },
    )
    return bool(rows)


async def late(session: ReadSession, before: datetime, limit: int) -> list[tuple[str, UUID]]:
    """Return deliveries that were due before a moment and not begun: their job was lost."""
    rows = await session.direct(
        "SELECT d.community_id, d.delivery_id FROM delivery d"
        " JOIN robot r ON r.community_id = d.community_id AND r.robot_id = d.robot_id AND r.enabled"
        " WHERE d.state = 'waiting' AND d.due_at < %(before)s ORDER BY d.due_at LIMIT %(limit)s",
        {"before": before, "limit": limit},
    )
    return [(row.community_id, row.delivery_id) for row in rows]


async def give_up(
    session: WriteSession, *, begun_before: datetime, made_before: datetime, now: datetime
) -> int:
    """Give up what was begun and never ended (a worker died: perhaps sent), and what is too old to be news.

    Parameters
    ----------
    session
        A writing session; all communities.
    begun_before, made_before
        What was begun, or is waiting since, before these moments.
    now
        The time.
    """
    rows = await session.direct(
        """
        UPDATE delivery SET ended_at = %(now)s, state = CASE state WHEN 'sending' THEN 'unknown' ELSE 'failed' END,
            error = CASE state WHEN 'sending' THEN 'interrupted' ELSE 'too late' END
        WHERE (state = 'sending' AND started_at < %(begun)s) OR (state = 'waiting' AND created_at < %(made)s)
        RETURNING delivery_id
        """,
        {"begun": begun_before, "made": made_before, "now": now},
    )
    return len(rows)


@dataclass(frozen=True, slots=True)
class DeliveryState:
    """How a community's messages to robots stand."""

    robot_id: UUID
    name: str
    enabled: bool
    waiting: int
    failed: int
    unknown: int
    error: str
    """The latest."""


async def delivery_states(
    session: ReadSession, since: datetime, community_id: str | None = None
) -> list[DeliveryState]:
    """Return, for each robot, what waits and what was given up since a moment."""
    rows = await session.direct(
        """
        SELECT r.robot_id, r.name, r.enabled, count(*) FILTER (WHERE d.state IN ('waiting', 'sending')) AS waiting,
               count(*) FILTER (WHERE d.state = 'failed') AS failed,
               count(*) FILTER (WHERE d.state = 'unknown') AS unknown,
               coalesce((array_agg(d.error ORDER BY d.created_at DESC) FILTER (WHERE d.error <> ''))[1], '') AS error
        FROM robot r LEFT JOIN delivery d ON d.community_id = r.community_id AND d.robot_id = r.robot_id
            AND d.created_at >= %(since)s
        WHERE %(community)s::text IS NULL OR r.community_id = %(community)s
        GROUP BY r.community_id, r.robot_id, r.name, r.enabled, r.created_at
        ORDER BY r.community_id, r.created_at
        """,
        {"since": since, "community": community_id},
    )
    return [DeliveryState(*row) for row in rows]
