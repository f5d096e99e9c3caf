"""Who is on duty, seen from a case: facts for ``gis.dispatch.eligibility``, which alone judges.

The statement leaves people out by distance only. Since the nearest could all be busy, those who will hardly do (their
hands are full, a skill is missing that is insisted on) are looked at after the others; that is an order, not a rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from gis.roster import OnDuty
from gis.store.session import ReadSession
from gis.words import Mode, Role

NEAREST_ANYWAY = 6
"""So many of the nearest are looked at whatever they have to do, to be told why they are passed over."""


@dataclass(frozen=True, slots=True)
class Search:
    """What responders are looked for.

    ``skills`` are those that the case insists on; none: it insists on none. ``looked_at`` is how many at most.
    """

    community_id: str
    case_id: UUID
    lon: float
    lat: float
    reporter_ids: Sequence[UUID]
    now: datetime
    looked_at: int
    fresh_position_s: float
    remember_refusal_s: float
    skills: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Pool:
    """The nearest on duty, those without a place last; how many more there are; what the case's reporters speak."""

    people: tuple[OnDuty, ...]
    unseen: int
    languages: frozenset[str]


# What is told of responder ``r`` and person ``p`` in community ``m`` at the place ``here``: a row of JSON in the order of
# ``OnDuty``'s fields; then whether they refused, and how far off they are.
FACTS: LiteralString = """
    p.person_id, p.name, p.role, r.mode, st_x(here), st_y(here),
    CASE WHEN fresh THEN extract(epoch FROM %(now)s - r.position_at)::float8 END, r.live_load, r.capacity, r.skills,
    r.languages || p.language,
    ARRAY(SELECT a.code FROM person_area a WHERE a.community_id = %(community)s AND a.person_id = p.person_id
          AND a.level = 'micro_grid'),
    CASE WHEN r.tasks_day = (%(now)s AT TIME ZONE m.timezone)::date THEN r.tasks_today ELSE 0 END,
    extract(epoch FROM %(now)s - r.rested_since)::float8,
    CASE WHEN r.on_shift THEN extract(epoch FROM r.duty_border_at - %(now)s)::float8 END
"""
# Where somebody is: the position while it is fresh, else the home that a watcher has.
WHERE: LiteralString = """
    (SELECT r.position_at >= %(now)s - make_interval(secs => %(fresh_s)s) AS fresh) f
    CROSS JOIN LATERAL (SELECT CASE WHEN fresh THEN r.geom ELSE r.home END AS here) w
"""
POOL: LiteralString = f"""
placed AS MATERIALIZED (
    SELECT r.person_id, here, coalesce(fresh, false) AS fresh, 111195
           * sqrt(power((st_x(here) - %(lon)s) * cosd(%(lat)s), 2) + power(st_y(here) - %(lat)s, 2)) AS straight_m,
           r.live_load >= r.capacity OR cardinality(%(skills)s::text[]) > 0 AND NOT r.skills && %(skills)s::text[] AS last
    FROM responder r CROSS JOIN LATERAL {WHERE}
    WHERE r.community_id = %(community)s AND r.on_duty
),
looked_at AS (
    (SELECT person_id, here, fresh, straight_m FROM placed ORDER BY last, straight_m LIMIT %(looked_at)s)
    UNION (SELECT person_id, here, fresh, straight_m FROM placed ORDER BY straight_m LIMIT {NEAREST_ANYWAY})
),
refusing AS (
    SELECT o.responder_id FROM offer o WHERE o.community_id = %(community)s AND o.case_id = %(case)s
    AND o.status IN ('declined', 'expired', 'withdrawn')
    AND o.ended_at > %(now)s - make_interval(secs => %(refusal_s)s)
),
pool AS (
    SELECT coalesce(json_agg(json_build_array({FACTS}, p.person_id IN (SELECT f.responder_id FROM refusing f), straight_m)
               ORDER BY straight_m), '[]') AS people,
           (SELECT count(*) FROM placed) - count(*) AS unseen,
           ARRAY(SELECT DISTINCT p.language FROM person p
                 WHERE p.community_id = %(community)s AND p.person_id = ANY(%(reporters)s)) AS languages
    FROM looked_at d JOIN community m ON m.community_id = %(community)s
    JOIN responder r ON r.community_id = m.community_id AND r.person_id = d.person_id
    JOIN person p ON p.community_id = m.community_id AND p.person_id = d.person_id AND p.active
)
"""  # noqa: S608 - only constants are joined
_POOL: LiteralString = f"WITH {POOL} SELECT people, unseen, languages FROM pool"  # noqa: S608 - only constants are joined


def search_parameters(search: Search) -> dict[str, Any]:
    """Return the parameters of ``POOL``."""
    return {
        "community": search.community_id,
        "case": search.case_id,
        "lon": search.lon,
        "lat": search.lat,
        "reporters": list(search.reporter_ids),
        "now": search.now,
        "looked_at": search.looked_at,
        "fresh_s": search.fresh_position_s,
        "refusal_s": search.remember_refusal_s,
        "skills": list(search.skills),
    }


async def pool(session: ReadSession, search: Search) -> Pool:
    """Return the nearest of everybody on duty.

    Parameters
    ----------
    session
        Where.
    search
        For which case, and how many.
    """
    (row,) = await session.direct(_POOL, search_parameters(search))
    return as_pool(row.people, row.unseen, row.languages)


def as_pool(people: Iterable[list[Any]], unseen: int, languages: Sequence[str]) -> Pool:
    """Return the row of ``POOL`` as what it means."""
    return Pool(tuple(map(on_duty, people)), unseen, frozenset(languages))


_ROLES = {one.value: one for one in Role}
_MODES = {one.value: one for one in Mode}


def on_duty(row: list[Any]) -> OnDuty:
    """Return a row of JSON as what it means."""
    return OnDuty(UUID(row[0]), row[1], _ROLES[row[2]], _MODES[row[3]], *row[4:])
