"""Photos that come after their report: what it is compared by once more, and the suggestion that may come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from psycopg.types.json import Jsonb

from gis.store.session import ReadSession, WriteSession
from gis.store.similar import LINKABLE
from gis.words import Position, PositionSource


@dataclass(frozen=True, slots=True)
class ToldReport:
    """A report as it is compared, with its case, which is open."""

    case_id: UUID
    category: str
    description: str
    position: Position


async def open_report(session: ReadSession, community_id: str, report_id: UUID) -> ToldReport | None:
    """Return a report of a case that is open, None where it isn't."""
    rows = await session.direct(
        """
        SELECT r.case_id, r.category, r.description, st_x(r.geom) AS lon, st_y(r.geom) AS lat, r.accuracy_m,
               r.position_source
        FROM report r JOIN "case" c ON c.community_id = r.community_id AND c.case_id = r.case_id
        WHERE r.community_id = %(community)s AND r.report_id = %(report)s AND c.status = ANY(%(linkable)s)
        """,
        {"community": community_id, "report": report_id, "linkable": LINKABLE},
    )
    if not rows:
        return None
    (r,) = rows
    at = Position(r.lon, r.lat, accuracy_m=r.accuracy_m, source=PositionSource(r.position_source))
    return ToldReport(r.case_id, r.category, r.description, at)


# Said once for a pair of cases, whichever of the two it is said of.
_SUGGEST: LiteralString = """
INSERT INTO event (community_id, case_id, at, verb, from_status, to_status, data)
SELECT c.community_id, c.case_id, %(now)s, 'suggest', c.status, c.status, %(data)s
FROM "case" c WHERE c.community_id = %(community)s AND c.case_id = %(case)s
AND NOT EXISTS (
    SELECT FROM event e WHERE e.community_id = c.community_id AND e.verb = 'suggest'
    AND (e.case_id, e.data ->> 'case_id') IN ((%(case)s, %(other)s::text), (%(other)s, %(case)s::text))
)
"""


async def suggest(
    session: WriteSession,
    community_id: str,
    case_id: UUID,
    other: UUID,
    *,
    now: datetime,
    data: Mapping[str, Any],
) -> None:
    """Append to a case's events that it may be the same as another; nothing where that was said before.

    Parameters
    ----------
    session, community_id, case_id
        Where.
    other
        The other case.
    now
        When.
    data
        ``case_id``, ``report_id``, ``photo_id``, ``score`` and ``bits``.
    """
    parameters = {"community": community_id, "case": case_id, "other": other, "now": now}
    await session.direct(f"{_SUGGEST} RETURNING event_id", parameters | {"data": Jsonb(data)})
