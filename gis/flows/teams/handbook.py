"""The office's own articles of the handbook: written, changed, given back to the words that the service brings along."""

from __future__ import annotations

import re
from dataclasses import replace

from gis.errors import ConflictError, InvalidInputError, NotFoundError
from gis.flows.texts import plain, required
from gis.flows.work import Work
from gis.people.permissions import require
from gis.store import handbook
from gis.store.handbook import OwnArticle
from gis.words import Actor

SLUG = re.compile(r"[a-z][a-z0-9_]{1,39}")
MOST_BODY = 8000
MOST_ARTICLES = 100


async def keep_article(work: Work, actor: Actor, article: OwnArticle) -> None:
    """Store an article as the office wants it.

    Parameters
    ----------
    work, actor
        Who of the office writes.
    article
        ``revision`` is the one that was looked at; 0: there was none of the office's own.

    Raises
    ------
    InvalidInputError
        ``article_slug``, ``article_position``, ``text_needed``, ``text_too_long``.
    ConflictError
        ``changed_meanwhile``, ``too_many_articles``.
    """
    require(actor, "edit_handbook")
    if not SLUG.fullmatch(article.slug) or article.slug == "new":
        raise InvalidInputError("small letters, digits and _, not new", code="article_slug", field="slug")
    if not 0 <= article.position <= 999:  # noqa: PLR2004 - three digits
        raise InvalidInputError("0 to 999", code="article_position", field="position")
    known = {one.slug for one in await handbook.own_articles(work.session, actor.community_id)}
    if article.slug not in known and len(known) >= MOST_ARTICLES:
        raise ConflictError("enough articles", code="too_many_articles", limit=MOST_ARTICLES)
    given = replace(
        article,
        title=required(article.title, "title", limit=60),
        title_en=plain(article.title_en, "title_en", limit=80),
        body=required(article.body, "body", limit=MOST_BODY),
        body_en=plain(article.body_en, "body_en", limit=MOST_BODY),
    )
    if not await handbook.put(
        work.session, actor.community_id, given, by=actor.person_id, now=work.clock.now()
    ):
        raise ConflictError("somebody else changed it first", code="changed_meanwhile")


async def drop_article(work: Work, actor: Actor, slug: str) -> None:
    """Give up the office's own words: what the service brings along stands again, or nothing.

    Parameters
    ----------
    work, actor, slug
        Who of the office gives up which.

    Raises
    ------
    NotFoundError
        ``article_not_found``.
    """
    require(actor, "edit_handbook")
    if not await handbook.drop(work.session, actor.community_id, slug):
        raise NotFoundError("no article of the office's own", code="article_not_found")
