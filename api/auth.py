"""Who is asking: bearer token or cookie, and for cookies a proof that the request comes from our own pages."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.responses import Response

from api.forms import form_of, is_form
from api.limiting import count_person, count_stranger
from api.parts import Parts, parts_of
from gis.errors import NotAllowedError, NotSignedInError
from gis.flows.sign_in import SignedIn, authenticate
from gis.settings import Settings
from gis.words import Actor

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
SCHEME = "bearer "
TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}~[A-Za-z0-9_-]{20,100}")


@dataclass(frozen=True, slots=True)
class Reader:
    """A signed-in person and the session they came with."""

    actor: Actor
    token: str
    csrf: str
    by_cookie: bool


def cookie_name(settings: Settings) -> str:
    """Return the name of the session's cookie."""
    return "__Host-weiwang_session" if settings.secure_cookies else "weiwang_session"


def set_session_cookie(response: Response, settings: Settings, signed_in: SignedIn) -> None:
    """Give a browser its session."""
    response.set_cookie(
        cookie_name(settings),
        signed_in.token,
        max_age=int(settings.sign_in.session_hours * 3600),
        path="/",
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )


def drop_session_cookie(response: Response, settings: Settings) -> None:
    """Take a browser's session away."""
    response.delete_cookie(
        cookie_name(settings), path="/", secure=settings.secure_cookies, httponly=True, samesite="lax"
    )


def check_origin(request: Request) -> None:
    """Refuse requests that another site made a browser send."""
    origin = request.headers.get("origin")
    host = request.headers.get("host", "")
    site = request.headers.get("sec-fetch-site")
    foreign = (
        urlsplit(origin).netloc != host if origin is not None else site not in (None, "same-origin", "none")
    )
    if foreign:
        raise NotAllowedError("the request comes from another site", code="origin_refused")


async def check_csrf(request: Request, csrf: str) -> None:
    """Refuse a change that doesn't carry the session's secret, in a header or a form field."""
    given = request.headers.get("x-csrf-token")
    if given is None and is_form(request):
        field = (await form_of(request)).get("csrf")
        given = field if isinstance(field, str) else None
    if not given or not hmac.compare_digest(given.encode(), csrf.encode()):
        raise NotAllowedError("the CSRF token is missing or wrong", code="csrf_failed")


def token_of(request: Request) -> tuple[str, bool]:
    """Return the token that a request carries and whether it came as a cookie; empty for none."""
    authorization = request.headers.get("authorization", "")
    if authorization[: len(SCHEME)].lower() == SCHEME:
        return authorization[len(SCHEME) :].strip(), False
    return request.cookies.get(cookie_name(parts_of(request).settings), ""), True


async def who(parts: Parts, token: str) -> tuple[Actor, str]:
    """Return whom a token belongs to and the session's secret, asking the database every few seconds.

    Raises
    ------
    NotSignedInError
        No such session, or one that has ended.
    """
    known = parts.sessions.find(token)
    if known is not None:
        return known.actor, known.csrf
    mark = parts.sessions.mark()
    async with parts.database.read() as session:
        actor, csrf = await authenticate(session, parts.clock, token)
    parts.sessions.keep(token, actor, csrf, mark=mark)
    return actor, csrf


async def signed_in(request: Request) -> Reader:
    """Return who is asking; changes by cookie must come from our own pages.

    Raises
    ------
    NotSignedInError
        Nobody is signed in.
    NotAllowedError
        ``csrf_failed`` or ``origin_refused``.
    """
    token, by_cookie = token_of(request)
    if not token:
        raise NotSignedInError("no session")
    actor, csrf = await _whose(request, token)
    count_person(request, actor)
    if by_cookie and request.method not in SAFE:
        check_origin(request)
        await check_csrf(request, csrf)
    return Reader(actor, token, csrf, by_cookie)


async def _whose(request: Request, token: str) -> tuple[Actor, str]:
    """Return whom a token belongs to; who comes with one that is none is counted as a stranger."""
    try:
        if TOKEN.fullmatch(token):
            return await who(parts_of(request), token)
    except NotSignedInError:
        count_stranger(parts_of(request), request)
        raise
    count_stranger(parts_of(request), request)
    raise NotSignedInError("not a token of this service", code="session_ended")


async def maybe_signed_in(request: Request) -> Reader | None:
    """Return who is asking, or None."""
    try:
        return await signed_in(request)
    except NotSignedInError:
        return None


ReaderDep = Annotated[Reader, Depends(signed_in)]
