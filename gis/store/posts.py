"""People as the office keeps them: found, held while they are changed, changed; and codes for a new password."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from gis.store.session import ReadSession, WriteSession
from gis.store.telling import About, tell

NO_PASSWORD = "!"  # noqa: S105 - no hash: no password is right
_COLUMNS: LiteralString = """
    p.person_id, p.username, p.name, p.role, p.language, p.agency_code, p.active, p.demo, p.created_at,
    ARRAY(SELECT a.code FROM person_area a WHERE a.community_id = p.community_id AND a.person_id = p.person_id
          AND a.level = 'grid' ORDER BY a.code) AS grids,
    ARRAY(SELECT a.code FROM person_area a WHERE a.community_id = p.community_id AND a.person_id = p.person_id
          AND a.level = 'micro_grid' ORDER BY a.code) AS micro_grids,
    r.mode, r.capacity, coalesce(r.live_load, 0) AS live_load, coalesce(r.skills, '{}') AS skills,
    coalesce(r.languages, '{}') AS languages, coalesce(r.on_duty, false) AS on_duty,
    p.password_hash <> '!' AS has_password,
    (SELECT s.expires_at FROM sign_in_code s WHERE s.community_id = p.community_id AND s.person_id = p.person_id)
        AS code_until
FROM person p LEFT JOIN responder r ON r.community_id = p.community_id AND r.person_id = p.person_id
"""
_WHERE: LiteralString = """
WHERE p.community_id = %(community)s AND (%(role)s::text IS NULL OR p.role = %(role)s)
AND (%(active)s::boolean IS NULL OR p.active = %(active)s)
AND (%(words)s::text IS NULL OR p.name ILIKE %(like)s OR p.username ILIKE %(like)s OR p.agency_code = %(words)s
     OR EXISTS (SELECT 1 FROM person_area a WHERE a.community_id = p.community_id AND a.person_id = p.person_id
                AND (a.code = %(words)s OR a.code LIKE %(words)s || '-%%')))
