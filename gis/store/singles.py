"""Connections on which every statement is a transaction by itself, for the few statements that every report passes.

No BEGIN and COMMIT to wait for, no greenlet between the statement and psycopg, and few enough of them that their
prepared plans stay warm. One that can't be made is an error at once: nobody waits for a database that is down.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, LiteralString
from uuid import UUID

import orjson
import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import namedtuple_row
from psycopg.types.json import set_json_dumps, set_json_loads

from gis.store.answering import Answering, is_closed

Driver = psycopg.AsyncConnection[Any]
CONNECT: dict[str, Any] = {
    "connect_timeout": 5,
    "options": "-c timezone=UTC",
    "application_name": "weiwang",
    "prepare_threshold": 2,
}
"""How every connection is made; a statement is prepared when a connection meets it for the third time."""

# Explanations are long enough to be compressed: by lz4, where the server has it, at a fraction of pglz's time.
_QUICK_COMPRESSION = """
SELECT set_config(name, 'lz4', false) FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY(enumvals)
"""


class Singles:
    """A few such connections, made when they are needed and kept.

    Parameters
    ----------
    url
        ``postgresql://...``.
    answering
        Watches those that are lent.
    size
        So many at most: more than the machine can serve at once only make each of them slower.
    wait_s
        How long a caller waits for one.
    """

    def __init__(self, url: str, answering: Answering, *, size: int, wait_s: float) -> None:
        self._url = url
        self._answering = answering
        self._wait_s = wait_s
        self._free: list[Driver] = []
        self._lent = 0
        self.size = size
        self._places = asyncio.Semaphore(size)

    @asynccontextmanager
    async def lend(self) -> AsyncIterator[Driver]:
        """Lend a connection; one that a statement left unusable is not kept.

        Raises
        ------
        UnavailableError
            All were in use for too long.
        """
        await self._answering.place(self._places, self._wait_s)
        self._lent += 1
        try:
            connection = await self._kept() or await self._connect()
            self._answering.begin(connection)
            try:
                yield connection
            finally:
                self._answering.end(connection)
                if connection.pgconn.transaction_status == TransactionStatus.IDLE:
                    self._free.append(connection)
                else:
                    await connection.close()
        finally:
            self._lent -= 1
            self._places.release()

    async def _kept(self) -> Driver | None:
        """Return one that is free; those that the server has closed meanwhile are dropped."""
        while self._free:
            connection = self._free.pop()
            if not is_closed(connection):
                return connection
            await connection.close()
        return None

    async def _connect(self) -> Driver:
        self._answering.check()
        # planned once: each of these statements takes as long to plan as to carry out
        given = CONNECT | {"options": f"{CONNECT['options']} -c plan_cache_mode=force_generic_plan"}
        connection: Driver = await psycopg.AsyncConnection.connect(self._url, autocommit=True, **given)
        try:
            set_json_dumps(orjson.dumps, connection)
            set_json_loads(orjson.loads, connection)
            await connection.execute(_QUICK_COMPRESSION)
        except BaseException:
            await connection.close()
            raise
        return connection

    @property
    def used(self) -> int:
        """How many are lent now."""
        return self._lent

    async def close(self) -> None:
        """Close those that nobody uses: at the end, or when the database was lost."""
        free, self._free = self._free, []
        for connection in free:
            await connection.close()


async def carry_out(connection: Driver, query: LiteralString, parameters: Mapping[str, Any]) -> list[Any]:
    """Return all rows of a statement whose parameters are named ``%(name)s``; columns are attributes.

    Parameters
    ----------
    connection, query, parameters
        Where, what, and with which values; values that it doesn't name are left aside.
    """
    statement, names = _numbered(query)
    async with psycopg.AsyncRawCursor(connection, row_factory=namedtuple_row) as cursor:
        await cursor.execute(statement, [parameters[name] for name in names])
        return (
            await cursor.fetchall()
            if cursor.rowcount >= 0 and cursor.pgresult is not None and cursor.pgresult.nfields > 0
            else []
        )


def array_text(values: Iterable[UUID | float | str]) -> str:
    """Return an array's text, made at a tenth of the cost of psycopg's lists.

    Parameters
    ----------
    values
        Identifiers, figures or codes: nothing that would have to be quoted.
    """
    return "{" + ",".join(map(str, values)) + "}"


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
