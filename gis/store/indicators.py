"""Counting what indicators are made of: sums of days, kept up from the stream of events.

Every change of a case appends an event. Counting takes the events since the last time, and for each case that they are
about replaces what it had put into the sums by what it puts into them now. See docs/decisions/0035.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from gis.store.event_reading import settled_before
from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class Counted:
    """How far counting has come."""

    events: int
    """Taken this time."""
    behind: bool
    """There are more."""


# Held by who counts; a second one at the same time leaves it to the first.
_HOLD: LiteralString = """
SELECT transaction_id::text::bigint AS transaction_id, event_id FROM indicator_state
WHERE community_id = %(community)s FOR UPDATE SKIP LOCKED
"""
_TOUCHED: LiteralString = """
SELECT count(*) AS events, array_agg(DISTINCT case_id) AS cases,
       (array_agg(transaction_id::text::bigint ORDER BY transaction_id DESC, event_id DESC))[1] AS transaction_id,
       (array_agg(event_id ORDER BY transaction_id DESC, event_id DESC))[1] AS event_id
FROM (
    SELECT transaction_id, event_id, case_id FROM event
    WHERE community_id = %(community)s AND transaction_id < %(settled)s::text::xid8
    AND (transaction_id, event_id) > (%(transaction)s::text::xid8, %(event)s::bigint)
    ORDER BY transaction_id, event_id LIMIT %(most)s
) taken
"""
_ROW: LiteralString = (
    "case_id, grid_code, micro_grid_code, category, days, measures, buckets, amounts, kinds, keys"
)
_ORDER: LiteralString = "s.measure, s.kind, s.key, s.at, s.bucket, s.amount"
_COUNTS: LiteralString = "WHERE s.measure IS NOT NULL"
# A duration's bucket: eight to an octave from one second on, the first is 1; ``gis.indicators.times`` reads them.
_BUCKET: LiteralString = """
(1 + least(%(last_bucket)s, floor(8 * ln(greatest(1, extract(epoch FROM {}))) / ln(2))))::int
"""
# Only what differs from what a case was counted as goes into the sums: most events change nothing of it.
_COUNT: LiteralString = f"""
WITH held AS (
    SELECT c.*, m.timezone AS zone, coalesce(c.done_at, c.closed_at) AS ready_at,
           c.status = 'closed' AS over, c.status IN ('rejected', 'cancelled') AS aside,
           CASE WHEN c.reopened = 0 THEN c.answered_at ELSE least(c.answered_at, (
               SELECT min(e.at) FROM event e WHERE e.community_id = c.community_id AND e.case_id = c.case_id
               AND e.verb IN ('accept', 'accept_hand_over', 'refer', 'decide', 'done', 'reject'))) END AS first_answer,
           g.family, f.sources
    FROM "case" c JOIN community m ON m.community_id = c.community_id
    JOIN category g ON g.code = c.category
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(r.source), '{{}}') AS sources FROM report r
        WHERE r.community_id = c.community_id AND r.case_id = c.case_id) f
    WHERE c.community_id = %(community)s AND c.case_id = ANY(%(cases)s)
), said AS (
    SELECT case_id, opened_at AS at, zone, unnest(ARRAY['opened', CASE WHEN urgent THEN 'urgent' END,
        CASE WHEN family = 'hazard' AND 'patrol' = ANY(sources) THEN 'hazards' END,
        CASE WHEN category = 'dispute' THEN 'disputes' END]) AS measure, 0 AS bucket, 1 AS amount, '' AS kind, '' AS key
    FROM held WHERE merged_into IS NULL
    UNION ALL
    SELECT case_id, resolve_due_at, zone, unnest(ARRAY['due', CASE WHEN over THEN 'due_closed' END,
        CASE WHEN over AND ready_at <= resolve_due_at THEN 'due_on_time' END,
        CASE WHEN 'hotline' = ANY(sources) THEN 'hotline_due' END,
        CASE WHEN 'hotline' = ANY(sources) AND over THEN 'hotline_closed' END]), 0, 1, '', ''
    FROM held WHERE NOT aside
    UNION ALL
    SELECT case_id, closed_at, zone, unnest(ARRAY[CASE WHEN over THEN 'closed' ELSE 'set_aside' END,
        CASE WHEN category = 'dispute' THEN 'disputes_ended' END,
        CASE WHEN category = 'dispute' AND over THEN 'disputes_settled' END]), 0, 1, '', ''
    FROM held WHERE closed_at IS NOT NULL AND (over OR aside) AND merged_into IS NULL
    UNION ALL
    SELECT case_id, closed_at, zone, 'closed', 0, 1, 'person', assignee_id::text
    FROM held WHERE over AND closed_at IS NOT NULL AND assignee_id IS NOT NULL
    UNION ALL
    SELECT case_id, first_answer, zone, 'answer', {_BUCKET.format("first_answer - opened_at")}, 1, '', ''
    FROM held WHERE first_answer IS NOT NULL AND merged_into IS NULL
    UNION ALL
    SELECT case_id, closed_at, zone, 'resolve', {_BUCKET.format("ready_at - opened_at")}, 1, '', ''
    FROM held WHERE over AND closed_at IS NOT NULL
    UNION ALL
    SELECT h.case_id, e.at, h.zone, 'reopened', 0, 1, '', '' FROM held h
    JOIN event e ON e.community_id = h.community_id AND e.case_id = h.case_id AND e.verb = 'reopen'
    WHERE h.reopened > 0
    UNION ALL
    SELECT h.case_id, r.received_at, h.zone, 'reports', 0, 1, k.kind, k.key FROM held h
    JOIN report r ON r.community_id = h.community_id AND r.case_id = h.case_id
    CROSS JOIN LATERAL (VALUES ('', ''), ('source', r.source)) k(kind, key)
    UNION ALL
    SELECT h.case_id, r.at, h.zone, v.measure, 0, 1, '', '' FROM held h
    JOIN rating r ON r.community_id = h.community_id AND r.case_id = h.case_id
    CROSS JOIN LATERAL (VALUES ('rated'), (CASE WHEN r.stars >= 4 THEN 'satisfied' END)) v(measure)
    UNION ALL
    SELECT h.case_id, l.at, h.zone, v.measure, 0, l.sign * v.amount, k.kind, k.key FROM held h
    JOIN service s ON s.community_id = h.community_id AND s.case_id = h.case_id
    JOIN LATERAL (
        SELECT b.at, 1 AS sign, b.points FROM ledger b
        WHERE b.community_id = s.community_id AND b.service_id = s.service_id
        UNION ALL
        SELECT t.at, -1, b.points FROM ledger b
        JOIN ledger t ON t.community_id = b.community_id AND t.reverses = b.entry_id
        WHERE b.community_id = s.community_id AND b.service_id = s.service_id) l ON true
    CROSS JOIN LATERAL (VALUES ('hours', round(100 * s.hours)::int), ('points', l.points)) v(measure, amount)
    CROSS JOIN LATERAL (VALUES ('', ''), ('person', s.person_id::text)) k(kind, key)
), fresh AS (
    SELECT h.case_id, h.grid_code, h.micro_grid_code, h.category,
           coalesce(array_agg(timezone(s.zone, s.at)::date ORDER BY {_ORDER}) FILTER ({_COUNTS}), '{{}}') AS days,
           coalesce(array_agg(s.measure ORDER BY {_ORDER}) FILTER ({_COUNTS}), '{{}}') AS measures,
           coalesce(array_agg(s.bucket::smallint ORDER BY {_ORDER}) FILTER ({_COUNTS}), '{{}}') AS buckets,
           coalesce(array_agg(s.amount ORDER BY {_ORDER}) FILTER ({_COUNTS}), '{{}}') AS amounts,
           coalesce(array_agg(s.kind ORDER BY {_ORDER}) FILTER ({_COUNTS}), '{{}}') AS kinds,
           coalesce(array_agg(s.key ORDER BY {_ORDER}) FILTER ({_COUNTS}), '{{}}') AS keys
    FROM held h LEFT JOIN said s ON s.case_id = h.case_id GROUP BY 1, 2, 3, 4
), was AS (
    SELECT {_ROW} FROM indicator_case WHERE community_id = %(community)s AND case_id = ANY(%(cases)s)
), changed AS (
    SELECT f.* FROM fresh f LEFT JOIN was w ON w.case_id = f.case_id WHERE w IS DISTINCT FROM f
), part AS (
    SELECT o.grid_code, o.micro_grid_code, o.category, p.day, p.measure, p.bucket, o.sign * p.amount AS amount, p.kind, p.key
    FROM (
        SELECT 1 AS sign, c.* FROM changed c
        UNION ALL
        SELECT -1, w.* FROM was w JOIN changed c ON c.case_id = w.case_id) o
    CROSS JOIN LATERAL unnest(o.days, o.measures, o.buckets, o.amounts, o.kinds, o.keys)
        AS p(day, measure, bucket, amount, kind, key)
), found AS (
    SELECT day, measure, bucket, amount, 'all' AS kind, '' AS key FROM part WHERE kind = ''
    UNION ALL
    SELECT day, measure, bucket, amount, 'grid', grid_code FROM part WHERE kind = '' AND grid_code IS NOT NULL
    UNION ALL
    SELECT day, measure, bucket, amount, 'micro_grid', micro_grid_code FROM part
    WHERE kind = '' AND bucket = 0 AND micro_grid_code IS NOT NULL
    UNION ALL
    SELECT day, measure, bucket, amount, 'category', category FROM part WHERE kind = ''
    UNION ALL
    SELECT day, measure, bucket, amount, kind, key FROM part WHERE kind <> ''
), spread AS (
    SELECT kind, key, day, measure, bucket, amount FROM found
    UNION ALL
    SELECT kind || '/month', key, date_trunc('month', day)::date, measure, bucket, amount FROM found
), summed AS (
    INSERT INTO indicator_day AS d (community_id, kind, key, day, measure, bucket, amount)
    SELECT %(community)s, kind, key, day, measure, bucket, sum(amount) FROM spread
    GROUP BY kind, key, day, measure, bucket HAVING sum(amount) <> 0 ORDER BY kind, key, day, measure, bucket
    ON CONFLICT (community_id, kind, key, day, measure, bucket) DO UPDATE SET amount = d.amount + excluded.amount
), kept AS (
    INSERT INTO indicator_case (community_id, {_ROW}) SELECT %(community)s, c.* FROM changed c
    ON CONFLICT (community_id, case_id) DO UPDATE SET grid_code = excluded.grid_code,
        micro_grid_code = excluded.micro_grid_code, category = excluded.category, days = excluded.days,
        measures = excluded.measures, buckets = excluded.buckets, amounts = excluded.amounts, kinds = excluded.kinds,
        keys = excluded.keys
)
SELECT count(*) AS changed FROM changed
"""  # noqa: S608 - only constants are joined


async def catch_up(
    session: WriteSession, community_id: str, *, now: datetime, most: int, last_bucket: int
) -> Counted | None:
    """Count what has happened since the last time.

    Parameters
    ----------
    session, community_id
        Where.
    now
        The time that is remembered as counted at.
    most
        Events taken at once.
    last_bucket
        Of durations.

    Returns
    -------
    Counted or None
        None when somebody else is counting.
    """
    await session.direct(
        "INSERT INTO indicator_state (community_id, transaction_id, event_id, counted_at)"
        " VALUES (%(community)s, '0', 0, %(now)s) ON CONFLICT DO NOTHING",
        {"community": community_id, "now": now},
    )
    held = await session.direct(_HOLD, {"community": community_id})
    if not held:
        return None
    given = {
        "community": community_id,
        "settled": str(await settled_before(session)),
        "transaction": str(held[0].transaction_id),
        "event": held[0].event_id,
        "most": most,
    }
    (taken,) = await session.direct(_TOUCHED, given)
    if taken.events:
        given |= {"cases": taken.cases, "last_bucket": last_bucket}
        await session.direct(_COUNT, given)
        given |= {"transaction": str(taken.transaction_id), "event": taken.event_id}
    await session.direct(
        "UPDATE indicator_state SET transaction_id = %(transaction)s::text::xid8, event_id = %(event)s,"
        " counted_at = %(now)s WHERE community_id = %(community)s",
        given | {"now": now},
    )
    return Counted(taken.events, taken.events == most)


async def forget(session: WriteSession, community_id: str) -> None:
    """Forget all that was counted; it is counted again from the first event on."""
    for table in ("indicator_case", "indicator_day", "indicator_state"):
        await session.direct(
            f"DELETE FROM {table} WHERE community_id = %(community)s",  # noqa: S608 - of the three above
            {"community": community_id},
        )


async def communities(session: ReadSession) -> list[str]:
    """Return every community."""
    return [
        row.community_id for row in await session.direct("SELECT community_id FROM community ORDER BY 1", {})
    ]
