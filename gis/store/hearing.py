"""One connection that hears what other processes tell, and knows when it doesn't.

A notification that comes while nobody listens is lost. So whoever keeps things in memory is told, too, when the
connection is lost (believe nothing that you keep) and when it is back (what you kept before may be old).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import psycopg
import structlog

from gis.store.answering import cut
from gis.store.singles import CONNECT
from gis.store.telling import CHANNEL, Word, word_of

BEAT_S = 1.0
"""So often the connection is tried: one that was cut without a word is known as lost after this and ``PATIENCE_S``."""
PATIENCE_S = 2.0
AGAIN_S = 0.5
END_S = 1.0

log = structlog.get_logger(__name__)


class Hearing:
    """Listens until it is stopped.

    Parameters
    ----------
    url
        The database that all processes share; not a pool that gives each transaction another connection.
    on_word
        Called with what others (and this process) told, in the order of commits.
    on_hearing
        Called with True when everything told from now on will be heard, with False when that is no longer so.
    """

    def __init__(self, url: str, on_word: Callable[[Word], None], on_hearing: Callable[[bool], None]) -> None:
        self._url = url
        self._on_word = on_word
        self._on_hearing = on_hearing
        self._task: asyncio.Task[None] | None = None
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._ending = False
        self.hears = False

    def start(self) -> None:
        """Begin to listen; until that is so, ``hears`` is False."""
        self._task = asyncio.create_task(self._listen_on(), name="weiwang-hearing")

    async def stop(self) -> None:
        """Hear no more; a database that doesn't answer is not waited for."""
        if self._task is None:
            return
        self._ending = True
        if self._connection is not None:
            cut(self._connection)  # psycopg would ask the server to end what it is about, and wait for that
        else:
            self._task.cancel()
        await asyncio.wait([self._task], timeout=END_S)
        self._task.cancel()
        self._task = None

    async def _listen_on(self) -> None:
        while not self._ending:
            try:
                await self._listen()
            except (psycopg.Error, OSError, TimeoutError) as error:
                if self.hears and not self._ending:
                    log.warning("hears_no_other_process", error=str(error))
            finally:
                self._turn(hears=False)
            if not self._ending:
                await asyncio.sleep(AGAIN_S)

    async def _listen(self) -> None:
        async with asyncio.timeout(CONNECT["connect_timeout"]):
            connection: psycopg.AsyncConnection[Any] = await psycopg.AsyncConnection.connect(
                self._url, autocommit=True, **CONNECT
            )
        self._connection = connection
        try:
            await connection.execute(f"LISTEN {CHANNEL}")
            self._turn(hears=True)
            while True:
                async for heard in connection.notifies(timeout=BEAT_S):
                    word = word_of(heard.payload)
                    if word is not None:
                        self._on_word(word)
                async with asyncio.timeout(PATIENCE_S):
                    await connection.execute("SELECT 1")
        finally:
            self._connection = None
            await connection.close()

    def _turn(self, *, hears: bool) -> None:
        if hears != self.hears:
            self.hears = hears
            self._on_hearing(hears)
