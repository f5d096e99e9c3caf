"""The mutual-help handbook."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict, Field

from api.deps import ReadDep, ReaderDep, WorkDep
from api.forms import body_of, parse
from api.handbook import articles
from api.models.fields import Body, Word
from api.rooms import interface
from api.spec import body, errors
from gis.errors import NotFoundError
from gis.flows.teams.handbook import drop_article, keep_article
from gis.store.handbook import OwnArticle
from gis.store.session import ReadSession
from gis.words import Actor
from web.handbook import Article, searched

router = interface("handbook")
JSON = "application/json"
Long = Annotated[str, Field(max_length=20_000)]


class ArticleBody(Body):
    """An article; `revision` is the one that was looked at, 0 where the office had none of its own."""

    title: Word
    title_en: str = Field("", max_length=200)
    body: Long = Field(description="Markdown without HTML and pictures")
    body_en: Long = ""
    position: int = Field(100, ge=0, le=999)
    shown: bool = True
    revision: int = Field(0, ge=0, le=2**31 - 1)


class ArticleOut(BaseModel):
    """An article in both languages; the text is Markdown."""

    model_config = ConfigDict(from_attributes=True)

    slug: str
    title: str
    title_en: str
    body: str
    body_en: str
    position: int
    revision: int
    shown: bool
    shipped: bool = Field(description="whether the service brings an article of this name along")


class ArticleList(BaseModel):
    """Articles in their order."""

    items: list[ArticleOut]
    total: int


class HandbookQuery(BaseModel):
    """Words to look for."""

    q: str = Field("", max_length=60)


@router.get("/handbook", responses=errors(400, 401))
async def get_handbook(
    reader: ReaderDep, session: ReadDep, query: Annotated[HandbookQuery, Query()]
) -> ArticleList:
    """List the handbook's articles, or those in which all words of `q` are found."""
    found = searched(await articles(session, reader.actor), query.q)
    return ArticleList(items=[ArticleOut.model_validate(one) for one in found], total=len(found))


async def article_of(session: ReadSession, actor: Actor, slug: str) -> Article:
    """Return an article; one that isn't shown only to who writes the handbook.

    Raises
    ------
    NotFoundError
        ``article_not_found``.
    """
    found = next((one for one in await articles(session, actor, hidden=True) if one.slug == slug), None)
    if found is None:
        raise NotFoundError("no such article", code="article_not_found")
    return found


@router.get("/handbook/{slug}", responses=errors(401, 404))
async def get_article(slug: str, reader: ReaderDep, session: ReadDep) -> ArticleOut:
    """One article."""
    return ArticleOut.model_validate(await article_of(session, reader.actor, slug))


def own_of(slug: str, given: ArticleBody) -> OwnArticle:
    """Return an article as the office wants it."""
    return OwnArticle(
        slug,
        given.title,
        given.title_en,
        given.body,
        given.body_en,
        given.position,
        given.shown,
        given.revision,
    )


@router.put("/handbook/{slug}", responses=errors(400, 401, 403, 409), openapi_extra=body(ArticleBody, JSON))
async def put_article(slug: str, request: Request, reader: ReaderDep, work: WorkDep) -> ArticleOut:
    """Write an article, or change one."""
    await keep_article(work, reader.actor, own_of(slug, parse(ArticleBody, await body_of(request))))
    return ArticleOut.model_validate(await article_of(work.session, reader.actor, slug))


@router.delete("/handbook/{slug}", status_code=204, responses=errors(401, 403, 404))
async def delete_article(slug: str, reader: ReaderDep, work: WorkDep) -> None:
    """Give up the office's own words for an article."""
    await drop_article(work, reader.actor, slug)
