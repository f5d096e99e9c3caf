"""How a community shows itself: a few words and colours in its settings, and its mark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg.types.json import Jsonb

from gis.store.session import ReadSession, WriteSession


async def branding(session: ReadSession, community_id: str) -> tuple[Mapping[str, Any], str | None]:
    """Return what was set, and the hash of the mark, None without one."""
    rows = await session.direct(
        "SELECT coalesce(k.settings->'branding', '{}') AS words, l.sha256 FROM community k"
        " LEFT JOIN logo l ON l.community_id = k.community_id WHERE k.community_id = %(community)s",
        {"community": community_id},
    )
    return (rows[0].words, rows[0].sha256) if rows else ({}, None)


async def set_branding(
    session: WriteSession, community_id: str, name: str, name_en: str, words: Mapping[str, Any]
) -> None:
    """Remember how a community shows itself."""
    await session.direct(
        "UPDATE community SET name = %(name)s, name_en = %(en)s, settings = settings || %(words)s"
        " WHERE community_id = %(community)s RETURNING community_id",
        {
            "name": name,
            "en": name_en,
            "words": Jsonb({"branding": dict(words)}),
            "community": community_id,
        },
    )


async def put_logo(session: WriteSession, community_id: str, sha256: str, image: bytes) -> None:
    """Store a community's mark instead of any before it."""
    await session.direct(
        "INSERT INTO logo (community_id, sha256, image) VALUES (%(community)s, %(hash)s, %(image)s)"
        " ON CONFLICT (community_id) DO UPDATE SET sha256 = excluded.sha256, image = excluded.image RETURNING sha256",
        {"community": community_id, "hash": sha256, "image": image},
    )


async def remove_logo(session: WriteSession, community_id: str) -> None:
    """Take a community's mark away."""
    await session.direct(
        "DELETE FROM logo WHERE community_id = %(community)s RETURNING sha256", {"community": community_id}
    )


async def logo_image(session: ReadSession, community_id: str) -> bytes | None:
    """Return a community's mark as JPEG, or None."""
    rows = await session.direct(
        "SELECT image FROM logo WHERE community_id = %(community)s", {"community": community_id}
    )
    return bytes(rows[0].image) if rows else None
