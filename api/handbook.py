"""The handbook as a community has it: what the service brings along, with the office's own articles."""

from __future__ import annotations

from gis.people.permissions import may
from gis.store.handbook import own_articles
from gis.store.session import ReadSession
from gis.words import Actor
from web.handbook import Article, joined


async def articles(session: ReadSession, actor: Actor, *, hidden: bool = False) -> list[Article]:
    """Return the handbook; with what isn't shown only to who writes it.

    Parameters
    ----------
    session, actor
        Whose.
    hidden
        Articles that aren't shown as well, where the reader may write.
    """
    own = [
        Article(
            one.slug, one.title, one.title_en, one.body, one.body_en, one.position, one.revision, one.shown
        )
        for one in await own_articles(session, actor.community_id)
    ]
    found = joined(own)
    return [one for one in found if one.shown or (hidden and may(actor, "edit_handbook"))]
