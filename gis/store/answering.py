"""Whether the database answers, asked only when something has waited too long for it.

A database that is paused, or whose machine is, leaves every connection open and every statement without an answer: nobody
would be told anything. So whoever has waited ``patience_s`` has a new connection tried. Where that isn't answered either,
all connections in use are cut, which their statements take for a lost connection, and everybody else is told at once
until the database is heard of again. A statement that only takes long is never cut, for the new connection is answered. Nor is
anything where the machine has more to do than it can: as long as others come back with an answer, nobody is asked.
"""

from __future__ import annotations

import asyncio
import os
import select
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import psycopg
import structlog
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine

from gis.errors import StorageFullError, UnavailableError

PATIENCE_S = 2.0
PROBE_S = 4
"""How long a new connection may take: on a machine that is overworked several hundred times what it usually takes."""
LAST_PROBE_S = 2
"""The same where the service ends anyway."""
AGAIN_S = 0.5
STILL_THERE = ("53", "40", "55", "57014")
"""SQLSTATEs of refusals after which a connection goes on: no room, a conflict, a lock, a statement that was cancelled."""
DISK_FULL = "53100"

log = structlog.get_logger(__name__)


class Answering:
    """Watches the connections that are in use.

    Parameters
    ----------
    url
        ``postgresql://...``.
    patience_s
        How long something waits before the database is tried.
    healed
        Carried out when it is heard of again: idle connections may be from before.
    """

    def __init__(
        self, url: str, *, healed: Callable[[], Awaitable[None]], patience_s: float = PATIENCE_S
    ) -> None:
        self._url = url
        self._healed = healed
        self._patience_s = patience_s
        self._used: dict[Any, float] = {}
        self._heard_s = 0.0
        self._waiting: set[asyncio.Future[Any]] = set()
        self._looking: asyncio.Task[None] | None = None
        self.gone = False

    def check(self) -> None:
        """Tell at once that the database doesn't answer, where that is known.

        Raises
        ------
        UnavailableError
            Until it is heard of again.
        """
        if self.gone:
            raise UnavailableError("the database does not answer")

    def begin(self, connection: Any) -> None:
        """Watch a connection of psycopg's that is taken into use."""
        self._used[connection] = time.monotonic()
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look(), name="weiwang-database-answers")

    def end(self, connection: Any) -> None:
        """Watch it no longer; one that is open still was answered."""
        if self._used.pop(connection, None) is not None and not connection.closed:
            self._heard_s = time.monotonic()

    def silent_s(self) -> float:
        """Return how long ago something was answered, seconds."""
        return time.monotonic() - self._heard_s

    def watch(self, engine: AsyncEngine) -> None:
        """Watch all that a pool lends, and let it lend none that the server has closed."""

        def lent(connection: Any, *_: Any) -> None:
            driver = connection.driver_connection
            if is_closed(driver):
                raise DisconnectionError("closed by the server")
            self.begin(driver)

        def refuse(*_: Any) -> None:
            if self.gone:  # to connect would take as long as to be told so by the network
                raise psycopg.errors.ConnectionTimeout("the database does not answer")

        def returned(connection: Any, *_: Any) -> None:
            if connection is not None:
                self.end(connection.driver_connection)

        event.listen(engine.sync_engine, "checkout", lent)
        event.listen(engine.sync_engine, "checkin", returned)
        event.listen(engine.sync_engine, "do_connect", refuse)

    async def close(self) -> None:
        """Stop looking."""
        if self._looking is not None:
            self._looking.cancel()
            with suppress(asyncio.CancelledError):
                await self._looking

    async def _look(self) -> None:
        """Look after those that wait, until nobody does and the database answers."""
        while self._used or self.gone:
            await asyncio.sleep(AGAIN_S)
            now = time.monotonic()
            waited_s = now - max(self._heard_s, min(self._used.values(), default=now))
            if not self.gone and waited_s < self._patience_s:
                continue
            answers = await self._try(PROBE_S)
            if self.gone and answers:
                await self._healed()
                self.gone = False
                log.warning("database_answers_again")
            elif answers is None:
                self._lose()
            for connection in self._used:  # they have been heard of, as far as that can be known
                self._used[connection] = time.monotonic()

    async def try_now(self) -> None:
        """Try the database although nobody has waited long: the service is about to end, and is not to be held up."""
        if not self.gone and await self._try(LAST_PROBE_S) is None:
            self._lose()

    def _lose(self) -> None:
        """Tell everybody who waits, and who will come, that the database is gone."""
        if not self.gone:
            log.warning("database_does_not_answer", waiting=len(self._used))
        self.gone = True
        for connection in tuple(self._used):
            cut(connection)
        for one in tuple(self._waiting):
            one.cancel()

    async def _try(self, within_s: int) -> bool | None:
        """Return whether a new connection works; None when nobody answers at all."""
        try:
            connection = await psycopg.AsyncConnection.connect(
                self._url, autocommit=True, connect_timeout=within_s
            )
        except psycopg.errors.ConnectionTimeout:
            return None
        except (psycopg.Error, OSError):
            return False
        cutting = asyncio.get_running_loop().call_later(within_s, cut, connection)
        try:
            await connection.execute("SELECT 1")
        except psycopg.Error:
            return None
        finally:
            cutting.cancel()
            await connection.close()
        return True

    async def place(self, places: asyncio.Semaphore, wait_s: float) -> None:
        """Take one of so many places, waiting no longer than the database is there to wait for.

        Parameters
        ----------
        places, wait_s
            Which, and how long at most.

        Raises
        ------
        UnavailableError
            All were taken for too long, or the database is gone.
        """
        if not places.locked():
            await places.acquire()  # at once
            return
        waiting = asyncio.ensure_future(places.acquire())
        self._waiting.add(waiting)
        try:
            async with asyncio.timeout(wait_s):
                await waiting
        except TimeoutError as error:
            _give_back(waiting, places)
            raise UnavailableError("all connections to the database are in use") from error
        except asyncio.CancelledError:
            _give_back(waiting, places)
            if self.gone and not asyncio.current_task().cancelling():  # type: ignore[union-attr]
                raise UnavailableError("the database does not answer") from None
            raise
        finally:
            self._waiting.discard(waiting)

    @asynccontextmanager
    async def translated(self, lost: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
        """Turn what a database that is gone, full or overtaxed does to a unit of work into the domain's own errors.

        Parameters
        ----------
        lost
            Carried out where psycopg alone has seen that a connection was lost: the others are lost as well.
        """
        self.check()
        try:
            yield
        except PoolTimeoutError as error:
            raise UnavailableError("all connections to the database are in use") from error
        except DBAPIError as error:
            if isinstance(error.orig, psycopg.OperationalError) or error.connection_invalidated:
                raise _told(error.orig) from error
            raise
        except psycopg.OperationalError as error:
            if not (error.sqlstate or "").startswith(STILL_THERE):
                await lost()
            raise _told(error) from error


def _give_back(waiting: asyncio.Future[Any], places: asyncio.Semaphore) -> None:
    """Have nobody keep a place who was given it in the very moment in which they gave up."""
    if not waiting.cancel() and not waiting.cancelled():
        places.release()


def _told(error: BaseException | None) -> UnavailableError | StorageFullError:
    if isinstance(error, psycopg.Error) and error.sqlstate == DISK_FULL:
        return StorageFullError("the database has no room on its disk", code="database_full")
    return UnavailableError("the database does not answer")


def is_closed(connection: Any) -> bool:
    """Tell, without asking anybody, whether the server has ended an idle connection: its end, or its last word, waits.

    Parameters
    ----------
    connection
        psycopg's.
    """
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.pgconn.socket, select.POLLIN)
    return bool(poll.poll(0))


def cut(connection: Any) -> None:
    """End the line of one of psycopg's connections without a word: whoever waits for an answer is told that it is lost."""
    with suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(connection.pgconn.socket)) as line:
        line.shutdown(socket.SHUT_RDWR)
