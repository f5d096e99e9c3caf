"""Reading from a copy of the database that follows it: for pages that look at a year, and may be some seconds old.

How old the copy is, is measured and not believed: where the log of changes stands in the database is noted with the time, and the copy
is as old as the last of these places that it has passed. A copy that follows no longer so gets older and older, also where nothing
happens. One that is older than it may be, or doesn't answer, isn't read; the database is, as if there were no copy.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import structlog
from sqlalchemy import text

from gis.errors import UnavailableError
from gis.settings import Settings
from gis.store.session import Database, ReadSession

LOOK_S = 1.0
PATIENCE_S = 2.0
MOST_PLACES = 600

log = structlog.get_logger(__name__)


class Replica:
    """A copy beside the database.

    Parameters
    ----------
    url
        Of the copy.
    primary
        The database that it follows.
    lag_s
        How old it may be.
    pool_size
        Connections kept to it.
    """

    def __init__(self, url: str, primary: Database, *, lag_s: float, pool_size: int = 6) -> None:
        self._primary = primary
        self._copy = Database(url, pool_size=pool_size, pool_wait_s=PATIENCE_S)
        self._lag_s = lag_s
        self._places: deque[tuple[float, int]] = deque(maxlen=MOST_PLACES)
        self._passed_at: float | None = None
        self._looked_at = -LOOK_S
        self._looking = asyncio.Lock()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[ReadSession]:
        """Open a read-only transaction on the copy where it is young enough, else on the database; ``age_s`` says which."""
        async with AsyncExitStack() as stack:
            yield await self._open(stack)

    async def _open(self, stack: AsyncExitStack) -> ReadSession:
        age_s = await self.age_s()
        if age_s is not None and age_s <= self._lag_s:
            try:
                session = await stack.enter_async_context(self._copy.read())
            except UnavailableError:
                self._passed_at = None
                log.warning("replica_does_not_answer")
            else:
                session.age_s = age_s
                return session
        return await stack.enter_async_context(self._primary.read())

    async def age_s(self) -> float | None:
        """Return how old the copy is, seconds; None: that isn't known."""
        if time.monotonic() - self._looked_at >= LOOK_S:
            async with self._looking:
                if time.monotonic() - self._looked_at >= LOOK_S:
                    await self._look()
        return None if self._passed_at is None else time.monotonic() - self._passed_at

    async def _look(self) -> None:
        async with self._primary.read() as session:
            here = int(await session.value(text("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn")))
        self._places.append((time.monotonic(), here))
        try:
            async with asyncio.timeout(PATIENCE_S), self._copy.read() as session:
                there = int(
                    await session.value(text("SELECT coalesce(pg_last_wal_replay_lsn() - '0/0'::pg_lsn, -1)"))
                )
        except (UnavailableError, TimeoutError):
            self._passed_at = None
        else:
            while self._places and self._places[0][1] <= there:
                self._passed_at, _ = self._places.popleft()
        self._looked_at = time.monotonic()

    async def close(self) -> None:
        """Give all connections back."""
        await self._copy.close()


def replica_of(settings: Settings, primary: Database) -> Replica | None:
    """Return the copy that the settings name, if any.

    Parameters
    ----------
    settings
        Of the service.
    primary
        The database.
    """
    named = settings.replica
    return Replica(named.url, primary, lag_s=named.lag_s) if named.url else None
