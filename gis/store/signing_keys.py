"""Keys with which a community signs what it hands out: in the database, so that all processes and a backup agree."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from gis.store.session import ReadSession, WriteSession
from gis.store.tables import signing_key

_c = signing_key.c


async def keys_in_force(session: ReadSession, community_id: str, purpose: str) -> list[bytes]:
    """Return the keys that are not revoked, the newest first."""
    rows = await session.rows(
        select(_c.key)
        .where(_c.community_id == community_id, _c.purpose == purpose, _c.revoked_at.is_(None))
        .order_by(_c.number.desc())
    )
    return [bytes(row.key) for row in rows]


async def keys_of_others(session: ReadSession, community_id: str, purpose: str) -> list[tuple[str, bytes]]:
    """Return the keys in force of all other communities, each with its community.

    The one look across communities: to tell somebody who stands in another community from a forger. Nothing but the
    name of the error comes of it.
    """
    rows = await session.rows(
        select(_c.community_id, _c.key).where(
            _c.community_id != community_id, _c.purpose == purpose, _c.revoked_at.is_(None)
        )
    )
    return [(row.community_id, bytes(row.key)) for row in rows]


async def ensure_key(
    session: WriteSession, community_id: str, purpose: str, fresh: bytes, now: datetime
) -> bytes:
    """Return the newest key in force, storing a fresh one where there is none.

    Of two transactions that do so at once the second waits for the first and takes its key.

    Parameters
    ----------
    session
        Where.
    community_id, purpose
        Whose key, and what it signs.
    fresh
        Random bytes, stored only if there is no key.
    now
        When.
    """
    newest = await _newest(
        session, community_id, purpose
    )  # before looking, so that nothing can come in between
    known = await keys_in_force(session, community_id, purpose)
    if not known:
        await _add(session, community_id, purpose, number=newest + 1, fresh=fresh, now=now)
        known = await keys_in_force(session, community_id, purpose)
    return known[0]


async def add_key(
    session: WriteSession, community_id: str, purpose: str, fresh: bytes, now: datetime
) -> bool:
    """Store a key as the newest; tell whether it was, or another one at this very moment."""
    newest = await _newest(session, community_id, purpose)
    return await _add(session, community_id, purpose, number=newest + 1, fresh=fresh, now=now)


async def revoke_keys(session: WriteSession, community_id: str, purpose: str, now: datetime) -> int:
    """End all keys in force: what was signed with them is refused from now on. Return how many."""
    return await session.run(
        update(signing_key)
        .where(_c.community_id == community_id, _c.purpose == purpose, _c.revoked_at.is_(None))
        .values(revoked_at=now)
    )


async def _newest(session: ReadSession, community_id: str, purpose: str) -> int:
    statement = select(func.coalesce(func.max(_c.number), 0))
    return int(await session.value(statement.where(_c.community_id == community_id, _c.purpose == purpose)))


async def _add(
    session: WriteSession, community_id: str, purpose: str, *, number: int, fresh: bytes, now: datetime
) -> bool:
    values = {"community_id": community_id, "purpose": purpose, "number": number, "key": fresh}
    statement = insert(signing_key).values(**values, created_at=now).on_conflict_do_nothing()
    return await session.value(statement.returning(_c.number)) is not None
