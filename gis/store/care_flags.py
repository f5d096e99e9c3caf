"""Care flags that an office has added."""

from __future__ import annotations

from dataclasses import dataclass

from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class CareFlag:
    """A flag: what it is called, whether watchers see it, whether it may still be noted."""

    code: str
    name: str
    name_en: str
    for_watchers: bool
    active: bool


async def flags(session: ReadSession, community_id: str) -> list[CareFlag]:
    """Return an office's own flags by their code."""
    rows = await session.direct(
        "SELECT code, name, name_en, for_watchers, active FROM care_flag WHERE community_id = %(community)s"
        " ORDER BY code",
        {"community": community_id},
    )
    return [CareFlag(*row) for row in rows]


async def keep(session: WriteSession, community_id: str, flag: CareFlag) -> None:
    """Store a flag, or what is changed of it."""
    await session.direct(
        "INSERT INTO care_flag (community_id, code, name, name_en, for_watchers, active)"
        " VALUES (%(community)s, %(code)s, %(name)s, %(name_en)s, %(for_watchers)s, %(active)s)"
        " ON CONFLICT (community_id, code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en,"
        " for_watchers = excluded.for_watchers, active = excluded.active",
        {
            "community": community_id,
            "code": flag.code,
            "name": flag.name,
            "name_en": flag.name_en,
            "for_watchers": flag.for_watchers,
            "active": flag.active,
        },
    )
