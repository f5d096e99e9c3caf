"""How a page looks to its reader: light or dark, and the size of its type; kept by the browser, also before sign-in."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import Response

from api.language import COOKIE as LANGUAGE
from web.i18n import LANGUAGES
from web.render import LOOKS

YEAR_S = 365 * 86400
CHOICES: Mapping[str, tuple[str, ...]] = {LANGUAGE: LANGUAGES, **LOOKS}
"""What ``?lang=``, ``?theme=`` and ``?text=`` may say; each is a cookie of the same name."""


def look_of(request: Request) -> dict[str, str]:
    """Return the theme and the size of type: as just chosen, as chosen before, else the first of each."""
    wished = {name: _chosen(request, name) or request.cookies.get(name) for name in LOOKS}
    return {name: wish if (wish := wished[name]) in values else values[0] for name, values in LOOKS.items()}


def look_links(request: Request) -> dict[str, dict[str, str]]:
    """Return for each choice this page's address with it; a page that answers a form leads home."""
    path = request.url.path if request.method == "GET" else "/"
    asked = request.query_params.multi_items() if request.method == "GET" else []
    kept = [(name, value) for name, value in asked if name not in (*CHOICES, "notice")]
    return {
        name: {value: f"{path}?{urlencode([*kept, (name, value)])}" for value in values}
        for name, values in CHOICES.items()
    }


def remember_look(request: Request, response: Response, *, secure: bool) -> None:
    """Keep what was just chosen."""
    for name in CHOICES:
        if chosen := _chosen(request, name):
            response.set_cookie(name, chosen, max_age=YEAR_S, samesite="lax", httponly=True, secure=secure)


def _chosen(request: Request, name: str) -> str | None:
    value = request.query_params.get(name)
    return value if value in CHOICES[name] else None
