"""Cases that a case points to, or that point to it: mended before, merged, perhaps the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from gis.store.session import ReadSession
from gis.store.similar import LINKABLE, NUMBER


@dataclass(frozen=True, slots=True)
class RelatedCase:
    """Another case.

    ``how``: ``recurrence_of`` (mended before), ``recurrence`` (came again after it), ``merged_into``, ``merged`` (its
    reports came here) or ``suggestion`` (a report here may be about it), with its probability.
    """

    case_id: UUID
    number: str
    status: str
    how: str
    score: float | None


_RELATED: LiteralString = f"""
WITH suggested AS (
    SELECT (d.one ->> 'case_id')::uuid AS case_id, (d.one ->> 'score')::float8 AS score FROM report r
    CROSS JOIN LATERAL jsonb_array_elements(r.duplicates) AS d(one)
    WHERE r.community_id = %(community)s AND r.case_id = %(case)s
    UNION ALL
    SELECT (e.data ->> 'case_id')::uuid, (e.data ->> 'score')::float8 FROM event e
    WHERE e.community_id = %(community)s AND e.case_id = %(case)s AND e.verb = 'suggest'
), found AS (
    SELECT o.case_id, 'recurrence_of' AS how, NULL::float8 AS score FROM "case" c
    JOIN "case" o ON o.community_id = c.community_id AND o.case_id = c.recurrence_of
    WHERE c.community_id = %(community)s AND c.case_id = %(case)s
    UNION ALL
    SELECT o.case_id, 'merged_into', NULL FROM "case" c
    JOIN "case" o ON o.community_id = c.community_id AND o.case_id = c.merged_into
    WHERE c.community_id = %(community)s AND c.case_id = %(case)s
    UNION ALL
    SELECT o.case_id, 'recurrence', NULL FROM "case" o
    WHERE o.community_id = %(community)s AND o.recurrence_of = %(case)s
    UNION ALL
    SELECT o.case_id, 'merged', NULL FROM "case" o
    WHERE o.community_id = %(community)s AND o.merged_into = %(case)s
    UNION ALL
    SELECT o.case_id, 'suggestion', max(s.score) FROM suggested s
    JOIN "case" o ON o.community_id = %(community)s AND o.case_id = s.case_id
    WHERE o.case_id <> %(case)s AND o.status = ANY(%(linkable)s) AND s.score >= %(least)s
    GROUP BY o.case_id
)
SELECT f.case_id, {NUMBER} AS number, c.status, f.how, f.score FROM found f
JOIN "case" c ON c.community_id = %(community)s AND c.case_id = f.case_id
JOIN community m ON m.community_id = c.community_id
ORDER BY f.how, f.score DESC, c.opened_at LIMIT 50
"""  # noqa: S608 - only constants are joined


async def related_cases(
    session: ReadSession, community_id: str, case_id: UUID, *, least: float
) -> list[RelatedCase]:
    """Return the cases that a case is related to.

    Parameters
    ----------
    session, community_id, case_id
        Which case.
    least
        Suggestions of a smaller probability are left out.
    """
    parameters = {"community": community_id, "case": case_id, "linkable": LINKABLE, "least": least}
    return [RelatedCase(*row) for row in await session.direct(_RELATED, parameters)]
