"""What a community shows to everybody: nothing, until its office decides otherwise."""

from __future__ import annotations

from sqlalchemy import literal, select, update
from sqlalchemy.dialects.postgresql import JSONB

from gis.store.session import ReadSession, WriteSession
from gis.store.tables import community

PUBLIC_HEAT = "public_heat"


async def public_heat(session: ReadSession, community_id: str) -> bool:
    """Tell whether a community shows its heatmap without sign-in; one that doesn't exist shows nothing."""
    found = await session.value(
        select(community.c.settings[PUBLIC_HEAT].astext).where(community.c.community_id == community_id)
    )
    return bool(found == "true")


async def set_public_heat(session: WriteSession, community_id: str, *, on: bool) -> None:
    """Decide it."""
    mark = literal({PUBLIC_HEAT: on}, JSONB)
    await session.run(
        update(community)
        .where(community.c.community_id == community_id)
        .values(settings=community.c.settings.op("||")(mark))
    )
