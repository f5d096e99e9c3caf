"""What makes the report page an app on a phone: its worker, its manifest, and the page that is shown without a network."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.deps import PartsDep
from api.language import language_of
from api.look import look_of
from web.installed import SHELL_SOURCE, manifest, shell_files

router = APIRouter(include_in_schema=False)
WORKER_POLICY = "default-src 'none'; connect-src 'self'; script-src 'self'"
NO_STORE = "no-cache"


@router.get("/sw.js")
async def get_worker(parts: PartsDep) -> Response:
    """Return the worker with the list of files it keeps; any change of one of them makes it another worker."""
    assets = parts.renderer.assets
    files = shell_files(assets)
    source = (assets.folder / SHELL_SOURCE).read_text(encoding="utf-8")
    version = hashlib.sha256("\n".join((*files, source)).encode()).hexdigest()[:12]
    shell = json.dumps({"version": version, "files": files, "offline": "/offline"})
    headers = {"Cache-Control": NO_STORE, "Content-Security-Policy": WORKER_POLICY}
    return Response(f"const SHELL = {shell};\n{source}", media_type="text/javascript", headers=headers)


@router.get("/manifest.webmanifest")
async def get_manifest(request: Request, parts: PartsDep) -> Response:
    """Return name, pictures and shortcuts of the app, in the reader's language."""
    found: dict[str, Any] = manifest(parts.renderer.assets, language_of(request))
    headers = {"Cache-Control": NO_STORE, "Vary": "Accept-Language, Cookie"}
    body = json.dumps(found, ensure_ascii=False)
    return Response(body, media_type="application/manifest+json", headers=headers)


@router.get("/offline")
async def get_offline(request: Request, parts: PartsDep) -> Response:
    """Return the page that says that there is no network; it holds nothing of anybody."""
    html = parts.renderer.page(
        "offline.html",
        language=language_of(request),
        nonce=request.scope["state"]["nonce"],
        actor=None,
        csrf="",
        path="/offline",
        look=look_of(request),
    )
    return Response(html, media_type="text/html")
