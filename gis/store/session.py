"""Sessions on the database: one request is one transaction, committed before the answer.

Reading and writing sessions are different types, so that a read model can't write by accident. Statements are
SQLAlchemy Core expressions over ``gis.store.tables``; nothing loads lazily, so no list can hide a query per row.

A brief session is for the way that every report goes: one statement that looks everything up and one that writes
everything, each a transaction by itself, without a BEGIN and a COMMIT to wait for. See docs/decisions/0015 and 0028.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any, LiteralString, cast

import orjson
from sqlalchemy import Executable
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import QueuePool

from gis.store.answering import PATIENCE_S, Answering
from gis.store.singles import CONNECT, Driver, Singles, carry_out

RELAXED = "-c synchronous_commit=off"
LAST_S, LOOK_S = 2.0, 0.01
"""How long the end waits for what is under way."""
Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None


class ReadSession:
    """A read-only transaction."""

    age_s: float = 0.0
    """How old what it reads may be: it is on a copy of the database, which is so far behind."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def connection(self) -> AsyncConnection:
        """Return SQLAlchemy's connection, in this transaction."""
        return self._connection

    async def rows(self, statement: Executable, parameters: Parameters = None) -> Sequence[Row[Any]]:
        """Return all rows of a statement."""
        return (await (await self.connection()).execute(statement, parameters)).all()

    async def row(self, statement: Executable, parameters: Parameters = None) -> Row[Any] | None:
        """Return the only row, or None; more than one is an error."""
        return (await (await self.connection()).execute(statement, parameters)).one_or_none()

    async def direct(self, query: LiteralString, parameters: Mapping[str, Any]) -> list[Any]:
        """Return all rows of a hand-written statement, carried out on psycopg's own connection.

        For the few statements that every request or report passes: it costs a third of SQLAlchemy's way.
        Rows have their columns as attributes; parameters are named ``%(name)s``.
        """
        raw = await (await self.connection()).get_raw_connection()
        return await carry_out(cast("Driver", raw.driver_connection), query, parameters)

    async def value(self, statement: Executable, parameters: Parameters = None) -> Any:
        """Return the first column of the only row, or None."""
        return (await (await self.connection()).execute(statement, parameters)).scalar_one_or_none()


class WriteSession(ReadSession):
    """A transaction that may change things; committed when its block ends without an error."""

    async def run(self, statement: Executable, parameters: Parameters = None) -> int:
        """Carry out a statement and return how many rows it touched."""
        return int((await (await self.connection()).execute(statement, parameters)).rowcount)

    async def keep(self) -> None:
        """Commit what was done so far, even if the block then ends with an error: for counting failures."""
        await (await self.driver()).commit()

    async def driver(self) -> Driver:
        """Return psycopg's own connection, in this very transaction: for COPY and for enqueuing jobs."""
        raw = await (await self.connection()).get_raw_connection()
        return cast("Driver", raw.driver_connection)

    async def glance(self, query: LiteralString, parameters: Mapping[str, Any]) -> list[Any]:
        """Return all rows of a statement that only reads, takes no lock, and is checked again by what is written."""
        return await self.direct(query, parameters)

    async def finish(self, query: LiteralString, parameters: Mapping[str, Any]) -> list[Any]:
        """Carry out the statement that a unit of work ends with: once it has returned rows, nothing may follow."""
        return await self.direct(query, parameters)


class BriefSession(WriteSession):
    """A unit of work that is a glance and a finish, each of them carried out and committed by itself.

    Whatever else is asked of it begins an ordinary transaction, and what follows is inside that one.
    """

    def __init__(self, database: Database, singles: Singles, stack: AsyncExitStack) -> None:
        self._database = database
        self._singles = singles
        self._stack = stack
        self._begun: WriteSession | None = None
        self._finished = False

    async def connection(self) -> AsyncConnection:
        """Return SQLAlchemy's connection, in a transaction that begins here if it has not."""
        if self._finished:
            raise RuntimeError("a statement after the one that the unit of work ended with")
        if self._begun is None:
            self._begun = await self._stack.enter_async_context(self._database.write())
        return await self._begun.connection()

    async def glance(self, query: LiteralString, parameters: Mapping[str, Any]) -> list[Any]:
        """Return all rows of a statement that only reads."""
        if self._begun is not None:
            return await self.direct(query, parameters)
        async with self._singles.lend() as connection:
            return await carry_out(connection, query, parameters)

    async def finish(self, query: LiteralString, parameters: Mapping[str, Any]) -> list[Any]:
        """Carry out the last statement: without a transaction under way it is one, durable when this returns."""
        if self._begun is not None:
            return await self.direct(query, parameters)
        async with self._singles.lend() as connection:
            found = await carry_out(connection, query, parameters)
        self._finished = bool(found)
        return found


