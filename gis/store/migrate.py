"""Bringing a database up to the schema of this version: an empty one in one transaction, one in use step by step.

In use means that services go on meanwhile, of the version before among them. Each migration is then a transaction of its own that
waits for a lock for less than people notice, and tries again; what waits for a lock makes everybody wait who comes after it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from psycopg import errors
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from gis.errors import SetupError
from gis.store.migrations.marks import FLOOR, ONLINE
from gis.store.seed import store_categories
from gis.store.session import sqlalchemy_url
from gis.store.tables import metadata
from gis.store.tables.columns import TransactionId

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).with_name("migrations")
LOCK_WAIT_MS = 300
TRIES = 100
PAUSE_S = 1.0
_LOCK = 0x77656977  # "weiw": services that start at the same time wait for one another
ischema_names.setdefault("xid8", TransactionId)  # so that a migrated database can be compared with the tables
Say = Callable[[str], None]

log = structlog.get_logger(__name__)


def ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Tell our own tables from those of extensions and of the job queue."""
    return kind != "table" or (name or "") in metadata.tables


def configuration(connection: Connection, *, online: bool = False) -> Config:
    """Return Alembic's configuration for a connection.

    Parameters
    ----------
    connection
        Inside a transaction that the caller commits; or, ``online``, outside of any.
    online
        Whether others use the tables: each migration is committed by itself then.
    """
    from alembic.config import Config

    config = Config(stdout=sys.stderr)
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    config.attributes[ONLINE] = online
    return config


@cache
def newest_migration() -> str:
    """Return the revision that this version of the service needs: the last link of the chain, which its files are named by."""
    return max(path.stem.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def upgrade(url: str, *, say: Say | None = None) -> None:
    """Create or update all tables and reference data; nothing to do is quick, and starts at the same time wait.

    Tables of a newer version are left as they are, where that version says that they serve this one too.

    Parameters
    ----------
    url
        ``postgresql://...`` of a role that may create tables; PostGIS must be there or creatable.
    say
        Told of each migration that was carried out while others use the tables.

    Raises
    ------
    SetupError
        When the server doesn't let us, with what it said; ``tables_too_new``.
    """
    engine = create_engine(sqlalchemy_url(url), poolclass=NullPool, connect_args={"connect_timeout": 10})
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as holding:
            holding.exec_driver_sql(f"SELECT pg_advisory_lock({_LOCK})")  # until this connection is closed
            there = _revision(holding)
            if not there:
                _make(engine)
                return
            if there > newest_migration():
                _check_floor(holding, there)
                return
            if there < newest_migration():
                _step_by_step(url, say or (lambda _revision: None))
            with engine.begin() as connection:
                store_categories(connection)
    except DBAPIError as error:
        raise SetupError(f"the database can't be brought up to date: {error.orig}") from error
    finally:
        engine.dispose()


def _revision(connection: Connection) -> str:
    """Return where the tables are; empty where there are none. Alembic, half of whose work is to be loaded, isn't asked."""
    if not connection.exec_driver_sql("SELECT to_regclass('alembic_version') IS NOT NULL").scalar():
        return ""
    return str(connection.exec_driver_sql("SELECT max(version_num) FROM alembic_version").scalar() or "")


def _check_floor(connection: Connection, there: str) -> None:
    said = connection.exec_driver_sql("SELECT obj_description('alembic_version'::regclass)").scalar() or ""
    needed = str(said).removeprefix(FLOOR) if str(said).startswith(FLOOR) else ""
    if needed > newest_migration():
        raise SetupError(
            f"the tables are those of a newer version ({there}), which this one ({newest_migration()}) can't use: "
            "install that version, or restore the backup that was made before it",
            code="tables_too_new",
            there=there,
        )
    log.warning("tables_newer", there=there, wanted=newest_migration())


def _make(engine: Engine) -> None:
    from alembic import command

    with engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL client_min_messages = warning")
        command.upgrade(configuration(connection), "head")
        store_categories(connection)


def _step_by_step(url: str, say: Say) -> None:
    from alembic import command

    options = f"-c lock_timeout={LOCK_WAIT_MS} -c client_min_messages=warning -c timezone=UTC"
    engine = create_engine(
        sqlalchemy_url(url), poolclass=NullPool, connect_args={"connect_timeout": 10, "options": options}
    )
    there = ""
    try:
        while there != newest_migration():
            for left in reversed(range(TRIES)):
                try:
                    with engine.connect() as connection:
                        command.upgrade(configuration(connection, online=True), "+1")
                    with engine.connect() as connection:
                        there = _revision(connection)
                    break
                except DBAPIError as error:
                    if not left or not isinstance(
                        error.orig, errors.LockNotAvailable | errors.DeadlockDetected
                    ):
                        raise
                    time.sleep(PAUSE_S)
            say(there)
    finally:
        engine.dispose()
