"""Short ways to routes: a path is found by itself or among the few patterns of its kind, and a busy route is asked without ceremony.

FastAPI tries the pattern of one route after the other, and works out for every request what a route's parameters depend on. With hundreds of routes that costs as much as answering.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from api.deps import only_known_parameters

Known = dict[tuple[str, str], APIRoute]
Patterns = dict[tuple[str, int, str], list[APIRoute]]
"""Routes with parameters by method, the number of segments and the words that the path begins with."""
APP = "weiwang.route"
INTERFACE = "api"


class StraightRoutes(BaseRoute):
    """Stands before an app's routes and answers for those that are found at once.

    Everything else, wrong methods among it, is left to those that follow.

    Parameters
    ----------
    routes
        All of the app's; read when the first request comes, when they are complete.
    """

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._routes = routes
        self._known: Known | None = None
        self._patterns: Patterns = {}

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Tell whether a request is for one of them."""
        if scope["type"] != "http" or scope.get("root_path"):
            return Match.NONE, {}
        if self._known is None:
            others = [one for one in self._routes if one is not self]
            self._known, self._patterns = straight(others), patterned(others)
        found, given = self._find(self._known, scope["method"], scope["path"])
        if found is None:
            return Match.NONE, {}
        app = found.plainly if isinstance(found, PlainRoute) else found.app
        return Match.FULL, {"endpoint": found.endpoint, "path_params": given, "route": found, APP: app}

    def _find(self, known: Known, method: str, path: str) -> tuple[APIRoute | None, dict[str, Any]]:
        """Return the route of a path, and what its parameters are; None where it has to be looked for."""
        if (found := known.get((method, path))) is not None:
            return found, {}
        segments = path.split("/")[1:]
        for one in self._patterns.get((method, len(segments), _beginning(segments)), ()):
            if fits := one.path_regex.match(path):
                read = one.param_convertors
                return one, {name: read[name].convert(value) for name, value in fits.groupdict().items()}
        return None, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that matched."""
        app: ASGIApp = scope.pop(APP)
        await app(scope, receive, send)


def straight(routes: Sequence[BaseRoute]) -> Known:
    """Return the routes without parameters by method and path, but for those that an earlier one takes requests from.

    Parameters
    ----------
    routes
        In the order in which they are looked through.
    """
    known: Known = {}
    patterns: list[tuple[set[str], Any]] = []
    for one, methods in _of_an_app(routes):
        if "{" in one.path:
            patterns.append((methods, one.path_regex))
            continue
        taken = {method for theirs, regex in patterns if regex.match(one.path) for method in theirs}
        for method in methods - taken:
            known.setdefault((method, one.path), one)
    return known


def patterned(routes: Sequence[BaseRoute]) -> Patterns:
    """Return the routes with parameters, in order, but for those whose paths begin with one or may have any number of segments.

    Parameters
    ----------
    routes
        In the order in which they are looked through.
    """
    found: Patterns = {}
    for one, methods in _of_an_app(routes):
        if "{" not in one.path or ":path}" in one.path:
            continue
        segments = one.path.split("/")[1:]
        if "{" not in (beginning := _beginning(segments)):
            for method in methods:
                found.setdefault((method, len(segments), beginning), []).append(one)
    return found


def _of_an_app(routes: Sequence[BaseRoute]) -> Iterator[tuple[APIRoute, set[str]]]:
    """Give every route that an app itself answers, with its methods, in order."""
    return ((one, one.methods or set()) for one in routes if isinstance(one, APIRoute))


def _beginning(segments: Sequence[str]) -> str:
    """Return what a path is about: of the interface, /api/v1/cases, else its first word."""
    return "/".join(segments[: 3 if segments[0] == INTERFACE else 1])


class PlainRoute(APIRoute):
    """A route whose function is given the request and nothing else: it finds by itself what it needs."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        """Return what answers a request."""
        if list(inspect.signature(self.endpoint).parameters) != ["request"]:
            raise TypeError(f"{self.endpoint.__qualname__} is to be given the request alone")
        return self._answer

    async def plainly(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer without what FastAPI keeps ready for dependencies; errors are answered further out, as all are."""
        response = await self._answer(Request(scope, receive, send))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        await only_known_parameters(request)
        found: Response = await self.endpoint(request)
        return found
