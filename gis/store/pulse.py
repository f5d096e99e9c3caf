"""How work stands across all communities: jobs, offers, deadlines, messages and files that wait; for the service's figures.

These few statements are about the whole service and name no community to look for. Each reads an index of what is open,
so that what was done in all the years costs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from gis.store.jobs import QUEUE
from gis.store.session import ReadSession

OLDEST_OF = 200
"""The age of the oldest job is looked for among so many that were enqueued first."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Things that wait: how many, how many are past their time, and for how long the worst of them is."""

    count: int = 0
    late: int = 0
    late_s: float = 0.0


@dataclass(frozen=True, slots=True)
class OpenCases:
    """Cases of a community that aren't ended, of one status: how many, and how many are past a deadline."""

    community_id: str
    status: str
    count: int
    answer_late: int
    resolve_late: int


@dataclass(frozen=True, slots=True)
class Pulse:
    """Everything at one moment."""

    jobs: Waiting
    jobs_under_way: int
    offers: Waiting
    deliveries: Waiting
    exports: Waiting
    cases: Sequence[OpenCases]
    database_bytes: int


_JOBS: LiteralString = """
WITH due AS (
    SELECT id, scheduled_at FROM procrastinate_jobs
    WHERE status = 'todo' AND queue_name = %(queue)s AND (scheduled_at IS NULL OR scheduled_at <= %(now)s)
), first AS (SELECT id, scheduled_at FROM due ORDER BY id LIMIT %(oldest_of)s)
SELECT (SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND queue_name = %(queue)s) AS waiting,
       (SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing') AS under_way,
       (SELECT count(*) FROM due) AS late,
       coalesce((SELECT extract(epoch FROM %(now)s - min(coalesce(f.scheduled_at,
           (SELECT min(e.at) FROM procrastinate_events e WHERE e.job_id = f.id)))) FROM first f), 0)::float8 AS late_s
"""

# what waits, by name: how many, how many past their time, and the oldest of those
_REST: LiteralString = """
SELECT 'offers' AS what, count(*) AS n, count(*) FILTER (WHERE expires_at <= %(now)s) AS late,
       coalesce(extract(epoch FROM %(now)s - min(expires_at) FILTER (WHERE expires_at <= %(now)s)), 0)::float8 AS late_s
FROM offer WHERE status = 'live'
UNION ALL
SELECT 'deliveries', count(*), count(*) FILTER (WHERE due_at <= %(now)s),
       coalesce(extract(epoch FROM %(now)s - min(due_at) FILTER (WHERE due_at <= %(now)s)), 0)::float8
FROM delivery WHERE state IN ('waiting', 'sending')
UNION ALL
SELECT 'exports', count(*), count(*), coalesce(extract(epoch FROM %(now)s - min(ordered_at)), 0)::float8
FROM export WHERE state IN ('waiting', 'running')
UNION ALL
SELECT 'database', pg_database_size(current_database()), 0, 0
"""

# a paused case is judged by the moment at which its clock was stopped, as its light is
_CASES: LiteralString = """
SELECT community_id, status, count(*) AS n,
       count(*) FILTER (WHERE answered_at IS NULL AND status IN ('open', 'offered')
           AND answer_due_at <= coalesce(paused_at, %(now)s)) AS answer_late,
       count(*) FILTER (WHERE status <> 'done' AND resolve_due_at <= coalesce(paused_at, %(now)s)) AS resolve_late
FROM "case" WHERE status NOT IN ('closed', 'rejected', 'cancelled') GROUP BY community_id, status
"""


async def pulse(session: ReadSession, now: datetime) -> Pulse:
    """Return how work stands.

    Parameters
    ----------
    session
        On the database of all communities.
    now
        By which deadlines are judged.
    """
    given = {"now": now, "queue": QUEUE, "oldest_of": OLDEST_OF}
    (jobs,) = await session.direct(_JOBS, given)
    rest = {row.what: row for row in await session.direct(_REST, given)}
    cases = await session.direct(_CASES, given)
    waiting = {what: Waiting(row.n, row.late, row.late_s) for what, row in rest.items()}
    return Pulse(
        jobs=Waiting(jobs.waiting, jobs.late, jobs.late_s),
        jobs_under_way=jobs.under_way,
        offers=waiting["offers"],
        deliveries=waiting["deliveries"],
        exports=waiting["exports"],
        cases=[OpenCases(*row) for row in cases],
        database_bytes=rest["database"].n,
    )


async def jobs_late_s(session: ReadSession, now: datetime) -> float:
    """Return for how long the oldest job that is due has waited; 0 where none is.

    Parameters
    ----------
    session, now
        As for ``pulse``.
    """
    (jobs,) = await session.direct(_JOBS, {"now": now, "queue": QUEUE, "oldest_of": OLDEST_OF})
    return float(jobs.late_s)
