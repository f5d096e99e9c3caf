"""Musters as people read them: the office sees everybody by name, who was called sees the counts and their own call."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from gis.errors import NotFoundError
from gis.people.permissions import may
from gis.store.muster_reading import (
    CallFacts,
    MusterNews,
    MusterRow,
    call_rows,
    muster_count,
    muster_rows,
    musters_after,
)
from gis.store.session import ReadSession
from gis.views.paging import Page, decode_cursor, encode_cursor
from gis.words import Actor

__all__ = [
    "CallFacts",
    "MusterDetail",
    "MusterNews",
    "MusterRow",
    "may_hear_muster",
    "muster_detail",
    "muster_list",
    "musters_after",
    "my_musters",
]

MINE = 5
ANSWERABLE = frozenset({"called", "no_answer", "on_the_way", "arrived", "declined"})


@dataclass(frozen=True, slots=True)
class MusterDetail:
    """A muster; ``calls`` are empty for whoever was only called, ``mine`` is the reader's own call."""

    row: MusterRow
    calls: list[CallFacts]
    mine: CallFacts | None


async def muster_list(
    session: ReadSession, actor: Actor, *, limit: int = 50, cursor: str | None = None
) -> Page[MusterRow]:
    """Return musters, the newest first: all for the office, else those one was called to."""
    called = None if may(actor, "read_musters") else actor.person_id
    after = decode_cursor(cursor)
    rows = await muster_rows(session, actor.community_id, called=called, after=after, limit=limit + 1)
    shown = rows[:limit]
    more = encode_cursor(shown[-1].created_at, shown[-1].muster_id) if len(rows) > limit else None
    total = await muster_count(session, actor.community_id, called)
    return Page(shown, more, total)


async def muster_detail(session: ReadSession, actor: Actor, muster_id: UUID) -> MusterDetail:
    """Return a muster that the reader may see.

    Raises
    ------
    NotFoundError
        ``muster_not_found``: none, or one was not called.
    """
    office = may(actor, "read_musters")
    rows = await muster_rows(
        session, actor.community_id, muster_id=muster_id, called=None if office else actor.person_id
    )
    if not rows:
        raise NotFoundError("no such muster, or not one of yours", code="muster_not_found")
    calls = await call_rows(session, actor.community_id, muster_id, None if office else actor.person_id)
    mine = next((one for one in calls if one.person_id == actor.person_id), None)
    return MusterDetail(rows[0], calls if office else [], mine)


async def my_musters(session: ReadSession, actor: Actor) -> list[MusterDetail]:
    """Return the musters that still call and to which the reader was called and not stood down."""
    rows = await muster_rows(session, actor.community_id, called=actor.person_id, limit=MINE)
    found = []
    for row in rows:
        if row.status == "calling":
            detail = await muster_detail(session, actor, row.muster_id)
            if detail.mine and detail.mine.status in ANSWERABLE:
                found.append(detail)
    return found


def may_hear_muster(actor_sees_all: bool, person_id: UUID, community_id: str, news: MusterNews) -> bool:
    """Tell whether a listener may hear of something at a muster.

    Parameters
    ----------
    actor_sees_all
        Whether they read all musters of their community.
    person_id, community_id
        Who they are.
    news
        What happened.
    """
    return news.community_id == community_id and (actor_sees_all or person_id in news.people)
