"""Who is on duty: facts for ``gis.dispatch``, which alone judges; and what a case has met with already."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import LiteralString, NamedTuple
from uuid import UUID

from gis.roster import Roster, roster_of
from gis.store.certificates import SKILLS
from gis.store.orders import COMPANIONS
from gis.store.session import ReadSession, WriteSession

# One row of JSON each, in the order that ``roster_of`` takes.
_ROSTER: LiteralString = f"""
SELECT coalesce(json_agg(json_build_array(
    p.person_id, p.name, p.role, r.mode, r.capacity, {SKILLS}, r.languages || p.language,
    ARRAY(SELECT a.code FROM person_area a WHERE a.community_id = %(community)s AND a.person_id = p.person_id
          AND a.level = 'micro_grid'),
    CASE WHEN r.tasks_day = (%(now)s AT TIME ZONE m.timezone)::date THEN r.tasks_today ELSE 0 END,
    r.live_load, st_x(r.geom), st_y(r.geom), st_x(r.home), st_y(r.home), extract(epoch FROM r.position_at)::float8,
    extract(epoch FROM r.rested_since)::float8, CASE WHEN r.on_shift THEN extract(epoch FROM r.duty_border_at)::float8 END
) ORDER BY r.person_id), '[]') AS people
FROM responder r
JOIN community m ON m.community_id = r.community_id
JOIN person p ON p.community_id = r.community_id AND p.person_id = r.person_id AND p.active
WHERE r.community_id = %(community)s AND r.on_duty
"""  # noqa: S608 - only constants are joined


async def load_roster(session: ReadSession, community_id: str, now: datetime) -> Roster:
    """Return everybody on duty.

    Parameters
    ----------
    session, community_id
        Where.
    now
        The time: says which day today is.
    """
    parameters = {"community": community_id, "now": now}
    glance = session.glance if isinstance(session, WriteSession) else session.direct
    (row,) = await glance(_ROSTER, parameters)
    return roster_of(row.people)


class MetWith(NamedTuple):
    """What a case has met with, and who it is from."""

    refused: frozenset[UUID]
    companions: frozenset[UUID]
    languages: frozenset[str]


async def met_with(
    session: ReadSession, community_id: str, case_id: UUID, reporter_ids: Collection[UUID], *, since: datetime
) -> MetWith:
    """Return who let an offer of a case pass since a moment, who has another seat of its order, and what its reporters speak.

    Parameters
    ----------
    session, community_id, case_id
        Which case.
    reporter_ids
        Who reported it.
    since
        What was refused before is forgotten.
    """
    (row,) = await session.direct(
        f"""
        SELECT ARRAY(SELECT o.responder_id FROM offer o WHERE o.community_id = %(community)s AND o.case_id = %(case)s
                     AND o.status IN ('declined', 'expired', 'withdrawn') AND o.ended_at > %(since)s) AS refused,
               ARRAY(SELECT b.person_id FROM ({COMPANIONS}) b) AS companions,
               ARRAY(SELECT DISTINCT p.language FROM person p
                     WHERE p.community_id = %(community)s AND p.person_id = ANY(%(reporters)s)) AS languages
        """,  # noqa: S608 - only constants are joined
        {
            "community": community_id,
            "case": case_id,
            "cases": [case_id],
            "since": since,
            "reporters": list(reporter_ids),
        },
    )
    return MetWith(frozenset(row.refused), frozenset(row.companions), frozenset(row.languages))
