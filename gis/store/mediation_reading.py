"""Reading mediations: lists without a word of what was said, and one with everything, still sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, LiteralString
from uuid import UUID

from gis.store.certificates import SKILLS
from gis.store.session import ReadSession


@dataclass(frozen=True, slots=True)
class MediationRow:
    """A mediation in a list: nothing of its parties."""

    case_id: UUID
    number: str
    category: str
    case_status: str
    grid_code: str | None
    keeper_id: UUID
    keeper_name: str
    mediator_id: UUID | None
    mediator_name: str | None
    opened_at: datetime
    outcome: str | None
    outcome_at: datetime | None
    sessions: int
    next_session_at: datetime | None
    next_follow_up: date | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A dispute's case that nobody mediates yet."""

    case_id: UUID
    number: str
    category: str
    case_status: str
    grid_code: str | None
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Mediator:
    """One who may mediate: their skill counts now."""

    person_id: UUID
    name: str
    role: str
    on_duty: bool
    ongoing: int


_NUMBER: LiteralString = (
    "to_char(c.opened_at AT TIME ZONE t.timezone, 'YYYYMMDD') || '-' || "
    "lpad(c.number::text, greatest(5, length(c.number::text)), '0')"
)
_LIST: LiteralString = f"""
SELECT m.case_id, {_NUMBER} AS number, c.category, c.status AS case_status, c.grid_code, m.keeper_id, k.name AS keeper_name,
    m.mediator_id, d.name AS mediator_name, m.opened_at, m.outcome, m.outcome_at, s.sessions, s.next_at,
    (SELECT min(f.due_on) FROM mediation_follow_up f WHERE f.community_id = m.community_id AND f.case_id = m.case_id
     AND f.done_at IS NULL) AS next_follow_up
FROM mediation m
JOIN "case" c ON c.community_id = m.community_id AND c.case_id = m.case_id
JOIN community t ON t.community_id = m.community_id
JOIN person k ON k.community_id = m.community_id AND k.person_id = m.keeper_id
LEFT JOIN person d ON d.community_id = m.community_id AND d.person_id = m.mediator_id
CROSS JOIN LATERAL (
    SELECT count(*)::int AS sessions, min(e.starts_at) FILTER (WHERE e.starts_at > %(now)s) AS next_at
    FROM mediation_session e WHERE e.community_id = m.community_id AND e.case_id = m.case_id) s
WHERE m.community_id = %(community)s
"""  # noqa: S608 - only constants are joined


async def mediations(
    session: ReadSession,
    community_id: str,
    *,
    now: datetime,
    person_id: UUID | None,
    grids: Sequence[str] | None,
    limit: int = 200,
) -> list[MediationRow]:
    """Return mediations, those without an outcome first: of some grids (None: of all), and those of a person."""
    rows = await session.direct(
        f"{_LIST} AND (%(person)s IN (m.keeper_id, m.mediator_id)"
        " OR %(everywhere)s OR c.grid_code = ANY(%(grids)s::text[]))"
        " ORDER BY m.outcome IS NOT NULL, m.opened_at DESC, m.case_id LIMIT %(limit)s",
        {
            "community": community_id,
            "now": now,
            "person": person_id,
            "everywhere": grids is None,
            "grids": list(grids or ()),
            "limit": limit,
        },
    )
    return [MediationRow(*row) for row in rows]


async def row_of(
    session: ReadSession, community_id: str, case_id: UUID, now: datetime
) -> MediationRow | None:
    """Return one mediation as a list shows it, or None."""
    rows = await session.direct(
        f"{_LIST} AND m.case_id = %(case)s", {"community": community_id, "now": now, "case": case_id}
    )
    return MediationRow(*rows[0]) if rows else None


