"""Errors to answers: one table from class to status, one shape (RFC 9457 problem+json), in the reader's language.

People who asked for a page get a page; who isn't signed in is led to the login page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import orjson
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from api.fields import Complaint, complaints
from api.language import language_of
from api.look import look_of
from gis import errors
from web.messages import error_sentence

log = structlog.get_logger(__name__)
PROBLEM = "application/problem+json"
STATUSES: Mapping[type[errors.WeiwangError], int] = {
    errors.WeiwangError: 500,
    errors.InvalidInputError: 400,
    errors.UnsupportedMediaError: 415,
    errors.TooLargeError: 413,
    errors.NotSignedInError: 401,
    errors.NotAllowedError: 403,
    errors.NotFoundError: 404,
    errors.ConflictError: 409,
    errors.TooManyError: 429,
    errors.StorageFullError: 507,
    errors.UnavailableError: 503,
    errors.SetupError: 503,
}
RETRY_AFTER_S = 5
_HTTP_CODES = {
    400: "body_unreadable",
    404: "route_unknown",
    405: "method_not_allowed",
    408: "body_stalled",
    413: "body_too_large",
    415: "content_type_unknown",
}


def status_of(error: errors.WeiwangError) -> int:
    """Return the HTTP status of a domain error: that of the nearest class in the table."""
    return next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)


def add_error_handlers(app: FastAPI) -> None:
    """Let an app answer every error in one shape."""
    app.add_exception_handler(errors.WeiwangError, on_domain_error)
    app.add_exception_handler(RequestValidationError, on_validation_error)
    app.add_exception_handler(HTTPException, on_http_error)


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error on its way to somebody: status, code, the figures of its sentence, and the fields at fault."""

    status: int
    code: str
    values: Mapping[str, object]
    detail: str = ""
    found: Sequence[Complaint] = ()


def refusal(error: errors.WeiwangError | RequestValidationError) -> Refusal:
    """Return what is answered to an error that a person may be shown."""
    if isinstance(error, errors.WeiwangError):
        found = [Complaint(error.field, error.code, error.values)] if error.field else []
        return Refusal(status_of(error), error.code, error.values, error.detail, found)
    found = complaints(error.errors())
    first = found[0]
    if first.code == "json_invalid":
        return Refusal(400, first.code, first.values)
    return Refusal(400, first.code if len(found) == 1 else "invalid_input", first.values, "", found)


async def on_domain_error(request: Request, error: Exception) -> Response:
    """Answer an error of the domain."""
    if not isinstance(error, errors.WeiwangError):
        raise error
    if isinstance(error, errors.NotSignedInError) and wants_page(request):
        back = local_url(request) if request.method == "GET" else "/"
        return RedirectResponse(f"/login?next={quote(back)}", status_code=303)
    found = refusal(error)
    if found.status >= 500:  # noqa: PLR2004 - server errors
        log.warning("refused", code=error.code, detail=error.detail, cause=repr(error.__cause__))
    return problem(
        request,
        found.status,
        found.code,
        found.values,
        detail=found.detail,
        found=found.found,
        headers=_headers(error, found.status),
    )


async def on_validation_error(request: Request, error: Exception) -> Response:
    """Answer what FastAPI or a pydantic model refused."""
    if not isinstance(error, RequestValidationError):
        raise error
    found = refusal(error)
    return problem(request, found.status, found.code, found.values, found=found.found)


async def on_http_error(request: Request, error: Exception) -> Response:
    """Answer what the framework refused: unknown routes, methods, bodies."""
    if not isinstance(error, HTTPException):
        raise error
    headers = dict(error.headers or {})
    values = {"path": request.url.path, "method": request.method, "allowed": headers.get("Allow", "")}
    code = _HTTP_CODES.get(error.status_code, "error")
    return problem(request, error.status_code, code, values, headers=headers)


def problem(
    request: Request,
    status: int,
    code: str,
    values: Mapping[str, object] | None = None,
    *,
    detail: str = "",
    found: Sequence[Complaint] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return an answer that says what went wrong.

    Parameters
    ----------
    request
        Decides language and form.
    status, code, values
        What it is.
    detail
        The English sentence, where the catalogue has none for the code.
    found
        The fields at fault.
    headers
        More headers of the answer.
    """
    language = language_of(request)
    values = dict(values or {})
    title = error_sentence(language, f"title_{status}", fallback=code)
    sentence = error_sentence(language, code, values, fallback=detail)
    request_id = request.scope.get("state", {}).get("request_id", "")
    if hasattr(request.app.state, "metrics"):
        request.app.state.metrics.refused(code)
    if wants_page(request) and hasattr(request.app.state, "parts"):
        return _page(
            request, status, language, code=code, title=title, detail=sentence, request_id=request_id
        )
    body: dict[str, Any] = {
        "type": f"/docs/errors#{code}",
        "title": title,
        "status": status,
        "code": code,
        "detail": sentence,
        "errors": [
            {
                "field": one.field,
                "code": one.code,
                "detail": error_sentence(
                    language, one.code, {"field": one.field, **one.values}, fallback=detail
                ),
            }
            for one in found
        ],
    }
    for name in ("legal", "retry_after_s", "tasks", "choices"):
        if name in values:
            body[name] = values[name]
    if request_id:
        body["request_id"] = request_id
    return Response(
        orjson.dumps(body, default=_plain),
        status_code=status,
        media_type=PROBLEM,
        headers=dict(headers or {}),
    )


def unexpected(request: Request, error: Exception) -> Response:
    """Log an error that nobody foresaw and answer with a number under which it is found in the log."""
    request_id = request.scope.get("state", {}).get("request_id", "")
    log.error("unexpected", method=request.method, path=request.url.path, exc_info=error)
    return problem(request, 500, "server_error", {"request_id": request_id})


def wants_page(request: Request) -> bool:
    """Tell whether a browser asks for a page rather than a program for data."""
    path = request.url.path
    return not path.startswith(("/api/", "/static/")) and "text/html" in request.headers.get("accept", "")


def local_url(request: Request) -> str:
    """Return the path and query of a request."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _headers(error: errors.WeiwangError, status: int) -> dict[str, str]:
    if isinstance(error, errors.TooManyError):
        seconds = error.values.get("retry_after_s", RETRY_AFTER_S)
        return {"Retry-After": str(max(1, round(float(str(seconds)))))}
    if status == 503:  # noqa: PLR2004 - service unavailable
        return {"Retry-After": str(RETRY_AFTER_S)}
    return {"WWW-Authenticate": 'Bearer realm="weiwang"'} if status == 401 else {}  # noqa: PLR2004 - unauthorised


def _page(request: Request, status: int, language: str, **context: str) -> Response:
    from starlette.responses import HTMLResponse

    from api.parts import parts_of

    nonce = request.scope.get("state", {}).get("nonce", "")
    html = parts_of(request).renderer.page(
        "error.html",
        language=language,
        nonce=nonce,
        actor=None,
        csrf="",
        status=status,
        path=request.url.path,
        look=look_of(request),
        **context,
    )
    return HTMLResponse(html, status_code=status)


def _plain(value: object) -> object:
    if isinstance(value, (set, frozenset, tuple)):
        return sorted(str(one) for one in value)
    return str(value)
