"""The live stream to browsers: one poller a process, and only while somebody listens."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

import orjson
import structlog

from gis.errors import TooManyError, UnavailableError
from gis.store.session import Database, ReadSession
from gis.views.events import (
    Bookmark,
    StreamEvent,
    bookmark_now,
    events_after,
    may_hear,
    settled_before,
)
from gis.views.musters import MusterNews, may_hear_muster, musters_after
from gis.views.notices import NoticeRow, notices_after
from gis.words import Scope

POLL_S = 0.3
CLOSE_S = 5.0
QUEUE = 256
BATCH = 500
CATCH_UP = 2000
MOST_LISTENERS = 1000
CHECK_S = 5.0
WORDS_S = 30.0
NOTHING_READ: Bookmark = (0, 0)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Ear:
    """Whose notices a stream carries, how one is written there, and whether it carries every muster."""

    person_id: UUID
    tell: Callable[[NoticeRow], bytes]
    all_musters: bool = False


@dataclass(eq=False, slots=True)
class Listener:
    """One open stream: whose, what it may hear, and what waits to be sent (None: it ends)."""

    scope: Scope
    token: str
    ear: Ear | None = None
    queue: asyncio.Queue[StreamEvent | bytes | None] = field(default_factory=lambda: asyncio.Queue(QUEUE))

    def offer(self, event: StreamEvent) -> None:
        """Queue an event; a listener that can't keep up is cut off and catches up when it comes back."""
        if may_hear(self.scope, event):
            self._put(event)

    def tell(self, notice: NoticeRow) -> None:
        """Queue a notice for the person that it is for."""
        ear = self.ear
        if ear and (notice.community_id, notice.person_id) == (self.scope.community_id, ear.person_id):
            self._put(ear.tell(notice))

    def hear(self, news: MusterNews) -> None:
        """Queue that something happened at a muster, where this person may know; the page then asks what."""
        ear = self.ear
        if ear and may_hear_muster(ear.all_musters, ear.person_id, self.scope.community_id, news):
            told = orjson.dumps({"muster_id": str(news.muster_id), "verb": news.verb})
            self._put(b"event: muster\ndata: %s\n\n" % told)

    def _put(self, heard: StreamEvent | bytes) -> None:
        try:
            self.queue.put_nowait(heard)
        except asyncio.QueueFull:
            self.end()

    def end(self) -> None:
        """Let the stream end, whatever still waits."""
        while not self.queue.empty():
            self.queue.get_nowait()
        self.queue.put_nowait(None)


@dataclass(slots=True)
class Bookmarks:
    """Up to where each of the three streams was read."""

    events: Bookmark
    notices: Bookmark
    musters: Bookmark


