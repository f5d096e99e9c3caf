"""The static files: how long browsers may keep them, and compressed once for all readers."""

from __future__ import annotations

import gzip
import os
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOR_GOOD = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, no-cache"
TEXTS = frozenset({".js", ".css", ".svg", ".json", ".webmanifest", ".html", ".txt"})
MOST_FILES = 512


class StaticAssets(StaticFiles):
    """Files of the pages: an address that carries the content's hash may be kept for good."""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Return a file with its cache rule; texts compressed for whoever takes that."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        hashed = "v" in parse_qs(scope.get("query_string", b"").decode("latin-1"))
        response.headers["Cache-Control"] = FOR_GOOD if hashed else ASK_AGAIN
        path = Path(full_path)
        if path.suffix not in TEXTS:
            return response
        response.headers["Vary"] = "Accept-Encoding"
        asked = Headers(scope=scope)
        if (
            not isinstance(response, FileResponse)
            or "range" in asked
            or "gzip" not in asked.get("accept-encoding", "")
        ):
            return response
        return _compressed(path, stat_result, response)


def _compressed(path: Path, found: os.stat_result, plain: FileResponse) -> Response:
    body = _packed(path, found.st_mtime_ns, found.st_size)
    kept: dict[str, Any] = {
        name: value
        for name, value in plain.headers.items()
        if name not in ("content-length", "accept-ranges")
    }
    return Response(body, status_code=plain.status_code, headers=kept | {"content-encoding": "gzip"})


@lru_cache(maxsize=MOST_FILES)
def _packed(path: Path, _modified_ns: int, _size: int) -> bytes:
    """Return a file compressed as far as gzip goes; once for each state of it."""
    return gzip.compress(path.read_bytes(), 9, mtime=0)
