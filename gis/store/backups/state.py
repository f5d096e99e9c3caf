"""What a backup needs to know of a database, and what becomes of it when it is restored."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

from gis.errors import SetupError
from gis.store.tables import metadata

PHOTO_TABLES = ("photo", "subject_photo")


def versions(url: str) -> tuple[str, str]:
    """Return the versions of server and tables; the second is empty where there are no tables.

    Parameters
    ----------
    url
        Of the database.
    """
    with _connected(url) as connection:
        server = _value(connection, "SELECT current_setting('server_version')")
        there = _value(connection, "SELECT to_regclass('alembic_version') IS NOT NULL")
        tables = _value(connection, "SELECT version_num FROM alembic_version") if there else ""
    return str(server), str(tables)


def first_piece(url: str) -> str:
    """Return the name of the piece of the log that is being written.

    Parameters
    ----------
    url
        Of the superuser.
    """
    with _connected(url) as connection:
        return str(_value(connection, "SELECT pg_walfile_name(pg_current_wal_lsn())"))


def is_empty(url: str) -> bool:
    """Tell whether a database has none of our tables."""
    with _connected(url) as connection:
        return bool(_value(connection, "SELECT to_regclass('community') IS NULL"))


def row_counts(url: str) -> dict[str, int]:
    """Return how many rows each table has that has any."""
    with _connected(url) as connection:
        counted = {
            table.name: _value(
                connection, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table.name))
            )
            for table in metadata.sorted_tables
        }
    return {name: rows for name, rows in counted.items() if rows}


def photos_named(url: str) -> set[tuple[str, str]]:
    """Return community and SHA-256 of every photo that a row names and that is kept as it came."""
    found: set[tuple[str, str]] = set()
    with _connected(url) as connection:
        for name in PHOTO_TABLES:
            kept = sql.SQL("WHERE original_gone_at IS NULL" if name == "photo" else "")
            query = sql.SQL("SELECT DISTINCT community_id, sha256 FROM {} {}").format(
                sql.Identifier(name), kept
            )
            found |= set(connection.execute(query).fetchall())
    return found


def settle(url: str) -> None:
    """Put right what isn't true any more of a database that was brought back.

    Sessions are ended, for some were ended since, and messages to chat groups that were waiting may have been sent since:
    nobody is told twice.

    Parameters
    ----------
    url
        Of the database, its tables in the version of this service.
    """
    with _connected(url) as connection:
        connection.execute("DELETE FROM session")
        connection.execute(
            "UPDATE delivery SET state = 'unknown', ended_at = now(), error = 'restored from a backup'"
            " WHERE state IN ('waiting', 'sending')"
        )


def _connected(url: str) -> psycopg.Connection[Any]:
    try:
        return psycopg.connect(url, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise SetupError(f"the database does not answer: {error}", code="unavailable") from error


def _value(connection: psycopg.Connection[Any], query: Any) -> Any:
    row = connection.execute(query).fetchone()
    return row[0] if row else None
