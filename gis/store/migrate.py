"""Bringing a database up to the schema of this version."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, create_engine
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from gis.errors import SetupError
from gis.store.seed import store_categories
from gis.store.session import sqlalchemy_url
from gis.store.tables import metadata
from gis.store.tables.columns import TransactionId

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).with_name("migrations")
_LOCK = 0x77656977  # "weiw": services that start at the same time wait for one another
ischema_names.setdefault("xid8", TransactionId)  # so that a migrated database can be compared with the tables


def ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Tell our own tables from those of extensions and of the job queue."""
    return kind != "table" or (name or "") in metadata.tables


def configuration(connection: Connection) -> Config:
    """Return Alembic's configuration for a connection.

    Parameters
    ----------
    connection
        Inside a transaction that the caller commits.
    """
    from alembic.config import Config

    config = Config(stdout=sys.stderr)
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


@cache
def newest_migration() -> str:
    """Return the revision that this version of the service needs: the last link of the chain, which its files are named by."""
    return max(path.stem.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def _is_newest(connection: Connection) -> bool:
    """Tell whether there is nothing to do: then Alembic, half of whose work is to be loaded, isn't needed."""
    there = connection.exec_driver_sql("SELECT to_regclass('alembic_version') IS NOT NULL").scalar()
    if not there:
        return False
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all()
    return found == [newest_migration()]


def upgrade(url: str) -> None:
    """Create or update all tables and reference data; nothing to do is quick, and starts at the same time wait.

    Parameters
    ----------
    url
        ``postgresql://...`` of a role that may create tables; PostGIS must be there or creatable.

    Raises
    ------
    SetupError
        When the server doesn't let us, with what it said.
    """
    engine = create_engine(sqlalchemy_url(url), poolclass=NullPool, connect_args={"connect_timeout": 10})
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            connection.exec_driver_sql("SET LOCAL client_min_messages = warning")
            if not _is_newest(connection):
                from alembic import command

                command.upgrade(configuration(connection), "head")
            store_categories(connection)
    except DBAPIError as error:
        raise SetupError(f"the database can't be brought up to date: {error.orig}") from error
    finally:
        engine.dispose()
