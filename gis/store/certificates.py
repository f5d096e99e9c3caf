"""Certificates: recorded, withdrawn, read; and which skills of a responder count because of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from gis.store.session import ReadSession, WriteSession

# The skills of responder ``r`` that count at ``%(now)s``: one with certificates only while one of them holds. As
# ``gis.teams.certificates.skills_in_force``; the statement names ``%(community)s``, so that today is worked out once.
SKILLS: LiteralString = """
ARRAY(SELECT known.skill FROM unnest(r.skills) AS known(skill) WHERE coalesce((
    SELECT bool_or(e.withdrawn_at IS NULL AND today.day BETWEEN e.issued_on AND coalesce(e.ends_on, today.day))
    FROM certificate e, (SELECT (%(now)s::timestamptz AT TIME ZONE c.timezone)::date AS day FROM community c
                         WHERE c.community_id = %(community)s) AS today
    WHERE e.community_id = r.community_id AND e.person_id = r.person_id AND e.skill = known.skill), true))
"""
_COLUMNS: LiteralString = """
    e.certificate_id, e.person_id, p.name AS person_name, p.active, e.kind, e.skill, e.number IS NOT NULL AS has_number,
    e.issued_on, e.ends_on, e.activity_id, e.recorded_at, e.withdrawn_at, e.reason
FROM certificate e JOIN person p ON p.community_id = e.community_id AND p.person_id = e.person_id
WHERE e.community_id = %(community)s
"""


@dataclass(frozen=True, slots=True)
class NewCertificate:
    """A certificate that is recorded; ``number`` is encrypted already."""

    certificate_id: UUID
    person_id: UUID
    kind: str
    skill: str | None
    number: bytes | None
    issued_on: date
    ends_on: date | None
    activity_id: UUID | None
    recorded_by: UUID
    now: datetime


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as it is read, without its number."""

    certificate_id: UUID
    person_id: UUID
    person_name: str
    active: bool
    kind: str
    skill: str | None
    has_number: bool
    issued_on: date
    ends_on: date | None
    activity_id: UUID | None
    recorded_at: datetime
    withdrawn_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Ending:
    """A certificate whose end is near."""

    community_id: str
    certificate_id: UUID
    person_id: UUID
    person_name: str
    kind: str
    ends_on: date


async def add(session: WriteSession, community_id: str, new: NewCertificate) -> bool:
    """Store a certificate; False when its id is there already. A skill that it stands for is the person's from now on."""
    values = {
        "community": community_id,
        "id": new.certificate_id,
        "person": new.person_id,
        "kind": new.kind,
        "skill": new.skill,
        "number": new.number,
        "issued": new.issued_on,
        "ends": new.ends_on,
        "activity": new.activity_id,
        "by": new.recorded_by,
        "now": new.now,
    }
    rows = await session.direct(
        """
        INSERT INTO certificate (community_id, certificate_id, person_id, kind, skill, number, issued_on, ends_on,
            activity_id, recorded_by, recorded_at)
        VALUES (%(community)s, %(id)s, %(person)s, %(kind)s, %(skill)s, %(number)s, %(issued)s, %(ends)s, %(activity)s,
            %(by)s, %(now)s)
        ON CONFLICT (community_id, certificate_id) DO NOTHING RETURNING certificate_id
        """,
        values,
    )
    if rows and new.skill:
        await learn(session, community_id, [new.person_id], new.skill)
    return bool(rows)


async def learn(session: WriteSession, community_id: str, people: Collection[UUID], skill: str) -> None:
    """Enter a skill of people who take offers; those who don't keep only the certificate."""
    await session.direct(
        "UPDATE responder SET skills = skills || %(skill)s::text WHERE community_id = %(community)s"
        " AND person_id = ANY(%(people)s::uuid[]) AND NOT %(skill)s = ANY(skills)",
        {"community": community_id, "people": list(people), "skill": skill},
    )


async def withdraw(
    session: WriteSession, community_id: str, certificate_id: UUID, *, by: UUID, reason: str, now: datetime
) -> bool:
    """End a certificate at once; False when it has been already, or there is none."""
    rows = await session.direct(
        "UPDATE certificate SET withdrawn_at = %(now)s, withdrawn_by = %(by)s, reason = %(reason)s"
        " WHERE community_id = %(community)s AND certificate_id = %(id)s AND withdrawn_at IS NULL RETURNING person_id",
        {"community": community_id, "id": certificate_id, "by": by, "reason": reason, "now": now},
    )
    return bool(rows)


