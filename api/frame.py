"""Around every request: a number, the security headers, a limit on the body, a measurement, and a net for errors."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping, Sequence

import structlog
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import on_domain_error, problem, unexpected
from api.limiting import count_address
from api.metrics import Metrics
from gis.errors import TooManyError
from gis.settings import LogSettings
from web.security import content_security_policy

MEGABYTE = 1_000_000
SMALL_BODY = MEGABYTE
HEADERS = (  # as they go over the wire
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"geolocation=(self), camera=(self), microphone=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
STALLED_S = 60.0
"""How long the next piece of a body may let wait: phones lose their network and come back sooner, or begin anew."""
FOR_GOOD = (b"strict-transport-security", b"max-age=31536000")
NOT_KEPT = (b"cache-control", b"no-store")
DATA_POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
ASSET_HEADERS = (HEADERS[0], HEADERS[4])
"""What scripts and style sheets of the pages need: they are no documents. The rest is more than many of them weigh."""
ASSETS = (b"text/javascript", b"text/css")
FRAMED = ("/planner/heatmap",)  # pages that one of our own pages shows in a frame
LEFT = 499
"""How somebody who went away before the end of their own request is counted."""
INTERFACE = "/api/v1"
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
    pictures
        Origins of map tiles that pages may load besides our own.
    log_settings
        Which answers the log tells of.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        metrics: Metrics,
        body_limit: Callable[[str, str], int],
        secure: bool,
        pictures: Sequence[str] = (),
        log_settings: LogSettings | None = None,
    ) -> None:
        self.app = app
        self.metrics = metrics
        self.body_limit = body_limit
        self.pictures = pictures
        self.log = log_settings or LogSettings()
        self.headers = (*HEADERS, FOR_GOOD) if secure else HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked, scope, receive, send = scope, *_as_get(scope, receive, send)
        state = scope.setdefault("state", {})
        state["request_id"] = secrets.token_hex(8)
        known = structlog.contextvars.bind_contextvars(request_id=state["request_id"])
        state["nonce"] = secrets.token_urlsafe(18)
        started = time.perf_counter()
        status, streams = 0, False

        async def send_framed(message: Message) -> None:
            nonlocal status, streams
            if message["type"] == "http.response.start":
                status = message["status"]
                streams = _streams(message)
                self._complete(scope, message)
            await send(message)

        limit = self.body_limit(scope["method"], scope["path"])
        try:
            await self._serve(scope, _Limited(receive, limit), send_framed, limit)
        except ClientDisconnect:
            # a phone lost its network: nobody is there to be answered, and nothing was wrong
            status = LEFT
        except Exception as error:
            if status:
                log.exception("broke_off", path=scope["path"])
                raise
            await unexpected(Request(scope), error)(scope, receive, send_framed)
        finally:
            if "form" in state:
                await state["form"].close()
            route = _template(scope)
            method = asked["method"] if asked["method"] in METHODS else "other"
            seconds = time.perf_counter() - started
            self.metrics.observe(method, route, status, seconds)
            if self.log.requests or (seconds > self.log.slow_s and not streams):
                self._tell(method, route, status, seconds)
            structlog.contextvars.reset_contextvars(**known)

    def _tell(self, method: str, route: str, status: int, seconds: float) -> None:
        """Write a line of the log; by its template, so that no id, search or position of anybody gets there."""
        slow = seconds > self.log.slow_s
        log.info(
            "slow_answer" if slow else "answer",
            method=method,
            route=route,
            status=status,
            ms=round(1000 * seconds, 1),
        )

    async def _serve(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        headers = Headers(scope=scope)
        length = headers.get("content-length", "")
        try:
            count_address(Request(scope))
        except TooManyError as error:
            answer = await on_domain_error(Request(scope), error)
            await answer(scope, receive, send)
            return
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

    def _complete(self, scope: Scope, message: Message) -> None:
        """Add the headers that a route has not set itself."""
        given = message["headers"] = list(message.get("headers", ()))
        there = dict(given)
        if _is_asset(message["status"], there):
            given.extend(one for one in ASSET_HEADERS if one[0] not in there)
            return
        extra = [*self.headers, (b"x-request-id", scope["state"]["request_id"].encode())]
        if there.get(b"content-type", b"").startswith(b"text/html"):
            policy = content_security_policy(
                scope["state"]["nonce"], framed=scope["path"] in FRAMED, pictures=self.pictures
            )
            extra.append((b"content-security-policy", policy.encode()))
        else:
            extra.append(DATA_POLICY)
        if not scope["path"].startswith("/static/"):
            extra.append(NOT_KEPT)
        given.extend(one for one in extra if one[0] not in there)


def _template(scope: Scope) -> str:
    """Return the template of the route that answered, whole: a route of the interface knows only what follows its prefix."""
    route = str(getattr(scope.get("route"), "path", "other"))
    inside = scope["path"].startswith(f"{INTERFACE}/") and route.startswith("/")
    return INTERFACE + route if inside and not route.startswith(f"{INTERFACE}/") else route


def _streams(message: Message) -> bool:
    """Tell whether an answer stays open for good."""
    kinds = (value for name, value in message.get("headers", ()) if name.lower() == b"content-type")
    return any(kind.startswith(b"text/event-stream") for kind in kinds)


def _is_asset(status: int, given: Mapping[bytes, bytes]) -> bool:
    """Tell whether an answer is a script or style sheet by its hashed address; a worker, which has none, has a policy."""
    kept = b"immutable" in given.get(b"cache-control", b"")
    return status == 200 and kept and given.get(b"content-type", b"").startswith(ASSETS)  # noqa: PLR2004 - found


def _as_get(scope: Scope, receive: Receive, send: Send) -> tuple[Scope, Receive, Send]:
    """Return a HEAD as a GET whose body isn't sent; what streams without end is told that nobody listens."""
    if scope["method"] != "HEAD":
        return scope, receive, send
    asked, answered = asyncio.Event(), asyncio.Event()

    async def receive_nothing() -> Message:
        if asked.is_set():
            await answered.wait()
            return {"type": "http.disconnect"}
        asked.set()
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send_head(message: Message) -> None:
        if message["type"] == "http.response.start":
            await send(message)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            answered.set()

    return {**scope, "method": "GET"}, receive_nothing, send_head


class _Limited:
    """A body that ends in an error once it is longer than allowed, whatever length was declared, or no more of it comes.

    Starlette's own limiter answers in plain text where a length is declared; ours answers like every other error.
    """

    def __init__(self, receive: Receive, limit: int) -> None:
        self.receive = receive
        self.left = limit
        self.whole = False

    async def __call__(self) -> Message:
        if self.whole:  # what is waited for now is that whoever asked goes away
            return await self.receive()
        try:
            async with asyncio.timeout(STALLED_S):
                message = await self.receive()
        except TimeoutError:
            raise HTTPException(408, headers={"Connection": "close"}) from None
        self.whole = not message.get("more_body", False)
        if message["type"] == "http.request":
            self.left -= len(message.get("body", b""))
            if self.left < 0:
                raise HTTPException(413)
        return message
