"""The static files, with how long browsers may keep them."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOR_GOOD = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, no-cache"


class StaticAssets(StaticFiles):
    """Files of the pages: an address that carries the content's hash may be kept for good."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Return a file with its cache rule."""
        response = super().file_response(*args, **kwargs)
        scope: Scope = kwargs["scope"] if "scope" in kwargs else args[2]
        hashed = "v" in parse_qs(scope.get("query_string", b"").decode("latin-1"))
        response.headers["Cache-Control"] = FOR_GOOD if hashed else ASK_AGAIN
        return response
