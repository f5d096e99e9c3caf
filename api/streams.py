"""What one listener is sent: what was missed, then what happens, as server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import orjson

from api.events import EventHub, Listener
from gis.views.events import Bookmark, StreamEvent, event_json

HEARTBEAT_S = 15.0


def as_text(event: StreamEvent) -> bytes:
    """Return one event in the form of a stream."""
    return b"event: case\nid: %d-%d\ndata: %s\n\n" % (*event.bookmark, orjson.dumps(event_json(event)))


async def stream(
    hub: EventHub, listener: Listener, since: Bookmark | None, *, heartbeat_s: float = HEARTBEAT_S
) -> AsyncGenerator[bytes, None]:
    """Yield what was missed, then what happens, with a sign of life in between.

    Signs of life carry the latest bookmark, so that a listener that comes back isn't told old news.
    """
    name, start = b"hello", since
    missed: list[StreamEvent] = []
    if since is None:
        since = start = await hub.now()
    else:
        missed, since, complete = await hub.catch_up(listener, since)
        if not complete:
            name, start = b"reset", since
    yield b"retry: 2000\nevent: %s\nid: %d-%d\ndata: {}\n\n" % (name, *(start or since))
    for event in missed:
        yield as_text(event)
    while True:
        try:
            heard = await asyncio.wait_for(listener.queue.get(), timeout=heartbeat_s)
        except TimeoutError:
            since = max(since, hub.read_up_to) if listener.queue.empty() else since
            yield b": alive\nid: %d-%d\n\n" % since
            continue
        if heard is None:
            return
        if isinstance(heard, bytes):  # a notice or a muster; they have no id: pages ask for what they missed
            yield heard
        elif heard.bookmark > since:
            since = heard.bookmark
            yield as_text(heard)
