"""Answering a map layer: with nothing where the reader has it, from memory where it was made before, else anew."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from fastapi import Request
from starlette.responses import Response

from api.layer_cache import pack
from api.parts import Parts
from gis.store.session import ReadSession
from gis.views.layers import versions_at_once

SMALL = 50_000
"""Bytes; what is larger is compressed in a thread."""


async def versions_of(parts: Parts, community_id: str) -> tuple[int, int]:
    """Return the area version and the network version in force, by one short statement."""
    async with parts.database.brief() as session:
        return await versions_at_once(session, community_id)


async def answer_layer(
    request: Request,
    parts: Parts,
    tag: str,
    make: Callable[[ReadSession], Awaitable[str | bytes]],
    media_type: str,
) -> Response:
    """Answer a layer under its tag, which changes whenever its content may have changed; empty is 204.

    Parameters
    ----------
    request, parts
        Who asks whom.
    tag
        Of versions and scope, taken before the content is read: content may be newer than its tag, never older.
    make
        Reads the content where it isn't kept.
    media_type
        Of the content.
    """
    headers = layer_headers(tag)
    if has_it(request, tag):
        return Response(status_code=304, headers=headers)
    layer = parts.layers.find(tag)
    if layer is None:
        async with parts.database.read() as session:
            content = await make(session)
        layer = pack(content) if len(content) < SMALL else await asyncio.to_thread(pack, content)
        parts.layers.keep(tag, layer)
    if not layer.plain:
        return Response(status_code=204, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(
            layer.compressed, media_type=media_type, headers={**headers, "Content-Encoding": "gzip"}
        )
    return Response(layer.plain, media_type=media_type, headers=headers)


def has_it(request: Request, tag: str) -> bool:
    """Tell whether the reader has sent the tag as one of what they have."""
    return tag in request.headers.get("if-none-match", "")


def layer_headers(tag: str) -> dict[str, str]:
    """Return the headers of a layer: kept by the reader, asked for again each time."""
    return {
        "ETag": f'W/"{tag}"',
        "Cache-Control": "private, no-cache",
        "Vary": "Accept-Encoding, Cookie, Authorization",
    }
