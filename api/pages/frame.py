"""What every page is given, and how a page is answered."""

from __future__ import annotations

import math
from typing import Any
from urllib.parse import urlencode, urlsplit

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.auth import Reader
from api.errors import refusal
from api.language import language_of
from api.look import look_links, look_of, remember_look
from api.pages.menu import PAGES, menu_of
from api.parts import parts_of
from api.routes.session import community_out
from gis.crs import from_wgs84
from gis.errors import NotAllowedError, WeiwangError
from gis.settings import BaseMapSettings
from gis.store.session import ReadSession
from gis.views import boards
from web.messages import error_sentence

Failure = WeiwangError | RequestValidationError


def check_page(reader: Reader, key: str) -> None:
    """Refuse a page that isn't for the reader's role."""
    if key not in PAGES[reader.actor.role]:
        raise NotAllowedError(f"the page {key} is not for {reader.actor.role}", code="page_not_allowed")


def back_to(given: str | None, default: str) -> str:
    """Return a path of our own to go back to; anything else would lead people elsewhere."""
    found = urlsplit(given or "")
    local = bool(given) and not found.scheme and not found.netloc and found.path.startswith("/")
    safe = (
        local
        and not any(sign in str(given) for sign in ("\\", "\r", "\n", "\t"))
        and not str(given).startswith("//")
    )
    return str(given) if safe else default


def redirect(path: str, notice: str | None = None) -> Response:
    """Lead a browser on after a form, with a note to show there."""
    if notice:
        path += ("&" if "?" in path else "?") + urlencode({"notice": notice})
    return RedirectResponse(path, status_code=303)


async def show(
    request: Request,
    session: ReadSession | None,
    reader: Reader | None,
    template: str,
    *,
    failure: Failure | None = None,
    within: str = "",
    labelled: str = "",
    **context: Any,
) -> Response:
    """Answer with a page.

    Parameters
    ----------
    request, session, reader
        Whose page; the session may be None where nobody is signed in.
    template
        Its file.
    failure
        What went wrong with the form that was just sent; also decides the status.
    within
        What the names of its errors begin with, where several forms of the page have fields of one name.
    labelled
        The template that draws the form's fields, where it isn't the page's own.
    **context
        What the template shows besides.
    """
    parts = parts_of(request)
    actor = reader.actor if reader else None
    language = language_of(request, actor.language if actor else None)
    common = await _common(request, session, reader, language)
    status = 200
    if failure is not None:
        found = refusal(failure)
        status = found.status
        labels = parts.renderer.labels(labelled or template, within)
        common["problem"] = {
            "code": found.code,
            "title": error_sentence(language, f"title_{status}", fallback=found.code),
            "detail": error_sentence(
                language, found.code, found.values, fallback=found.detail, labels=labels
            ),
        }
        common["errors"] = {
            within + one.field: error_sentence(
                language, one.code, {"field": one.field, **one.values}, fallback=found.detail, labels=labels
            )
            for one in found.found
            if one.field
        }
    html = parts.renderer.page(
        template,
        language=language,
        nonce=request.scope["state"]["nonce"],
        actor=actor,
        csrf=reader.csrf if reader else "",
        **{**common, **context},
    )
    response = HTMLResponse(html, status_code=status)
    remember_look(request, response, secure=parts.settings.secure_cookies)
    return response


async def _common(
    request: Request, session: ReadSession | None, reader: Reader | None, language: str
) -> dict[str, Any]:
    parts = parts_of(request)
    links = look_links(request)
    common: dict[str, Any] = {
        "path": request.url.path,
        "look": look_of(request),
        "language_links": links.pop("lang"),
        "look_links": links,
        "notice": request.query_params.get("notice"),
        "data_age_s": math.ceil(session.age_s) if session else 0,
        "pages": [],
        "tabs": [],
        "more": [],
        "community": None,
        "config": {
            "language": language,
            "csrf": reader.csrf if reader else "",
            "api": "/api/v1",
            "static": "/static",
            "events": "/api/v1/events",
            "max_photo_bytes": parts.settings.photo.max_bytes,
            "max_photos": parts.settings.photo.max_per_report,
        },
    }
    if session is None or reader is None:
        return common
    actor = reader.actor
    common |= menu_of(actor.role)
    found = await boards.page_frame(session, actor.community_id, actor.person_id)
    if found is None:
        return common
    community = community_out(found.community)
    common |= {
        "community": community.model_dump() if community else None,
        "categories": found.categories,
        "agencies": found.agencies,
        "branding": {
            "colour": "",
            "phone": "",
            "icp": "",
            **found.branding,
            "logo": f"/branding/logo?v={found.logo[:12]}" if found.logo else None,
        },
        "unread": found.unread,
    }
    common["config"] |= {
        "role": actor.role.value,
        "person_id": str(actor.person_id),
        "community": common["community"],
        "base_map": _base_map(parts.settings.base_map, community.centre if community else None),
    }
    return common


def _base_map(chosen: BaseMapSettings, centre: list[float] | None) -> dict[str, Any] | None:
    """Return what pages draw under the community's own layers, None where nothing else was chosen.

    ``shift`` is how far off its tiles draw the community, degrees east and north: within one community the same to a metre.
    """
    if not chosen.url or centre is None:
        return None
    lon, lat = centre
    drawn = from_wgs84(lon, lat, chosen.datum)
    shift = [round(there - here, 7) for there, here in zip(drawn, centre, strict=True)]
    return {**chosen.model_dump(mode="json", exclude={"datum"}), "shift": shift}
