"""Sessions on the database: one request is one transaction, committed before the answer.

Reading and writing sessions are different types, so that a read model can't write by accident. Statements are
SQLAlchemy Core expressions over ``gis.store.tables``; nothing loads lazily, so no list can hide a query per row.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, LiteralString, cast

import orjson
import psycopg
from psycopg.rows import namedtuple_row
from sqlalchemy import Executable, text
from sqlalchemy.engine import Row
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from gis.errors import UnavailableError

Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None


class ReadSession:
    """A read-only transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection

    async def rows(self, statement: Executable, parameters: Parameters = None) -> Sequence[Row[Any]]:
        """Return all rows of a statement."""
        return (await self.connection.execute(statement, parameters)).all()

    async def row(self, statement: Executable, parameters: Parameters = None) -> Row[Any] | None:
        """Return the only row, or None; more than one is an error."""
        return (await self.connection.execute(statement, parameters)).one_or_none()

    async def direct(self, query: LiteralString, parameters: Mapping[str, Any]) -> list[Any]:
        """Return all rows of a hand-written statement, carried out on psycopg's own connection.

        For the few statements that every request or report passes: it costs a third of SQLAlchemy's way.
        Rows have their columns as attributes; parameters are named ``%(name)s``.
        """
        raw = await self.connection.get_raw_connection()
        connection = cast("psycopg.AsyncConnection[Any]", raw.driver_connection)
        statement, names = _numbered(query)
        async with psycopg.AsyncRawCursor(connection, row_factory=namedtuple_row) as cursor:
            await cursor.execute(statement, [parameters[name] for name in names])
            return await cursor.fetchall() if cursor.description is not None else []

    async def value(self, statement: Executable, parameters: Parameters = None) -> Any:
        """Return the first column of the only row, or None."""
        return (await self.connection.execute(statement, parameters)).scalar_one_or_none()


@cache
def _numbered(query: LiteralString) -> tuple[bytes, list[str]]:
    """Return a statement with PostgreSQL's own ``$1`` for ``%(name)s``, and the names in that order.

    psycopg would do the same, but keeps only what it made of statements up to 4,096 characters.
    """
    names: dict[str, int] = {}
    numbered = re.sub(
        r"%\((\w+)\)s|%%",
        lambda found: f"${names.setdefault(found[1], len(names) + 1)}" if found[1] else "%",
        " ".join(query.split()),
    )
    return numbered.encode(), list(names)


class WriteSession(ReadSession):
    """A transaction that may change things; committed when its block ends without an error."""

    async def run(self, statement: Executable, parameters: Parameters = None) -> int:
        """Carry out a statement and return how many rows it touched."""
        return int((await self.connection.execute(statement, parameters)).rowcount)

    async def keep(self) -> None:
        """Commit what was done so far, even if the block then ends with an error: for counting failures."""
        await (await self.driver()).commit()

    async def driver(self) -> psycopg.AsyncConnection[Any]:
        """Return psycopg's own connection, in this very transaction: for COPY and for enqueuing jobs."""
        raw = await self.connection.get_raw_connection()
        return cast("psycopg.AsyncConnection[Any]", raw.driver_connection)


class Database:
    """The pool of connections to one PostgreSQL database.

    Parameters
    ----------
    url
        ``postgresql://...``; the driver is always psycopg 3.
    pool_size
        Connections kept; a caller waits at most ``pool_wait_s`` for one.
    """

    def __init__(self, url: str, *, pool_size: int = 12, pool_wait_s: float = 10.0) -> None:
        self.engine: AsyncEngine = create_async_engine(
            sqlalchemy_url(url),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=pool_wait_s,
            pool_pre_ping=False,
            json_serializer=orjson.dumps,  # for psycopg's own statements too
            json_deserializer=orjson.loads,
            connect_args={"connect_timeout": 5, "options": "-c timezone=UTC", "prepare_threshold": 2},
        )

    @asynccontextmanager
    async def write(self, *, durable: bool = True) -> AsyncIterator[WriteSession]:
        """Open a transaction that commits at the end of the block and rolls back on any error.

        Parameters
        ----------
        durable
            False: the commit doesn't wait for the disk. For histories made by a seed, which can be made again; the
            next durable commit covers what came before it.
        """
        async with self._translated(), self.engine.begin() as connection:
            if not durable:
                await connection.execute(text("SET LOCAL synchronous_commit TO off"))
            yield WriteSession(connection)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[ReadSession]:
        """Open a read-only transaction."""
        async with self._translated(), self.engine.connect() as connection:
            await connection.execute(text("SET TRANSACTION READ ONLY"))
            yield ReadSession(connection)

    @asynccontextmanager
    async def _translated(self) -> AsyncIterator[None]:
        """Turn 'the database does not answer' into the domain's own error."""
        try:
            yield
        except (OperationalError, PoolTimeoutError) as error:
            raise UnavailableError("the database does not answer") from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise UnavailableError("the connection to the database was lost") from error
            raise
        except psycopg.OperationalError as error:
            await self.engine.dispose()  # SQLAlchemy did not see it: the other connections are lost as well
            raise UnavailableError("the database does not answer") from error

    async def close(self) -> None:
        """Give all connections back."""
        await self.engine.dispose()


def sqlalchemy_url(url: str) -> str:
    """Return a PostgreSQL URL with psycopg 3 named as its driver."""
    _, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}"