class EventHub:
    """Reads new events and hands them to the listeners they concern."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._listeners: set[Listener] = set()
        self._poller: asyncio.Task[None] | None = None
        self._watcher: asyncio.Task[None] | None = None
        self._asking: asyncio.Task[Bookmark] | None = None
        self._closed = False
        self._look_now = asyncio.Event()
        self._words: dict[tuple[str, str], tuple[float, dict[str, str]]] = {}
        self.read_up_to: Bookmark = NOTHING_READ

    def __len__(self) -> int:
        """How many streams are open."""
        return len(self._listeners)

    def check_room(self) -> None:
        """Refuse one listener too many, and all while the service is stopping."""
        if self._closed or len(self._listeners) >= MOST_LISTENERS:
            raise TooManyError("no more event streams", code="too_many_listeners", retry_after_s=30)

    def join(self, scope: Scope, token: str, ear: Ear | None = None) -> Listener:
        """Add a listener and see that somebody polls."""
        listener = Listener(scope, token, ear)
        self._listeners.add(listener)
        if self._closed:
            listener.end()
            return listener
        if self._poller is None or self._poller.done():
            self.read_up_to = NOTHING_READ
            self._poller = asyncio.create_task(self._poll(), name="weiwang-events")
        return listener

    def keep_watch(self, check: Callable[[set[str]], Awaitable[Mapping[str, Scope]]]) -> None:
        """See that streams end soon after their sessions, and take up a change of areas.

        Parameters
        ----------
        check
            Given all tokens, what each that still holds may hear.
        """
        if self._watcher is None or self._watcher.done():
            self._watcher = asyncio.create_task(self._watch(check), name="weiwang-listeners")

    async def _watch(self, check: Callable[[set[str]], Awaitable[Mapping[str, Scope]]]) -> None:
        await self._pause()
        while self._listeners and not self._closed:
            self._look_now.clear()  # before it is read: a change that comes meanwhile is looked at again
            with suppress(UnavailableError):
                scopes = await check({one.token for one in self._listeners})
                for listener in tuple(self._listeners):
                    if listener.token in scopes:
                        listener.scope = scopes[listener.token]
                    else:
                        listener.end()
            await self._pause()

    async def _pause(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._look_now.wait(), CHECK_S)

    def look_again(self) -> None:
        """Have the sessions of all streams looked at now: somebody signed out, or has another post."""
        self._look_now.set()

    def leave(self, listener: Listener) -> None:
        """Drop a listener; after the last one the polling ends by itself, and never in the middle of a question."""
        self._listeners.discard(listener)

    def drop(self, token: str) -> None:
        """End the streams of a session that has signed out."""
        for listener in [one for one in self._listeners if one.token == token]:
            listener.end()

    def drop_all(self, tokens: Iterable[str]) -> None:
        """End the streams of sessions that have signed out elsewhere."""
        for token in tokens:
            self.drop(token)

    def forget_words(self, community_id: str | None = None) -> None:
        """Have words that streams tell with read again, of one community or of all."""
        for key in [one for one in self._words if community_id in (None, one[0])]:
            del self._words[key]

    async def close(self) -> None:
        """End every stream and the poller."""
        self._closed = True
        for listener in self._listeners:
            listener.end()
        if self._poller is not None:
            with suppress(asyncio.CancelledError, TimeoutError):
                await asyncio.wait_for(self._poller, CLOSE_S)
            self._poller = None
        if self._watcher is not None:
            self._watcher.cancel()

    async def _poll(self) -> None:
        bookmarks: Bookmarks | None = None
        while self._listeners and not self._closed:
            read = 0
            try:
                async with self._database.read() as session:
                    if bookmarks is None:
                        now = await bookmark_now(session)
                        bookmarks = Bookmarks(now, now, now)
                        self.read_up_to = now
                    read = await self._tell(session, bookmarks)
            except UnavailableError:
                log.warning("events_wait_for_database")
            if read < BATCH:
                await asyncio.sleep(POLL_S)

    async def _tell(self, session: ReadSession, bookmarks: Bookmarks) -> int:
        """Tell everybody what is new, and return how much of one kind there was at most."""
        settled = await settled_before(session)
        events = await events_after(session, bookmarks.events, settled=settled, limit=BATCH)
        notices = await notices_after(session, bookmarks.notices, settled=settled, limit=BATCH)
        musters = await musters_after(session, bookmarks.musters, settled=settled, limit=BATCH)
        for event in events:
            bookmarks.events = self.read_up_to = event.bookmark
            for listener in tuple(self._listeners):
                listener.offer(event)
        for notice in notices:
            bookmarks.notices = notice.bookmark
            for listener in tuple(self._listeners):
                listener.tell(notice)
        for news in musters:
            bookmarks.musters = news.bookmark
            for listener in tuple(self._listeners):
                listener.hear(news)
        return max(len(events), len(notices), len(musters))

    async def now(self) -> Bookmark:
        """Return the bookmark behind everything that was told so far: many who come at once ask the database once."""
        if self.read_up_to != NOTHING_READ:
            return self.read_up_to
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._settled())
        return await asyncio.shield(self._asking)

    async def remembered(
        self, key: tuple[str, str], read: Callable[[ReadSession], Awaitable[dict[str, str]]]
    ) -> dict[str, str]:
        """Return words that many streams tell with, read again after a while.

        Parameters
        ----------
        key
            Of what community, in which language.
        read
            How they are read.
        """
        known = self._words.get(key)
        if known is None or known[0] < time.monotonic():
            async with self._database.read() as session:
                known = self._words[key] = (time.monotonic() + WORDS_S, await read(session))
        return known[1]

    async def _settled(self) -> Bookmark:
        async with self._database.read() as session:
            return await bookmark_now(session)

    async def catch_up(self, listener: Listener, since: Bookmark) -> tuple[list[StreamEvent], Bookmark, bool]:
        """Return what a listener missed since its bookmark, where it stands then, and whether that was all."""
        missed: list[StreamEvent] = []
        read = 0
        async with self._database.read() as session:
            settled = await settled_before(session)
            while read < CATCH_UP:
                events = await events_after(
                    session, since, settled=settled, limit=BATCH, community_id=listener.scope.community_id
                )
                missed += [event for event in events if may_hear(listener.scope, event)]
                read += len(events)
                if events:
                    since = events[-1].bookmark
                if len(events) < BATCH:
                    return missed, since, True
            return [], await bookmark_now(session), False
