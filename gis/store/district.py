"""Communities side by side, by sums that are made community by community: each is counted where it lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gis.store.session import ReadSession

LIVE = ("open", "offered", "accepted", "on_site", "referred", "done")


@dataclass(frozen=True, slots=True)
class CommunityRow:
    """One community's figures.

    Parameters
    ----------
    open
        Cases that are not closed.
    late
        Of these, past the time by which they should be done.
    opened, closed, in_time
        Cases of the period: opened, closed, and closed by the time they should have been.
    households
        In the published micro-grids; 0 where none were stated.
    responders
        On duty now.
    """

    community_id: str
    name: str
    name_en: str
    households: int
    open: int
    late: int
    opened: int
    closed: int
    in_time: int
    responders: int

    @property
    def closing_rate(self) -> float | None:
        """Closed for each one opened in the period; None where nothing was."""
        return self.closed / self.opened if self.opened else None

    @property
    def in_time_rate(self) -> float | None:
        """Of those closed, how many by the time they should have been; None where none were."""
        return self.in_time / self.closed if self.closed else None


async def communities_side_by_side(
    session: ReadSession, *, since: datetime, now: datetime, only: Sequence[str] = ()
) -> list[CommunityRow]:
    """Return communities in the order of their names: never as a ranking.

    Parameters
    ----------
    session
        Best of a copy of the database: all communities are counted.
    since, now
        The period.
    only
        These; none: all.
    """
    rows = await session.direct(
        """
        SELECT m.community_id, m.name, m.name_en,
               coalesce((SELECT sum(a.households) FROM area a WHERE a.community_id = m.community_id
                         AND a.version = m.area_version AND a.level = 'micro_grid'), 0)::int AS households,
               coalesce(c.open, 0) AS open, coalesce(c.late, 0) AS late, coalesce(c.opened, 0) AS opened,
               coalesce(c.closed, 0) AS closed, coalesce(c.in_time, 0) AS in_time,
               (SELECT count(*) FROM responder r WHERE r.community_id = m.community_id AND r.on_duty)::int AS responders
        FROM community m
        LEFT JOIN LATERAL (
            SELECT count(*) FILTER (WHERE k.status = ANY(%(live)s))::int AS open,
                   count(*) FILTER (WHERE k.status = ANY(%(live)s) AND k.resolve_due_at < %(now)s)::int AS late,
                   count(*) FILTER (WHERE k.opened_at >= %(since)s)::int AS opened,
                   count(*) FILTER (WHERE k.closed_at >= %(since)s AND k.status = 'closed')::int AS closed,
                   count(*) FILTER (WHERE k.closed_at >= %(since)s AND k.status = 'closed'
                                    AND coalesce(k.done_at, k.closed_at) <= k.resolve_due_at)::int AS in_time
            FROM "case" k WHERE k.community_id = m.community_id
              AND (k.status = ANY(%(live)s) OR k.opened_at >= %(since)s OR k.closed_at >= %(since)s)
        ) c ON true
        WHERE cardinality(%(only)s::text[]) = 0 OR m.community_id = ANY(%(only)s)
        ORDER BY m.name, m.community_id
        """,
        {"since": since, "now": now, "only": list(only), "live": list(LIVE)},
    )
    return [CommunityRow(*row) for row in rows]
