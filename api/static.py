"""The static files: how long browsers may keep them, and compressed once for all readers."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOR_GOOD = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, no-cache"
TEXTS = frozenset({".js", ".css", ".svg", ".json", ".webmanifest", ".html", ".txt"})
MOST_FILES = 512
MOST_JOINED = 32
_JOINED = re.compile(r"css/([a-z_]+(?:\+[a-z_]+)+)\.css")


class StaticAssets(StaticFiles):
    """Files of the pages: an address that carries the content's hash may be kept for good.

    Style sheets may be asked for together, ``css/tokens+base.css``: on a slow line each request costs more than its words.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file, or several style sheets as one."""
        joined = _JOINED.fullmatch(path)
        if joined is None or scope["method"] not in {"GET", "HEAD"}:
            return await super().get_response(path, scope)
        files = [Path(str(self.directory), "css", f"{name}.css") for name in joined[1].split("+")]
        if not all(file.is_file() for file in files):
            raise HTTPException(404)
        return _joined(tuple(files), scope)

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Return a file with its cache rule; texts compressed for whoever takes that."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = _kept(scope)
        if response.headers["Cache-Control"] == FOR_GOOD:
            del response.headers["Last-Modified"]  # nobody will ask whether it has changed
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


def _kept(scope: Scope) -> str:
    return FOR_GOOD if "v" in parse_qs(scope.get("query_string", b"").decode("latin-1")) else ASK_AGAIN


def _joined(files: tuple[Path, ...], scope: Scope) -> Response:
    body = b"".join(file.read_bytes() for file in files)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"Cache-Control": _kept(scope), "ETag": tag, "Vary": "Accept-Encoding"}
    asked = Headers(scope=scope)
    if asked.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    if "gzip" in asked.get("accept-encoding", ""):
        body, headers["Content-Encoding"] = _packed_text(body), "gzip"
    return Response(body, media_type="text/css", headers=headers)


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


@lru_cache(maxsize=MOST_JOINED)
def _packed_text(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)
