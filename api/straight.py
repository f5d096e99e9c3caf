"""Short ways to routes: a path without parameters is found by itself, and a busy route is asked without ceremony.

FastAPI tries the pattern of one route after the other, router by router, and works out for every request what a route's
parameters depend on. With hundreds of routes that costs as much as answering.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from api.deps import only_known_parameters

Known = dict[tuple[str, str], RouteContext]
APP = "weiwang.route"


class StraightRoutes(BaseRoute):
    """Stands before an app's routes and answers for those whose paths have no parameters.

    Everything else, wrong methods among it, is left to those that follow.

    Parameters
    ----------
    routes
        All of the app's; read when the first request comes, when they are complete.
    """

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._routes = routes
        self._known: Known | None = None

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Tell whether a request is for one of them."""
        if scope["type"] != "http" or scope.get("root_path"):
            return Match.NONE, {}
        if self._known is None:
            self._known = straight([one for one in self._routes if one is not self])
        found = self._known.get((scope["method"], scope["path"]))
        if found is None:
            return Match.NONE, {}
        route = found.original_route
        app = route.plainly if isinstance(route, PlainRoute) else found.app
        return Match.FULL, {"endpoint": found.endpoint, "path_params": {}, "route": route, APP: app}

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
    for one in iter_route_contexts(routes):
        path, methods = one.path or "", one.methods or set()
        if not isinstance(one.original_route, APIRoute):
            continue
        if "{" in path:
            patterns.append((methods, one.path_regex))
            continue
        taken = {method for theirs, regex in patterns if regex.match(path) for method in theirs}
        for method in methods - taken:
            known.setdefault((method, path), one)
    return known


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
