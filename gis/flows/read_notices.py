"""Having read what one was told."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from gis.flows.work import Work
from gis.store import notices
from gis.store.notice_reading import unread_count
from gis.words import Actor


async def read_notices(work: Work, actor: Actor, ids: Sequence[UUID] | None = None) -> int:
    """Mark one's own notices as read and return how many are still unread.

    Parameters
    ----------
    work, actor
        Whose.
    ids
        Which; None: all. Those of others, and those that were read before, are passed over.
    """
    await notices.mark_read(work.session, actor.community_id, actor.person_id, ids, work.clock.now())
    return await unread_count(work.session, actor.community_id, actor.person_id)
