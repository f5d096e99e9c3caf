"""What indicators count besides cases: patrols, visits and what they found, records, meals, hours of other service.

All of it is little beside the cases, and stands in rows that are read by their time: no sums are kept of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import LiteralString

from gis.store.indicator_reading import Sum
from gis.store.session import ReadSession

# Each source gives: when, grid, micro-grid, person, measure, how much.
_PATROLS: LiteralString = """
SELECT p.started_at, NULL::text, NULL::text, p.person_id, 'patrols', 1::bigint FROM patrol p
WHERE p.community_id = %(community)s AND p.started_at >= %(first)s AND p.started_at < %(end)s
"""
_VISITS: LiteralString = """
SELECT v.visited_at, v.grid_code, v.micro_grid_code, v.person_id, 'visits', 1 FROM visit v
WHERE v.community_id = %(community)s AND v.visited_at >= %(first)s AND v.visited_at < %(end)s AND v.outcome = 'done'
"""
# A problem has an answer when it was given one, or when its case is closed.
_FINDINGS: LiteralString = """
SELECT f.found_at, f.grid_code, f.micro_grid_code, f.found_by, m.measure, 1 FROM finding f
LEFT JOIN "case" c ON c.community_id = f.community_id AND c.case_id = f.case_id
CROSS JOIN LATERAL (VALUES ('problems'), (CASE f.state WHEN 'on_spot' THEN 'problems_on_spot'
    WHEN 'transferred' THEN 'problems_transferred' END),
    (CASE WHEN f.answered_at IS NOT NULL OR c.status = 'closed' THEN 'problems_answered' END)) m(measure)
WHERE f.community_id = %(community)s AND f.found_at >= %(first)s AND f.found_at < %(end)s
"""
# A record counts once a day, however often it was changed on it; one that came by a table, where the table changed it.
_RECORDS: LiteralString = """
SELECT min(r.at), h.grid_code, h.micro_grid_code, NULL::uuid, 'records', 1 FROM resident_change r
JOIN household h ON h.community_id = r.community_id AND h.household_id = r.household_id
WHERE r.community_id = %(community)s AND r.at >= %(first)s AND r.at < %(end)s
AND (r.verb IN ('added', 'changed', 'moved_in', 'moved_out') OR r.verb = 'imported' AND r.fields <> '{}')
GROUP BY coalesce(r.resident_id, r.household_id), (r.at AT TIME ZONE %(zone)s)::date, h.grid_code, h.micro_grid_code
"""
# A closed dispute counts as settled, unless its mediation says that nothing was agreed.
_DISPUTES: LiteralString = """
SELECT c.closed_at, c.grid_code, c.micro_grid_code, NULL::uuid, 'disputes_settled', -1 FROM mediation m
JOIN "case" c ON c.community_id = m.community_id AND c.case_id = m.case_id
WHERE m.community_id = %(community)s AND m.outcome <> 'agreed' AND c.status = 'closed' AND c.category = 'dispute'
AND c.merged_into IS NULL AND c.closed_at >= %(first)s AND c.closed_at < %(end)s
"""
_MEALS: LiteralString = """
SELECT s.day::timestamp AT TIME ZONE %(zone)s, NULL::text, NULL::text, NULL::uuid, m.measure, s.servings FROM meal_serving s
CROSS JOIN LATERAL (VALUES ('meals'), (CASE s.state WHEN 'delivered' THEN 'meals_delivered' END)) m(measure)
WHERE s.community_id = %(community)s AND s.day >= (%(first)s AT TIME ZONE %(zone)s)::date
AND s.day < (%(end)s AT TIME ZONE %(zone)s)::date AND s.state IN ('collected', 'delivered')
"""
# Hours of cases are in the cases' sums; these are the others': patrols, activities, the kitchen, what the office entered.
_SERVICE: LiteralString = """
SELECT s.served_on::timestamp AT TIME ZONE %(zone)s, NULL::text, NULL::text, s.person_id, m.measure, m.amount
FROM service s
JOIN LATERAL (SELECT sum(l.points) AS points FROM ledger l WHERE l.community_id = s.community_id
    AND l.service_id = s.service_id AND NOT EXISTS (SELECT FROM ledger r
    WHERE r.community_id = l.community_id AND r.reverses = l.entry_id)) b ON b.points IS NOT NULL
CROSS JOIN LATERAL (VALUES ('hours', round(100 * s.hours)::bigint), ('points', b.points)) m(measure, amount)
WHERE s.community_id = %(community)s AND s.case_id IS NULL AND s.served_on >= (%(first)s AT TIME ZONE %(zone)s)::date
AND s.served_on < (%(end)s AT TIME ZONE %(zone)s)::date
"""
_OF_AREAS = (_VISITS, _FINDINGS, _RECORDS, _DISPUTES)
_SOURCES: Mapping[str, tuple[LiteralString, ...]] = {
    "all": (_PATROLS, *_OF_AREAS, _MEALS, _SERVICE),
    "grid": _OF_AREAS,
    "micro_grid": _OF_AREAS,
    "person": (_PATROLS, _VISITS, _FINDINGS, _SERVICE),
}
_KEYS: Mapping[str, LiteralString] = {
    "all": "''",
    "grid": "f.grid_code",
    "micro_grid": "f.micro_grid_code",
    "person": "f.person_id::text",
}


async def counts(  # noqa: PLR0917 - whose, and of which periods
    session: ReadSession,
    community_id: str,
    kind: str,
    keys: Sequence[str],
    starts: Sequence[datetime],
    timezone: str,
) -> list[Sum]:
    """Return what was counted besides cases between each moment and the next.

    Parameters
    ----------
    session, community_id
        Where.
    kind, keys
        Whose: those of one kind.
    starts
        Moments in order; the last one ends the last period.
    timezone
        By whose calendar a day begins.
    """
    if kind not in _SOURCES:
        return []
    key = _KEYS[kind]
    statement: LiteralString = (
        f"SELECT {key} AS key, width_bucket(f.at, %(starts)s::timestamptz[]) - 1 AS slot, f.measure, 0 AS bucket,"  # noqa: S608 - only constants are joined
        f" sum(f.amount)::bigint AS amount FROM ({' UNION ALL '.join(_SOURCES[kind])})"
        " AS f(at, grid_code, micro_grid_code, person_id, measure, amount)"
        f" WHERE f.measure IS NOT NULL AND {key} = ANY(%(keys)s::text[]) GROUP BY 1, 2, 3"
    )
    rows = await session.direct(
        statement,
        {
            "community": community_id,
            "keys": list(keys),
            "starts": list(starts),
            "first": starts[0],
            "end": starts[-1],
            "zone": timezone,
        },
    )
    return [Sum(*row) for row in rows]
