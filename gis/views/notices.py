"""What somebody was told: their own notices, the newest first."""

from __future__ import annotations

from gis.errors import InvalidInputError
from gis.store.notice_reading import NoticeRow, count, notice_rows, notices_after, unread_count
from gis.store.session import ReadSession
from gis.views.paging import Page
from gis.words import Actor

__all__ = ["NoticeRow", "notice_list", "notices_after", "unread_count"]

_LARGEST = 2**63 - 1


async def notice_list(
    session: ReadSession, actor: Actor, *, unread: bool = False, limit: int = 50, cursor: str | None = None
) -> Page[NoticeRow]:
    """Return the reader's own notices.

    Parameters
    ----------
    session, actor
        Whose.
    unread
        Only those not read yet.
    limit, cursor
        How many, after which.

    Raises
    ------
    InvalidInputError
        ``cursor_invalid``.
    """
    if cursor and not (cursor.isdecimal() and int(cursor) <= _LARGEST):
        raise InvalidInputError("not a cursor of this service", code="cursor_invalid", field="cursor")
    before = int(cursor) if cursor else None
    rows = await notice_rows(
        session, actor.community_id, actor.person_id, unread=unread, before=before, limit=limit + 1
    )
    known = await count(session, actor.community_id, actor.person_id)
    shown = rows[:limit]
    more = str(shown[-1].serial) if len(rows) > limit else None
    return Page(shown, more, known.unread if unread else known.total)