class Database:
    """The pool of connections to one PostgreSQL database.

    Parameters
    ----------
    url
        ``postgresql://...``; the driver is always psycopg 3.
    pool_size, single_size
        Connections kept for transactions, and for statements that are one by themselves; a caller waits at most
        ``pool_wait_s`` for one.
    options
        What connections for transactions set besides.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 12,
        single_size: int = 6,
        pool_wait_s: float = 10.0,
        patience_s: float = PATIENCE_S,
        options: str = "",
    ) -> None:
        self._url = url
        self.engine: AsyncEngine = create_async_engine(
            sqlalchemy_url(url),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=pool_wait_s,
            pool_pre_ping=False,
            json_serializer=orjson.dumps,  # for psycopg's own statements too
            json_deserializer=orjson.loads,
            connect_args=CONNECT | {"options": f"{CONNECT['options']} {options}".strip()},
            hide_parameters=True,  # what people wrote stays out of tracebacks, and so out of the log
        )
        # the same pool: BEGIN says by itself that nothing is going to be written
        self._reading = self.engine.execution_options(postgresql_readonly=True)
        self._places = asyncio.Semaphore(pool_size)
        self._wait_s = pool_wait_s
        plain = _plain_url(url)
        self._answering = Answering(plain, healed=self._drop, patience_s=patience_s)
        self._answering.watch(self.engine)
        self._singles = Singles(plain, self._answering, size=single_size, wait_s=pool_wait_s)

    def answered_within(self, seconds: float) -> bool:
        """Tell whether it has answered anybody in the last so many seconds."""
        return not self.gone and self._answering.silent_s() < seconds

    @property
    def gone(self) -> bool:
        """Whether the database is known not to answer."""
        return self._answering.gone

    async def try_now(self) -> None:
        """Try the database although nobody has waited long: the service is about to end, and is not to be held up."""
        await self._answering.try_now()

    @asynccontextmanager
    async def relaxed(self) -> AsyncIterator[Database]:
        """Lend another pool on the same database whose commits don't wait for the disk.

        For histories made by a seed, which can be made again; the next commit of this pool covers what came before it.
        """
        other = Database(self._url, pool_size=4, single_size=1, options=RELAXED)
        try:
            yield other
        finally:
            await other.close()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[WriteSession]:
        """Open a transaction that commits at the end of the block and rolls back on any error."""
        async with self._connected(), self.engine.begin() as connection:
            yield WriteSession(connection)

    @asynccontextmanager
    async def brief(self) -> AsyncIterator[BriefSession]:
        """Open a unit of work that is expected to be one glance and one finish."""
        async with self._answering.translated(self._drop), AsyncExitStack() as stack:
            yield BriefSession(self, self._singles, stack)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[ReadSession]:
        """Open a read-only transaction."""
        async with self._connected(), self._reading.connect() as connection:
            yield ReadSession(connection)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[None]:
        """Have a connection of the pool to take, and what goes wrong with it told in the domain's own errors."""
        async with self._answering.translated(self._drop):
            await self._answering.place(self._places, self._wait_s)
            try:
                yield
            finally:
                self._places.release()

    def pools(self) -> dict[str, tuple[int, int]]:
        """Return for each pool how many connections it may have and how many of them are in use."""
        pool = cast("QueuePool", self.engine.sync_engine.pool)
        return {
            "transactions": (pool.size(), pool.checkedout()),
            "singles": (self._singles.size, self._singles.used),
        }

    async def _drop(self) -> None:
        """Close the connections that nobody uses: they are from before the database was lost."""
        await self._singles.close()
        await self.engine.dispose()

    async def close(self) -> None:
        """Give all connections back; those that something still uses are waited for, a moment."""
        with suppress(TimeoutError):
            async with asyncio.timeout(0 if self.gone else LAST_S):
                while any(used for _, used in self.pools().values()):  # noqa: ASYNC110 - no pool tells
                    await asyncio.sleep(LOOK_S)
        await self._answering.close()
        await self._drop()


def sqlalchemy_url(url: str) -> str:
    """Return a PostgreSQL URL with psycopg 3 named as its driver."""
    _, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}"


def _plain_url(url: str) -> str:
    _, _, rest = url.partition("://")
    return f"postgresql://{rest}"
