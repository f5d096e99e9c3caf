"""Around every request: a number, the security headers, a limit on the body, a measurement, and a net for errors."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import problem, unexpected
from api.metrics import Metrics
from web.security import content_security_policy

MEGABYTE = 1_000_000
SMALL_BODY = MEGABYTE
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
FRAMED = ("/planner/heatmap",)  # pages that one of our own pages shows in a frame
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

log = structlog.get_logger(__name__)


class Frame:
    """The outermost layer of the app.

    Parameters
    ----------
    app
        What it surrounds.
    metrics
        Where answers are counted.
    body_limit
        Largest body for a method and path, bytes.
    secure
        Whether browsers are told to come back over HTTPS only.
    """

    def __init__(
        self, app: ASGIApp, *, metrics: Metrics, body_limit: Callable[[str, str], int], secure: bool
    ) -> None:
        self.app = app
        self.metrics = metrics
        self.body_limit = body_limit
        self.secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["request_id"] = secrets.token_hex(8)
        state["nonce"] = secrets.token_urlsafe(18)
        started = time.perf_counter()
        status = 0

        async def send_framed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._complete(scope, MutableHeaders(scope=message))
            await send(message)

        limit = self.body_limit(scope["method"], scope["path"])
        try:
            await self._serve(scope, _Limited(receive, limit), send_framed, limit)
        except Exception as error:
            if status:
                log.exception("broke_off", request_id=state["request_id"], path=scope["path"])
                raise
            await unexpected(Request(scope), error)(scope, receive, send_framed)
        finally:
            if "form" in state:
                await state["form"].close()
            route = getattr(scope.get("route"), "path", "other")
            method = scope["method"] if scope["method"] in METHODS else "other"
            self.metrics.observe(method, route, status, time.perf_counter() - started)

    async def _serve(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        length = Headers(scope=scope).get("content-length", "")
        if length.isdecimal() and int(length) > limit:
            answer = problem(
                Request(scope),
                413,
                "body_too_large",
                {"limit_mb": limit // MEGABYTE},
                headers={"Connection": "close"},
            )
            await answer(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _complete(self, scope: Scope, headers: MutableHeaders) -> None:
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        headers["X-Request-ID"] = scope["state"]["request_id"]
        if headers.get("content-type", "").startswith("text/html"):
            policy = content_security_policy(scope["state"]["nonce"])
            if scope["path"] not in FRAMED:
                policy = policy.replace("frame-ancestors 'self'", "frame-ancestors 'none'")
            headers.setdefault("Content-Security-Policy", policy)
        else:
            headers.setdefault("Content-Security-Policy", DATA_POLICY)
        if not scope["path"].startswith("/static/"):
            headers.setdefault("Cache-Control", "no-store")
        if self.secure:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")


class _Limited:
    """A body that ends in an error once it is longer than allowed, whatever length was declared.

    Starlette's own limiter answers in plain text where a length is declared; ours answers like every other error.
    """

    def __init__(self, receive: Receive, limit: int) -> None:
        self.receive = receive
        self.left = limit

    async def __call__(self) -> Message:
        message = await self.receive()
        if message["type"] == "http.request":
            self.left -= len(message.get("body", b""))
            if self.left < 0:
                raise HTTPException(413)
        return message
