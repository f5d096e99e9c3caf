"""The live stream of events."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial

from fastapi import Request
from starlette.responses import StreamingResponse

from api.auth import Reader
from api.deps import PartsDep, ReaderDep
from api.events import Ear
from api.language import language_of
from api.parts import Parts
from api.rooms import interface
from api.routes.notices import agency_names, notice_out
from api.spec import errors
from api.streams import stream
from gis.flows.sign_in import still_signed_in
from gis.people.permissions import may, scope_of
from gis.views.events import parse_bookmark
from gis.views.notices import NoticeRow
from gis.words import Scope

router = interface("live")


async def _scopes(parts: Parts, tokens: set[str]) -> dict[str, Scope]:
    """Return what those of some tokens may hear whose sessions go on."""
    async with parts.database.read() as session:
        found = await still_signed_in(session, parts.clock, tokens)
    return {token: scope_of(actor) for token, actor in found.items()}


async def _ear(parts: Parts, reader: Reader, language: str) -> Ear:
    """Return how this reader's notices are told, in their language."""
    names = await parts.hub.remembered(
        (reader.actor.community_id, language),
        lambda session: agency_names(session, reader.actor.community_id, language),
    )

    def tell(row: NoticeRow) -> bytes:
        return b"event: notice\ndata: %s\n\n" % notice_out(row, language, names).model_dump_json().encode()

    return Ear(reader.actor.person_id, tell, all_musters=may(reader.actor, "read_musters"))


@router.get(
    "/events",
    response_class=StreamingResponse,
    responses={
        200: {"content": {"text/event-stream": {}}, "description": "events of cases, as they happen"},
        **errors(401, 429),
    },
)
async def get_events(request: Request, parts: PartsDep, reader: ReaderDep) -> StreamingResponse:
    """Stream what happens to cases inside the reader's areas, as server-sent events.

    `hello` opens the stream; `case` tells of one event; `notice` is for this reader alone, as in `GET me/notices`;
    `muster` says that something happened at one; `reset` says that too much was missed and lists should be loaded anew. With `Last-Event-ID` what was missed of
    cases comes first; missed notices are in the list.
    """
    parts.hub.check_room()
    ear = await _ear(parts, reader, language_of(request, reader.actor.language))
    since = parse_bookmark(request.headers.get("last-event-id"))

    async def flow() -> AsyncIterator[bytes]:
        listener = parts.hub.join(scope_of(reader.actor), reader.token, ear)
        parts.hub.keep_watch(partial(_scopes, parts))
        parts.metrics.listeners.inc()
        try:
            async for part in stream(parts.hub, listener, since):
                yield part
        finally:
            parts.hub.leave(listener)
            parts.metrics.listeners.dec()

    return StreamingResponse(
        flow(),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store"},
    )