async def withdraw_given(
    session: WriteSession,
    community_id: str,
    activity_id: UUID,
    person_id: UUID,
    *,
    by: UUID,
    reason: str,
    now: datetime,
) -> None:
    """End the certificate that a course has given somebody."""
    await session.direct(
        "UPDATE certificate SET withdrawn_at = %(now)s, withdrawn_by = %(by)s, reason = %(reason)s"
        " WHERE community_id = %(community)s AND person_id = %(person)s AND activity_id = %(activity)s"
        " AND withdrawn_at IS NULL",
        {
            "community": community_id,
            "person": person_id,
            "activity": activity_id,
            "by": by,
            "reason": reason,
            "now": now,
        },
    )


async def find(session: ReadSession, community_id: str, certificate_id: UUID) -> Certificate | None:
    """Return a certificate, or None."""
    rows = await session.direct(
        f"SELECT {_COLUMNS} AND e.certificate_id = %(id)s", {"community": community_id, "id": certificate_id}
    )
    return Certificate(*rows[0]) if rows else None


async def sealed_number(session: ReadSession, community_id: str, certificate_id: UUID) -> bytes | None:
    """Return a certificate's number as it is stored, encrypted."""
    rows = await session.direct(
        "SELECT number FROM certificate WHERE community_id = %(community)s AND certificate_id = %(id)s",
        {"community": community_id, "id": certificate_id},
    )
    return bytes(rows[0].number) if rows and rows[0].number is not None else None


async def certificates_of(
    session: ReadSession, community_id: str, people: Sequence[UUID] | None = None, *, limit: int = 500
) -> list[Certificate]:
    """Return the certificates of people, or of everybody, those that end first before the others."""
    rows = await session.direct(
        f"SELECT {_COLUMNS} AND (%(people)s::uuid[] IS NULL OR e.person_id = ANY(%(people)s::uuid[]))"
        " ORDER BY e.withdrawn_at IS NOT NULL, e.ends_on NULLS LAST, e.certificate_id LIMIT %(limit)s",
        {"community": community_id, "people": None if people is None else list(people), "limit": limit},
    )
    return [Certificate(*row) for row in rows]


async def holders(
    session: ReadSession, community_id: str, kind: str, on: date, people: Sequence[UUID] | None = None
) -> dict[UUID, date | None]:
    """Return who holds a certificate of a kind on a day, and the last day on which they do (None: for ever)."""
    rows = await session.direct(
        """
        SELECT person_id, CASE WHEN bool_or(ends_on IS NULL) THEN NULL ELSE max(ends_on) END AS ends_on
        FROM certificate
        WHERE community_id = %(community)s AND kind = %(kind)s AND withdrawn_at IS NULL AND issued_on <= %(day)s
          AND (ends_on IS NULL OR ends_on >= %(day)s)
          AND (%(people)s::uuid[] IS NULL OR person_id = ANY(%(people)s::uuid[]))
        GROUP BY person_id
        """,
        {
            "community": community_id,
            "kind": kind,
            "day": on,
            "people": None if people is None else list(people),
        },
    )
    return {row.person_id: row.ends_on for row in rows}


async def ending(session: ReadSession, until: date, *, limit: int) -> list[Ending]:
    """Return certificates of all communities that end up to a day, whose people haven't been told and have no later one."""
    rows = await session.direct(
        """
        SELECT e.community_id, e.certificate_id, e.person_id, p.name, e.kind, e.ends_on
        FROM certificate e JOIN person p ON p.community_id = e.community_id AND p.person_id = e.person_id AND p.active
        WHERE e.told_at IS NULL AND e.withdrawn_at IS NULL AND e.ends_on <= %(until)s AND NOT EXISTS (
            SELECT FROM certificate n WHERE n.community_id = e.community_id AND n.person_id = e.person_id
            AND n.kind = e.kind AND n.withdrawn_at IS NULL AND (n.ends_on IS NULL OR n.ends_on > %(until)s))
        ORDER BY e.ends_on, e.certificate_id LIMIT %(limit)s
        """,
        {"until": until, "limit": limit},
    )
    return [Ending(*row) for row in rows]


async def told(session: WriteSession, community_id: str, certificate_id: UUID, now: datetime) -> bool:
    """Remember that the end of a certificate was told; False when somebody else has done so."""
    rows = await session.direct(
        "UPDATE certificate SET told_at = %(now)s WHERE community_id = %(community)s AND certificate_id = %(id)s"
        " AND told_at IS NULL RETURNING certificate_id",
        {"community": community_id, "id": certificate_id, "now": now},
    )
    return bool(rows)
