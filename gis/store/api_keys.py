"""Keys of programs that file reports: only hashes are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update

from gis.store.session import ReadSession, WriteSession
from gis.store.tables import api_key


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key: in whose name it reports, how often it may, and whether it still may."""

    community_id: str
    key_id: UUID
    name: str
    person_id: UUID
    per_minute: int
    created_by: UUID | None
    created_at: datetime
    revoked_at: datetime | None


_COLUMNS = tuple(api_key.c[name] for name in ApiKey.__slots__)


async def add_key(session: WriteSession, key: ApiKey, key_hash: bytes) -> None:
    """Store a key."""
    values = {name: getattr(key, name) for name in ApiKey.__slots__}
    await session.run(insert(api_key).values(**values, key_hash=key_hash))


async def key_of(session: ReadSession, community_id: str, key_hash: bytes) -> ApiKey | None:
    """Return the key with a hash that may still be used."""
    row = await session.row(
        select(*_COLUMNS).where(
            api_key.c.community_id == community_id,
            api_key.c.key_hash == key_hash,
            api_key.c.revoked_at.is_(None),
        )
    )
    return None if row is None else ApiKey(*row)


async def keys(session: ReadSession, community_id: str) -> list[ApiKey]:
    """Return the keys of a community, the newest first."""
    rows = await session.rows(
        select(*_COLUMNS)
        .where(api_key.c.community_id == community_id)
        .order_by(api_key.c.created_at.desc(), api_key.c.key_id)
    )
    return [ApiKey(*row) for row in rows]


async def revoke_key(session: WriteSession, community_id: str, key_id: UUID, now: datetime) -> bool:
    """End a key; False when there is none in use."""
    found = await session.run(
        update(api_key)
        .where(
            api_key.c.community_id == community_id,
            api_key.c.key_id == key_id,
            api_key.c.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )
    return found == 1
