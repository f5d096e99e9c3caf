"""The office's own pages: people, agencies, changes, communities, how a community shows itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gis.errors import NotFoundError
from gis.people.permissions import require
from gis.store.agencies import AgencyRow, agency_rows
from gis.store.branding import branding, logo_image
from gis.store.changes import ChangeRow, change_rows
from gis.store.communities import CommunityRow, community_rows
from gis.store.posts import Post, PostFilters, count_posts, find_post, posts
from gis.store.session import ReadSession
from gis.views.paging import Page, decode_cursor, encode_cursor
from gis.words import Actor

__all__ = [
    "AgencyRow",
    "ChangeRow",
    "CommunityRow",
    "Post",
    "PostFilters",
    "agency_rows",
    "branding",
    "changes",
    "communities_of",
    "logo_image",
    "people",
    "person",
]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as the office sees them, and what was changed of them."""

    post: Post
    changes: list[ChangeRow]


async def people(
    session: ReadSession, actor: Actor, filters: PostFilters, *, limit: int = 50, after: str | None = None
) -> Page[Post]:
    """Return people by username; the cursor is the last one's."""
    require(actor, "create_person")
    rows = await posts(session, actor.community_id, filters, limit=limit + 1, after=after)
    more = rows[limit - 1].username if len(rows) > limit else None
    return Page(rows[:limit], more, await count_posts(session, actor.community_id, filters))


async def person(session: ReadSession, actor: Actor, person_id: UUID) -> Person:
    """Return somebody.

    Raises
    ------
    NotFoundError
        ``person_unknown``.
    """
    require(actor, "create_person")
    found = await find_post(session, actor.community_id, person_id)
    if found is None:
        raise NotFoundError("no such person", code="person_unknown")
    rows = await change_rows(session, actor.community_id, subject="person", key=str(person_id), limit=20)
    return Person(found, rows)


async def changes(
    session: ReadSession,
    actor: Actor,
    subject: str | None = None,
    *,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[ChangeRow]:
    """Return what the office changed of itself, the newest first; the total is not counted."""
    require(actor, "administer")
    rows = await change_rows(
        session, actor.community_id, subject=subject, limit=limit + 1, after=decode_cursor(cursor)
    )
    shown = rows[:limit]
    more = encode_cursor(shown[-1].at, shown[-1].change_id) if len(rows) > limit else None
    return Page(shown, more, len(shown))


async def communities_of(session: ReadSession, actor: Actor, since: datetime) -> list[CommunityRow]:
    """Return the communities of this service as figures; an administrator sees no others' names of people."""
    require(actor, "administer")
    return await community_rows(session, since)
