"""The pages of the handbook: all articles on one page, which opens without a network, and the form of who writes it."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReadDep, ReaderDep
from api.forms import body_of, parse
from api.handbook import articles
from api.language import language_of
from api.pages.frame import Failure, redirect
from api.pages.service.frame import open_page, show_page
from api.rooms import pages
from api.routes.handbook import ArticleBody, article_of, own_of
from gis.errors import NotFoundError, WeiwangError
from gis.flows.teams.handbook import drop_article, keep_article
from gis.people.permissions import may, require
from gis.store.session import ReadSession
from web.handbook import Article, as_html, searched

router = pages()
KEY = "handbook"
FIELDS = ("title", "title_en", "body", "body_en", "position", "revision", "shown")


@router.get("/handbook")
async def get_handbook(request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """Show the handbook, or the articles in which somebody finds what they look for."""
    await open_page(session, reader, KEY)
    wanted = request.query_params.get("q", "")[:60]
    writes = may(reader.actor, "edit_handbook")
    found = searched(await articles(session, reader.actor, hidden=writes), wanted)
    return await _show(request, session, reader, found, wanted=wanted)


async def _show(
    request: Request, session: ReadSession, reader: Reader, found: list[Article], *, wanted: str = ""
) -> Response:
    language = language_of(request, reader.actor.language)
    return await show_page(
        request,
        session,
        reader,
        KEY,
        articles=[
            {
                "slug": one.slug,
                "name": one.name(language),
                "html": as_html(one.words(language)),
                "shown": one.shown,
                "own": one.revision > 0,
            }
            for one in found
        ],
        wanted=wanted,
        writes=may(reader.actor, "edit_handbook"),
    )


@router.get("/handbook/new")
async def get_new(request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """Show the form of a new article."""
    require(reader.actor, "edit_handbook")
    return await _form(request, session, reader, None, {"slug": "", "position": "200", "revision": "0"})


@router.get("/handbook/{slug}")
async def get_article(slug: str, request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """Show one article, to be printed or pointed to."""
    await open_page(session, reader, KEY)
    return await _show(request, session, reader, [await article_of(session, reader.actor, slug)])


@router.get("/handbook/{slug}/edit")
async def get_edit(slug: str, request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """Show the form of an article."""
    require(reader.actor, "edit_handbook")
    found = await article_of(session, reader.actor, slug)
    form = {name: getattr(found, name) for name in FIELDS}
    return await _form(request, session, reader, found, {**form, "slug": slug})


async def _form(  # noqa: PLR0917 - whose form, of which article, and what was wrong with it
    request: Request,
    session: ReadSession,
    reader: Reader,
    article: Article | None,
    form: dict[str, Any],
    failure: Failure | None = None,
) -> Response:
    body = str(form.get("body") or "")
    return await show_page(
        request,
        session,
        reader,
        KEY,
        template="service_handbook_edit.html",
        failure=failure,
        article=article,
        preview=as_html(body) if failure is None and body else "",
        form=form,
    )


@router.post("/handbook")
async def post_article(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Write an article, or change one; nothing typed is lost."""
    fields = await body_of(request)
    slug = str(fields.get("slug", ""))
    given = {name: fields[name] for name in FIELDS if name in fields and name != "shown"}
    try:
        article = own_of(slug, parse(ArticleBody, {**given, "shown": fields.get("shown") == "yes"}))
        async with parts.work() as work:
            await keep_article(work, reader.actor, article)
    except (WeiwangError, RequestValidationError) as error:
        async with parts.database.read() as session:
            known = await articles(session, reader.actor, hidden=True)
            before = next((one for one in known if one.slug == slug), None)
            return await _form(request, session, reader, before, fields, error)
    return redirect(f"/handbook/{slug}" if article.shown else "/handbook", "article_kept")


@router.post("/handbook/{slug}/drop")
async def post_drop(slug: str, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Give up the office's own words for an article."""
    await body_of(request)
    try:
        async with parts.work() as work:
            await drop_article(work, reader.actor, slug)
    except NotFoundError:
        return redirect("/handbook")
    return redirect("/handbook", "article_dropped")
