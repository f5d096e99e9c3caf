"""Which language an answer is in."""

from __future__ import annotations

from fastapi import Request

from web.i18n import choose_language

COOKIE = "lang"


def language_of(request: Request, person: str | None = None) -> str:
    """Return the language asked for by ``?lang=``, the cookie, the person, or the browser; else Chinese."""
    return choose_language(
        request.query_params.get("lang"),
        request.cookies.get(COOKIE),
        person,
        accept=request.headers.get("accept-language", ""),
    )
