"""The connections of the worker that carries out jobs: few, made soon or not at all, and given up together."""

from __future__ import annotations

from typing import Any, Self
from weakref import WeakSet

import psycopg
from psycopg_pool import AsyncConnectionPool

from gis.store.answering import cut

CONNECT_S = 2


class Lines:
    """All connections of one worker, also the one on which it listens, which procrastinate makes beside its pool.

    A connection whose server doesn't answer can't be closed in good order: psycopg asks the server to end what it is about, and
    waits. So the lines are cut here, and the worker sees them as lost.
    """

    def __init__(self) -> None:
        self._open: WeakSet[Any] = WeakSet()
        self._given_up = False
        lines = self

        class Line(psycopg.AsyncConnection[Any]):
            """One of them, kept count of."""

            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, **kwargs)
                lines._open.add(self)

            @classmethod
            async def connect(cls, *args: Any, **kwargs: Any) -> Self:
                lines.check()
                return await super().connect(*args, **kwargs)

        self._line: type[psycopg.AsyncConnection[Any]] = Line

    def pool(self, *args: Any, **kwargs: Any) -> AsyncConnectionPool:
        """Return a pool of such connections, as ``pool_factory`` of procrastinate's connector."""
        pool = _Pool(*args, connection_class=self._line, kwargs={"connect_timeout": CONNECT_S}, **kwargs)
        pool.lines = self
        return pool

    def check(self) -> None:
        """Refuse another connection once they were given up.

        Raises
        ------
        psycopg.OperationalError
            At once, as a lost connection would.
        """
        if self._given_up:
            raise psycopg.OperationalError("the database does not answer")

    def give_up(self) -> None:
        """End all of them, and let there be no more."""
        self._given_up = True
        for connection in tuple(self._open):
            cut(connection)


class _Pool(AsyncConnectionPool):
    """A pool that gives up soon: procrastinate's own would hold the end of the service up for half a minute."""

    lines: Lines

    async def getconn(self, timeout: float | None = None) -> Any:  # noqa: ASYNC109
        """Lend a connection."""
        self.lines.check()
        return await super().getconn(timeout)

    async def open(self, wait: bool = False, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Open it, waiting for a connection no longer than for any other."""
        await super().open(wait, self.timeout if timeout is None else timeout)
