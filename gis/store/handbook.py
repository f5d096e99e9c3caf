"""Articles of the handbook that an office has written or changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class OwnArticle:
    """An article in an office's own words; one that isn't shown hides what the service brings along."""

    slug: str
    title: str
    title_en: str
    body: str
    body_en: str
    position: int
    shown: bool
    revision: int
    changed_at: datetime | None = None


async def own_articles(session: ReadSession, community_id: str) -> list[OwnArticle]:
    """Return the articles that a community has written or changed."""
    rows = await session.direct(
        "SELECT slug, title, title_en, body, body_en, position, shown, revision, changed_at FROM handbook_article"
        " WHERE community_id = %(community)s ORDER BY position, slug",
        {"community": community_id},
    )
    return [OwnArticle(*row) for row in rows]


async def put(
    session: WriteSession, community_id: str, article: OwnArticle, *, by: UUID, now: datetime
) -> bool:
    """Store an article; ``revision`` is the one that was looked at (0: none). False when it isn't that any more."""
    rows = await session.direct(
        """
        INSERT INTO handbook_article AS a (community_id, slug, title, title_en, body, body_en, position, shown, revision,
            changed_by, changed_at)
        SELECT %(community)s, %(slug)s, %(title)s, %(title_en)s, %(body)s, %(body_en)s, %(position)s, %(shown)s, 1, %(by)s,
            %(now)s
        WHERE %(revision)s = 0 OR EXISTS (SELECT FROM handbook_article h WHERE h.community_id = %(community)s
            AND h.slug = %(slug)s)
        ON CONFLICT (community_id, slug) DO UPDATE SET title = excluded.title, title_en = excluded.title_en,
            body = excluded.body, body_en = excluded.body_en, position = excluded.position, shown = excluded.shown,
            revision = a.revision + 1, changed_by = excluded.changed_by, changed_at = excluded.changed_at
            WHERE a.revision = %(revision)s
        RETURNING revision
        """,
        {
            "community": community_id,
            "slug": article.slug,
            "title": article.title,
            "title_en": article.title_en,
            "body": article.body,
            "body_en": article.body_en,
            "position": article.position,
            "shown": article.shown,
            "revision": article.revision,
            "by": by,
            "now": now,
        },
    )
    return bool(rows)


async def drop(session: WriteSession, community_id: str, slug: str) -> bool:
    """Forget an office's own words for an article; False when it has none."""
    rows = await session.direct(
        "DELETE FROM handbook_article WHERE community_id = %(community)s AND slug = %(slug)s RETURNING slug",
        {"community": community_id, "slug": slug},
    )
    return bool(rows)