"""


@dataclass(frozen=True, slots=True)
class Post:
    """A person with what they are to the office."""

    person_id: UUID
    username: str
    name: str
    role: str
    language: str
    agency_code: str | None
    active: bool
    demo: bool
    created_at: datetime
    grids: Sequence[str]
    micro_grids: Sequence[str]
    mode: str | None
    """How they move; None for who takes no offers."""
    capacity: int | None
    live_load: int
    skills: Sequence[str]
    languages: Sequence[str]
    on_duty: bool
    has_password: bool
    code_until: datetime | None


@dataclass(frozen=True, slots=True)
class PostFilters:
    """What a list of people is narrowed down to."""

    words: str | None = None
    role: str | None = None
    active: bool | None = None


def _asked(community_id: str, filters: PostFilters) -> dict[str, Any]:
    words = filters.words or None
    escaped = (words or "").replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    return {
        "community": community_id,
        "role": filters.role,
        "active": filters.active,
        "words": words,
        "like": f"%{escaped}%",
    }


async def posts(
    session: ReadSession, community_id: str, filters: PostFilters, *, limit: int, after: str | None = None
) -> list[Post]:
    """Return people by username; ``after`` names the last one already seen."""
    rows = await session.direct(
        f"SELECT {_COLUMNS} {_WHERE} AND (%(after)s::text IS NULL OR p.username > %(after)s)"
        " ORDER BY p.username LIMIT %(limit)s",
        _asked(community_id, filters) | {"after": after, "limit": limit},
    )
    return [Post(*row) for row in rows]


async def count_posts(session: ReadSession, community_id: str, filters: PostFilters) -> int:
    """Return how many people there are."""
    (row,) = await session.direct(
        f"SELECT count(*) AS n FROM person p {_WHERE}",  # noqa: S608 - only constants are joined
        _asked(community_id, filters),
    )
    return int(row.n)


async def find_post(session: ReadSession, community_id: str, person_id: UUID) -> Post | None:
    """Return a person, or None."""
    rows = await session.direct(
        f"SELECT {_COLUMNS} WHERE p.community_id = %(community)s AND p.person_id = %(person)s",
        {"community": community_id, "person": person_id},
    )
    return Post(*rows[0]) if rows else None


async def hold(session: WriteSession, community_id: str, person_id: UUID) -> Post | None:
    """Return a person, whom nobody else changes until the transaction ends."""
    await session.direct(
        "SELECT FROM person WHERE community_id = %(community)s AND person_id = %(person)s FOR NO KEY UPDATE",
        {"community": community_id, "person": person_id},
    )
    return await find_post(session, community_id, person_id)


async def change(session: WriteSession, community_id: str, post: Post) -> bool:
    """Store a person as they are now; False where they have more in hand than they may."""
    values = {
        "community": community_id,
        "person": post.person_id,
        "name": post.name,
        "role": post.role,
        "language": post.language,
        "agency": post.agency_code,
        "active": post.active,
        "grids": list(post.grids),
        "micro_grids": list(post.micro_grids),
        "mode": post.mode,
        "capacity": post.capacity,
        "skills": list(post.skills),
        "languages": list(post.languages) or [post.language],
    }
    await tell(session, About.PERSON, community_id, post.person_id)
    await session.direct(
        "UPDATE person SET name = %(name)s, role = %(role)s, language = %(language)s, agency_code = %(agency)s,"
        " active = %(active)s WHERE community_id = %(community)s AND person_id = %(person)s RETURNING person_id",
        values,
    )
    await session.direct(
        "DELETE FROM person_area WHERE community_id = %(community)s AND person_id = %(person)s RETURNING code",
        values,
    )
    await session.direct(
        "INSERT INTO person_area (community_id, person_id, level, code)"
        " SELECT %(community)s, %(person)s, 'grid', unnest(%(grids)s::text[]) UNION ALL"
        " SELECT %(community)s, %(person)s, 'micro_grid', unnest(%(micro_grids)s::text[]) RETURNING code",
        values,
    )
    if post.mode is None or post.capacity is None:
        return True
    rows = await session.direct(
        "INSERT INTO responder (community_id, person_id, mode, capacity, skills, languages)"
        " VALUES (%(community)s, %(person)s, %(mode)s, %(capacity)s, %(skills)s, %(languages)s)"
        " ON CONFLICT (community_id, person_id) DO UPDATE SET mode = excluded.mode, capacity = excluded.capacity,"
        " skills = excluded.skills, languages = excluded.languages WHERE responder.live_load <= excluded.capacity"
        " RETURNING person_id",
        values,
    )
    return bool(rows)


async def end_sessions(session: WriteSession, community_id: str, person_id: UUID) -> None:
    """Sign somebody out everywhere."""
    await tell(session, About.PERSON, community_id, person_id)
    await session.direct(
        "DELETE FROM session WHERE community_id = %(community)s AND person_id = %(person)s RETURNING person_id",
        {"community": community_id, "person": person_id},
    )


async def other_admins(session: ReadSession, community_id: str, person_id: UUID) -> int:
    """Return how many other administrators can sign in."""
    (row,) = await session.direct(
        "SELECT count(*) AS n FROM person WHERE community_id = %(community)s AND person_id <> %(person)s"
        " AND role = 'admin' AND active",
        {"community": community_id, "person": person_id},
    )
    return int(row.n)


async def put_code(
    session: WriteSession,
    community_id: str,
    person_id: UUID,
    *,
    code_hash: bytes,
    given_by: UUID | None,
    now: datetime,
    expires_at: datetime,
) -> None:
    """Store a code for a new password instead of any before it; the old password is none any more."""
    values = {
        "community": community_id,
        "person": person_id,
        "hash": code_hash,
        "by": given_by,
        "now": now,
        "expires": expires_at,
        "none": NO_PASSWORD,
    }
    await session.direct(
        "INSERT INTO sign_in_code (community_id, person_id, code_hash, given_by, created_at, expires_at)"
        " VALUES (%(community)s, %(person)s, %(hash)s, %(by)s, %(now)s, %(expires)s)"
        " ON CONFLICT (community_id, person_id) DO UPDATE SET code_hash = excluded.code_hash,"
        " given_by = excluded.given_by, failures = 0, created_at = excluded.created_at,"
        " expires_at = excluded.expires_at RETURNING person_id",
        values,
    )
    await session.direct(
        "UPDATE person SET password_hash = %(none)s, failed_sign_ins = 0, wait_until = NULL"
        " WHERE community_id = %(community)s AND person_id = %(person)s RETURNING person_id",
        values,
    )


async def count_wrong_code(
    session: WriteSession, community_id: str, person_id: UUID, *, attempts: int
) -> None:
    """Count a wrong code; after the last attempt allowed the code is gone."""
    values = {"community": community_id, "person": person_id, "attempts": attempts}
    await session.direct(
        "UPDATE sign_in_code SET failures = failures + 1 WHERE community_id = %(community)s AND person_id = %(person)s"
        " RETURNING failures",
        values,
    )
    await session.direct(
        "DELETE FROM sign_in_code WHERE community_id = %(community)s AND person_id = %(person)s"
        " AND failures >= %(attempts)s RETURNING failures",
        values,
    )


async def use_code(
    session: WriteSession,
    community_id: str,
    person_id: UUID,
    *,
    code_hash: bytes,
    password_hash: str,
    now: datetime,
) -> bool:
    """Set a password for a code, which is used up by it; False when it isn't the code, or not any more."""
    rows = await session.direct(
        "WITH used AS (DELETE FROM sign_in_code WHERE community_id = %(community)s AND person_id = %(person)s"
        " AND code_hash = %(hash)s AND expires_at > %(now)s RETURNING person_id)"
        " UPDATE person SET password_hash = %(password)s, failed_sign_ins = 0, wait_until = NULL FROM used"
        " WHERE person.community_id = %(community)s AND person.person_id = used.person_id AND person.active"
        " RETURNING person.person_id",
        {
            "community": community_id,
            "person": person_id,
            "hash": code_hash,
            "password": password_hash,
            "now": now,
        },
    )
    return bool(rows)
