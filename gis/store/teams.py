"""Teams and who belongs to them: written under the team's lock, read in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from gis.store.certificates import SKILLS
from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class TeamFields:
    """What is entered of a team."""

    name: str
    name_en: str
    kind: str
    about: str
    contact: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class Team:
    """A team, and what the reader is to it."""

    team_id: UUID
    name: str
    name_en: str
    kind: str
    about: str
    contact: str
    active: bool
    created_at: datetime
    members: int
    on_duty: int
    mine: bool
    leads: bool


@dataclass(frozen=True, slots=True)
class Member:
    """One who belongs to a team; ``skills`` are those that count now."""

    person_id: UUID
    name: str
    role: str
    active: bool
    leader: bool
    joined_at: datetime
    on_duty: bool
    skills: Sequence[str]


_TEAMS: LiteralString = """
SELECT t.team_id, t.name, t.name_en, t.kind, t.about, t.contact, t.active, t.created_at,
    n.members, n.on_duty, n.mine, n.leads
FROM team t CROSS JOIN LATERAL (
    SELECT count(*)::int AS members, (count(*) FILTER (WHERE r.on_duty))::int AS on_duty,
        coalesce(bool_or(m.person_id = %(reader)s), false) AS mine,
        coalesce(bool_or(m.person_id = %(reader)s AND m.leader), false) AS leads
    FROM team_member m
    JOIN person p ON p.community_id = m.community_id AND p.person_id = m.person_id AND p.active
    LEFT JOIN responder r ON r.community_id = m.community_id AND r.person_id = m.person_id
    WHERE m.community_id = t.community_id AND m.team_id = t.team_id) n
WHERE t.community_id = %(community)s
"""


async def teams(session: ReadSession, community_id: str, reader: UUID) -> list[Team]:
    """Return all teams, one's own first, those that are no more last."""
    rows = await session.direct(
        f"{_TEAMS} ORDER BY NOT t.active, NOT n.mine, t.name", {"community": community_id, "reader": reader}
    )
    return [Team(*row) for row in rows]


async def find(session: ReadSession, community_id: str, team_id: UUID, reader: UUID) -> Team | None:
    """Return a team, or None."""
    rows = await session.direct(
        f"{_TEAMS} AND t.team_id = %(team)s", {"community": community_id, "reader": reader, "team": team_id}
    )
    return Team(*rows[0]) if rows else None


async def active(session: ReadSession, community_id: str, team_id: UUID) -> bool:
    """Tell whether there is a team that isn't over."""
    rows = await session.direct(
        "SELECT team_id FROM team WHERE community_id = %(community)s AND team_id = %(team)s AND active",
        {"community": community_id, "team": team_id},
    )
    return bool(rows)


async def members(session: ReadSession, community_id: str, team_id: UUID, now: datetime) -> list[Member]:
    """Return who belongs to a team, leaders first."""
    rows = await session.direct(
        f"""
        SELECT p.person_id, p.name, p.role, p.active, m.leader, m.joined_at, coalesce(r.on_duty, false) AS on_duty,
            {SKILLS} AS skills
        FROM team_member m JOIN person p ON p.community_id = m.community_id AND p.person_id = m.person_id
        LEFT JOIN responder r ON r.community_id = m.community_id AND r.person_id = m.person_id
        WHERE m.community_id = %(community)s AND m.team_id = %(team)s
        ORDER BY NOT m.leader, p.name, p.person_id
        """,  # noqa: S608 - only constants are joined
        {"community": community_id, "team": team_id, "now": now},
    )
    return [Member(*row) for row in rows]


async def leads(session: ReadSession, community_id: str, team_id: UUID | None, person_id: UUID) -> bool:
    """Tell whether somebody leads a team."""
    rows = await session.direct(
        "SELECT team_id FROM team_member WHERE community_id = %(community)s AND team_id = %(team)s AND person_id = %(person)s"
        " AND leader",
        {"community": community_id, "team": team_id, "person": person_id},
    )
    return bool(rows)


async def add(
    session: WriteSession, community_id: str, team_id: UUID, fields: TeamFields, *, by: UUID, now: datetime
) -> bool:
    """Store a team; False when its id or its name is there already."""
    rows = await session.direct(
        """
        INSERT INTO team (community_id, team_id, name, name_en, kind, about, contact, active, created_by, created_at)
        VALUES (%(community)s, %(team)s, %(name)s, %(name_en)s, %(kind)s, %(about)s, %(contact)s, %(active)s, %(by)s,
            %(now)s)
        ON CONFLICT DO NOTHING RETURNING team_id
        """,
        _values(community_id, team_id, fields) | {"by": by, "now": now},
    )
    return bool(rows)


async def change(session: WriteSession, community_id: str, team_id: UUID, fields: TeamFields) -> bool:
    """Store a team as it is now; False when another has its name."""
    rows = await session.direct(
        """
        UPDATE team SET name = %(name)s, name_en = %(name_en)s, kind = %(kind)s, about = %(about)s,
            contact = %(contact)s, active = %(active)s
        WHERE community_id = %(community)s AND team_id = %(team)s AND NOT EXISTS (
            SELECT FROM team o WHERE o.community_id = %(community)s AND o.name = %(name)s AND o.team_id <> %(team)s)
        RETURNING team_id
        """,
        _values(community_id, team_id, fields),
    )
    return bool(rows)


def _values(community_id: str, team_id: UUID, fields: TeamFields) -> dict[str, object]:
    return {
        "community": community_id,
        "team": team_id,
        "name": fields.name,
        "name_en": fields.name_en,
        "kind": fields.kind,
        "about": fields.about,
        "contact": fields.contact,
        "active": fields.active,
    }


async def put_member(
    session: WriteSession,
    community_id: str,
    team_id: UUID,
    person_id: UUID,
    *,
    leader: bool,
    by: UUID,
    now: datetime,
) -> None:
    """Take somebody into a team, or change whether they lead it."""
    await session.direct(
        """
        INSERT INTO team_member (community_id, team_id, person_id, leader, added_by, joined_at)
        VALUES (%(community)s, %(team)s, %(person)s, %(leader)s, %(by)s, %(now)s)
        ON CONFLICT (community_id, team_id, person_id) DO UPDATE SET leader = excluded.leader
        """,
        {
            "community": community_id,
            "team": team_id,
            "person": person_id,
            "leader": leader,
            "by": by,
            "now": now,
        },
    )


async def drop_member(session: WriteSession, community_id: str, team_id: UUID, person_id: UUID) -> bool:
    """Take somebody out of a team; False when they aren't in it."""
    rows = await session.direct(
        "DELETE FROM team_member WHERE community_id = %(community)s AND team_id = %(team)s AND person_id = %(person)s"
        " RETURNING person_id",
        {"community": community_id, "team": team_id, "person": person_id},
    )
    return bool(rows)