async def waiting(
    session: ReadSession,
    community_id: str,
    categories: Sequence[str],
    grids: Sequence[str] | None,
    *,
    limit: int = 50,
) -> list[Waiting]:
    """Return live cases of disputes that nobody mediates yet, the oldest first."""
    rows = await session.direct(
        f"""
        SELECT c.case_id, {_NUMBER} AS number, c.category, c.status, c.grid_code, c.opened_at
        FROM "case" c JOIN community t ON t.community_id = c.community_id
        WHERE c.community_id = %(community)s AND c.category = ANY(%(categories)s::text[])
          AND c.status NOT IN ('closed', 'rejected', 'cancelled', 'done')
          AND (%(everywhere)s OR c.grid_code = ANY(%(grids)s::text[]))
          AND NOT EXISTS (SELECT FROM mediation m WHERE m.community_id = c.community_id AND m.case_id = c.case_id)
        ORDER BY c.opened_at, c.case_id LIMIT %(limit)s
        """,  # noqa: S608 - only constants are joined
        {
            "community": community_id,
            "categories": list(categories),
            "everywhere": grids is None,
            "grids": list(grids or ()),
            "limit": limit,
        },
    )
    return [Waiting(*row) for row in rows]


async def mediators(session: ReadSession, community_id: str, case_id: UUID, now: datetime) -> list[Mediator]:
    """Return who may mediate a case: with the skill as it counts now, and not one of its reporters."""
    rows = await session.direct(
        f"""
        SELECT p.person_id, p.name, p.role, r.on_duty, (
            SELECT count(*) FROM mediation m WHERE m.community_id = r.community_id AND m.mediator_id = r.person_id
            AND m.outcome IS NULL)::int AS ongoing
        FROM responder r JOIN person p ON p.community_id = r.community_id AND p.person_id = r.person_id AND p.active
        WHERE r.community_id = %(community)s AND p.role IN ('watcher', 'rider') AND 'mediation' = ANY({SKILLS})
          AND NOT EXISTS (SELECT FROM report o WHERE o.community_id = r.community_id AND o.case_id = %(case)s
                          AND o.reporter_id = r.person_id)
        ORDER BY ongoing, p.name, p.person_id
        """,  # noqa: S608 - only constants are joined
        {"community": community_id, "case": case_id, "now": now},
    )
    return [Mediator(*row) for row in rows]


async def mediates(session: ReadSession, community_id: str, person_id: UUID) -> bool:
    """Tell whether somebody is named as a mediator of anything."""
    rows = await session.direct(
        "SELECT case_id FROM mediation WHERE community_id = %(community)s AND mediator_id = %(person)s LIMIT 1",
        {"community": community_id, "person": person_id},
    )
    return bool(rows)


async def sealed(
    session: ReadSession, community_id: str, case_id: UUID
) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return everything that was written in a mediation, as it is stored: by kind."""
    parameters = {"community": community_id, "case": case_id}
    whole = await session.direct(
        "SELECT case_id AS id, agreement, signed_by, signed_on FROM mediation"
        " WHERE community_id = %(community)s AND case_id = %(case)s",
        parameters,
    )
    parties = await session.direct(
        "SELECT party_id AS id, name, contact, words FROM mediation_party"
        " WHERE community_id = %(community)s AND case_id = %(case)s ORDER BY seat, party_id",
        parameters,
    )
    sessions = await session.direct(
        "SELECT session_id AS id, starts_at, place, present, words FROM mediation_session"
        " WHERE community_id = %(community)s AND case_id = %(case)s ORDER BY starts_at, session_id",
        parameters,
    )
    follow_ups = await session.direct(
        "SELECT follow_up_id AS id, due_on, done_at, kept, words FROM mediation_follow_up"
        " WHERE community_id = %(community)s AND case_id = %(case)s ORDER BY due_on, follow_up_id",
        parameters,
    )
    kinds = {"mediation": whole, "party": parties, "session": sessions, "follow_up": follow_ups}
    return {kind: [row._asdict() for row in rows] for kind, rows in kinds.items()}


async def outcomes(
    session: ReadSession, community_id: str, since: datetime, before: datetime
) -> dict[str, int]:
    """Return how many mediations ended how, in a time: the success rate is agreed over all of them."""
    rows = await session.direct(
        "SELECT outcome, count(*)::int AS n FROM mediation WHERE community_id = %(community)s"
        " AND outcome_at >= %(since)s AND outcome_at < %(before)s GROUP BY outcome",
        {"community": community_id, "since": since, "before": before},
    )
    return {row.outcome: row.n for row in rows}
