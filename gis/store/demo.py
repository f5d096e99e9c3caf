"""The demo community's mark of completion, and how a half-loaded one is cleared away."""

from __future__ import annotations

from sqlalchemy import delete, exists, func, select, text, update
from sqlalchemy.dialects.postgresql import JSONB

from gis.store.session import ReadSession, WriteSession
from gis.store.tables import community, metadata

COMPLETE = "demo_complete"


async def any_community(session: ReadSession) -> bool:
    """Tell whether the database holds any community."""
    return bool(await session.value(select(exists(select(community.c.community_id)))))


async def unfinished_demo(session: ReadSession) -> str | None:
    """Return the demo community whose loading was cut off, if there is one."""
    found: str | None = await session.value(
        select(community.c.community_id)
        .where(community.c.demo, ~community.c.settings.has_key(COMPLETE))
        .limit(1)
    )
    return found


async def mark_complete(session: WriteSession, community_id: str) -> None:
    """Mark a demo community as wholly loaded."""
    mark = func.jsonb_build_object(COMPLETE, True, type_=JSONB)
    await session.run(
        update(community)
        .where(community.c.community_id == community_id)
        .values(settings=community.c.settings.op("||")(mark))
    )


async def erase(session: WriteSession, community_id: str) -> None:
    """Delete every row of a community; only for a demo whose loading was cut off."""
    for table in reversed(metadata.sorted_tables):
        if "community_id" in table.c:
            await session.run(delete(table).where(table.c.community_id == community_id))


async def count_through(session: WriteSession) -> None:
    """Have the planner know what tables hold now: rows that just came, or went, are otherwise counted a minute later.

    After a demo that was cleared away its tables are large and seem empty: a day's history took three times as long.
    """
    names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables if "community_id" in table.c)
    await session.run(text(f"ANALYZE {names}"))
