"""Compressed answers: what is read (lists, static files), not what is written, and no page.

A page carries the secret of its forms beside words that others typed: compressed together, their length would tell of
the secret. Map layers come compressed from their cache.
"""

from __future__ import annotations

from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
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
