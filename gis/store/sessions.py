"""Who is signed in: sessions by the hash of their token, and the counting of failed attempts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gis.store.session import ReadSession, WriteSession
from gis.store.telling import About, tell
from gis.words import Actor, Role


@dataclass(frozen=True, slots=True)
class Account:
    """What signing in needs to know of a person."""

    community_id: str
    person_id: UUID
    password_hash: str
    active: bool
    demo: bool


async def accounts(session: ReadSession, username: str, community_id: str | None) -> list[Account]:
    """Return the accounts of a name: at most one where the community is stated."""
    rows = await session.direct(
        "SELECT community_id, person_id, password_hash, active, demo FROM person"
        " WHERE username = %(username)s AND (%(community)s::text IS NULL OR community_id = %(community)s)"
        " ORDER BY community_id LIMIT 2",
        {"username": username, "community": community_id},
    )
    return [Account(*row) for row in rows]


async def was_here(session: ReadSession, account: Account, address: str) -> bool:
    """Tell whether a person has signed in from an address before, as far as the audit log goes back."""
    rows = await session.direct(
        "SELECT EXISTS (SELECT FROM audit_note WHERE community_id = %(community)s AND person_id = %(person)s"
        " AND kind = 'signed_in' AND data->>'address' = %(address)s) AS found",
        {"community": account.community_id, "person": account.person_id, "address": address},
    )
    return bool(rows[0].found)


async def add(
    session: WriteSession,
    account: Account,
    *,
    token_hash: bytes,
    csrf: str,
    now: datetime,
    expires_at: datetime,
) -> None:
    """Store a session and drop this person's that have ended."""
    await session.direct(
        "WITH ended AS (DELETE FROM session WHERE community_id = %(community)s AND person_id = %(person)s"
        " AND expires_at <= %(now)s)"
        " INSERT INTO session (community_id, token_hash, person_id, csrf, created_at, expires_at)"
        " VALUES (%(community)s, %(hash)s, %(person)s, %(csrf)s, %(now)s, %(expires)s)",
        {
            "community": account.community_id,
            "hash": token_hash,
            "person": account.person_id,
            "csrf": csrf,
            "now": now,
            "expires": expires_at,
        },
    )


async def remove(session: WriteSession, community_id: str, token_hash: bytes) -> UUID | None:
    """End a session and return whose it was; one that has ended already is no error."""
    await tell(session, About.SESSION, community_id, token_hash)
    rows = await session.direct(
        "DELETE FROM session WHERE community_id = %(community)s AND token_hash = %(hash)s RETURNING person_id",
        {"community": community_id, "hash": token_hash},
    )
    return rows[0].person_id if rows else None


async def actor(
    session: ReadSession, community_id: str, token_hash: bytes, now: datetime
) -> tuple[Actor, str] | None:
    """Return whose session a token is, with what they are responsible for, and its CSRF value."""
    return (await actors_by_token(session, community_id, [token_hash], now)).get(token_hash)


async def actors_by_token(
    session: ReadSession, community_id: str, token_hashes: Sequence[bytes], now: datetime
) -> dict[bytes, tuple[Actor, str]]:
    """Return those of some tokens that are of sessions: token -> whose, and the session's CSRF value."""
    rows = await session.direct(
        """
        SELECT s.token_hash, p.person_id, p.username, p.name, p.role, p.language, p.agency_code, s.csrf,
               array(SELECT a.level || ':' || a.code FROM person_area a
                     WHERE a.community_id = p.community_id AND a.person_id = p.person_id) AS areas
        FROM session s JOIN person p ON p.community_id = s.community_id AND p.person_id = s.person_id
        WHERE s.community_id = %(community)s AND s.token_hash = ANY(%(hashes)s::bytea[]) AND s.expires_at > %(now)s AND p.active
        """,
        {"community": community_id, "hashes": list(token_hashes), "now": now},
    )
    return {bytes(row.token_hash): (_actor(community_id, row), row.csrf) for row in rows}


async def actors(session: ReadSession, community_id: str, person_id: UUID | None = None) -> list[Actor]:
    """Return everybody of a community, or one person, with what they are responsible for."""
    rows = await session.direct(
        """
        SELECT p.person_id, p.username, p.name, p.role, p.language, p.agency_code,
               array(SELECT a.level || ':' || a.code FROM person_area a
                     WHERE a.community_id = p.community_id AND a.person_id = p.person_id) AS areas
        FROM person p WHERE p.community_id = %(community)s AND p.active
        AND (%(person)s::uuid IS NULL OR p.person_id = %(person)s) ORDER BY p.username
        """,
        {"community": community_id, "person": person_id},
    )
    return [_actor(community_id, row) for row in rows]


async def actor_of(session: ReadSession, community_id: str, person_id: UUID) -> Actor | None:
    """Return a person as an actor."""
    found = await actors(session, community_id, person_id)
    return found[0] if found else None


def _actor(community_id: str, row: object) -> Actor:
    values = row._asdict()  # type: ignore[attr-defined]
    areas = [area.split(":", 1) for area in values["areas"]]
    return Actor(
        community_id,
        values["person_id"],
        values["username"],
        values["name"],
        Role(values["role"]),
        language=values["language"],
        grid_codes=frozenset(code for level, code in areas if level == "grid"),
        micro_grid_codes=frozenset(code for level, code in areas if level == "micro_grid"),
        agency_code=values["agency_code"],
    )
