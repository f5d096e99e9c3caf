"""Compressed answers: what is read (lists, static files), not what is written, and hardly any page.

A page carries the secret of its forms beside words that others typed: compressed together, their length would tell of
the secret. Only the empty form of a report, which holds no such words, is packed (``pack_page``). Map layers come
compressed from their cache.
"""

from __future__ import annotations

import gzip

from starlette.datastructures import Headers
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

SMALLEST = 2000
"""Bytes; what is smaller fits two packets as it is."""
LEVEL = 5
PLAIN = (*DEFAULT_EXCLUDED_CONTENT_TYPES, "text/html")


class Compression:
    """Compresses what a GET is answered, for whoever accepts gzip.

    Parameters
    ----------
    app
        What it surrounds.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._gzip = GZipMiddleware(
            app, minimum_size=SMALLEST, compresslevel=LEVEL, exclude_content_types=PLAIN
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        reading = scope["type"] == "http" and scope["method"] == "GET"
        await (self._gzip if reading else self._plain)(scope, receive, send)


def pack_page(request: Request, response: Response) -> Response:
    """Return a page compressed, where nothing in it was chosen by anybody but its reader and this service.

    Parameters
    ----------
    request
        With a query it may be a stranger's link: its words would stand beside the page's secret.
    response
        The page.
    """
    if request.url.query or "gzip" not in Headers(scope=request.scope).get("accept-encoding", ""):
        return response
    response.body = gzip.compress(bytes(response.body), LEVEL, mtime=0)
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Content-Length"] = str(len(response.body))
    return response
